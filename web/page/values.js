// @ts-check
/**
 * The value rules between the page and a program.
 *
 * Takes: a JavaScript value for the program (`encode`), or tokens from the engine (`decode`).
 * Gives: one flat array of alternating tag and payload in post-order (children before their container), or the value.
 * Refuses: what has no Python counterpart (functions, DOM nodes, class instances, symbols, cycles) with a `TypeError`
 * that names what it is and where; and every malformed token, because a hostile script may have written them.
 *
 * Flat and post-order because both sides can then work without recursion: nesting 100,000 deep is a plain loop here,
 * where structured cloning and `JSON` would meet the stack's end. `{a: [1, 2.5]}` is `[5,'a', 2,1, 3,2.5, 7,2, 8,1]`.
 */

import { BOUNDS } from '../protocol.js';

/** @typedef {import('../protocol.js').Tokens} Tokens */

/** What the number in each even place means. */
export const TAG = Object.freeze({
  NONE: 0, // payload 0
  BOOL: 1, // payload true or false
  INT: 2, // payload Number within ±2^53, else BigInt
  FLOAT: 3, // payload Number, NaN and infinities too
  MINUS_ZERO: 4, // payload 0; a tag of its own, because -0 becomes the integer 0 on its way into Python
  STR: 5, // payload string, lone surrogates kept
  BYTES: 6, // payload Uint8Array
  LIST: 7, // payload n: the n values just before
  DICT: 8, // payload n: the n pairs of key and value just before
});

/** Every integer up to here has a Number of its own. Inclusive, unlike `Number.MAX_SAFE_INTEGER`. */
const EXACT = 2 ** 53;
const EXACT_BIG = BigInt(EXACT);

/**
 * A container that is being walked: `keys` for a dict, null for a list.
 * @typedef {{ source: any, keys: string[] | null, at: number, length: number }} Open
 */

/**
 * @param {unknown} value
 * @param {string} [where]  how messages call the value
 * @returns {Tokens}
 * @throws {TypeError}
 */
export function encode(value, where = 'result') {
  /** @type {unknown[]} */
  const tokens = [];
  /** @type {Open[]} */
  const path = [];
  const onPath = new Set();
  let current = value;

  for (;;) {
    // Values that share parts grow without bound when they are flattened, so the limit is checked while growing.
    if (tokens.length >= BOUNDS.tokens) {
      throw new TypeError(`${where} holds more than ${(BOUNDS.tokens / 2).toLocaleString('en')} values`);
    }
    const open = leafOrContainer(current, tokens, where, path);
    if (open !== null) {
      if (onPath.has(current)) throw new TypeError(`${place(where, path)} contains itself, so it has no end`);
      onPath.add(current);
      path.push(open);
    }
    // Close what is complete, then go to the next child of what is still open.
    let top = path[path.length - 1];
    while (top !== undefined && top.at === top.length) {
      tokens.push(top.keys === null ? TAG.LIST : TAG.DICT, top.length);
      path.pop();
      onPath.delete(top.source);
      top = path[path.length - 1];
    }
    if (top === undefined) {
      if (tokens.length > BOUNDS.tokens) throw new TypeError(`${where} holds too many values`);
      return tokens;
    }
    if (top.keys === null) {
      current = top.source[top.at];
    } else {
      const key = /** @type {string} */ (top.keys[top.at]);
      tokens.push(TAG.STR, key);
      current = top.source instanceof Map ? top.source.get(key) : top.source[key];
    }
    top.at += 1;
  }
}

/**
 * Writes a leaf's tokens, or gives the container to walk.
 * @param {any} value
 * @param {unknown[]} tokens
 * @param {string} where
 * @param {Open[]} path
 * @returns {Open | null}
 */
function leafOrContainer(value, tokens, where, path) {
  switch (typeof value) {
    case 'undefined':
      tokens.push(TAG.NONE, 0);
      return null;
    case 'boolean':
      tokens.push(TAG.BOOL, value);
      return null;
    case 'number':
      if (Object.is(value, -0)) tokens.push(TAG.MINUS_ZERO, 0);
      else tokens.push(Number.isInteger(value) && Math.abs(value) <= EXACT ? TAG.INT : TAG.FLOAT, value);
      return null;
    case 'bigint':
      tokens.push(TAG.INT, value >= -EXACT_BIG && value <= EXACT_BIG ? Number(value) : value);
      return null;
    case 'string':
      tokens.push(TAG.STR, value);
      return null;
    case 'object':
      break;
    default:
      throw refusal(value, where, path);
  }
  if (value === null) {
    tokens.push(TAG.NONE, 0);
    return null;
  }
  if (Array.isArray(value)) return { source: value, keys: null, at: 0, length: value.length };
  const bytes = bytesOf(value);
  if (bytes !== null) {
    tokens.push(TAG.BYTES, bytes);
    return null;
  }
  if (value instanceof Map) {
    const keys = [...value.keys()];
    const odd = keys.findIndex((key) => typeof key !== 'string');
    if (odd >= 0) {
      const got = kind(keys[odd]);
      throw new TypeError(`${place(where, path)} is a Map with a key that is ${got}; a dict from the page has str keys`);
    }
    return { source: value, keys, at: 0, length: keys.length };
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw refusal(value, where, path);
  const keys = Object.keys(value);
  return { source: value, keys, at: 0, length: keys.length };
}

/**
 * A copy, because posting a view would carry the whole buffer behind it to the engine.
 * @param {object} value
 * @returns {Uint8Array | null}
 */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  return null;
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {Open[]} path
 */
function refusal(value, where, path) {
  const what = kind(value);
  let advice = '';
  if (what.includes('DOM node')) advice = '; keep it on the page and hand out an integer id';
  else if (what === 'a promise') advice = '; await it first';
  return new TypeError(`${place(where, path)} is ${what}, which cannot cross to the program${advice}`);
}

/**
 * @param {any} value
 * @returns {string}
 */
function kind(value) {
  if (typeof value === 'function') return /^class\b/.test(Function.prototype.toString.call(value)) ? 'a class' : 'a function';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : `a ${typeof value}`;
  if (value instanceof Promise) return 'a promise';
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  const named = typeof name === 'string' && name !== '' ? name : 'unnamed class';
  if (typeof value.nodeType === 'number' && typeof value.nodeName === 'string') return `a DOM node (${named})`;
  return `an instance of ${named}`;
}

/**
 * Where a value sits, as JavaScript would spell it: `result.items[3]`. The middle of a very long path is left out.
 * @param {string} where
 * @param {Open[]} path
 */
function place(where, path) {
  const steps = path.map(({ keys, at }) => {
    if (keys === null) return `[${at - 1}]`;
    const key = /** @type {string} */ (keys[at - 1]);
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key.slice(0, 80))}]`;
  });
  const shown = steps.length > 16 ? [...steps.slice(0, 8), '…', ...steps.slice(-4)] : steps;
  return where + shown.join('');
}

/**
 * @param {unknown} tokens
 * @returns {any}
 * @throws {TypeError} where they are not what `encode` could have written
 */
export function decode(tokens) {
  if (!Array.isArray(tokens)) throw malformed('not an array');
  if (tokens.length % 2 !== 0) throw malformed('an odd number of entries');
  if (tokens.length > BOUNDS.tokens) throw malformed('too many entries');
  /** @type {any[]} */
  const values = [];
  for (let at = 0; at < tokens.length; at += 2) {
    const payload = tokens[at + 1];
    switch (tokens[at]) {
      case TAG.LIST:
        values.push(values.splice(values.length - count(payload, values.length, at)));
        break;
      case TAG.DICT:
        values.push(dictOf(values.splice(values.length - 2 * count(payload, Math.floor(values.length / 2), at)), at));
        break;
      default:
        values.push(leaf(tokens[at], payload, at));
    }
  }
  if (values.length !== 1) throw malformed(`${values.length} values where one was expected`);
  return values[0];
}

/**
 * @param {unknown} tag
 * @param {any} payload
 * @param {number} at
 */
function leaf(tag, payload, at) {
  switch (tag) {
    case TAG.NONE:
      if (payload === 0) return null;
      break;
    case TAG.BOOL:
      if (typeof payload === 'boolean') return payload;
      break;
    case TAG.INT:
      if (typeof payload === 'bigint') return payload >= -EXACT_BIG && payload <= EXACT_BIG ? Number(payload) : payload;
      if (typeof payload === 'number' && Number.isInteger(payload) && Math.abs(payload) <= EXACT) return payload + 0; // never -0
      break;
    case TAG.FLOAT:
      if (typeof payload === 'number') return payload;
      break;
    case TAG.MINUS_ZERO:
      if (payload === 0) return -0;
      break;
    case TAG.STR:
      if (typeof payload === 'string') return payload;
      break;
    case TAG.BYTES:
      if (payload instanceof Uint8Array) return payload;
      break;
    default:
      throw malformed(`an unknown tag at ${at}`);
  }
  throw malformed(`a bad payload for tag ${String(tag)} at ${at}`);
}

/**
 * @param {unknown} payload
 * @param {number} most
 * @param {number} at
 * @returns {number}
 */
function count(payload, most, at) {
  if (typeof payload === 'number' && Number.isInteger(payload) && payload >= 0 && payload <= most) return payload;
  throw malformed(`a container at ${at} that is larger than what comes before it`);
}

/**
 * @param {any[]} pairs
 * @param {number} at
 */
function dictOf(pairs, at) {
  /** @type {Record<string, any>} */
  const dict = {};
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i];
    if (typeof key !== 'string') throw malformed(`a dict at ${at} with a key that is not a str`);
    // An assignment to `__proto__` would change the object's prototype instead of making a key.
    if (key === '__proto__') {
      Object.defineProperty(dict, key, { value: pairs[i + 1], writable: true, enumerable: true, configurable: true });
    } else {
      dict[key] = pairs[i + 1];
    }
  }
  return dict;
}

/** @param {string} what */
function malformed(what) {
  return new TypeError(`the engine sent a malformed value: ${what}`);
}
