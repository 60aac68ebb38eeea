// @ts-check
/**
 * What is said of a run in which the interpreter broke down.
 *
 * Takes: what Pyodide threw. Gives: an ending with one clear error. Refuses: nothing; whatever it is, there is a sentence for it.
 */

/** @typedef {import('./limits.js').Why} Why */

const TOO_DEEP = 'the program nests calls or data deeper than this browser can hold: nest less deeply, or use a loop';
const BROKE = 'the program broke the Python engine, which has been replaced: please report the program';

/**
 * @param {any} error
 * @param {Why} outOfMemory
 * @returns {Why}
 */
export function deathOf(error, outOfMemory) {
  const text = `${error?.name} ${error?.type ?? ''} ${error?.message}`;
  if (/Maximum call stack|too much recursion|call stack exhausted/i.test(text)) return { type: 'RecursionError', message: TOO_DEEP };
  if (/MemoryError|out of memory|allocation failed/i.test(text)) return outOfMemory;
  const detail = String(error?.message ?? error).trim().split('\n').at(-1)?.slice(0, 200);
  return { type: 'EngineError', message: `${BROKE} (${detail})` };
}

/** @param {Why} why @returns {import('../protocol.js').Ending} */
export function endingOf({ type, message }) {
  const error = { type, message, frames: [], rendered: `error: ${type}: ${message}` };
  return { ok: false, error, exitCode: 1, phases: { link: 0, compile: 0, run: 0 } };
}
