// @ts-check
/**
 * Runs a program, from its text or URL to its result.
 *
 * Takes: a worker's parts, and one job at a time.
 * Gives: a result, of a failing program too; what the job at hand could be saved with.
 * Refuses: nothing of the program's. It rejects where the worker is disposed of or its engine dies.
 */
import { keyOf } from './codes.js';
import { endedBy } from './control.js';
import { entryOf, hostUrlOf } from './program.js';
import { Run } from './run.js';

/** @typedef {import('../protocol.js').DiagnosticData} DiagnosticData */
/** @typedef {import('../protocol.js').ErrorData} ErrorData */
/** @typedef {import('./program.js').Program} Program */

/**
 * @typedef {object} RunOptions
 * @property {string | undefined} [entryDir]
 * @property {string | undefined} [baseUrl]
 * @property {string | undefined} [name]
 * @property {string[]} [args]
 * @property {string | string[]} [input]
 * @property {boolean} [keep]    the names that the program binds stay for the next kept run, and its last value is shown
 * @property {boolean} [record]  false: answers are not recorded, so that its state cannot be saved
 */

/** `plain`: of `boot`, where the memory snapshot was refused. @typedef {Record<'boot' | 'fetch' | 'link' | 'compile' | 'run', number> & { plain?: number }} Phases */

/**
 * How a run went. A failing program is a result, never a rejection.
 * @typedef {object} Result
 * @property {boolean} ok
 * @property {string} out               all that was printed where no `onOutput` is set; after a failure, the rendered error too
 * @property {ErrorData | null} error
 * @property {number} exitCode
 * @property {number} ms
 * @property {Phases} phases            milliseconds
 * @property {number} compiled          modules that were compiled for it: 0 where all were from an earlier run or visit
 */

/**
 * One thing to do with a program: what it is, and how.
 * @typedef {object} Job
 * @property {string | null} source   null: the text is at `how.entry`
 * @property {RunOptions & { entry?: string }} how
 * @property {'run' | 'check'} mode
 * @property {boolean} fetch
 * @property {{ state: Uint8Array, locks: import('./state.js').Locks } | null} restore  what it goes on from
 */

/**
 * @typedef {object} Parts
 * @property {import('./options.js').Options} options
 * @property {import('./loader.js').Loader} loader
 * @property {ReturnType<typeof import('./lock.js').createLock>} lock
 * @property {import('./hosts.js').Hosts} hosts
 * @property {ReturnType<typeof import('./queues.js').createEvents>} events
 * @property {ReturnType<typeof import('./input.js').createInput>} input
 * @property {ReturnType<typeof import('./control.js').createControl>} control
 * @property {ReturnType<typeof import('./engines.js').createEngines>} engines
 * @property {() => Promise<void>} ready  the engine has started, and the worker is not disposed of
 * @property {ReturnType<typeof import('./progress.js').createProgress>} progress
 * @property {ReturnType<typeof import('./ahead.js').createAhead>} ahead
 * @property {ReturnType<typeof import('./codes.js').createCodes>} codes
 * @property {string | null} build  of the runtime
 * @property {Listeners} listeners
 */

/**
 * Who takes the output and the diagnostics over; null: nobody.
 * @typedef {object} Listeners
 * @property {((text: string, stream: 'stdout' | 'stderr') => void) | null} output
 * @property {((diagnostics: DiagnosticData[]) => void) | null} diagnostics
 */

const KEPT_IS_GONE = 'note: Python was started anew, so what earlier inputs defined is gone\n';

/** @param {Parts} parts */
export function createRuns({ options, loader, lock, hosts, events, input, control, engines, ready, progress, ahead, codes, build, listeners }) {
  let runs = 0;
  /** Milliseconds of the first engine's start, which the first run is told. */
  let booted = 0;
  let bootMs = 0;
  /** The engine that has the names of kept runs. @type {number | null} */
  let keeper = null;
  /** @type {{ job: Job, left: () => string[] | null } | null} */
  let atHand = null;

  /**
   * @param {Job} job
   * @returns {Promise<{ result: Result, diagnostics: DiagnosticData[] }>}
   */
  async function perform(job) {
    const { source, how, mode } = job;
    const shows = mode === 'run';
    const startedAt = performance.now();
    /** @type {string[]} */
    const out = [];
    const listening = listeners.output !== null;
    /** @type {(text: string, stream: 'stdout' | 'stderr') => void} */
    const onOutput = (text, stream) => (listening ? listeners.output?.(text, stream) : out.push(text));
    const lines = input.begin(how.input);
    let ok = false;
    try {
      const program = await control.prepare(async (signal) => {
        if (source === null) progress.say('fetch');
        const found = await entryOf(source, how, options, lock, signal);
        if (!('source' in found)) return found;
        await ready();
        return { ...found, ...await codeOf(found, job) };
      }, { shows });
      if (!('source' in program)) {
        const diagnostics = program.diagnostics ?? [];
        if (diagnostics.length > 0) listeners.diagnostics?.(diagnostics);
        return { result: resultOf(program, startedAt), diagnostics };
      }
      if (how.keep && keeper !== null && keeper !== engines.count) onOutput(KEPT_IS_GONE, 'stderr');
      if (how.keep && shows) keeper = engines.count;
      atHand = shows ? { job, left: lines.left } : null;
      const { ending, diagnostics, root, fetchMs, compiled } = await begin(program, job, onOutput, lines.readLine);
      lock.ran(root);
      if (job.fetch) ahead.drop();
      const failed = diagnostics.length > 0 ? diagnostics : (ending.error?.diagnostics ?? []);
      if (failed.length > 0) listeners.diagnostics?.(failed);
      const { error, exitCode } = ending;
      ok = ending.ok;
      if (error !== null) out.push(/[^\n]$/.test(out.at(-1) ?? '') ? '\n' : '', error.rendered);
      const plain = bootMs > 0 ? engines.refused : null;
      const phases = { boot: bootMs, fetch: fetchMs, ...ending.phases, ...(plain === null ? {} : { plain }) };
      bootMs = 0;
      const ms = performance.now() - startedAt;
      return { result: { ok, out: out.join(''), error, exitCode, ms, phases, compiled }, diagnostics: failed };
    } finally {
      atHand = null;
      lines.end();
      control.leave(ok);
    }
  }

  /**
   * The program's code as an earlier visit left it. Only for an engine that has had no program: it is asked for what it makes of
   * this one before a script runs in it, and never again.
   * @param {Program} program @param {Job} job
   */
  async function codeOf(program, { source, how, mode }) {
    const keeps = loader.integrityActive && build !== null && engines.fresh && mode === 'run' && !how.keep;
    if (!keeps) return { code: null, keepCode: null };
    const key = await keyOf(options.origin, program.location, source === null ? null : program.source);
    const code = await codes.read(key, build);
    return { code, keepCode: (/** @type {Uint8Array} */ made) => void codes.keep(key, build, made) };
  }

  /**
   * @param {Program & { code: Uint8Array | null, keepCode: ((code: Uint8Array) => void) | null }} program
   * @param {Job} job
   * @param {(text: string, stream: 'stdout' | 'stderr') => void} onOutput
   * @param {(prompt: string, signal?: AbortSignal) => Promise<string | null>} readLine
   */
  function begin(program, { how, mode, fetch, restore }, onOutput, readLine) {
    runs += 1;
    /** All of the program is known: what came ahead and nobody asked for goes. @type {typeof loader.commit} */
    const commit = (root, keys) => {
      ahead.drop();
      return loader.commit(root, keys);
    };
    const timeoutMs = options.limits.timeout * 1000;
    const run = new Run(
      runs,
      {
        loader: { supply: lock.supply, commit, locked: loader.locked },
        hosts,
        hostUrl: (name, root) => hostUrlOf(name, root, program, options, loader),
        readLine,
        nextEvent: events.next,
        onOutput,
        onProgress: progress.say,
        onState: control.said,
        onCode: (code) => program.keepCode?.(code),
      },
      (message, transfer) => engines.post(message, transfer),
      {
        timeoutMs,
        maxOutput: options.limits.maxOutput,
        check: mode === 'check',
        goesOn: restore?.locks ?? null,
        extraKeys: program.keys,
        onTimeout: () => {
          control.end(run, endedBy('TimeoutError', `the program computed longer than its limit of ${options.limits.timeout} s`));
        },
      },
    );
    control.enter(run);
    events.begin();
    engines.post({
      type: 'run',
      run: run.id,
      options: {
        source: program.source,
        entry: program.location,
        probe: program.probe,
        packages: program.packages,
        imports: options.imports,
        hosts: options.hosts,
        args: (how.args ?? []).map(String),
        maxOutput: options.limits.maxOutput,
        maxMemory: options.limits.memory * 1024 * 1024,
        timeout: timeoutMs,
        loaders: options.loaders.length > 0,
        defaults: options.defaults,
        memo: options.memo,
        mode,
        fetch,
        keep: how.keep ?? false,
        record: how.record ?? true,
        code: program.code,
        keepCode: program.keepCode !== null,
        restore: restore?.state ?? null,
      },
    });
    return run.ended;
  }

  /** @param {ErrorData} error @param {number} startedAt @returns {Result} */
  function resultOf(error, startedAt) {
    const ms = performance.now() - startedAt;
    const phases = { boot: 0, fetch: ms, link: 0, compile: 0, run: 0 };
    return { ok: false, out: error.rendered, error, exitCode: error.type === 'CompileError' ? 2 : 1, ms, phases, compiled: 0 };
  }

  return {
    perform,
    /** The job at hand, and the lines of its input that it has not read; null: nothing runs. */
    get atHand() {
      return atHand;
    },
    get booted() {
      return booted;
    },
    set booted(ms) {
      booted = bootMs = ms;
    },
    /** Whether the engine at hand has names of kept runs. */
    get keeps() {
      return keeper === engines.count;
    },
    /** What kept runs defined is gone, and nobody need be told. */
    forget() {
      keeper = null;
    },
  };
}
