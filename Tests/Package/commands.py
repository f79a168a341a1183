"""Manual pages and completions of an installed program, held against what its commands say of themselves.

commands.py ROOT PROGRAM: every command that --help lists, with every option that it lists, must be in a manual page of its own
and in the completions of each shell; and no page may be there that belongs to no command.
"""

import gzip
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
program = sys.argv[2]
OTHERS = {"linecheck": "linecheck-collector"}
faults = []


def run(*arguments):
    return subprocess.run(["chroot", root, *arguments], capture_output=True, text=True, check=True).stdout


def help_of(command):
    """The options and the subcommands of one command."""
    text = run(program, *command, "--help")
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.M))
    part = text.partition("SUBCOMMANDS:")[2]
    subcommands = re.findall(r"^  ([a-z-]+)(?: \(default\))?  +\S", part, re.M)
    return options, subcommands


def walk(command=()):
    options, subcommands = help_of(command)
    yield command, options
    for name in subcommands:
        yield from walk((*command, name))


def check_page(command, options):
    name = "-".join((program, *command))
    path = root / f"usr/share/man/man1/{name}.1.gz"
    if not path.is_file():
        faults.append(f"{name}: no manual page")
        return
    page = gzip.decompress(path.read_bytes()).decode()
    written = {f"-{option}" for option in re.findall(r"^\.It .*?Fl (?:\w , )?(-[a-z-]+)", page, re.M)}
    if written != options:
        faults.append(f"{name}.1: options that differ from --help: {sorted(written ^ options)}")
    for other in re.findall(r"^\.Xr (\S+) 1", page, re.M):
        if not (root / f"usr/share/man/man1/{other}.1.gz").is_file():
            faults.append(f"{name}.1 points to {other}, which has no page")


def bash_offers(words):
    """What bash offers after these words."""
    line = " ".join(words)
    script = f"""source /usr/share/bash-completion/completions/{program}
        COMP_WORDS=({line}) COMP_CWORD={len(words) - 1} COMP_LINE='{line}' COMP_POINT={len(line)}
        shopt -s extglob
        _{program} {program} '{words[-1]}' '{words[-2]}'
        printf '%s\\n' "${{COMPREPLY[@]}}" """
    return {word.strip() for word in run("bash", "-c", script).split()}


def check_completions(command, options):
    missing = options - bash_offers([program, *command, "--"])
    if missing:
        faults.append(f"bash does not offer after {' '.join(('linecheck', *command))}: {sorted(missing)}")
    fish = (root / f"usr/share/fish/vendor_completions.d/{program}.fish").read_text()
    for option in options:
        place = rf'"{" ".join((program, *command))}".*-l \'{option[2:]}\''
        if not re.search(place, fish):
            faults.append(f"fish does not offer {option} after {' '.join(('linecheck', *command))}")


def check_scripts():
    """The scripts as they were packed are what the program makes today."""
    for shell, path in {
        "bash": f"bash-completion/completions/{program}",
        "zsh": f"zsh/vendor-completions/_{program}",
        "fish": f"fish/vendor_completions.d/{program}.fish",
    }.items():
        made = run(program, "--generate-completion-script", shell)
        packed = (root / "usr/share" / path).read_text()
        if not made.strip().endswith(packed.strip()):
            faults.append(f"{path} is not what this program makes")


commands = dict(walk())
for command, options in commands.items():
    check_page(command, options)
    check_completions(command, options)
check_scripts()
expected = {"-".join((program, *command)) for command in commands}
pages = {path.name.removesuffix(".1.gz") for path in (root / "usr/share/man/man1").glob(f"{program}*")}
if other := OTHERS.get(program):
    pages = {page for page in pages if not page.startswith(other)}
faults += [f"{name}.1 belongs to no command" for name in sorted(pages - expected)]
if len(commands) < 8:
    faults.append(f"only {len(commands)} commands were found")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
