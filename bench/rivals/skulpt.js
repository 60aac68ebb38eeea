/**
 * Skulpt in a worker. Takes `{ files }`, gives `{ began }` as it begins, and `{ ms, out, error }`: the time includes its translation to JavaScript.
 */
const scope = /** @type {any} */ (globalThis);
scope.window = scope;
scope.importScripts('/npm/skulpt/dist/skulpt.min.js', '/npm/skulpt/dist/skulpt-stdlib.js');
const skulpt = scope.Sk;

onmessage = ({ data: { files } }) => {
  /** @type {string[]} */
  const parts = [];
  let error = null;
  skulpt.configure({
    output: (/** @type {string} */ text) => parts.push(text),
    read: (/** @type {string} */ path) => {
      const own = files[path.replace(/^(\.\/|src\/lib\/)/, '')];
      if (own !== undefined && !path.startsWith('src/builtin')) return own;
      const known = skulpt.builtinFiles.files[path];
      if (known === undefined) throw new Error(`File not found: '${path}'`);
      return known;
    },
    __future__: skulpt.python3,
    execLimit: null,
  });
  postMessage({ began: true });
  const began = performance.now();
  try {
    skulpt.importMainWithBody('<stdin>', false, files['main.py'], false);
  } catch (problem) {
    error = String(problem);
  }
  postMessage({ ms: performance.now() - began, out: parts.join(''), error });
};
postMessage({ version: 'Skulpt' });
