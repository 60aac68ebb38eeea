/** The build's own checks can fail, and its zip is the same everywhere. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { packRuntime, unpressed } from '../../tools/build/package.mjs';
import { verify } from '../../tools/build/verify.mjs';
import { folderOf } from '../support/folder.mjs';

const PALETTE = 'x = 1\n';
const DIGEST = createHash('sha256').update(PALETTE).digest('hex');
const SOUND = {
  'a.js': "import { b } from './page/b.js';\nimport('./page/b.js');\n// see https://example.com\nnew URL('./runtime/', import.meta.url);",
  'page/b.js': "export const b = 'https://example.com';",
  'demo/index.html': '<a href="https://example.com">out</a><script type="module" src="../a.js"></script><link rel="icon" href="data:,">',
  'demo/demo.js': `export const pin = '${DIGEST}';`,
  'demo/cdn/palette.py': PALETTE,
};

test('a sound folder passes', () => folderOf(SOUND, verify));

/** @type {[string, string, RegExp][]} */
const UNSOUND = [
  ['a.js', "import './gone.js';", /a\.js: imports '\.\/gone\.js', which is not there/],
  ['a.js', "export const x = () => import('./gone.js');", /imports '\.\/gone\.js', which is not there/],
  ['a.js', "import 'idb';", /imports 'idb', which no browser can resolve/],
  ['a.js', "import 'https://cdn.test/x.js';", /imports 'https:\/\/cdn\.test\/x\.js', which no browser can resolve|asks another origin/],
  ['a.js', "fetch('https://cdn.test/data');", /asks another origin: https:\/\/cdn\.test\/data/],
  ['a.js', "new URL('./gone.bin', import.meta.url);", /names '\.\/gone\.bin', which is not there/],
  ['a.js', 'import {', /does not parse/],
  ['demo/index.html', '<script src="https://cdn.test/x.js"></script>', /asks another origin/],
  ['demo/index.html', '<img alt="" src="//cdn.test/x.png">', /asks another origin/],
  ['demo/index.html', '<script src="gone.js"></script>', /names 'gone\.js', which is not there/],
  ['demo/index.html', '<edge-python entry="./app/gone.py"></edge-python>', /gone\.py', which is not there/],
  ['demo/style.css', "@import 'https://cdn.test/x.css';", /asks another origin/],
  ['demo/demo.js', `export const pin = '${'ab'.repeat(32)}';`, /the digest of no file of the demo/],
  ['demo/demo.js', '', /palette\.py: is not pinned in the demo/],
];
for (const [path, text, complaint] of UNSOUND) {
  test(`refused: ${path} with ${text}`, () => folderOf({ ...SOUND, [path]: text }, (folder) => assert.rejects(verify(folder), complaint)));
}

test('the package: sorted, only what a browser runs, and the same at any time', () =>
  folderOf({ 'edge_runtime/__init__.py': 'x', 'edge_runtime/b/a.py': 'a', 'edge_runtime/a.py': 'b', 'edge_runtime/cli/main.py': 'c',
    'edge_runtime/hosts/terminal.py': 'd', 'edge_runtime/hosts/browser.py': 'e', 'edge_runtime/notes.txt': 'f' }, async (folder) => {
    const first = await packRuntime(join(folder, 'edge_runtime'));
    assert.deepEqual(Object.keys(unzipSync(first)), ['edge_runtime/__init__.py', 'edge_runtime/a.py', 'edge_runtime/b/a.py', 'edge_runtime/hosts/browser.py']);
    await writeFile(join(folder, 'edge_runtime/a.py'), 'b');
    assert.deepEqual(await packRuntime(join(folder, 'edge_runtime')), first);
  }));

test('an archive unpressed: the same files in the same order, as they are', () => {
  const text = 'a line that is pressed well\n'.repeat(50);
  const pressed = zipSync({ 'json/': new Uint8Array(), 'json/tool.py': strToU8(text), 'abc.py': strToU8('x = 1\n') });
  const found = unpressed(pressed);
  assert.deepEqual(unzipSync(found), unzipSync(pressed));
  assert.deepEqual(Object.keys(unzipSync(found)), ['json/', 'json/tool.py', 'abc.py']);
  assert.ok(Buffer.from(found).includes(text), 'it is still pressed');
  assert.deepEqual(unpressed(pressed), found);
});

test('no package, no zip', () => folderOf({}, (folder) => assert.rejects(packRuntime(join(folder, 'edge_runtime')), /is not there/)));
