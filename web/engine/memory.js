// @ts-check
/**
 * A native module's memory, as the host touches it.
 *
 * Takes: the memory of an instance, which is known once it is instantiated; pointers and lengths of the module's.
 * Gives: bytes, numbers and 128-bit ints in it; places where calls stage their arguments.
 * Refuses: what is not in that memory: `OutOfBounds`, which ends the module as if it had gone there itself.
 */

/** A module named memory that it does not have. */
export class OutOfBounds extends Error {
  constructor() {
    super('memory access out of bounds');
  }
}

/** A module broke the contract in a way that none of its functions is to blame for. */
export class Unusable extends Error {}

/** Memory that grows has another buffer: views are made again when they are stale. */
export class GuestMemory {
  /** @type {() => WebAssembly.Memory | undefined} */
  #memoryOf;
  /** @type {DataView<ArrayBuffer> | null} */
  #view = null;
  /** @type {Uint8Array<ArrayBuffer>} */
  #bytes = new Uint8Array();

  /** @param {() => WebAssembly.Memory | undefined} memoryOf */
  constructor(memoryOf) {
    this.#memoryOf = memoryOf;
  }

  /** @returns {DataView<ArrayBuffer>} */
  get #now() {
    const buffer = /** @type {ArrayBuffer | undefined} */ (this.#memoryOf()?.buffer);
    if (buffer === undefined) throw new Error('its start function calls the host, which does not know its memory yet');
    if (this.#view === null || this.#view.buffer !== buffer) {
      this.#view = new DataView(buffer);
      this.#bytes = new Uint8Array(buffer);
    }
    return this.#view;
  }

  /** @param {number} pointer @param {number} length @returns {Uint8Array<ArrayBuffer>} a view, not a copy */
  bytes(pointer, length) {
    const from = pointer >>> 0, size = length >>> 0;
    if (from + size > this.#now.byteLength) throw new OutOfBounds();
    return this.#bytes.subarray(from, from + size);
  }

  /** @param {number} pointer @param {number} length @returns {DataView<ArrayBuffer>} the whole memory, which has that part */
  #checked(pointer, length) {
    const view = this.#now;
    if ((pointer >>> 0) + length > view.byteLength) throw new OutOfBounds();
    return view;
  }

  /** @param {number} pointer */
  readU32(pointer) {
    return this.#checked(pointer, 4).getUint32(pointer >>> 0, true);
  }

  /** @param {number} pointer @param {number} value */
  writeU32(pointer, value) {
    this.#checked(pointer, 4).setUint32(pointer >>> 0, value, true);
  }

  /** @param {number} pointer */
  readF64(pointer) {
    return this.#checked(pointer, 8).getFloat64(pointer >>> 0, true);
  }

  /** @param {number} pointer @param {number} value */
  writeF64(pointer, value) {
    this.#checked(pointer, 8).setFloat64(pointer >>> 0, value, true);
  }

  /** A 128-bit int, as a number where that is exact. @param {number} pointer @returns {number | bigint} */
  readInt(pointer) {
    const view = this.#checked(pointer, 16), at = pointer >>> 0;
    const low = view.getBigInt64(at, true), high = view.getBigInt64(at + 8, true);
    if (high !== low >> 63n) return high << 64n | BigInt.asUintN(64, low);
    const number = Number(low);
    return Number.isSafeInteger(number) ? number : low;
  }

  /** @param {number} pointer @param {number | bigint} value */
  writeInt(pointer, value) {
    const view = this.#checked(pointer, 16), at = pointer >>> 0;
    if (typeof value === 'number' && value === (value | 0)) {
      const sign = value < 0 ? -1 : 0;
      view.setInt32(at, value, true);
      view.setInt32(at + 4, sign, true);
      view.setInt32(at + 8, sign, true);
      view.setInt32(at + 12, sign, true);
      return;
    }
    const whole = BigInt(value);
    view.setBigUint64(at, BigInt.asUintN(64, whole), true);
    view.setBigInt64(at + 8, whole >> 64n, true);
  }
}

/**
 * Where calls stage their arguments. Without `__edge_free` one block for each depth is used again, so that memory stays as it
 * is however often the module is called.
 * @param {WebAssembly.Memory} memory
 * @param {(size: number) => number} alloc
 * @param {((pointer: number, size: number) => void) | null} free
 */
export function createStaging(memory, alloc, free) {
  /** @type {{ pointer: number, size: number }[]} */
  const blocks = [];
  let level = 0;

  /** @param {number} size */
  function take(size) {
    const pointer = alloc(size) >>> 0;
    if (pointer === 0 || pointer + size > memory.buffer.byteLength) {
      throw new Unusable(`__edge_alloc(${size}) gave no memory of the module's`);
    }
    return pointer;
  }

  return {
    /** An address for that many bytes; an `unstage` follows even if it throws. @param {number} size */
    stage(size) {
      level += 1;
      if (free !== null) return take(size);
      const block = blocks[level];
      if (block !== undefined && block.size >= size) return block.pointer;
      const rounded = Math.max(64, 2 ** Math.ceil(Math.log2(size)));
      const fresh = { pointer: take(rounded), size: rounded };
      blocks[level] = fresh;
      return fresh.pointer;
    },
    /** @param {number} pointer  0: there is nothing to give back, or the module is dead @param {number} size */
    unstage(pointer, size) {
      level -= 1;
      if (free !== null && pointer !== 0) free(pointer, size);
    },
  };
}

/** @typedef {ReturnType<typeof createStaging>} Staging */
