// @ts-check
/**
 * What the runtime's files are called, in the page's record, in messages, and below `runtime/`.
 *
 * Takes: nothing. Gives: their names, and which of them a start takes: one from the snapshot, and a plain one. Refuses: nothing.
 */

/** The memory of a Pyodide that has started, and the code that goes with it. */
export const SNAPSHOT = 'snapshot.bin';
export const CODE = 'bare.wasm';
/** The standard library's archive, which a plain start takes, and few programs. */
export const STDLIB = 'python_stdlib.zip';
/** The package `edge_runtime`, which the memory holds. */
export const PACKAGE = 'edge_runtime.zip';

export const FROM_SNAPSHOT = [SNAPSHOT, CODE];
export const PLAINLY = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', STDLIB, PACKAGE];
