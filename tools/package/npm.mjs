// @ts-check
/**
 * Makes the npm package: dist/ with types.
 *
 * Takes: dist/ as `make build` left it, packaging/npm/; on the command line, another folder than build/package/npm.
 * Gives: there, a `.tgz` that `npm publish` and `npm install` take; its files and sizes on standard output.
 * Refuses: a dist/ that lacks what `exports` names. Leaves out the demo, and compressed copies: npm compresses the whole.
 *
 * Nothing here names a file below dist/ but the entries: where the others lie is the build's business.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = join(ROOT, 'packaging/npm');
const run = promisify(execFile);

/** The package cannot be made, for a reason that its reader can mend. */
class PackageError extends Error {}

/**
 * Types, from the comments of the sources.
 * @param {string} folder
 */
async function writeTypes(folder) {
  const aside = join(folder, '..', 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(ROOT, 'web'),
    outDir: folder,
    types: [],
  };
  const files = ['edge-python.js', 'client.js', 'offline.js'].map((name) => join(ROOT, 'web', name));
  await writeFile(aside, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, files, include: [], exclude: [] }));
  await run('npx', ['--no-install', 'tsc', '--project', aside], { cwd: ROOT }).catch((/** @type {any} */ error) => {
    throw new PackageError(`tsc makes no types of web/:\n${error.stdout}${error.stderr}`);
  });
  // A package without dependencies: the types of what is vendored come along.
  const vendor = join(folder, 'vendor/idb');
  const idb = join(ROOT, 'node_modules/idb/build');
  await mkdir(vendor, { recursive: true });
  for (const name of (await readdir(idb)).filter((file) => file.endsWith('.d.ts'))) await cp(join(idb, name), join(vendor, name));
  for (const name of await walk(folder)) {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    const up = '../'.repeat(name.split('/').length - 1) || './';
    const own = text.replaceAll(/(['"])idb\1/g, `'${up}vendor/idb/index.js'`);
    if (own !== text) await writeFile(path, own);
  }
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function walk(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/**
 * Every file that `exports` names.
 * @param {unknown} exported
 * @returns {string[]}
 */
function named(exported) {
  if (typeof exported === 'string') return exported.includes('*') ? [] : [exported];
  return Object.values(/** @type {object} */ (exported)).flatMap(named);
}

/** @param {string} target */
async function make(target) {
  const dist = join(ROOT, 'dist');
  if (!existsSync(join(dist, 'edge-python.js'))) throw new PackageError("dist/ is not built: run 'make build' first");
  await mkdir(target, { recursive: true });
  const aside = await mkdtemp(join(target, 'new-'));
  try {
    const folder = join(aside, 'package');
    await cp(dist, join(folder, 'dist'), {
      recursive: true,
      filter: (path) => !relative(dist, path).split(sep).includes('demo') && !/\.(br|gz)$/.test(path),
    });
    await writeTypes(join(folder, 'types'));
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const manifest = { ...JSON.parse(await readFile(join(SOURCE, 'package.json'), 'utf8')), version };
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await cp(join(SOURCE, 'README.md'), join(folder, 'README.md'));
    await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
    const missing = named(manifest.exports).filter((path) => !existsSync(join(folder, path)));
    if (missing.length > 0) throw new PackageError(`packaging/npm/package.json exports what is not there: ${missing.join(', ')}`);
    for (const name of (await readdir(target)).filter((file) => file.endsWith('.tgz'))) await rm(join(target, name));
    const { stdout } = await run('npm', ['pack', folder, '--json', '--pack-destination', target], { cwd: aside });
    const [packed] = Object.values(JSON.parse(stdout));
    console.log(`package: ${packed.filename}  ${packed.size.toLocaleString('en')} bytes, ${packed.entryCount} files`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

const [target] = process.argv.slice(2);
try {
  await make(target === undefined ? join(ROOT, 'build/package/npm') : resolve(target));
} catch (error) {
  if (!(error instanceof PackageError)) throw error;
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
}
