// @ts-check
/**
 * The questions of one run, and their answers.
 *
 * Takes: the engine's questions, many in a message; the worker's powers.
 * Gives: answers, all of one turn of the page in one message, in the order in which they came.
 * Refuses: numbers that do not grow, more questions than an honest engine leaves open, calls of packages that the program does not
 * import, more than 1,000 calls that run at a time, more than 1,000 other questions that wait. A call that nobody waits for any more is told so by its `AbortSignal`.
 */
import { decode, encode } from './values.js';
import { describe } from './hosts.js';
import { ProtocolError } from '../protocol.js';

/** @typedef {import('../protocol.js').Question} Question */
/** @typedef {import('../protocol.js').Answer} Answer */
/** @typedef {import('./run.js').Powers} Powers */
/** @typedef {Extract<import('../protocol.js').EngineMessage, { type: 'asks' }>} Asks */

const MOST_CALLS = 1_000;
/** Of lines, events and frames: what waits for one costs the page little. */
const MOST_WAITS = 1_000;
/** Questions at once, and answers that the engine has not heard: of an honest one so many wait at most, and it hears of each. */
const MOST_AT_ONCE = 2 * (MOST_CALLS + MOST_WAITS);
const ODD = "the engine sent an 'asks' message";

/** What aborts a question's work, made when somebody asks for it. */
class Abort {
  /** @type {AbortController | null} */
  #control = null;
  #over = false;

  /** @returns {AbortSignal} */
  get signal() {
    this.#control ??= new AbortController();
    if (this.#over) this.#control.abort();
    return this.#control.signal;
  }

  abort() {
    this.#over = true;
    this.#control?.abort();
  }
}

export class Answers {
  /** Questions that wait for their answers. @type {Map<number, Abort>} */
  #open = new Map();
  #last = 0;
  /** Calls that run, those that nobody waits for included. */
  #calls = 0;
  /** Other questions that wait. */
  #waits = 0;
  #nextFrame = frames();
  #returned = 0;
  #closed = false;
  /** What this turn of the page has brought. @type {Answer[]} */
  #ready = [];

  /**
   * @param {Pick<Powers, 'hosts' | 'readLine' | 'nextEvent'>} powers
   * @param {(module: string) => boolean} imports  whether the program imports a package
   * @param {(answers: Answer[]) => void} send
   */
  constructor(powers, imports, send) {
    this.powers = powers;
    this.imports = imports;
    this.send = send;
  }

  /** Whether an engine that has heard so many answers has heard all. @param {number} heard */
  areHeard(heard) {
    return heard === this.#returned;
  }

  /** @param {Asks} message @throws {ProtocolError} what no honest engine says: each question costs the page some work */
  take({ questions, forgotten, heard }) {
    if (heard > this.#returned) throw new ProtocolError(`${ODD} that speaks of more answers than there were`);
    for (const number of forgotten) this.#forget(number);
    for (const question of questions) {
      if (question.call <= this.#last) throw new ProtocolError(`${ODD} with the number of another question`);
      if (this.#open.size + this.#returned - heard >= MOST_AT_ONCE) throw new ProtocolError('the engine flooded the page with calls');
      this.#last = question.call;
      const abort = new Abort();
      this.#open.set(question.call, abort);
      void this.#answer(question, abort);
    }
  }

  /** The run is over: nobody waits any more. */
  close() {
    this.#closed = true;
    for (const abort of this.#open.values()) abort.abort();
    this.#open.clear();
  }

  /** One that was answered meanwhile is no mistake of the engine's. @param {number} number */
  #forget(number) {
    if (number > this.#last) throw new ProtocolError(`${ODD} that forgets a question that never was`);
    this.#open.get(number)?.abort();
    this.#open.delete(number);
  }

  /** @param {Question} question @param {Abort} abort */
  async #answer(question, abort) {
    const { call } = question;
    /** @type {Answer} */
    let answer;
    try {
      const value = question.what === 'call' ? await this.#call(question, abort) : await this.#wait(question, abort.signal);
      answer = { call, ok: true, value: encode(value, `the result of ${question.what === 'call' ? `${question.name}()` : question.what}`) };
    } catch (error) {
      answer = { call, ok: false, error: describe(error) };
    }
    if (this.#closed || !this.#open.delete(call)) return;
    this.#returned += 1;
    this.#ready.push(answer);
    // Whatever was answered at once stands in the queue of microtasks before this.
    if (this.#ready.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush() {
    const answers = this.#ready;
    this.#ready = [];
    if (!this.#closed) this.send(answers);
  }

  /** @param {Extract<Question, { what: 'call' }>} question @param {Abort} abort */
  async #call({ module, name, args }, abort) {
    if (!this.imports(module)) throw new Error(`the program does not import '${module}'`);
    if (this.#calls >= MOST_CALLS) throw new Error(`more than ${MOST_CALLS.toLocaleString('en')} calls of the page wait for their answers`);
    this.#calls += 1;
    try {
      return await this.powers.hosts.call(module, name, /** @type {any[]} */ (decode(args)), () => abort.signal);
    } finally {
      this.#calls -= 1;
    }
  }

  /** @param {Exclude<Question, { what: 'call' }>} question @param {AbortSignal} signal */
  async #wait({ what, text }, signal) {
    if (this.#waits >= MOST_WAITS) throw new Error(`more than ${MOST_WAITS.toLocaleString('en')} coroutines wait for input, events or frames of the page`);
    this.#waits += 1;
    const left = () => (this.#waits -= 1);
    signal.addEventListener('abort', left, { once: true });
    try {
      if (what === 'input') return await this.powers.readLine(text, signal);
      if (what === 'receive') return await this.powers.nextEvent(signal);
      return await this.#nextFrame(signal);
    } finally {
      if (!signal.aborted) left();
      signal.removeEventListener('abort', left);
    }
  }
}

/**
 * The time of the next animation frame, in seconds of the page's clock: one request of the page's for all that wait for it.
 * @returns {(signal: AbortSignal) => Promise<Seconds>}
 */
function frames() {
  /** @type {Set<(seconds: Seconds) => void>} */
  const waiting = new Set();
  /** @type {number | null} */
  let request = null;
  const come = (/** @type {number} */ ms) => {
    request = null;
    for (const resolve of waiting) resolve(ms / 1000);
    waiting.clear();
  };
  return (signal) => {
    if (typeof requestAnimationFrame !== 'function') throw new Error('frame() needs a page: there are no animation frames here');
    return new Promise((resolve) => {
      waiting.add(resolve);
      request ??= requestAnimationFrame(come);
      signal.addEventListener('abort', () => {
        waiting.delete(resolve);
        if (waiting.size > 0 || request === null) return;
        cancelAnimationFrame(request);
        request = null;
      }, { once: true });
    });
  };
}

/** @typedef {number} Seconds */
