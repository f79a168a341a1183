"""What the scapy peers share: times, marks, and one socket's ancillary data."""

import socket
import struct
import sys

try:
    from scapy.contrib.stamp import (
        ErrorEstimate,
        STAMPSessionReflectorTestUnauthenticated,
        STAMPSessionSenderTestUnauthenticated,
        STAMPTestTLV,
    )
    from scapy.utils import EDecimal
except ImportError as missing:
    sys.exit(f"scapy 2.8 with scapy.contrib.stamp is needed to test against an independent implementation: {missing}")

NTP_EPOCH_OFFSET = 2_208_988_800
SO_TIMESTAMPNS = 35
IP_RECVTTL, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT = 12, 51, 52
IP_RECVTOS, IPV6_RECVTCLASS, IPV6_TCLASS = 13, 66, 67

# scapy names the flags from the wrong end; these are RFC 8972 section 4 itself.
UNRECOGNIZED, MALFORMED, INTEGRITY = 0x80, 0x40, 0x20
EXTRA_PADDING, LOCATION, TIMESTAMP_INFORMATION, CLASS_OF_SERVICE = 1, 2, 3, 4
DIRECT_MEASUREMENT, FOLLOW_UP_TELEMETRY = 5, 7


def ntp(unix_ns):
    """The time as scapy's NTP field wants it: seconds since 1900, exactly, rounded up within one fraction."""
    seconds, rest = divmod(unix_ns, 1_000_000_000)
    fraction = (rest << 32) // 1_000_000_000
    return EDecimal(seconds + NTP_EPOCH_OFFSET) + EDecimal(fraction) / EDecimal(2**32)


def unix_ns(seconds_since_1900):
    return round((EDecimal(seconds_since_1900) - NTP_EPOCH_OFFSET) * 1_000_000_000)


def tlv(kind, value):
    return STAMPTestTLV(flags=UNRECOGNIZED, type=kind, len=len(value), value=value)


def open_socket(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    if family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVTOS, 1)
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVTCLASS, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)
    return sock


def set_traffic_class(sock, traffic_class):
    if sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, traffic_class)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TCLASS, traffic_class)


def set_ttl(sock, ttl):
    if sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)


class Arrival:
    """One datagram with what the kernel says of it."""

    def __init__(self, sock):
        self.payload, control, _, self.sender = sock.recvmsg(65535, 1024)
        self.received_ns = self.ttl = self.traffic_class = None
        for level, kind, data in control:
            if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack_from("qq", data)
                self.received_ns = seconds * 1_000_000_000 + nanoseconds
            elif (level, kind) in ((socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, IPV6_HOPLIMIT)):
                self.ttl = struct.unpack_from("i", data)[0]
            elif (level, kind) in ((socket.IPPROTO_IP, socket.IP_TOS), (socket.IPPROTO_IPV6, IPV6_TCLASS)):
                self.traffic_class = data[0]


def error_estimate(estimate):
    return {"s": estimate.S, "z": estimate.Z, "scale": estimate.scale, "multiplier": estimate.multiplier}


def tlvs(packet):
    return [
        {"flags": int(item.flags), "type": item.type, "length": item.len, "value": bytes(item.value).hex()}
        for item in packet.tlv_objects
    ]
