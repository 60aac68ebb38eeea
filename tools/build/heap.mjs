/**
 * Makes the memory of a started engine. It runs under the Node of the npm package `node`, which can park stacks: what is made without
 * that never can. `snapshot.mjs` starts it.
 *
 * Takes: on the command line, a folder with pyodide.mjs, pyodide.asm.mjs, pyodide.asm.wasm, python_stdlib.zip, edge_runtime.zip and
 * lock-info.json; the program that warms it; the file to write.
 * Gives: that file, packed by `sparse.mjs`.
 * Refuses: a Node that cannot park stacks; a memory that refers to a thing of this Node's.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPlace } from '../../web/engine/hashes.js';
import { prepare } from '../../web/engine/prepare.js';
import { scrub } from './scrub.mjs';
import { pack } from './sparse.mjs';

const [folder = '', warm = '', out = ''] = process.argv.slice(2);
// Node shows the line that threw, and the glue is one line of a megabyte, behind which the error itself is lost.
process.on('uncaughtException', (error) => {
  console.error(error?.stack ?? String(error));
  process.exit(1);
});
if (typeof (/** @type {any} */ (WebAssembly).Suspending) !== 'function') throw new Error(`Node ${process.version} cannot park stacks`);

const { loadPyodide } = await import(pathToFileURL(join(folder, 'pyodide.mjs')).href);
const { default: createPyodideModule } = await import(pathToFileURL(join(folder, 'pyodide.asm.mjs')).href);
const pyodide = await loadPyodide({
  indexURL: folder,
  createPyodideModule,
  lockFileContents: { info: JSON.parse(await readFile(join(folder, 'lock-info.json'), 'utf8')), packages: {} },
  packageBaseUrl: 'https://engine.invalid/',
  env: { PYTHONHASHSEED: '0' },
  _makeSnapshot: true,
});
prepare(pyodide, await readFile(join(folder, 'edge_runtime.zip')));
pyodide.runPython(await readFile(warm, 'utf8'), { globals: pyodide.toPy({ __name__: 'warm' }), filename: 'warm.py' });
// What a start would look for by compiling Python (`glue.mjs`).
pyodide.runPython('import _pyodide, builtins, importlib, __main__; _pyodide.found = ({}, importlib, vars(__main__), vars(builtins))', { globals: pyodide.toPy({}) });
const hashes = findPlace(pyodide);
if (hashes === null) console.warn('web/engine/hashes.js does not find its way in this Python: hashes are made by Python');
scrub(pyodide);
// Text that `serializer` would have to stand for is a thing of JavaScript's that Python holds: there must be none.
const { hiwireKeys, immortalKeys } = pyodide._api.serializeHiwireState();
if (hiwireKeys.some((/** @type {unknown} */ key) => key !== null)) throw new Error(`the memory holds things of JavaScript's: ${JSON.stringify(hiwireKeys)}`);
await writeFile(out, pack(pyodide._module.HEAPU8, { hiwireKeys, immortalKeys, hashes }));
process.exit(0);
