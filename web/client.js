// @ts-check
/**
 * `createWorker`: Edge Python for a page, without the element.
 *
 * Takes: the options of browser.md.
 * Gives: a `Worker` whose engine has started.
 * Refuses: options that it does not know or cannot honour, with a sentence; it never downgrades silently.
 */
import { startEngine } from './page/engine.js';
import { createFetcher } from './page/fetch.js';
import { createHosts } from './page/hosts.js';
import { createLoader } from './page/loader.js';
import { readOptions } from './page/options.js';
import { Run } from './page/run.js';
import { loadRuntime } from './page/runtime.js';
import { openStore } from './page/store.js';
import { createEvents, createInput } from './page/queues.js';
import { entryOf, hostUrlOf } from './page/program.js';

/** @typedef {import('./protocol.js').DiagnosticData} DiagnosticData */
/** @typedef {import('./protocol.js').ErrorData} ErrorData */
/** @typedef {import('./page/program.js').Program} Program */
/** @typedef {{ entryDir?: string, baseUrl?: string, name?: string, input?: string | string[] }} RunOptions */
/** @typedef {Record<'boot' | 'fetch' | 'link' | 'compile' | 'run', number>} Phases */

/**
 * How a run went. A failing program is a result, never a rejection.
 * @typedef {object} Result
 * @property {boolean} ok
 * @property {string} out               all that was printed where no `onOutput` is set; after a failure, the rendered error too
 * @property {ErrorData | null} error
 * @property {number} exitCode
 * @property {number} ms
 * @property {Phases} phases            milliseconds
 */

/** @typedef {Awaited<ReturnType<typeof createWorker>>} Worker */

/** @param {string} type @param {string} message @returns {ErrorData} */
const endedBy = (type, message) => ({ type, message, frames: [], rendered: `error: ${type}: ${message}` });

/**
 * @param {import('./page/options.js').WorkerOptions} [given]
 */
export async function createWorker(given = {}) {
  const options = readOptions(given);
  const began = performance.now();
  const warnings = /** @type {Set<string>} */ (new Set());
  const onWarning = (/** @type {string} */ text) => {
    if (warnings.has(text)) return;
    warnings.add(text);
    console.warn(`edge-python: ${text}`);
  };
  const events = createEvents();
  const hosts = createHosts({
    modules: {},
    handlers: options.mainThreadModules,
    pushEvent: events.push,
    element: options.element,
  });
  const [runtime, store] = await Promise.all([loadRuntime(options.runtime, options.onProgress), openStore({ onWarning })]);
  const fetcher = createFetcher({ origin: options.origin, importOrigins: options.importOrigins });
  const loader = createLoader({ store, fetcher, onWarning, ...options.lock });

  /** @type {Run | null} */
  let current = null;
  /** @type {((text: string, stream: 'stdout' | 'stderr') => void) | null} */
  let outputTo = null;
  /** @type {((diagnostics: DiagnosticData[]) => void) | null} */
  let diagnosticsTo = null;
  let disposed = false;
  let runs = 0;
  let asks = 0;
  /** The root of the program that ran last: whose lock `lockfile()` and its kin mean. @type {string | null} */
  let lastRoot = null;
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();
  /** @type {Map<number, (answer: { ok: boolean, text: string }) => void>} */
  const answers = new Map();

  /** @param {import('./protocol.js').EngineMessage} message */
  function onMessage(message) {
    if (message.type === 'answer') {
      answers.get(message.ask)?.(message);
      answers.delete(message.ask);
    } else if ('run' in message && current !== null && message.run === current.id) current.receive(message);
  }

  /** @param {Error} error */
  function onFailure(error) {
    dead = true; // the next run starts a fresh one: a dead interpreter is never used again
    current?.reject(error);
  }

  const start = () => {
    options.onProgress({ phase: 'boot', loaded: 0, total: 0 });
    return startEngine(runtime, onMessage, onFailure);
  };
  let dead = false;
  let engine = start();

  try {
    await engine.booted;
  } catch (error) {
    dispose();
    throw error;
  }
  const loadMs = performance.now() - began;
  let bootMs = loadMs;

  /** A stopped or endless program never answers: the engine goes with it, and a fresh one starts at once. */
  function replaceEngine() {
    engine.terminate();
    engine = start();
    dead = false;
  }

  /** The engine, started. */
  async function ready() {
    if (dead) replaceEngine();
    await engine.booted;
  }

  /** @param {ErrorData} error */
  function endRun(error) {
    const run = current;
    if (run === null) return;
    run.abort(error);
    replaceEngine();
  }

  /**
   * Runs follow one another. @template T @param {() => Promise<T>} work @returns {Promise<T>}
   */
  function enqueue(work) {
    if (disposed) return Promise.reject(new Error('the worker was disposed'));
    const turn = queue.then(() => {
      if (disposed) throw new Error('the worker was disposed');
      return work();
    });
    queue = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {() => Promise<Program | ErrorData>} prepare
   * @param {{ mode: 'run' | 'check', fetch: boolean, input: string | string[] | undefined }} how
   * @returns {Promise<{ result: Result, diagnostics: DiagnosticData[] }>}
   */
  async function perform(prepare, how) {
    const startedAt = performance.now();
    /** @type {string[]} */
    const out = [];
    const listening = outputTo !== null;
    const input = createInput(how.input, options.onInput);
    const program = await prepare();
    if (!('source' in program)) return { result: resultOf(program, startedAt), diagnostics: [] };
    await ready();
    runs += 1;
    const run = new Run(
      runs,
      {
        loader,
        hosts,
        hostUrl: (need, root) => hostUrlOf(need, root, program, options, loader),
        readLine: input.readLine,
        nextEvent: events.next,
        onOutput: (text, stream) => (listening ? outputTo?.(text, stream) : out.push(text)),
        onProgress: (phase, loaded = 0, total = 0) => options.onProgress({ phase, loaded, total }),
        onState: options.onState,
      },
      (message, transfer) => engine.post(message, transfer),
      {
        timeoutMs: options.limits.timeout * 1000,
        check: how.mode === 'check',
        extraKeys: program.keys,
        onTimeout: () => {
          const seconds = options.limits.timeout;
          endRun(endedBy('TimeoutError', `the program computed longer than its limit of ${seconds} s`));
        },
      },
    );
    current = run;
    engine.post({
      type: 'run',
      run: run.id,
      options: {
        source: program.source,
        entry: program.location,
        probe: program.probe,
        packages: program.packages,
        imports: options.imports,
        hosts: options.hosts,
        maxOutput: options.limits.maxOutput,
        mode: how.mode,
        fetch: how.fetch,
      },
    });
    try {
      const { ending, diagnostics, root, fetchMs } = await run.ended;
      lastRoot = root ?? lastRoot;
      const failed = diagnostics.length > 0 ? diagnostics : (ending.error?.diagnostics ?? []);
      if (failed.length > 0) diagnosticsTo?.(failed);
      const { error } = ending;
      if (error !== null) out.push(error.rendered);
      const phases = { boot: bootMs, fetch: fetchMs, ...ending.phases };
      bootMs = 0;
      const ms = performance.now() - startedAt;
      return { result: { ok: ending.ok, out: out.join(''), error, exitCode: ending.exitCode, ms, phases }, diagnostics: failed };
    } finally {
      current = null;
    }
  }

  /** @param {ErrorData} error @param {number} startedAt @returns {Result} */
  function resultOf(error, startedAt) {
    const ms = performance.now() - startedAt;
    const phases = { boot: 0, fetch: ms, link: 0, compile: 0, run: 0 };
    return { ok: false, out: error.rendered, error, exitCode: 2, ms, phases };
  }

  /** @param {'readLock' | 'writeLock'} what @param {string} text @returns {Promise<string>} */
  async function ask(what, text) {
    await ready();
    asks += 1;
    const id = asks;
    /** @type {{ ok: boolean, text: string }} */
    const answer = await new Promise((resolve) => {
      answers.set(id, resolve);
      engine.post({ type: 'ask', ask: id, what, text, name: 'packages.lock.json' });
    });
    if (!answer.ok) throw new Error(answer.text);
    return answer.text;
  }

  const rootOfLock = () => lastRoot ?? options.root;

  /** @param {string} text */
  async function importLockfile(text) {
    const entries = JSON.parse(await ask('readLock', text));
    return loader.importEntries(rootOfLock(), entries);
  }

  if (options.lockfile !== null) await seedLock(options.lockfile);

  /** A lockfile that the page ships, so that `frozen` works on the first visit. @param {string} url */
  async function seedLock(url) {
    const fetched = await fetcher.fetchBytes(url, { local: true });
    if (fetched.kind !== 'bytes') {
      dispose();
      throw new Error(`cannot load the lockfile ${url}: ${fetched.kind === 'absent' ? 'it is not there' : fetched.reason}`);
    }
    const changes = await importLockfile(new TextDecoder().decode(fetched.bytes));
    if (changes.length > 0) {
      dispose();
      throw new Error(`the lockfile ${url} contradicts what this browser has locked for ${changes.map(({ spec }) => spec).join(', ')}`);
    }
  }

  function dispose() {
    disposed = true;
    engine.terminate();
    current?.reject(new Error('the worker was disposed'));
    hosts.dispose();
    events.dispose();
  }

  return {
    /**
     * Run a program from its text.
     * @param {string} source
     * @param {RunOptions & { entry?: string }} [how]  `entry`: the absolute URL that the text stands for
     * @returns {Promise<Result>}
     */
    async run(source, how = {}) {
      const prepare = async () => entryOf(source, how, options, loader);
      return (await enqueue(() => perform(prepare, { mode: 'run', fetch: true, input: how.input }))).result;
    },

    /**
     * Run the program at a URL.
     * @param {string} url
     * @param {RunOptions} [how]
     * @returns {Promise<Result>}
     */
    async runEntry(url, how = {}) {
      const prepare = async () => entryOf(null, { ...how, entry: url }, options, loader);
      return (await enqueue(() => perform(prepare, { mode: 'run', fetch: true, input: how.input }))).result;
    },

    /**
     * The compile-time problems of a program; nothing of it runs.
     * @param {string} source
     * @param {RunOptions & { entry?: string, fetch?: boolean }} [how]  `fetch` false: a module that is not at hand is no error
     * @returns {Promise<DiagnosticData[]>}
     */
    async check(source, how = {}) {
      const prepare = async () => entryOf(source, how, options, loader);
      const mode = /** @type {const} */ ('check');
      return (await enqueue(() => perform(prepare, { mode, fetch: how.fetch ?? false, input: undefined }))).diagnostics;
    },

    /** @param {((text: string, stream: 'stdout' | 'stderr') => void) | null} callback each `print` once, as it comes */
    onOutput(callback) {
      outputTo = callback;
    },

    /** @param {((diagnostics: DiagnosticData[]) => void) | null} callback */
    onDiagnostics(callback) {
      diagnosticsTo = callback;
    },

    /** Feed `receive()`. @param {string} text */
    pushEvent(text) {
      events.push(text);
    },

    /** End the program that runs; its `run` resolves with `error.type` `Stopped`. */
    stop() {
      endRun(endedBy('Stopped', 'the page stopped the program'));
    },

    /** Forget what was fetched and compiled, so that an author's edit shows; the store is kept. */
    async reset() {
      this.stop();
      await queue;
      loader.reset();
      hosts.reset();
      events.reset();
      await ready();
      engine.post({ type: 'forget' });
    },

    /** Remove this program's lock, every stored module and compiled code. */
    async clearCache() {
      await queue;
      await loader.clear(rootOfLock());
      await ready();
      engine.post({ type: 'forget' });
    },

    /** The lockfile of the program that ran last, as the text of packages.lock.json. @returns {Promise<string>} */
    async lockfile() {
      await queue;
      return ask('writeLock', JSON.stringify(await loader.entries(rootOfLock())));
    },

    /**
     * Add the entries of a packages.lock.json. Nothing changes where one contradicts; the contradictions are returned.
     * @param {string} text
     */
    async importLockfile(text) {
      await queue;
      return importLockfile(text);
    },

    /** Fetch locked URLs again and lock what they are now. @param {string[] | null} [specs] null: all */
    async updateLock(specs = null) {
      await queue;
      const updated = await loader.update(rootOfLock(), specs);
      await ready();
      engine.post({ type: 'forget' });
      return updated;
    },

    dispose,

    /** Whether the lock and the store outlive this page. */
    get integrityActive() {
      return loader.integrityActive;
    },
    get isolation() {
      return options.isolation;
    },
    /** Milliseconds from the call of `createWorker` to a started engine. */
    loadMs,
  };
}
