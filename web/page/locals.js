// @ts-check
/**
 * Which files of the page's own origin an engine may see.
 *
 * Takes: a need for a local file, whose engine may be hostile; the bytes that the server gave.
 * Gives: whether its place is one of this origin; what the engine is told of the bytes.
 * Refuses: addresses that lead elsewhere; the text of web pages and data, because these requests
 * carry the reader's cookies: what a server shows to this reader alone is mostly one of the two.
 *
 * A program may import any module of its origin (`/lib/x.py`), so the page cannot tell a forged need from an honest one by its
 * path. What is neither a page nor data can be read by whoever has broken into the engine.
 */

const HTML = new TextEncoder().encode('<!doctype html>');

/** @param {Uint8Array} bytes A server that answers everything with its start page sends this for a missing manifest. */
export function looksLikeHtml(bytes) {
  return firstByte(bytes) === 0x3c; // <
}

/** The first that is no space, after a byte order mark. @param {Uint8Array} bytes */
function firstByte(bytes) {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while ([0x20, 0x09, 0x0a, 0x0c, 0x0d].includes(bytes[at] ?? -1)) at += 1;
  return bytes[at];
}

/** @param {string} location @param {string} origin */
export function isLocal(location, origin) {
  // `origin + location` must not become another origin, as '@elsewhere.test/' would make it.
  const url = `${origin}${location}`;
  return location.startsWith('/') && URL.canParse(url) && new URL(url).origin === origin;
}

/**
 * A module's bytes as the engine gets them, or why it does not. Of a web page it is told no more than that it is one.
 * @param {string} location
 * @param {Uint8Array} bytes
 * @returns {Uint8Array | string}
 */
export function moduleBytes(location, bytes) {
  if (looksLikeHtml(bytes)) return HTML.slice();
  if (/\.py(\?|$)/i.test(location) || ![0x7b, 0x5b].includes(firstByte(bytes) ?? 0)) return bytes; // { and [
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return 'the server answered with JSON, which is not a module';
  } catch {
    return bytes;
  }
}
