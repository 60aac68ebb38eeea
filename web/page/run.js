// @ts-check
/**
 * One run, seen from the page: answers its engine until the program has ended.
 *
 * Takes: the worker's powers (loader, host packages, input, events) and one program; what the page wants of it: stop, pause, resume.
 * Gives: `Ended`: how it went, what it printed, how long each phase took; whether it runs, waits or is paused.
 * Refuses: messages that come at the wrong time, more output than the run may print, answers that come after the end; questions as
 * `answers.js` says; to go on under another lock than the one that it was saved under.
 *
 * Time is counted while the program computes, never while it waits for the page. The engine counts it, says with each question how
 * much that was, and ends the program; this side replaces an engine that neither ended it nor asked in the time that was left. An
 * engine that lies about it gains no more than one that computes while it lets the page wait. What the page itself is busy with
 * is never the program's: a message may lie here for a while.
 */
import { Answers } from './answers.js';
import { endedBy } from './control.js';
import { Deadline } from './deadline.js';
import { otherLock } from './state.js';
import { ProtocolError } from '../protocol.js';

/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').Need} Need */
/** @typedef {import('./loader.js').Loader} Loader */
/** @typedef {import('../protocol.js').Outcome} Outcome */
/** @typedef {import('../protocol.js').Ending} Ending */
/** @typedef {import('../protocol.js').ErrorData} ErrorData */
/** @typedef {import('../protocol.js').DiagnosticData} DiagnosticData */

/**
 * What a run may use of its worker.
 * @typedef {object} Powers
 * @property {Pick<Loader, 'supply' | 'commit' | 'locked'>} loader
 * @property {import('./hosts.js').Hosts} hosts
 * @property {(name: string, root: string) => string | null} hostUrl  where a granted host package is ('' in memory); null: not granted
 * @property {(prompt: string, signal: AbortSignal) => Promise<string | null>} readLine
 * @property {(signal: AbortSignal) => Promise<string>} nextEvent
 * @property {(text: string, stream: 'stdout' | 'stderr') => void} onOutput
 * @property {(phase: string, loaded?: number, total?: number) => void} onProgress
 * @property {(state: 'running' | 'waiting' | 'paused') => void} onState
 * @property {(code: Uint8Array) => void} onCode  what the engine made of the program's modules, as it says
 */

/** @typedef {{ ending: Ending, diagnostics: DiagnosticData[], root: string | null, fetchMs: number, compiled: number }} Ended */

/** Milliseconds after which the page is told that a program is still on its way back to where it was saved. */
const LONG_RESTORE = 1000;
/** Milliseconds that an engine has to end a program by itself. */
const GRACE = 300;
const GRACE_TO_STOP = 50;
/** Milliseconds that an engine may take for a program between two questions, at least. */
const PATIENCE = 60_000;
/** Characters that the engine may add to a run's output: the notice that there is no more. */
const NOTICE = 100;

export class Run {
  /** @type {PromiseWithResolvers<Ended>} */
  #ended = Promise.withResolvers();
  #control = new AbortController();
  /** @type {Set<string>} */
  #imported = new Set();
  /** @type {DiagnosticData[]} */
  #diagnostics = [];
  /** @type {string | null} */
  #root = null;
  #fetchMs = 0;
  /** What the program was said to do when that was told last. @type {'running' | 'waiting' | 'paused' | null} */
  #state = null;
  /** The engine has said that it waits, and has heard all answers. */
  #idle = false;
  /** What the page waits for that wants a pause; kept once the engine has said so. @type {PromiseWithResolvers<void> | null} */
  #pausing = null;
  /** How often there was a pause. */
  #pauses = 0;
  #paused = false;
  #timeoutMs;
  /** Milliseconds that the program computed, as far as the engine has said. */
  #used = 0;
  /** Until when the engine has to say something. */
  #deadline;
  /** The same of a program that was told to stop: no message of the engine's puts it off. @type {Deadline | null} */
  #deaf = null;
  #patience;
  /** Why the page stopped it. @type {ErrorData | null} */
  #stopped = null;
  #over = false;
  #printable;
  #answers;
  /** The program runs: it may call. */
  #running = false;
  /** What must be locked of it. @type {import('./state.js').Locks | null} */
  #goesOn;
  /** What is locked of it. @type {import('./state.js').Locks} */
  #locks = {};
  /** It is on its way back to where it was saved; nothing comes from it before it is there. @type {boolean} */
  #restores;
  /** Until the page is told so. @type {ReturnType<typeof setTimeout> | undefined} */
  #returning;
  /** A question of the linker that is not answered yet. */
  #asked = false;
  /** How many of the linker's modules are there. */
  #modules = 0;
  /** How many of them were compiled. */
  #compiled = 0;

  /**
   * @param {number} id
   * @param {Powers} powers
   * @param {(message: import('../protocol.js').PageMessage, transfer?: Transferable[]) => void} post
   * @param {object} options
   * @param {number} options.timeoutMs
   * @param {number} options.maxOutput
   * @param {boolean} options.check
   * @param {import('./state.js').Locks | null} options.goesOn  what was locked of it when it was saved; null: it begins
   * @param {string[]} options.extraKeys
   * @param {() => void} options.onTimeout
   */
  constructor(id, powers, post, { timeoutMs, maxOutput, check, goesOn, extraKeys, onTimeout }) {
    this.id = id;
    this.powers = powers;
    this.post = post;
    this.check = check;
    [this.#goesOn, this.#restores] = [goesOn, goesOn !== null];
    this.extraKeys = extraKeys;
    this.onTimeout = onTimeout;
    this.#deadline = new Deadline(onTimeout);
    this.#timeoutMs = timeoutMs;
    this.#printable = maxOutput + NOTICE;
    this.#patience = Math.max(timeoutMs, PATIENCE);
    this.#answers = new Answers(powers, (module) => this.#imported.has(module), (answers) => this.#send(answers));
    this.#waitForLinker();
  }

  /** @returns {Promise<Ended>} */
  get ended() {
    return this.#ended.promise;
  }

  /** What is locked of what the program uses. */
  get locks() {
    return this.#locks;
  }

  get signal() {
    return this.#control.signal;
  }

  /**
   * Ask the engine to end the run. @param {ErrorData} error
   * @param {() => void} onDeaf  it did not
   */
  stop(error, onDeaf) {
    if (this.#stopped !== null || this.#over) return;
    this.#close();
    this.#stopped = error;
    this.post({ type: 'stop', run: this.id });
    this.#deaf = new Deadline(onDeaf);
    this.#deaf.set(GRACE_TO_STOP);
  }

  /** End the run from the page's side; the engine is the caller's to end. @param {ErrorData} error */
  abort(error) {
    const phases = { link: 0, compile: 0, run: 0 };
    this.#finish({ ok: false, error, exitCode: 1, phases });
  }

  /** Let the program not go on, wherever it is; kept once it does not. */
  pause() {
    if (this.#pausing === null) {
      this.#pausing = Promise.withResolvers();
      this.#pauses += 1;
      this.post({ type: 'pause', run: this.id, pause: this.#pauses });
    }
    return this.#pausing.promise;
  }

  /** Let it go on. */
  resume() {
    if (this.#pausing === null) return;
    this.#pausing.resolve();
    [this.#pausing, this.#paused] = [null, false];
    this.post({ type: 'resume', run: this.id });
    this.#look();
  }

  /** @param {Error} error The engine died, or the worker was disposed. */
  reject(error) {
    this.#over = true;
    this.#close();
    this.#ended.reject(error);
  }

  /** @param {EngineMessage} message Of this run. */
  receive(message) {
    if (this.#running && this.#restores) this.#arrived();
    switch (message.type) {
      case 'needs': return this.#needs(message);
      case 'linked': return void this.#linked(message).catch((error) => this.reject(error));
      case 'output': return this.#output(message);
      case 'asks':
      case 'awake':
      case 'paused': return this.signal.aborted ? undefined : this.#hear(message); // one that was stopped asks for nothing more
      case 'done': return this.#finish(message.ending);
      default: return undefined;
    }
  }

  /** @param {Extract<EngineMessage, { type: 'output' }>} message  each print in it is handed over by itself */
  #output({ text, stream, ends }) {
    // A print of nothing, which no honest engine sends, counts like one of a character.
    const empty = ends === undefined ? Number(text === '') : ends.filter((end, at) => end === (ends[at - 1] ?? 0)).length;
    this.#printable -= text.length + empty;
    if (this.#printable < 0) throw new ProtocolError('the engine sent more output than the run may print');
    if (ends === undefined) return this.powers.onOutput(text, stream);
    let from = 0;
    for (const end of ends) {
      this.powers.onOutput(text.slice(from, end), stream);
      from = end;
    }
    return undefined;
  }

  /** The engine computes what to ask next: that takes seconds for the largest programs. */
  #waitForLinker() {
    this.#deadline.set(this.#patience);
  }

  /** @param {Extract<EngineMessage, { type: 'needs' }>} message */
  #needs({ needs, batch, root }) {
    if (this.#asked) throw new ProtocolError("the engine sent more 'needs' before it was answered");
    this.#asked = true;
    this.#deadline.set(Infinity);
    this.#supply(needs, batch, root).catch((error) => this.reject(error));
  }

  /** @param {Need[]} needs @param {number} batch @param {string | null} root */
  async #supply(needs, batch, root) {
    const began = performance.now();
    this.#root = root ?? this.#root;
    this.powers.onProgress('fetch');
    const files = needs.filter((need) => need.kind !== 'host');
    const packages = needs.filter((need) => need.kind === 'host');
    const [outcomes, hosts] = await Promise.all([
      this.powers.loader.supply(files, root, this.signal),
      Promise.all(packages.map((need) => this.#hostNames(need, root ?? '/'))),
    ]);
    this.#fetchMs += performance.now() - began;
    this.#asked = false;
    if (this.signal.aborted) return;
    this.#waitForLinker();
    this.#modules += needs.filter(({ kind }) => kind === 'module').length;
    this.powers.onProgress('link', this.#modules);
    this.post({ type: 'supplied', run: this.id, batch, outcomes: [...outcomes, ...hosts] });
  }

  /** @param {Need} need @param {string} root @returns {Promise<Outcome>} */
  async #hostNames(need, root) {
    const found = await this.#load(need.spec, root);
    if ('failed' in found) return { key: need.key, kind: 'failed', reason: found.failed, hint: null };
    return { key: need.key, kind: 'host', names: found.names };
  }

  /** @param {string} name @param {string} root */
  async #load(name, root) {
    const url = this.powers.hostUrl(name, root);
    if (url === null) return { failed: 'the page does not grant it' };
    if (url !== '') this.powers.hosts.declare(name, url);
    return this.powers.hosts.names(name, this.signal);
  }

  /** @param {Extract<EngineMessage, { type: 'linked' }>} message */
  async #linked({ root, keys, hosts, diagnostics, compiled = 0, code }) {
    this.#deadline.set(Infinity);
    this.#compiled = compiled;
    if (code !== undefined) this.powers.onCode(code);
    this.#root = root;
    this.#diagnostics = diagnostics;
    const sound = diagnostics.length === 0 && !this.check;
    // The engine remembers packages of earlier programs, which the page may have granted to those alone.
    const found = sound ? await Promise.all(hosts.map((name) => this.#load(name, root))) : [];
    this.#imported = new Set(hosts.filter((_, at) => 'names' in (found[at] ?? {})));
    const used = [...this.extraKeys, ...keys];
    const outcomes = sound ? await this.powers.loader.commit(root, used) : [];
    if (this.signal.aborted) return;
    if (sound && outcomes.length === 0) {
      this.#locks = this.powers.loader.locked(root, used);
      const why = this.#goesOn === null ? null : otherLock(this.#goesOn, this.#locks);
      if (why !== null) return this.stop(endedBy('StateError', why), this.onTimeout);
    }
    if (sound && !this.#restores) this.powers.onProgress('run');
    this.#running = sound;
    if (sound && this.#restores) this.#returning = setTimeout(() => this.powers.onProgress('restore'), LONG_RESTORE);
    this.#look(); // whoever hears that it begins may have it held: the engine is to know that before it begins
    this.post({ type: 'committed', run: this.id, outcomes });
  }

  /** It goes on from where it was saved. */
  #arrived() {
    this.#restores = false;
    clearTimeout(this.#returning);
    this.powers.onProgress('run');
  }

  /** What the program does now, by the engine's word. @param {Extract<EngineMessage, { type: 'asks' | 'awake' | 'paused' }>} message */
  #hear(message) {
    if (!this.#running) throw new ProtocolError(`the engine sent a '${message.type}' message before its program ran`);
    this.#used = Math.max(this.#used, message.used);
    if (message.type === 'paused') {
      this.#confirm(message.pause);
    } else if (message.type === 'awake') {
      this.#idle = false;
    } else {
      // One that waits while an answer is on its way will have it.
      this.#idle = message.idle && this.#answers.areHeard(message.heard);
      this.#answers.take(message);
    }
    this.#look();
  }

  /** One that was taken back before the engine knew of it is over. @param {number} pause */
  #confirm(pause) {
    if (pause > this.#pauses || this.#paused) throw new ProtocolError("the engine sent a 'paused' message that nobody asked for");
    if (pause < this.#pauses || this.#pausing === null) return;
    this.#paused = true;
    this.#pausing.resolve();
  }

  /** @param {import('../protocol.js').Answer[]} answers */
  #send(answers) {
    this.post({ type: 'returned', run: this.id, answers });
    this.#idle = false;
    this.#look();
  }

  /** Its time runs while it computes. */
  #look() {
    if (this.signal.aborted || !this.#running) return;
    const state = this.#paused ? 'paused' : this.#idle ? 'waiting' : 'running';
    if (state === this.#state) return;
    this.#state = state;
    this.#deadline.set(state === 'running' ? Math.max(0, this.#timeoutMs - this.#used) + GRACE : Infinity);
    this.powers.onState(state);
  }

  #close() {
    this.#deadline.clear();
    this.#deaf?.clear();
    clearTimeout(this.#returning);
    this.#control.abort();
    this.#answers.close();
  }

  /** @param {Ending} given */
  #finish(given) {
    this.#over = true;
    this.#close();
    const ending = this.#stopped === null ? given : { ...given, ok: false, error: this.#stopped, exitCode: 1 };
    this.#ended.resolve({ ending, diagnostics: this.#diagnostics, root: this.#root, fetchMs: this.#fetchMs, compiled: this.#compiled });
  }
}
