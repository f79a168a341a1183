"""CPU time per packet of reflectors under the same load."""

import json
import os
import subprocess
import tempfile

from . import lab, templates
from .table import Row, median

RATE, SECONDS, SOURCES, ROUNDS = 20_000, 2, 4, 5


class Server:
    def __init__(self, name, command, template, opening=None, sequence_offset=0):
        self.name, self.command, self.sequence_offset = name, command, sequence_offset
        self.template, self.opening = template, opening
        self.figures, self.lost = [], 0

    def measure(self, burst, folder):
        port = lab.free_port()
        files = []
        for name, octets in (("template", self.template), ("opening", self.opening)):
            if octets is not None:
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(octets)
                files.append(path)
        load = [lab.compile_peer("load"), lab.LOOPBACK, port, RATE, SECONDS, burst, SOURCES, self.sequence_offset]
        with lab.running(lab.on_core(lab.SERVER_CORE, self.command(port)), port) as server:
            before = lab.cpu_nanoseconds(server.pid)
            output = subprocess.run(
                lab.on_core(lab.CLIENT_CORE, load + files), check=True, capture_output=True, text=True
            )
            spent = lab.cpu_nanoseconds(server.pid) - before
        counted = json.loads(output.stdout)
        if not counted["received"]:
            raise RuntimeError(f"{self.name} answered nothing")
        self.lost += counted["sent"] - counted["received"]
        self.figures.append(spent / counted["received"])


def servers():
    echo = lab.compile_peer("echo")
    plain, with_tlvs = templates.plain_stamp(), templates.linecheck_request()

    def linecheck(port):
        return [lab.LINECHECK, "reflect", "--listen", lab.LOOPBACK, "--ports", port, "--rate-limit", 1_000_000]

    found = {
        "linecheck": Server("linecheck", linecheck, plain),
        "linecheck, TLVs": Server("linecheck, TLVs", linecheck, with_tlvs),
    }
    for mode in ("barest", "stamped", "transmit"):
        found[mode] = Server(f"echo {mode}", lambda port, mode=mode: [echo, lab.LOOPBACK, port, mode], plain)
    missing = []
    try:
        opening, data = templates.irtt_requests()
        found["irtt"] = Server(
            "irtt server",
            lambda port: [lab.tool("irtt"), "server", "-b", f"{lab.LOOPBACK}:{port}", "-i", "0"],
            data, opening, sequence_offset=12,
        )
    except lab.Missing as reason:
        missing.append(str(reason))
    try:
        found["sockperf"] = Server(
            "sockperf server",
            lambda port: [lab.tool("sockperf"), "server", "-i", lab.LOOPBACK, "-p", port],
            templates.sockperf_request(),
        )
    except lab.Missing as reason:
        missing.append(str(reason))
    return found, missing


def compare(title, what, server, peer, limit=None, note=""):
    ratio = median([ours / theirs for ours, theirs in zip(server.figures, peer.figures)])
    ours, theirs = median(server.figures), median(peer.figures)
    unanswered = [f"{each.name} left out {each.lost:,}" for each in (server, peer) if each.lost]
    note = "; ".join([note] * bool(note) + unanswered)
    return Row(title, what, ours, theirs, peer.name, "ns", limit, note, ratio)


def comparisons(title, found):
    plain, full = found["linecheck"], found["linecheck, TLVs"]
    yield compare(title, "base packet", plain, found["stamped"], ("ratio", 1.15))
    yield compare(title, "base packet", plain, found["barest"])
    yield compare(title, "all TLVs", full, found["transmit"], ("ratio", 1.15))
    if "irtt" in found:
        least = median([a / b for a, b in zip(found["stamped"].figures, found["irtt"].figures)])
        note = f"echo stamped: {least:.2f}"
        yield compare(title, "base packet", plain, found["irtt"], ("ratio", 0.45), note)
        yield compare(title, "all TLVs", full, found["irtt"], ("ratio", 0.45), note)
    if "sockperf" in found:
        yield compare(title, "base packet", plain, found["sockperf"])


def rows():
    result = []
    found, missing = servers()
    with tempfile.TemporaryDirectory() as folder:
        for burst in (1, 20):
            for server in found.values():
                server.figures, server.lost = [], 0
            # The peers take turns, so that what else the machine does falls on all of them alike.
            for _ in range(ROUNDS):
                for server in found.values():
                    server.measure(burst, folder)
            result += comparisons(f"reflector, {burst} at a time", found)
    return result, missing
