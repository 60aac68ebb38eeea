"""Exception groups and except*."""


class TaskError(Exception):
    def __init__(self, task, why):
        super().__init__(f"{task}: {why}")
        self.task = task


def run_all(tasks):
    results, errors = [], []
    for name, task in tasks.items():
        try:
            results.append(task())
        except Exception as e:
            e.add_note(f"in task {name}")
            errors.append(e)
    if errors:
        raise ExceptionGroup(f"{len(errors)} tasks failed", errors)
    return results


def fail(error):
    def task():
        raise error

    return task


def attempt(tasks):
    try:
        print("results", run_all(tasks))
    except* ValueError as group:
        print("values", group, [str(e) for e in group.exceptions], [e.__notes__ for e in group.exceptions])
    except* (KeyError, IndexError) as group:
        print("lookups", [repr(e) for e in group.exceptions])
    except* TaskError as group:
        for e in group.exceptions:
            print("task", getattr(e, "task", None) or type(e).__name__, e)
    else:
        print("nothing went wrong")
    finally:
        print("done")


attempt({"a": lambda: 1, "b": lambda: 2})
attempt({"a": fail(ValueError("v1")), "b": fail(KeyError("k")), "c": fail(ValueError("v2")), "d": fail(TaskError("t", "lazy"))})
attempt({"a": fail(ExceptionGroup("nested", [IndexError("i"), TaskError("u", "slow")])), "b": lambda: 5})
try:
    attempt({"a": fail(TypeError("not handled")), "b": fail(ValueError("handled"))})
except ExceptionGroup as rest:
    print("rest", rest, rest.exceptions)
try:
    raise KeyError("single")
except* KeyError as group:
    print(type(group).__name__, repr(group), group.exceptions)
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        raise RuntimeError("while handling") from e
except ExceptionGroup as group:
    print(repr(group), [repr(e.__cause__) for e in group.exceptions if isinstance(e, RuntimeError)])
for error in (ExceptionGroup("x", [ValueError(1), ExceptionGroup("y", [TypeError(2), ValueError(3)])]),):
    match, rest = error.split(ValueError)
    print(repr(match), repr(rest), repr(error.subgroup(TypeError)), error.derive([OSError(1)]), error.message)
for i in range(3):
    try:
        if i == 1:
            raise ExceptionGroup("loop", [ValueError(i)])
    except* ValueError:
        print("in loop", i)
