/**
 * Makes the interpreter notice deep recursion before the browser's own stack is full; docs/deep-structures.md says why.
 *
 * Takes: the bytes of pyodide.asm.wasm. Gives: the bytes of an engine whose functions that can recurse take more of the
 * stack that CPython watches, and the number of these functions; null for an engine that is not the one known here.
 * Refuses: an engine of the known digest in which something is not where it was found: that is a mistake of ours.
 */
import { createHash } from 'node:crypto';
import { countDown } from './signals.mjs';
import { directCalls, hasIndirectCalls, leb, readModule, signedLeb, surround, WasmError, wrapFunctions } from './wasm.mjs';

/** The engine that this was measured on. */
export const KNOWN = 'cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6'; // Pyodide 314.0.7

/** What CPython calls to ask how deep it is. */
const CHECKS = ['Py_EnterRecursiveCall', '_Py_CheckRecursiveCall', '_Py_ReachedRecursionLimitWithMargin'];

/** What a function that can recurse takes in addition, in bytes: about the browser's frame of it and of its helpers. */
const MORE = 256;
/** The parser has a function for each rule of the grammar, some twenty for one bracket; their frames are small. */
const MORE_FOR_PARSER = 128;
/** The eval loop's frame is the largest by far. */
const MORE_FOR_EVAL = 512;

/** What a stack of JSPI's own may use of the watched stack; browsers give it 984 KiB (Chromium) or 1 MiB (Firefox). */
export const WAITING_KIB = 544;

/**
 * Functions that recurse and never ask, in CPython itself too: hashes and iterators of what holds others of its kind. They
 * have no exported names; a test asks a running Pyodide for them, by slot, and compares.
 */
export const UNCHECKED = {
  tp_hash: [1415, 1594, 2737, 2779, 3453],
  tp_iternext: [1461, 3722, 3725, 3729],
};

/** What a function gives back when it raised. @type {Record<keyof typeof UNCHECKED, number>} */
const FAILED = { tp_hash: -1, tp_iternext: 0 };

const [CALL, RETURN, IF, EMPTY, END, GET_LOCAL, GET_GLOBAL, SET_GLOBAL, CONST, ADD, SUBTRACT, DROP] =
  [0x10, 0x0f, 0x04, 0x40, 0x0b, 0x20, 0x23, 0x24, 0x41, 0x6a, 0x6b, 0x1a];

/**
 * @param {Uint8Array} bytes
 * @returns {{ bytes: Uint8Array, changed: number } | null}
 */
export function deepen(bytes) {
  if (createHash('sha256').update(bytes).digest('hex') !== KNOWN) return null;
  const module = readModule(bytes);
  const called = (/** @type {string} */ name) => named(module.exports.functions, name);
  const [enter, evaluate, limits, protect] = [
    called('Py_EnterRecursiveCall'), called('_PyEval_EvalFrameDefault'),
    called('_Py_InitializeRecursionLimits'), called('PyUnstable_ThreadState_SetStackProtection'),
  ];
  const pointer = leb(named(module.exports.globals, '__stack_pointer'));
  /** @type {Map<number, Uint8Array>} */
  const bodies = new Map();
  /** @param {number} op @param {number} by */
  const move = (op, by) => [GET_GLOBAL, ...pointer, CONST, ...signedLeb(by), op, SET_GLOBAL, ...pointer];
  /** @param {number} index @param {number} by @param {number[]} first */
  const take = (index, by, first = []) => {
    const body = module.bodies[index - module.imported];
    const results = module.types[module.functions[index] ?? -1]?.results;
    if (body === undefined || results === undefined || results.length > 1) throw new WasmError(`function ${index} is not as it was`);
    bodies.set(index, surround(module, body, results[0] ?? EMPTY, [...move(SUBTRACT, by), ...first], move(ADD, by)));
  };

  const parser = new Set(callers(module, called('_Py_ReachedRecursionLimitWithMargin')));
  for (const index of recursive(module, CHECKS.map(called))) take(index, parser.has(index) ? MORE_FOR_PARSER : MORE);
  take(called('_Py_Dealloc'), MORE);
  take(evaluate, MORE_FOR_EVAL);
  for (const slot of /** @type {(keyof typeof UNCHECKED)[]} */ (Object.keys(UNCHECKED))) {
    // The check's words for where it happened are a C string; at address 0 is an empty one.
    const check = [CONST, 0, CALL, ...leb(enter), IF, EMPTY, ...move(ADD, MORE), CONST, ...signedLeb(FAILED[slot]), RETURN, END];
    for (const index of UNCHECKED[slot]) take(index, MORE, check);
  }
  // Pyodide gives each entry that can wait a thread state of its own: its limits count from where it begins.
  const size = [CONST, ...signedLeb(WAITING_KIB * 1024)];
  const state = [GET_LOCAL, 0];
  const protecting = (/** @type {number} */ inner) =>
    [...state, CALL, ...leb(inner), ...state, GET_GLOBAL, ...pointer, ...size, SUBTRACT, ...size, CALL, ...leb(protect), DROP];
  return { changed: bodies.size + 1, bytes: countDown(wrapFunctions(module, [limits], (_, inner) => protecting(inner), bodies)) };
}

/**
 * The functions that ask how deep they are. The compiler made functions of its own that do nothing but ask: who calls one
 * of these asks as well.
 * @param {import('./wasm.mjs').Module} module
 * @param {number[]} checks
 */
function recursive(module, checks) {
  const asks = new Set(checks);
  const calls = module.bodies.map((body) => directCalls(module, body));
  const asking = () => calls.flatMap((called, order) => (called.some((index) => asks.has(index)) ? [order + module.imported] : []));
  for (const index of asking()) {
    const order = index - module.imported;
    const body = /** @type {import('./wasm.mjs').Range} */ (module.bodies[order]);
    if (calls[order]?.every((called) => asks.has(called)) && !hasIndirectCalls(module, body)) asks.add(index);
  }
  return asking().filter((index) => !asks.has(index));
}

/** @param {import('./wasm.mjs').Module} module @param {number} callee */
function callers(module, callee) {
  return module.bodies.flatMap((body, order) => (directCalls(module, body).includes(callee) ? [order + module.imported] : []));
}

/** @param {Map<string, number>} exports @param {string} name */
function named(exports, name) {
  const index = exports.get(name);
  if (index === undefined) throw new WasmError(`it does not export ${name}`);
  return index;
}
