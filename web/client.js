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
import { guarded, readOptions } from './page/options.js';
import { Run } from './page/run.js';
import { loadLoaders, loadRuntime } from './page/runtime.js';
import { openStore } from './page/store.js';
import { createEvents, createInput } from './page/queues.js';
import { entryOf, hostUrlOf } from './page/program.js';

/** @typedef {import('./protocol.js').DiagnosticData} DiagnosticData */
/** @typedef {import('./protocol.js').ErrorData} ErrorData */
/** @typedef {import('./page/program.js').Program} Program */
/** @typedef {{ entryDir?: string, baseUrl?: string, name?: string, args?: string[], input?: string | string[] }} RunOptions */
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

/** @typedef {Record<string, import('./page/store.js').LockEntry>} LockEntries */

const LOCKFILE = 'packages.lock.json';
const DISPOSED = 'the worker was disposed';

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
  const fetcher = createFetcher({ origin: options.origin, importOrigins: options.importOrigins });
  const [runtime, store, loaders] = await Promise.all([
    loadRuntime(options.runtime, options.onProgress),
    openStore({ onWarning }),
    loadLoaders(options.loaders),
  ]);
  const events = createEvents();
  const hosts = createHosts({
    modules: {},
    handlers: options.mainThreadModules,
    pushEvent: events.pushFromPackage,
    element: options.element,
  });
  const loader = createLoader({ store, fetcher, onWarning, ...options.lock });

  /** @type {Run | null} */
  let current = null;
  /** Ends what comes before a run: the fetching of its entry, the start of its engine. @type {((why: ErrorData | Error) => void) | null} */
  let interrupt = null;
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
  let queued = 0;
  /** @type {Map<number, PromiseWithResolvers<{ ok: boolean, text: string }>>} */
  const answers = new Map();

  /** @param {import('./protocol.js').EngineMessage} message */
  function onMessage(message) {
    if (message.type === 'answer') {
      answers.get(message.ask)?.resolve(message);
      answers.delete(message.ask);
    } else if ('run' in message && current !== null && message.run === current.id) {
      current.receive(message);
      if (message.type === 'done' && message.spent) replaceEngine(); // in the background: the next run finds it started
    }
  }

  /** @param {Error} error */
  function onFailure(error) {
    dead = true; // the next run starts a fresh one: a dead interpreter is never used again
    current?.reject(error);
    forsake(error);
  }

  /** Whoever waits for an answer of the engine hears that none will come. @param {Error} error */
  function forsake(error) {
    for (const answer of answers.values()) answer.reject(error);
    answers.clear();
  }

  const start = () => {
    options.onProgress({ phase: 'boot', loaded: 0, total: 0 });
    return startEngine(runtime, options.isolation, loaders, onMessage, onFailure);
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
    forsake(new Error('the engine was ended'));
    engine = start();
    dead = false;
  }

  /** The engine, started. */
  async function ready() {
    if (dead) replaceEngine();
    await engine.booted;
    if (disposed) throw new Error(DISPOSED);
  }

  /** @param {ErrorData} error */
  function endRun(error) {
    if (current === null) {
      interrupt?.(error);
      return;
    }
    current.abort(error);
    replaceEngine();
  }

  /**
   * Runs follow one another. @template T @param {() => Promise<T>} work @returns {Promise<T>}
   */
  function enqueue(work) {
    const begin = async () => {
      if (disposed) throw new Error(DISPOSED);
      return work();
    };
    // At once where nothing is before it, so that a `stop()` right after a `run()` finds it.
    const turn = queued === 0 ? begin() : queue.then(begin);
    queued += 1;
    queue = turn.catch(() => {}).then(() => {
      queued -= 1;
    });
    return turn;
  }

  /**
   * The program with an engine that has started, or why there is none.
   * @param {(signal: AbortSignal) => Promise<Program | ErrorData>} prepare
   * @returns {Promise<Program | ErrorData>}
   */
  function prepared(prepare) {
    const control = new AbortController();
    return new Promise((resolve, reject) => {
      interrupt = (why) => {
        control.abort();
        if (why instanceof Error) reject(why);
        else resolve(why);
      };
      const work = async () => {
        const program = await prepare(control.signal);
        if ('source' in program) await ready();
        return program;
      };
      work().then(resolve, reject);
    });
  }

  /**
   * @param {(signal: AbortSignal) => Promise<Program | ErrorData>} prepare
   * @param {{ mode: 'run' | 'check', fetch: boolean, input: string | string[] | undefined, args: string[] }} how
   * @returns {Promise<{ result: Result, diagnostics: DiagnosticData[] }>}
   */
  async function perform(prepare, how) {
    const startedAt = performance.now();
    /** @type {string[]} */
    const out = [];
    const listening = outputTo !== null;
    const input = createInput(how.input, options.onInput);
    const program = await prepared(prepare).finally(() => {
      interrupt = null;
    });
    if (disposed) throw new Error(DISPOSED);
    if (!('source' in program)) {
      const diagnostics = program.diagnostics ?? [];
      if (diagnostics.length > 0) diagnosticsTo?.(diagnostics);
      return { result: resultOf(program, startedAt), diagnostics };
    }
    runs += 1;
    const run = new Run(
      runs,
      {
        loader: { supply, commit: loader.commit },
        hosts,
        hostUrl: (name, root) => hostUrlOf(name, root, program, options, loader),
        readLine: input.readLine,
        nextEvent: events.next,
        onOutput: (text, stream) => (listening ? outputTo?.(text, stream) : out.push(text)),
        onProgress: (phase, loaded = 0, total = 0) => options.onProgress({ phase, loaded, total }),
        onState: options.onState,
      },
      (message, transfer) => engine.post(message, transfer),
      {
        timeoutMs: options.limits.timeout * 1000,
        maxOutput: options.limits.maxOutput,
        check: how.mode === 'check',
        extraKeys: program.keys,
        onTimeout: () => {
          const seconds = options.limits.timeout;
          if (current === run) endRun(endedBy('TimeoutError', `the program computed longer than its limit of ${seconds} s`));
        },
      },
    );
    current = run;
    events.begin();
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
        args: how.args.map(String),
        maxOutput: options.limits.maxOutput,
        maxMemory: options.limits.memory * 1024 * 1024,
        timeout: options.limits.timeout * 1000,
        loaders: options.loaders.length > 0,
        defaults: options.defaults,
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
      if (error !== null) out.push(/[^\n]$/.test(out.at(-1) ?? '') ? '\n' : '', error.rendered);
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
    return { ok: false, out: error.rendered, error, exitCode: error.type === 'CompileError' ? 2 : 1, ms, phases };
  }

  /** @param {'readLock' | 'writeLock'} what @param {string} text @returns {Promise<string>} */
  async function ask(what, text) {
    await ready();
    asks += 1;
    /** @type {PromiseWithResolvers<{ ok: boolean, text: string }>} */
    const answer = Promise.withResolvers();
    answers.set(asks, answer);
    engine.post({ type: 'ask', ask: asks, what, text, name: LOCKFILE });
    const { ok, text: given } = await answer.promise;
    if (!ok) throw new Error(given);
    return given;
  }

  const rootOfLock = () => lastRoot ?? options.root;

  /** @param {string} text @returns {Promise<LockEntries>} */
  const readLock = async (text) => JSON.parse(await ask('readLock', text));

  /** What the page ships: every program's lock is seeded with it before its first URL is asked for. @type {LockEntries} */
  let shipped = {};
  /** @typedef {{ reason: string, hint: string | null }} Unseeded */
  /** By the program's root: why its lock cannot be seeded, or null. @type {Map<string, Promise<Unseeded | null>>} */
  const seeded = new Map();

  /** @param {string} root @returns {Promise<Unseeded | null>} */
  async function seed(root) {
    const beside = options.packages === null ? `${options.origin}${root}${LOCKFILE}` : String(new URL(LOCKFILE, options.packages));
    const byDefault = options.lockfile === null && options.lock.frozen && !options.lock.offline;
    try {
      const entries = byDefault ? { ...await fetchLock(beside, { optional: true }), ...shipped } : shipped;
      if (Object.keys(entries).length === 0) return null;
      const changes = await loader.importEntries(root, entries);
      if (changes.length === 0) return null;
      const specs = changes.map(({ spec }) => `'${spec}'`).join(', ');
      const hint = "clearCache() forgets what is locked; another 'version' starts a fresh lock";
      return { reason: `the page's lockfile contradicts what this browser has locked for ${specs}`, hint };
    } catch (error) {
      return { reason: `the lockfile cannot be used\n${/** @type {Error} */ (error).message}`, hint: null };
    }
  }

  /** @param {string} url @param {{ optional?: boolean }} [how] @returns {Promise<LockEntries>} */
  async function fetchLock(url, { optional = false } = {}) {
    const fetched = await fetcher.fetchBytes(url, { local: true });
    if (fetched.kind === 'bytes') return readLock(new TextDecoder().decode(fetched.bytes));
    if (fetched.kind === 'absent' && optional) return {};
    throw new Error(`cannot load the lockfile ${url}: ${fetched.kind === 'absent' ? 'it is not there' : fetched.reason}`);
  }

  /** As the loader's, behind the page's lockfile. @type {import('./page/loader.js').Loader['supply']} */
  async function supply(needs, root, signal) {
    if (root !== null && needs.some((need) => need.remote)) {
      const seeding = seeded.get(root) ?? seed(root);
      seeded.set(root, seeding);
      const problem = await seeding;
      if (problem !== null) {
        seeded.delete(root); // the next run tries again
        const near = await loader.supply(needs.filter((need) => !need.remote), root, signal);
        return [...near, ...needs.filter((need) => need.remote).map(({ key }) => ({ key, kind: /** @type {const} */ ('failed'), ...problem }))];
      }
    }
    return loader.supply(needs, root, signal);
  }

  if (options.lockfile !== null && !options.lock.offline) {
    try {
      shipped = await fetchLock(options.lockfile);
    } catch (error) {
      dispose();
      throw error;
    }
  }

  /** End the program that runs; its `run` resolves with `error.type` `Stopped`. */
  function stop() {
    const error = endedBy('Stopped', 'the page stopped the program');
    const run = current;
    if (run === null) interrupt?.(error);
    else run.stop(error, () => {
      if (current === run) endRun(error);
    });
  }

  /** The engine's caches of earlier runs go. */
  async function forget() {
    await ready();
    engine.post({ type: 'forget' });
  }

  function dispose() {
    disposed = true;
    engine.terminate();
    const error = new Error(DISPOSED);
    interrupt?.(error);
    current?.reject(error);
    forsake(error);
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
      if (typeof source !== 'string') throw new TypeError('run() takes the text of a program; runEntry() takes its URL');
      /** @param {AbortSignal} signal */
      const prepare = (signal) => entryOf(source, how, options, { supply }, signal);
      return (await enqueue(() => perform(prepare, { mode: 'run', fetch: true, input: how.input, args: how.args ?? [] }))).result;
    },

    /**
     * Run the program at a URL.
     * @param {string} url
     * @param {RunOptions} [how]
     * @returns {Promise<Result>}
     */
    async runEntry(url, how = {}) {
      /** @param {AbortSignal} signal */
      const prepare = (signal) => entryOf(null, { ...how, entry: url }, options, { supply }, signal);
      return (await enqueue(() => perform(prepare, { mode: 'run', fetch: true, input: how.input, args: how.args ?? [] }))).result;
    },

    /**
     * The compile-time problems of a program; nothing of it runs.
     * @param {string} source
     * @param {RunOptions & { entry?: string, fetch?: boolean }} [how]  `fetch` false: a module that is not at hand is no error
     * @returns {Promise<DiagnosticData[]>}
     */
    async check(source, how = {}) {
      if (typeof source !== 'string') throw new TypeError('check() takes the text of a program');
      /** @param {AbortSignal} signal */
      const prepare = (signal) => entryOf(source, how, options, { supply }, signal);
      const mode = /** @type {const} */ ('check');
      return (await enqueue(() => perform(prepare, { mode, fetch: how.fetch ?? false, input: undefined, args: [] }))).diagnostics;
    },

    /** @param {((text: string, stream: 'stdout' | 'stderr') => void) | null} callback each `print` once, as it comes */
    onOutput(callback) {
      outputTo = callback === null ? null : guarded(callback);
    },

    /** @param {((diagnostics: DiagnosticData[]) => void) | null} callback */
    onDiagnostics(callback) {
      diagnosticsTo = callback === null ? null : guarded(callback);
    },

    /** Feed `receive()`. @param {string} text */
    pushEvent(text) {
      events.push(text);
    },

    stop,

    /** Forget what was fetched and compiled, so that an author's edit shows; the store is kept. */
    reset() {
      stop();
      return enqueue(async () => {
        loader.reset();
        hosts.reset();
        events.reset();
        seeded.clear();
        await forget();
      });
    },

    /** Remove this program's lock, every stored module and compiled code. */
    clearCache() {
      return enqueue(async () => {
        await loader.clear(rootOfLock());
        seeded.clear();
        await forget();
      });
    },

    /** The lockfile of the program that ran last, as the text of packages.lock.json. @returns {Promise<string>} */
    lockfile() {
      return enqueue(async () => ask('writeLock', JSON.stringify(await loader.entries(rootOfLock()))));
    },

    /**
     * Add the entries of a packages.lock.json. Nothing changes where one contradicts; the contradictions are returned.
     * Before the first run they are for whichever program comes.
     * @param {string} text
     */
    importLockfile(text) {
      return enqueue(async () => {
        const entries = await readLock(text);
        const changes = await loader.importEntries(rootOfLock(), entries);
        if (lastRoot === null && changes.length === 0) shipped = { ...shipped, ...entries };
        return changes;
      });
    },

    /** Fetch locked URLs again and lock what they are now. @param {string[] | null} [specs] null: all */
    updateLock(specs = null) {
      return enqueue(async () => {
        const updated = await loader.update(rootOfLock(), specs);
        await forget();
        return updated;
      });
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
