"""`contextlib`: a copy of its own for each run.

Left out: `chdir`, which is about files; `redirect_stdout` and `redirect_stderr`, because a program's `print` goes straight
to the run's output and not through `sys.stdout`.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = tuple(
    """
    AbstractContextManager AbstractAsyncContextManager AsyncContextDecorator AsyncExitStack ContextDecorator
    ExitStack aclosing asynccontextmanager closing contextmanager nullcontext suppress
    """.split()
)
