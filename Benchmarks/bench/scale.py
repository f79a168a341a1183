"""How many streams one core carries."""

import json
import subprocess

from . import lab
from .pacing import reflector, streams
from .table import Row

STEPS = (250, 500, 750, 1_000)
SECONDS = 10
MOST_JITTER = 100_000


def measure(count):
    port = lab.free_port()
    with lab.running(reflector(port), port):
        output = subprocess.run(streams(port, count, SECONDS), check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def carries(found):
    whole = found["answered"] == found["sent"] and not any(found[each] for each in ("missed", "drops", "overflow"))
    return whole and found["spread_p99"] <= MOST_JITTER


def rows():
    result, most = [], 0
    for count in STEPS:
        found = measure(count)
        if carries(found):
            most = count
        note = ", ".join(f"{name} {found[name]:,}" for name in ("sent", "answered", "missed", "drops", "overflow"))
        spread = found["spread_p99"] / 1e3
        result.append(Row(f"scale, {count:,} streams", "delay p99 over least", spread, 100, "limit", "µs", None, note))
        late = found["lateness_p99"] / 1e3
        result.append(Row(f"scale, {count:,} streams", "send lateness p99", late, None, "", "µs"))
    result.append(Row("scale", "streams carried", most, None, "", "streams", ("at least", 1_000)))
    return result, []
