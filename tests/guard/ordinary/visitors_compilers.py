"""A tiny stack machine with assembler, a Brainf interpreter, a template compiler to closures, and run-length and Huffman coding."""
import heapq
from collections import Counter
from itertools import groupby


class Vm:
    def __init__(self, code):
        self.code, self.stack, self.pc, self.calls, self.out = self.assemble(code), [], 0, [], []

    @staticmethod
    def assemble(text):
        labels, lines = {}, []
        for line in text.strip().splitlines():
            line = line.split(";")[0].strip()
            if line.endswith(":"):
                labels[line[:-1]] = len(lines)
            elif line:
                lines.append(line.split())
        return [(op, *(labels.get(a, a) if not a.lstrip("-").isdigit() else int(a) for a in args)) for op, *args in lines]

    def op_push(self, n):
        self.stack.append(n)

    def op_dup(self):
        self.stack.append(self.stack[-1])

    def op_swap(self):
        self.stack[-2:] = self.stack[:-3:-1]

    def op_pop(self):
        self.stack.pop()

    def op_print(self):
        self.out.append(self.stack.pop())

    def op_jump(self, to):
        self.pc = to

    def op_jz(self, to):
        if self.stack.pop() == 0:
            self.pc = to

    def op_call(self, to):
        self.calls.append(self.pc)
        self.pc = to

    def op_ret(self):
        self.pc = self.calls.pop()

    def run(self, limit=1000):
        steps = 0
        while 0 <= self.pc < len(self.code):
            op, *args = self.code[self.pc]
            self.pc += 1
            steps += 1
            if steps > limit:
                raise TimeoutError(f"more than {limit} steps")
            getattr(self, "op_" + op)(*args)
        return self.out


for name, f in {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a // b}.items():
    def op(self, f=f):
        b, a = self.stack.pop(), self.stack.pop()
        self.stack.append(f(a, b))

    setattr(Vm, f"op_{name}", op)

PROGRAM = """
    push 5
    push 1
loop:               ; n acc
    swap
    dup
    jz done
    dup
    call note
    swap
    push 2
    mul
    swap
    push 1
    sub
    swap
    jump loop
note:
    print
    ret
done:
    pop
    print
"""
print(Vm(PROGRAM).run(), Vm.assemble("a:\npush 3\njump a"), sorted(n for n in dir(Vm) if n.startswith("op_"))[:4])
for bad in ("push 1\npush 0\ndiv", "add", "fly", "x:\njump x", "push", "ret"):
    try:
        print(Vm(bad).run(50))
    except Exception as e:
        print(repr(bad), type(e).__name__, e)


def brain(code, data=""):
    jumps, open_ = {}, []
    for i, c in enumerate(code):
        if c == "[":
            open_.append(i)
        elif c == "]":
            j = open_.pop()
            jumps[i], jumps[j] = j, i
    tape, at, i, out, given = Counter(), 0, 0, [], iter(data)
    while i < len(code):
        match code[i]:
            case ">" | "<" as c:
                at += 1 if c == ">" else -1
            case "+" | "-" as c:
                tape[at] = (tape[at] + (1 if c == "+" else -1)) % 256
            case ".":
                out.append(chr(tape[at]))
            case ",":
                tape[at] = ord(next(given, "\0"))
            case "[" if not tape[at]:
                i = jumps[i]
            case "]" if tape[at]:
                i = jumps[i]
        i += 1
    return "".join(out)


print(brain("++++++[>++++++++++>+++++<<-]>+++++.>+++."), brain(",[.,]", "echo"))


def compile_template(text):
    parts = []
    while text:
        head, _, rest = text.partition("{{")
        if head:
            parts.append(lambda names, head=head: head)
        if rest:
            name, _, text = rest.partition("}}")
            if "?" in name:
                name, yes = map(str.strip, name.split("?"))
                parts.append(lambda names, n=name, y=yes: y if names.get(n) else "")
            else:
                parts.append(lambda names, n=name.strip(): str(names[n]))
        else:
            text = ""
    return lambda **names: "".join(p(names) for p in parts)


page = compile_template("Dear {{ name }}{{vip? (VIP)}}, total {{ total }}!")
print(page(name="Ann", total=3), page(name="Bob", total=4, vip=True))
try:
    page(name="x")
except KeyError as e:
    print("KeyError", e)


def huffman(text):
    heap = [(n, c, c) for c, n in sorted(Counter(text).items())]
    heapq.heapify(heap)
    while len(heap) > 1:
        (n, k, a), (m, l, b) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (n + m, min(k, l), (a, b)))
    codes = {}

    def walk(tree, code):
        match tree:
            case (left, right):
                walk(left, code + "0")
                walk(right, code + "1")
            case leaf:
                codes[leaf] = code or "0"

    walk(heap[0][2], "")
    return codes


codes = huffman("abracadabra")
bits = "".join(codes[c] for c in "abracadabra")
back, decoded, word = {v: k for k, v in codes.items()}, "", ""
for bit in bits:
    word += bit
    if word in back:
        decoded, word = decoded + back[word], ""
print(codes, bits, len(bits), decoded)
rle = [(k, len(list(g))) for k, g in groupby("aaabccd")]
print(rle, "".join(c * n for c, n in rle), "".join(f"{n}{c}" if n > 1 else c for c, n in rle))
