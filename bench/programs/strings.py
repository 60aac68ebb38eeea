"""Texts that are built, cut, turned and counted."""


def caesar(text, by):
    out = []
    for letter in text:
        if "a" <= letter <= "z":
            out.append(chr((ord(letter) - 97 + by) % 26 + 97))
        else:
            out.append(letter)
    return "".join(out)


def is_palindrome(text):
    letters = [one for one in text.lower() if one.isalpha()]
    return letters == letters[::-1]


words = "the quick brown fox jumps over the lazy dog while a man a plan a canal panama sleeps".split()
line = " ".join(words)
for by in range(7500):
    line = caesar(line, by)
built = ""
for n in range(200000):
    built += words[n % len(words)][0]
    if len(built) > 200:
        built = built[100:]
counts = {}
for n in range(1000):
    for letter in line:
        counts[letter] = counts.get(letter, 0) + 1
found = sum([line.find(word[:2]) for word in words for _ in range(7500)])
replaced = line
for n in range(7500):
    replaced = replaced.replace("a", "b").replace("b", "a").strip().upper().lower()
print(line, built[:20], is_palindrome("A man, a plan, a canal: Panama"), found, replaced)
print(sorted(counts.items())[:5])
