"""copy and deepcopy with hooks, shared parts, cycles, slots, subclasses; aliasing of lists."""
import copy


class Doc:
    def __init__(self, title, parts):
        self.title, self.parts = title, parts

    def __repr__(self):
        return f"Doc({self.title!r}, {self.parts})"


class Hooked(Doc):
    def __copy__(self):
        print("  __copy__")
        return type(self)(self.title + " copy", self.parts)

    def __deepcopy__(self, memo):
        print("  __deepcopy__", type(memo).__name__)
        made = type(self)(self.title + " deep", copy.deepcopy(self.parts, memo))
        memo[id(self)] = made
        return made


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Tree(list):
    def __init__(self, *items, name="t"):
        super().__init__(items)
        self.name = name


class Node:
    def __init__(self, value):
        self.value, self.next = value, None


d = Doc("one", [1, [2, 3]])
s, p = copy.copy(d), copy.deepcopy(d)
d.parts[1].append(4)
print(d, s, p, s.parts is d.parts, p.parts is d.parts, type(s).__name__)
h = Hooked("h", [[1]])
c, e = copy.copy(h), copy.deepcopy([h, h])
print(c, e, e[0] is e[1], c.parts is h.parts, e[0].parts is h.parts)
x = Slotted([1])
y, z = copy.copy(x), copy.deepcopy(x)
print(y.a is x.a, z.a is x.a, z.a, hasattr(z, "b"))
t = Tree(1, [2], name="tree")
u = copy.deepcopy(t)
print(u, u.name, type(u).__name__, u[1] is t[1], copy.copy(t)[1] is t[1])
a, b = Node(1), Node(2)
a.next, b.next = b, a
q = copy.deepcopy(a)
print(q.value, q.next.value, q.next.next is q, q is not a)
loop = [1]
loop.append(loop)
w = copy.deepcopy(loop)
print(w, w[1] is w, loop == [1, loop], copy.copy((1, 2)), copy.deepcopy({"k": {1, 2}, "f": len, "c": Doc}) == {"k": {1, 2}, "f": len, "c": Doc})
rows = [[0] * 3] * 2
rows[0][0] = 9
good = [[0] * 3 for _ in range(2)]
good[0][0] = 9
print(rows, good, rows[0] is rows[1], list(map(list, good)) == good)
l = [1, 2, 3]
m = l
m += [4]
n = l[:]
n.append(5)
print(l, m, n, l is m, l == n[:-1], l.copy() is l, dict(a=l)["a"] is l)


def grow(items=[]):
    items.append(len(items))
    return items


print(grow(), grow(), grow([]), grow() is grow())
i = 257
j = i
j += 1
k = (l, i)
k[0].append("in tuple")
print(i, j, k)
try:
    k[0] += [1]
except TypeError as error:
    print(error, k)
try:
    copy.deepcopy((i for i in range(2)))
except TypeError as error:
    print(error)


class Config:
    defaults = {"debug": False}

    def __init__(self, **kw):
        self.options = self.defaults | kw

    def __eq__(self, other):
        return vars(self) == vars(other)

    def with_(self, **kw):
        made = copy.copy(self)
        made.options = {**self.options, **kw}
        return made


one = Config(level=3)
two = one.with_(debug=True)
print(one.options, two.options, Config.defaults, one == two, one == copy.deepcopy(one))
