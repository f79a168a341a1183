"""Writes a capture of Teams media with scapy, whose counts the tests know.

usage: write_capture.py FILE(.pcap|.pcapng)
       write_capture.py interface:NAME      sends the frames instead
"""
import sys

from scapy.all import ARP, Dot1AD, Dot1Q, Ether, IP, IPv6, PcapNgWriter, PcapWriter, Raw, TCP, UDP, sendp
from scapy.layers.inet6 import IPv6ExtHdrDestOpt, IPv6ExtHdrFragment

RELAY, RELAY6 = "52.113.1.1", "2603:1063::1"
CLIENT, OTHER, CLIENT6 = "10.0.0.5", "10.0.0.6", "2001:db8::5"


def packet(source, destination, ports, dscp, ecn=0, tags=(), extensions=None):
    frame = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    for tag in tags:
        frame = frame / tag
    if ":" in source:
        frame = frame / IPv6(src=source, dst=destination, tc=dscp << 2 | ecn)
        if extensions is not None:
            frame = frame / extensions
    else:
        frame = frame / IP(src=source, dst=destination, tos=dscp << 2 | ecn)
    return frame / UDP(sport=ports[0], dport=ports[1]) / Raw(bytes(160))


def frames():
    # Audio out: 300 right, then 100 without a mark.
    yield from [packet(CLIENT, RELAY, (50004, 3479), 46)] * 300
    yield from [packet(CLIENT, RELAY, (50004, 3479), 0)] * 100
    # Audio back: all without a mark, with ECT(1).
    yield from [packet(RELAY, CLIENT, (3479, 50004), 0, ecn=1)] * 250
    # Video out, in a VLAN and in two.
    yield from [packet(OTHER, RELAY, (50021, 3480), 34, tags=[Dot1Q(vlan=7)])] * 50
    yield from [packet(OTHER, RELAY, (50039, 3480), 34, tags=[Dot1AD(vlan=9), Dot1Q(vlan=7)])] * 30
    # Sharing out by IPv6, wrongly marked, some behind an extension header.
    yield from [packet(CLIENT6, RELAY6, (50041, 3481), 10)] * 40
    yield from [packet(CLIENT6, RELAY6, (50041, 3481), 10, extensions=IPv6ExtHdrDestOpt())] * 10
    # Media by its port alone, to an address of nobody.
    yield from [packet(OTHER, "192.0.2.9", (50000, 3478), 46)] * 20
    # Of no class; HTTP/3 and DNS, which are no media.
    yield from [packet(OTHER, RELAY, (61000, 3478), 8)] * 15
    yield from [packet(OTHER, RELAY, (61000, 443), 0)] * 7
    yield from [packet(OTHER, "192.0.2.9", (61000, 53), 0)] * 7
    # What has no UDP ports.
    yield from [Ether() / ARP()] * 3
    yield from [Ether() / IP(src=CLIENT, dst=RELAY) / TCP()] * 4
    yield from [Ether() / IP(src=CLIENT, dst=RELAY, frag=10, proto=17) / Raw(bytes(32))] * 2
    yield from [Ether() / IPv6(src=CLIENT6, dst=RELAY6) / IPv6ExtHdrFragment(offset=3, nh=17) / Raw(bytes(32))] * 1


def main():
    path = sys.argv[1]
    if path.startswith("interface:"):
        sendp(list(frames()), iface=path.removeprefix("interface:"), verbose=False)
        return
    writer = PcapNgWriter(path) if path.endswith(".pcapng") else PcapWriter(path, nano=True)
    for index, frame in enumerate(frames()):
        frame.time = 1_700_000_000 + index * 0.01
        writer.write(frame)
    writer.close()


main()
