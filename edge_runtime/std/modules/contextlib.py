"""`contextlib`: a copy of its own for each run. Left out: `chdir`, which is about files, and `redirect_stdout`, `redirect_stderr`, because `print` of a program does not go through `sys.stdout`."""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple(
    """
    AbstractContextManager AbstractAsyncContextManager AsyncContextDecorator AsyncExitStack ContextDecorator
    ExitStack aclosing asynccontextmanager closing contextmanager nullcontext suppress
    """.split()
)
