/**
 * Reads a WebAssembly module, and puts instructions around bodies of functions.
 *
 * Takes: a module's bytes. Gives: `readModule`: its types, functions, exports and bodies by index; `directCalls`: what a
 * body calls by index; `surround`: a body with more before and behind; `wrapFunctions`: the module's bytes in which some
 * functions are wrapped and some have other bodies. All that is not such a function stays, byte for byte, and keeps its index.
 * Refuses: bytes that are no module, and instructions that this does not know: what cannot be read is not guessed at.
 */

/** The bytes are no module, or one that this cannot read. */
export class WasmError extends Error {}

/** @typedef {{ start: number, end: number }} Range */
/** @typedef {{ params: number, results: number[] }} Signature */
/**
 * What this needs to know of a module. `functions` are the type indices of all functions, imported ones first;
 * `bodies` those of the others, in their order; `exported` is all that it exports, as it stands; `imports` and `exports` map names to
 * indices, the latter by kind.
 * @typedef {{
 *   bytes: Uint8Array,
 *   sections: (Range & { id: number })[],
 *   types: Signature[],
 *   functions: number[],
 *   imported: number,
 *   imports: Map<string, number>,
 *   bodies: Range[],
 *   exported: { name: string, kind: number, index: number }[],
 *   exports: { functions: Map<string, number>, globals: Map<string, number> },
 * }} Module
 */

const [TYPE, IMPORT, FUNCTION, EXPORT, CODE] = /** @type {const} */ ([1, 2, 3, 7, 10]);
/** Kinds of what is imported and exported. */
const [A_FUNCTION, A_TABLE, A_MEMORY, A_GLOBAL, A_TAG] = /** @type {const} */ ([0, 1, 2, 3, 4]);

/** Bytes, read from a place on. */
export class Reader {
  /** @param {Uint8Array} bytes @param {number} at @param {number} end */
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte() {
    if (this.at >= this.end) throw new WasmError(`it ends in the middle of something, at byte ${this.at}`);
    return /** @type {number} */ (this.bytes[this.at++]);
  }

  /** An unsigned LEB128 of up to 32 bits. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor >= 2 ** 28) throw new WasmError(`a number is too long, at byte ${this.at}`);
    }
  }

  /** Any LEB128, of which the value does not matter. */
  skipNumber() {
    while (this.byte() >= 0x80);
  }

  /** @param {number} count */
  skip(count) {
    if (this.at + count > this.end) throw new WasmError(`it ends in the middle of something, at byte ${this.end}`);
    this.at += count;
  }

  /** A length, then as many bytes. @returns {Range} */
  range() {
    const size = this.number();
    const start = this.at;
    this.skip(size);
    return { start, end: this.at };
  }

  text() {
    const { start, end } = this.range();
    return new TextDecoder().decode(this.bytes.subarray(start, end));
  }

  /** @template T @param {() => T} item @returns {T[]} */
  list(item) {
    return Array.from({ length: this.number() }, item);
  }

  /** The limits of a table or a memory. */
  limits() {
    const flags = this.number();
    this.skipNumber();
    if (flags & 1) this.skipNumber();
  }
}

/** @param {Uint8Array} bytes @returns {Module} */
export function readModule(bytes) {
  const sections = readSections(bytes);
  /** @template T @param {number} id @param {(reader: Reader) => T[]} read @returns {T[]} */
  const section = (id, read) => {
    const found = sections.find((each) => each.id === id);
    return found === undefined ? [] : read(new Reader(bytes, found.start, found.end));
  };
  const types = section(TYPE, (reader) => reader.list(() => readType(reader)));
  const imports = section(IMPORT, (reader) => reader.list(() => readImport(reader)));
  const own = section(FUNCTION, (reader) => reader.list(() => reader.number()));
  const exported = section(EXPORT, (reader) => reader.list(() => ({ name: reader.text(), kind: reader.byte(), index: reader.number() })));
  const bodies = section(CODE, (reader) => reader.list(() => reader.range()));
  if (bodies.length !== own.length) throw new WasmError(`it has ${own.length} functions and ${bodies.length} bodies`);
  const functions = imports.filter(({ type }) => type !== null);
  const imported = functions.map(({ type }) => Number(type));
  /** @param {number} wanted */
  const named = (wanted) => new Map(exported.filter(({ kind }) => kind === wanted).map(({ name, index }) => [name, index]));
  return {
    bytes,
    sections,
    types,
    functions: [...imported, ...own],
    imported: imported.length,
    bodies,
    exported,
    imports: new Map(functions.map(({ name }, index) => [name, index])),
    exports: { functions: named(A_FUNCTION), globals: named(A_GLOBAL) },
  };
}

/** @param {Uint8Array} bytes */
function readSections(bytes) {
  const reader = new Reader(bytes);
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) {
    if (bytes.length < 8 || reader.byte() !== byte) throw new WasmError('it is no WebAssembly module of version 1');
  }
  const sections = [];
  while (reader.at < bytes.length) sections.push({ id: reader.byte(), ...reader.range() });
  return sections;
}

/** @param {Reader} reader @returns {Signature} */
function readType(reader) {
  if (reader.byte() !== 0x60) throw new WasmError('it has types that are not those of functions');
  const params = reader.list(() => reader.byte()).length;
  return { params, results: reader.list(() => reader.byte()) };
}

/** What is imported: its name, and the type of a function, null for what is none. @param {Reader} reader */
function readImport(reader) {
  reader.range();
  return { name: reader.text(), type: typeOfImport(reader) };
}

/** @param {Reader} reader */
function typeOfImport(reader) {
  const kind = reader.byte();
  switch (kind) {
    case A_FUNCTION: return reader.number();
    case A_TABLE: reader.skip(1); reader.limits(); return null;
    case A_MEMORY: reader.limits(); return null;
    case A_GLOBAL: reader.skip(2); return null;
    case A_TAG: reader.skip(1); reader.skipNumber(); return null;
    default: throw new WasmError(`it imports something of unknown kind ${kind}`);
  }
}

/** The functions that a body refers to without a call. @param {Module} module @param {Range} body */
export function references(module, body) {
  /** @type {number[]} */
  const found = [];
  walk(module, body, (op, reader) => {
    if (op !== 0xd2) return false;
    found.push(reader.number());
    return true;
  });
  return found;
}

/**
 * What a body calls by index, in order; calls through a table are not among them.
 * @param {Module} module
 * @param {Range} body
 */
export function directCalls(module, body) {
  /** @type {number[]} */
  const calls = [];
  walk(module, body, (op, reader) => {
    if (op !== 0x10 && op !== 0x12) return false;
    calls.push(reader.number());
    return true;
  });
  return calls;
}

/** Whether a body calls through a table or a reference. @param {Module} module @param {Range} body */
export function hasIndirectCalls(module, body) {
  let found = false;
  walk(module, body, (op) => {
    found ||= op === 0x11 || (op >= 0x13 && op <= 0x15);
    return false;
  });
  return found;
}

/**
 * Shows each instruction of a body to `visit`, which tells whether it read what follows.
 * @param {Module} module
 * @param {Range} body
 * @param {(op: number, reader: Reader) => boolean} visit
 */
function walk({ bytes }, { start, end }, visit) {
  const reader = new Reader(bytes, start, end);
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.skipNumber();
    reader.skip(1);
  }
  while (reader.at < end) {
    const op = reader.byte();
    if (!visit(op, reader)) skipImmediates(reader, op);
  }
}

/** What follows an instruction: `n` a number, `1` a byte, `4`, `8` and `16` so many. @param {Reader} reader @param {number} op */
function skipImmediates(reader, op) {
  if (op >= 0x45 && op <= 0xc4) return; // numeric
  if (op >= 0x28 && op <= 0x3e) return skipMemory(reader);
  switch (op) {
    case 0x00: case 0x01: case 0x05: case 0x0a: case 0x0b: case 0x0f: case 0x19: case 0x1a: case 0x1b: case 0xd1: return;
    case 0x02: case 0x03: case 0x04: case 0x06: // block, loop, if, try
    case 0x07: case 0x08: case 0x09: case 0x18: // catch, throw, rethrow, delegate
    case 0x0c: case 0x0d: case 0x10: case 0x12: case 0x14: case 0x15: // br, br_if, call, return_call, and by reference
    case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: case 0x25: case 0x26: // locals, globals, tables
    case 0x3f: case 0x40: case 0x41: case 0x42: case 0xd0: case 0xd2: return reader.skipNumber();
    case 0x11: case 0x13: reader.skipNumber(); return reader.skipNumber();
    case 0x0e: reader.list(() => reader.skipNumber()); return reader.skipNumber();
    case 0x1c: reader.list(() => reader.skip(1)); return;
    case 0x1f: reader.skipNumber(); reader.list(() => skipCatch(reader)); return;
    case 0x43: return reader.skip(4);
    case 0x44: return reader.skip(8);
    case 0xfc: return skipBulk(reader, reader.number());
    case 0xfd: return skipVector(reader, reader.number());
    default: throw new WasmError(`the instruction 0x${op.toString(16)} at byte ${reader.at - 1} is not known`);
  }
}

/** @param {Reader} reader */
function skipMemory(reader) {
  if (reader.number() & 0x40) reader.skipNumber();
  reader.skipNumber();
}

/** @param {Reader} reader */
function skipCatch(reader) {
  if (reader.byte() < 2) reader.skipNumber();
  reader.skipNumber();
}

/** @param {Reader} reader @param {number} op */
function skipBulk(reader, op) {
  if (op > 17) throw new WasmError(`the instruction 0xfc ${op} at byte ${reader.at} is not known`);
  const numbers = op < 8 ? 0 : [8, 10, 12, 14].includes(op) ? 2 : 1;
  for (let i = 0; i < numbers; i += 1) reader.skipNumber();
}

/** @param {Reader} reader @param {number} op */
function skipVector(reader, op) {
  if (op <= 11 || op === 92 || op === 93) skipMemory(reader);
  else if (op === 12 || op === 13) reader.skip(16);
  else if (op >= 21 && op <= 34) reader.skip(1);
  else if (op >= 84 && op <= 91) {
    skipMemory(reader);
    reader.skip(1);
  } else if (op > 275) throw new WasmError(`the instruction 0xfd ${op} at byte ${reader.at} is not known`);
}

/**
 * Each function of `wrapped` keeps its index and type and gets a body of `wrapper`'s; its own body becomes a new function
 * behind all others. So whoever calls it, by index, through a table or by its export, comes through the wrapper.
 * @param {Module} module
 * @param {number[]} wrapped indices
 * @param {(index: number, inner: number, params: number) => number[]} wrapper the instructions that call `inner`, the index
 *   of the body that was `index`'s, without the last `end`
 * @param {Map<number, Uint8Array>} [replaced] bodies to put in the place of others
 * @returns {Uint8Array}
 */
export function wrapFunctions(module, wrapped, wrapper, replaced = new Map()) {
  const { bytes, sections, types, functions, imported, bodies } = module;
  const bodyOf = bodies.map(({ start, end }, order) => replaced.get(order + imported) ?? bytes.subarray(start, end));
  const added = wrapped.map((index, order) => {
    const body = bodyOf[index - imported];
    const type = functions[index];
    const signature = type === undefined ? undefined : types[type];
    if (body === undefined || type === undefined || signature === undefined) throw new WasmError(`function ${index} has no body`);
    bodyOf[index - imported] = Uint8Array.from([0, ...wrapper(index, functions.length + order, signature.params), 0x0b]);
    return { body, type };
  });
  const all = [...bodyOf, ...added.map(({ body }) => body)];
  const own = [...functions.slice(imported), ...added.map(({ type }) => type)];
  /** @type {Map<number, Uint8Array[]>} */
  const changed = new Map([
    [FUNCTION, [Uint8Array.from([...leb(own.length), ...own.flatMap(leb)])]],
    [CODE, [Uint8Array.from(leb(all.length)), ...all.flatMap((body) => [Uint8Array.from(leb(body.length)), body])]],
  ]);
  const parts = [bytes.subarray(0, 8)];
  for (const { id, start, end } of sections) {
    const content = changed.get(id) ?? [bytes.subarray(start, end)];
    parts.push(Uint8Array.from([id, ...leb(content.reduce((sum, part) => sum + part.length, 0))]), ...content);
  }
  return Buffer.concat(parts);
}

/**
 * A body that does `before` first and `after` last, on every way out that is no exception. Its instructions stand in a
 * block, so that branches out of the body lead to the block's end; returns become such branches.
 * @param {Module} module
 * @param {Range} body
 * @param {number} result the type of the block: that of the one result, or 0x40
 * @param {number[]} before
 * @param {number[]} after
 * @returns {Uint8Array}
 */
export function surround(module, body, result, before, after) {
  const { bytes } = module;
  /** @type {(Uint8Array | number[])[]} */
  const parts = [];
  let [depth, kept, begun] = [0, body.start, false];
  walk(module, body, (op, reader) => {
    if (!begun) {
      parts.push(bytes.subarray(kept, reader.at - 1), before, [0x02, result]);
      [kept, begun] = [reader.at - 1, true];
    }
    if (op === 0x12 || op === 0x13 || op === 0x15) throw new WasmError('a body ends with a call in tail position');
    if (op === 0x0f) {
      parts.push(bytes.subarray(kept, reader.at - 1), [0x0c, ...leb(depth)]);
      kept = reader.at;
    } else if ((op >= 0x02 && op <= 0x04) || op === 0x06 || op === 0x1f) depth += 1;
    else if (op === 0x0b || op === 0x18) depth -= 1;
    return false;
  });
  parts.push(bytes.subarray(kept, body.end), after, [0x0b]);
  return Buffer.concat(parts.map((part) => Uint8Array.from(part)));
}

/**
 * A body in which each call of one function has become other instructions, which take and give the same.
 * @param {Module} module
 * @param {Range} body
 * @param {number} callee
 * @param {number[]} instructions
 * @returns {Uint8Array | null} null where it does not call it
 */
export function replaceCalls(module, body, callee, instructions) {
  const { bytes } = module;
  /** @type {(Uint8Array | number[])[]} */
  const parts = [];
  let kept = body.start;
  walk(module, body, (op, reader) => {
    if (op !== 0x10) return false;
    const at = reader.at - 1;
    if (reader.number() === callee) {
      parts.push(bytes.subarray(kept, at), instructions);
      kept = reader.at;
    }
    return true;
  });
  if (parts.length === 0) return null;
  parts.push(bytes.subarray(kept, body.end));
  return Buffer.concat(parts.map((part) => Uint8Array.from(part)));
}

/** An unsigned number as LEB128. @param {number} value @returns {number[]} */
export function leb(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}

/** A signed number of up to 32 bits as LEB128. @param {number} value @returns {number[]} */
export function signedLeb(value) {
  const bytes = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}
