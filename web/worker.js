// @ts-check
/**
 * The engine side's entry: bundled with `engine/` into one classic script, `engine.js`.
 *
 * Takes: page messages. Gives: engine messages. Refuses: nothing here; see `engine/engine.js`.
 */
import { createEngine } from './engine/engine.js';

const scope = /** @type {any} */ (globalThis);
const engine = createEngine((/** @type {unknown} */ message) => scope.postMessage(message));
scope.onmessage = (/** @type {MessageEvent} */ event) => engine.receive(event.data);
