"""itertools, functools, operator and collections at work."""
import itertools as it
import operator as op
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from functools import cache, cmp_to_key, lru_cache, partial, partialmethod, reduce, singledispatch, singledispatchmethod, total_ordering

print(list(it.chain([1], "ab", range(2))), list(it.islice(it.count(5, 3), 4)), list(it.accumulate([1, 2, 3, 4], op.mul)), list(it.takewhile(lambda n: n < 3, range(9))))
print([(k, list(g)) for k, g in it.groupby(sorted("mississippi"))], list(it.product("ab", repeat=2))[:3], list(it.combinations(range(4), 2)), len(list(it.permutations(range(4)))))
print(list(it.zip_longest("ab", [1], fillvalue="-")), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.compress("abcd", [1, 0, 1, 0])), list(it.pairwise([1, 4, 9])), list(it.dropwhile(str.isalpha, "ab1c")))
a, b = it.tee(iter([1, 2, 3]))
print(list(a), list(b), list(map(op.itemgetter(1), ["ab", "cd"])), list(it.filterfalse(lambda n: n % 2, range(6))), next(it.cycle("xy")), list(it.repeat(0, 3)))
People = namedtuple("People", "name age", defaults=[30])
people = [People("Ann", 34), People("Bob"), People("Cat", 19)]
print(sorted(people, key=op.attrgetter("age")), max(people, key=op.itemgetter(1)).name, people[1]._replace(age=31), people[0]._asdict(), People._fields, People._make(["D", 1]), people[2]._field_defaults)
print(sorted(people, key=op.attrgetter("name"), reverse=True)[0], list(map(op.methodcaller("count", "a"), ["banana", "x"])), op.attrgetter("name", "age")(people[0]), op.attrgetter("name.__class__.__name__")(people[0]))
print(sorted(["b10", "a2", "b9"], key=cmp_to_key(lambda x, y: (len(x) > len(y)) - (len(x) < len(y)) or (x > y) - (x < y))), reduce(lambda x, y: x * 10 + y, [1, 2, 3]), reduce(op.add, [[1], [2]], []))
c = Counter("abracadabra")
print(c.most_common(2), c["z"], c - Counter("aaab"), sum(c.values()), Counter(a=1) + Counter(a=2, b=0), sorted(c.elements())[:6])
dd = defaultdict(list)
for word in "one two three four".split():
    dd[len(word)].append(word)
print(dict(dd), dd, deque([1, 2, 3], maxlen=2), ChainMap({"a": 1}, {"a": 2, "b": 3})["b"], dict(ChainMap({"a": 1}, {"b": 2})))
d = deque("abc")
d.rotate(1)
d.appendleft("z")
print(d, d.pop(), list(reversed(d)), OrderedDict(a=1, b=2), list(OrderedDict(a=1, b=2).items())[::-1])


@lru_cache(maxsize=2)
def slow(n):
    print("  computing", n)
    return n * n


print(slow(2), slow(2), slow(3), slow(4), slow(2), slow.cache_info())
slow.cache_clear()
print(slow.cache_info().currsize, slow.__name__)


@cache
def ways(n):
    return 1 if n < 2 else ways(n - 1) + ways(n - 2)


print(ways(60))


@singledispatch
def show(value):
    return f"object {value}"


@show.register
def _(value: int):
    return f"int {value}"


@show.register(list)
@show.register(tuple)
def _(value):
    return "sequence " + ", ".join(map(show, value))


print(show(1), show("s"), show([1, "a", (2,)]), show(True), show.dispatch(bool).__name__)


class Cell:
    def __init__(self):
        self.alive = False

    def set(self, value):
        self.alive = value
        return self

    live = partialmethod(set, True)
    die = partialmethod(set, False)

    @singledispatchmethod
    def plus(self, other):
        raise NotImplementedError(type(other).__name__)

    @plus.register
    def _(self, other: int):
        return ("int", other)

    @plus.register
    def _(self, other: str):
        return ("str", other)


print(Cell().live().alive, Cell().live().die().alive, Cell().plus(3), Cell().plus("x"))
try:
    Cell().plus(2.5)
except NotImplementedError as e:
    print("NotImplementedError", e)
double = partial(op.mul, 2)
print(double(21), partial(print, "a", sep="-").args, partial(int, base=2)("101"), double.func is op.mul, partial(int, base=2).keywords)
for bad in (lambda: namedtuple("X", "a a"), lambda: namedtuple("X", "class"), lambda: People(), lambda: people[0].nope, lambda: setattr(people[0], "age", 3), lambda: reduce(op.add, []), lambda: op.attrgetter("nope")(1), lambda: list(it.islice([1], -1)), lambda: deque().pop()):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
