// @ts-check
/**
 * Whether bytes are those that were built: by XXH64, which `tools/build.mjs` finds in the same way.
 *
 * Takes: a Blob or bytes, and what their digest shall be.
 * Gives: `readChecked`: its bytes piece by piece, to whoever uses them at once; `checked`: bytes that are at hand; `digestOf`. 20 MB take
 * 3 to 8 ms; SHA-256 takes three times as long at best, and a cell has none.
 * Refuses: other bytes, with an error that names the file.
 *
 * It finds damage, but for one in 2**64. It is no proof against somebody who makes bytes for it: whoever can put them there can put
 * another engine beside them (docs/snapshot.md).
 */
import xxhash from 'xxhash-wasm';

/** Of a Blob that is read at a time: as much as a processor's cache holds. */
const PIECE = 2 ** 19;

/** @type {ReturnType<typeof xxhash> | null} */
let loading = null;

/** @returns {Promise<{ take: (bytes: Uint8Array) => void, end: () => string }>} */
async function createDigest() {
  loading ??= xxhash();
  const state = (await loading).create64();
  return {
    take(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE) state.update(bytes.subarray(at, at + PIECE)); // its memory grows with what it is given
    },
    end: () => state.digest().toString(16).padStart(16, '0'),
  };
}

/** Of all these bytes. @param {Uint8Array} bytes @returns {Promise<string>} 16 hexadecimal digits */
export async function digestOf(bytes) {
  const digest = await createDigest();
  digest.take(bytes);
  return digest.end();
}

/**
 * @param {string} name @param {ArrayBuffer} bytes @param {string | undefined} wanted @returns {Promise<ArrayBuffer>} the same
 * @throws {Error} where they are others
 */
export async function checked(name, bytes, wanted) {
  compare(name, await digestOf(new Uint8Array(bytes)), wanted);
  return bytes;
}

/**
 * Nothing of it may count before this has come to its end. Who uses damaged bytes may fail by them: that they are damaged is said first.
 * @param {string} name @param {Blob} blob @param {string | undefined} wanted
 * @param {(bytes: Uint8Array) => void} use  a piece, which is gone with the next
 * @throws {Error} where it is another
 */
export async function readChecked(name, blob, wanted, use) {
  const digest = await createDigest();
  const read = readerOf(blob);
  /** What the use of it failed with. @type {unknown} */
  let failed;
  for (let bytes = await read(); bytes !== undefined; bytes = await read()) {
    digest.take(bytes);
    try {
      if (failed === undefined) use(bytes);
    } catch (error) {
      failed = error;
    }
  }
  compare(name, digest.end(), wanted);
  if (failed !== undefined) throw failed;
}

/** Reads it piece by piece, where the browser can into one buffer, which each piece has in its turn. @param {Blob} blob @returns {() => Promise<Uint8Array | undefined>} */
function readerOf(blob) {
  const stream = blob.stream();
  try {
    const reader = stream.getReader({ mode: 'byob' });
    let buffer = new ArrayBuffer(PIECE);
    return async () => {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) return undefined;
      ({ buffer } = value);
      return value;
    };
  } catch {
    const reader = stream.getReader();
    return async () => (await reader.read()).value;
  }
}

/** @param {string} name @param {string} found @param {string | undefined} wanted */
function compare(name, found, wanted) {
  if (found !== wanted) throw new Error(`${name} is damaged: it is not the one that was built`);
}
