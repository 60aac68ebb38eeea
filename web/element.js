// @ts-check
/**
 * `<edge-python>`: a program in a page.
 *
 * Takes: attributes, the text between the tags, and the properties `imports`, `hostModules`, `mainThreadModules`, `loaders`.
 * Gives: the running program's output in the page, and events: `ready`, `progress`, `output`, `diagnostics`, `done`,
 * `error`, all bubbling and composed.
 * Refuses: to run while it is not in a document, and options that mean nothing; both are errors that it shows.
 *
 * The class registers nothing: `edge-python.js` does. It knows of the engine only what `createWorker` offers.
 * `group`: elements of one group share one worker and its kept names, and run in document order.
 */

import {
  PROGRAM_ATTRIBUTES, VIEW_ATTRIBUTES, WORKER_ATTRIBUTES, address, autorun, inlineSource, whenSettled, workerOptions,
} from './element/options.js';
import { ElementWithProperties, adopt, page, pageChanged } from './element/properties.js';
import { Session, SessionEnded } from './element/session.js';
import { View } from './element/view.js';
import { runtimeOf } from './page/options.js';
import { preload } from './page/spares.js';

/** @typedef {import('./element/session.js').Result} Result */
/** @typedef {import('./element/view.js').State} State */

/** How much of the element a change touches; the larger includes the smaller. */
const CHANGE = Object.freeze({ NONE: 0, MOMENT: 1, PROGRAM: 2, WORKER: 3 });

/** A program is under way. @type {readonly State[]} */
const BUSY = ['running', 'waiting', 'paused'];

/** Shorter waits are not shown. */
const WAIT_SHOWN_MS = 100;

export class EdgePythonElement extends ElementWithProperties {
  /** How others know the class without importing it: a program with `dom` must not touch what starts programs. */
  static {
    /** @type {any} */ (this)[Symbol.for('edge-python.element')] = true;
  }

  static observedAttributes = [...WORKER_ATTRIBUTES, ...PROGRAM_ATTRIBUTES, ...VIEW_ATTRIBUTES];

  /** @type {State} */
  #state = 'idle';
  /** @type {Session | null} */
  #session = null;
  /** @type {View} */
  #view;
  /** What `source = …` or the editor made of the program; null: as the markup has it. @type {string | null} */
  #edited = null;
  /** The text of `entry`, fetched for the editor. @type {{ url: string, text: string } | null} */
  #fetched = null;
  /** @type {Set<(text: string, stream: string) => void>} */
  #readers = new Set();
  /** Nobody needs what was started before the worker any more. */
  #preloaded = () => {};
  #pending = /** @type {number} */ (CHANGE.NONE);
  #scheduled = false;
  #connected = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waitTimer;
  /** What the worker last said of the program. @type {'running' | 'waiting' | 'paused'} */
  #program = 'running';
  #children = new MutationObserver(() => this.#textChanged());
  /** @type {IntersectionObserver | null} */
  #sight = null;
  /** @type {import('./element/session.js').Member} */
  #member;

  constructor() {
    super();
    this.#view = new View(this.attachShadow({ mode: 'open', delegatesFocus: false }), {
      run: () => this.#runQuietly(),
      stop: () => void this.stop(),
      pause: () => void this.pause(),
      resume: () => void this.resume(),
      reset: () => void this.reset().catch((error) => this.#failed(error)),
      copy: async () => (this.#view.editing ? this.source : this.#view.log.text),
      edited: () => (this.#edited = this.#view.editor.text),
    });
    this.#member = {
      element: this,
      onReady: (worker) => {
        this.#preloaded();
        if (this.#state === 'idle' || this.#state === 'loading') this.#become('ready');
        this.#tell('ready', { worker });
      },
      onProgress: (progress) => {
        if (this.#state === 'loading' || this.#state === 'running') this.#view.progress(progress);
        this.#tell('progress', progress);
      },
      onRunning: () => {
        this.#view.log.clear();
        this.#become('running');
      },
      onState: (state) => this.#told(state),
      onOutput: (text, stream) => {
        for (const reader of this.#readers) reader(text, stream);
        if (!this.#silent) this.#view.log.write(text, stream);
        this.#view.outputCame();
        this.#tell('output', { stream, text });
        return this.#readers.size === 0;
      },
      onDiagnostics: (diagnostics) => this.#tell('diagnostics', { diagnostics }),
      onInput: (prompt, how) => this.#ask(prompt, how.signal),
    };
  }

  // ---- what the page may use ----

  /** The worker, once it is ready; null before. */
  get worker() {
    return this.#session?.worker ?? null;
  }

  get state() {
    return this.#state;
  }

  /** The program's text as it would run now. For an `entry` it is known only where the editor shows it. */
  get source() {
    return this.#edited ?? (this.hasAttribute('entry') ? this.#fetched?.text : inlineSource(this)) ?? '';
  }

  set source(text) {
    this.#edited = String(text);
    this.#schedule(CHANGE.PROGRAM);
  }

  /**
   * Runs the element's program, or `src` in its place. Several calls queue.
   * @param {string} [src]
   * @param {Record<string, any>} [opts]  as for the worker's `run`
   * @returns {Promise<Result>}  of a failing program too; rejects only where nothing could run
   */
  run(src, opts = {}) {
    return this.#perform(src !== undefined, (worker) => this.#work(worker, src, opts));
  }

  /**
   * @param {boolean} other  it runs something else than the element's program
   * @param {(worker: import('./element/session.js').EdgeWorker) => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async #perform(other, work) {
    if (!this.isConnected) throw new TypeError('this <edge-python> is in no document; append it before run()');
    // What was about to happen by itself happens now; the run of the same program need not happen twice.
    if (this.#scheduled) this.#apply(other);
    let begun = false;
    try {
      if (!other) address(this, 'entry'); // what cannot run is said before anything starts
      const session = this.#join(other ? {} : { prefetch: this.#first() });
      if (!BUSY.includes(this.#state)) {
        this.#become('loading', session.worker === null ? undefined : 'Waiting for its turn');
      }
      const result = await session.run(this.#member, (worker) => {
        begun = true;
        return work(worker);
      });
      return session === this.#session ? this.#ended(result) : result;
    } catch (error) {
      const lost = begun && !(error instanceof TypeError); // which says what is wrong with the call itself
      if (!(error instanceof SessionEnded)) this.#failed(error, lost);
      throw error;
    }
  }

  /** Ends the run, a busy loop too, and drops those that wait. The results say `Stopped`. */
  async stop() {
    this.#view.question.cancel();
    await this.#session?.stop(this.#member);
  }

  /** Holds the program, wherever it is, or as soon as it has begun. Gives whether it is held: false where none runs, or it ended first. */
  async pause() {
    return await this.#session?.pause(this.#member) ?? false;
  }

  /** Lets it go on. Gives whether there was anything to resume. */
  resume() {
    return this.#session?.resume(this.#member) ?? false;
  }

  /** The program as bytes, while it is held or waits; see `createWorker`. @returns {Promise<Uint8Array>} */
  async saveState() {
    return this.#parked().saveState();
  }

  /**
   * Runs the element's program again up to where its state was saved, and on from there.
   * @param {Uint8Array} blob
   * @returns {Promise<Result>}
   */
  restoreState(blob) {
    return this.#perform(false, (worker) => {
      const entry = address(this, 'entry');
      if (entry === null) return worker.restoreState(blob, { source: this.source });
      return worker.restoreState(blob, { entry, ...(this.#edited === null ? {} : { source: this.#edited }) });
    });
  }

  /** Where each of its tasks is, while it is held or waits. */
  async stateStack() {
    return this.#parked().stateStack();
  }

  /** Its global names by module, while it is held or waits. */
  async stateGlobals() {
    return this.#parked().stateGlobals();
  }

  #parked() {
    const worker = this.#session?.running(this.#member);
    if (worker == null) throw new Error('this element runs no program: run one, and hold it with await pause()');
    return worker;
  }

  /** Back to the beginning: no output, the program as the page wrote it, a fresh worker state. */
  async reset() {
    this.#view.question.cancel();
    this.#edited = null;
    this.#fetched = null;
    await this.#session?.reset(this.#member);
    if (!this.#connected) return;
    this.#showSource();
    this.#view.log.clear();
    this.#become(this.worker === null ? 'idle' : 'ready');
  }

  /**
   * Takes the output over: the element shows none while anyone reads it.
   * @param {(text: string, stream: string) => void} callback
   * @returns {() => void}  gives it back
   */
  onOutput(callback) {
    this.#readers.add(callback);
    this.#look();
    return () => {
      this.#readers.delete(callback);
      this.#look();
    };
  }

  // ---- life in the document ----

  connectedCallback() {
    if (this.#connected) return; // moved: the worker lives on
    this.#connected = true;
    this[adopt]();
    this.#children.observe(this, { childList: true, characterData: true, subtree: true });
    this.#look();
    this.#preload();
    this.#schedule(CHANGE.WORKER);
  }

  /** What its program will run in does not depend on what the page's scripts are yet to say. */
  #preload() {
    if (autorun(this) !== 'true' || this.getAttribute('group')) return;
    try {
      const { runtime, isolation } = workerOptions(this, this[page]);
      this.#preloaded = preload(runtimeOf(runtime, this.ownerDocument.baseURI), isolation ?? 'strict');
    } catch {
      // It is said when the worker is made.
    }
  }

  /** With this method, `moveBefore` calls nothing else. */
  connectedMoveCallback() {}

  disconnectedCallback() {
    // A move is a removal and an insertion in one task, so only a later task knows.
    setTimeout(() => {
      if (this.isConnected || !this.#connected) return;
      this.#connected = false;
      this.#children.disconnect();
      this.#sight?.disconnect();
      this.#preloaded();
      this.#leave();
      this.#view.dispose();
      this.#become('idle');
    }, 0);
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (!this.#connected || before === after) return;
    this.#look();
    if (WORKER_ATTRIBUTES.includes(name)) this.#schedule(CHANGE.WORKER);
    else if (PROGRAM_ATTRIBUTES.includes(name)) this.#programChanged();
    else if (name === 'autorun') this.#schedule(CHANGE.MOMENT);
    else if (name === 'editor') this.#showSource();
  }

  #textChanged() {
    if (!this.hasAttribute('entry')) this.#programChanged();
  }

  #programChanged() {
    this.#edited = null;
    this.#fetched = null;
    if (this.hasAttribute('entry')) this.#view.editor.text = ''; // not another program's text
    this.#schedule(CHANGE.PROGRAM);
  }

  /** @override */
  [pageChanged]() {
    if (this.#connected) this.#schedule(CHANGE.WORKER);
  }

  /**
   * Several changes in one breath are one change.
   * @param {number} change
   */
  #schedule(change) {
    this.#pending = Math.max(this.#pending, change);
    if (this.#scheduled) return;
    this.#scheduled = true;
    whenSettled(this.ownerDocument, () => {
      if (this.#scheduled) this.#apply(true);
    });
  }

  /** @param {boolean} start  whether the program may run by itself */
  #apply(start) {
    const change = this.#pending;
    this.#pending = CHANGE.NONE;
    this.#scheduled = false;
    if (!this.isConnected) return;
    if (change >= CHANGE.WORKER) this.#leave();
    else if (change >= CHANGE.PROGRAM) void this.stop();
    if (change >= CHANGE.PROGRAM) this.#showSource();
    this.#sight?.disconnect();
    if (!start) return;
    const moment = autorun(this);
    if (!this.hasAttribute('entry') && this.source === '') void this.#startOnly();
    else if (moment === 'true') this.#runQuietly();
    else if (moment === 'visible') this.#runWhenSeen();
    else if (change >= CHANGE.PROGRAM) this.#become(this.worker === null ? 'idle' : 'ready');
  }

  #runWhenSeen() {
    this.#sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#sight?.disconnect();
      this.#runQuietly();
    }, { rootMargin: '64px' });
    this.#sight.observe(this);
  }

  async #startOnly() {
    try {
      const session = this.#join();
      if (session.worker !== null) return;
      this.#become('loading');
      await session.start();
    } catch (error) {
      if (!(error instanceof SessionEnded)) this.#failed(error);
    }
  }

  /** For runs that nobody awaits: the element itself shows how they end. */
  #runQuietly() {
    this.run().catch(() => {});
  }

  /** @param {{ prefetch?: import('./page/options.js').WorkerOptions['prefetch'] }} [more] */
  #join(more = {}) {
    this.#session ??= Session.join(this.#member, this.getAttribute('group'), () => ({ ...workerOptions(this, this[page]), ...more }));
    return this.#session;
  }

  /** The element's program, for what can be fetched before it runs. */
  #first() {
    const entry = address(this, 'entry');
    const source = entry === null ? this.source : this.#edited;
    return entry === null ? { source } : { source, entry };
  }

  #leave() {
    this.#view.question.cancel();
    this.#session?.leave(this.#member);
    this.#session = null;
    if (this.#state !== 'idle') this.#become('idle');
  }

  // ---- one run ----

  /**
   * @param {import('./element/session.js').EdgeWorker} worker
   * @param {string | undefined} src
   * @param {Record<string, any>} given
   */
  #work(worker, src, given) {
    const opts = this.getAttribute('group') ? { keep: true, ...given } : given;
    if (src !== undefined) return worker.run(src, opts);
    const entry = address(this, 'entry');
    if (entry === null) return worker.run(this.source, opts);
    return this.#edited === null ? worker.runEntry(entry, opts) : worker.run(this.#edited, { ...opts, entry });
  }

  /** @param {Result} result */
  #ended(result) {
    this.#view.question.cancel();
    this.#view.log.flush();
    const { error } = result;
    const stopped = error?.type === 'Stopped';
    if (error !== null && !stopped && !this.#silent) {
      this.#view.log.picture(error.rendered || `error: ${error.type}: ${error.message}`);
    }
    const time = result.ms >= 1000 ? `${(result.ms / 1000).toFixed(2)} s` : `${Math.round(result.ms)} ms`;
    if (stopped) this.#become('failed', 'Stopped');
    else if (error !== null) this.#become('failed', `Ended with an error after ${time}`);
    else this.#become('done', `Finished in ${time}`);
    if (error !== null) this.#tell('error', { error });
    this.#tell('done', { result });
    return result;
  }

  /**
   * The program could not even begin: a bad attribute, or no worker.
   * @param {unknown} thrown
   * @param {boolean} [lost]  it had begun, and its engine ended under it: what it printed stays
   */
  #failed(thrown, lost = false) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const error = { type: thrown instanceof Error ? thrown.name : 'Error', message, rendered: `error: ${message}` };
    this.#preloaded();
    this.#view.question.cancel();
    if (lost) this.#view.log.flush();
    else this.#view.log.clear();
    if (!this.#silent) this.#view.log.picture(error.rendered);
    this.#become('failed', lost ? 'The Python engine ended; press Run to try again' : 'Could not start');
    this.#tell('error', { error });
  }

  /**
   * `input()` of the program. Its prompt was printed already; the answer is put behind it, as a terminal shows it.
   * @param {string} prompt
   * @param {AbortSignal} signal  aborted where the program no longer waits for it, or somebody else has answered
   */
  async #ask(prompt, signal) {
    const { question, log } = this.#view;
    const inside = this.matches(':focus-within') || this.shadowRoot?.activeElement != null;
    log.flush(); // a question never comes before its prompt
    if (this.#state !== 'paused') this.#become('waiting');
    signal.addEventListener('abort', () => question.cancel(), { once: true });
    const answer = await question.ask(prompt, { focus: inside, label: this.#silent });
    if (!question.open) { // else the next one was asked meanwhile
      if (question.hadFocus) log.element.focus({ preventScroll: true });
      if (this.#state === 'waiting') {
        this.#become('running');
        this.#told(this.#program); // a question may go because its task was cancelled, and the others wait on
      }
    }
    if (!this.#silent && answer !== null) log.write(`${answer}\n`, 'stdin');
    return answer;
  }

  /**
   * The program waits for the page, is held, or computes again. A call of a host package waits for a moment only, thousands of
   * times in a run: that is no state to show.
   * @param {'running' | 'waiting' | 'paused'} state
   */
  #told(state) {
    this.#program = state;
    clearTimeout(this.#waitTimer);
    const wait = () => {
      if (BUSY.includes(this.#state)) this.#become('waiting', this.#view.question.open ? undefined : 'Waiting');
    };
    if (state === 'paused') this.#become('paused');
    else if (state === 'waiting' && this.#state === 'running') this.#waitTimer = setTimeout(wait, WAIT_SHOWN_MS);
    else if (state === 'waiting' && this.#state === 'paused') wait();
    else if (state === 'running' && this.#state !== 'running') this.#become('running');
  }

  // ---- look ----

  get #silent() {
    return this.#readers.size > 0 || this.getAttribute('output') === 'none';
  }

  #look() {
    this.#view.configure({
      controls: this.hasAttribute('controls'),
      editor: this.hasAttribute('editor'),
      silent: this.#silent,
      label: this.getAttribute('label') ?? '',
    });
  }

  /** Puts the program into the editor, where there is one; that of an `entry` must be fetched first. */
  #showSource() {
    let url = null;
    try {
      url = address(this, 'entry');
    } catch {
      // running says it
    }
    const known = url === null || this.#edited !== null || this.#fetched !== null;
    if (known) this.#view.editor.text = this.source; // else what the editor has stays until the file is here
    if (known || url === null || !this.hasAttribute('editor') || new URL(url).pathname.endsWith('.epy')) return;
    const wanted = url;
    fetch(wanted, { cache: 'no-cache', credentials: 'same-origin' }).then(async (response) => {
      if (!response.ok) return;
      const text = await response.text();
      if (!this.#connected || this.#edited !== null || address(this, 'entry') !== wanted) return;
      this.#fetched = { url: wanted, text };
      this.#view.editor.text = text;
    }, () => {}); // the run itself reports what cannot be loaded
  }

  /**
   * @param {State} state
   * @param {string} [words]
   */
  #become(state, words) {
    clearTimeout(this.#waitTimer);
    this.#state = state;
    this.#view.show(state, words);
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
