"""Sorting: by keys, of tuples, and by hand."""


def quicksort(items):
    if len(items) < 2:
        return items
    middle = items[len(items) // 2]
    return (
        quicksort([one for one in items if one < middle])
        + [one for one in items if one == middle]
        + quicksort([one for one in items if one > middle])
    )


def heapsort(items):
    heap = list(items)
    count = len(heap)
    for start in range(count // 2 - 1, -1, -1):
        sift(heap, start, count)
    for end in range(count - 1, 0, -1):
        heap[0], heap[end] = heap[end], heap[0]
        sift(heap, 0, end)
    return heap


def sift(heap, at, count):
    while True:
        child = 2 * at + 1
        if child >= count:
            return
        if child + 1 < count and heap[child] < heap[child + 1]:
            child += 1
        if heap[at] >= heap[child]:
            return
        heap[at], heap[child] = heap[child], heap[at]
        at = child


numbers = [i * 7919 % 10007 for i in range(25000)]
people = [("name%d" % (n % 89), n % 17, n) for n in numbers]
for _ in range(3):
    by_age = sorted(people, key=lambda one: (one[1], one[0]))
    by_name = sorted(people, key=lambda one: one[0], reverse=True)
print(by_age[0], by_age[-1], by_name[0], by_name[-1])
print(sorted(people)[:2])
print(quicksort(numbers) == sorted(numbers), heapsort(numbers) == sorted(numbers))
