"""Bank accounts: inheritance, properties, class counters, custom errors, a ledger."""
from decimal import Decimal


class BankError(Exception):
    pass


class InsufficientFunds(BankError):
    def __init__(self, need, have):
        self.need, self.have = need, have
        super().__init__(f"need {need}, have {have}")


class Account:
    _next = 1000
    fee = Decimal("0")

    def __init__(self, owner, balance="0"):
        self.owner = owner
        self.__balance = Decimal(balance)
        self.number = Account._next
        Account._next += 1
        self.history = []

    @property
    def balance(self):
        return self.__balance

    def _change(self, amount, what):
        self.__balance += amount
        self.history.append((what, amount, self.__balance))

    def deposit(self, amount):
        amount = Decimal(amount)
        if amount <= 0:
            raise ValueError(f"deposit must be positive, not {amount}")
        self._change(amount, "deposit")
        return self

    def withdraw(self, amount):
        amount = Decimal(amount) + self.fee
        if amount > self.available:
            raise InsufficientFunds(amount, self.available)
        self._change(-amount, "withdraw")
        return self

    @property
    def available(self):
        return self.balance

    def __repr__(self):
        return f"<{type(self).__name__} {self.number} {self.owner}: {self.balance:.2f}>"

    def __lt__(self, other):
        return self.balance < other.balance


class Credit(Account):
    limit = Decimal(500)
    fee = Decimal("1.50")

    @property
    def available(self):
        return super().available + self.limit


class Savings(Account):
    def __init__(self, owner, balance="0", *, rate):
        super().__init__(owner, balance)
        self.rate = Decimal(rate)

    def year(self):
        self._change((self.balance * self.rate).quantize(Decimal("0.01")), "interest")


def transfer(source, target, amount):
    try:
        source.withdraw(amount)
    except InsufficientFunds as e:
        print(f"  refused: {e} (short of {e.need - e.have})")
        return False
    target.deposit(amount)
    return True


ann, bob, cat = Account("Ann", "100"), Credit("Bob"), Savings("Cat", "1000", rate="0.035")
print(ann, bob, cat)
print(transfer(ann, bob, "30.50"), transfer(ann, bob, "70"), transfer(bob, cat, 500), transfer(bob, cat, 100))
cat.year()
print(sorted([ann, bob, cat]), sum(a.balance for a in (ann, bob, cat)))
for row in cat.history + bob.history:
    print("{:<10}{:>10.2f}{:>10.2f}".format(*row))
for attempt in (lambda: ann.deposit(-5), lambda: ann.__balance, lambda: setattr(ann, "balance", 5), lambda: ann.withdraw("x"), lambda: Account()):
    try:
        attempt()
    except Exception as e:
        print(type(e).__name__, e)
print(ann._Account__balance, sorted(vars(ann)), isinstance(bob, Account), Account._next, ann.deposit(1).deposit(2).balance)
