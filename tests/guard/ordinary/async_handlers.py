"""Handlers of every form in coroutines and functions: who catches what, in which order, with which context and cause."""


class Own(Exception):
    pass


class Deep(BaseException):
    pass


def kinds():
    print("  kinds are asked for")
    return (KeyError, Own)


def drive(made):
    try:
        while True:
            made.send(None)
    except StopIteration as end:
        return end.value


async def fail(error):
    raise error


async def bare(error):
    try:
        await fail(error)
    except:  # noqa: E722
        return "bare"


async def named(error):
    try:
        await fail(error)
    except Own as caught:
        return "own", caught.args, caught.__context__
    except (KeyError, Deep) as caught:
        return "tuple", caught.args
    except BaseException as caught:
        return "any", type(caught).__name__
    else:
        return "else"
    finally:
        print("  finally of", type(error).__name__)


async def computed(error):
    try:
        await fail(error)
    except ValueError:
        return "value"
    except kinds():
        return "computed"


async def wrong(error):
    try:
        await fail(error)
    except 5:
        return "five"


async def again(error):
    try:
        try:
            await fail(error)
        except Own:
            raise
        except BaseException as caught:
            raise Own("wrapped") from caught
    except Own as caught:
        return caught.args, caught.__cause__, caught.__context__


async def context(error):
    try:
        try:
            await fail(error)
        except BaseException:
            raise Own("second")
    except Own as caught:
        return caught.__context__, caught.__suppress_context__


async def loops(errors):
    out = []
    for error in errors:
        try:
            await fail(error)
        except Own:
            out.append("own")
            continue
        except Deep:
            out.append("deep")
            break
        except:  # noqa: E722
            out.append("other")
        finally:
            out.append("finally")
    else:
        out.append("else")
    return out


def generator():
    while True:
        try:
            yield "waiting"
        except GeneratorExit:
            print("  closed")
            raise
        except Own as caught:
            yield f"caught {caught}"


async def numbers():
    try:
        yield 1
        yield 2
    except Own:
        yield "own"
    except BaseException as caught:
        print("  numbers:", type(caught).__name__)
        raise


async def throw():
    made = numbers()
    print(await made.__anext__())
    print(await made.athrow(Own("x")))
    await made.aclose()
    made = numbers()
    print(await anext(made))
    await made.aclose()


def rebound():
    ValueError = Deep
    try:
        raise Deep("rebound")
    except ValueError as caught:
        return caught.args


ERRORS = [Own("a"), KeyError("b"), Deep("c"), ValueError("d"), KeyboardInterrupt("e"), SystemExit(3)]
for error in ERRORS:
    print(type(error).__name__)
    for work in (bare, named, computed, wrong, again, context):
        try:
            print(work.__name__, drive(work(error)))
        except BaseException as caught:
            print(work.__name__, "raised", type(caught).__name__, caught, type(caught.__context__).__name__)
print(drive(loops(ERRORS[:2])), drive(loops(ERRORS)), drive(loops([])))
steps = generator()
print(next(steps), steps.throw(Own("thrown")), next(steps))
steps.close()
drive(throw())
print(rebound())
