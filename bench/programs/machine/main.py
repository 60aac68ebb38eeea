"""A small interpreter: a text is compiled to instructions of a stack machine, which runs them."""
from compiler import compile_text
from stack import run

TEXT = """
let n 0
let total 0
while n < 60000
  let total total + n * n % 7
  let n n + 1
end
print total
"""

instructions = compile_text(TEXT)
print(len(instructions))
for line in run(instructions):
    print(line)
