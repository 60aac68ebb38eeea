/**
 * Brython in a worker. Takes `{ files }`, gives `{ began }` as it begins, and `{ ms, out, error }`: the time includes its translation to JavaScript.
 */
const scope = /** @type {any} */ (globalThis);
// It looks for the page it stands in, and a worker has none.
scope.window = scope;
scope.importScripts('/npm/brython/brython.js', '/npm/brython/brython_stdlib.js');
const brython = scope.__BRYTHON__;

/** @type {string[]} */
let parts = [];
let count = 0;
// In a worker it prints to the console, line by line.
console.log = (...given) => parts.push(given.join(' '));

onmessage = ({ data: { files } }) => {
  parts = [];
  let error = null;
  /** @type {Record<string, any>} */
  const modules = {};
  for (const [name, text] of Object.entries(files)) if (name !== 'main.py') modules[name.slice(0, -3)] = ['.py', text, []];
  for (const name of Object.keys(modules)) delete brython.imported[name];
  brython.update_VFS(modules);
  count += 1;
  postMessage({ began: true });
  const began = performance.now();
  try {
    brython.runPythonSource(files['main.py'], `__main__${count}`);
  } catch (problem) {
    error = brython.error_trace ? String(brython.error_trace(problem)) : String(problem);
  }
  postMessage({ ms: performance.now() - began, out: parts.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join(''), error });
};
postMessage({ version: `Brython ${brython.__MAGIC__}` });
