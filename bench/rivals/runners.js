// @ts-check
/**
 * Who runs a program of the benchmark in this page: our engine, and the interpreters of this folder, each in a worker of its own.
 *
 * Takes: the name of one; a program `{ entry, files }`, and after how many milliseconds of running it is broken off.
 * Gives: `start(name, options)`, and `run(name, program, most)`, which answers `{ ms, out, error, late }`; `late` says that it was broken off.
 * Refuses: nothing. A worker that dies is an error of its program, and the next one has a fresh worker.
 */

/** Milliseconds until a worker that is ready must have begun with a program. */
const BEGIN = 30_000;

/**
 * @typedef {{ entry: string, files: Record<string, string> }} Program
 * @typedef {{ ms: number, out: string, error: string | null, late: boolean }} Ran
 * @type {Record<string, (program: Program, most: number) => Promise<Ran>>}
 */
const runners = {};

/** Starts one, so that its first program finds it ready. */
export async function start(/** @type {string} */ name, /** @type {object} */ options) {
  runners[name] = name === 'ours' ? await startOurs(options) : await startRival(name);
}

export const run = (/** @type {string} */ name, /** @type {Program} */ program, /** @type {number} */ most) =>
  /** @type {(program: Program, most: number) => Promise<Ran>} */ (runners[name])(program, most);

async function startOurs(/** @type {object} */ options) {
  const entries = '/dist/edge-python.js?setElement=false'; // a name of the server's, not of a file's
  const { createWorker } = await import(entries);
  const engine = await createWorker({ isolation: 'worker', ...options });
  return async (/** @type {Program} */ { entry }) => {
    const { phases, out, error } = await engine.runEntry(`/programs/${entry}`);
    return { ms: phases.run, out, error: error?.rendered ?? null, late: false };
  };
}

async function startRival(/** @type {string} */ name) {
  /** @type {Worker | null} */
  let worker = await open(name);
  return async (/** @type {Program} */ { files }, /** @type {number} */ most) => {
    const engine = (worker ??= await open(name));
    /** @type {Ran & { dead?: boolean }} */
    const ran = await new Promise((done) => {
      const ended = (/** @type {object} */ what) => done({ ms: 0, out: '', error: null, late: false, dead: true, ...what });
      engine.onerror = (event) => {
        event.preventDefault();
        ended({ error: event.message || 'its worker died' });
      };
      let timer = setTimeout(() => ended({ error: 'it does not begin' }), BEGIN);
      engine.onmessage = ({ data }) => {
        clearTimeout(timer);
        // Counted from here: what an interpreter needs to get ready is not the program's.
        if (data.began) timer = setTimeout(() => ended({ ms: most, late: true }), most);
        else done({ ...data, late: false });
      };
      engine.postMessage({ files });
    });
    if (ran.dead) {
      engine.terminate();
      worker = null;
    }
    return ran;
  };
}

/** A worker that is ready. @returns {Promise<Worker>} */
const open = (/** @type {string} */ name) =>
  new Promise((done, failed) => {
    // Brython and Skulpt are scripts for pages.
    const worker = new Worker(`/bench/${name}.js`, { type: name === 'brython' || name === 'skulpt' ? 'classic' : 'module' });
    worker.onmessage = () => done(worker);
    worker.onerror = (event) => failed(new Error(`${name} does not start: ${event.message}`));
  });
