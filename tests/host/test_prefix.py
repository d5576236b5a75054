"""Limits for each prefix: half-open links, and connections a second. test_prefix.sh runs it."""
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE = 120  # seconds to wait for what must come; only a hang takes so long
count = failed = 0


def check(ok, what):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {what}", flush=True)


def dial(to, source):
    family = socket.AF_INET6 if ":" in to[0] else socket.AF_INET
    s = socket.socket(family)
    s.bind((source, 0))
    s.settimeout(PATIENCE)
    s.connect(to)
    return s


def open_now(socks):
    """The number of these sockets that the daemon has not closed. It never sends on them."""
    return sum(not select.select([s], [], [], 0)[0] for s in socks)


def still_open(socks, wanted):
    """Waits until so many are left, and then a little more, in case the daemon closes too many."""
    end = time.monotonic() + PATIENCE
    while open_now(socks) > wanted and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.4)
    return open_now(socks) == wanted


dir = tempfile.mkdtemp(prefix="viz-prefix-")
with open(f"{dir}/conf", "w") as f:
    f.write("[node]\nname = Teste\n[listen]\naddress = 192.0.2.1:7411, [2001:db8::1]:7411\n"
            "[store]\nmap_mib = 64\n[log]\nlevel = debug\n")
log = open(f"{dir}/log", "w+")
env = {**os.environ, "FAKE_LIMITS": "sweep_ms=20 handshake_ms=20000 message_1_ms=20000 half_open_max=64 half_prefix_max=16"}
daemon = subprocess.Popen([os.environ["VIZ_FAKE"], "--config", f"{dir}/conf", "--state", dir],
                          stderr=log, env=env)
try:
    end = time.monotonic() + PATIENCE
    while "ready" not in open(f"{dir}/log").read() and time.monotonic() < end:
        time.sleep(0.02)
    v4, v6 = ("192.0.2.1", 7411), ("2001:db8::1", 7411)
    a = [dial(v4, f"192.0.2.{2 + i % 2}") for i in range(24)]
    check(still_open(a, 16), "16 half-open ones of a /24, whatever the address in it")
    b = [dial(v4, "198.51.100.1") for i in range(20)]
    check(still_open(b, 16), "and 16 of another")
    c = [dial(v6, f"2001:db8:1:{1 + i % 2}::1") for i in range(20)]
    check(still_open(c, 16), "and 16 of a /48")
    d = [dial(v6, "2001:db8::1") for i in range(20)]
    check(still_open(d, 16), "and 16 of another: 64 in all")
    e = [dial(v4, "127.0.0.1")]
    check(still_open(e, 1), "who comes then gets in all the same")
    check(still_open(a + b + c + d, 63), "in the place of one that had said nothing")
    for s in a + b + c + d + e:
        s.close()
    time.sleep(0.5)
    # A quick close does not help, because connections a second are limited too. On a busy machine the bucket
    # refills meanwhile, so that there are up to ten bursts.
    for _ in range(10):
        for _ in range(150):
            dial(v4, "198.51.100.1").close()
        f = [dial(v4, "198.51.100.1") for _ in range(12)]
        time.sleep(0.4)
        left = open_now(f)
        if left <= 6:
            break
        for s in f:
            s.close()
    check(left <= 6, "a prefix that comes too often is refused")
    check(still_open([dial(v4, "192.0.2.2")], 1), "while others are not")
    time.sleep(1)
    check(still_open([dial(v4, "198.51.100.1")], 1), "and later it may again")
finally:
    daemon.send_signal(signal.SIGTERM)
    status = daemon.wait(PATIENCE)
    text = open(f"{dir}/log").read()
    shutil.rmtree(dir)
check(status == 0, "a clean end")
check("198.51.100.1" not in text and "198.51.100.0/24" in text, "logs name prefixes, not strangers")
check(re.search(r"half-open=\d+.* prefix=\d+", text) is not None, "and the counters")
print(f"1..{count}")
sys.exit(1 if failed else 0)
