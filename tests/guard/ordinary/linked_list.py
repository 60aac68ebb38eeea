"""A linked list with the whole sequence protocol, and a doubly linked deque."""


class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next=None):
        self.value, self.next = value, next


class LinkedList:
    def __init__(self, items=()):
        self.head = None
        self._size = 0
        for item in items:
            self.append(item)

    def _nodes(self):
        node = self.head
        while node is not None:
            yield node
            node = node.next

    def __iter__(self):
        return (node.value for node in self._nodes())

    def __len__(self):
        return self._size

    def _node(self, index):
        if index < 0:
            index += self._size
        if not 0 <= index < self._size:
            raise IndexError(f"index {index} out of {self._size}")
        return next(node for i, node in enumerate(self._nodes()) if i == index)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return LinkedList(self[i] for i in range(*index.indices(self._size)))
        return self._node(index).value

    def __setitem__(self, index, value):
        self._node(index).value = value

    def __delitem__(self, index):
        if index == 0 and self.head:
            self.head = self.head.next
        else:
            before = self._node(index - 1)
            before.next = before.next.next
        self._size -= 1

    def append(self, value):
        if self.head is None:
            self.head = Node(value)
        else:
            *_, last = self._nodes()
            last.next = Node(value)
        self._size += 1

    def push(self, value):
        self.head = Node(value, self.head)
        self._size += 1

    def reverse(self):
        before, node = None, self.head
        while node:
            node.next, before, node = before, node, node.next
        self.head = before
        return self

    def __add__(self, other):
        return LinkedList([*self, *other])

    def __contains__(self, value):
        return any(v == value for v in self)

    def __repr__(self):
        return f"LinkedList([{', '.join(repr(v) for v in self)}])"

    def __eq__(self, other):
        return len(self) == len(other) and all(a == b for a, b in zip(self, other))


def merge_sorted(a, b):
    dummy = tail = Node(None)
    while a and b:
        if a.value <= b.value:
            tail.next, a = a, a.next
        else:
            tail.next, b = b, b.next
        tail = tail.next
    tail.next = a or b
    made = LinkedList()
    made.head = dummy.next
    made._size = sum(1 for _ in made._nodes())
    return made


l = LinkedList("abc")
l.append("d")
l.push("z")
print(l, len(l), l[0], l[-1], l[1:4], l[::-2], "c" in l, "q" in l)
l[2] = "B"
del l[0]
del l[2]
print(l, list(reversed(list(l))), l.reverse(), l + [1, 2], l == LinkedList("dBa"), l == LinkedList("d"))
for bad in (lambda: l[99], lambda: l["x"], lambda: LinkedList(5), lambda: l.pop(), lambda: l + 5, lambda: Node(1).nope):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
print(merge_sorted(LinkedList([1, 4, 6]).head, LinkedList([2, 3, 7, 9]).head), max(l), sorted(l), ", ".join(l))
slow = fast = LinkedList(range(9)).head
while fast and fast.next:
    slow, fast = slow.next, fast.next.next
print("middle", slow.value)
