"""When packets truly leave, against the grid that was asked for."""

import collections
import json
import subprocess
import time

from . import lab
from .table import Row, median, quantile

INTERVAL = 20_000_000
SECONDS = 20
SKIPPED = 50


class Pacing:
    """Errors of one program's streams, in nanoseconds, and the places in their grids that were not used."""

    def __init__(self, arrivals, seconds):
        self.errors, self.missed, self.packets = [], 0, 0
        for times in arrivals.values():
            times = sorted(times)[SKIPPED:]
            times = [each for each in times if each <= times[0] + seconds * 1_000_000_000]
            places = [round((each - times[0]) / INTERVAL) for each in times]
            residues = [each - place * INTERVAL for each, place in zip(times, places)]
            # The phase that suits the program best: what it means by its first packet's time is not known.
            phase = median(residues)
            self.errors += [abs(each - phase) for each in residues]
            self.packets += len(times)
            self.missed += places[-1] + 1 - len(set(places))

    def microseconds(self, share):
        return quantile(self.errors, share) / 1e3


def watch(port, seconds):
    tap = [lab.compile_peer("arrivals"), "lo", str(port), str(seconds)]
    return subprocess.Popen(lab.on_core(lab.SERVER_CORE, tap), stdout=subprocess.PIPE, text=True)


def read(tap, length):
    """Arrival times by source port, of datagrams of the tests' length only: not of opening ones."""
    arrivals = collections.defaultdict(list)
    for line in tap.communicate()[0].splitlines():
        port, octets, at = line.split()
        if int(octets) == length:
            arrivals[port].append(int(at))
    return {port: times for port, times in arrivals.items() if len(times) > 2 * SKIPPED}


def streams(port, count, seconds):
    program = lab.FOLDER / ".build" / "release" / "streams"
    # Not pinned: the probe thread cannot use more than one core, and what reads its ring may take another.
    return [str(each) for each in (program, lab.LOOPBACK, port, count, seconds)]


def reflector(port):
    options = ["--listen", lab.LOOPBACK, "--ports", port, "--rate-limit", 1_000_000]
    return lab.on_core(lab.SERVER_CORE, [lab.LINECHECK, "reflect"] + options)


def ours_alone(count):
    port = lab.free_port()
    with lab.running(reflector(port), port):
        tap = watch(port, SECONDS + 3)
        time.sleep(0.3)
        program = subprocess.Popen(streams(port, count, SECONDS + 2), stdout=subprocess.PIPE, text=True)
        found = Pacing(read(tap, 182), SECONDS - 3)
        # The tap may lose packets at such a rate: what was missed, the program itself counts.
        found.missed = json.loads(program.communicate()[0])["missed"]
        return found


def side_by_side():
    """Four streams of each program at the same time on the same core."""
    port, irtt_port = lab.free_port(), lab.free_port()
    server = lab.on_core(lab.SERVER_CORE, [lab.tool("irtt"), "server", "-b", f"{lab.LOOPBACK}:{irtt_port}"])
    client = [lab.tool("irtt"), "client", "-Q", "-i", "20ms", "-d", f"{SECONDS + 2}s", "-l", "182"]
    clients = []
    with lab.running(reflector(port), port), lab.running(server, irtt_port):
        taps = watch(port, SECONDS + 3), watch(irtt_port, SECONDS + 3)
        time.sleep(0.3)
        with lab.running(streams(port, 4, SECONDS + 2)):
            for _ in range(4):
                command = lab.on_core(lab.CLIENT_CORE, client + [f"{lab.LOOPBACK}:{irtt_port}"])
                clients.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
            found = [Pacing(read(tap, 182), SECONDS - 3) for tap in taps]
            for process in clients:
                process.terminate()
                process.wait()
    return found


def rows():
    result = []
    ours, irtt = side_by_side()
    title = "pacing, 4 streams"
    for name, share, limit in (("p50", 0.5, None), ("p99", 0.99, ("ratio", 0.1)), ("max", 1, None)):
        peer = irtt.microseconds(share)
        result.append(Row(title, f"error {name}", ours.microseconds(share), peer, "irtt client", "µs", limit))
    note = f"of {ours.packets:,} and {irtt.packets:,}"
    result.append(Row(title, "missed sends", ours.missed, irtt.missed, "irtt client", "", ("at most", 0), note))
    many = ours_alone(1_000)
    title = "pacing, 1,000 streams"
    note = "irtt with 4 streams: 1,000 of its processes do not fit"
    for name, share, limit in (("p50", 0.5, None), ("p99", 0.99, ("ratio", 0.1)), ("max", 1, None)):
        peer = irtt.microseconds(share)
        result.append(Row(title, f"error {name}", many.microseconds(share), peer, "irtt client", "µs", limit, note))
    result.append(Row(title, "missed sends", many.missed, None, "", "", ("at most", 0), f"by its own count; {many.packets:,} seen"))
    return result, []
