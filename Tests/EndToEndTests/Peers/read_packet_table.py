"""Reads a table of packets that `linecheck report --export FILE.csv` wrote, with Python's csv.

    read_packet_table.py FILE    prints its rows as JSON: numbers as numbers, delays in nanoseconds, absent where empty

Holds what every row must: as many fields as there are columns, and two forms of the time that say the same.
"""

import csv
import datetime
import decimal
import json
import sys

INTEGERS = ["incident", "port", "stream", "local_port", "sequence", "sent_unix_ns", "dscp_sent", "dscp_far_end",
            "dscp_returned"]
DELAYS = ["forward_ms", "reverse_ms", "far_stay_ms", "round_trip_ms"]


def unix_microseconds(text):
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


def packet(row):
    assert None not in row and None not in row.values(), f"not as many fields as columns: {row}"
    assert unix_microseconds(row["sent_at"]) == int(row["sent_unix_ns"]) // 1000, row
    read = {name: value for name, value in row.items() if value != ""}
    for name in INTEGERS:
        if name in read:
            read[name] = int(read[name])
    for name in DELAYS:
        if name in read:
            read[name[:-3] + "_ns"] = int(decimal.Decimal(read.pop(name)) * 1_000_000)
    if "one_way_uncertainty_ms" in read:
        read["one_way_uncertainty_ms"] = float(read["one_way_uncertainty_ms"])
    return read


def main():
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        json.dump([packet(row) for row in csv.DictReader(file, strict=True)], sys.stdout)


if __name__ == "__main__":
    main()
