"""Regular expressions over a made-up log."""
import re

LINE = re.compile(r"(\d+)-(\d+)-(\d+) (\w+): (.*)")
WORD = re.compile(r"[a-z]+")
KEYS = ("error", "info", "warning", "debug")

lines = []
for n in range(40000):
    lines.append("2024-%02d-%02d %s: user%d did thing%d at 10.0.%d.%d in %d ms" % (n % 12 + 1, n % 28 + 1, KEYS[n % 4], n % 50, n % 7, n % 256, n * 7 % 256, n))
levels, slow, words = {}, 0, 0
for line in lines:
    match = LINE.match(line)
    levels[match.group(4)] = levels.get(match.group(4), 0) + int(match.group(2))
    took = re.search(r"in (\d+) ms", line)
    slow += int(took.group(1)) > 2000
    words += len(WORD.findall(match.group(5)))
print(sorted(levels.items()), slow, words)
text = "\n".join(lines)
print(len(re.findall(r"10\.0\.\d+\.7\b", text)), len(re.sub(r"user(\d+)", r"<\1>", text)))
