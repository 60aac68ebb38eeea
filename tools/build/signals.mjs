/**
 * Has C code that looks for signals count down, as the eval loop does, before it asks JavaScript.
 *
 * Takes: the bytes of an engine that deepstack.mjs knows. Gives: the same with one function changed.
 * Refuses: an engine in which that function is not where it was found (`WasmError`).
 *
 * CPython looks for signals at each `str()` and `repr()` that C code makes. In Pyodide each look is a call of JavaScript, whose
 * answer web/engine/limits.js makes: 2 microseconds, so that a program that formats numbers took twice as long. The eval loop has
 * a countdown for that; here everybody shares it. Long C code (regular expressions, huge integers) has done more between two of
 * its looks than the eval loop has: so each counts for several.
 */
import { directCalls, leb, readModule, replaceCalls, signedLeb, WasmError, wrapFunctions } from './wasm.mjs';

/** What a look of C code takes off the countdown. */
export const STEP = 8;

const ASK = '_Py_CheckEmscriptenSignals_Helper';
const COUNT = '_Py_emscripten_signal_clock';
const LOOK = 'PyErr_CheckSignals';

const [IF, ELSE, END, CALL, GET_GLOBAL, LOAD, STORE, CONST, GREATER, SUBTRACT, I32] =
  [0x04, 0x05, 0x0b, 0x10, 0x23, 0x28, 0x36, 0x41, 0x4a, 0x6b, 0x7f];
/** Alignment and offset of a load or store. */
const HERE = [2, 0];

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function countDown(bytes) {
  const module = readModule(bytes);
  const [ask, count, look] = [module.imports.get(ASK), module.exports.globals.get(COUNT), module.exports.functions.get(LOOK)];
  if (ask === undefined || count === undefined || look === undefined) throw new WasmError('it does not look for signals as it did');
  const address = [GET_GLOBAL, ...leb(count)];
  const left = [...address, LOAD, ...HERE];
  const step = [CONST, ...signedLeb(STEP)];
  const counted = [...address, ...left, ...step, SUBTRACT, STORE, ...HERE, CONST, 0];
  const instead = [...left, ...step, GREATER, IF, I32, ...counted, ELSE, CALL, ...leb(ask), END];
  // PyErr_CheckSignals itself only finds out which thread asks, and calls the function that looks.
  for (const inner of directCalls(module, bodyOf(module, look))) {
    const body = inner < module.imported ? null : replaceCalls(module, bodyOf(module, inner), ask, instead);
    if (body !== null) return wrapFunctions(module, [], () => [], new Map([[inner, body]]));
  }
  throw new WasmError('it does not look for signals where it did');
}

/** @param {import('./wasm.mjs').Module} module @param {number} index */
function bodyOf(module, index) {
  const body = module.bodies[index - module.imported];
  if (body === undefined) throw new WasmError(`function ${index} has no body`);
  return body;
}
