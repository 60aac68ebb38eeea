"""Leaving early: sys.exit in functions, handlers that see SystemExit, finally blocks, and the code."""
# ends with SystemExit
import sys


def leave(code):
    try:
        sys.exit(code)
    except SystemExit as e:
        return repr(e), e.code, e.args, isinstance(e, Exception)


for code in (0, 3, None, "message", (1, 2), True):
    print(leave(code))
try:
    try:
        raise SystemExit("inner")
    except Exception:
        print("never printed")
    finally:
        print("finally")
except BaseException as e:
    print("base", type(e).__name__, e)


class Quit(SystemExit):
    pass


try:
    raise Quit(9)
except SystemExit as e:
    print(e.code, type(e).__name__)
sys.stdout.write("to stdout " + "=" * 60 + "\n")
print("to stderr " + "-" * 60, file=sys.stderr)
print(sys.argv[1:], sys.version_info >= (3, 11), sys.maxsize > 2**30, sys.byteorder, sys.getrecursionlimit() >= 1000)
with_cleanup = []
try:
    with_cleanup.append("start")
    sys.exit(4)
finally:
    with_cleanup.append("end")
    print(with_cleanup)
