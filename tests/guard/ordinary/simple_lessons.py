"""The first lessons: loops, conditions, functions, lists, dictionaries, strings, in plain style."""
name = "Ada"
age = 36
print("Hello,", name, "you are", age, "years old", sep=" ", end=".\n")
print("Next year:", age + 1, "| half:", age / 2, "| whole half:", age // 2, "| rest:", age % 5, "| squared:", age**2)
for i in range(1, 4):
    for j in range(1, 4):
        print(i * j, end="\t")
    print()
n, steps = 27, 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print("Collatz:", steps)
for number in range(1, 16):
    if number % 15 == 0:
        print("FizzBuzz", end=" ")
    elif number % 3 == 0:
        print("Fizz", end=" ")
    elif number % 5 == 0:
        print("Buzz", end=" ")
    else:
        print(number, end=" ")
print()


def greet(who, greeting="Hello", *, loud=False):
    """Greet somebody."""
    text = f"{greeting}, {who}!"
    return text.upper() if loud else text


print(greet("Bob"), greet("Bob", "Hi"), greet(greeting="Hey", who="Al", loud=True), greet.__doc__)
shopping = ["milk", "eggs", "bread"]
shopping.append("tea")
shopping[1] = "six eggs"
for position, item in enumerate(shopping, start=1):
    print(f"{position}. {item:<10}|{len(item):>3}")
print(shopping[0], shopping[-1], shopping[1:3], "milk" in shopping, len(shopping), sorted(shopping), shopping.index("bread"))
prices = {"milk": 1.2, "bread": 2.5, "tea": 3.0}
total = 0
for item in shopping:
    price = prices.get(item)
    if price is None:
        print("no price for", item)
        continue
    total += price
print("total:", round(total, 2), "most expensive:", max(prices, key=prices.get), "sum:", sum(prices.values()))
text = "the rain in spain stays mainly in the plain"
counts = {}
for letter in text:
    if letter.isalpha():
        counts[letter] = counts.get(letter, 0) + 1
for letter, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:4]:
    print(letter, "*" * count)
print([word.capitalize() for word in text.split() if len(word) > 3], "-".join(reversed(text.split()[:3])), text[::-1][:10])


def is_prime(n):
    if n < 2:
        return False
    for d in range(2, int(n**0.5) + 1):
        if n % d == 0:
            return False
    return True


def factorial(n):
    return 1 if n == 0 else n * factorial(n - 1)


def fibonacci(count):
    a, b = 0, 1
    result = []
    for _ in range(count):
        result.append(a)
        a, b = b, a + b
    return result


print([n for n in range(30) if is_prime(n)], factorial(25), fibonacci(12))
for raw in ("42", "4.5", "four", ""):
    try:
        print(raw, "->", int(raw))
    except ValueError as error:
        print("not a number:", error)
    else:
        print("fine")
    finally:
        print("checked", repr(raw))
for size in range(1, 6):
    print(" " * (5 - size) + "*" * (2 * size - 1))
secret, low, high, guesses = 37, 1, 100, []
while not guesses or guesses[-1] != secret:
    guess = (low + high) // 2
    guesses.append(guess)
    if guess < secret:
        low = guess + 1
    else:
        high = guess - 1
print("guessed with", guesses)
print(bool(0), bool(""), bool([]), bool("0"), not None, 1 and 2, 0 or "x", None is None, 3 > 2 > 1, "a" == "A".lower(), type(3.0), type("3"), int("3") + 3, str(3) + "3", float("2.5") * 2)
temperatures = [("Mon", 21.5), ("Tue", 19.0), ("Wed", 24.25)]
print("%-5s %6s" % ("day", "temp"))
for day, t in temperatures:
    print("%-5s %6.1f" % (day, t), "warm" if t > 20 else "cool")
print("mean {:.2f}, max {}".format(sum(t for _, t in temperatures) / len(temperatures), max(temperatures, key=lambda p: p[1])))
if __name__ == "__main__":
    print("main", __name__)
