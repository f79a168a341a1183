"""Loads two programs into the kernel, for tc(8) to run on each frame: one that puts an 802.1Q tag on it, one that takes
a tag off. Written out in the kernel's own instructions, so that no compiler is needed.

Usage: vlan_tags.py FOLDER VLAN, where FOLDER is a bpf file system; they are pinned there as `push` and `pop`.
"""

import ctypes
import os
import platform
import struct
import sys

SYSCALL_BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]
PROG_LOAD, OBJ_PIN = 5, 6
SCHED_CLS = 3
ATTRIBUTE_SIZE = 128
LIBC = ctypes.CDLL(None, use_errno=True)

CALL, EXIT, MOVE = 0x85, 0x95, 0xB7
HELPER_VLAN_PUSH, HELPER_VLAN_POP = 18, 19
TC_ACT_OK = 0


def instruction(code, register=0, immediate=0):
    return struct.pack("=BBhi", code, register, 0, immediate)


def program(*instructions):
    return b"".join(instructions) + instruction(MOVE, 0, TC_ACT_OK) + instruction(EXIT)


def push(vlan):
    tag_protocol = int.from_bytes(struct.pack(">H", 0x8100), sys.byteorder)
    return program(
        instruction(MOVE, 2, tag_protocol), instruction(MOVE, 3, vlan), instruction(CALL, immediate=HELPER_VLAN_PUSH)
    )


def pop():
    return program(instruction(CALL, immediate=HELPER_VLAN_POP))


def bpf(command, attributes):
    block = ctypes.create_string_buffer(attributes.ljust(ATTRIBUTE_SIZE, b"\0"), ATTRIBUTE_SIZE)
    result = LIBC.syscall(SYSCALL_BPF, command, block, ATTRIBUTE_SIZE)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def load(code):
    instructions = ctypes.create_string_buffer(code, len(code))
    license_text = ctypes.create_string_buffer(b"GPL")
    return bpf(
        PROG_LOAD,
        struct.pack(
            "=IIQQ", SCHED_CLS, len(code) // 8, ctypes.addressof(instructions), ctypes.addressof(license_text)
        ),
    )


def pin(descriptor, path):
    name = ctypes.create_string_buffer(path.encode())
    bpf(OBJ_PIN, struct.pack("=QI", ctypes.addressof(name), descriptor))


folder, number = sys.argv[1], int(sys.argv[2])
pin(load(push(number)), os.path.join(folder, "push"))
pin(load(pop()), os.path.join(folder, "pop"))
