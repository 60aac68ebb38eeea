// @ts-check
/**
 * Handles: what native modules see of values.
 *
 * Takes: values as a kind and a payload. Primitives live here; objects of the program live in Python, and here is the
 * number that Python has for them.
 * (below zero: Python lends it for one call, and takes it back by itself).
 * Gives: `u32` handles. A handle is an index and the generation of its slot, so that a stale one is recognised.
 * Refuses: more than `MOST` live handles.
 */

/** Kinds of values. The first six are the tags of the ABI; `OBJECT` is everything that is not primitive. */
export const NONE = 0, BOOL = 1, INT = 2, FLOAT = 3, STR = 4, BYTES = 5, OBJECT = 6;

const INDEX_BITS = 22;
const MASK = 2 ** INDEX_BITS - 1;
const MOST = 1_000_000;
const REST = 16_384;
const GENERATIONS = 2 ** (32 - INDEX_BITS);

/** More handles are live than a program can need. */
export class TooManyHandles extends Error {}

export class Handles {
  /** @type {number[]} -1: the slot is free */
  #kinds = [-1];
  /** @type {any[]} */
  #payloads = [undefined];
  /** @type {number[]} */
  #generations = [0];
  /** Slots that may be used again, the one that rested longest first, from `#head` on. @type {number[]} */
  #free = [];
  #head = 0;
  live = 0;

  /** @param {number} kind @param {any} payload @returns {number} never 0 */
  add(kind, payload) {
    if (this.live >= MOST) throw new TooManyHandles(`more than ${MOST} handles are held: the module does not release what it makes`);
    const index = this.#rested() ?? this.#kinds.length;
    if (index === this.#kinds.length) this.#generations.push(0);
    this.#kinds[index] = kind;
    this.#payloads[index] = payload;
    this.live += 1;
    return ((this.#generations[index] ?? 0) << INDEX_BITS | index) >>> 0;
  }

  /** A slot that rested while `REST` others were used: a stale handle means nothing for millions of new ones. */
  #rested() {
    if (this.#free.length - this.#head <= REST) return undefined;
    const index = this.#free[this.#head];
    this.#head += 1;
    if (this.#head > 4 * REST) {
      this.#free = this.#free.slice(this.#head);
      this.#head = 0;
    }
    return index;
  }

  /** @param {number} handle @returns {number} the slot, or 0 where the handle means nothing */
  slot(handle) {
    const index = handle & MASK;
    return this.#generations[index] === handle >>> INDEX_BITS && (this.#kinds[index] ?? -1) >= 0 ? index : 0;
  }

  /** @param {number} slot */
  kind(slot) {
    return /** @type {number} */ (this.#kinds[slot]);
  }

  /** @param {number} slot */
  payload(slot) {
    return this.#payloads[slot];
  }

  /**
   * The slot is free from now on; its handle means nothing.
   * @param {number} slot
   * @returns {number} the number of the object that it held, which nobody holds any more; else below zero
   */
  release(slot) {
    const object = this.#kinds[slot] === OBJECT ? this.#payloads[slot] : -1;
    this.#kinds[slot] = -1;
    this.#payloads[slot] = undefined;
    this.#generations[slot] = (this.#generations[slot] ?? 0) + 1 & GENERATIONS - 1;
    this.#free.push(slot);
    this.live -= 1;
    return object;
  }
}
