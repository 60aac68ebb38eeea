"""Random programs of tasks that wait, made from a seed.

Takes: a seed. Gives: `program(seed)`: a template whose marks `WAIT` stand before everything that waits: `alike(template)` is the
program twice, once with plain calls and once with `await`.
Refuses: nothing. A program always ends, whatever it cancels: each sleep is short, and nobody waits for an event.

What a program prints says which task did what when, in the order of a virtual clock. So two ways to run it can be compared byte
for byte.
"""

from random import Random

HEAD = """\
tasks = {}
kept = []


def note(*words):
    print(*words)


async def guard(name, coroutine):
    try:
        note(name, "gave", WAIT run(coroutine))
    except CancelledError:
        note(name, "was cancelled")
    except Exception as error:
        note(name, "failed", type(error).__name__, error)

"""


def program(seed: int) -> str:
    """A program from a seed."""
    random = Random(seed)  # noqa: S311 - a program, not a secret
    count = random.randint(2, 7)
    parts = [HEAD]
    for number in range(count):
        body = _block(random, number, count, depth=1)
        parts.append(f"\nasync def t{number}():\n    note('t{number} begins')\n{body}    return {number}\n\n")
    parts += [f"tasks[{number}] = t{number}()\n" for number in range(count)]
    order = list(range(count))
    random.shuffle(order)
    chosen = order[: random.randint(1, count)]
    names = ", ".join(f"guard('g{number}', tasks[{number}])" for number in chosen)
    together = random.choice(["run", "gather"])
    parts.append(f"note('main', WAIT {together}({names}))\n")
    parts.append("for number, task in tasks.items():\n    cancel(task)\n")
    parts.append("note('end')\n")
    return "".join(parts)


def alike(template: str) -> tuple[str, str]:
    """The program whose waits are plain calls, and the one whose waits are awaited."""
    return template.replace("WAIT ", ""), template.replace("WAIT ", "await ")


def _block(random: Random, number: int, count: int, depth: int) -> str:
    pad = "    " * depth
    lines: list[str] = []
    for step in range(random.randint(1, 4)):
        kind = random.choice(_KINDS if depth < 4 else _SIMPLE)
        mark = f"{number}.{depth}.{step}"
        other = random.randrange(count)
        if kind == "zero":
            lines.append(f"{pad}WAIT sleep(0)")
        elif kind == "nap":
            lines.append(f"{pad}WAIT sleep({random.choice([1, 2, 2, 3, 5, 8])} / 100)")
        elif kind == "note":
            lines.append(f"{pad}note('t{number}', '{mark}')")
        elif kind == "raise":
            lines += [f"{pad}if len(kept) % 2 == {random.randint(0, 1)}:", f"{pad}    raise ValueError('{mark}')"]
            lines.append(f"{pad}kept.append(0)")
        elif kind == "cancel":
            lines += [f"{pad}note('t{number} cancels {other}')", f"{pad}cancel(tasks[{other}])"]
        elif kind == "join":
            lines += [
                f"{pad}try:",
                f"{pad}    note('t{number} joined', WAIT run(tasks[{other}]))",
                f"{pad}except (RuntimeError, ValueError, CancelledError) as error:",
                f"{pad}    note('t{number} joined', type(error).__name__, str(error)[:8])",
            ]
        elif kind == "finally":
            lines += [
                f"{pad}try:",
                _block(random, number, count, depth + 1).rstrip("\n"),
                f"{pad}finally:",
                f"{pad}    note('t{number}', 'finally', '{mark}')",
            ]
        else:
            how = random.choice(["gather", "run", "with_timeout"])
            inner = f"i{number}_{depth}_{step}"
            lines.append(f"{pad}async def {inner}(n):")
            lines.append(f"{pad}    note('{inner}', n)")
            lines.append(_block(random, number, count, depth + 1).rstrip("\n"))
            lines.append(f"{pad}    return n")
            if how == "with_timeout":
                call = f"with_timeout({random.choice([1, 2, 4])} / 100, {inner}(0))"
            else:
                call = f"{how}({', '.join(f'{inner}({n})' for n in range(random.randint(1, 3)))})"
            lines += [
                f"{pad}try:",
                f"{pad}    note('t{number} {mark}', WAIT {call})",
                f"{pad}except (ValueError, TimeoutError, RuntimeError) as error:",
                f"{pad}    note('t{number} {mark}', type(error).__name__)",
            ]
    return "\n".join(lines) + "\n"


_SIMPLE = ["zero", "nap", "nap", "note", "raise", "cancel"]
_KINDS = [*_SIMPLE, "join", "finally", "inner", "inner"]
