// @ts-check
/**
 * The look of `<edge-python>`, for a constructable style sheet (a strict content policy allows no other).
 *
 * Takes: the page's `color-scheme` (light, dark or both) and its `--edge-…` properties.
 * Gives: one sheet for all elements. Every part has a name, so that a page can go further with `::part()`.
 * Refuses: nothing. Text has a contrast of at least 4.5 to 1 on its own ground in both schemes.
 */

export const css = `
:host {
  --_font: var(--edge-font, system-ui, sans-serif);
  --_mono: var(--edge-font-mono, ui-monospace,
    'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace);
  --_size: var(--edge-font-size, 0.875rem);
  --_ground: var(--edge-background, light-dark(#fff, #16181d));
  --_raised: var(--edge-raised, light-dark(#f5f6f8, #1e2127));
  --_text: var(--edge-text, light-dark(#1c1f26, #e4e7ee));
  --_muted: var(--edge-muted, light-dark(#5a6170, #9aa3b5));
  --_line: var(--edge-border, light-dark(#d9dde5, #323742));
  --_accent: var(--edge-accent, light-dark(#1d5fd1, #82b1ff));
  --_on-accent: var(--edge-on-accent, light-dark(#fff, #0d1626));
  --_error: var(--edge-error, light-dark(#b3261e, #ff9a91));
  --_error-ground: var(--edge-error-background, light-dark(#fdf1f0, #2b1a1b));
  --_warning: var(--edge-warning, light-dark(#8a5300, #f0bd6a));
  --_answer: var(--edge-answer, light-dark(#0b6e4f, #74d3ae));
  --_radius: var(--edge-radius, 0.5rem);
  --_output-height: var(--edge-output-max-height, 24rem);
  --_editor-height: var(--edge-editor-max-height, 32rem);
  display: block;
  min-width: min(100%, 16rem); /* a container has no width of its own to give to a flex row */
  container-type: inline-size;
  color: var(--_text);
  font: var(--_size)/1.5 var(--_font);
}
:host([hidden]), [hidden] { display: none !important; }
*, *::before, *::after { box-sizing: border-box; }

.frame {
  overflow: clip;
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
  background: var(--_ground);
}
/* Nothing to show yet, or the page shows it: no empty box. */
.frame:not(:has(> :not([hidden]))) { display: none; }
.frame > :not([hidden]) ~ :not([hidden]) { border-top: 1px solid var(--_line); }

.toolbar { position: relative; display: flex; flex-wrap: wrap; gap: 0.375rem; padding: 0.5rem; background: var(--_raised); }
.toolbar .copy { margin-inline-start: auto; }
button {
  display: inline-flex;
  align-items: center;
  gap: 0.4em;
  min-height: 2.25rem;
  padding: 0 0.75rem;
  border: 1px solid var(--_line);
  border-radius: calc(var(--_radius) * 0.75);
  background: var(--_ground);
  color: var(--_text);
  font: 500 0.875rem/1 var(--_font);
  cursor: pointer;
  touch-action: manipulation;
}
button svg { width: 0.875rem; height: 0.875rem; fill: currentcolor; }
button:hover { border-color: var(--_muted); }
button.run, .question button { border-color: transparent; background: var(--_accent); color: var(--_on-accent); }
button.run:hover, .question button:hover { filter: brightness(1.08); }
button[aria-disabled='true'] {
  border-color: var(--_line);
  background: transparent;
  color: var(--_muted);
  cursor: default;
  filter: none;
}
button[aria-disabled='true'] svg { opacity: 0.6; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.output:focus-visible, .picture:focus-visible, .code:focus-visible { outline-offset: -2px; }

.status {
  display: flex;
  align-items: center;
  gap: 0.5rem;
  min-height: 2rem;
  padding: 0.25rem 0.75rem;
  color: var(--_muted);
  font-size: 0.8125rem;
}
.dot { flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--_muted); }
.status[data-state='loading'] .dot, .status[data-state='running'] .dot {
  background: var(--_accent);
  animation: breathe 1.2s ease-in-out infinite alternate;
}
.status[data-state='waiting'] .dot, .status[data-state='paused'] .dot { background: var(--_warning); }
.status[data-state='done'] .dot { background: var(--_answer); }
.status[data-state='failed'] .dot { background: var(--_error); }
.status button { min-height: 1.75rem; margin-inline-start: auto; padding: 0 0.625rem; font-size: 0.8125rem; }
.bare > .status { padding-block: 0.375rem; background: var(--_raised); }
.amount, .elapsed { font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar {
  flex: 1 1 4rem;
  min-width: 3rem;
  max-width: 12rem;
  height: 0.25rem;
  margin-inline-start: auto;
  border: 0;
  border-radius: 1rem;
  overflow: hidden;
  appearance: none;
  background: var(--_line);
}
.bar::-webkit-progress-bar { background: var(--_line); }
.bar::-webkit-progress-value { background: var(--_accent); transition: inline-size 0.2s; }
.bar::-moz-progress-bar { background: var(--_accent); }
.bar:indeterminate {
  background: linear-gradient(90deg, var(--_line) 30%, var(--_accent) 50%, var(--_line) 70%) 0 0 / 200% 100%;
  animation: slide 1.4s linear infinite;
}
.bar:indeterminate::-webkit-progress-bar { background: transparent; }
.bar:indeterminate::-moz-progress-bar { background: transparent; }
@keyframes slide { from { background-position: 150% 0; } to { background-position: -50% 0; } }
@keyframes breathe { to { opacity: 0.35; } }

.editor {
  display: grid;
  grid-template-columns: auto 1fr;
  max-height: var(--_editor-height);
  overflow-y: auto;
  background: var(--_ground);
}
.numbers, .code, .output, .picture, .question { font: var(--_size)/1.55 var(--_mono); tab-size: 4; font-variant-ligatures: none; }
.numbers { margin: 0; padding: 0.75rem 0 0.75rem 0.75rem; color: var(--_muted); text-align: end; user-select: none; }
.code {
  display: block;
  width: 100%;
  margin: 0;
  padding: 0.75rem;
  border: 0;
  background: transparent;
  color: var(--_text);
  white-space: pre;
  resize: none;
  overflow: auto hidden;
}

.output {
  min-height: 3rem;
  max-height: var(--_output-height);
  padding: 0.75rem;
  overflow: auto;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.stderr { color: var(--_warning); }
.stdin { color: var(--_answer); font-weight: 600; }
.notice { color: var(--_muted); font-family: var(--_font); font-style: italic; }

/* The picture's carets point at characters above them: its code never wraps, and no font may change its columns. */
.picture {
  margin: 0.5rem 0 0;
  padding: 0.75rem;
  border-inline-start: 3px solid var(--_error);
  border-radius: 0 calc(var(--_radius) * 0.5) calc(var(--_radius) * 0.5) 0;
  overflow-x: auto;
  background: var(--_error-ground);
  color: var(--_text);
  white-space: pre;
  overflow-wrap: normal;
  direction: ltr;
  unicode-bidi: plaintext;
  font-kerning: none;
  letter-spacing: normal;
}
.picture:first-child { margin-top: 0; }
/* What has no caret below it may wrap: nobody should have to scroll to read what is wrong. */
.head, .note { display: inline-block; max-width: 100%; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
.head { padding-inline-start: 2ch; font-weight: 700; text-indent: -2ch; }
.note { padding-inline-start: 6ch; text-indent: -6ch; }
.head.error, .caret { color: var(--_error); }
.head.warning { color: var(--_warning); }
.caret { font-weight: 700; }
.margin { color: var(--_muted); }
.wide { display: inline-block; width: 2ch; overflow: clip; text-align: center; vertical-align: bottom; }

.question {
  position: relative; /* for the hidden label */
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem;
  padding: 0.5rem 0.75rem;
  background: var(--_raised);
}
.question label { white-space: pre-wrap; overflow-wrap: anywhere; }
.question input {
  flex: 1 1 8rem;
  min-width: 0;
  min-height: 2.25rem;
  padding: 0 0.625rem;
  border: 1px solid var(--_muted);
  border-radius: calc(var(--_radius) * 0.75);
  background: var(--_ground);
  color: inherit;
  font: inherit;
}
.question button { padding: 0 1rem; }

.hidden-label {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

/* Wide enough: the program and its output side by side. */
@container (min-width: 46rem) {
  .frame:has(> .editor:not([hidden])) { display: grid; grid-template: auto auto 1fr auto auto / minmax(0, 1.1fr) minmax(0, 1fr); }
  /* The divider: as high as the higher of the two. */
  .frame:has(> .editor:not([hidden]))::after { grid-area: 2 / 2 / 6 / 3; border-inline-start: 1px solid var(--_line); content: ''; pointer-events: none; }
  .frame:has(> .editor:not([hidden])) > .toolbar { grid-area: 1 / 1 / 2 / 3; }
  .frame:has(> .editor:not([hidden])) > .editor { grid-area: 2 / 1 / 6 / 2; }
  .frame:has(> .editor:not([hidden])) > .status { grid-area: 2 / 2; }
  .frame:has(> .editor:not([hidden])) > .output { grid-area: 3 / 2; max-height: max(var(--_output-height), 100%); }
  .frame:has(> .editor:not([hidden])) > .question { grid-area: 5 / 2; }
  .frame.bare:has(> .editor:not([hidden])) > .status { grid-area: 4 / 2; }
}
/* A finger needs room, and phones zoom into fields with text below 16 pixels. */
@media (pointer: coarse) {
  button { min-height: 2.75rem; }
  .code, .numbers, .question input { font-size: 1rem; }
  .question input, .status button { min-height: 2.75rem; }
}
@media (max-width: 26rem) {
  .toolbar button { padding: 0 0.625rem; }
}
/* Five buttons in one row: two of them say by a picture what they do, and to screen readers by their words as ever. */
@container (max-width: 24rem) {
  .toolbar .pause .words, .toolbar .reset .words {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .toolbar .pause, .toolbar .reset { justify-content: center; min-width: 2.25rem; }
  /* The line stays one line: the bar is its lower edge, and how much has come stands where the seconds do. */
  .status { position: relative; }
  .status > .bar { position: absolute; inset: auto 0 0; width: 100%; max-width: none; height: 0.1875rem; border-radius: 0; }
  .phase { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .amount:not(:empty) + .elapsed { display: none; }
}
@media (prefers-reduced-motion: reduce) {
  .dot, .bar:indeterminate { animation: none !important; }
  .bar:indeterminate { background: var(--_accent); opacity: 0.5; }
  .bar::-webkit-progress-value { transition: none; }
}
@media (forced-colors: active) {
  .dot { forced-color-adjust: none; }
  button { border-color: ButtonText; }
}
`;
