"""Reads a capture of rebuilt STAMP packets with scapy.

    read_capture.py FILE PORT    prints, for each packet, where it is from and to, its number, time, mark and comment, as
                                 JSON; what comes from PORT is a reply
"""

import json
import sys

from scapy.contrib.stamp import STAMPSessionReflectorTestUnauthenticated, STAMPSessionSenderTestUnauthenticated
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.utils import RawPcapNgReader


def checksum_is_right(frame):
    """The two checksums are what scapy itself would have put there."""
    again = frame.copy()
    for layer in (IP, UDP):
        if layer in again:
            del again[layer].chksum
    return bytes(again) == bytes(frame)


def main():
    packets = []
    for octets, meta in RawPcapNgReader(sys.argv[1]):
        frame = Ether(octets)
        network, udp = frame[IP] if IP in frame else frame[IPv6], frame[UDP]
        is_reply = udp.sport == int(sys.argv[2])
        kind = STAMPSessionReflectorTestUnauthenticated if is_reply else STAMPSessionSenderTestUnauthenticated
        stamp = kind(bytes(udp.payload))
        ticks = (meta.tshigh << 32 | meta.tslow) * (1_000_000_000 // meta.tsresol)
        packets.append(
            {
                "at_ns": ticks,
                "source": network.src,
                "source_port": udp.sport,
                "destination": network.dst,
                "destination_port": udp.dport,
                "dscp": (network.tos if IP in frame else network.tc) >> 2,
                "sequence": stamp.seq,
                "length": len(udp.payload),
                "interface": meta.ifname.decode(),
                "checksums": checksum_is_right(frame),
                "comment": meta.comments[0].decode(),
            }
        )
    json.dump(packets, sys.stdout)


if __name__ == "__main__":
    main()
