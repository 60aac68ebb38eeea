"""Errors that are raised, caught, passed on and cleaned up after."""


class Refused(Exception):
    def __init__(self, amount):
        super().__init__("refused %d" % amount)
        self.amount = amount


class Account:
    def __init__(self):
        self.balance = 0
        self.log = []

    def take(self, amount):
        if amount > self.balance:
            raise Refused(amount)
        self.balance -= amount

    def __enter__(self):
        self.log.append(self.balance)
        return self

    def __exit__(self, kind, value, trace):
        self.log.pop()
        return False


def parse(text):
    try:
        return int(text)
    except ValueError:
        return None


def deep(n):
    if n == 0:
        raise KeyError("bottom")
    try:
        deep(n - 1)
    finally:
        left[0] += 1


left = [0]
account = Account()
refused = 0
for n in range(100000):
    account.balance += n % 5
    try:
        with account:
            account.take(n % 11)
    except Refused as error:
        refused += error.amount
print(account.balance, refused, account.log)
print(len([one for one in [parse(text) for text in ["12", "x", "7", ""] * 12500] if one is None]))
caught = 0
for _ in range(1250):
    try:
        deep(30)
    except KeyError as error:
        caught += len(error.args)
print(caught, left[0])
total = 0
for n in range(75000):
    try:
        total += [1, 2, 3][n % 4]
    except IndexError:
        total -= 1
    else:
        total += 1
    finally:
        total += 2
print(total)
