/**
 * Builds `frame.html`: the document of the engine's cell.
 *
 * Takes: web/cell/frame.js and what it imports. Gives: the text of one HTML file, complete in itself.
 * Refuses: anything esbuild warns about.
 *
 * Its policy names the hash of its only script, so the two are written together, here. The page uses the text as a
 * `srcdoc`, and the file where its own policy does not let it.
 */
import { createHash } from 'node:crypto';
import { bundle, BuildError } from './engine.mjs';

/**
 * @param {string} root
 * @param {string} entry
 * @returns {Promise<string>}
 */
export async function buildFrame(root, entry) {
  const script = new TextDecoder().decode(await bundle(root, entry, { minify: true })).trim();
  if (/<\/?script|<!--/i.test(script)) throw new BuildError(`${entry} holds text that would end it inside of a page`);
  const hash = createHash('sha256').update(script).digest('base64');
  // No `connect-src`, not even for the runtime's own path: whatever could be asked for could carry data out.
  const policy = `default-src 'none'; script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'; worker-src blob:`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`
    + `<title>Edge Python</title><script>${script}</script>\n`;
}
