// @ts-check
/**
 * A small editor for one program: a textarea that behaves as Python writers expect.
 *
 * Takes: a text, and callbacks for changes and for "run".
 * Gives: the text as edited. Tab and Shift+Tab indent by four spaces, Enter keeps the indentation (one more after a colon),
 * Backspace at the start of a line takes a whole step back, Ctrl+Enter (Command+Enter) runs; Escape, then Tab, leaves.
 * Refuses: nothing. Undo stays the browser's own, so edits go through `insertText` where the browser has it.
 */

const STEP = '    ';
let serial = 0;

export class Editor {
  /** @type {HTMLElement} */
  element;
  /** @type {HTMLTextAreaElement} */
  #area;
  /** @type {HTMLElement} */
  #numbers;
  /** @type {HTMLLabelElement} */
  #label;
  #lines = 0;
  #leaving = false;

  /** @param {{ onChange: () => void, onRun: () => void }} callbacks */
  constructor({ onChange, onRun }) {
    const id = `edge-editor-${(serial += 1)}`;
    this.element = document.createElement('div');
    this.element.className = 'editor';
    this.element.setAttribute('part', 'editor');

    this.#label = document.createElement('label');
    this.#label.className = 'hidden-label';
    this.#label.htmlFor = id;
    const hint = document.createElement('span');
    hint.className = 'hidden-label';
    hint.id = `${id}-hint`;
    hint.textContent = 'Tab indents. Press Escape, then Tab, to leave the editor. Control and Enter runs the program.';

    this.#numbers = document.createElement('pre');
    this.#numbers.className = 'numbers';
    this.#numbers.setAttribute('aria-hidden', 'true');

    const area = document.createElement('textarea');
    area.id = id;
    area.className = 'code';
    area.setAttribute('part', 'code');
    area.setAttribute('aria-describedby', hint.id);
    area.setAttribute('autocapitalize', 'off');
    area.setAttribute('autocomplete', 'off');
    area.setAttribute('autocorrect', 'off');
    area.spellcheck = false;
    area.wrap = 'off';
    area.addEventListener('input', () => {
      this.#measure();
      onChange();
    });
    area.addEventListener('keydown', (event) => this.#key(event, onRun));
    area.addEventListener('blur', () => (this.#leaving = false));
    this.#area = area;
    this.element.append(this.#label, hint, this.#numbers, area);
    this.label = 'Program';
    this.#measure();
  }

  /** @param {string} text */
  set label(text) {
    this.#label.textContent = text;
  }

  get text() {
    return this.#area.value;
  }

  set text(text) {
    if (this.#area.value === text) return;
    this.#area.value = text;
    this.#measure();
  }

  /** As tall as its text, with numbers beside it. Long lines scroll sideways. */
  #measure() {
    const lines = this.#area.value.split('\n').length;
    if (lines === this.#lines) return;
    this.#lines = lines;
    this.#area.rows = Math.max(2, lines);
    this.#numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join('\n');
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => void} onRun
   */
  #key(event, onRun) {
    if (event.isComposing) return;
    const { key } = event;
    if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onRun();
    } else if (key === 'Escape') {
      this.#leaving = true;
      return;
    } else if (key === 'Tab' && !this.#leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      if (event.shiftKey) this.#dedent();
      else this.#indent();
    } else if (key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#newline();
    } else if (key === 'Backspace' && this.#stepBack()) {
      event.preventDefault();
    }
    if (key !== 'Shift' && key !== 'Tab') this.#leaving = false;
  }

  #newline() {
    const { value, selectionStart } = this.#area;
    const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
    const indent = /** @type {RegExpMatchArray} */ (/^[ \t]*/.exec(line))[0];
    this.#replace(`\n${indent}${/:\s*(#.*)?$/.test(line) ? STEP : ''}`);
  }

  #indent() {
    const { value, selectionStart, selectionEnd } = this.#area;
    if (!value.slice(selectionStart, selectionEnd).includes('\n')) {
      const column = selectionStart - (value.lastIndexOf('\n', selectionStart - 1) + 1);
      this.#replace(STEP.slice(column % STEP.length));
      return;
    }
    this.#eachLine((line) => (line === '' ? line : STEP + line));
  }

  #dedent() {
    this.#eachLine((line) => line.replace(/^(?: {1,4}|\t)/, ''));
  }

  /** Within leading spaces, one step back instead of one space. */
  #stepBack() {
    const { value, selectionStart, selectionEnd } = this.#area;
    if (selectionStart !== selectionEnd) return false;
    const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
    const column = selectionStart - start;
    if (column < 2 || value.slice(start, selectionStart).trim() !== '') return false;
    this.#area.setSelectionRange(selectionStart - (column % STEP.length || STEP.length), selectionStart);
    this.#replace('');
    return true;
  }

  /** @param {(line: string) => string} change */
  #eachLine(change) {
    const area = this.#area;
    const { value, selectionStart, selectionEnd } = area;
    const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
    // A selection that ends at the start of a line does not mean that line.
    const last = selectionEnd > selectionStart && value[selectionEnd - 1] === '\n' ? selectionEnd - 1 : selectionEnd;
    const found = value.indexOf('\n', last);
    const end = found < 0 ? value.length : found;
    const before = value.slice(start, end);
    const after = before.split('\n').map(change).join('\n');
    if (after === before) return;
    area.setSelectionRange(start, end);
    this.#replace(after);
    if (selectionStart === selectionEnd) {
      const caret = Math.max(start, selectionStart + after.length - before.length);
      area.setSelectionRange(caret, caret);
    } else {
      area.setSelectionRange(start, start + after.length);
    }
  }

  /** @param {string} text */
  #replace(text) {
    const area = this.#area;
    const done = text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
    if (done) return; // undoable, and has fired `input`
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }
}
