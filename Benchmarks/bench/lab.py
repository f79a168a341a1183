"""Where things are, and how programs are started and stopped."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

FOLDER = pathlib.Path(__file__).resolve().parent.parent
ROOT = FOLDER.parent
BUILT = FOLDER / ".build" / "peers"
LINECHECK = ROOT / ".build" / "release" / "linecheck"
LOOPBACK = "127.0.0.1"
SERVER_CORE, CLIENT_CORE = "1", "0"


class Missing(Exception):
    """A peer that is not installed: its rows are left out, and the table says so."""


def tool(name):
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not installed")
    return path


def compile_peer(name):
    """The C program `name`, compiled when it is older than its source."""
    source, binary = FOLDER / "C" / f"{name}.c", BUILT / name
    BUILT.mkdir(parents=True, exist_ok=True)
    if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
        subprocess.run([tool("gcc"), "-O2", "-Wall", "-Werror", "-o", binary, source], check=True)
    return str(binary)


def on_core(core, arguments):
    return [tool("taskset"), "-c", core] + [str(each) for each in arguments]


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def bound(port):
    """Whether a UDP socket of this network namespace is bound to `port`."""
    wanted = f":{port:04X}"
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        lines = pathlib.Path(table).read_text().splitlines()[1:]
        if any(line.split()[1].endswith(wanted) for line in lines):
            return True
    return False


@contextlib.contextmanager
def running(arguments, port=None):
    """The process, while it runs; `port` is one that it listens on when it is ready."""
    process = subprocess.Popen(
        [str(each) for each in arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 10
        while port is not None and not bound(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{arguments} does not listen on {port}")
            time.sleep(0.02)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def cpu_nanoseconds(pid):
    """Time on a CPU of all threads of a process, by the scheduler's own account."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0])
    return total
