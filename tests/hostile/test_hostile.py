"""A hostile member against real daemons. It is invited and trusted like any other member. Then it attacks as a
false member, partner, origin or pledger could, one attack after the other (attack_*.c). After each attack the
victims still run, answer at once, have not grown past a limit, keep their other links and hold none of the
attacker's data where it must not be. An honest lead still goes from offer to delivered.

$VIZ_HOSTILE_SCALE multiplies the attacks (default 1), $VIZ_SEED repeats a run, $VIZ_HOSTILE selects attacks."""
import json
import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import story
from nodes import PATIENCE, ROOT, TIMES, VIZINHOD, Tap, wait_until

PEER = os.environ.get("VIZ_HOSTILE_PEER", str(ROOT / "build/tests/hostile/hostile-peer"))
SCALE = float(os.environ.get("VIZ_HOSTILE_SCALE", "1"))
SEED = int(os.environ.get("VIZ_SEED", random.randrange(1 << 30)))
ONLY = os.environ.get("VIZ_HOSTILE", "").split()

RSS_GROWTH = 96 << 20    # bytes of memory that all attacks together may add
STORE_MAX = 48 << 20     # three quarters of a map of 64 MiB; beyond them the store takes nothing in
ANSWER_MAX = 1.0         # seconds for `status` on an idle machine

# Single attacks and the words that the log must contain. The log names the first ten reasons of a minute.
NAMED = [
    ("hellos", 2, ["self", "unknown"]), ("unknown-kinds", 1, ["bad-message: ?: form"]),
    ("false-signatures", 1, ["bad-signature"]), ("quotas", 1, ["bad-record"]),
    ("misplaced", 1, ["bad-message: MAIL: meaning"]), ("handshakes", 2, ["ends: handshake"]),
    ("frames", 5, ["ends: frame", "ends: auth", "ends: padding"]),
]
ATTACKS = [
    ("handshakes", 100), ("half-open", 150), ("half-shakes", 40), ("hellos", 60), ("frames", 60), ("bodies", 2000),
    ("asks-and-takes", 1500), ("replays", 2000), ("false-signatures", 60), ("quotas", 60), ("equivocations", 80),
    ("offers", 700), ("pledges", 600), ("closes", 100), ("churn", 1000), ("trees", 1500),
    ("lists", 300), ("authors", 100), ("nothing", 40), ("wants", 300), ("flaps", 100),
    ("asks", 1500), ("gifts", 600), ("statements", 1500),
    ("withdrawals", 1500), ("persons", 300),
]


def checked():
    """Whether the daemon is built with AddressSanitizer, which keeps freed memory."""
    return b"__asan_init" in pathlib.Path(VIZINHOD).read_bytes()


class Hostile:
    def __init__(self, times, line, seed=SEED, popen=subprocess.Popen):
        self.process = popen([PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        given = " ".join(f"{k}={v}" for k, v in times.items())
        self.say(f"federation teste {given}")
        self.say(f"seed {seed}")
        self.id = self.say(f"invite {line}")["id"]

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"the hostile peer ended at: {line}")
        reply = json.loads(answer)
        assert reply["known"], line
        return reply

    def end(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)


def rss(node):
    with open(f"/proc/{node.pid}/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def load():
    """How many times longer than its processor time a computation takes now, while others use the machine."""
    wall, own = time.monotonic(), time.process_time()
    while time.process_time() - own < 0.05:
        pass
    return max(1, (time.monotonic() - wall) / 0.05)


def answer_time(node):
    start = time.monotonic()
    status = node.ctl("status")
    return time.monotonic() - start, status


def lead(origin, holder, number):
    """Runs one honest lead from offer to delivered."""
    lead = story.offer(origin, f"H-{number}")
    names = story.proposals(origin, lead)
    assert holder.name in names, names
    story.choose(origin, lead, holder.name)
    story.wait_state(origin, lead, "delivered")
    story.wait_contact(holder, lead)
    return lead


def peer_of(node, hostile):
    return next((p for p in node.ctl("peer.list")["peers"] if p["name"] == "Provedor Hostil"), None)


def come_in(c, hostile):
    a = c[0]
    hostile.say("open token")
    wait_until(lambda: (peer_of(a, hostile) or {}).get("pending"), "the hostile one came")
    a.ctl("peer.trust", peer=hostile.id)
    hostile.say("vouch")
    wait_until(lambda: (peer_of(a, hostile) or {}).get("member"), "it is a member")
    hostile.say("partners")
    wait_until(lambda: (peer_of(a, hostile) or {}).get("partner"), "it is a partner")


def check(tap, c, name, before, growth, number):
    a, b, third = c[0], c[1], c[2]
    alive = all(n.process.poll() is None for n in c)
    if not tap.check(alive, f"{name}: all live"):
        raise AssertionError(name)
    slow = max(min(answer_time(n)[0] for _ in range(3)) for n in c) / load()
    used = max(answer_time(n)[1]["store_used_bytes"] for n in c)
    grown = max(rss(n) - r for n, r in zip(c, before))
    ok = slow < ANSWER_MAX and used < STORE_MAX and grown < growth
    tap.check(ok, f"{name}: bounded")
    if not ok or os.environ.get("VIZ_VERBOSE"):
        print(f"# answers in {slow:.3f} s of a machine of its own, store {used >> 10} KiB, memory {grown >> 10} KiB more")
    for x, y in ((a, b), (a, third)):
        wait_until(lambda: (x.peer(y) or {}).get("linked"), f"{name}: {x.name} and {y.name} linked")
    lead(a, b, number)
    tap.check(True, f"{name}: an honest lead goes through")


def reasons(c, mark):
    with open(c[0].log_path, errors="replace") as f:
        f.seek(mark)
        return f.read()


def main():
    tap = Tap()
    print(f"# VIZ_SEED={SEED}", flush=True)
    growth = RSS_GROWTH * (8 if checked() else 1)
    times = {"repair_ms": 1000}
    c = story.cluster(2, **times)
    hostile = None
    try:
        hostile = Hostile({**TIMES, **times}, c[0].ctl("peer.invite")["line"])
        come_in(c, hostile)
        first = lead(c[0], c[1], 0)
        hostile.say("drain 300")
        before = [rss(n) for n in c]
        for name, count, wanted in NAMED:
            mark = os.path.getsize(c[0].log_path)
            hostile.say("drain 200")  # it learns that the attack before has ended its link
            hostile.say(f"attack {name} {count}")
            wait_until(lambda: all(w in reasons(c, mark) for w in wanted), f"{name}: {wanted}")
            tap.check(True, f"{name}: ends with a named reason")
        for number, (name, count) in enumerate(ATTACKS, 1):
            if ONLY and name not in ONLY:
                continue
            hostile.say("open")
            start = time.monotonic()
            reply = hostile.say(f"attack {name} {max(int(count * SCALE), 1)}")
            if os.environ.get("VIZ_VERBOSE"):
                print(f"# {name}: {time.monotonic() - start:.1f} s, {reply}", flush=True)
            check(tap, c, name, before, growth, number)
        reply = hostile.say("drain 500")
        tap.equal((reply["locations"], reply["handoffs"]), (0, 0), "it got nobody's location or contact")
        text = json.dumps([n.ctl("inbox.list", all=True) for n in c])
        tap.check("Hostil, 1" not in text and "Vitima" not in text, "nothing of its own persons was kept")
        for n in c:
            other = [f for f in n.ctl("audit.show")["findings"] if f["origin"]["name"] in [m.name for m in c]]
            tap.equal(other, [], f"{n.name} finds no fault with an honest one")
        for n in list(c):
            n.stop()
            n.start()
        c.wait_partners(c[0], c[1])
        c[0].wait_started()
        lead(c[0], c[1], 99)
        tap.check(True, "after a start all goes on")
        assert first
        return tap.done()
    except BaseException as e:
        print(f"# {e!r}", flush=True)
        c.close(True)
        raise
    finally:
        if hostile:
            hostile.end()
        c.close()


if __name__ == "__main__":
    sys.exit(main())
