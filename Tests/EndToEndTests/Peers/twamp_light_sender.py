"""A TWAMP-Light style sender: 14 octets (sequence, timestamp, error estimate) and padding of random octets.

Prints one JSON document: for each size of request, what came back.
"""

import argparse
import json
import os
import select
import socket
import struct
import sys
import time


def request(sequence, size):
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    stamp = struct.pack("!II", seconds + 2_208_988_800, (rest << 32) // 1_000_000_000)
    return struct.pack("!I", sequence) + stamp + struct.pack("!H", 0x0F01) + os.urandom(size - 14)


def described(sent, reply):
    if reply is None:
        return {"request_length": len(sent), "reply_length": None}
    return {
        "request_length": len(sent),
        "reply_length": len(reply),
        "sequence": struct.unpack_from("!I", reply, 0)[0],
        "sender_sequence": struct.unpack_from("!I", reply, 24)[0],
        "sender_timestamp_copied": reply[28:36] == sent[4:12],
        "sender_error_estimate_copied": reply[36:38] == sent[12:14],
        "sender_ttl": reply[40],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=3478)
    parser.add_argument("--sizes", type=int, nargs="+", default=[14, 41, 14, 41])
    arguments = parser.parse_args()
    sock = socket.socket(socket.AF_INET6 if ":" in arguments.address else socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
    sock.connect((arguments.address, arguments.port))
    exchanges = []
    for sequence, size in enumerate(arguments.sizes):
        sent = request(sequence, size)
        sock.send(sent)
        got = select.select([sock], [], [], 0.5)[0]
        exchanges.append(described(sent, sock.recv(2048) if got else None))
    json.dump({"exchanges": exchanges}, sys.stdout)


if __name__ == "__main__":
    main()
