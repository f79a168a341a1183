"""A STAMP Session-Reflector whose replies scapy builds; unauthenticated, one or more ports.

It understands Class of Service, Location and Extra Padding, and leaves every other TLV unrecognized. SIGTERM ends it.
"""

import argparse
import select
import signal
import struct
import sys
import time

from stamp_common import (
    CLASS_OF_SERVICE,
    EXTRA_PADDING,
    LOCATION,
    UNRECOGNIZED,
    Arrival,
    ErrorEstimate,
    STAMPSessionReflectorTestUnauthenticated,
    STAMPSessionSenderTestUnauthenticated,
    STAMPTestTLV,
    ntp,
    open_socket,
    set_traffic_class,
)


def answered_tlv(item, arrival, port):
    """The TLV of the reply, and the traffic class that it asks the reply to have."""
    value, asked = bytes(item.value), None
    flags = int(item.flags) & ~UNRECOGNIZED
    if item.type == CLASS_OF_SERVICE and len(value) == 4:
        dscp1 = value[0] >> 2
        word = dscp1 << 10 | (arrival.traffic_class >> 2) << 4 | (arrival.traffic_class & 3) << 2
        value, asked = struct.pack("!HH", word, 0), dscp1 << 2
    elif item.type == LOCATION and len(value) >= 4:
        value = struct.pack("!HH", port, arrival.sender[1]) + value[4:]
    elif item.type != EXTRA_PADDING:
        flags |= UNRECOGNIZED
    return STAMPTestTLV(flags=flags, type=item.type, len=item.len, value=value), asked


class Reflector:
    def __init__(self, arguments):
        self.stateful = arguments.mode == "stateful"
        self.offset_ns = round(arguments.clock_offset_ms * 1e6)
        self.synchronized = arguments.synchronized
        self.sessions = {}

    def sequence(self, session, request):
        if not self.stateful:
            return request.seq
        number = self.sessions.get(session, 0)
        self.sessions[session] = number + 1
        return number

    def answer(self, sock, port):
        arrival = Arrival(sock)
        if len(arrival.payload) < 44:
            return
        request = STAMPSessionSenderTestUnauthenticated(arrival.payload)
        items, traffic_class = [], arrival.traffic_class
        for item in request.tlv_objects:
            answered, asked = answered_tlv(item, arrival, port)
            traffic_class = traffic_class if asked is None else asked
            items.append(answered)
        set_traffic_class(sock, traffic_class)
        reply = STAMPSessionReflectorTestUnauthenticated(
            seq=self.sequence((arrival.sender, port), request),
            err_estimate=ErrorEstimate(S=int(self.synchronized), Z=0, scale=10, multiplier=215),
            ssid=request.ssid,
            ts_rx=ntp(arrival.received_ns + self.offset_ns),
            seq_sender=request.seq,
            ts_sender=request.ts,
            err_estimate_sender=request.err_estimate,
            ttl_sender=arrival.ttl,
            tlv_objects=items,
            ts=ntp(time.time_ns() + self.offset_ns),
        )
        octets = bytearray(bytes(reply))
        # The copies and the time of sending as late as may be, past scapy's own arithmetic.
        octets[28:36] = arrival.payload[4:12]
        octets[4:12] = now_as_ntp(self.offset_ns)
        sock.sendto(octets, arrival.sender)


def now_as_ntp(offset_ns):
    seconds, rest = divmod(time.time_ns() + offset_ns, 1_000_000_000)
    return struct.pack("!II", (seconds + 2_208_988_800) & 0xFFFFFFFF, (rest << 32) // 1_000_000_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--ports", type=int, nargs="+", default=[3478])
    parser.add_argument("--mode", choices=("stateful", "stateless"), default="stateful")
    parser.add_argument("--clock-offset-ms", type=float, default=0)
    parser.add_argument("--synchronized", action="store_true", help="claim an error of 51 microseconds with S = 1")
    arguments = parser.parse_args()
    sockets = {}
    for port in arguments.ports:
        sock = open_socket(arguments.address)
        sock.bind((arguments.address, port))
        sockets[sock] = port
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    reflector = Reflector(arguments)
    print("listening", file=sys.stderr, flush=True)
    while not stopped:
        for sock in select.select(list(sockets), [], [], 0.05)[0]:
            reflector.answer(sock, sockets[sock])


if __name__ == "__main__":
    main()
