/** C code that looks for signals counts down: how often a running Python asks JavaScript, on the stock engine and on ours. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { countDown, STEP } from '../../tools/build/signals.mjs';
import { WasmError } from '../../tools/build/wasm.mjs';

const FOLDER = new URL('../../node_modules/pyodide/', import.meta.url);
const STOCK = await readFile(new URL('pyodide.asm.wasm', FOLDER));
const { loadPyodide } = await import(new URL('pyodide.mjs', FOLDER).href);

/** How often JavaScript is asked while Python makes a text of 1,000 numbers, and whether a signal that it then gives arrives. @param {Uint8Array} wasm */
async function looks(wasm) {
  const compile = WebAssembly.instantiate;
  /** @type {any} */ (WebAssembly).instantiate = (/** @type {any} */ given, /** @type {any} */ imports) =>
    compile(given instanceof WebAssembly.Module || given.byteLength < STOCK.length / 2 ? given : wasm, imports);
  const pyodide = await loadPyodide();
  WebAssembly.instantiate = compile;
  const clock = pyodide._module.__Py_emscripten_signal_clock >> 2;
  let [count, signal] = [0, 0];
  pyodide.setInterruptBuffer({
    get 0() {
      pyodide._module.HEAP32[clock] = 10_000; // the eval loop's own looks do not count here
      count += 1;
      return signal;
    },
    set 0(_) {
      signal = 0;
    },
  });
  const make = pyodide.runPython('values = list(range(1000))\nlambda: len(list(map(str, values)))');
  count = 0;
  make();
  const asked = count;
  signal = 2;
  pyodide._module.HEAP32[clock] = STEP * 3;
  assert.throws(make, /KeyboardInterrupt/);
  return asked;
}

test('the stock engine asks at each text, ours once in many, and a signal still comes', async () => {
  const stock = await looks(STOCK);
  const ours = await looks(countDown(STOCK));
  assert.ok(stock >= 1000, `${stock}`);
  assert.ok(ours <= 2, `${ours}`);
});

test('what is not such an engine is refused', () => {
  assert.throws(() => countDown(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])), WasmError);
});
