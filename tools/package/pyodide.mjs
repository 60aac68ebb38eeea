// @ts-check
/**
 * Finishes the package for Pyodide, inside of the Pyodide that pages run: its tools need a newer Python than the project does, and only
 * the same Python makes its bytecode.
 *
 * Takes: on the command line, a folder with the wheel. node_modules/pyodide, the tools' wheels in .venv/package-tools.
 * Gives: in that folder, what tools/package/inside.py says; its lines on standard output.
 * Refuses: tools that were not downloaded, and whatever Pyodide's own tools refuse, with their words.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TOOLS = join(ROOT, '.venv/package-tools');
const PYODIDE = dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));

const [folder] = process.argv.slice(2);
if (folder === undefined) fail('name the folder with the wheel');
if (!existsSync(TOOLS)) fail("Pyodide's tools are not in .venv/package-tools: run 'make setup' first");

// The hash of strings is fixed so that sets come in the same order: the same sources make the same bytes.
const pyodide = await loadPyodide({ env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0', SOURCE_DATE_EPOCH: '315532800' } });
const mounts = { '/out': resolve(folder), '/recipes': join(ROOT, 'packaging/pyodide'), '/tools': TOOLS, '/pyodide': PYODIDE };
for (const [inside, outside] of Object.entries(mounts)) pyodide.mountNodeFS(inside, outside);
try {
  pyodide.runPython(await readFile(new URL('inside.py', import.meta.url), 'utf8'), { filename: 'tools/package/inside.py' });
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

/**
 * @param {string} why
 * @returns {never}
 */
function fail(why) {
  console.error(`package: ${why}`);
  process.exit(1);
}
