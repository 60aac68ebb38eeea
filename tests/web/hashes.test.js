/** Hashes without Python: the same as with it, and asked of Python where they must be. In a real Pyodide. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { loadPyodide } from 'pyodide';
import { hastenHashes } from '../../web/engine/hashes.js';

const PROGRAM = `
import weakref
from edge_runtime.machine.addresses import Addresses

def story():
    run = Addresses()
    said = []
    class Plain(run.base): pass
    class Slots(run.base): __slots__ = ("x",)
    class Own(Plain):
        def __hash__(self): return super().__hash__() + 1000
    class Equal(Plain):
        def __eq__(self, other): return True
    class Table(Plain, dict): pass
    class Late(Plain):
        def __init__(self): hash(self)
    def ask(*values):
        for value in values:
            try: said.append(hash(value))
            except TypeError as error: said.append(str(error))
    one, two = Plain(), Plain()
    said.append(run.identity(two))
    ask(two, one, one, Slots(), Own(), Equal(), Table(), Late(), Late(), run.plain())
    said.append([x is one for x in {one, two}])
    Plain.__hash__ = lambda self: 77
    ask(one, two)
    del Plain.__hash__
    ask(one, two)
    one.__class__ = Own
    ask(one, one)
    one.__class__ = Equal
    ask(one)
    watch, deputy = weakref.ref(two), weakref.proxy(two)
    ask(two, watch)
    del watch, deputy
    ask(two)
    many = [Slots() for _ in range(2000)] + [Plain() for _ in range(2000)]
    ask(*many, *many)
    return said

def python_calls():
    "How often hashing an object that has a number calls Python."
    import sys
    class Thing(Addresses().base): pass
    thing = Thing()
    table, count = {thing: 1}, 0
    def see(frame, event, _):
        nonlocal count
        count += event == "call"
    sys.setprofile(see)
    table[thing]
    sys.setprofile(None)
    return count
`;

/** @type {any} */
const pyodide = await loadPyodide();
pyodide.mountNodeFS('/repo', fileURLToPath(new URL('../..', import.meta.url)));
pyodide.runPython(`import sys; sys.path.insert(0, "/repo")\n${PROGRAM}`);
const ask = (/** @type {string} */ code) => pyodide.runPython(`import json; json.dumps(${code})`);

test('every hash is the same with and without, and those that have a number call no Python', () => {
  const before = ask('story()');
  assert.equal(ask('python_calls()'), '1');
  const { _module } = /** @type {any} */ (pyodide);
  const without = /** @type {any} */ ({ ...pyodide, _module: { ..._module, wasmTable: undefined } });
  assert.equal(hastenHashes(without), false);
  assert.equal(ask('python_calls()'), '1');
  assert.equal(hastenHashes(pyodide), true);
  assert.equal(ask('python_calls()'), '0');
  assert.equal(ask('story()'), before);
});

test('where something lies elsewhere than it should, all stays as it is', async () => {
  const other = await loadPyodide();
  other.mountNodeFS('/repo', fileURLToPath(new URL('../..', import.meta.url)));
  other.runPython(`
import sys; sys.path.insert(0, "/repo")
from edge_runtime.machine import addresses
honest = addresses.Sample
class Wrong(honest):
    at = 0
    def __init__(self):
        super().__init__()
        self.words[self.at] ^= 4
addresses.Sample = Wrong
`);
  for (const at of [0, 1, 2, 4, 5, 7, 8, 9]) { // not compared: a type with another hash, how much is looked through, the name's place
    other.runPython(`Wrong.at = ${at}`);
    assert.equal(hastenHashes(other), false, `word ${at}`);
  }
  other.runPython('addresses.Sample = honest');
  assert.equal(hastenHashes(other), true);
});
