/**
 * Makes what an engine starts from in place of Pyodide's own start: a memory in which the runtime has been imported and warmed, code
 * without data, and glue that starts fast.
 *
 * Takes: the repository's root, the runtime's files as the build made them. Gives: `snapshot.bin` (kept in build/snapshots/ by the digest of
 * all that it is made of, because it takes seconds) and `bare.wasm`; null, with a warning,
 * where the Pyodide is not the one that this knows, or the npm package `node` is not for this machine: then engines start plainly.
 * Refuses: an interpreter that fails while it is warmed, with what Python said.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bare } from './bare.mjs';
import { BuildError } from './engine.mjs';

const HEAP = fileURLToPath(new URL('heap.mjs', import.meta.url));
const WARM = fileURLToPath(new URL('warm.py', import.meta.url));
/** What `heap.mjs` imports. */
const MAKERS = ['scrub.mjs', 'sparse.mjs', '../../web/engine/prepare.js', '../../web/engine/hashes.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/**
 * @param {string} root
 * @param {string} glue  as tools/build.mjs made it
 * @param {Record<'pyodide.mjs' | 'pyodide.asm.wasm' | 'python_stdlib.zip' | 'edge_runtime.zip', Uint8Array>} files
 * @param {object} lockInfo
 * @param {string} engine  the script that runs the code
 * @returns {Promise<{ snapshot: Uint8Array, wasm: Uint8Array } | null>}
 */
export async function makeSnapshot(root, glue, files, lockInfo, engine) {
  const node = join(root, 'node_modules/node/bin/node');
  if (!existsSync(node)) return none('the npm package `node` has no Node for this machine');
  const given = { ...files, 'pyodide.asm.mjs': glue, 'lock-info.json': JSON.stringify(lockInfo) };
  const wasm = bare(files['pyodide.asm.wasm'], engine).bytes;
  const place = join(root, 'build/snapshots', `${await digestOf(node, given)}.bin`);
  if (existsSync(place)) return { snapshot: await readFile(place), wasm };
  const folder = await mkdtemp(join(tmpdir(), 'edge-snapshot-'));
  try {
    for (const [name, data] of Object.entries(given)) await writeFile(join(folder, name), data);
    const out = join(folder, 'snapshot.bin');
    const made = spawnSync(node, ['--experimental-wasm-jspi', HEAP, `${folder}/`, WARM, out], { encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, TZ: 'UTC', NODE_OPTIONS: '' } });
    const said = `${made.stdout}${made.stderr}`;
    if (made.status !== 0) throw new BuildError(`the memory snapshot could not be made:\n${said}${made.error ?? ''}`);
    if (process.env['EDGE_VERBOSE']) console.log(said);
    const snapshot = await readFile(out);
    await rm(dirname(place), { recursive: true, force: true }); // each is 20 MB: only the latest is kept
    await mkdir(dirname(place), { recursive: true });
    await writeFile(`${place}.${process.pid}`, snapshot);
    await rename(`${place}.${process.pid}`, place);
    return { snapshot, wasm };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of everything that a snapshot is made of and by. @param {string} node @param {Record<string, string | Uint8Array>} given */
async function digestOf(node, given) {
  const made = createHash('sha256').update(JSON.stringify(await stat(node).then(({ size, mtimeMs }) => [size, mtimeMs])));
  const by = await Promise.all([HEAP, WARM, ...MAKERS].map((path) => readFile(path)));
  for (const part of [...Object.entries(given).flat(), ...by]) made.update(createHash('sha256').update(part).digest());
  return made.digest('hex');
}

/** @param {string} why */
export function none(why) {
  console.warn(`build: ${why}: engines start without a snapshot (docs/snapshot.md)`);
  return null;
}
