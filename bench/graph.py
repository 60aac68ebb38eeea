"""A large made-up program: the thousand-module graph that the benchmarks and tests link.

Takes: how many modules, levels and packages.
Gives: `GraphProgram`: sources and manifests by canonical spec, and what the program prints.
Refuses: nothing. The same numbers give the same program.

Each module has about 30 lines, three imports of the level below it, and a class. A third of the imports are by bare name,
through the manifests of the packages.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphProgram:
    """`files` by path below the root, the entry `main.py` and every packages.json among them; `output` what it prints."""

    files: dict[str, str]
    output: str
    modules: int


def make_graph(modules: int = 1_000, levels: int = 12, packages: int = 20, seed: int = 7) -> GraphProgram:
    """A program of `modules` modules besides its entry, `levels` deep, in `packages` directories with a manifest each."""
    pick = random.Random(seed)
    width = -(-modules // levels)
    by_level = [list(range(level * width, min(modules, (level + 1) * width))) for level in range(levels)]
    home = {number: f"p{number % packages:02}" for number in range(modules)}
    aliases: dict[str, dict[str, str]] = {f"p{package:02}": {} for package in range(packages)}
    files: dict[str, str] = {}
    value: dict[int, int] = {}
    for level in reversed(range(levels)):
        for number in by_level[level]:
            below = by_level[level + 1] if level + 1 < levels else []
            targets = pick.sample(below, min(3, len(below)))
            if level + 1 < levels and (number - by_level[level][0]) < len(below):
                targets[0:1] = (
                    [below[number - by_level[level][0]]]
                    if below[number - by_level[level][0]] not in targets[1:]
                    else []
                )
            lines = []
            for position, target in enumerate(targets):
                if position == 0:
                    alias = f"dep{target}"
                    aliases[home[number]][alias] = f"../{home[target]}/m{target}.py"
                    lines.append(f"from {alias} import TOTAL as A")
                else:
                    lines.append(f'from "../{home[target]}/m{target}.py" import TOTAL as {"ABC"[position]}')
            value[number] = number % 7 + sum(value[target] for target in targets) % 1_000
            files[f"{home[number]}/m{number}.py"] = _module(number, lines, "ABC"[: len(targets)])
    for package, imports in aliases.items():
        files[f"{package}/packages.json"] = json.dumps({"imports": imports}, indent=2)
    files["packages.json"] = "{}"
    top = by_level[0]
    entry = [f'from "./{home[number]}/m{number}.py" import TOTAL as T{number}' for number in top]
    entry.append(f"print(sum([{', '.join(f'T{number}' for number in top)}]))")
    files["main.py"] = "\n".join(entry) + "\n"
    return GraphProgram(files, f"{sum(value[number] for number in top)}\n", modules)


def _module(number: int, imports: list[str], names: str) -> str:
    """About 30 lines of ordinary code around a class."""
    return "\n".join(
        [
            *imports,
            "",
            f"LIMIT = {number}",
            "",
            "def clamp(value, low=0, high=100):",
            '    """Keep a value between two bounds."""',
            "    if value < low:",
            "        return low",
            "    return min(value, high)",
            "",
            f"class Part{number}:",
            f'    """Part {number} of the program."""',
            "    def __init__(self, scale=1):",
            "        self.scale = scale",
            f"        self.below = [{', '.join(names)}]",
            "    def own(self):",
            f"        return clamp({number} % 7, 0, 6) * self.scale",
            "    def total(self):",
            "        below = 0",
            "        for number in self.below:",
            "            below += number",
            "        return self.own() + below % 1000",
            "    def describe(self):",
            f'        return f"part {number}: {{self.own()}} of {{LIMIT}}"',
            "",
            f'names = [f"{{name}}-{number}" for name in ("x", "y", "z")]',
            "lookup = {name: len(name) for name in names}",
            f"TOTAL = Part{number}().total()",
            "",
        ]
    )
