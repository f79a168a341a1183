"""One-way delays and their variation against the impairment link's own log."""

import collections
import contextlib
import csv
import json
import os
import pathlib
import subprocess
import tempfile
import time

from . import lab
from .pacing import SKIPPED
from .table import Row, quantile

SECONDS = 20
FORWARD = "delay=20ms,jitter=uniform:8ms"
REVERSE = "delay=10ms,jitter=uniform:4ms"
SITE, FAR = "10.77.0.1", "10.77.0.2"
PORT, IRTT_PORT = 3478, 2112


class Namespaces:
    """Three network namespaces in a row, with the link in the middle one."""

    def __init__(self):
        self.prefix = f"lb-{os.getpid()}"
        self.ip, self.ethtool = lab.tool("ip"), lab.tool("ethtool")

    def at(self, place, arguments):
        return [self.ip, "netns", "exec", f"{self.prefix}-{place}"] + [str(each) for each in arguments]

    def call(self, *arguments):
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        for place in ("site", "path", "far"):
            self.call(self.ip, "netns", "add", f"{self.prefix}-{place}")
        for place, address in (("site", SITE), ("far", FAR)):
            inner, path, end = f"{place}0", f"{self.prefix}-path", f"{self.prefix}-{place}"
            pair = ["type", "veth", "peer", "name", "eth0", "netns", end]
            self.call(self.ip, "-n", path, "link", "add", inner, *pair)
            for where, name in (("path", inner), (place, "eth0")):
                off = [word for each in ("tx", "rx", "gro", "gso", "tso", "sg") for word in (each, "off")]
                self.call(*self.at(where, [self.ethtool, "--offload", name] + off))
            self.call(self.ip, "-n", path, "link", "set", inner, "up")
            self.call(self.ip, "-n", end, "link", "set", "lo", "up")
            self.call(self.ip, "-n", end, "address", "add", f"{address}/24", "dev", "eth0")
            self.call(self.ip, "-n", end, "link", "set", "eth0", "up")
        return self

    def __exit__(self, *_):
        for place in ("site", "path", "far"):
            subprocess.run([self.ip, "netns", "delete", f"{self.prefix}-{place}"], check=False)


def true_delays(log):
    """What the link did to each probe: forward and reverse delay by service port, source port and sequence number."""
    found = collections.defaultdict(dict)
    with open(log) as file:
        for line in csv.DictReader(file):
            if line["fate"] != "sent":
                continue
            forward = line["direction"] == "forward"
            service = int(line["destination_port" if forward else "source_port"])
            client = int(line["source_port" if forward else "destination_port"])
            head = bytes.fromhex(line["payload_head"])
            if service == PORT:
                sequence = int.from_bytes(head[0:4] if forward else head[24:28], "big")
            else:
                sequence = int.from_bytes(head[12:16], "little")
            delay = int(line["sent_ns"]) - int(line["received_ns"])
            found[service, client, sequence].setdefault("forward" if forward else "reverse", delay)
    return found


class Errors:
    """Errors of delays, and of their differences from packet to packet, nanoseconds without their sign."""

    def __init__(self, measured, truth, service):
        self.delay, self.variation = [], []
        measured = list(measured)
        for way in ("forward", "reverse"):
            before = None
            for client, sequence, delays in measured:
                true = truth.get((service, client, sequence), {}).get(way)
                error = None if true is None else delays[way] - true
                if error is not None:
                    self.delay.append(abs(error))
                    if before is not None and before[0] == (client, sequence - 1):
                        self.variation.append(abs(error - before[1]))
                    before = ((client, sequence), error)


def read_irtt(path, truth):
    trips = json.loads(pathlib.Path(path).read_text())["round_trips"]
    clients = {key[1] for key in truth if key[0] == IRTT_PORT}
    (client,) = clients
    for trip in trips[SKIPPED:]:
        delay = trip["delay"]
        if "send" in delay and "receive" in delay:
            yield client, trip["seqno"], {"forward": delay["send"], "reverse": delay["receive"]}


def read_ours(text):
    for line in text.splitlines():
        if line.startswith("packet "):
            _, client, sequence, forward, reverse = line.split()
            yield int(client), int(sequence), {"forward": int(forward), "reverse": int(reverse)}


def rows():
    programs = lab.FOLDER / ".build" / "release"
    link = lab.ROOT / ".build" / "release" / "impairment-link"
    with Namespaces() as spaces, tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        log, answer = os.path.join(folder, "link.csv"), os.path.join(folder, "irtt.json")
        options = ["--site-interface", "site0", "--far-interface", "far0", "--log", log]
        ways = ["--forward", FORWARD, "--reverse", REVERSE, "--seed", "1"]
        running_link = stack.enter_context(lab.running(spaces.at("path", [link] + options + ways)))
        servers = [
            [lab.LINECHECK, "reflect", "--listen", FAR, "--ports", PORT],
            [lab.tool("irtt"), "server", "-b", f"{FAR}:{IRTT_PORT}"],
        ]
        for server in servers:
            stack.enter_context(lab.running(spaces.at("far", server)))
        time.sleep(1)
        client = [lab.tool("irtt"), "client", "-Q", "-i", "20ms", "-d", f"{SECONDS}s", "-l", "182", "-o", answer]
        irtt = subprocess.Popen(spaces.at("site", client + [f"{FAR}:{IRTT_PORT}"]), stdout=subprocess.DEVNULL)
        ours = subprocess.run(
            spaces.at("site", [programs / "streams", FAR, PORT, 1, SECONDS, "packets"]),
            check=True, capture_output=True, text=True,
        )
        irtt.wait()
        running_link.terminate()
        running_link.wait()
        truth = true_delays(log)
        errors = Errors(read_ours(ours.stdout), truth, PORT)
        peers = Errors(read_irtt(answer, truth), truth, IRTT_PORT)
    result = []
    for what, of in (("one-way delay", lambda each: each.delay), ("delay variation", lambda each: each.variation)):
        for name, share, limit in (("p50", 0.5, None), ("p99", 0.99, ("ratio", 0.25))):
            mine, theirs = quantile(of(errors), share) / 1e3, quantile(of(peers), share) / 1e3
            note = f"of {len(of(errors)):,} and {len(of(peers)):,}"
            result.append(Row("truth", f"{what} error {name}", mine, theirs, "irtt client", "µs", limit, note))
    return result, []
