/**
 * Checks a built folder before it takes the place of the old one.
 *
 * Takes: the folder, without runtime/ (Pyodide's own files answer for themselves). Gives: nothing.
 * Refuses, all in one message: a relative import, `new URL('./…', import.meta.url)`, `src` or `href` that leads to no
 * file; a request to another origin in our own JavaScript, HTML or CSS (links that a visitor clicks are no requests);
 * a SHA-256 in the demo's files that is the digest of none of them.
 */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { BuildError } from './engine.mjs';

/** Requests that our own text could make, with the address in the first group. */
const REQUESTS = [
  { files: /\.(js|mjs|html)$/, pattern: /\b(?:fetch|import|importScripts|Worker|SharedWorker|EventSource|WebSocket)\s*\(\s*[`'"]((?:https?|wss?):[^`'"]*)/g },
  { files: /\.(js|mjs|html)$/, pattern: /\bfrom\s*['"](https?:[^'"]*)/g },
  { files: /\.html$/, pattern: /<(?!a[\s>])[a-z][\w-]*\b[^>]*?\s(?:src|href|data|poster|srcset|action)\s*=\s*["']?((?:https?:)?\/\/[^"'\s>]*)/gi },
  { files: /\.(css|html|js)$/, pattern: /(?:url\(\s*|@import\s+)["']?((?:https?:)?\/\/[^"')\s]*)/gi },
];

/** Addresses of our own files in HTML. */
const LINKS = /<[a-z][\w-]*\b[^>]*?\s(?:src|href|entry|packages|lockfile)\s*=\s*["']([^"'#?]+)[^"']*["']/gi;
const RELATIVE_URLS = /new URL\(\s*(['"])(\.{1,2}\/[^'"]*)\1\s*,\s*import\.meta\.url/g;
/** A digest anywhere: after `#sha256-`, or as a constant that a page joins to an address. */
const DIGESTS = /(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])/g;

/** @param {string} dist */
export async function verify(dist) {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  const texts = new Map();
  for (const path of paths.filter((name) => /\.(js|mjs|html|css)$/.test(name))) texts.set(path, await readFile(path, 'utf8'));
  const name = (/** @type {string} */ path) => relative(dist, path).split(sep).join('/');
  const problems = [
    ...(await imports(dist, [...texts.keys()].filter((path) => /\.m?js$/.test(path)))),
    ...addresses(dist, texts),
    ...(await digests(join(dist, 'demo'), paths)),
  ].map(({ path, text }) => `${name(path)}: ${text}`);
  if (problems.length > 0) throw new BuildError(`the built folder is not sound:\n  ${[...new Set(problems)].join('\n  ')}`);
}

/** @typedef {{ path: string, text: string }} Problem */

/**
 * Every static and literal dynamic import, as esbuild's parser sees them.
 * @param {string} dist
 * @param {string[]} scripts
 * @returns {Promise<Problem[]>}
 */
async function imports(dist, scripts) {
  /** @type {Problem[]} */
  const problems = [];
  await build({
    absWorkingDir: dist,
    entryPoints: scripts,
    outdir: join(dist, 'never-written'),
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [{
      name: 'resolve',
      setup({ onResolve }) {
        onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
          if (kind === 'entry-point') return null;
          if (!/^\.{0,2}\//.test(path)) problems.push({ path: importer, text: `imports '${path}', which no browser can resolve` });
          else if (!isFile(locate(dist, importer, path))) problems.push({ path: importer, text: `imports '${path}', which is not there` });
          return { path, external: true };
        });
      },
    }],
  }).catch((/** @type {unknown} */ error) => {
    throw new BuildError(`JavaScript that does not parse:\n${error instanceof Error ? error.message : String(error)}`);
  });
  return problems;
}

/**
 * @param {string} dist
 * @param {Map<string, string>} texts
 * @returns {Problem[]}
 */
function addresses(dist, texts) {
  /** @type {Problem[]} */
  const problems = [];
  for (const [path, text] of texts) {
    for (const { files, pattern } of REQUESTS) {
      if (!files.test(path)) continue;
      for (const [, address] of text.matchAll(pattern)) problems.push({ path, text: `asks another origin: ${address}` });
    }
    const own = path.endsWith('.html')
      ? [...text.matchAll(LINKS)].map((match) => match[1] ?? '')
      : [...text.matchAll(RELATIVE_URLS)].map((match) => match[2] ?? '').filter((address) => !isLate(dist, path, address));
    for (const address of own) {
      if (/^([a-z][a-z+.-]*:|\/\/)/i.test(address)) continue;
      const target = locate(dist, path, address);
      if (!isFile(target) && !isFile(join(target, 'index.html'))) problems.push({ path, text: `names '${address}', which is not there` });
    }
  }
  return problems;
}

/**
 * Folders, and runtime/, which is written after this check.
 * @param {string} dist
 * @param {string} from
 * @param {string} address
 */
function isLate(dist, from, address) {
  return address.endsWith('/') || locate(dist, from, address).startsWith(join(dist, 'runtime'));
}

/**
 * Digests pinned in the demo's pages: each is one of its files', and `cdn/palette.py` is pinned.
 * @param {string} demo
 * @param {string[]} paths
 * @returns {Promise<Problem[]>}
 */
async function digests(demo, paths) {
  const inside = paths.filter((path) => path.startsWith(demo + sep));
  const known = new Map();
  for (const path of inside) known.set(createHash('sha256').update(await readFile(path)).digest('hex'), path);
  /** @type {Problem[]} */
  const problems = [];
  const pinned = new Set();
  for (const path of inside.filter((file) => /\.(html|m?js|json|py)$/.test(file))) {
    for (const [, digest = ''] of (await readFile(path, 'utf8')).matchAll(DIGESTS)) {
      pinned.add(known.get(digest));
      // A digest that is meant to be wrong says so in its first figures: the demo of a mismatch uses zeros.
      if (!known.has(digest) && !/^0{64}$/.test(digest)) problems.push({ path, text: `pins sha256-${digest}, the digest of no file of the demo` });
    }
  }
  const palette = join(demo, 'cdn', 'palette.py');
  const actual = [...known].find(([, path]) => path === palette)?.[0];
  if (actual && !pinned.has(palette)) problems.push({ path: palette, text: `is not pinned in the demo; its digest is sha256-${actual}` });
  return problems;
}

/**
 * @param {string} dist
 * @param {string} from
 * @param {string} address
 */
function locate(dist, from, address) {
  return address.startsWith('/') ? join(dist, address) : resolve(dirname(from), address);
}

/** @param {string} path */
function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}
