/**
 * Bundles the page side: some thirty modules, each of which a browser asks for when it has read the one before, become three.
 *
 * Takes: the built folder, flat, with the modules as they are written. Gives: in their place `client.js`, `element/define.js` and what
 * both need, `page/shared.js`; the names of the modules that an entry asks for at once, before the imports of imports say so.
 * Refuses: anything esbuild warns about; more or fewer files than these.
 *
 * `page/build.js` stays a module of its own: it is written when the runtime is. So do modules that others import too, which
 * keep nothing that two copies could disagree on.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, formatMessages } from 'esbuild';
import { BuildError } from './engine.mjs';

const ENTRIES = ['client.js', 'element/define.js'];
const SHARED = 'page/shared.js';
const LATE = 'page/build.js';
/** Imported by `offline.js` and by host packages as well. */
const STAY = new Set(['page/root.js', 'vendor/idb.js']);

/** @param {string} out @returns {Promise<string[]>} */
export async function bundlePage(out) {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: out,
    entryPoints: ENTRIES,
    outdir: out,
    outbase: out,
    bundle: true,
    splitting: true,
    chunkNames: SHARED.replace('.js', ''),
    external: ['*/build.js'],
    format: 'esm',
    minify: true,
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    metafile: true,
    logLevel: 'silent',
    write: false,
  }).catch((/** @type {unknown} */ error) => {
    throw new BuildError(`the page side does not bundle:\n${error instanceof Error ? error.message : String(error)}`);
  });
  if (warnings.length > 0) throw new BuildError(`the page side bundles with warnings:\n${(await formatMessages(warnings, { kind: 'warning' })).join('\n')}`);
  const made = Object.keys(metafile.outputs).sort();
  if (made.join() !== [...ENTRIES, SHARED].sort().join()) throw new BuildError(`the page side bundles to other files than it should: ${made.join(', ')}`);
  for (const path of Object.keys(metafile.inputs)) if (!STAY.has(path)) await rm(join(out, path));
  for (const { path, contents } of outputFiles) await writeFile(path, contents);
  return [LATE, SHARED];
}
