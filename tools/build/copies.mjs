/**
 * Compresses a built folder for static hosts: beside each file that gains by it lie `.br` and `.gz`.
 *
 * Takes: the folder, its paths; which of them every first visit asks for: they are pressed hardest. A folder where results are kept, by
 * digest: the best Brotli takes a minute.
 * Gives: how many bytes each path has as Brotli. Refuses: nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const WORTH = /\.(js|mjs|json|html|css|wasm|bin|zip|py|svg|txt|md)$/;
/** A file that stays larger than this share of itself has no copy. */
const GAIN = 0.97;
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;

/** How, and what it is called. @type {Record<string, (data: Uint8Array, hard: boolean) => Promise<Uint8Array>>} */
const WAYS = {
  br: (data, hard) => promisify(brotliCompress)(data, {
    params: { [BROTLI_PARAM_QUALITY]: hard ? 11 : 9, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: data.length },
  }),
  gz: (data) => promisify(gzip)(data, { level: 9 }),
};

/**
 * @param {string} folder
 * @param {string[]} paths
 * @param {(path: string) => boolean} first  whether every first visit asks for it
 * @param {string} kept
 * @returns {Promise<Map<string, number>>}
 */
export async function writeCopies(folder, paths, first, kept) {
  await mkdir(kept, { recursive: true });
  const sizes = new Map();
  await Promise.all(paths.filter((path) => WORTH.test(path)).flatMap((path) => Object.entries(WAYS).map(async ([ending, press]) => {
    const data = await readFile(join(folder, path));
    const hard = first(path);
    const place = join(kept, `${createHash('sha256').update(data).digest('hex')}${hard ? '' : '-quick'}.${ending}`);
    if (!existsSync(place)) {
      await writeFile(`${place}.${process.pid}`, await press(data, hard));
      await rename(`${place}.${process.pid}`, place);
    }
    const pressed = await readFile(place);
    const gains = pressed.length < GAIN * data.length;
    if (gains) await writeFile(join(folder, `${path}.${ending}`), pressed);
    if (ending === 'br') sizes.set(path, gains ? pressed.length : data.length);
  })));
  return sizes;
}
