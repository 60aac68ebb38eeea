/**
 * Finds the functions of a WebAssembly module that something can come to.
 *
 * Takes: a module, as `readModule` read it, and the indices of the functions that are called from outside.
 * Gives: the indices of all that they reach: by a call, by a reference, or through the table, all of which counts as called.
 * Refuses: a table that is filled otherwise than by lists of functions from a place on, a global that begins with more than a number, and a
 * function that starts by itself.
 */
import { directCalls, Reader, references, WasmError } from './wasm.mjs';

const [GLOBAL, START, ELEMENT] = [6, 8, 9];
const [I32_CONST, I64_CONST, F32_CONST, F64_CONST, GLOBAL_GET, END] = [0x41, 0x42, 0x43, 0x44, 0x23, 0x0b];

/** @param {import('./wasm.mjs').Module} module @param {number[]} called @returns {Set<number>} */
export function reachable(module, called) {
  if (module.sections.some(({ id }) => id === START)) throw new WasmError('a function of it starts by itself');
  refuseGlobals(module);
  /** @type {Set<number>} */
  const found = new Set();
  const open = [...called, ...inTable(module)];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    const body = module.bodies[index - module.imported];
    if (body !== undefined) open.push(...directCalls(module, body), ...references(module, body));
  }
  return found;
}

/** @param {import('./wasm.mjs').Module} module */
function refuseGlobals({ bytes, sections }) {
  for (const { start, end } of sections.filter(({ id }) => id === GLOBAL)) {
    const reader = new Reader(bytes, start, end);
    reader.list(() => {
      reader.skip(2); // its type, and whether it changes
      const op = reader.byte();
      if (op === F32_CONST || op === F64_CONST) reader.skip(op === F32_CONST ? 4 : 8);
      else if (op === I32_CONST || op === I64_CONST || op === GLOBAL_GET) reader.skipNumber();
      else throw new WasmError('a global of it begins with what is no number');
      if (reader.byte() !== END) throw new WasmError('a global of it begins with what is computed');
    });
  }
}

/** @param {import('./wasm.mjs').Module} module @returns {number[]} */
function inTable({ bytes, sections }) {
  return sections.filter(({ id }) => id === ELEMENT).flatMap(({ start, end }) => {
    const reader = new Reader(bytes, start, end);
    return reader.list(() => {
      const kind = reader.number();
      const place = reader.byte();
      if (kind !== 0 || (place !== I32_CONST && place !== GLOBAL_GET)) throw new WasmError('its table is filled in a way that is not known');
      reader.skipNumber();
      if (reader.byte() !== END) throw new WasmError('its table is filled from a place that is not known');
      return reader.list(() => reader.number());
    }).flat();
  });
}
