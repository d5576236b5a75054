#!/usr/bin/env python3
"""`tools/demo --keep`: each address that it prints shows a page, with something on it."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse

from web import Browser
from nodes import PATIENCE, ROOT, Tap, wait_until


def stop(told):
    """As its last lines say: the processes first, then their files."""
    pids, folders = re.search(r"kill ([\d ]+); rm -r (.*)", told).groups()
    for pid in map(int, pids.split()):
        os.kill(pid, signal.SIGTERM)
    for pid in map(int, pids.split()):
        wait_until(lambda: not os.path.exists(f"/proc/{pid}"), f"process {pid} ends")
    for folder in folders.split():
        shutil.rmtree(folder)


def pages(t, told):
    urls = re.findall(r"(http://127\.0\.0\.1:\d+/\S+)   # ", told)
    t.equal(len(urls), 4, "two desks, a board, and a customer's link")
    password = re.search(r'"ana" and of "noc" is (.*)\)', told)[1]
    found = {}
    for url in urls:
        parts = urllib.parse.urlsplit(url)
        b = Browser(parts.port, {"Accept-Language": "en"})
        if parts.path in ("/desk", "/board"):
            b.get("/sign-in")
            answer = b.post("/sign-in", name="ana" if parts.path == "/desk" else "noc", password=password)
            t.equal(answer.header("Location"), "/", f"signing in for {parts.path}")
        answer = b.get(parts.path)
        t.equal(answer.status, 200, f"{url} shows a page")
        found.setdefault(parts.path[:3], []).append(answer.text)
    ours, theirs = found["/de"]
    t.check("2026-0005" in ours and "ixc 4711" in ours, "the desk has a customer who waits, and a draft of the ERP")
    t.check("has chosen us" in theirs, "the neighbour's desk has a customer to call")
    t.check("Doce Conecta" in found["/bo"][0], "the board has the partners")
    t.check("Marina" in found["/c/"][0], "the customer's page greets")


def main():
    t = Tap()
    run = subprocess.run([sys.executable, str(ROOT / "tools/demo_story.py"), "--keep", "--json", "--lang", "en"],
                         capture_output=True, text=True, timeout=4 * PATIENCE)
    t.check(run.returncode == 0 and json.loads(run.stdout.splitlines()[-1])["ok"], "the demo ran")
    try:
        pages(t, run.stdout)
    finally:
        stop(run.stdout)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
