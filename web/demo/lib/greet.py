"""Two greetings, for the program with the typo."""


def hello(name):
    return f"Hello, {name}!"


def goodbye(name):
    return f"Goodbye, {name}."
