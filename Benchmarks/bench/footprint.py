"""Memory and size on disk of idle servers."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from . import lab
from .table import Row


def memory(pid):
    """Resident and anonymous megabytes of a process."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()

    def field(name):
        return int(re.search(rf"{name}:\s+(\d+) kB", status).group(1)) / 1_000 * 1.024

    return field("VmRSS"), field("RssAnon")


def idle(command, port):
    with lab.running(command, port) as process:
        time.sleep(1)
        return memory(process.pid)


def stripped(binary):
    with tempfile.NamedTemporaryFile() as copy:
        shutil.copyfile(binary, copy.name)
        subprocess.run([lab.tool("strip"), copy.name], check=True)
        return pathlib.Path(copy.name).stat().st_size / 1e6


def rows():
    port = lab.free_port()
    resident, anonymous = idle(
        [lab.LINECHECK, "reflect", "--listen", lab.LOOPBACK, "--ports", port], port
    )
    size = stripped(lab.LINECHECK)
    peer_resident = peer_anonymous = peer_size = None
    missing = []
    try:
        port = lab.free_port()
        peer_resident, peer_anonymous = idle([lab.tool("irtt"), "server", "-b", f"{lab.LOOPBACK}:{port}"], port)
        peer_size = stripped(lab.tool("irtt"))
    except lab.Missing as reason:
        missing.append(str(reason))
    peer = "irtt server"
    return [
        Row("footprint, idle", "anonymous", anonymous, peer_anonymous, peer, "MB", ("at most", 12)),
        Row("footprint, idle", "resident", resident, peer_resident, peer, "MB", ("at most", 30)),
        Row("footprint", "binary, stripped", size, peer_size, peer, "MB"),
    ], missing
