"""The packets that the load generator sends: taken from the programs' own clients on loopback."""

import os
import socket
import struct
import subprocess
import threading
import time

from . import lab

PAYLOAD = 182


def plain_stamp():
    """An unauthenticated base packet with one Extra Padding TLV up to the full length (RFC 8762 §4.2.1)."""
    seconds = int(time.time()) + 2_208_988_800
    base = struct.pack(">IIIHH", 0, seconds, 0, 0x8F01, 77).ljust(44, b"\0")
    padding = PAYLOAD - len(base) - 4
    return base + struct.pack(">BBH", 0x80, 1, padding) + os.urandom(padding)


def first_datagram(command, port):
    """What `command` sends first to `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((lab.LOOPBACK, port))
        listener.settimeout(10)
        with lab.running(command):
            return listener.recv(2_048)


def linecheck_request():
    """A request with the TLVs that the session-sender asks for by default."""
    port = lab.free_port()
    command = [lab.LINECHECK, "check", "--endpoint", f"{lab.LOOPBACK}:{port}", "--duration", "5s", "--quiet"]
    return first_datagram(command, port)


def sockperf_request():
    port = lab.free_port()
    command = [lab.tool("sockperf"), "ul", "-i", lab.LOOPBACK, "-p", str(port), "-m", str(PAYLOAD), "-t", "2"]
    command += ["--reply-every", "1", "--mps", "100"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((lab.LOOPBACK, port))
        listener.settimeout(10)
        with lab.running(command):
            return [listener.recv(2_048) for _ in range(20)][-1]


def irtt_requests():
    """The opening and a data packet of an irtt session, seen by a relay between its client and its server."""
    server_port, relay_port = lab.free_port(), lab.free_port()
    seen = []
    with lab.running([lab.tool("irtt"), "server", "-b", f"{lab.LOOPBACK}:{server_port}", "-i", "0"], server_port):
        relay = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        relay.bind((lab.LOOPBACK, relay_port))
        relay.settimeout(3)

        def run():
            client = None
            try:
                while True:
                    data, source = relay.recvfrom(4_096)
                    if source[1] == server_port:
                        relay.sendto(data, client)
                    else:
                        client = source
                        seen.append(data)
                        relay.sendto(data, (lab.LOOPBACK, server_port))
            except TimeoutError:
                relay.close()

        thread = threading.Thread(target=run)
        thread.start()
        command = [lab.tool("irtt"), "client", "-Q", "-d", "500ms", "-i", "100ms", "-l", str(PAYLOAD)]
        subprocess.run(command + [f"{lab.LOOPBACK}:{relay_port}"], check=True, stdout=subprocess.DEVNULL)
        thread.join()
    return seen[0], next(each for each in seen if len(each) == PAYLOAD)
