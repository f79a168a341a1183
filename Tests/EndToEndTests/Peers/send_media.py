"""Sends UDP from given source ports with given marks, at a rate, and says how many packets left.

usage: send_media.py DESTINATION PORT RATE SECONDS SOURCE_PORT:DSCP ...

RATE is packets/s of all flows together. Packets go out in turns, a burst every millisecond.
"""
import ipaddress
import socket
import sys
import time


def flow(destination, source_port, dscp):
    version = ipaddress.ip_address(destination[0]).version
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_DGRAM)
    if version == 4:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    sock.bind(("", source_port))
    sock.connect(destination)
    return sock


def main():
    address, port, rate, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    flows = [flow((address, port), *map(int, text.split(":"))) for text in sys.argv[5:]]
    payload = bytes(182)
    sent = [0] * len(flows)
    total, turn = int(rate * seconds), 0
    start = time.monotonic()
    while turn < total:
        due = min(total, int((time.monotonic() - start) * rate) + 1)
        while turn < due:
            index = turn % len(flows)
            try:
                flows[index].send(payload)
                sent[index] += 1
            except OSError:
                pass
            turn += 1
        time.sleep(0.001)
    print(" ".join(map(str, sent)), f"{time.monotonic() - start:.3f}")


main()
