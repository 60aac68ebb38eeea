// @ts-check
/**
 * The engine: one Pyodide, one session, one run at a time.
 *
 * Takes: page messages (`protocol.js`).
 * Gives: engine messages. Linking asks the page for batches; a run waits for the page by JSPI.
 * Refuses: page messages of unknown type, loudly: page and engine are of one build, so one is a mistake of ours.
 */
import { SNAPSHOT, STDLIB } from '../files.js';
import { PROTOCOL } from '../protocol.js';
import { boot, importBlob } from './boot.js';
import { deathOf, endingOf } from './death.js';
import { hastenHashes } from './hashes.js';
import { createIdle } from './idle.js';
import { createLibrary } from './library.js';
import { createLimits } from './limits.js';
import { lockDown } from './lockdown.js';
import { createOutput } from './output.js';
import { createWaiting } from './waiting.js';
import { createNatives } from './wasm.js';

/** @typedef {import('../protocol.js').PageMessage} PageMessage */
/** @typedef {import('../protocol.js').EngineMessage} EngineMessage */
/** @typedef {import('../protocol.js').Outcome} Outcome */
/** @typedef {import('../protocol.js').RunOptions} RunOptions */

/** What the engine's WebAssembly says of a native module. @typedef {{ key: string, kind: 'native' } & ({ failed: string } | { names: string[] | null, capability: boolean })} Inspected */

/** The page stopped a run that was not yet running. */
class Stopped extends Error {}

/** @param {(message: EngineMessage) => void} post */
export function createEngine(post) {
  /** @type {any} */
  let session = null;
  let natives = createNatives([]);
  /** @type {ReturnType<typeof createLimits>} */
  let limits;
  /** @type {ReturnType<typeof createWaiting>} */
  let waiting;
  /** Null where the engine has the standard library's archive from the start. @type {ReturnType<typeof createLibrary> | null} */
  let library = null;
  /** Null where this browser cannot park a Python stack (JSPI). @type {import('./boot.js').Started['stacks']} */
  let stacks = null;
  /** The run at hand; 0: none. */
  let current = 0;
  /** What the page's next `supplied` or `committed` resolves; null stands for a stop. @type {((outcomes: Outcome[] | null) => void) | null} */
  let answered = null;
  const idle = createIdle(makeAhead);
  const output = createOutput((stream, text, ends) => post({ type: 'output', run: current, stream, text, ends }));

  /** What was printed comes before whatever else is said. @param {EngineMessage} message */
  function say(message) {
    output.flush();
    post(message);
  }

  /** @param {Extract<PageMessage, { type: 'boot' }>} message */
  async function start({ files, digests, loaders, protocol }) {
    if (protocol !== PROTOCOL) throw new Error(`the page speaks protocol ${protocol}, this engine ${PROTOCOL}`);
    const began = performance.now();
    const started = await boot(files, digests);
    ({ session, stacks } = started);
    hastenHashes(started.pyodide, started.hashes);
    session.settle(SNAPSHOT in files);
    limits = createLimits(started.pyodide, output.look);
    waiting = createWaiting(limits, stacks, say);
    if (!(STDLIB in files)) library = createLibrary(started.pyodide.FS, session.archive, () => say({ type: 'library' }));
    natives = createNatives(await Promise.all(Object.keys(loaders).map((url) => importLoader(loaders, url))));
    lockDown();
    say({ type: 'booted', ms: performance.now() - began, waits: stacks !== null });
  }

  /** @param {EngineMessage} question @returns {Promise<Outcome[]>} */
  function ask(question) {
    if (limits.why !== null) return Promise.reject(new Stopped());
    return new Promise((resolve, reject) => {
      answered = (outcomes) => {
        answered = null;
        if (outcomes === null) reject(new Stopped());
        else resolve(outcomes);
      };
      say(question);
    });
  }

  /**
   * One run. Whatever breaks down in it has broken the interpreter, which is not used again: the page starts another.
   * @param {number} run
   * @param {RunOptions} options
   */
  async function perform(run, options) {
    current = run;
    waiting.begin(run, options.restore !== null);
    limits.prepare(options.timeout, options.maxMemory, stacks !== null);
    let ending;
    let spent = false;
    try {
      ending = await buildAndRun(run, options);
      spent = limits.swollen && !options.keep; // what a session keeps may be as large as its programs may be
    } catch (error) {
      if (error instanceof Stopped) ending = endingOf({ type: 'Stopped', message: 'the page stopped the program' });
      else [ending, spent] = [endingOf(limits.why ?? deathOf(error, limits.outOfMemory)), true];
    }
    limits.finish();
    waiting.finish();
    say({ type: 'done', run, ending, spent });
    current = 0;
    if (spent) idle.end();
    else idle.begin();
  }

  /** @param {number} run @param {RunOptions} options @returns {Promise<import('../protocol.js').Ending>} */
  async function buildAndRun(run, options) {
    const { source, packages, code, keepCode, restore: _, ...rest } = options;
    const settings = JSON.stringify({ ...rest, packages: packages?.location ?? null });
    let step = JSON.parse(session.begin(settings, source, packages?.bytes ?? new Uint8Array(), code ?? undefined));
    for (let batch = 1; !step.done; batch += 1) {
      const [outcomes, natively] = await Promise.all([
        step.needs.length === 0 ? [] : ask({ type: 'needs', run, batch, root: step.root, needs: step.needs }),
        Promise.all(step.natives.map(inspect)),
      ]);
      step = supply([...outcomes, ...natively]);
    }
    const { root, keys, hosts, diagnostics, compiled } = step;
    const made = keepCode ? session.code() : undefined;
    const refused = await ask({ type: 'linked', run, root, keys, hosts, diagnostics, compiled, ...(made === undefined ? {} : { code: made }) });
    return JSON.parse(await finish(options, diagnostics.length === 0, refused));
  }

  /**
   * @param {RunOptions} options
   * @param {boolean} sound
   * @param {Outcome[]} refused
   * @returns {Promise<string>}
   */
  async function finish(options, sound, refused) {
    if (refused.length > 0) return session.conflicts(JSON.stringify(refused));
    if (!sound || options.mode === 'check') return session.checked();
    const failed = await natives.prepare(JSON.parse(session.loaded()));
    if (limits.why !== null) throw new Stopped();
    if (failed !== null) return session.unprepared(failed);
    const bridge = bridgeOf();
    const given = [bridge, options.maxOutput, options.restore ?? undefined];
    if (stacks === null) return session.run(...given);
    return Promise.race([session.run.callPromising(...given), stacks.watch()]);
  }

  /** What a native module exports is asked here: its engine is this side's. @param {{ key: string, spec: string, digest: string }} need @returns {Promise<Inspected>} */
  async function inspect({ key, spec, digest }) {
    return { key, kind: 'native', ...await natives.inspect(spec, digest, session.native_bytes(key)) };
  }

  /** Outcomes cross as one JSON text and one buffer: a conversion for each would cost more than compiling. @param {(Outcome | Inspected)[]} outcomes */
  function supply(outcomes) {
    const parts = outcomes.map((outcome) => (outcome.kind === 'bytes' ? outcome.bytes : new Uint8Array()));
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    const answers = outcomes.map((outcome) =>
      outcome.kind === 'bytes' ? { key: outcome.key, kind: 'bytes', url: outcome.url, size: outcome.bytes.length } : outcome,
    );
    return JSON.parse(session.supply(JSON.stringify(answers), whole));
  }

  /** What a run calls from Python. */
  function bridgeOf() {
    return {
      natives: (/** @type {Parameters<typeof natives.begin>} */ ...given) => natives.begin(...given),
      write: output.write,
      stacks: stacks ?? undefined,
      /** Why the run is over, as Python asks; undefined, which is None there: it is not. */
      why: () => (limits.why === null ? undefined : [limits.why.type, limits.why.message]),
      begin: limits.begin,
      over: limits.finish,
      handled: limits.handled,
      due: () => limits.due,
      mark: limits.mark,
      looks: () => limits.looks,
      seek: limits.seek,
      reached: (/** @type {number} */ count) => {
        limits.reached(count);
        waiting.restored();
      },
      ...waiting.bridge,
      library: () => waiting.bridge.library(/** @type {NonNullable<typeof library>} */ (library).bring()),
    };
  }

  /** The page ends a run: one that waits is woken, one that computes finds it at its next look. @param {number} run */
  function stop(run) {
    if (run !== current) return;
    limits.end({ type: 'Stopped', message: 'the page stopped the program' });
    answered?.(null);
    waiting.end();
  }

  /** @param {Extract<PageMessage, { type: 'ask' }>} message */
  async function reply({ ask: id, what, text, name }) {
    if (what !== 'readLock' && what !== 'writeLock') {
      const [ok, seen] = await waiting.look(what);
      return say({ type: 'answer', ask: id, ok, text: seen });
    }
    const answer = what === 'readLock' ? session.read_lock(text, name) : session.write_lock(text);
    const [ok, result] = answer.toJs();
    answer.destroy();
    say({ type: 'answer', ask: id, ok, text: result });
  }

  /** A part of what the next run would else have to do. What fails now may do so again in the run that needs it. */
  function makeAhead() {
    try {
      return session.make_ahead();
    } catch (error) {
      if (/** @type {any} */ (error)?.name !== 'PythonError') fail(error);
      return false;
    }
  }

  /** @param {any} error */
  function fail(error) {
    say({ type: 'failed', message: String(error?.message ?? error) });
  }

  /** @param {PageMessage} message */
  async function handle(message) {
    switch (message.type) {
      case 'boot': return start(message);
      case 'run': return perform(message.run, message.options);
      case 'supplied':
      case 'committed': return message.run === current ? answered?.(message.outcomes) : undefined;
      case 'returned': return message.run === current ? waiting.settle(message.answers) : undefined;
      case 'pause': return message.run === current ? waiting.pause(message.pause) : undefined;
      case 'resume': return message.run === current ? waiting.resume() : undefined;
      case 'stop': return stop(message.run);
      case 'ask': return reply(message);
      case 'library': return library?.arrive(message.blob, message.why);
      case 'forget': return session.forget();
      default: throw new Error(`the page sent a message of unknown type ${JSON.stringify(message)}`);
    }
  }

  return {
    /** @param {PageMessage} message */
    async receive(message) {
      idle.rest();
      try {
        await handle(message);
      } catch (error) {
        fail(error);
      }
      if (current === 0) idle.wait();
    },
  };
}

/** A loader of the page's author: one file, because what is imported from a Blob has no relatives. @param {Record<string, Blob>} sources @param {string} url */
async function importLoader(sources, url) {
  let loader;
  try {
    loader = (await importBlob(sources, url)).default;
  } catch (error) {
    throw new Error(`the loader ${url} did not load: ${String(/** @type {any} */ (error)?.message ?? error)}`);
  }
  if (typeof loader?.match !== 'function' || typeof loader?.load !== 'function') {
    throw new Error(`the loader ${url} has no default export with the functions 'match' and 'load'`);
  }
  return { url, match: loader.match.bind(loader), load: loader.load.bind(loader) };
}
