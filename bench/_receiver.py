"""A push service that answers at once, and tells when each message came: `GET /log`."""

from __future__ import annotations

import asyncio
import json
import time

_received: list[tuple[str, float]] = []
_CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
            if lines[0].startswith("GET"):
                writer.write(_log())
                continue
            await reader.readexactly(int(headers["content-length"]))
            _received.append((_topic(lines), time.time()))
            writer.write(_CREATED)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _topic(lines: list[str]) -> str:
    return next(line[7:] for line in lines if line.startswith("Topic: "))


def _log() -> bytes:
    body = json.dumps(_received).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
