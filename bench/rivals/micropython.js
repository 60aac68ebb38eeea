/**
 * MicroPython in a worker. Takes `{ files }`, gives `{ began }` as it begins, and `{ ms, out, error }`: the time includes compiling, which takes it a moment.
 */
import { loadMicroPython } from '/npm/@micropython/micropython-webassembly-pyscript/micropython.mjs';

/** @type {string[]} */
let lines = [];
/** A fresh one for each program: what modules an earlier one imported is gone. */
const start = () =>
  loadMicroPython({ heapsize: 64 * 1024 * 1024, pystack: 32 * 1024, linebuffer: true, stdout: (/** @type {string} */ line) => lines.push(line) });

onmessage = async ({ data: { files } }) => {
  const python = await start();
  for (const [name, text] of Object.entries(files)) python.FS.writeFile(`/${name}`, text);
  lines = [];
  let error = null;
  postMessage({ began: true });
  const began = performance.now();
  try {
    python.runPython(files['main.py']);
  } catch (problem) {
    error = String(problem);
  }
  postMessage({ ms: performance.now() - began, out: lines.map((line) => `${line}\n`).join(''), error });
};
await start();
postMessage({ version: 'MicroPython' });
