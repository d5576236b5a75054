#!/usr/bin/env python3
"""Hostile processes against live nodes, while honest leads go on. Two members that are partner of nobody attack the
origin and one who is asked, one attack after the other: they flood; they fill the store with the records of 16
puppets; they name addresses at which somebody takes connections and says nothing; they vouch for authors that do not
exist; strangers begin 800 handshakes a second and stop after message 2. Under each attack every lead ends at a
neighbour, a newcomer gets in, and a partner that was away comes back. In the end the two are expelled, and what they
brought in goes.

Printed is how long an offer and a hand-off take with the attack and without it, in the same run, and the ratio; and
likewise when, in place of the attack, processes that have nothing to do with the nodes use half a core, which is about
what the attacks take in all: that much is the machine's, as all nodes and the attackers share its cores. None of these
times is checked: other work on the machine changes them. For how long the nodes waited for a core is printed too: when
that is more than they ran, the times are the machine's.

$VIZ_PROCS_SECONDS is how long leads are measured with each attack and before it (default 4). $VIZ_PROCS_ATTACKS
selects attacks. $VIZ_SEED repeats the keys of the hostile ones."""
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "hostile"))
import apart  # noqa: E402

if __name__ == "__main__":
    apart.enter()

import story  # noqa: E402
from nodes import TIMES, Cluster, Tap, wait_until  # noqa: E402
from test_faults import held  # noqa: E402
from test_hostile import Hostile  # noqa: E402

SEED = int(os.environ.get("VIZ_SEED", random.SystemRandom().randrange(10**6)))
SECONDS = float(os.environ.get("VIZ_PROCS_SECONDS", "4"))
ATTACKS = ["crowd-flood", "crowd-store", "crowd-mute", "crowd-ghosts", "crowd-shakes"]
ONLY = os.environ.get("VIZ_PROCS_ATTACKS", "").split() or ATTACKS

AFTER_S = 6          # an attack goes on for so long after the leads: somebody comes, somebody comes back
SHAKE_S = 0.45       # a newcomer of the attack crowd-shakes takes so long
CUSTOMER_S = 0.1     # a customer thinks for longer: a hand-off on the heels of RESULT may overtake it, and comes again
NODES = 5
FAST = {**TIMES, "repair_ms": 2000}


class Times:
    """How long offers and hand-offs took, in seconds."""

    def __init__(self):
        self.offer, self.handoff = [], []

    def add(self, more):
        self.offer += more.offer
        self.handoff += more.handoff


def part(values, share):
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def one_lead(a, c, number, times):
    """From offer to delivered. Returns the proposals that came."""
    began = time.monotonic()
    lead = story.offer(a, f"L-{number}")
    wait_until(lambda: story.state(a, lead) not in ("open", "closed"), f"lead {lead} is closed", every=0.004)
    times.offer.append(time.monotonic() - began)
    names = [p["name"] for p in a.ctl("lead.proposals", lead=lead)["proposals"]]
    if names:
        time.sleep(CUSTOMER_S)
        began = time.monotonic()
        story.choose(a, lead, names[number % len(names)])
        wait_until(lambda: story.state(a, lead) == "delivered", f"lead {lead} is delivered", every=0.004)
        times.handoff.append(time.monotonic() - began)
    return names


class Leads:
    """Honest leads of one origin, one after the other."""

    def __init__(self, c):
        self.c, self.made, self.alone, self.few = c, 0, 0, 0

    def go_on(self, seconds):
        times, end = Times(), time.monotonic() + seconds
        while time.monotonic() < end or not times.offer:
            names = one_lead(self.c[0], self.c, self.made, times)
            self.made += 1
            self.alone += not names
            self.few += len(names) == 1
        return times


def come_in(a, hostile):
    """A member, and partner of nobody."""
    hostile.say("open token")
    wait_until(lambda: next((p for p in a.ctl("peer.list")["peers"] if p["id"] == hostile.id and p["pending"]), None),
               "the hostile one came")
    a.ctl("peer.trust", peer=hostile.id, partner=False)
    hostile.say("vouch")
    wait_until(lambda: next((p for p in a.ctl("peer.list")["peers"] if p["id"] == hostile.id and p["member"]), None),
               "it is a member")
    hostile.say("drain 300")


class Attack(threading.Thread):
    def __init__(self, hostile, name):
        super().__init__(daemon=True)
        self.hostile, self.name_ = hostile, name
        seconds = int(SECONDS + AFTER_S + 3)
        count = int(seconds / SHAKE_S) if name == "crowd-shakes" else seconds
        self.line, self.reply, self.wrong = f"attack {name} {count}", None, None
        self.start()

    def run(self):
        try:
            self.hostile.say("open")
            self.reply = self.hostile.say(self.line)
        except BaseException as e:
            self.wrong = e


def start(c, net, name, number):
    """A node with room for the leads of the whole run."""
    node = c.add(name, place=net.place(number), start=False)
    config = pathlib.Path(node.config_path)
    config.write_text(config.read_text().replace("map_mib = 64", "map_mib = 256"))
    return node.start()


def comes_back(c):
    """How long a partner that was away needs to come back."""
    a, other = c[0], c[3]
    other.stop()
    wait_until(lambda: not a.peer(other)["linked"], "it is away")
    began = time.monotonic()
    other.start()
    c.wait_partners(a, other)
    return time.monotonic() - began


def gets_in(c, net):
    """How long somebody new needs, from the invitation until it knows the members and is a partner."""
    a, number = c[0], len(c.nodes)
    new = start(c, net, f"Novo {number}", number)
    began = time.monotonic()
    c.join(a, new)
    wait_until(lambda: all((new.peer(n) or {}).get("member") for n in list(c)[:NODES] if n is not new),
               f"{new.name} knows the members")
    return time.monotonic() - began


def cpu(processes):
    """The seconds that these ran on a core, and those that they waited for one because others used it."""
    ran = waited = 0.0
    for p in processes:
        for task in pathlib.Path(f"/proc/{p.pid}/task").iterdir():
            words = (task / "schedstat").read_text().split()
            ran += int(words[0]) / 1e9
            waited += int(words[1]) / 1e9
    return ran, waited


def used():
    """Seconds of a core of all processes that this namespace has."""
    sums = (d.joinpath("stat").read_text().rsplit(")", 1)[1].split() for d in pathlib.Path("/proc").iterdir()
            if d.name.isdigit() and d.joinpath("stat").exists())
    return sum(int(s[11]) + int(s[12]) for s in sums) / os.sysconf("SC_CLK_TCK")


BURNERS, BURNT = 3, 0.5  # processes, and the cores that they use together
BURN = """import sys, time
while True:
    end = time.process_time() + float(sys.argv[1]) / 100
    while time.process_time() < end:
        pass
    time.sleep(max(0, .01 - float(sys.argv[1]) / 100))
"""


def beside(leads):
    """Leads while others use as much of the cores as an attack."""
    burners = [subprocess.Popen([sys.executable, "-c", BURN, str(BURNT / BURNERS)]) for _ in range(BURNERS)]
    try:
        return leads.go_on(SECONDS)
    finally:
        for b in burners:
            b.kill()
            b.wait()


def show(name, calm, under):
    words = []
    for what in ("offer", "handoff"):
        x, y = getattr(calm, what), getattr(under, what)
        words.append(f"{what} p50 {part(x, .5) * 1000:.0f} -> {part(y, .5) * 1000:.0f} ms, "
                     f"p99 {part(x, .99) * 1000:.0f} -> {part(y, .99) * 1000:.0f} ms "
                     f"(x{part(y, .99) / part(x, .99):.2f})")
    print(f"# {name}: {'; '.join(words)}; {len(calm.offer)} and {len(under.offer)} leads", flush=True)


def play(t, c, net, hostiles, leads, name):
    near = [n.process for n in list(c)[:3]]
    before, burnt = cpu(near), used()
    calm = leads.go_on(SECONDS)
    burnt = used() - burnt
    calm_cpu = [y - x for x, y in zip(before, cpu(near))]
    show(f"before {name}, beside other work", calm, beside(leads))
    attacks = [Attack(h, name) for h in (hostiles[:1] if name == "crowd-shakes" else hostiles)]
    time.sleep(1)
    alone = leads.alone
    before, more = cpu(near), used()
    under = leads.go_on(SECONDS)
    more = (used() - more - burnt) / SECONDS
    under_cpu = [y - x for x, y in zip(before, cpu(near))]
    show(name, calm, under)
    print(f"# {name}: origin and two partners ran {calm_cpu[0]:.1f} -> {under_cpu[0]:.1f} s, and waited "
          f"{calm_cpu[1]:.1f} -> {under_cpu[1]:.1f} s for a core; all used {more:.2f} cores more", flush=True)
    back, new = comes_back(c), gets_in(c, net)
    print(f"# {name}: a partner is back after {back:.1f} s, a newcomer is in after {new:.1f} s; "
          f"{'still' if any(a.is_alive() for a in attacks) else 'no longer'} attacked", flush=True)
    for a in attacks:
        a.join()
    given, taken = ([(a.reply or {}).get(what) for a in attacks] for what in ("given", "taken"))
    print(f"# {name}: " + (f"{given[0]} of {taken[0]} others got in" if name == "crowd-shakes" else
                           f"{given} records sent in all, {taken} connections taken") + "; members, store: "
          f"{[(s['member_count'], s['store_used_bytes'] >> 20) for s in (n.ctl('status') for n in list(c)[:3])]}", flush=True)
    t.equal([a.wrong for a in attacks if a.wrong], [], f"{name}: played to its end")
    t.equal(leads.alone - alone, 0, f"{name}: of {len(under.offer)} leads none is without neighbour")
    t.check(all(n.process.poll() is None for n in c), f"{name}: all live, a newcomer is in, a partner is back")


def expel(t, c, hostiles):
    """What the expelled have brought in goes."""
    honest = {n.id for n in c}
    for a, hostile in zip((c[0], c[1]), hostiles):
        a.ctl("peer.remove", peer=hostile.id)
    began = time.monotonic()
    for n in c:
        try:
            wait_until(lambda: not {p[1] for p in held(n)[0]} - honest, f"{n.name} holds nothing of the expelled",
                       every=0.5)
        except AssertionError:
            left = [p for p in held(n)[0] if p[1] not in honest]
            print(f"# {len(left)} places of {len({p[1] for p in left})} authors are left: {left[:8]}")
            raise
    t.check(True, "what the expelled brought in is gone")
    print(f"# {time.monotonic() - began:.1f} s after they were expelled", flush=True)


def run(t, c, net):
    for i in range(NODES):
        start(c, net, f"Provedor {'ABCDE'[i]}", i)
    a, b = c[0], c[1]
    for x, y in ((a, b), (a, c[2]), (a, c[3]), (b, c[4])):
        c.join(x, y)
    for n in (b, c[2]):
        n.cover([story.CACHOEIRO], [(29300000, 29329999)])
        n.plan()
    story.wait_covered(a, 2)
    place = net.places[-1]
    # behind the nodes: on a machine of their own they would not take the time of these
    hostiles = [Hostile(FAST, n.ctl("peer.invite")["line"], seed=SEED + i,
                        popen=lambda words, **more: place.popen(["nice", "-n", "19", *words], **more))
                for i, n in enumerate((a, b))]
    try:
        for n, hostile in zip((a, b), hostiles):
            come_in(n, hostile)
        leads = Leads(c)
        leads.go_on(1)
        for name in ONLY:
            play(t, c, net, hostiles, leads, name)
        print(f"# {leads.made} leads, {leads.few} with one proposal of two", flush=True)
        t.equal(leads.alone, 0, f"of {leads.made} leads none is without neighbour")
        expel(t, c, hostiles)
        wrong = [f for n in c for f in n.ctl("audit.show")["findings"] if f["verdict"] == "contradiction"]
        t.equal(wrong, [], "nobody finds a contradiction")
    finally:
        for hostile in hostiles:
            hostile.end()


def main():
    t = Tap()
    print(f"# VIZ_SEED={SEED}", flush=True)
    with apart.Net(NODES + len(ONLY) + 1, SEED, last_takes_all=True) as net, Cluster(0, **FAST) as c:
        net.shape(ms=(1, 8))
        run(t, c, net)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
