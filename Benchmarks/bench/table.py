"""The table that is printed, and the machine it was measured on."""

import os
import platform
import statistics


def machine():
    model = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1e6
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} CPUs, {memory:.1f} GB, Linux {platform.release()}; "
        f"load average at the start {load:.2f}"
    )


class Row:
    """One figure: what was measured, of us and of a peer in the same run."""

    def __init__(self, benchmark, what, ours, peer, peer_name, unit, limit=None, note="", ratio=None):
        self.benchmark, self.what, self.unit, self.note = benchmark, what, unit, note
        self.ours, self.peer, self.peer_name, self.limit = ours, peer, peer_name, limit
        # Where there were several rounds: the median of their ratios, which a busy machine moves least.
        self.paired_ratio = ratio

    @property
    def ratio(self):
        if self.paired_ratio is not None:
            return self.paired_ratio
        return None if self.peer in (None, 0) or self.ours is None else self.ours / self.peer

    @property
    def reached(self):
        if self.limit is None or self.ours is None:
            return None
        kind, bound = self.limit
        value = self.ratio if kind == "ratio" else self.ours
        if value is None:
            return None
        return value >= bound if kind == "at least" else value <= bound

    def cells(self):
        limit = ""
        if self.limit:
            kind, bound = self.limit
            sign = "≥" if kind == "at least" else "≤"
            limit = f"{sign} {bound:g} ×" if kind == "ratio" else f"{sign} {bound:g} {self.unit}"
        verdict = {None: "", True: "reached", False: "missed"}[self.reached]
        return [
            self.benchmark, self.what, number(self.ours, self.unit),
            f"{number(self.peer, self.unit)} {self.peer_name}".strip() if self.peer is not None else "",
            f"{self.ratio:.3g}" if self.ratio is not None else "", limit, verdict, self.note,
        ]


def number(value, unit):
    if value is None:
        return "none"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} {unit}".strip()


def show(rows):
    heads = ["benchmark", "figure", "linecheck", "peer", "ratio", "goal", "", "note"]
    lines = [heads] + [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    out = []
    for index, line in enumerate(lines):
        out.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
        if index == 0:
            out.append("  ".join("-" * width for width in widths))
    return "\n".join(out)


def median(values):
    return statistics.median(values) if values else None


def quantile(values, share):
    """Nearest rank: the smallest value that at least `share` of all do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, min(len(ranked) - 1, -(-len(ranked) * share // 1).__int__() - 1))] if ranked else None
