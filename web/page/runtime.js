// @ts-check
/**
 * The runtime's own files: downloaded once for a page, however many elements it has.
 *
 * Takes: the base URL of the runtime, a callback for progress; the addresses of the author's loaders.
 * Gives: the engine's script and Pyodide's files as Blobs, the text of the cell's frame; the loaders as Blobs too.
 * Refuses: a file that is not there, with its URL; the next worker tries again.
 */

/** @typedef {import('./cell.js').FrameFile} FrameFile */
/** `build`: which build of the runtime it is, where its manifest says so. @typedef {{ engine: Blob, frame: FrameFile, files: Record<string, Blob>, build: string | null }} Runtime */
/** @typedef {(progress: { phase: string, loaded: number, total: number }) => void} OnProgress */

/** What the engine boots from; the manifest lists more (a lock of Pyodide's packages) that nothing needs yet. */
const NEEDED = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'edge_runtime.zip'];

/** @type {Map<string, { runtime: Promise<Runtime>, watchers: Set<OnProgress>, last: { loaded: number, total: number } }>} */
const downloads = new Map();

/**
 * @param {string} base  URL of the folder with `engine.js` and `runtime/`
 * @param {OnProgress} onProgress
 * @returns {Promise<Runtime>}
 */
export async function loadRuntime(base, onProgress) {
  let download = downloads.get(base);
  if (download === undefined) {
    /** @type {Set<OnProgress>} */
    const watchers = new Set();
    const last = { loaded: 0, total: 0 };
    const tell = (/** @type {number} */ loaded, /** @type {number} */ total) => {
      Object.assign(last, { loaded, total });
      for (const watcher of watchers) watcher({ phase: 'download', loaded, total });
    };
    const runtime = fetchRuntime(base, tell);
    runtime.catch(() => downloads.delete(base));
    download = { runtime, watchers, last };
    downloads.set(base, download);
  }
  const { runtime, watchers, last } = download;
  watchers.add(onProgress);
  onProgress({ phase: 'download', ...last });
  try {
    return await runtime;
  } finally {
    watchers.delete(onProgress);
  }
}

/** @param {string} base @param {(loaded: number, total: number) => void} tell @returns {Promise<Runtime>} */
async function fetchRuntime(base, tell) {
  const frame = `${base}frame.html`;
  const [listing, engine, text] = await Promise.all([get(`${base}runtime/manifest.json`), get(`${base}engine.js`), get(frame)]);
  const { files, build = null } = await listing.json();
  const total = NEEDED.reduce((sum, name) => sum + files[name].bytes, 0);
  let loaded = 0;
  const blobs = await Promise.all(
    NEEDED.map(async (name) => {
      const response = await get(`${base}runtime/${name}`);
      return readBlob(response, (bytes) => tell((loaded += bytes), total));
    }),
  );
  return {
    build,
    frame: { text: await text.text(), url: frame },
    engine: new Blob([await engine.blob()], { type: 'text/javascript' }),
    files: Object.fromEntries(NEEDED.map((name, index) => [name, /** @type {Blob} */ (blobs[index])])),
  };
}

/**
 * Loaders of native modules run where the modules do, in the engine, which has no network.
 * @param {string[]} urls
 * @returns {Promise<Record<string, Blob>>}
 */
export async function loadLoaders(urls) {
  const blobs = await Promise.all(urls.map(async (url) => (await get(url, 'loader', 'loaders')).blob()));
  return Object.fromEntries(urls.map((url, at) => [url, /** @type {Blob} */ (blobs[at])]));
}

/** @param {string} url @param {string} what @param {string} option */
async function get(url, what = 'runtime file', option = 'runtime') {
  let response;
  try {
    response = await fetch(url, { credentials: 'omit' });
  } catch {
    throw new Error(`the ${what} ${url} could not be fetched: is '${option}' the right address, and does it allow this page (CORS)?`);
  }
  if (!response.ok) throw new Error(`the ${what} ${url} could not be fetched: the server answered ${response.status}`);
  return response;
}

/** @param {Response} response @param {(bytes: number) => void} onBytes @returns {Promise<Blob>} */
async function readBlob(response, onBytes) {
  if (response.body === null) return response.blob();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks);
    chunks.push(value);
    onBytes(value.length);
  }
}
