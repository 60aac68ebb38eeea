// @ts-check
/**
 * What an `<edge-python>` shows: toolbar, editor, status, output, and the form for `input()`.
 *
 * Takes: the element's state, progress, output and questions.
 * Gives: a shadow tree, and what the reader presses as callbacks.
 * Refuses: to hold any state of the program; the element tells it everything.
 *
 * No markup is parsed and no inline style is written, so that a page with the strictest content policy shows all of it.
 */

import { css } from '../element.css.js';
import { Editor } from './editor.js';
import { OutputLog } from './log.js';
import { Question } from './question.js';

/** @typedef {'idle' | 'loading' | 'ready' | 'running' | 'waiting' | 'paused' | 'done' | 'failed'} State */

/**
 * @typedef {object} Actions
 * @property {() => void} run
 * @property {() => void} stop
 * @property {() => void} pause
 * @property {() => void} resume
 * @property {() => void} reset
 * @property {() => Promise<string>} copy  what the Copy button puts on the clipboard
 * @property {() => void} edited
 */

/** A program that ends sooner shows no Stop button of its own: it would only flash. */
const STOP_SHOWN_MS = 300;

/** One sheet for all elements of the page. @type {CSSStyleSheet | null} */
let sheet = null;

/** What the phases are called in front of readers. @type {Record<string, string>} */
const PHASES = {
  boot: 'Starting Python',
  runtime: 'Loading Python',
  download: 'Loading Python',
  snapshot: 'Starting Python',
  fetch: 'Fetching modules',
  link: 'Settling imports',
  compile: 'Compiling',
  run: 'Running',
  restore: 'Restoring',
};

/** Paths on a 16 by 16 grid. */
const ICONS = {
  run: 'M4 2.8v10.4c0 .6.7 1 1.2.7l8-5.2c.5-.3.5-1 0-1.3l-8-5.2C4.7 1.8 4 2.2 4 2.8z',
  stop: 'M4.5 3h7c.8 0 1.5.7 1.5 1.5v7c0 .8-.7 1.5-1.5 1.5h-7c-.8 0-1.5-.7-1.5-1.5v-7c0-.8.7-1.5 1.5-1.5z',
  pause: 'M4.5 3h1.8c.4 0 .7.3.7.7v8.6c0 .4-.3.7-.7.7H4.5c-.4 0-.7-.3-.7-.7V3.7c0-.4.3-.7.7-.7zm5.2 0h1.8c.4 0 .7.3.7.7v8.6c0 .4-.3.7-.7.7H9.7'
    + 'c-.4 0-.7-.3-.7-.7V3.7c0-.4.3-.7.7-.7z',
  resume: 'M3.2 3h1.4c.4 0 .7.3.7.7v8.6c0 .4-.3.7-.7.7H3.2c-.4 0-.7-.3-.7-.7V3.7c0-.4.3-.7.7-.7zM7 3.2v9.6c0 .6.7.9 1.2.6l5.6-4.8'
    + 'c.4-.3.4-.9 0-1.2L8.2 2.6C7.7 2.3 7 2.6 7 3.2z',
  reset: 'M8 2.5a5.5 5.5 0 1 1-5.2 7.3l1.5-.5A3.9 3.9 0 1 0 5 5.4L6.9 7.3H2V2.4l1.9 1.9A5.5 5.5 0 0 1 8 2.5z',
  copy: 'M6 1.5h6.5c.8 0 1.5.7 1.5 1.5v7h-1.6V3.1H6zM3.5 4.5h6c.8 0 1.5.7 1.5 1.5v7.5c0 .8-.7 1.5-1.5 1.5h-6'
    + 'c-.8 0-1.5-.7-1.5-1.5V6c0-.8.7-1.5 1.5-1.5zm.1 1.6v7.3h5.8V6.1z',
};

export class View {
  log = new OutputLog();
  question = new Question();
  editor;
  #actions;
  #frame;
  #toolbar;
  #buttons;
  /** Stop, where there is no toolbar. */
  #halt;
  #status;
  #phase;
  #amount;
  #elapsed;
  #bar;
  /** The program's files come, or are linked. */
  #arriving = false;
  #controls = false;
  #editing = false;
  #silent = false;
  /** @type {State} */
  #state = 'idle';
  #since = 0;
  /** A program is under way. */
  #busy = false;
  /** ... and has been for so long that Stop is shown. A timer's word: by a clock, which is coarser, the timer may be early. */
  #long = false;
  /** The reader pressed Stop. */
  #stopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #copied;

  /**
   * @param {ShadowRoot} root
   * @param {Actions} actions
   */
  constructor(root, actions) {
    if (sheet === null) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    root.adoptedStyleSheets = [sheet];
    this.#actions = actions;
    this.editor = new Editor({ onChange: actions.edited, onRun: () => this.#press('run') });

    this.#buttons = {
      run: this.#button('run', 'Run'),
      stop: this.#button('stop', 'Stop'),
      pause: this.#button('pause', 'Pause'),
      reset: this.#button('reset', 'Reset'),
      copy: this.#button('copy', 'Copy'),
    };
    this.#buttons.pause.title = 'Pause'; // where there is no room for words
    this.#buttons.reset.title = 'Reset';
    this.#toolbar = make('div', 'toolbar', 'toolbar');
    this.#toolbar.setAttribute('role', 'group');
    this.#toolbar.setAttribute('aria-label', 'Program');

    this.#status = make('div', 'status', 'status');
    this.#phase = make('span', 'phase');
    this.#phase.setAttribute('role', 'status');
    this.#amount = make('span', 'amount');
    this.#amount.setAttribute('aria-hidden', 'true'); // the bar says it
    this.#elapsed = make('span', 'elapsed');
    this.#elapsed.setAttribute('aria-hidden', 'true'); // a screen reader need not count seconds
    this.#bar = document.createElement('progress');
    this.#bar.className = 'bar';
    this.#bar.setAttribute('part', 'progress');
    this.#bar.setAttribute('aria-label', 'Progress of the start');
    this.#halt = this.#button('stop', 'Stop');
    this.#status.append(make('span', 'dot'), this.#phase, this.#amount, this.#elapsed, this.#bar, this.#halt);
    this.#toolbar.append(this.#buttons.run, this.#buttons.stop, this.#buttons.pause, this.#buttons.reset, this.#buttons.copy);

    this.#frame = make('div', 'frame', 'frame');
    this.#frame.append(this.#toolbar, this.editor.element, this.#status, this.log.element, this.question.element);
    root.append(this.#frame);
    this.configure({ controls: false, editor: false, silent: false, label: '' });
    this.show('idle');
  }

  /** @param {{ controls: boolean, editor: boolean, silent: boolean, label: string }} look */
  configure({ controls, editor, silent, label }) {
    this.#controls = controls;
    this.#editing = editor;
    this.#silent = silent;
    this.#toolbar.hidden = !controls;
    this.#frame.classList.toggle('bare', !controls);
    // A line that comes and goes stands below the output, which then stays where it is.
    const next = controls ? this.log.element : this.question.element;
    if (this.#status.nextElementSibling !== next) this.#frame.insertBefore(this.#status, next);
    this.editor.element.hidden = !editor;
    const of = label === '' ? '' : ` of ${label}`;
    this.editor.label = `Program${of}`;
    this.log.element.setAttribute('aria-label', `Output${of}`);
    this.#toolbar.setAttribute('aria-label', label === '' ? 'Program' : label);
    this.#buttons.copy.title = editor ? 'Copy the program' : 'Copy the output';
    this.#refresh();
  }

  /**
   * @param {State} state
   * @param {string} [words]  how the status line puts it
   */
  show(state, words) {
    const before = this.#state;
    this.#state = state;
    const busy = BUSY.includes(state);
    const begins = state === 'loading' || (state === 'running' && !BUSY.includes(before));
    if (begins && state !== before) this.#since = performance.now();
    if (busy && !this.#busy) {
      this.#late = setTimeout(() => {
        this.#long = true;
        this.#refresh();
      }, STOP_SHOWN_MS);
    } else if (!busy) {
      clearTimeout(this.#late);
      this.#long = false;
      if (state !== 'failed') this.#stopped = false;
    }
    this.#busy = busy;
    this.#phase.textContent = words ?? WORDS[state];
    this.#arriving = false;
    if (state !== 'loading') this.#hideBar();
    else if (before !== 'loading') this.#indeterminate(words ?? WORDS.loading);
    clearInterval(this.#clock);
    this.#clock = state === 'loading' || state === 'running' ? setInterval(() => this.#refresh(), 500) : undefined;
    this.#refresh();
  }

  /** @param {import('../page/progress.js').Progress} progress */
  progress({ phase, loaded, total, bytes }) {
    const words = PHASES[phase] ?? phase;
    if (this.#phase.textContent !== words) this.#phase.textContent = words;
    this.#arriving = phase === 'fetch' || phase === 'link';
    if (this.#state !== 'loading' && !this.#arriving) {
      this.#hideBar();
    } else {
      const amount = amountOf(phase, loaded, total, bytes);
      if (total > 0) this.#measured(words, amount, Math.min(loaded, total), total);
      else this.#indeterminate(words, amount);
    }
    this.#refresh();
  }

  dispose() {
    clearInterval(this.#clock);
    clearTimeout(this.#copied);
    clearTimeout(this.#late);
    this.question.cancel();
  }

  /** Without controls, the first output takes the place of the status line. */
  outputCame() {
    if (!this.#controls && (this.log.element.hidden || !this.#status.hidden)) this.#refresh();
  }

  /** @param {string} words @param {string} amount @param {number} value @param {number} max */
  #measured(words, amount, value, max) {
    this.#bar.max = max;
    this.#bar.value = value;
    this.#sayBar(words, amount);
  }

  /** @param {string} words @param {string} [amount] */
  #indeterminate(words, amount = '') {
    this.#bar.removeAttribute('value');
    this.#sayBar(words, amount);
  }

  /** @param {string} words @param {string} amount */
  #sayBar(words, amount) {
    this.#bar.hidden = false;
    this.#bar.setAttribute('aria-valuetext', amount === '' ? words : `${words}: ${amount}`);
    this.#amount.textContent = amount;
  }

  #hideBar() {
    this.#bar.hidden = true;
    this.#amount.textContent = '';
  }

  #refresh() {
    const state = this.#state;
    const seconds = Math.floor((performance.now() - this.#since) / 1000);
    const counting = (state === 'loading' || state === 'running') && seconds >= 1;
    this.#elapsed.textContent = counting ? `${seconds} s` : '';
    // Without controls the line is there only while there is something to stop, and where somebody did.
    const needed = state === 'loading' || this.#arriving || this.#long || (state === 'failed' && this.#stopped);
    const held = this.#halt.matches(':focus');
    this.#halt.hidden = this.#controls || !this.#long;
    this.#status.hidden = this.#silent || (!this.#controls && !needed);
    this.#status.dataset['state'] = state;
    const hidden = this.#silent || (!this.#controls && this.log.empty);
    if (hidden !== this.log.element.hidden) {
      this.log.element.hidden = hidden;
      if (!hidden) this.log.toEnd(); // what is hidden cannot scroll
    }
    if (held && this.#halt.hidden) this.log.element.focus({ preventScroll: true }); // focus is not lost with the button
    if (state === 'paused') this.#name(this.#buttons.pause, 'Resume', 'resume');
    else this.#name(this.#buttons.pause, 'Pause', 'pause');
    this.#enable(this.#buttons.pause, this.#busy);
    this.#enable(this.#buttons.run, state !== 'loading' && !this.#busy);
    this.#enable(this.#buttons.stop, state === 'loading' || this.#busy);
  }

  /** @param {HTMLButtonElement} button @param {string} text @param {keyof typeof ICONS} picture */
  #name(button, text, picture) {
    const words = /** @type {HTMLElement} */ (button.lastElementChild);
    if (words.textContent === text) return;
    words.textContent = text;
    button.title = text;
    button.firstElementChild?.replaceWith(icon(ICONS[picture]));
  }

  /**
   * A disabled button would throw the keyboard's focus away, so it is only marked.
   * @param {HTMLButtonElement} button
   * @param {boolean} on
   */
  #enable(button, on) {
    button.setAttribute('aria-disabled', String(!on));
  }

  /**
   * @param {Exclude<keyof typeof ICONS, 'resume'>} name
   * @param {string} text
   */
  #button(name, text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = name;
    button.setAttribute('part', `button ${name}-button`);
    const words = make('span', 'words');
    words.textContent = text;
    button.append(icon(ICONS[name]), words);
    button.addEventListener('click', () => this.#press(name));
    return button;
  }

  /** @param {Exclude<keyof typeof ICONS, 'resume'>} name */
  #press(name) {
    if (this.#buttons[name].getAttribute('aria-disabled') === 'true') return;
    this.#stopped = name === 'stop';
    if (name === 'copy') void this.#copy();
    else if (name === 'pause' && this.#state === 'paused') this.#actions.resume();
    else this.#actions[name]();
  }

  async #copy() {
    const words = /** @type {HTMLElement} */ (this.#buttons.copy.lastElementChild);
    let answer = 'Copied';
    try {
      await navigator.clipboard.writeText(await this.#actions.copy());
    } catch {
      answer = 'Not copied'; // no permission, or no secure context
    }
    words.textContent = answer;
    clearTimeout(this.#copied);
    this.#copied = setTimeout(() => (words.textContent = 'Copy'), 1600);
  }

  get editing() {
    return this.#editing;
  }
}

/** A program is under way. @type {readonly State[]} */
const BUSY = ['running', 'waiting', 'paused'];

/** @type {Record<State, string>} */
const WORDS = {
  idle: 'Ready to run',
  loading: 'Starting Python',
  ready: 'Ready to run',
  running: 'Running',
  waiting: 'Waiting for your answer',
  paused: 'Paused',
  done: 'Finished',
  failed: 'Ended with an error',
};

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [part]
 */
function make(tag, name, part) {
  const element = document.createElement(tag);
  element.className = name;
  if (part !== undefined) element.setAttribute('part', part);
  return element;
}

/** How much there is, in few words. @param {string} phase @param {number} loaded @param {number} total @param {number} bytes */
function amountOf(phase, loaded, total, bytes) {
  if (phase === 'download' && total > 0) return `${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  if (phase === 'fetch' && total > 0) return `${loaded} of ${total} ${total === 1 ? 'file' : 'files'}, ${size(bytes)}`;
  return '';
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {string} path */
function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  shape.setAttribute('d', path);
  shape.setAttribute('fill-rule', 'evenodd');
  svg.append(shape);
  return svg;
}
