"""A STAMP Session-Sender made of scapy's packets. Prints one JSON document: every request and what came back."""

import argparse
import json
import select
import struct
import sys
import time

from stamp_common import (
    CLASS_OF_SERVICE,
    DIRECT_MEASUREMENT,
    EXTRA_PADDING,
    FOLLOW_UP_TELEMETRY,
    LOCATION,
    TIMESTAMP_INFORMATION,
    Arrival,
    ErrorEstimate,
    STAMPSessionReflectorTestUnauthenticated,
    STAMPSessionSenderTestUnauthenticated,
    error_estimate,
    ntp,
    open_socket,
    set_traffic_class,
    set_ttl,
    tlv,
    tlvs,
    unix_ns,
)

PRIVATE_TLV = 252
PADDING = bytes(range(7, 107))


def cases(arguments, count):
    """What each request carries, by name, in the order of sending."""
    class_of_service = tlv(CLASS_OF_SERVICE, struct.pack("!HH", arguments.reply_dscp << 10, 0))
    single = {
        "base": [],
        "class_of_service": [class_of_service],
        "location": [tlv(LOCATION, bytes(4))],
        "timestamp_information": [tlv(TIMESTAMP_INFORMATION, bytes(4))],
        "direct_measurement": [tlv(DIRECT_MEASUREMENT, struct.pack("!III", count, 0, 0))],
        "extra_padding": [tlv(EXTRA_PADDING, PADDING)],
        "unknown": [tlv(PRIVATE_TLV, b"linecheck")],
        # Next to the one with everything, so that two replies in a row are followed up.
        "follow_up": [tlv(FOLLOW_UP_TELEMETRY, bytes(16))],
    }
    everything = [item for items in single.values() for item in items]
    # Extra Padding goes last, as a sender of voice-sized packets would put it.
    everything.sort(key=lambda item: item.type == EXTRA_PADDING)
    return [*single.items(), ("everything", everything)]


def request(sequence, items, ssid):
    return STAMPSessionSenderTestUnauthenticated(
        seq=sequence,
        ts=ntp(time.time_ns()),
        err_estimate=ErrorEstimate(S=1, Z=0, scale=12, multiplier=7),
        ssid=ssid,
        tlv_objects=items,
    )


def described_request(name, octets, sent_ns):
    packet = STAMPSessionSenderTestUnauthenticated(octets)
    return {
        "case": name,
        "sequence": packet.seq,
        "timestamp_hex": octets[4:12].hex(),
        "timestamp_ns": unix_ns(packet.ts),
        "error_estimate": error_estimate(packet.err_estimate),
        "ssid": packet.ssid,
        "length": len(octets),
        "tlvs": tlvs(packet),
        "sent_ns": sent_ns,
    }


def described_reply(arrival):
    packet = STAMPSessionReflectorTestUnauthenticated(arrival.payload)
    return {
        "sequence": packet.seq,
        "timestamp_ns": unix_ns(packet.ts),
        "error_estimate": error_estimate(packet.err_estimate),
        "ssid": packet.ssid,
        "receive_timestamp_ns": unix_ns(packet.ts_rx),
        "sender_sequence": packet.seq_sender,
        "sender_timestamp_hex": arrival.payload[28:36].hex(),
        "sender_error_estimate": error_estimate(packet.err_estimate_sender),
        "mbz": [packet.mbz1, packet.mbz2],
        "sender_ttl": packet.ttl_sender,
        "length": len(arrival.payload),
        "tlvs": tlvs(packet),
        "traffic_class": arrival.traffic_class,
        "received_ns": arrival.received_ns,
    }


def exchange(sock, name, octets):
    sent_ns = time.time_ns()
    sock.send(octets)
    reply = None
    if select.select([sock], [], [], 1)[0]:
        reply = described_reply(Arrival(sock))
    return {"request": described_request(name, octets, sent_ns), "reply": reply}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=3478)
    parser.add_argument("--ttl", type=int, default=77)
    parser.add_argument("--traffic-class", type=int, default=34 << 2 | 1)
    parser.add_argument("--reply-dscp", type=int, default=46)
    parser.add_argument("--ssid", type=int, default=0xBEEF)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    sock = open_socket(arguments.address)
    set_ttl(sock, arguments.ttl)
    set_traffic_class(sock, arguments.traffic_class)
    sock.connect((arguments.address, arguments.port))
    exchanges, sequence = [], 0
    for _ in range(arguments.rounds):
        for name, items in cases(arguments, sequence + 1):
            exchanges.append(exchange(sock, name, bytes(request(sequence, items, arguments.ssid))))
            sequence += 1
    json.dump({"local_port": sock.getsockname()[1], "exchanges": exchanges}, sys.stdout)


if __name__ == "__main__":
    main()
