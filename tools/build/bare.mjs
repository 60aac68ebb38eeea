/**
 * Takes out of the engine's WebAssembly what a memory snapshot brings, its data and its memory, and what its glue never asks for:
 * most of 8,560 exports, for each of which an engine would make a function of JavaScript, and the bodies that only those reach, which it
 * would check.
 *
 * Takes: the bytes of pyodide.asm.wasm, and the text of all that runs beside it. Gives: the same code without data, which imports its memory
 * as `env.memory`, and the limits of that memory. Functions and all indices are as they were.
 * Refuses: a module whose memory or data is not of the one kind that this is meant for.
 */
import { reachable } from './reach.mjs';
import { leb, readModule, WasmError } from './wasm.mjs';

const [IMPORT, MEMORY, EXPORT, CODE, DATA, DATA_COUNT] = [2, 5, 7, 10, 11, 12];
const [A_FUNCTION, A_MEMORY] = [0, 2];
/** No locals; `unreachable`, `end`. */
const NOTHING = [0, 0x00, 0x0b];

/** @param {Uint8Array} bytes @param {string} users @returns {{ bytes: Uint8Array, initial: number, maximum: number }} both in pages of 64 KiB */
export function bare(bytes, users) {
  const module = readModule(bytes);
  const { sections } = module;
  /** @param {number} id */
  const content = (id) => {
    const found = sections.filter((section) => section.id === id);
    if (found.length !== 1 || found[0] === undefined) throw new WasmError(`it has ${found.length} sections of kind ${id}`);
    return bytes.subarray(found[0].start, found[0].end);
  };
  const [count, flags, initial, maximum] = numbers(content(MEMORY), 4);
  if (count !== 1 || flags !== 1 || initial === undefined || maximum === undefined) throw new WasmError('its memory is not one with a maximum');
  const imports = content(IMPORT);
  const [imported = 0] = numbers(imports, 1);
  const memory = [...text('env'), ...text('memory'), A_MEMORY, ...content(MEMORY).subarray(1)];
  const kept = exportsFor(module, users);
  /** @type {(Uint8Array | number[])[]} */
  const parts = [bytes.subarray(0, 8)];
  for (const { id, start, end } of sections) {
    if (id === MEMORY || id === DATA || id === DATA_COUNT) continue;
    const more = id === IMPORT ? [...leb(imported + 1), ...imports.subarray(leb(imported).length), ...memory]
      : id === EXPORT ? [...leb(kept.length), ...kept.flatMap(({ name, kind, index }) => [...text(name), kind, ...leb(index)])]
        : id === CODE ? codeFor(module, kept) : bytes.subarray(start, end);
    parts.push([id, ...leb(more.length)], more);
  }
  const made = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  // An instruction that reads data by its number is not valid in a module without any.
  if (!WebAssembly.validate(made)) throw new WasmError('its code reads its data by itself');
  return { bytes: made, initial, maximum };
}

/** @typedef {import('./wasm.mjs').Module} Module */

/** Those that are named there: as they are, or as C's functions are in JavaScript. @param {Module} module @param {string} users */
function exportsFor({ exported }, users) {
  const words = new Set(users.match(/[\w$]+/g));
  return exported.filter(({ name }) => words.has(name) || words.has(`_${name}`));
}

/** All bodies that something can come to; nothing in the place of the others. @param {Module} module @param {Module['exported']} kept */
function codeFor(module, kept) {
  const live = reachable(module, kept.filter(({ kind }) => kind === A_FUNCTION).map(({ index }) => index));
  const bodies = module.bodies.map(({ start, end }, at) => (live.has(module.imported + at) ? module.bytes.subarray(start, end) : Uint8Array.from(NOTHING)));
  return Buffer.concat([Uint8Array.from(leb(bodies.length)), ...bodies.flatMap((body) => [Uint8Array.from(leb(body.length)), body])]);
}

/** The first numbers of a section. @param {Uint8Array} section @param {number} count */
function numbers(section, count) {
  let at = 0;
  return Array.from({ length: count }, () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = section[at++];
      if (byte === undefined) throw new WasmError('a section ends early');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  });
}

/** @param {string} name */
function text(name) {
  const bytes = new TextEncoder().encode(name);
  return [...leb(bytes.length), ...bytes];
}
