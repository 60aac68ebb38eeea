/**
 * Writes the reference of the official host packages, docs/packages/<name>.md, from the tables that make their checks.
 *
 * Takes: web/host/*.js that export a `table`; a folder, where it shall not be docs/packages. Gives: one page for each; with
 * `--check` it writes nothing, and ends with 1 where a page is not what it would write, with 0 where all are.
 * Refuses: options that it does not know, with 2.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOST = join(ROOT, 'web/host');
const DOCS = join(ROOT, 'docs/packages');
const COMMAND = 'node tools/host_docs.mjs';

/** @typedef {ReturnType<typeof import('../web/host/registry.js').definePackage>} Table */

/** @returns {Promise<Table[]>} */
export async function readTables() {
  const names = (await readdir(HOST)).filter((name) => name.endsWith('.js')).sort();
  const modules = await Promise.all(names.map((name) => import(pathToFileURL(join(HOST, name)).href)));
  return modules.flatMap(({ table }) => (table === undefined ? [] : [table]));
}

/**
 * A package's page.
 * @param {Table} table
 */
export function reference({ name, doc, notes, aliases, groups }) {
  const own = [...aliases].map(([alias, { is, doc: words, members }]) => [
    `- **\`${alias}\`** (\`${is}\`): ${words}`,
    ...(members ?? []).map((each) => `  - \`${fieldOf(each)}\`: ${each.doc}`),
  ].join('\n'));
  const sections = [
    ...groups.map(({ title, doc: words, functions }) => ({
      title,
      body: [words, ...functions.map(entry)].filter((part) => part !== '').join('\n\n'),
    })),
    ...notes.map(({ title, doc: words }) => ({ title, body: words.trim() })),
    ...(own.length === 0 ? [] : [{ title: 'Types', body: own.join('\n') }]),
  ];
  return [
    `<!-- Written by \`${COMMAND}\` from web/host/${name}.js. Change that file. -->`,
    `# ${name}`,
    doc.trim(),
    'Arguments are given by position. A wrong number or type of them is a `TypeError`.',
    sections.map(({ title }) => `- [${title}](#${anchor(title)})`).join('\n'),
    ...sections.map(({ title, body }) => `## ${title}\n\n${body}`),
  ].join('\n\n').concat('\n');
}

/** @param {Table['groups'][number]['functions'][number]} entry */
function entry({ signature, doc, raises = {} }) {
  const errors = Object.entries(raises).map(([name, when]) => `- \`${name}\` ${when}`);
  return [`### ${signature.name}`, `\`${signature.text}\``, doc, ...(errors.length === 0 ? [] : [errors.join('\n')])].join('\n\n');
}

/** @param {{ name: string, type: { text: string }, optional: boolean, fallback: unknown }} member */
function fieldOf({ name, type, optional, fallback }) {
  return `${name}: ${type.text}${optional ? ` = ${python(fallback)}` : ''}`;
}

/** A default, as Python writes it. @param {unknown} value @returns {string} */
function python(value) {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

/** As code hosts make it. @param {string} title */
const anchor = (title) => title.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-');

/** @param {string[]} args */
async function main(args) {
  const check = args.includes('--check');
  const [folder = DOCS, ...others] = args.filter((each) => each !== '--check');
  const odd = [folder, ...others].find((each, at) => at > 0 || each.startsWith('-'));
  if (odd !== undefined) {
    console.error(`host_docs: there is no '${odd}'; it takes --check and a folder`);
    return 2;
  }
  if (!check) await mkdir(folder, { recursive: true });
  let stale = 0;
  for (const table of await readTables()) {
    const path = join(folder, `${table.name}.md`);
    const text = reference(table);
    if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
    stale += 1;
    if (check) console.error(`${relative(ROOT, path)} is not current: run ${COMMAND}`);
    else await writeFile(path, text);
  }
  return check && stale > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
