/** Hashes without Python: the same as with it, and asked of Python where they must be. In a real Pyodide. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { loadPyodide } from 'pyodide';
import { findPlace, hastenHashes } from '../../web/engine/hashes.js';

const PROGRAM = `
import abc, copy, gc, itertools, numbers, sys, weakref
from sys import getrefcount
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
    return said + traps(run) + deaths(run) + classes(run) + places(run)

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

def classes(run):
    "What was found of a class holds until it, or one above it, changes."
    said, other = [], Addresses()
    def ask(*values):
        for value in values:
            try: said.append(hash(value))
            except TypeError as error: said.append(str(error))
    class Root: pass # a layout for both
    class A(Root, run.base): pass
    class B(Root, other.base): pass
    class C(A): pass
    class D(C): pass
    class E(B): pass
    class Both(A, B): pass
    class Mro(type):
        def mro(kind): return [*type.mro(kind)]
    class F(C, metaclass=Mro): pass
    ask(*[B() for _ in range(300)])
    many = A(), B(), C(), D(), E(), F(), Both()
    def all(): ask(*many, *many, *map(run.identity, many), A(), B(), C(), D(), E(), F(), Both())
    all()
    for kind in C, A, run.base:
        was = vars(kind).get("__hash__")
        for own in (lambda self: 77), None, (lambda self: 78):
            kind.__hash__ = own; all()
        if was is None: del kind.__hash__
        else: kind.__hash__ = was
        all()
    A.__hash__ = object.__hash__
    said.append([hash(x) == object.__hash__(x) for x in many])
    del A.__hash__; all()
    C.__bases__ = (B,); all()
    B.__hash__ = lambda self: 79; all()
    del B.__hash__; all()
    C.__bases__ = (A,); all()
    C.__bases__ = (B, A); all()
    C.__bases__ = (A,); all()
    many[2].__class__, many[4].__class__ = E, C; all()
    many[2].__class__, many[4].__class__ = C, E; all()
    Both.__hash__ = B.__hash__; all()
    C.__eq__ = lambda self, other: self is other; all()
    "Classes of both runs that die, and in their memory others."
    gc.collect()
    held = [getrefcount(one._hashed_gone) for one in (run, other)]
    for turn in range(300):
        kind = type("Kind", ((A, B, run.base, other.base)[turn * 7 % 4],), {})
        one = kind()
        ask(one, one)
        if turn % 3 == 0 and kind.__base__ in (A, B): kind.__bases__ = (B if kind.__base__ is A else A,)
        ask(one, one)
        if turn % 5 == 0: kind.__hash__ = lambda self: 80
        ask(one)
        del kind, one
        if turn % 10 == 0: gc.collect()
    gc.collect()
    said.append([getrefcount(one._hashed_gone) - was for one, was in zip((run, other), held)])
    return said

def places(run):
    "Where the reference of one object lay another comes to lie, of the script or of another run."
    said, other, never = [], Addresses(), lambda _: said.append("called")
    class Plain(run.base): pass
    class Root: pass
    class Here(Root, run.base): pass
    class There(Root, other.base): pass
    for turn in range(20):
        things = [Plain() for _ in range(50)]
        said.extend(hash(x) for x in things * 2)
        del things
        things = [Plain() for _ in range(50)]
        watch = [weakref.ref(x, never) for x in things]
        said.extend(hash(x) for x in things * 2)
        watch.clear()
        said.extend(hash(x) for x in things)
    movers = [Here() for _ in range(100)]
    for to in There, Here, There:
        said.extend(hash(x) for x in movers * 2)
        for x in movers: x.__class__ = to
    said.extend(hash(x) for x in movers * 2)
    return said

def settled():
    "Whether a class whose objects were hashed has the function that it had, and whether it has it again with a method of its own."
    import ctypes
    class Plain(Addresses().base): pass
    def at(): return ctypes.c_int32.from_address(id(Plain) + 60).value
    was = at(); hash(Plain()); now = at(); Plain.__hash__ = lambda self: 5; own = at()
    return [was == now, was == own]

def derived_in_c():
    "A class that has the function and no callback, as one has that C code derives: a reference without a callback has no number."
    import ctypes
    run = Addresses()
    class Plain(run.base): pass
    hash(Plain())
    one = Plain()
    watch, kept = weakref.ref(one), ctypes.c_int32.from_address(id(Plain) + type.__weakrefoffset__ - 8)
    was, kept.value = kept.value, 0
    said = [hash(one), hash(one), run.identity(one)]
    kept.value = was
    return said

def known():
    "Whether the collector sees what a class keeps of its run, so that both can go."
    run = Addresses()
    class A(run.base): pass
    class B(A): pass
    class Own(A):
        def __hash__(self): return 5
    def seen(): return [run._hashed_gone in gc.get_referents(kind) for kind in (A, B, Own)]
    said, things = seen(), [A(), B(), Own()]
    for one in things: hash(one)
    said, watch = [said, seen()], [weakref.ref(one) for one in (run, run.base, A, B)]
    del run, A, B, Own, things, one, seen
    gc.collect()
    return [*said, [one() is None for one in watch]]

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
  assert.equal(ask('settled()'), '[true, true]');
  assert.equal(ask('derived_in_c()'), '[2, 2, 2]');
  hastenHashes(pyodide, findPlace(pyodide));
  assert.equal(ask('python_calls()'), '[0, 0, 0]');
  assert.equal(ask('settled()'), '[false, true]');
  assert.equal(ask('derived_in_c()'), '[2, 2, 2]');
  assert.equal(ask('story()'), before);
  assert.equal(ask('near_the_end()'), far);
  assert.equal(ask('deaths(Addresses())[-1]'), '0', 'nothing is kept');
  assert.equal(ask('known()'), '[[false, false, false], [true, true, false], [true, true, true, true]]');
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
