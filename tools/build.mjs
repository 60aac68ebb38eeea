/**
 * Builds `dist/`: a complete static folder that any web server can serve.
 *
 * Takes: web/, edge_runtime/, node_modules/. Gives: dist/, made aside and renamed at the end, so that a build that
 * fails leaves the old one. With `--vendor` it only copies third-party modules into web/vendor/, for types and for
 * serving web/ as it is written. With `--copies` it adds Brotli and gzip copies, which takes minutes the first time; with them, or
 * with `--sizes`, it says how large each part is.
 * Refuses: an import that leads nowhere, a request to another origin, a pinned digest of the demo that is not true.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'fflate';
import { digestOf } from '../web/engine/digest.js';
import { CODE, FROM_SNAPSHOT, PACKAGE, SNAPSHOT, STDLIB } from '../web/files.js';
import { verify } from './build/verify.mjs';
import { deepen } from './build/deepstack.mjs';
import { writeCopies } from './build/copies.mjs';
import { bundleEngine, BuildError } from './build/engine.mjs';
import { buildFrame } from './build/frame.mjs';
import { quicken } from './build/glue.mjs';
import { layOut, walk, writeServiceWorker } from './build/layout.mjs';
import { packRuntime, unpressed } from './build/package.mjs';
import { bundlePage } from './build/page.mjs';
import { prune } from './build/prune.mjs';
import { makeSnapshot, none } from './build/snapshot.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB = join(ROOT, 'web');
const DIST = join(ROOT, 'dist');

/** What the page side never asks for: the bundle holds it, or only the editor wants it. */
const BUNDLED = ['worker.js', 'sw.js', 'engine', 'cell'];

/** The files of Pyodide that a plain start needs. */
const WASM = 'pyodide.asm.wasm';
const LOADER = 'pyodide.mjs';
const GLUE = 'pyodide.asm.mjs';
const LOCK = 'pyodide-lock.json';

/** What a start from a snapshot runs of Pyodide's glue; null: it is not the one that `quicken` knows. */
async function slimGlue() {
  const text = async (/** @type {Promise<Uint8Array>} */ bytes) => new TextDecoder().decode(await bytes);
  const quick = quicken(await text(readPyodide(GLUE)));
  if (quick === null) return null;
  const ours = (await walk(join(WEB, 'engine'))).map((path) => readFile(join(WEB, 'engine', path)));
  return prune(quick, await readPyodide(WASM), await Promise.all([readPyodide(LOADER), ...ours].map(text)));
}

/** Copies third-party modules, never edited; the declaration beside lets `tsc` use the authors' own types. */
async function vendor() {
  const folder = join(WEB, 'vendor');
  await mkdir(folder, { recursive: true });
  const source = await readFile(join(ROOT, 'node_modules/idb/build/index.js'));
  await replace(join(folder, 'idb.js'), source);
  await replace(join(folder, 'idb.d.ts'), "export * from 'idb';\n");
}

/**
 * Writes a file in one step, so that a reader at the same time sees the old one or the new one.
 * @param {string} path
 * @param {string | Uint8Array} data
 */
async function replace(path, data) {
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, data);
  await rename(aside, path);
}

/** @param {string} name @returns {Promise<Uint8Array>} */
const readPyodide = (name) => readFile(join(ROOT, 'node_modules/pyodide', name));

/** @param {string | Uint8Array} data */
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/**
 * Copies the page side as it is written, for `bundlePage`.
 * @param {string} out
 */
async function copyPage(out) {
  await cp(WEB, out, {
    recursive: true,
    filter(source) {
      const path = relative(WEB, source).split(sep).join('/');
      return !path.endsWith('.d.ts') && !BUNDLED.some((name) => path === name || path.startsWith(`${name}/`));
    },
  });
}

/**
 * Writes Pyodide, the package and the manifest that lists them.
 * @param {string} out
 * @param {Uint8Array} engine
 * @param {string | null} glue  as `slimGlue` made it; null: the Pyodide is not the one that it knows
 */
async function writeRuntime(out, engine, glue) {
  const folder = join(out, 'runtime');
  await mkdir(folder, { recursive: true });
  /** @type {Record<string, { bytes: number, sha256: string, xxh64?: string }>} */
  const files = {};
  /** @type {(name: string, data: Uint8Array) => Promise<void>} */
  const put = async (name, data) => {
    files[name] = { bytes: data.length, sha256: sha256(data) };
    await writeFile(join(folder, name), data);
  };
  const [loader, archive, lock] = await Promise.all([LOADER, STDLIB, LOCK].map(readPyodide));
  if (loader === undefined || archive === undefined || lock === undefined) throw new Error('three were read');
  const stdlib = unpressed(archive);
  // Listed by its own digest, so that whatever is made with an engine (a snapshot) says with which.
  const stock = await readPyodide(WASM);
  const deep = deepen(stock);
  if (deep === null) console.warn(`build: ${WASM} is not the one that tools/build/deepstack.mjs knows: deep structures can end the engine (docs/deep-structures.md)`);
  const wasm = deep?.bytes ?? stock;
  const edge = await packRuntime(join(ROOT, 'edge_runtime'), sha256(`${sha256(engine)} ${sha256(wasm)}`));
  for (const [name, data] of Object.entries({ [LOADER]: loader, [GLUE]: await readPyodide(GLUE), [WASM]: wasm, [STDLIB]: stdlib, [LOCK]: lock, [PACKAGE]: edge })) await put(name, data);
  const made = glue === null ? none(`${GLUE} is not the one that tools/build/glue.mjs knows`)
    : await makeSnapshot(ROOT, glue, { [LOADER]: loader, [WASM]: wasm, [STDLIB]: stdlib, [PACKAGE]: edge }, JSON.parse(new TextDecoder().decode(lock)).info, new TextDecoder().decode(engine));
  if (made !== null) {
    for (const [name, data] of Object.entries({ [SNAPSHOT]: made.snapshot, [CODE]: made.wasm })) {
      await put(name, data);
      Object.assign(files[name] ?? {}, { xxh64: await digestOf(data) }); // what an engine checks at each start
    }
  }
  const names = Object.keys(files).sort();
  // The engine is part of a build's identity: a cached snapshot of another engine must not be taken for this one's.
  const build = sha256([...names.map((name) => `${name} ${files[name]?.sha256}`), `engine.js ${sha256(engine)}`].join('\n'));
  const sorted = Object.fromEntries(names.map((name) => [name, files[name]]));
  const manifest = { build, deepStructures: deep !== null, snapshot: made !== null, files: sorted };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/**
 * Tells the page what lies beside it, so that it need not ask.
 * @param {string} out
 * @param {object} manifest
 * @param {string} frame
 */
async function tellPage(out, manifest, frame) {
  const text = `// What the build knows of the runtime beside these files; see web/page/build.js.\nexport const RUNTIME = ${JSON.stringify({ manifest, frame })};\n`;
  await writeFile(join(out, 'page/build.js'), text);
}

/**
 * Puts the new folder in the place of the old one.
 * @param {string} fresh
 */
async function swap(fresh) {
  const old = `${DIST}.old-${process.pid}`;
  if (existsSync(DIST)) await rename(DIST, old);
  await rename(fresh, DIST);
  await rm(old, { recursive: true, force: true });
}

/** What no first visit asks for: what only a plain start needs, the demo, packages of the page that a program must import. */
const LATER = /^(demo|host|vendor)\/|^runtime\/(pyodide|edge_runtime|manifest)|^(sw|offline)\.js$/;

/** A path without the name of the build's folder. @param {string} path */
const plainly = (path) => path.replace(/^[0-9a-f]{16}\//, '');

/** Copies for static hosts, and what they mean for a first visit. @param {string} out */
async function compress(out) {
  const sizes = await writeCopies(out, await walk(out), (path) => !LATER.test(plainly(path)), join(ROOT, 'build/copies'));
  const sum = [...sizes].reduce((all, [path, size]) => all + (LATER.test(plainly(path)) ? 0 : size), 0);
  console.log(`a first visit asks for at most ${(sum / 1e6).toFixed(2)} MB of Brotli`);
}

/** What there is, by part: as it is, and as a server that compresses sends it. No visitor asks for all of it (bench/bytes.py). */
async function printSizes() {
  const parts = new Map([['page', [0, 0]], ['engine.js', [0, 0]], ['snapshot', [0, 0]], ['library', [0, 0]], ['plain start only', [0, 0]], ['demo', [0, 0]]]);
  for (const full of (await walk(DIST)).filter((path) => !/\.(br|gz)$/.test(path))) {
    const data = await readFile(join(DIST, full));
    const path = plainly(full);
    const name = path.startsWith('demo/') ? 'demo'
      : path === 'engine.js' ? 'engine.js'
      : FROM_SNAPSHOT.some((name) => path === `runtime/${name}`) ? 'snapshot'
      : path === `runtime/${STDLIB}` ? 'library'
      : path.startsWith('runtime/') ? 'plain start only' : 'page';
    const sum = parts.get(name) ?? [0, 0];
    parts.set(name, [(sum[0] ?? 0) + data.length, (sum[1] ?? 0) + gzipSync(data, { level: 6 }).length]);
  }
  const kib = (/** @type {number} */ bytes) => `${Math.ceil(bytes / 1024).toLocaleString('en')} KiB`.padStart(11);
  console.log('dist/                    plain       gzip');
  for (const [name, [plain = 0, gzip = 0]] of parts) console.log(`  ${name.padEnd(17)}${kib(plain)}${kib(gzip)}`);
}

async function build() {
  const fresh = `${DIST}.new-${process.pid}`;
  try {
    await vendor();
    await copyPage(fresh);
    const ahead = await bundlePage(fresh);
    const glue = await slimGlue();
    const engine = await bundleEngine(ROOT, join(WEB, 'worker.js'), glue);
    await writeFile(join(fresh, 'engine.js'), engine);
    const frame = await buildFrame(ROOT, join(WEB, 'cell/frame.js'));
    await writeFile(join(fresh, 'frame.html'), frame);
    await verify(fresh);
    await tellPage(fresh, await writeRuntime(fresh, engine, glue), frame);
    await writeServiceWorker(ROOT, fresh, await layOut(fresh, ahead));
    if (process.argv.includes('--copies')) await compress(fresh);
    await swap(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  if (process.argv.includes('--sizes') || process.argv.includes('--copies')) await printSizes();
}

try {
  await (process.argv.includes('--vendor') ? vendor() : build());
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
