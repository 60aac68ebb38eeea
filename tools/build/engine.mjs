/**
 * Bundles the engine side to one classic script.
 *
 * Takes: web/worker.js and what it imports. Gives: the bytes of engine.js.
 * Refuses: anything esbuild warns about. Why one script: the cell starts from a `blob:`, and a blob has no relatives.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { build, formatMessages } from 'esbuild';

/** The build cannot go on, for a reason that its reader can mend. */
export class BuildError extends Error {}

/**
 * @param {string} root
 * @param {string} entry
 * @returns {Promise<Uint8Array>}
 */
export async function bundleEngine(root, entry) {
  if (!existsSync(entry)) throw new BuildError('web/worker.js, the entry of the engine, is not there');
  const { info } = JSON.parse(await readFile(new URL('../../node_modules/pyodide/pyodide-lock.json', import.meta.url), 'utf8'));
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    define: { __PYODIDE_LOCK_INFO__: JSON.stringify(info) },
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'silent',
    write: false,
  }).catch((/** @type {unknown} */ error) => {
    throw new BuildError(`the engine does not bundle:\n${error instanceof Error ? error.message : String(error)}`);
  });
  if (result.warnings.length > 0) {
    const texts = await formatMessages(result.warnings, { kind: 'warning' });
    throw new BuildError(`the engine bundles with warnings:\n${texts.join('\n')}`);
  }
  const [output] = result.outputFiles;
  if (!output) throw new BuildError('the engine bundled to nothing');
  return output.contents;
}
