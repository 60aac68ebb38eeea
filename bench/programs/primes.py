"""Primes: by a sieve, by division, by a generator."""


def sieve(limit):
    flags = [True] * limit
    flags[0] = flags[1] = False
    for n in range(2, int(limit**0.5) + 1):
        if flags[n]:
            for multiple in range(n * n, limit, n):
                flags[multiple] = False
    return [n for n, prime in enumerate(flags) if prime]


def is_prime(n):
    if n < 2:
        return False
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 1
    return True


def candidates():
    n = 2
    while True:
        if is_prime(n):
            yield n
        n += 1


primes = sieve(1200000)
print(len(primes), primes[-1])
print(len([n for n in range(32000) if is_prime(n)]))
total = 0
for prime in candidates():
    if prime > 18000:
        break
    total += prime
print(total)
