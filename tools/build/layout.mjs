/**
 * Lays out a built folder: entries with names that stay, and all else in one folder named by a digest of what it holds.
 *
 * Takes: the folder, flat. Gives: the digest's name. At the root stay `edge-python.js`, whose imports then lead into that folder;
 * stubs of the modules that pages name; `edge-python.json`, which says where the folder is; `sw.js`; the demo's page and programs.
 * Refuses: an entry that is not there, an address in the demo's page that leads nowhere.
 *
 * So everything below the digest may be cached for ever, and files of two builds never meet: their addresses differ.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { bundle, BuildError } from './engine.mjs';

/** Rewritten: its own address has a query that it reads. */
const ENTRY = 'edge-python.js';
/** The entry for pages that make their own workers. */
const CLIENT = 'client.js';
/** Modules that pages name, or that are found below `runtime`. */
const STUBS = [CLIENT, 'offline.js', 'host/dom.js', 'host/network.js', 'host/storage.js'];
/** The demo's page and its programs: an author's files, where an author would have them. */
const STAYS = /^demo\/(index\.html|(app|cdn|lib)\/)/;
const PAGE = 'demo/index.html';

/**
 * Every file below a folder, as `/`-separated paths.
 * @param {string} folder
 */
export async function walk(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/**
 * @param {string} out
 * @param {string[]} [ahead]  modules that the two entries ask for by themselves, so that they come with those that import them
 * @returns {Promise<string>}
 */
export async function layOut(out, ahead = []) {
  const paths = await walk(out);
  for (const path of [ENTRY, ...STUBS, PAGE]) if (!paths.includes(path)) throw new BuildError(`${path}, an entry of dist/, is not there`);
  const inside = paths.filter((path) => path !== ENTRY && !STAYS.test(path));
  const digest = createHash('sha256');
  for (const path of inside) digest.update(`${path} ${await hash(join(out, path), 'hex')}\n`);
  const name = digest.digest('hex').slice(0, 16);
  for (const path of inside) {
    await mkdir(dirname(join(out, name, path)), { recursive: true });
    await rename(join(out, path), join(out, name, path));
  }
  await removeEmpty(out);
  const hints = ahead.map((path) => `import './${name}/${path}';\n`).join('');
  await edit(join(out, ENTRY), (text) => hints + text.replaceAll(/ from '\.\//g, ` from './${name}/`));
  for (const path of STUBS) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), `${path === CLIENT ? hints : ''}export * from '${path.includes('/') ? '../' : './'}${name}/${path}';\n`);
  }
  await edit(join(out, PAGE), (text) => text.replaceAll(/\b(href|src)="\.\/([^"]+)"/g, (_, attribute, path) => {
    if (!inside.includes(`demo/${path}`)) throw new BuildError(`${PAGE} names './${path}', which is not there`);
    return `${attribute}="../${name}/demo/${path}"`;
  }));
  await writeFile(join(out, 'edge-python.json'), `${JSON.stringify({ folder: `./${name}/` })}\n`);
  return name;
}

/**
 * Writes `sw.js`, which knows each file that an offline start needs.
 * @param {string} root
 * @param {string} out   laid out
 * @param {string} name  of its folder
 */
export async function writeServiceWorker(root, out, name) {
  /** @type {Record<'page' | 'snapshot' | 'plain' | 'demo', Record<string, string>>} */
  const groups = { page: {}, snapshot: {}, plain: {}, demo: {} };
  for (const path of await walk(out)) {
    const group = groupOf(path.replace(`${name}/`, ''));
    if (group !== null) groups[group][path] = await hash(join(out, path), 'base64');
  }
  const build = JSON.stringify({ id: name, ...groups });
  await writeFile(join(out, 'sw.js'), await bundle(root, join(root, 'web/sw.js'), { define: { __BUILD__: build }, minify: true }));
}

/** What of a build wants a file offline; null: nothing. @param {string} path */
function groupOf(path) {
  if (path.startsWith('demo/')) return 'demo';
  if (/^runtime\/(snapshot\.bin|bare\.wasm)$/.test(path)) return 'snapshot';
  if (/^runtime\/(pyodide\.(mjs|asm\.mjs|asm\.wasm)|edge_runtime\.zip)$/.test(path)) return 'plain';
  return /^runtime\/.*\.json$/.test(path) ? null : 'page';
}

/** @param {string} path @param {'hex' | 'base64'} how */
async function hash(path, how) {
  return createHash('sha256').update(await readFile(path)).digest(how);
}

/** @param {string} path @param {(text: string) => string} change */
async function edit(path, change) {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

/** @param {string} folder @returns {Promise<boolean>} whether it went */
async function removeEmpty(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const gone = await Promise.all(entries.map((entry) => entry.isDirectory() && removeEmpty(join(folder, entry.name))));
  if (!gone.every(Boolean)) return false;
  if (existsSync(folder)) await rm(folder, { recursive: true });
  return true;
}
