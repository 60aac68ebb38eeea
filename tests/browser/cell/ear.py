"""An ear at a port: hears every connection and every datagram, whatever protocol they would speak.

Takes: nothing; a free port of this machine. Gives: `port`, `heard`: how each began.
Refuses: to answer: a connection is closed at once. What a `Site` records is whole requests of HTTP; a handshake of TLS, of
QUIC or of STUN is none, and would carry data out as well.
"""

import selectors
import socket
import threading
from types import TracebackType
from typing import Self


class Ear:
    """Listens until its block ends."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._listen, name=f"ear {self.port}")

    def _listen(self) -> None:
        with selectors.DefaultSelector() as ready:
            for each in (self._tcp, self._udp, self._stopped):
                ready.register(each, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    if key.fileobj is self._stopped:
                        return
                    if key.fileobj is self._udp:
                        self.heard.append(f"udp {self._udp.recv(65_536)[:8].hex()}")
                    else:
                        connection, _ = self._tcp.accept()
                        with connection:
                            self.heard.append("tcp")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stop.send(b"x")
        self._thread.join()
        for each in (self._tcp, self._udp, self._stop, self._stopped):
            each.close()
