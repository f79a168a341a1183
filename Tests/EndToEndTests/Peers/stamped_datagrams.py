"""Proves the impairment link independently of the program under test.

`send` sends numbered datagrams on a fixed grid and prints, per datagram, the kernel's transmit timestamp and that of
the echo's arrival; `echo` returns every datagram and prints when the kernel received it. All times are
CLOCK_REALTIME in nanoseconds, one line `sequence,transmitted_ns,echo_received_ns` or `sequence,received_ns`.
"""

import argparse
import select
import signal
import socket
import struct
import sys
import time

SO_TIMESTAMPNS = 35
SO_TIMESTAMPING = 37
TX_SOFTWARE, RX_SOFTWARE, SOFTWARE, OPT_ID, OPT_TSONLY = 1 << 1, 1 << 3, 1 << 4, 1 << 7, 1 << 11
IP_RECVERR, IPV6_RECVERR = 11, 25


def software_stamp(data):
    seconds, nanoseconds = struct.unpack_from("qq", data)
    return seconds * 1_000_000_000 + nanoseconds


def receive(sock, flags=0):
    """One datagram (or error-queue entry): payload, kernel timestamp, transmit number, sender."""
    payload, control, _, sender = sock.recvmsg(2048, 1024, flags | socket.MSG_DONTWAIT)
    stamp = number = None
    for level, kind, data in control:
        if level == socket.SOL_SOCKET and kind in (SO_TIMESTAMPNS, SO_TIMESTAMPING):
            stamp = software_stamp(data)
        elif kind in (IP_RECVERR, IPV6_RECVERR):
            number = struct.unpack_from("=IBBBBII", data)[6]
    return payload, stamp, number, sender


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def echo(arguments):
    sock = socket.socket(family(arguments.address), socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind((arguments.address, arguments.port))
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    print("listening", file=sys.stderr, flush=True)
    lines = []
    while not stopped:
        if not select.select([sock], [], [], 0.05)[0]:
            continue
        payload, stamp, _, sender = receive(sock)
        sock.sendto(payload, sender)
        lines.append(f"{struct.unpack_from('!I', payload)[0]},{stamp}")
    print("\n".join(lines))


def drain(sock, transmitted, echoed):
    for flags, stamps in ((socket.MSG_ERRQUEUE, transmitted), (0, echoed)):
        while True:
            try:
                payload, stamp, number, _ = receive(sock, flags)
            except BlockingIOError:
                break
            stamps.setdefault(number if flags else struct.unpack_from("!I", payload)[0], stamp)


def send(arguments):
    sock = socket.socket(family(arguments.address), socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, TX_SOFTWARE | RX_SOFTWARE | SOFTWARE | OPT_ID | OPT_TSONLY)
    sock.connect((arguments.address, arguments.port))
    transmitted, echoed = {}, {}
    start = time.monotonic()
    for sequence in range(arguments.count):
        time.sleep(max(0, start + sequence * arguments.interval_ms / 1000 - time.monotonic()))
        sock.send(struct.pack("!I", sequence) + bytes(178))
        drain(sock, transmitted, echoed)
    time.sleep(0.5)
    drain(sock, transmitted, echoed)
    for sequence in range(arguments.count):
        print(f"{sequence},{transmitted.get(sequence, '')},{echoed.get(sequence, '')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("send", "echo"))
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=3478)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--interval-ms", type=float, default=5)
    arguments = parser.parse_args()
    (send if arguments.mode == "send" else echo)(arguments)


if __name__ == "__main__":
    main()
