/** The built folder's layout: what stays, what goes below the digest, and that the digest is that of what it holds. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { layOut, walk } from '../../tools/build/layout.mjs';
import { folderOf } from '../support/folder.mjs';

const FLAT = {
  'edge-python.js': "import { a } from './client.js';\nimport { b } from './page/b.js';\n",
  'client.js': 'export const a = 1;', 'offline.js': '', 'host/dom.js': '', 'host/network.js': '', 'host/storage.js': '',
  'page/b.js': 'export const b = 2;',
  'demo/index.html': '<link href="./demo.css"><script src="../edge-python.js"></script><edge-python entry="./app/main.py">',
  'demo/demo.css': '', 'demo/app/main.py': '',
};

test('entries stay and lead into the folder', () => folderOf(FLAT, async (folder) => {
  const name = await layOut(folder);
  assert.match(name, /^[0-9a-f]{16}$/);
  const at = (/** @type {string} */ path) => readFile(join(folder, path), 'utf8');
  assert.deepEqual((await walk(folder)).map((path) => path.replace(name, 'D')).sort(), [
    'D/client.js', 'D/demo/demo.css', 'D/host/dom.js', 'D/host/network.js', 'D/host/storage.js', 'D/offline.js', 'D/page/b.js', 'client.js',
    'demo/app/main.py', 'demo/index.html', 'edge-python.js', 'edge-python.json', 'host/dom.js', 'host/network.js', 'host/storage.js',
    'offline.js',
  ].sort());
  assert.equal(await at('edge-python.js'), `import { a } from './${name}/client.js';\nimport { b } from './${name}/page/b.js';\n`);
  assert.equal(await at('host/dom.js'), `export * from '../${name}/host/dom.js';\n`);
  assert.equal(await at('demo/index.html'), `<link href="../${name}/demo/demo.css"><script src="../edge-python.js"></script><edge-python entry="./app/main.py">`);
  assert.deepEqual(JSON.parse(await at('edge-python.json')), { folder: `./${name}/` });
}));

test('the name is that of what is below it, and of nothing else', async () => {
  /** @type {string[]} */
  const names = [];
  for (const changed of [{}, {}, { 'demo/app/main.py': 'x' }, { 'page/b.js': 'export const b = 3;' }]) {
    await folderOf({ ...FLAT, ...changed }, async (folder) => void names.push(await layOut(folder)));
  }
  assert.equal(names[0], names[1]);
  assert.equal(names[0], names[2]);
  assert.notEqual(names[0], names[3]);
});

test('an entry that is not there is refused, and an address that leads nowhere', async () => {
  const { 'client.js': _, ...without } = FLAT;
  await folderOf(without, (folder) => assert.rejects(layOut(folder), /client\.js, an entry of dist\/, is not there/));
  await folderOf({ ...FLAT, 'demo/index.html': '<img src="./gone.svg">' }, (folder) => assert.rejects(layOut(folder), /names '\.\/gone\.svg', which is not there/));
});
