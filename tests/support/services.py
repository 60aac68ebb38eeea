"""Servers for the host package `network`: HTTP that answers late or never, WebSocket, server-sent events.

Takes: nothing; `feed(path, …)` decides what the connections to a path of server-sent events get. Gives: `url`, `ws`;
`log`, what happened at the server in words, and `until(entry)`, which waits for one; `failures` of its own.
Refuses: to let pages of other origins read what is below `/closed/`; all else has CORS headers, with credentials too.

Plain answers are `Site`'s business (tests/support/site.py). This one is for conversations, so it is asyncio: a server must
notice that a client has gone. It listens on the loopback only.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

PATIENCE = 20.0
GRACE = 0.1  # seconds that a closing server waits for its handlers: they are all cancelled anyway
LARGEST = 32 * 1024 * 1024
EXPOSED = "X-Answer, ETag"


class Services:
    """One loopback server on a thread of its own."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.failures: list[BaseException] = []
        self._feeds: dict[str, list[str]] = {}
        self._streams: list[web.Request] = []
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), name="services")
        self._thread.start()
        started.wait()

    def feed(self, path: str, *connections: str) -> str:
        """What each connection to a path gets, in order. The last one stays open; those after it are sent away (204)."""
        self._feeds[path] = list(connections)
        return self.url + path

    def until(self, entry: str) -> None:
        """Wait until the log has that entry."""
        end = time.monotonic() + PATIENCE
        while entry not in list(self.log):
            assert time.monotonic() < end, f"{entry!r} did not happen; this did: {self.log}"
            time.sleep(0.01)

    def cut(self) -> None:
        """Reset the connections of all feeds that are open."""
        for request in list(self._streams):
            self._loop.call_soon_threadsafe(abort, request)

    def clear(self) -> None:
        """Forget what happened, and the feeds."""
        self.log.clear()
        self._feeds.clear()

    def close(self) -> None:
        """Stop; whoever is still connected is cut off."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._run(started))
        finally:
            self._loop.close()

    async def _run(self, started: threading.Event) -> None:
        app = web.Application(middlewares=[cors, self._watch], client_max_size=LARGEST)
        routes: dict[str, Callable[[web.Request], Any]] = {
            "/{closed:(closed/)?}echo": self._echo,
            "/hang": self._hang,
            "/drip": self._drip,
            "/dies": self._dies,
            "/ws": self._websocket,
            "/ws/hang": self._hang,
            "/feeds/{name}": self._events,
        }
        app.add_routes([web.route("*", path, handler) for path, handler in routes.items()])
        # Why cancellation: a handler whose client has gone must say so in the log.
        runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=GRACE)
        await runner.setup()
        server = web.TCPSite(runner, "127.0.0.1", 0)
        await server.start()
        port = runner.addresses[0][1]
        self.url, self.ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
        started.set()
        await self._stopped.wait()
        await runner.cleanup()

    @web.middleware
    async def _watch(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        """A handler that fails would be a plain 500, and a test might take it for one that it asked for."""
        try:
            response: web.StreamResponse = await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception as error:
            self.failures.append(error)
            raise
        return response

    async def _echo(self, request: web.Request) -> web.Response:
        """What was asked, as JSON."""
        body = await request.read()
        self.log.append(f"{request.method} {request.path_qs}")
        return web.json_response(
            {
                "method": request.method,
                "query": dict(request.query),
                "headers": {name.lower(): value for name, value in request.headers.items()},
                "size": len(body),
                "hex": body[:64].hex(),
            },
            headers={"X-Answer": "yes"},
        )

    async def _hang(self, request: web.Request) -> web.Response:
        """No answer, ever."""
        async with self._logged(request):
            await asyncio.Event().wait()
        raise AssertionError("nobody sets this event")

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """The beginning of an answer, and no end."""
        response = web.StreamResponse(headers=allowed(request))
        async with self._logged(request):
            await response.prepare(request)
            await response.write(b"the beginning")
            await asyncio.Event().wait()
        return response

    async def _dies(self, request: web.Request) -> web.StreamResponse:
        """Half of what was promised, then the connection is reset."""
        response = web.StreamResponse(headers={"Content-Length": "1000", **allowed(request)})
        await response.prepare(request)
        await response.write(b"x" * 500)
        abort(request)
        return response

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        """Says back what it hears, but for orders: `!close <code> <reason>`, `!die`, `!flood <count>`."""
        socket = web.WebSocketResponse(protocols=("edge", "other"), max_msg_size=LARGEST)
        await socket.prepare(request)
        self.log.append(f"ws open {socket.ws_protocol}")
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                await socket.send_bytes(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._obey(request, socket, message.data)
        self.log.append(f"ws closed {socket.close_code}")
        return socket

    async def _obey(self, request: web.Request, socket: web.WebSocketResponse, text: str) -> None:
        order, _, rest = text.partition(" ")
        if order == "!close":
            code, _, reason = rest.partition(" ")
            await socket.close(code=int(code), message=reason.encode())
        elif order == "!die":
            abort(request)
        elif order == "!flood":
            for n in range(int(rest)):
                await socket.send_str(str(n))
        else:
            await socket.send_str(text)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """The next text of a feed."""
        feed = self._feeds.get(request.path)
        last = request.headers.get("Last-Event-ID", "")
        if feed is None:
            return web.Response(status=404, text="no such feed")
        if not feed:
            self.log.append("sse sent away")
            return web.Response(status=204)
        text = feed.pop(0)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **allowed(request)})
        async with self._logged(request, f"sse after '{last}'"):
            await response.prepare(request)
            await response.write(text.encode())
            if not feed:
                self._streams.append(request)
                try:
                    await asyncio.Event().wait()
                finally:
                    self._streams.remove(request)
        return response

    @asynccontextmanager
    async def _logged(self, request: web.Request, begins: str | None = None) -> AsyncIterator[None]:
        """Note when a request begins, and when its client has gone."""
        self.log.append(begins or f"{request.path} begins")
        try:
            yield
        except (asyncio.CancelledError, ConnectionError):
            self.log.append(f"{request.path} left")
            raise


def allowed(request: web.Request) -> dict[str, str]:
    """The headers by which the asking page may read the answer."""
    origin = request.headers.get("Origin")
    if origin is None or request.path.startswith("/closed/"):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": EXPOSED,
    }


@web.middleware
async def cors(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Answers preflights; gives plain answers their headers. A stream has sent its own already."""
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        asked = {
            f"Access-Control-Allow-{what}": request.headers.get(f"Access-Control-Request-{key}", "")
            for what, key in (("Methods", "Method"), ("Headers", "Headers"))
        }
        granted = allowed(request)
        return web.Response(status=204, headers={**asked, **granted} if granted else {})
    response: web.StreamResponse = await handler(request)
    if not response.prepared:
        response.headers.update(allowed(request))
    return response


def abort(request: web.Request) -> None:
    """Reset the connection, as a server that dies does."""
    transport = request.transport
    assert transport is not None, "the client has gone already"
    transport.abort()
