// @ts-check
/**
 * A saved program as bytes: the engine's state of it, in an envelope with what it takes to run it again.
 *
 * Takes: the program's text or URL, how it was run, what was locked of what it used, the lines of its input that it has not read, the
 * engine's bytes.
 * Gives: one `Uint8Array`, and all of it back; how that program is run again; `otherLock`: why it is not under the same lock.
 * Refuses: bytes that are no such envelope; a program that is not the one that the page names, in its text, its URL or its place.
 * The bytes may be anybody's: of them nothing is taken but these few things. What the engine's bytes mean, the engine judges.
 *
 *     "EDGEPAGE"  length of the header: 4 bytes, little-endian  header: JSON, UTF-8  the engine's bytes
 */
import { urlOf } from './program.js';

const MAGIC = new TextEncoder().encode('EDGEPAGE');
/** Another number for each other shape of the header. */
const FORMAT = 2;
const RELEASE = 'this state was saved by another release of Edge Python; save a new one';
const NO_STATE = 'restoreState() takes the bytes that saveState() gave; these are not, or a part is missing';
const ANOTHER = 'this state is of another program';
const SAME_LOCK = 'restore it with the lockfile that it was saved with, or save a new one';
const UNNAMED = 'this state is of a text that stands for a URL: name both, as in restoreState(bytes, { source, entry })';

/** @typedef {Record<string, string | null>} Locks  SHA-256 by URL of what a program used; null: it is locked as absent */

/**
 * @typedef {object} Saved
 * @property {string | null} source  the program's text; null: it is at `entry`
 * @property {string | null} entry   URL
 * @property {{ name?: string | undefined, entryDir?: string | undefined, baseUrl?: string | undefined }} place
 * @property {string[]} args
 * @property {string[] | null} input
 * @property {Locks} locks
 */

/** @param {Saved} program @param {Uint8Array} state @returns {Uint8Array} */
export function pack(program, state) {
  const header = new TextEncoder().encode(JSON.stringify({ format: FORMAT, ...program }));
  const start = MAGIC.length + 4;
  const packed = new Uint8Array(start + header.length + state.length);
  packed.set(MAGIC);
  new DataView(packed.buffer).setUint32(MAGIC.length, header.length, true);
  packed.set(header, start);
  packed.set(state, start + header.length);
  return packed;
}

/** @param {unknown} given @returns {{ program: Saved, state: Uint8Array }} */
export function unpack(given) {
  const bytes = bytesIn(given);
  if (bytes === null) throw new TypeError(`restoreState() takes the Uint8Array of saveState(), not ${nameOf(given)}`);
  const start = MAGIC.length + 4;
  if (bytes.length < start || MAGIC.some((byte, at) => bytes[at] !== byte)) throw new TypeError(NO_STATE);
  const end = start + new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  let program;
  try {
    program = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end)));
  } catch {
    throw new TypeError(NO_STATE);
  }
  if (typeof program === 'object' && program !== null && program.format !== FORMAT) throw new TypeError(RELEASE);
  if (!isSaved(program)) throw new TypeError(NO_STATE);
  const { source, entry, place: { name, entryDir, baseUrl }, args, input, locks } = program;
  return { program: { source, entry, place: { name, entryDir, baseUrl }, args, input, locks }, state: bytes.slice(end) };
}

/**
 * Why a program is not under the lock that it was saved under, by the first URL that differs; null: it is.
 * @param {Locks} saved @param {Locks} here @returns {string | null}
 */
export function otherLock(saved, here) {
  const [before, after] = [new Map(Object.entries(saved)), new Map(Object.entries(here))];
  for (const url of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [then, now] = [before.get(url), after.get(url)];
    if (then === now) continue;
    if (now === undefined) return `this state was saved with '${shown(url)}', which this program does not use here; ${SAME_LOCK}`;
    if (then === undefined) return `this state was saved without '${shown(url)}', which this program uses here; ${SAME_LOCK}`;
    return `this state was saved under another lock: '${shown(url)}' was ${digest(then)}, and is ${digest(now)} here; ${SAME_LOCK}`;
  }
  return null;
}

/** @param {string | null} sha256 */
const digest = (sha256) => (sha256 === null ? 'absent' : `sha256-${shown(sha256)}`);

/** A text of the saved bytes, which may be anybody's, in a message. @param {string} text */
const shown = (text) => text.slice(0, 200).replace(/\p{C}/gu, '\u{fffd}');

/**
 * What to run, and how: nothing else of the envelope reaches a run.
 * @param {Saved} program
 * @param {import('./program.js').Place & { source?: string | undefined }} only  the program that the page names; nothing: whichever it is
 * @param {Pick<import('./options.js').Options, 'base' | 'origin'>} options
 */
export function jobOf({ source, entry, place, args, input }, only, options) {
  const how = { ...place, args, ...(entry === null ? {} : { entry }), ...(input === null ? {} : { input }) };
  let url;
  try {
    url = urlOf(how, options);
  } catch {
    throw new TypeError(NO_STATE);
  }
  if (only.source !== undefined || only.entry !== undefined) {
    // The place counts too: a program's imports begin there, and manifests that grant packages are looked for there.
    const same = source === (only.source ?? null) && (entry === null) === (only.entry === undefined) && url.href === urlOf(only, options).href;
    if (!same) throw new Error(ANOTHER);
  } else if (source !== null && entry !== null) {
    throw new Error(UNNAMED); // else a text would have the rights of the program that is at that URL
  }
  return { source, how };
}

/** Its bytes, from whichever frame of the page it comes. @param {unknown} given @returns {Uint8Array | null} */
function bytesIn(given) {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const kind = Object.prototype.toString.call(given);
  return kind === '[object ArrayBuffer]' ? new Uint8Array(/** @type {ArrayBuffer} */ (given)) : null;
}

/** @param {unknown} value */
function nameOf(value) {
  if (value === null || value === undefined) return String(value);
  return /^[aeiou]/.test(typeof value) ? `an ${typeof value}` : `a ${typeof value}`;
}

/** @param {any} value @returns {value is Saved} */
function isSaved(value) {
  if (typeof value !== 'object' || value === null || typeof value.place !== 'object' || value.place === null) return false;
  const texts = [value.source, value.entry].filter((each) => each !== null);
  const { name, entryDir, baseUrl } = value.place;
  return texts.length > 0
    && texts.every((each) => typeof each === 'string')
    && [name, entryDir, baseUrl].every((each) => each === undefined || typeof each === 'string')
    && isTexts(value.args)
    && (value.input === null || isTexts(value.input))
    && isLocks(value.locks);
}

/** @param {unknown} value */
const isLocks = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
  && Object.values(value).every((each) => each === null || typeof each === 'string');

/** @param {unknown} value */
const isTexts = (value) => Array.isArray(value) && value.every((each) => typeof each === 'string');

/** @param {string} text  base64 @returns {Uint8Array} */
export const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
