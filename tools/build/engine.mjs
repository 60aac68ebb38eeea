/**
 * Bundles what runs outside the page to classic scripts.
 *
 * Takes: web/worker.js and what it imports. Gives: the bytes of engine.js; by `bundle`, of any other entry.
 * Refuses: anything esbuild warns about. Why one script: the cell starts from a `blob:`, and a blob has no relatives.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, formatMessages } from 'esbuild';

/** The build cannot go on, for a reason that its reader can mend. */
export class BuildError extends Error {}

/**
 * @param {string} root
 * @param {string} entry
 * @param {string | null} glue  what a start from a snapshot runs, as `quicken` made it
 * @returns {Promise<Uint8Array>}
 */
export async function bundleEngine(root, entry, glue) {
  const { info } = JSON.parse(await readFile(new URL('../../node_modules/pyodide/pyodide-lock.json', import.meta.url), 'utf8'));
  return bundle(root, entry, {
    define: { __PYODIDE_LOCK_INFO__: JSON.stringify(info) },
    plugins: [pyodide(join(root, 'node_modules/pyodide/pyodide.mjs'), glue)],
    // A blob: has no code cache: each engine reads all of it again.
    minify: true,
    logOverride: { 'empty-import-meta': 'silent', 'commonjs-variable-in-esm': 'silent' },
  });
}

/**
 * Finds what `web/engine/restore.js` imports of Pyodide.
 * @param {string} loader
 * @param {string | null} glue
 * @returns {import('esbuild').Plugin}
 */
function pyodide(loader, glue) {
  return {
    name: 'pyodide',
    setup(bundled) {
      bundled.onResolve({ filter: /^pyodide-loader$/ }, () => ({ path: loader }));
      bundled.onResolve({ filter: /^pyodide-glue$/ }, ({ path }) => ({ path, namespace: 'pyodide' }));
      // What Pyodide imports under Node only.
      bundled.onResolve({ filter: /^(node:.*|ws)$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
      bundled.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export default null;', loader: 'js' }));
      bundled.onLoad({ filter: /.*/, namespace: 'pyodide' }, () => ({ contents: glue ?? 'export default null;', loader: 'js' }));
    },
  };
}

/**
 * @param {string} root
 * @param {string} entry
 * @param {import('esbuild').BuildOptions} more
 * @returns {Promise<Uint8Array>}
 */
export async function bundle(root, entry, more) {
  const name = relative(root, entry);
  if (!existsSync(entry)) throw new BuildError(`${name}, the entry of a bundle, is not there`);
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    ...more,
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
    write: false,
  }).catch((/** @type {unknown} */ error) => {
    throw new BuildError(`${name} does not bundle:\n${error instanceof Error ? error.message : String(error)}`);
  });
  if (result.warnings.length > 0) {
    const texts = await formatMessages(result.warnings, { kind: 'warning' });
    throw new BuildError(`${name} bundles with warnings:\n${texts.join('\n')}`);
  }
  const [output] = result.outputFiles;
  if (!output) throw new BuildError(`${name} bundled to nothing`);
  return output.contents;
}
