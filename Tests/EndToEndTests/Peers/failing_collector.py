"""A collector that keeps what it is sent in memory, by id, and fails at random, by seed.

    failing_collector.py --seed N --faults SHARE

Prints `listening on PORT`. POST /v1/results and /v1/assessments as a collector; GET /documents tells every id and how
often it was stored, of which schedule and slot it is, and what else arrived; POST /faults?share=S changes the share of
requests that fail, and /answer?status=S&reason=R makes every answer that one (status 0: as usual).
"""

import argparse
import email.utils
import gzip
import http.server
import json
import random
import socket
import threading
import time
import urllib.parse


class State:
    def __init__(self, seed, faults):
        self.random = random.Random(seed)
        self.faults = faults
        self.lock = threading.Lock()
        self.stored = {"results": {}, "assessments": {}}
        self.slots = {}
        self.arrivals = 0
        self.injected = {}
        self.headers = []
        self.fixed = None

    def choose(self, count):
        """What goes wrong with this request, if anything."""
        with self.lock:
            if self.random.random() >= self.faults:
                return None
            kinds = ["cut before", "cut while reading", "cut after storing", "cut in the answer", "500", "500 after storing",
                     "429", "429 date", "503", "slow", "truncated", "html", "silent"]
            if count > 1:
                kinds += ["413", "413"]
            kind = self.random.choice(kinds)
            self.injected[kind] = self.injected.get(kind, 0) + 1
            return kind

    def store(self, kind, documents):
        items = []
        with self.lock:
            for document in documents:
                self.arrivals += 1
                known = self.stored[kind]
                is_new = document["id"] not in known
                if "schedule" in document:
                    self.slots[document["id"]] = document["schedule"]["name"] + " " + document["schedule"]["slot_at"]
                known[document["id"]] = known.get(document["id"], 0) + (1 if is_new else 0)
                items.append({"id": document["id"], "status": "stored" if is_new else "duplicate"})
        return json.dumps({"results": items}).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        state = self.state
        with state.lock:
            body = json.dumps({"stored": state.stored, "arrivals": state.arrivals, "slots": state.slots, "injected": state.injected,
                               "headers": state.headers}).encode()
        self.answer(200, body)

    def do_POST(self):
        address = urllib.parse.urlparse(self.path)
        query = urllib.parse.parse_qs(address.query)
        if address.path == "/faults":
            self.state.faults = float(query["share"][0])
            return self.answer(200, b"{}")
        if address.path == "/answer":
            status = int(query["status"][0])
            self.state.fixed = (status, query.get("reason", [""])[0], query.get("location", [None])[0]) if status else None
            return self.answer(200, b"{}")
        self.deliver(address.path.rsplit("/", 1)[1])

    def deliver(self, kind):
        length = int(self.headers["Content-Length"])
        with self.state.lock:
            self.state.headers = [[name, value] for name, value in self.headers.items()]
        fault = self.state.choose(2)
        if fault == "cut before":
            return self.cut()
        if fault == "cut while reading":
            self.rfile.read(length // 2)
            return self.cut()
        body = self.rfile.read(length)
        if self.state.fixed:
            status, reason, location = self.state.fixed
            return self.answer(status, json.dumps({"reason": reason}).encode(),
                               **({"Location": location} if location else {}))
        documents = json.loads(gzip.decompress(body))[kind]
        self.fail(fault, kind, documents) if fault else self.answer(200, self.state.store(kind, documents))

    def fail(self, fault, kind, documents):
        if fault == "413":
            if len(documents) > 1:
                return self.answer(413, b"{}")
            return self.answer(200, self.state.store(kind, documents))
        if fault == "429":
            return self.answer(429, b"{}", **{"Retry-After": "1"})
        if fault == "429 date":
            return self.answer(429, b"{}", **{"Retry-After": email.utils.formatdate(time.time() + 1, usegmt=True)})
        if fault == "500":
            return self.answer(500, b"oops")
        if fault == "503":
            return self.answer(503, b"<html>busy</html>")
        if fault == "html":
            return self.answer(200, b"<html>Welcome to the hotel's network. Please log in.</html>")
        body = self.state.store(kind, documents)
        if fault == "cut after storing":
            return self.cut()
        if fault == "500 after storing":
            return self.answer(500, b"oops")
        if fault == "truncated":
            return self.answer(200, body[: len(body) // 2])
        if fault == "silent":
            return self.answer(200, b'{"results":[]}')
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "cut in the answer":
            self.wfile.write(body[: len(body) // 2])
            return self.cut()
        for octet in body[:40]:
            self.wfile.write(bytes([octet]))
            self.wfile.flush()
            time.sleep(0.005)
        self.wfile.write(body[40:])

    def answer(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self):
        # With a reset, not a close that could be taken for the end of an answer.
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError, OSError):
            self.close_connection = True

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0)
    arguments = parser.parse_args()
    Handler.state = State(arguments.seed, arguments.faults)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *details: None
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()


main()
