"""Binary search tree, breadth and depth first search, Dijkstra, topological sort, trie, union-find."""
import heapq
from collections import defaultdict, deque


class Tree:
    class Node:
        def __init__(self, key):
            self.key, self.left, self.right = key, None, None

    def __init__(self, keys=()):
        self.root = None
        for key in keys:
            self.insert(key)

    def insert(self, key):
        def place(node):
            if node is None:
                return self.Node(key)
            if key < node.key:
                node.left = place(node.left)
            elif key > node.key:
                node.right = place(node.right)
            return node

        self.root = place(self.root)

    def __iter__(self):
        def walk(node):
            if node:
                yield from walk(node.left)
                yield node.key
                yield from walk(node.right)

        return walk(self.root)

    def height(self):
        def h(node):
            return 0 if node is None else 1 + max(h(node.left), h(node.right))

        return h(self.root)

    def __contains__(self, key):
        node = self.root
        while node and node.key != key:
            node = node.left if key < node.key else node.right
        return node is not None

    def levels(self):
        queue, rows = deque([(self.root, 0)]), defaultdict(list)
        while queue:
            node, depth = queue.popleft()
            if node:
                rows[depth].append(node.key)
                queue.extend(((node.left, depth + 1), (node.right, depth + 1)))
        return dict(rows)


GRAPH = {"A": {"B": 4, "C": 1}, "B": {"D": 1}, "C": {"B": 2, "D": 5}, "D": {"E": 3}, "E": {}}


def bfs(graph, start, goal):
    queue, came = deque([start]), {start: None}
    while queue:
        node = queue.popleft()
        if node == goal:
            path = []
            while node is not None:
                path.append(node)
                node = came[node]
            return path[::-1]
        for near in graph[node]:
            if near not in came:
                came[near] = node
                queue.append(near)


def dijkstra(graph, start):
    best, heap = {}, [(0, start)]
    while heap:
        cost, node = heapq.heappop(heap)
        if node not in best:
            best[node] = cost
            for near, step in graph[node].items():
                heapq.heappush(heap, (cost + step, near))
    return best


def topological(graph):
    order, state = [], {}

    def visit(node):
        if state.get(node) == "open":
            raise ValueError(f"cycle at {node}")
        if node not in state:
            state[node] = "open"
            for near in graph.get(node, ()):
                visit(near)
            state[node] = "done"
            order.append(node)

    for node in graph:
        visit(node)
    return order[::-1]


class Trie:
    def __init__(self):
        self.kids, self.word = defaultdict(Trie), False

    def add(self, text):
        node = self
        for c in text:
            node = node.kids[c]
        node.word = True
        return self

    def find(self, prefix, node=None):
        node = self
        for c in prefix:
            if c not in node.kids:
                return
            node = node.kids[c]
        stack = [(prefix, node)]
        while stack:
            text, node = stack.pop()
            if node.word:
                yield text
            stack.extend((text + c, kid) for c, kid in sorted(node.kids.items(), reverse=True))


class Sets:
    def __init__(self, n):
        self.parent = list(range(n))

    def root(self, i):
        while self.parent[i] != i:
            self.parent[i] = i = self.parent[self.parent[i]]
        return i

    def join(self, a, b):
        a, b = self.root(a), self.root(b)
        self.parent[a] = b
        return a != b


t = Tree([50, 30, 70, 20, 40, 60, 80, 30])
print(list(t), t.height(), 60 in t, 65 in t, t.levels(), [*Tree()], max(t))
print(bfs(GRAPH, "A", "E"), bfs(GRAPH, "E", "A"), dijkstra(GRAPH, "A"), topological(GRAPH))
try:
    topological({"x": ["y"], "y": ["x"]})
except ValueError as e:
    print(e)
trie = Trie()
for word in "car card care cat dog do".split():
    trie.add(word)
print(list(trie.find("car")), list(trie.find("do")), list(trie.find("x")), list(trie.find("")))
s = Sets(6)
print([s.join(a, b) for a, b in ((0, 1), (2, 3), (1, 3), (0, 2))], len({s.root(i) for i in range(6)}))
