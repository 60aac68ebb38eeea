/** The page side as few modules: which there are, that both entries share one, and that the address of each is what it was. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bundlePage } from '../../tools/build/page.mjs';
import { layOut } from '../../tools/build/layout.mjs';
import { folderOf } from '../support/folder.mjs';

const FLAT = {
  'package.json': '{ "type": "module" }',
  'client.js': "import { state } from './page/state.js';\nimport { HERE } from './page/root.js';\nexport const createWorker = () => [state, HERE];\n",
  'element/define.js': "import { state } from '../page/state.js';\nimport { HERE } from '../page/root.js';\nexport const defineElement = () => [state, HERE];\n",
  'page/state.js': 'export const state = {};\n',
  'page/root.js': "import { RUNTIME } from './build.js';\nexport const HERE = [RUNTIME, new URL('../', import.meta.url).href];\n",
  'page/build.js': 'export const RUNTIME = null;\n',
  'offline.js': "export * from './page/root.js';\n",
};

test('three modules take the place of all, and one state is in both entries', () => folderOf(FLAT, async (folder) => {
  assert.deepEqual(await bundlePage(folder), ['page/build.js', 'page/shared.js']);
  const load = (/** @type {string} */ path) => import(pathToFileURL(join(folder, path)).href);
  const { createWorker } = await load('client.js');
  const { defineElement } = await load('element/define.js');
  assert.equal(createWorker()[0], defineElement()[0]);
  assert.deepEqual(createWorker()[1], [null, pathToFileURL(`${folder}/`).href], 'build.js is asked, and `../` is the folder');
  assert.equal(existsSync(join(folder, 'page/state.js')), false);
  assert.deepEqual((await load('offline.js')).HERE, createWorker()[1]);
}));

const ALONE = "import { state } from '../page/state.js';\nexport const defineElement = () => state;\n";
for (const [element, why] of /** @type {[string, RegExp][]} */ ([
  ['export const defineElement = 1;\n', /bundles to other files than it should/], [ALONE, /client\.js holds a module of page\/ that knows its own address/],
])) {
  test(`refused: ${why.source}`, () => folderOf({ ...FLAT, 'element/define.js': element }, (folder) => assert.rejects(bundlePage(folder), why)));
}

test('the entries ask for both at once', () => folderOf({
  'edge-python.js': "import { a } from './client.js';\n", 'client.js': '', 'offline.js': '', 'host/dom.js': '', 'host/network.js': '', 'host/storage.js': '', 'demo/index.html': '',
}, async (folder) => {
  const name = await layOut(folder, ['page/build.js', 'page/shared.js']);
  const hints = `import './${name}/page/build.js';\nimport './${name}/page/shared.js';\n`;
  assert.equal(await readFile(join(folder, 'edge-python.js'), 'utf8'), `${hints}import { a } from './${name}/client.js';\n`);
  assert.equal(await readFile(join(folder, 'client.js'), 'utf8'), `${hints}export * from './${name}/client.js';\n`);
  assert.equal(await readFile(join(folder, 'offline.js'), 'utf8'), `export * from './${name}/offline.js';\n`);
}));
