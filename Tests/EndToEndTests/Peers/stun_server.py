"""A STUN and TURN server made of an independent implementation's codec (aioice): it answers Bindings with where they
came from and Allocates with a challenge, and at its end tells what it understood.

Usage: stun_server.py ADDRESS PORT…
"""

import collections
import selectors
import signal
import socket
import sys

from aioice import stun

counts = collections.Counter()


def answer(data, sender):
    try:
        request = stun.parse_message(data)
    except ValueError as error:
        counts["refused: %s" % error] += 1
        return None
    fingerprint = "FINGERPRINT" if "FINGERPRINT" in request.attributes else "plain"
    counts["%s %s %s" % (request.message_method.name, request.message_class.name, fingerprint)] += 1
    if request.message_method == stun.Method.BINDING:
        response = stun.Message(request.message_method, stun.Class.RESPONSE, request.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = sender[:2]
    else:
        response = stun.Message(request.message_method, stun.Class.ERROR, request.transaction_id)
        response.attributes["ERROR-CODE"] = (401, "Unauthorized")
        response.attributes["REALM"] = "peer.example"
        response.attributes["NONCE"] = b"0123456789abcdef"
    response.attributes["SOFTWARE"] = "independent"
    response.attributes["FINGERPRINT"] = stun.message_fingerprint(bytes(response))
    return bytes(response)


def stop(*_):
    for name in sorted(counts):
        print("%s: %d" % (name, counts[name]))
    sys.stdout.flush()
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
selector = selectors.DefaultSelector()
for port in sys.argv[2:]:
    family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.bind((sys.argv[1], int(port)))
    selector.register(sock, selectors.EVENT_READ)
print("listening", flush=True)
while True:
    for key, _ in selector.select():
        data, sender = key.fileobj.recvfrom(2048)
        response = answer(data, sender)
        if response is not None:
            key.fileobj.sendto(response, sender)
