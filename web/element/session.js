// @ts-check
/**
 * A worker and the elements that use it: one element, or all that name the same `group`.
 *
 * Takes: options for `createWorker`, and jobs from its members.
 * Gives: one run at a time, the earliest in the document first; output, progress and questions go to the member whose
 * program is running.
 * Refuses: jobs after its end (they reject).
 *
 * The members of a group share the worker and, because their runs are kept ones, the names that their programs define.
 */

import { createWorker } from '../client.js';

/** @typedef {import('../client.js').Worker} EdgeWorker */
/** @typedef {import('../client.js').Result} Result */
/** @typedef {import('../page/progress.js').Progress} Progress */

/**
 * What a session asks of its elements.
 * @typedef {object} Member
 * @property {Element} element
 * @property {(worker: EdgeWorker) => void} onReady
 * @property {(progress: Progress) => void} onProgress
 * @property {() => void} onRunning
 * @property {(state: 'running' | 'waiting' | 'paused') => void} onState  the program waits for the page, is held, or computes again
 * @property {(text: string, stream: string) => boolean} onOutput  false: a reader has taken it over, and it is not in the result
 * @property {(diagnostics: any[]) => void} onDiagnostics
 * @property {(prompt: string, how: { signal: AbortSignal }) => Promise<string | null>} onInput
 */

/**
 * @typedef {object} Job
 * @property {Member} member
 * @property {(worker: EdgeWorker) => Promise<Result>} work
 * @property {string[]} printed  what it printed so far: the session listens in the page's stead, so the worker keeps nothing
 * @property {PromiseWithResolvers<boolean> | null} hold  it shall be held as soon as it begins
 * @property {(result: Result) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** Thrown into jobs whose session ended under them: nobody is left to be told. */
export class SessionEnded extends Error {
  constructor() {
    super('the element was removed or reconfigured while its program was waiting or running');
    this.name = 'SessionEnded';
  }
}

/** @type {WeakMap<Document, Map<string, Session>>} */
const groups = new WeakMap();

export class Session {
  /** @type {Set<Member>} */
  #members = new Set();
  /** @type {Job[]} */
  #queue = [];
  /** @type {Job | null} */
  #active = null;
  /** @type {EdgeWorker | null} */
  #worker = null;
  /** @type {Promise<EdgeWorker> | null} */
  #starting = null;
  #pumping = false;
  #ended = false;
  #options;
  #forget;

  /**
   * @param {Record<string, any>} options
   * @param {() => void} forget  called at its end
   */
  constructor(options, forget) {
    this.#options = options;
    this.#forget = forget;
  }

  /**
   * The session of a member: its group's, where it names one. The first member of a group decides its options.
   * @param {Member} member
   * @param {string | null} group
   * @param {() => Record<string, any>} options
   */
  static join(member, group, options) {
    let session;
    if (group === null || group === '') {
      session = new Session(options(), () => {});
    } else {
      const document = member.element.ownerDocument;
      let table = groups.get(document);
      if (table === undefined) groups.set(document, (table = new Map()));
      const names = table;
      session = names.get(group) ?? new Session(options(), () => names.delete(group));
      names.set(group, session);
    }
    session.#members.add(member);
    return session;
  }

  get worker() {
    return this.#worker;
  }

  /** The worker, where it is this member's program that it runs. @param {Member} member */
  running(member) {
    return this.#active?.member === member ? this.#worker : null;
  }

  /** Holds the member's program, now or as soon as it has begun. @param {Member} member @returns {Promise<boolean>} */
  async pause(member) {
    const worker = this.running(member);
    if (worker !== null) return worker.pause();
    const job = this.#queue.find((each) => each.member === member);
    if (job === undefined) return false;
    job.hold ??= Promise.withResolvers();
    return job.hold.promise;
  }

  /** @param {Member} member */
  resume(member) {
    const worker = this.running(member);
    if (worker !== null) return worker.resume();
    const job = this.#queue.find((each) => each.member === member && each.hold !== null);
    if (job === undefined) return false;
    job.hold?.resolve(false);
    job.hold = null;
    return true;
  }

  /** @returns {Promise<EdgeWorker>} */
  start() {
    if (this.#ended) return Promise.reject(new SessionEnded());
    this.#starting ??= this.#create().catch((error) => {
      this.#starting = null; // pressing Run again tries again
      throw this.#ended ? new SessionEnded() : error;
    });
    return this.#starting;
  }

  async #create() {
    const worker = await createWorker(/** @type {any} */ ({
      ...this.#options,
      onProgress: (/** @type {Progress} */ progress) => {
        for (const member of this.#active === null ? this.#members : [this.#active.member]) member.onProgress(progress);
      },
      onState: (/** @type {'running' | 'waiting' | 'paused'} */ state) => this.#active?.member.onState(state),
      onInput: (/** @type {string} */ prompt, /** @type {{ signal: AbortSignal }} */ how) =>
        this.#active?.member.onInput(prompt, how) ?? Promise.resolve(null),
    }));
    if (this.#ended) {
      worker.dispose();
      throw new SessionEnded();
    }
    worker.onOutput((/** @type {string} */ text, /** @type {string} */ stream) => {
      if (this.#active?.member.onOutput(text, stream ?? 'stdout')) this.#active.printed.push(text);
    });
    worker.onDiagnostics((/** @type {any[]} */ diagnostics) => this.#active?.member.onDiagnostics(diagnostics));
    this.#worker = worker;
    for (const member of this.#members) member.onReady(worker);
    return worker;
  }

  /**
   * @param {Member} member
   * @param {(worker: EdgeWorker) => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  run(member, work) {
    return new Promise((resolve, reject) => {
      this.#queue.push({ member, work, printed: [], hold: null, resolve, reject });
      void this.#pump();
    });
  }

  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#queue.length > 0) {
      let worker;
      try {
        worker = await this.start();
      } catch (error) {
        for (const job of this.#queue.splice(0)) drop(job, error);
        break;
      }
      // Chosen only now: while the worker started, elements further up may have come.
      const job = this.#takeFirst();
      if (job === null) continue;
      this.#active = job;
      try {
        job.member.onRunning();
        const working = job.work(worker);
        if (job.hold !== null) void worker.pause().then(job.hold.resolve);
        const result = await working;
        job.resolve({ ...result, out: job.printed.join('') + result.out });
      } catch (error) {
        job.reject(this.#ended ? new SessionEnded() : error);
      } finally {
        this.#active = null;
        job.hold?.resolve(false);
      }
    }
    this.#pumping = false;
  }

  /** @returns {Job | null} */
  #takeFirst() {
    let first = 0;
    for (let i = 1; i < this.#queue.length; i += 1) {
      const here = /** @type {Job} */ (this.#queue[i]).member.element;
      const best = /** @type {Job} */ (this.#queue[first]).member.element;
      if (best.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING) first = i;
    }
    return this.#queue.splice(first, 1)[0] ?? null;
  }

  /**
   * Ends the member's run and forgets those that it queued.
   * @param {Member} member
   */
  async stop(member) {
    const mine = this.#queue.filter((job) => job.member === member);
    this.#queue = this.#queue.filter((job) => job.member !== member);
    for (const job of mine) drop(job, stopped());
    if (this.#active?.member === member) await this.#worker?.stop();
  }

  /**
   * Stops the member's run, and gives the worker a fresh start where no other member is using it.
   * @param {Member} member
   */
  async reset(member) {
    await this.stop(member);
    if (this.#active !== null && this.#active.member !== member) return;
    try {
      await this.#worker?.reset();
    } catch (error) {
      if (!this.#ended) throw error; // else the worker went with its last element
    }
  }

  /** @param {Member} member */
  leave(member) {
    if (!this.#members.delete(member)) return;
    if (this.#members.size > 0) {
      for (const job of this.#queue.filter((each) => each.member === member)) drop(job, new SessionEnded());
      this.#queue = this.#queue.filter((job) => job.member !== member);
      if (this.#active?.member === member) void this.#worker?.stop();
      return;
    }
    this.#ended = true;
    this.#forget();
    for (const job of this.#queue.splice(0)) drop(job, new SessionEnded());
    this.#active?.reject(new SessionEnded());
    this.#worker?.dispose();
    this.#worker = null;
  }
}

/**
 * One that never begins.
 * @param {Job} job
 * @param {Result | unknown} end  its result, or why there is none
 */
function drop(job, end) {
  job.hold?.resolve(false);
  if (end instanceof Error) job.reject(end);
  else job.resolve(/** @type {Result} */ (end));
}

/**
 * The result of a run that was stopped before it began.
 * @returns {Result}
 */
function stopped() {
  const message = 'stopped before it began';
  return /** @type {Result} */ ({
    ok: false,
    out: '',
    error: { type: 'Stopped', message, frames: [], rendered: `error: Stopped: ${message}` },
    exitCode: 1,
    ms: 0,
    phases: { boot: 0, fetch: 0, link: 0, compile: 0, run: 0 },
    compiled: 0,
  });
}
