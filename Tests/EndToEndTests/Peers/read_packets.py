"""Reads the packet records of a result's incidents by the words of config/result.schema.json alone.

    read_packets.py RESULT    prints, for each incident that has packets, a list of them, as JSON
"""

import base64
import json
import sys

FATES = ["answered", "late", "lost_forward", "lost_reverse", "lost_unknown"]


class Octets:
    def __init__(self, octets):
        self.octets, self.place = octets, 0

    def number(self):
        value = shift = 0
        while True:
            octet = self.octets[self.place]
            self.place += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return value

    def runs(self, count, columns):
        values = []
        while len(values) < count:
            value = tuple(self.number() for _ in range(columns))
            values += [value] * self.number()
        assert len(values) == count, "a run is longer than there are packets"
        return values


class Bits:
    def __init__(self, octets):
        self.bits = "".join(f"{octet:08b}" for octet in octets)
        self.place = 0

    def take(self, count):
        bits = self.bits[self.place : self.place + count]
        assert len(bits) == count, "the bits end too early"
        self.place += count
        return int(bits, 2) if bits else 0

    def column(self, count):
        a, n, total, values = 64, 1, 0, []
        for _ in range(count):
            k = 0
            while n << k < a:
                k += 1
            ones = 0
            while ones < 24 and self.take(1):
                ones += 1
            folded = self.take(64) if ones == 24 else ones << k | self.take(k)
            a, n = a + min(folded, 1 << 20), n + 1
            if n == 64:
                a, n = a // 2, n // 2
            total += unfold(folded)
            values.append(total)
        return values

    def end(self):
        rest = self.bits[self.place :]
        assert len(rest) < 8 and "1" not in rest, "something stands behind the end"


def unfold(number):
    return -(number + 1 >> 1) if number & 1 else number >> 1


def directions(bits):
    return [name for place, name in enumerate(["forward", "reverse", "unknown"]) if bits >> place & 1]


def read(text):
    raw = base64.b64decode(text, validate=True)
    assert raw[:4] == b"LCP\x01", "no record of packets, or of another version"
    octets = Octets(raw)
    octets.place = 4
    unit, count, first = octets.number(), octets.number(), octets.number()
    at, interval = unfold(octets.number()), octets.number()
    packets = []
    for place, (state,) in enumerate(octets.runs(count, 1)):
        packet = {"sequence": first + place, "fate": FATES[state & 7]}
        packet["reordered"], packet["duplicated"] = directions(state >> 5 & 7), directions(state >> 8 & 7)
        packet["two_way"], packet["far"] = bool(state >> 3 & 1), bool(state >> 4 & 1)
        packets.append(packet)
    replied = [packet for packet in packets if packet["fate"] in ("answered", "late")]
    for packet, (far, returned) in zip(replied, octets.runs(len(replied), 2)):
        packet["far_dscp"], packet["returned_dscp"] = (mark - 1 if mark else None for mark in (far, returned))
    bits = Bits(raw[octets.place :])
    offsets = [0] + bits.column(max(0, count - 1))
    for packet, offset in zip(packets, offsets):
        at += offset + ((interval + unit // 2) // unit if packet is not packets[0] else 0)
        packet["sent_ns"] = at * unit
    two_way = [packet for packet in packets if packet["two_way"]]
    one_value = [packet for packet in replied if not packet["two_way"]]
    columns = [("forward_ns", two_way), ("reverse_ns", two_way)]
    columns += [("stay_ns", [packet for packet in packets if packet["far"]]), ("round_trip_ns", one_value)]
    for name, owners in columns:
        for packet, value in zip(owners, bits.column(len(owners))):
            packet[name] = value * unit
    bits.end()
    return packets


def main():
    with open(sys.argv[1]) as file:
        result = json.load(file)
    records = [incident["packets"] for incident in result.get("incidents", []) if "packets" in incident]
    packets = [read(record["data"]) for record in records]
    for record, read_packets in zip(records, packets):
        assert record["count"] == len(read_packets), "the count is another one"
    json.dump(packets, sys.stdout)


if __name__ == "__main__":
    main()
