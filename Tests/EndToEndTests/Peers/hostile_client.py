"""Sends a collector on loopback what a hostile client would, and prints what came of it as JSON.

Arguments: its port, a site's token, its process id.
"""

import gzip
import json
import socket
import sys
import time

PORT, TOKEN, PROCESS = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
statuses, closed = {}, {}


def head(length=None, *more, token=TOKEN, path="/v1/results"):
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines + list(more)) + "\r\n\r\n").encode()


def connect():
    return socket.create_connection(("127.0.0.1", PORT), timeout=20)


def answers(connection, count):
    """The statuses of so many answers, or of fewer where the connection ends."""
    reader, found = connection.makefile("rb"), []
    try:
        while len(found) < count:
            line = reader.readline()
            if not line:
                break
            found.append(int(line.split()[1]))
            length = 0
            while (line := reader.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            reader.read(length)
    except OSError:
        pass
    return found


def attempt(name, *pieces, count=1):
    with connect() as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:
            pass
        statuses[name] = answers(connection, count)


def drip(name, start, piece, pause, limit=25):
    """Sends a piece again and again until the collector has had enough."""
    begin = time.monotonic()
    with connect() as connection:
        connection.sendall(start)
        connection.settimeout(pause)
        received = b""
        while time.monotonic() - begin < limit:
            try:
                data = connection.recv(65536)
                if not data:
                    break
                received += data
            except TimeoutError:
                pass
            except OSError:
                break
            try:
                connection.sendall(piece)
            except OSError:
                break
        closed[name] = time.monotonic() - begin
        statuses[name] = [int(received.split()[1])] if received else []


bomb = gzip.compress(b'{"results":[' + b" " * 400_000_000, 9)
gzipped = "Content-Encoding: gzip"
attempt("gzip bomb", head(len(bomb), gzipped), bomb)
for _ in range(50):
    attempt("gzip bomb", head(len(bomb), gzipped), bomb)
attempt("not gzip", head(4, gzipped), b"PK\x03\x04")
deep = b'{"results":[' + b"[" * 500_000
attempt("deep nesting", head(len(deep)), deep)
attempt("body longer than allowed", head(10_000_000_000))
attempt("body without credentials", head(1_000, token=None))
attempt("two lengths", head(2, "Content-Length: 3"), b"{}x")
attempt("long head", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100_000 + b"\r\n\r\n")
attempt("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
body = b'{"results":[]}'
attempt("pipelined", (head(len(body)) + body) * 20, count=20)
chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
drip("endless chunked body", head(None, "Transfer-Encoding: chunked"), chunk, 0.001)
drip("slow body", head(1_000), b" ", 0.3)
drip("slow head", b"GET / HTTP/1.1\r\n", b"X: y\r\n", 0.3)
drip("body that nobody reads", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n", b"x", 0.2)

with open(f"/proc/{PROCESS}/status", encoding="ascii") as file:
    peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
json.dump({"statuses": statuses, "closed": closed, "megabytes": peak / 1024}, sys.stdout)
