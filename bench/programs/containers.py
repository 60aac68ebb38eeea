"""Lists, dictionaries, sets and tuples at work."""


def group(numbers):
    groups = {}
    for number in numbers:
        groups.setdefault(number % 97, []).append(number)
    return groups


def inventory(n):
    stock = {}
    for i in range(n):
        key = ("item", i % 251)
        if key in stock:
            stock[key] += i
        else:
            stock[key] = i
        if i % 7 == 0:
            stock.pop(("item", i % 13), None)
    return sum(stock.values())


def dedupe(numbers):
    seen, out = set(), []
    for number in numbers:
        if number not in seen:
            seen.add(number)
            out.append(number)
    return out


numbers = [i * 7919 % 10007 for i in range(125000)]
groups = group(numbers)
print(len(groups), sum([len(one) for one in groups.values()]), max([sum(one) for one in groups.values()]))
print(inventory(250000))
print(len(dedupe(numbers)), len(set(numbers) & set(range(0, 10000, 3))))
stack = []
for number in numbers:
    while stack and stack[-1] > number:
        stack.pop()
    stack.append(number)
print(len(stack), stack[:4])
table = [[row * column for column in range(190)] for row in range(190)]
print(sum([table[i][j] - table[j][i] for i in range(190) for j in range(190)]))
print(sum([a - b for a, b in zip(numbers, reversed(numbers))]))
