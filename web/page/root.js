// @ts-check
/**
 * Where the files of this build lie.
 *
 * Takes: this module's own address. Gives: `HERE`, the folder with `page/` and `runtime/`, which a build names by its digest;
 * `ROOT`, the folder that pages name, with `edge-python.js`; a hint for files of ours that have gone.
 * Refuses: nothing.
 */
import { RUNTIME } from './build.js';

export const HERE = new URL('../', import.meta.url).href;

/** As the files are written, without a build, there is only one folder. */
export const ROOT = RUNTIME === null ? HERE : new URL('../', HERE).href;

/**
 * What to do about a file that is not there: another build took the place of this one after the page was loaded.
 * @param {string} url
 */
export function hintOf(url) {
  return RUNTIME !== null && url.startsWith(HERE) ? '; the server may have another version by now: reload the page' : '';
}
