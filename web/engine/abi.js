// @ts-check
/**
 * The native ABI, version 1, over the browser's WebAssembly (`wasm-abi.md`): the six imports, and calls of exports.
 *
 * Takes: compiled modules, and `Script`, the program's side of a run, in Python.
 * Gives: instances whose functions Python calls with values as they cross by themselves.
 * Refuses: handles, tags and counts that lie, as errors of the guest's call; pointers that lie, as traps.
 *
 * Primitives stay on this side: `edge_decode` of an argument and `edge_encode` of a result never reach Python. Only
 * `edge_op` and objects do. One number in Python's own memory, `status`, says what a value that crosses is, because
 * JavaScript cannot tell 2.0 from 2.
 */
import { GuestMemory, Unusable } from './memory.js';
import { BOOL, BYTES, FLOAT, Handles, INT, NONE, OBJECT, STR, TooManyHandles } from './handles.js';

/** Beyond the kinds of values: an error is pending. */
const ERROR = 7;
/** A float that is minus zero: as a number it would cross as an int. */
const MINUS_ZERO = 8;
/** The module trapped. */
const TRAP = 9;
/** An int that is a BigInt: it would cross as a class of Pyodide's own. */
const WIDE = 10;

const RUNTIME = 2, CUSTOM = 6;
/** An error of a call that broke the contract: Python names module and function. */
const CONTRACT = 9;
/** The same, and the function has no part in it. */
const UNUSABLE = 10;
const NOT_PRIMITIVE = 0xffffffff;
/** From so many bytes on, memory is used again. */
const LARGE = 65_536;
const MOST_ARGUMENTS = 1_000_000;
/** Calls of native modules within one another, by way of the script: each takes stack of the engine's own. */
const DEEPEST = 60;

const LOWEST_INT = -(2n ** 127n), HIGHEST_INT = 2n ** 127n - 1n;
const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** A call within this one trapped: nothing of the module may go on. */
class Dead extends Error {}

/** What a guest did against the contract. */
class Refused extends Error {}

/** The error that a guest's function leaves. `own`: the number by which Python knows the exception, or ''. */
class Pending {
  /** @param {number} kind @param {string} message @param {string} [own] */
  constructor(kind, message, own = '') {
    this.kind = kind;
    this.message = message;
    this.own = own;
  }
}

/**
 * What Python does for a run. Each gives a value and sets `status` to its kind, or to ERROR.
 * @typedef {object} Script
 * @property {(guest: number, op: number, kind: number, receiver: any, name: string, kinds: string, ...args: any[]) => any} dispatch
 *   the result of an operation; of an error the text `kind:number:message`, by whose number Python knows the exception
 * @property {(value: any) => number} keep       an int that is not primitive, or a text that is not UTF-8, as an object
 * @property {(object: number) => any} underneath  the primitive that an object of a derived class is (`class Size(int)`)
 * @property {(objects: any) => void} drop       objects that no handle means any more
 */

/** @typedef {(argv: number, argc: number, out: number) => number} GuestFunction */

/** @typedef {(given: number[]) => number} Invoke  handles of the arguments, the keywords' (or 0) last; gives that of the result */
/**
 * What the native modules of one run share.
 * @param {Script} script
 * @param {() => Int32Array} status  one element; asked for again because memory that grows moves
 */
export function createAbi(script, status) {
  /** Objects that no handle means any more, told to Python in one go. @type {number[]} */
  let dropped = [];
  const shared = {
    script,
    status,
    depth: 0,
    /** @param {number} object */
    drop(object) {
      if (object >= 0 && dropped.push(object) > 10_000) shared.flush();
    },
    flush() {
      if (dropped.length === 0) return;
      const objects = dropped;
      dropped = [];
      script.drop(objects);
    },
  };
  return { guest: (/** @type {number} */ number) => createGuest(shared, number) };
}

/** @typedef {ReturnType<typeof createGuest>} Guest */

/**
 * One module instance: its handles, its pending error, its calls.
 * @param {{ script: Script, status: () => Int32Array, depth: number, drop: (object: number) => void, flush: () => void }} shared
 * @param {number} number  what Python knows it by
 */
function createGuest(shared, number) {
  const { script, status } = shared;
  const handles = new Handles();
  /** @type {Pending | null} */
  let pending = null;
  /** An exception of the script's that the guest took: thrown again as it was, it is the same one. @type {Pending | null} */
  let taken = null;
  /** The memory of an argument of many bytes, for the next result: new memory by the megabyte costs more than copying. @type {Uint8Array<ArrayBuffer> | null} */
  let spare = null;
  /** Why it trapped, once it has. */
  let dead = '';
  /** What was thrown through the guest in the call at hand. A guest with `catch_all` may catch it, and still ends. @type {unknown} */
  let escaped = null;

  /** @param {number} slot */
  const release = (slot) => shared.drop(handles.release(slot));

  /** @param {number} kind @param {string} message */
  function raise(kind, message) {
    pending = new Pending(kind, message);
    return 1;
  }

  /** @param {Uint8Array<ArrayBuffer>} data */
  function copied(data) {
    if (spare === null || data.length < LARGE || data.length > spare.length) return data.slice();
    const copy = spare.subarray(0, data.length);
    spare = null;
    copy.set(data);
    return copy;
  }

  /** What Python is told of a value. @param {number} kind @param {any} payload */
  function kindFor(kind, payload) {
    if (kind === FLOAT) return Object.is(payload, -0) ? MINUS_ZERO : FLOAT;
    return kind === INT && typeof payload === 'bigint' ? WIDE : kind;
  }

  /** A value that came from Python, with its kind. @param {number} kind @param {any} value @returns {number} */
  function handleOf(kind, value) {
    if (kind === INT && typeof value === 'bigint' && (value < LOWEST_INT || value > HIGHEST_INT)) {
      return handles.add(OBJECT, script.keep(value));
    }
    if (kind === STR && !value.isWellFormed()) return handles.add(OBJECT, script.keep(value));
    if (kind === MINUS_ZERO) return handles.add(FLOAT, -0);
    return handles.add(kind, kind === FLOAT ? Number(value) : value);
  }

  /** The six imports; the guest's memory is known once it is instantiated. @param {() => WebAssembly.Memory | undefined} memoryOf */
  function imports(memoryOf) {
    const memory = new GuestMemory(memoryOf);

    /** An import that makes handles: too many of them are the guest's error. @template T @param {() => T} work @param {T} failed @returns {T} */
    function counted(work, failed) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof TooManyHandles)) throw error;
        raise(RUNTIME, error.message);
        return failed;
      }
    }

    /** @param {number} op @param {number} receiver @param {number} namePointer @param {number} nameLength @param {number} argv @param {number} argc @param {number} out */
    function operate(op, receiver, namePointer, nameLength, argv, argc, out) {
      memory.bytes(out, 4);
      const count = argc >>> 0;
      if (count > MOST_ARGUMENTS) return raise(RUNTIME, `edge_op: ${count} arguments are too many, the most are ${MOST_ARGUMENTS}`);
      if (count > 0) memory.bytes(argv, count * 4);
      let name = '';
      if (op >= 0 && op <= 2) { // the others have none, and may pass anything
        try {
          name = strict.decode(memory.bytes(namePointer, nameLength));
        } catch (error) {
          if (error instanceof TypeError) return raise(RUNTIME, 'edge_op: the name is not UTF-8');
          throw error;
        }
      }
      const slot = handles.slot(receiver);
      const makes = op === 8 || op === 9 || op >= 11 && op <= 13;
      if (slot === 0 && !makes) return raise(RUNTIME, `edge_op: ${receiver >>> 0} is not a valid handle`);
      let kinds = '';
      const values = [];
      for (let at = 0; at < count; at += 1) {
        const handle = memory.readU32((argv >>> 0) + at * 4);
        const argument = handles.slot(handle);
        if (argument === 0) return raise(RUNTIME, `edge_op: ${handle} is not a valid handle`);
        const kind = handles.kind(argument);
        const payload = handles.payload(argument);
        kinds += String.fromCharCode(48 + kindFor(kind, payload));
        values.push(payload);
      }
      const own = slot === 0 ? NONE : handles.kind(slot);
      const payload = slot === 0 ? undefined : handles.payload(slot);
      const result = script.dispatch(number, op >>> 0, kindFor(own, payload), payload, name, kinds, ...values);
      const kind = /** @type {number} */ (status()[0]);
      status()[0] = NONE;
      if (kind === ERROR) {
        const [of = '', own = '', ...message] = result.split(':');
        pending = new Pending(Number(of), message.join(':'), own);
      }
      if (dead !== '') throw new Dead(dead);
      if (kind === ERROR) return 1;
      memory.writeU32(out, handleOf(kind, result));
      return 0;
    }

    /** @param {number} tag @param {number} pointer @param {number} length @returns {number} */
    function encode(tag, pointer, length) {
      switch (tag) {
        case NONE: return length === 0 ? handles.add(NONE, undefined) : 0;
        case BOOL: {
          const byte = length === 1 ? memory.bytes(pointer, 1)[0] : undefined;
          return byte === 0 || byte === 1 ? handles.add(BOOL, byte === 1) : 0;
        }
        case INT: return length === 16 ? handles.add(INT, memory.readInt(pointer)) : 0;
        case FLOAT: return length === 8 ? handles.add(FLOAT, memory.readF64(pointer)) : 0;
        case STR: {
          const data = memory.bytes(pointer, length);
          try {
            return handles.add(STR, strict.decode(data));
          } catch (error) {
            if (error instanceof TypeError) return 0;
            throw error;
          }
        }
        case BYTES: return handles.add(BYTES, copied(memory.bytes(pointer, length)));
        default: return 0;
      }
    }

    /** @param {number} handle @param {number} outTag @param {number} destination @param {number} most @returns {number} */
    function decode(handle, outTag, destination, most) {
      memory.bytes(outTag, 4);
      const slot = handles.slot(handle);
      let kind = slot === 0 ? OBJECT : handles.kind(slot);
      let payload = slot === 0 ? undefined : handles.payload(slot);
      if (kind === OBJECT && slot !== 0) {
        payload = script.underneath(payload);
        kind = /** @type {number} */ (status()[0]);
        status()[0] = NONE;
        if (kind === MINUS_ZERO) [kind, payload] = [FLOAT, -0];
      }
      if (kind === OBJECT) {
        memory.writeU32(outTag, NOT_PRIMITIVE);
        return 0;
      }
      const data = kind === STR ? utf8.encode(payload) : payload;
      const size = kind === NONE ? 0 : kind === BOOL ? 1 : kind === INT ? 16 : kind === FLOAT ? 8 : data.length;
      memory.writeU32(outTag, kind);
      if (size > most >>> 0) return -size;
      if (size === 0) return 0;
      if (kind === INT) memory.writeInt(destination, payload);
      else if (kind === FLOAT) memory.writeF64(destination, payload);
      else memory.bytes(destination, size).set(kind === BOOL ? [payload ? 1 : 0] : data);
      return size;
    }

    /** @param {number} outKind @param {number} destination @param {number} most */
    function takeError(outKind, destination, most) {
      if (pending === null) return -1;
      const data = utf8.encode(pending.message);
      memory.writeU32(outKind, pending.kind);
      if (data.length > most >>> 0) return -Math.max(data.length, 2); // -1 says that there is none
      memory.bytes(destination, data.length).set(data);
      taken = pending.own === '' ? null : pending;
      pending = null;
      return data.length;
    }

    /** An import as the guest gets it. @template {any[]} A @template T @param {(...given: A) => T} work */
    const entry = (work) => (/** @type {A} */ ...given) => {
      if (dead !== '') throw new Dead(dead);
      try {
        return work(...given);
      } catch (error) {
        escaped ??= error;
        throw error;
      }
    };

    return {
      edge_op: entry((/** @type {Parameters<typeof operate>} */ ...given) => counted(() => operate(...given), 1)),
      edge_encode: entry((/** @type {Parameters<typeof encode>} */ ...given) => counted(() => encode(...given), 0)),
      edge_decode: entry(decode),
      edge_release: entry((/** @type {number} */ handle) => {
        const slot = handles.slot(handle);
        if (slot !== 0) release(slot);
      }),
      edge_take_error: entry(takeError),
      edge_throw: entry((/** @type {number} */ kind, /** @type {number} */ pointer, /** @type {number} */ length) => {
        const message = lenient.decode(memory.bytes(pointer, length));
        if (taken !== null && taken.kind === kind && taken.message === message) pending = taken;
        else raise(kind >>> 0 <= CUSTOM ? kind : RUNTIME, message);
      }),
    };
  }

  /**
   * How calls of a guest's functions pass their handles through its memory.
   * @param {WebAssembly.Memory} memory
   * @param {import('./memory.js').Staging} staging
   * @param {GuestFunction} target
   * @returns {Invoke}
   */
  function throughMemory(memory, staging, target) {
    return (given) => {
      const size = given.length * 4 + 4;
      let back = 0;
      try {
        const pointer = staging.stage(size);
        const words = new DataView(memory.buffer);
        for (let at = 0; at < given.length; at += 1) words.setUint32(pointer + at * 4, given[at] ?? 0, true);
        const out = pointer + size - 4;
        words.setUint32(out, 0, true);
        const code = target(pointer, given.length, out);
        back = pointer; // a module that trapped is not asked to free
        if (code === 0) return new DataView(memory.buffer).getUint32(out, true);
        if (code !== 1) throw new Refused(`returned ${code}; only 0 and 1 have a meaning`);
        if (pending === null) throw new Refused('returned 1, an error, but set none');
        throw pending;
      } finally {
        staging.unstage(back, size);
      }
    };
  }

  /**
   * A function as Python calls it: kinds of the arguments as one text of digits, the object of the keywords' dict (0: none),
   * the arguments. Gives the result, or the text of an error; `status` says what it is.
   * @param {Invoke} invoke
   * @param {(error: unknown) => string | null} onTrap  the reason why the module is dead from now on; null: an error like any other
   */
  function callable(invoke, onTrap) {
    /** What the value is that the call at hand gives: told last, so that nobody else may say so in between. */
    let outcome = NONE;

    /** @param {Pending} error */
    const textOf = ({ kind, own, message }) => `${kind}:${own}:${message}`;

    /** @param {unknown} error @returns {Pending | string} an error of the call's, or why the module is dead */
    function judged(error) {
      if (error instanceof Pending) return error;
      // The script let the error of a call within, which trapped, pass: it is this call's too.
      if (error instanceof Dead && pending !== null && pending.own !== '') return pending;
      if (error instanceof Unusable) return new Pending(UNUSABLE, error.message);
      if (error instanceof Refused || error instanceof TooManyHandles) return new Pending(CONTRACT, error.message);
      const reason = onTrap(error);
      if (reason === null) return new Pending(CUSTOM, described(error));
      dead ||= reason;
      return reason;
    }

    /** @param {string} kinds @param {number} keywords @param {any[]} args */
    function perform(kinds, keywords, args) {
      /** @type {number[]} */
      const given = [];
      /** @type {any} */
      let payload;
      let kind = ERROR;
      try {
        for (let at = 0; at < args.length; at += 1) given.push(handleOf(kinds.charCodeAt(at) - 48, args[at]));
        given.push(keywords === 0 ? 0 : handles.add(OBJECT, keywords));
        const handle = invoke(given);
        if (escaped !== null) throw escaped;
        if (dead !== '') throw new Dead(dead);
        const slot = handles.slot(handle);
        if (slot === 0 && pending !== null) throw pending;
        if (slot === 0) throw new Refused(handle === 0 ? 'returned 0 but left no handle in *out' : `left ${handle}, which is no handle, in *out`);
        payload = handles.payload(slot);
        kind = kindFor(handles.kind(slot), payload);
        // An object that is not lent is Python's from now on: it must not be dropped with the arguments.
        if (kind === OBJECT ? payload > 0 : !given.includes(handle)) handles.release(slot);
        return payload;
      } catch (error) {
        const why = judged(error);
        kind = why instanceof Pending ? ERROR : TRAP;
        return why instanceof Pending ? textOf(why) : why;
      } finally {
        for (const handle of given) {
          const slot = handles.slot(handle);
          if (slot === 0) continue;
          if (handles.kind(slot) === BYTES && handles.payload(slot) !== payload) recycle(handles.payload(slot));
          release(slot);
        }
        outcome = kind;
      }
    }

    /** @param {Uint8Array<ArrayBuffer>} bytes  which nobody reads any more */
    function recycle({ buffer }) {
      if (buffer.byteLength >= LARGE && buffer.byteLength > (spare?.length ?? 0)) spare = new Uint8Array(buffer);
    }

    return (/** @type {string} */ kinds, /** @type {number} */ keywords, /** @type {any[]} */ ...args) => {
      const before = { pending, taken, escaped };
      [pending, taken, escaped] = [null, null, null];
      shared.depth += 1;
      try {
        if (shared.depth <= DEEPEST) return perform(kinds, keywords, args);
        outcome = ERROR;
        return textOf(new Pending(CUSTOM, `RecursionError: native modules and the program call each other more than ${DEEPEST} levels deep`));
      } finally {
        shared.depth -= 1;
        ({ pending, taken, escaped } = before);
        const kind = outcome;
        if (shared.depth === 0) shared.flush();
        status()[0] = kind;
      }
    };
  }

  return {
    imports,
    throughMemory,
    callable,
    /** A handle for a value of a loader's JavaScript. @param {any} value */
    fromJs(value) {
      if (value === undefined || value === null) return handles.add(NONE, undefined);
      if (typeof value === 'boolean') return handles.add(BOOL, value);
      if (typeof value === 'string') return handleOf(STR, value);
      if (typeof value === 'bigint') return handleOf(INT, value);
      if (typeof value === 'number') return handles.add(Number.isSafeInteger(value) && !Object.is(value, -0) ? INT : FLOAT, value);
      if (value instanceof Uint8Array) return handles.add(BYTES, value.slice());
      throw new TypeError(`a ${typeof value} has no handle: only None, bool, int, float, str and bytes do`);
    },
    /** The primitive behind a handle; undefined for None and for what is not primitive. @param {number} handle */
    toJs(handle) {
      const slot = handles.slot(handle);
      if (slot === 0 || handles.kind(slot) === OBJECT) return undefined;
      const payload = handles.payload(slot);
      return payload instanceof Uint8Array ? payload.slice() : payload; // its memory may be used again
    },
    /** @param {number} handle */
    drop(handle) {
      const slot = handles.slot(handle);
      if (slot !== 0) release(slot);
    },
  };
}

/** What a loader's JavaScript threw, as the ABI writes it. It may have thrown anything. @param {unknown} error */
function described(error) {
  const { name } = /** @type {any} */ (error ?? {});
  return `${typeof name === 'string' && /^\w+$/.test(name) ? name : 'RuntimeError'}: ${messageOf(error)}`;
}

/** @param {unknown} error */
export function messageOf(error) {
  try {
    return String(/** @type {any} */ (error)?.message ?? error);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/**
 * Words of engines (V8's, SpiderMonkey's) and what is said here, the same as natively. The first that fits counts.
 * @type {[RegExp, string][]}
 */
const REASONS = [
  [/stack|recursion/i, 'stack overflow'],
  [/unreachable/, 'unreachable'],
  [/\btable\b/, 'table index out of bounds'],
  [/null function|signature mismatch|indirect call/, 'null function or function signature mismatch'],
  [/by zero/, 'divide by zero'],
  [/float unrepresentable|invalid conversion/, 'float unrepresentable in integer range'],
  [/result unrepresentable|integer overflow/, 'integer overflow'],
  [/out of bounds/, 'memory access out of bounds'],
];

/** Why a module trapped, in few words. @param {unknown} error */
export function reasonOf(error) {
  const text = messageOf(error);
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? text.slice(0, 200);
}
