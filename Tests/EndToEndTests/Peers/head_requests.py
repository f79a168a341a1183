"""Asks for each path by HEAD and then by GET over one connection, octet for octet, and says where HEAD is not GET's head.

    head_requests.py PORT PATH...

Prints a line for each difference and, at the end, for each path how its length is told.
"""

import socket
import sys

# What differs from one answer to the next.
PASSING = {"date"}


def read_until(reader, mark):
    data = b""
    while mark not in data:
        part = reader.recv(65_536)
        if not part:
            raise EOFError(data[:200])
        data += part
    head, _, rest = data.partition(mark)
    return head, rest


def ask(connection, method, path):
    """The status, the headers, and what has come behind them."""
    connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head, rest = read_until(connection, b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = dict((name.lower(), value) for name, _, value in (line.partition(": ") for line in lines[1:]))
    return lines[0].split()[1], fields, rest


def look(port, path):
    problems = []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        status, head, rest = ask(connection, "HEAD", path)
        if rest:
            problems.append(f"something stands behind the head: {rest[:60]!r}")
        # Whatever HEAD left unread would now stand before the next answer.
        again, get, _ = ask(connection, "GET", path)
        if status != again:
            problems.append(f"HEAD is answered {status}, GET {again}")
    for name in sorted(set(head) | set(get)):
        if name not in PASSING and head.get(name) != get.get(name):
            if name == "content-length" and path == "/metrics" and head.get(name, "0") != "0":
                continue  # It counts the request before it.
            problems.append(f"{name}: HEAD {head.get(name)}, GET {get.get(name)}")
    print(f"{path} {status} {head.get('content-length') or head.get('transfer-encoding')}")
    return [f"{path}: {problem}" for problem in problems]


def main():
    port, paths = int(sys.argv[1]), sys.argv[2:]
    problems = [problem for path in paths for problem in look(port, path)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
