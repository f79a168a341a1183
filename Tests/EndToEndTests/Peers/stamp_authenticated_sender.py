"""A STAMP Session-Sender in authenticated mode (RFC 8762 section 4.2.2), by Python's own HMAC.

Prints one JSON document: for each request what came back, with both HMACs of the reply worked out anew.
"""

import argparse
import hashlib
import hmac
import json
import select
import socket
import struct
import sys
import time

CLASS_OF_SERVICE_TLV = struct.pack("!BBHI", 0x80, 4, 4, 46 << 26)


def tag(key, octets):
    return hmac.new(key, octets, hashlib.sha256).digest()[:16]


def timestamp():
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    return struct.pack("!II", seconds + 2_208_988_800, (rest << 32) // 1_000_000_000)


def request(key, sequence):
    number = struct.pack("!I", sequence)
    base = number + bytes(12) + timestamp() + struct.pack("!HH", 0x9601, 0xBEEF) + bytes(68)
    tlv_hmac = struct.pack("!BBH", 0x80, 8, 16) + tag(key, number + CLASS_OF_SERVICE_TLV)
    return base + tag(key, base) + CLASS_OF_SERVICE_TLV + tlv_hmac


def described(key, sent, reply):
    return {
        "length": len(reply),
        "request_length": len(sent),
        "base_hmac_right": hmac.compare_digest(reply[96:112], tag(key, reply[:96])),
        "tlv_hmac_right": hmac.compare_digest(reply[124:140], tag(key, reply[:4] + reply[112:120])),
        "flags": [reply[112], reply[120]],
        "types": [reply[113], reply[121]],
        "sequence": struct.unpack_from("!I", reply, 0)[0],
        "ssid": struct.unpack_from("!H", reply, 26)[0],
        "sender_sequence": struct.unpack_from("!I", reply, 48)[0],
        "sender_timestamp_copied": reply[64:72] == sent[16:24],
        "sender_error_estimate": struct.unpack_from("!H", reply, 72)[0],
        "sender_ttl": reply[80],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=3478)
    parser.add_argument("--key-hex", required=True)
    parser.add_argument("--break-tag", action="store_true")
    arguments = parser.parse_args()
    key = bytes.fromhex(arguments.key_hex)
    sock = socket.socket(socket.AF_INET6 if ":" in arguments.address else socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((arguments.address, arguments.port))
    replies = []
    for sequence in range(3):
        sent = bytearray(request(key, sequence))
        if arguments.break_tag:
            sent[96] ^= 1
        sock.send(sent)
        got = select.select([sock], [], [], 1)[0]
        replies.append(described(key, bytes(sent), sock.recv(2048)) if got else None)
    json.dump({"replies": replies}, sys.stdout)


if __name__ == "__main__":
    main()
