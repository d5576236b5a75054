#!/usr/bin/env python3
"""Runs the README's box of two nodes as it is. Each command in the README exists.

The box uses the ports 7411 and 7412. It runs in a network namespace, where nobody else has them."""
import os
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes import PATIENCE, ROOT, VIZINHO, VIZINHOD, Tap  # noqa: E402

def apart():
    """The words before a command that give it a loopback of its own; None where there is none to have."""
    # in a chroot there are no user namespaces
    words = ["unshare", "-n" if os.geteuid() == 0 else "-rn"]
    up = "ip link set lo up"
    try:
        run = subprocess.run([*words, "sh", "-c", up], capture_output=True)
    except FileNotFoundError:
        return None
    return [*words, "sh", "-c", up + ' && exec "$@"', "sh"] if run.returncode == 0 else None


tap = Tap()
own = apart()
if own is None:
    print("# no network namespaces here: the ports 7411 and 7412 of this machine are used")
readme = (ROOT / "README.md").read_text()
box = re.search(r"<!-- tests/e2e/test_readme.py runs this box -->\n```sh\n(.*?)```", readme, re.S).group(1)

with tempfile.TemporaryDirectory(prefix="vz-", dir="/tmp") as directory:
    programs = os.path.join(directory, "bin")
    os.mkdir(programs)
    for name, program in (("vizinho", VIZINHO), ("vizinhod", VIZINHOD)):
        with open(os.path.join(programs, name), "w") as f:
            f.write(f'#!/bin/sh\nexec {program} "$@"\n')
        os.chmod(f.name, 0o755)
    shell = subprocess.Popen([*(own or []), "sh", "-eu", "-c", box], cwd=directory, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
                             env={**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{programs}:{os.environ['PATH']}"})
    try:
        out = shell.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGTERM)
        out = shell.communicate()[0]
    if not tap.check(shell.returncode == 0, "each command of the box ends well"):
        print("# " + out.replace("\n", "\n# "))
    listed = [x for x in out.splitlines() if x.startswith("Rede 2")]
    tap.check(any(" partner " in x for x in listed), "the two are partners at once")
    tap.check("Would be asked (1)" in out, "a place is looked up")
    last = [x for x in out.splitlines() if re.match(r"\d{8}-1 ", x)]
    tap.check(bool(last) and "choosing" in last[-1], "a lead is offered and answered")

names = subprocess.run([VIZINHO, "--lang", "en", "help"], capture_output=True, text=True).stdout
for words in sorted(set(re.findall(r"vizinho (?:--socket \S+ )?((?:peer|lead|inbox|key|coverage|plan) [a-z]+)", readme))):
    tap.check(f"  {words} " in names, f"the README's `vizinho {words}` exists")
sys.exit(tap.done())
