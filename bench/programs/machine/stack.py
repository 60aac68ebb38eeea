"""The machine."""
import codes


def run(instructions):
    stack, names, printed = [], {}, []
    at = 0
    while at < len(instructions):
        code, argument = instructions[at]
        at += 1
        if code == codes.PUSH:
            stack.append(argument)
        elif code == codes.LOAD:
            stack.append(names[argument])
        elif code == codes.STORE:
            names[argument] = stack.pop()
        elif code == codes.ADD:
            right = stack.pop()
            stack.append(stack.pop() + right)
        elif code == codes.MUL:
            right = stack.pop()
            stack.append(stack.pop() * right)
        elif code == codes.MOD:
            right = stack.pop()
            stack.append(stack.pop() % right)
        elif code == codes.LESS:
            right = stack.pop()
            stack.append(stack.pop() < right)
        elif code == codes.JUMP:
            at = argument
        elif code == codes.UNLESS:
            if not stack.pop():
                at = argument
        else:
            printed.append(stack.pop())
    return printed
