/** Hashes without Python: the same as with it, and asked of Python where they must be. In a real Pyodide. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { loadPyodide } from 'pyodide';
import { findPlace, hastenHashes } from '../../web/engine/hashes.js';

const PROGRAM = `
import abc, copy, gc, itertools, numbers, sys, weakref
from edge_runtime.machine import addresses
from edge_runtime.machine.addresses import Addresses

ignored = []
sys.unraisablehook = lambda said: ignored.append(str(said.exc_value))

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
    return said + traps(run) + deaths(run)

def traps(run):
    class Plain(run.base): pass
    class Other(Plain): pass
    class Two(Plain, abc.ABC): pass
    class Number(Plain, numbers.Number): pass
    class Number2(Plain, float): pass
    class Hidden(Plain):
        def __getattribute__(self, name): raise AssertionError(name)
    said = []
    def ask(value):
        try: said.append(hash(value))
        except TypeError as error: said.append(str(error))
    one, two, three, four = Plain(), Plain(), Two(), Plain()
    for value in (three, three, Number(), Number2(2.5), Hidden()): ask(value)
    ask(one); said.append(run.identity(one)); said.append(repr(one)[-8:])
    said.append(run.identity(two)); ask(two); ask(two)
    said.append(repr(four)[-8:]); ask(four); said.append(run.identity(four))
    refs = [weakref.ref(one), weakref.ref(one, print), weakref.proxy(one), weakref.ref(four, print)]
    ask(one), ask(four), said.extend(map(run.identity, (one, four)))
    ask(refs[0]), ask(refs[1])
    refs.clear()
    twin, deep = copy.copy(one), copy.deepcopy([one, one])
    ask(twin), ask(deep[0]), ask(deep[1]), ask(one)
    one.__class__ = Other; ask(one)
    Other.__eq__ = lambda self, other: True; ask(one)
    Other.__hash__ = None; ask(one)
    del Other.__hash__, Other.__eq__; ask(one)
    kind = type("Late", (Plain,), {"__init__": lambda self: ask(self)})
    ask(kind()); ask(kind()); ask(Plain())
    other = Addresses()
    class Foreign(other.base): pass
    ask(Foreign()), said.append(run.identity(foreign := Foreign())); ask(foreign), ask(Plain())
    return said

def deaths(run):
    "Whoever comes to lie where another lay has a number of his own; nothing is kept."
    class Plain(run.base): pass
    class Last(Plain):
        def __del__(self): said.append(hash(self))
    class Back(Plain):
        def __del__(self): back.append(self)
    said, back = [], []
    before = len(run)
    said.append(len({hash(Plain()) for _ in range(1000)}))
    said.append(len({id(Plain()) for _ in range(1000)}) < 1000)
    for _ in range(3): Last()
    said.extend(hash(Plain()) for _ in range(3))
    Back(); hash(back[0]); said.append(hash(back[0])); said.append({back[0]: 1}[back[0]])
    left = Back(); number = hash(left); del left; said.append(hash(back[1]) - number)
    for _ in range(100):
        ring = Plain(); ring.self = ring; hash(ring); del ring
    gc.collect(); back.clear(); gc.collect(); back.clear()
    said.append(len(run) - before)
    return said

def near_the_end():
    "Numbers of more than one digit."
    addresses.count = lambda _: itertools.count(2**30 - 2)
    run = Addresses()
    addresses.count = itertools.count
    class Plain(run.base): pass
    many = [Plain() for _ in range(4)]
    return [hash(x) for x in many] + [hash(x) for x in many] + [run.identity(x) for x in many]

def python_calls():
    "How often Python is called when an object is hashed for the first time, when again, and when it dies."
    class Thing(Addresses().base): pass
    things, table, counts = [Thing()], {}, []
    def see(frame, event, _):
        counts[-1] += event == "call"
    for act in (lambda: table.setdefault(things[0]), lambda: table[things[0]], lambda: (table.clear(), things.clear())):
        counts.append(-1) # the lambda's own
        sys.setprofile(see)
        act()
        sys.setprofile(None)
    return counts
`;

/** @type {any} */
const pyodide = await loadPyodide();
pyodide.mountNodeFS('/repo', fileURLToPath(new URL('../..', import.meta.url)));
pyodide.runPython(`import sys; sys.path.insert(0, "/repo")\n${PROGRAM}`);
const ask = (/** @type {string} */ code) => pyodide.runPython(`import json; json.dumps(${code})`);

test('every hash is the same with and without, and those that have a number call no Python', () => {
  const [before, far] = [ask('story()'), ask('near_the_end()')];
  assert.equal(ask('python_calls()'), '[5, 1, 0]');
  const { _module } = /** @type {any} */ (pyodide);
  const without = /** @type {any} */ ({ ...pyodide, _module: { ..._module, wasmTable: undefined } });
  assert.equal(findPlace(without), null);
  hastenHashes(pyodide, null);
  assert.equal(ask('python_calls()'), '[5, 1, 0]');
  hastenHashes(pyodide, findPlace(pyodide));
  assert.equal(ask('python_calls()'), '[0, 0, 0]');
  assert.equal(ask('story()'), before);
  assert.equal(ask('near_the_end()'), far);
  assert.equal(ask('deaths(Addresses())[-1]'), '0', 'nothing is kept');
  assert.equal(ask('ignored'), '[]');
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
  const words = other.runPython('list(honest().words)').toJs();
  assert.ok(words.length > 20);
  for (const at of words.filter((/** @type {string} */ word) => !['name', 'other'].includes(word))) { // nothing says where these are
    other.runPython(`Wrong.at = ${JSON.stringify(at)}`);
    assert.equal(findPlace(other), null, `word ${at}`);
  }
  other.runPython('addresses.Sample = honest');
  assert.notEqual(findPlace(other), null);
});
