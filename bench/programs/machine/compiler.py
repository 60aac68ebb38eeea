"""From lines of text to instructions."""
import codes
from codes import OPERATORS, STRENGTH


def compile_expression(tokens):
    out, waiting = [], []
    for token in tokens:
        if token in OPERATORS:
            operator = OPERATORS[token]
            while waiting and STRENGTH[waiting[-1]] >= STRENGTH[operator]:
                out.append((waiting.pop(), None))
            waiting.append(operator)
        elif token.isdigit():
            out.append((codes.PUSH, int(token)))
        else:
            out.append((codes.LOAD, token))
    while waiting:
        out.append((waiting.pop(), None))
    return out


def compile_text(text):
    out, loops = [], []
    for line in text.strip().split("\n"):
        words = line.split()
        if words[0] == "let":
            out.extend(compile_expression(words[2:]))
            out.append((codes.STORE, words[1]))
        elif words[0] == "print":
            out.extend(compile_expression(words[1:]))
            out.append((codes.PRINT, None))
        elif words[0] == "while":
            start = len(out)
            out.extend(compile_expression(words[1:]))
            loops.append((start, len(out)))
            out.append(None)
        else:
            start, leave = loops.pop()
            out.append((codes.JUMP, start))
            out[leave] = (codes.UNLESS, len(out))
    return out
