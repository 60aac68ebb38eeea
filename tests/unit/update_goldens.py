"""Writes the pictures of all messages into `goldens/`; read the diff before you keep it.

By hand: `python -m tests.unit.update_goldens`
"""

from __future__ import annotations

from .cases import CASES, GOLDENS, golden

COMMAND = ".venv/bin/python -m tests.unit.update_goldens"


def main() -> None:
    """Write every golden that differs; remove those of codes that are gone."""
    GOLDENS.mkdir(exist_ok=True)
    for path in GOLDENS.glob("*.txt"):
        if not CASES.get(path.stem):
            path.unlink()
    for code in CASES:
        path, text = GOLDENS / f"{code}.txt", golden(code) if CASES[code] else ""
        if text and (not path.exists() or path.read_text(encoding="utf-8") != text):
            path.write_text(text, encoding="utf-8")
            print(f"updated {path.name}")


if __name__ == "__main__":
    main()
