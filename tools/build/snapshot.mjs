/**
 * Makes what an engine starts from in place of Pyodide's own start: a memory in which the runtime has been imported and warmed, code
 * without data, and glue that starts fast.
 *
 * Takes: the repository's root, the runtime's files as the build made them. Gives: `snapshot.bin` and `bare.wasm`; null, with a warning,
 * where the Pyodide is not the one that this knows, or the npm package `node` is not for this machine: then engines start plainly.
 * Refuses: an interpreter that fails while it is warmed, with what Python said.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bare } from './bare.mjs';
import { BuildError } from './engine.mjs';

const HEAP = fileURLToPath(new URL('heap.mjs', import.meta.url));
const WARM = fileURLToPath(new URL('warm.py', import.meta.url));

/**
 * @param {string} root
 * @param {string} glue  as `quicken` made it
 * @param {Record<'pyodide.mjs' | 'pyodide.asm.wasm' | 'python_stdlib.zip' | 'edge_runtime.zip', Uint8Array>} files
 * @param {object} lockInfo
 * @returns {Promise<{ snapshot: Uint8Array, wasm: Uint8Array } | null>}
 */
export async function makeSnapshot(root, glue, files, lockInfo) {
  const node = join(root, 'node_modules/node/bin/node');
  if (!existsSync(node)) return none('the npm package `node` has no Node for this machine');
  const folder = await mkdtemp(join(tmpdir(), 'edge-snapshot-'));
  try {
    const given = { ...files, 'pyodide.asm.mjs': glue, 'lock-info.json': JSON.stringify(lockInfo) };
    for (const [name, data] of Object.entries(given)) await writeFile(join(folder, name), data);
    const out = join(folder, 'snapshot.bin');
    const made = spawnSync(node, ['--experimental-wasm-jspi', HEAP, `${folder}/`, WARM, out], { encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, TZ: 'UTC', NODE_OPTIONS: '' } });
    const said = `${made.stdout}${made.stderr}`;
    if (made.status !== 0) throw new BuildError(`the memory snapshot could not be made:\n${said}${made.error ?? ''}`);
    if (process.env['EDGE_VERBOSE']) console.log(said);
    return { snapshot: await readFile(out), wasm: bare(files['pyodide.asm.wasm']).bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} why */
export function none(why) {
  console.warn(`build: ${why}: engines start without a snapshot (docs/snapshot.md)`);
  return null;
}
