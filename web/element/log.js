// @ts-check
/**
 * The output of a program as the page shows it.
 *
 * Takes: pieces of text with their stream, diagnostic pictures, answers to `input()`.
 * Gives: a scrolling log that screen readers follow.
 * Refuses: nothing, but keeps only the last part of very long output, and says so.
 *
 * A program can print far faster than a page can draw. So pieces are gathered and drawn once a frame; a frame gets no more than
 * the page can draw in it, and what would have scrolled out of sight before it was drawn is never drawn; lines stand in blocks,
 * of which the browser lays out those in sight.
 */

/** Characters kept in the page. The program's own limit is `max-output`; this one keeps scrolling smooth. */
const KEPT = 400_000;
/** Blocks grow to this many characters, so that old output can be dropped block by block. */
const PIECE = 8_192;
const LONGEST_LINE = 8 * PIECE;
/** Pixels of what came before that stay in sight above an error. */
const ABOVE = 24;
/** Characters drawn in one frame. */
const FRAME = 65_536;

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
  /** Characters of what waits. */
  #late = 0;
  /** The lines that are being written. @type {HTMLElement | null} */
  #block = null;
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
    this.#late = 0;
    this.#block = null;
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
    this.#late += text.length;
    // All of these would be dropped as soon as they were drawn.
    while (this.#late > KEPT && this.#waiting.length > 1) {
      this.#late -= this.#waiting.shift()?.text.length ?? 0;
      this.#dropped = true;
    }
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const draw = () => {
      this.#scheduled = false;
      this.#draw(FRAME);
      if (this.#waiting.length > 0) this.#schedule();
    };
    // A hidden page draws no frames, and its output must not pile up.
    if (document.hidden) setTimeout(draw, 100);
    else requestAnimationFrame(draw);
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

  /** Draws all that waits now: whoever hears `done` may read the output at once. */
  flush() {
    this.#draw(Infinity);
  }

  /** @param {number} most  characters */
  #draw(most) {
    let drawn = 0;
    while (drawn < most) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#late -= next.text.length;
      drawn += next.text.length;
      for (let at = 0; at < next.text.length; at += PIECE) this.#append(next.stream, next.text.slice(at, at + PIECE));
    }
    if (drawn > 0) this.#trim();
    this.toEnd();
  }

  /** @param {string} stream @param {string} text */
  #append(stream, text) {
    const block = this.#openBlock();
    const length = (block.textContent?.length ?? 0) + text.length;
    // A block ends with a line, for the next one stands below it; a line without end is broken somewhere.
    const end = length > LONGEST_LINE ? text.length : length > PIECE ? text.lastIndexOf('\n') + 1 : 0;
    const here = end > 0 ? text.slice(0, end) : text;
    const last = block.lastElementChild;
    if (last?.className === `piece ${stream}`) {
      /** @type {Text} */ (last.firstChild).appendData(here);
    } else {
      const piece = document.createElement('span');
      piece.className = `piece ${stream}`;
      piece.setAttribute('part', stream);
      piece.append(here);
      block.append(piece);
    }
    this.#length += here.length;
    if (end === 0) return;
    this.#closeBlock();
    if (end < text.length) this.#append(stream, text.slice(end));
  }

  #openBlock() {
    if (this.#block === null) {
      this.#block = document.createElement('div');
      this.#block.className = 'block';
      this.element.append(this.#block);
    }
    return this.#block;
  }

  /** What is out of sight is not laid out; it takes the height of its lines all the same. */
  #closeBlock() {
    if (this.#block !== null && this.#length > LONGEST_LINE) {
      const lines = (this.#block.textContent ?? '').split('\n').length - 1;
      this.#block.style.contentVisibility = 'auto';
      this.#block.style.containIntrinsicBlockSize = `auto ${Math.max(1, lines)}lh`;
    }
    this.#block = null;
  }

  /**
   * @param {HTMLElement} node
   * @param {number} length
   */
  #show(node, length) {
    this.#closeBlock();
    this.element.append(node);
    this.#length += length;
    this.#trim();
  }

  /** Only the last part of very long output is kept. */
  #trim() {
    const noticed = this.element.firstElementChild?.matches('.notice') ?? false;
    while (this.#length > KEPT && this.element.childElementCount > (noticed ? 2 : 1)) {
      const first = /** @type {Element} */ (this.element.children[noticed ? 1 : 0]);
      this.#length -= first.textContent?.length ?? 0;
      first.remove();
      this.#dropped = true;
    }
    if (!this.#dropped || noticed) return;
    const notice = document.createElement('div');
    notice.className = 'notice';
    notice.textContent = 'Earlier output is no longer shown.';
    this.element.prepend(notice);
  }

  /** Whoever scrolled up to read is left in peace. */
  toEnd() {
    if (!this.#follow) return;
    const log = this.element;
    const last = log.lastElementChild;
    const end = log.scrollHeight - log.clientHeight;
    if (last === null || !last.matches('.picture')) {
      log.scrollTop = end;
      return;
    }
    // Of a picture that is higher than the log, the first line says what is wrong.
    const top = log.scrollTop + last.getBoundingClientRect().top - log.getBoundingClientRect().top;
    log.scrollTop = Math.min(end, top - ABOVE);
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
