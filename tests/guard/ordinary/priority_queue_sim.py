"""Priority queues, a shop simulation, a scheduler, a round robin, with heapq, bisect and dataclasses."""
import bisect
import heapq
from collections import deque
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class Event:
    at: int
    number: int = field(default_factory=count().__next__)
    what: str = field(compare=False, default="")
    data: dict = field(compare=False, default_factory=dict, repr=False)


class Queue:
    def __init__(self, items=(), *, key=None):
        self._key, self._count, self._heap = key or (lambda x: x), count(), []
        for item in items:
            self.push(item)

    def push(self, item):
        heapq.heappush(self._heap, (self._key(item), next(self._count), item))
        return self

    def pop(self):
        if not self:
            raise IndexError("pop from an empty queue")
        return heapq.heappop(self._heap)[-1]

    def __len__(self):
        return len(self._heap)

    def __iter__(self):
        while self:
            yield self.pop()


class Shop:
    def __init__(self, tills):
        self.now, self.events, self.line, self.free, self.log = 0, Queue(), deque(), tills, []

    def schedule(self, after, what, **data):
        self.events.push(Event(self.now + after, what=what, data=data))

    def run(self, until):
        for event in self.events:
            if event.at > until:
                break
            self.now = event.at
            getattr(self, "on_" + event.what)(**event.data)
        return self.log

    def note(self, text, *args):
        self.log.append(f"{self.now:>3} " + text.format(*args))

    def on_arrive(self, who, items):
        self.note("{} arrives with {}", who, items)
        self.line.append((who, items))
        self.serve()

    def on_leave(self, who):
        self.note("{} leaves", who)
        self.free += 1
        self.serve()

    def serve(self):
        while self.free and self.line:
            who, items = self.line.popleft()
            self.free -= 1
            self.note("{} is served, {} waiting", who, len(self.line))
            self.schedule(items * 2, "leave", who=who)


def round_robin(tasks, slice_):
    queue, order = deque(tasks.items()), []
    while queue:
        name, left = queue.popleft()
        order.append(f"{name}{min(left, slice_)}")
        if left > slice_:
            queue.append((name, left - slice_))
    return order


q = Queue(["pear", "fig", "apple", "kiwi"], key=len)
print(len(q), q.pop(), list(q), bool(q))
try:
    q.pop()
except IndexError as e:
    print(e)
shop = Shop(1)
for after, who, items in ((0, "Ann", 3), (1, "Bob", 1), (2, "Cy", 2)):
    shop.schedule(after, "arrive", who=who, items=items)
shop.schedule(99, "explode")
print(*shop.run(50), sep="\n")
shop.schedule(1, "explode")
try:
    shop.run(100)
except AttributeError as e:
    print(e)
print(round_robin({"a": 5, "b": 2, "c": 4}, 2))
print(heapq.nlargest(2, [3, 1, 4, 1, 5]), heapq.nsmallest(2, ["bb", "a", "ccc"], key=len), list(heapq.merge([1, 4], [2, 3])), heapq.heapreplace([1, 2], 9))
print(Event(1, 0) < Event(1, 1), Event(2, 0) > Event(1, 5), Event(3, 7, "x"), Event(1, 1) == Event(1, 1, "other"))
scores = []
for s in (70, 85, 60, 85, 90):
    bisect.insort(scores, s)
print(scores, bisect.bisect_left(scores, 85), bisect.bisect(scores, 85), ["FDCBA"[bisect.bisect([60, 70, 80, 90], s)] for s in (59, 60, 89, 90)])
try:
    heapq.heappush([Event(1)], "x")
except TypeError as e:
    print(e)
