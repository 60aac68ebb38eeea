// @ts-check
/**
 * The output of a program as the page shows it.
 *
 * Takes: pieces of text with their stream, diagnostic pictures, answers to `input()`.
 * Gives: a scrolling log that screen readers follow.
 * Refuses: nothing, but keeps only the last part of very long output, and says so.
 *
 * A program can print far faster than a page can draw, so pieces are gathered and drawn once a frame.
 */

/** Characters kept in the page. The program's own limit is `max-output`; this one keeps scrolling smooth. */
const KEPT = 400_000;
/** Text nodes grow to this many characters, so that old output can be dropped piece by piece. */
const PIECE = 8_192;

/** What a terminal draws two columns wide: East Asian wide and fullwidth forms, and emoji. */
const WIDE = new RegExp(
  '(?:[\\u1100-\\u115f\\u2329\\u232a\\u2e80-\\u303e\\u3041-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\ua960-\\ua97c\\uac00-\\ud7a3'
    + '\\uf900-\\ufaff\\ufe10-\\ufe19\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{17000}-\\u{18aff}\\u{1b000}-\\u{1b2ff}'
    + '\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation})',
  'u',
);
const WIDE_RUNS = new RegExp(`(${WIDE.source})`, 'u');

export class OutputLog {
  /** @type {HTMLElement} */
  element;
  /** @type {{ stream: string, text: string }[]} */
  #waiting = [];
  #scheduled = false;
  #length = 0;
  #dropped = false;
  /** The end is kept in sight until the reader scrolls up. */
  #follow = true;
  #top = 0;

  constructor() {
    const log = document.createElement('div');
    log.className = 'output';
    log.setAttribute('part', 'output');
    log.setAttribute('role', 'log');
    log.setAttribute('aria-live', 'polite');
    log.setAttribute('aria-label', 'Output');
    log.tabIndex = 0; // scrollable by keyboard
    log.addEventListener('scroll', () => {
      const { scrollTop, scrollHeight, clientHeight } = log;
      if (scrollHeight - scrollTop - clientHeight < 24) this.#follow = true;
      else if (scrollTop < this.#top) this.#follow = false;
      this.#top = scrollTop;
    }, { passive: true });
    this.element = log;
  }

  get empty() {
    return this.#waiting.length === 0 && this.element.childElementCount === 0;
  }

  /** All that is shown, as text. */
  get text() {
    this.flush();
    const texts = [...this.element.children].map((child) => child.textContent + (child.matches('.picture, .notice') ? '\n' : ''));
    return texts.join('');
  }

  clear() {
    this.#waiting = [];
    this.#length = 0;
    this.#dropped = false;
    this.#follow = true;
    this.#top = 0;
    this.element.replaceChildren();
  }

  /**
   * @param {string} text
   * @param {string} stream  `stdout`, `stderr`, or `stdin` for what the reader answered
   */
  write(text, stream) {
    if (text === '') return;
    const last = this.#waiting[this.#waiting.length - 1];
    if (last !== undefined && last.stream === stream && last.text.length < PIECE) last.text += text;
    else this.#waiting.push({ stream, text });
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A hidden page draws no frames, and its output must not pile up.
    if (document.hidden) setTimeout(() => this.flush(), 100);
    else requestAnimationFrame(() => this.flush());
  }

  /**
   * A diagnostic or an uncaught exception, exactly as rendered.
   * @param {string} rendered
   */
  picture(rendered) {
    this.flush();
    const text = rendered.replace(/\n+$/, '');
    const picture = document.createElement('pre');
    picture.className = 'picture';
    picture.setAttribute('part', 'error');
    picture.setAttribute('role', 'group');
    picture.setAttribute('aria-label', 'Error');
    picture.tabIndex = 0; // it scrolls sideways
    text.split('\n').forEach((line, index) => {
      if (index > 0) picture.append('\n');
      picture.append(pictureLine(line));
    });
    this.#show(picture, text.length);
    this.toEnd();
  }

  /** Draws what waits now: whoever hears `done` may read the output at once. */
  flush() {
    this.#scheduled = false;
    for (const { stream, text } of this.#waiting.splice(0)) {
      const last = this.element.lastElementChild;
      const data = last?.firstChild;
      if (last?.className === `piece ${stream}` && data instanceof Text && data.length < PIECE) {
        data.appendData(text);
        this.#length += text.length;
      } else {
        const piece = document.createElement('span');
        piece.className = `piece ${stream}`;
        piece.setAttribute('part', stream);
        piece.append(text);
        this.#show(piece, text.length);
      }
    }
    this.toEnd();
  }

  /**
   * @param {HTMLElement} node
   * @param {number} length
   */
  #show(node, length) {
    this.element.append(node);
    this.#length += length;
    while (this.#length > KEPT && this.element.childElementCount > 1) {
      const first = /** @type {Element} */ (this.element.children[this.#dropped ? 1 : 0]);
      if (first === node) break;
      this.#length -= first.textContent?.length ?? 0;
      first.remove();
      if (!this.#dropped) {
        this.#dropped = true;
        const notice = document.createElement('div');
        notice.className = 'notice';
        notice.textContent = 'Earlier output is no longer shown.';
        this.element.prepend(notice);
      }
    }
  }

  /** Whoever scrolled up to read is left in peace. */
  toEnd() {
    if (this.#follow) this.element.scrollTop = this.element.scrollHeight;
  }
}

/**
 * One line of a picture. Colours mark its parts; the characters stay as they are.
 * @param {string} line
 */
function pictureLine(line) {
  const span = document.createElement('span');
  const head = /^\s*(error|warning)(?=:)/.exec(line);
  const gutter = /^\s*\d* ?\| ?|^\s*--> .*/.exec(line);
  const note = /^\s*= /.test(line);
  if (head !== null) {
    span.className = `head ${head[1]}`;
    span.append(cells(line));
  } else if (gutter !== null) {
    const margin = document.createElement('span');
    margin.className = 'margin';
    margin.append(cells(gutter[0]));
    const rest = line.slice(gutter[0].length);
    const body = document.createElement('span');
    if (/^\s*[\^~]+\s*$/.test(rest)) body.className = 'caret';
    body.append(cells(rest));
    span.append(margin, body);
  } else {
    if (note) span.className = 'note';
    span.append(cells(line));
  }
  return span;
}

/**
 * Text in columns: fallback fonts draw wide characters at widths of their own, and the caret below would point elsewhere.
 * @param {string} text
 */
function cells(text) {
  const fragment = document.createDocumentFragment();
  if (!WIDE.test(text)) {
    fragment.append(text);
    return fragment;
  }
  text.split(WIDE_RUNS).forEach((part, index) => {
    if (index % 2 === 0) {
      fragment.append(part);
      return;
    }
    const cell = document.createElement('span');
    cell.className = 'wide';
    cell.append(part);
    fragment.append(cell);
  });
  return fragment;
}
