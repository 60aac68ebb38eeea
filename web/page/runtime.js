// @ts-check
/**
 * The runtime's own files: had once for a page, however many elements it has; from what an earlier visit kept, else from the network.
 *
 * Takes: the base URL of the runtime, a callback for progress; the addresses of the author's loaders.
 * Gives: the engine's script, what it starts from as Blobs, the text of the cell's frame; the loaders as Blobs too.
 * Refuses: a file that is not there, with its URL; the next worker tries again. A snapshot that is not the one that the build made is
 * refused by the engine, which then starts plainly: `plain` fetches what it takes.
 */
import { FROM_SNAPSHOT, PLAINLY, STDLIB } from '../files.js';
import { RUNTIME } from './build.js';
import { HERE, hintOf, ROOT } from './root.js';
import { add, discard, keep, recall } from './shelf.js';

/** @typedef {import('./cell.js').FrameFile} FrameFile */
/** @typedef {{ build?: string, snapshot?: boolean, files: Record<string, { bytes: number, sha256: string, xxh64?: string }> }} Manifest */
/** @typedef {(progress: { phase: string, loaded: number, total: number }) => void} OnProgress */

/**
 * @typedef {object} Runtime
 * @property {FrameFile} frame
 * @property {Blob} engine
 * @property {Record<string, Blob>} files  what the engine starts from
 * @property {boolean} snapshot  whether there is one among them; if not, the start is a plain one
 * @property {Record<string, string>} digests  by which the engine knows that they are those that the build made
 * @property {string | null} build  which build it is; null where nobody says
 * @property {() => Promise<Blob>} library  the standard library's archive, which few programs need: from what was kept, else fetched then
 * @property {(why: string) => Promise<Runtime>} plain  the same without a snapshot, which is not used again; the console is told why, once
 * @property {() => Promise<Runtime> | null} instead  what took its place, where an engine could not start from its snapshot
 */

/** For so long the archive is not asked for again where it did not come: a program may want it in a loop. */
const AGAIN_MS = 1000;

/** @typedef {{ runtime: Promise<Runtime>, watchers: Set<OnProgress>, last: { loaded: number, total: number } }} Download */
/** @type {Map<string, Download>} */
const downloads = new Map();

/**
 * @param {string} given  URL of the folder with `edge-python.js`, or of the one with `engine.js` and `runtime/`
 * @param {OnProgress} onProgress
 * @returns {Promise<Runtime>}
 */
export async function loadRuntime(given, onProgress) {
  const base = await folderOf(given);
  const { runtime, watchers, last } = downloads.get(base) ?? begin(base);
  watchers.add(onProgress);
  onProgress({ phase: 'download', ...last });
  try {
    return await runtime;
  } finally {
    watchers.delete(onProgress);
  }
}

/** The cell's frame, where it is known before anything was asked for. @param {string} given @returns {FrameFile | null} */
export function frameOf(given) {
  return RUNTIME !== null && (given === HERE || given === ROOT) ? { text: RUNTIME.frame, url: `${HERE}frame.html` } : null;
}

/** The folder that a build has its files in. @param {string} given @returns {Promise<string>} */
async function folderOf(given) {
  if (given === HERE || given === ROOT) return HERE;
  try {
    const pointer = await fetch(`${given}edge-python.json`, { credentials: 'omit', cache: 'no-cache' });
    if (pointer.ok) return new URL(/** @type {{ folder: string }} */ (await pointer.json()).folder, given).href;
  } catch {
    // A folder without it holds the files themselves; whether it does, they say.
  }
  return given;
}

/** @param {string} base @returns {Download} */
function begin(base) {
  /** @type {Set<OnProgress>} */
  const watchers = new Set();
  const last = { loaded: 0, total: 0 };
  const tell = (/** @type {number} */ loaded, /** @type {number} */ total) => {
    Object.assign(last, { loaded, total });
    for (const watcher of watchers) watcher({ phase: 'download', loaded, total });
  };
  const runtime = load(base, tell);
  const download = { runtime, watchers, last };
  downloads.set(base, download);
  runtime.catch(() => downloads.delete(base));
  return download;
}

/** @typedef {(loaded: number, total: number) => void} Tell */

/** Without this a start from the snapshot is not possible (web/engine/restore.js), and need not be tried. */
const CAN_WAIT = 'Suspending' in WebAssembly;

/** @param {string} base @param {Tell} tell @returns {Promise<Runtime>} */
async function load(base, tell) {
  const built = base === HERE ? RUNTIME : null;
  const { build, snapshot } = known(built?.manifest);
  if (built && build !== undefined && snapshot) {
    const kept = await recall(ROOT, build);
    if (kept !== null) return runtimeOf(base, built.manifest, built.frame, kept, tell);
  }
  const url = `${base}frame.html`;
  const [manifest, frame] = built ? [known(built.manifest), built.frame]
    : await Promise.all([get(`${base}runtime/manifest.json`).then(async (response) => known(await response.json())), get(url).then((response) => response.text())]);
  const files = await download(base, manifest, manifest.snapshot ? FROM_SNAPSHOT : PLAINLY, tell);
  if (built && build !== undefined && snapshot) void keep(ROOT, build, files);
  return runtimeOf(base, manifest, frame, files, tell);
}

/** What of it this browser can use. @param {Manifest | undefined} manifest @returns {Manifest} */
function known(manifest = { files: {} }) {
  return { ...manifest, snapshot: manifest.snapshot === true && CAN_WAIT };
}

/**
 * @param {string} base @param {Manifest} manifest @param {string} frame
 * @param {Record<string, Blob>} kept  with the engine's script among them
 * @param {Tell} tell
 * @returns {Runtime}
 */
function runtimeOf(base, manifest, frame, kept, tell) {
  const { 'engine.js': script, [STDLIB]: archive, ...others } = kept;
  // With a memory no engine needs it to start: it is given out when one asks.
  const files = manifest.snapshot || archive === undefined ? others : { ...others, [STDLIB]: archive };
  /** @type {Promise<Runtime> | null} */
  let plain = null;
  /** @type {Promise<Blob> | null} */
  let library = null;
  return {
    frame: { text: frame, url: `${base}frame.html` },
    engine: new Blob([script ?? ''], { type: 'text/javascript' }),
    files,
    snapshot: manifest.snapshot === true,
    digests: manifest.snapshot ? Object.fromEntries(FROM_SNAPSHOT.map((name) => [name, manifest.files[name]?.xxh64 ?? ''])) : {},
    build: manifest.build ?? null,
    library() {
      if (library === null) {
        library = bring(base, manifest, archive);
        library.catch(() => setTimeout(() => (library = null), AGAIN_MS));
      }
      return library;
    },
    instead: () => plain,
    plain(why) {
      plain ??= (async () => {
        warn(why);
        if (base === HERE) await discard(ROOT);
        const without = { ...manifest, snapshot: false };
        const others = await download(base, without, PLAINLY, tell);
        return runtimeOf(base, without, frame, others, tell);
      })();
      const again = plain;
      again.then((runtime) => downloads.get(base) && (/** @type {Download} */ (downloads.get(base)).runtime = Promise.resolve(runtime)), () => (plain = null));
      return again;
    },
  };
}

/** @param {string} why */
function warn(why) {
  console.warn(`edge-python: ${why}; engines start without their snapshot, which takes longer`);
}

/**
 * The standard library's archive: what was kept, where it is the one that the build made.
 * @param {string} base @param {Manifest} manifest @param {Blob | undefined} kept @returns {Promise<Blob>}
 */
async function bring(base, manifest, kept) {
  // What was kept may be damaged, or not readable any more.
  if (kept !== undefined && await isBuilt(kept, manifest).catch(() => false)) return kept;
  /** @param {RequestCache} cache */
  const fetched = async (cache) => (await get(`${base}runtime/${STDLIB}`, cache)).blob();
  let blob = await fetched('default');
  if (!await isBuilt(blob, manifest)) blob = await fetched('reload'); // a cache may have a damaged one for ever
  if (!await isBuilt(blob, manifest)) throw new Error(`${STDLIB} is damaged: it is not the one that was built`);
  if (base === HERE && manifest.build !== undefined) void add(ROOT, manifest.build, { [STDLIB]: blob });
  return blob;
}

/** Only pages of https, and of the visitor's own machine, can find SHA-256; elsewhere an archive counts as it came. @param {Blob} blob @param {Manifest} manifest */
async function isBuilt(blob, manifest) {
  if (globalThis.crypto?.subtle === undefined) return true;
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  const found = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return found === manifest.files[STDLIB]?.sha256;
}

/**
 * @param {string} base @param {Manifest} manifest @param {string[]} names @param {Tell} tell
 * @returns {Promise<Record<string, Blob>>}
 */
async function download(base, manifest, names, tell) {
  const total = names.reduce((sum, name) => sum + (manifest.files[name]?.bytes ?? 0), 0);
  let loaded = 0;
  const [script, ...blobs] = await Promise.all([
    get(`${base}engine.js`).then((response) => response.blob()),
    ...names.map(async (name) => readBlob(await get(`${base}runtime/${name}`), (bytes) => tell((loaded += bytes), total))),
  ]);
  return { 'engine.js': script, ...Object.fromEntries(names.map((name, index) => [name, /** @type {Blob} */ (blobs[index])])) };
}

/**
 * Loaders of native modules run where the modules do, in the engine, which has no network.
 * @param {string[]} urls
 * @returns {Promise<Record<string, Blob>>}
 */
export async function loadLoaders(urls) {
  const blobs = await Promise.all(urls.map(async (url) => (await get(url, 'default', 'loader', 'loaders')).blob()));
  return Object.fromEntries(urls.map((url, at) => [url, /** @type {Blob} */ (blobs[at])]));
}

/** @param {string} url @param {RequestCache} cache @param {string} what @param {string} option */
async function get(url, cache = 'default', what = 'runtime file', option = 'runtime') {
  let response;
  try {
    response = await fetch(url, { credentials: 'omit', cache });
  } catch {
    throw new Error(`the ${what} ${url} could not be fetched: is '${option}' the right address, and does it allow this page (CORS)?`);
  }
  if (!response.ok) throw new Error(`the ${what} ${url} could not be fetched: the server answered ${response.status}${hintOf(url)}`);
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
