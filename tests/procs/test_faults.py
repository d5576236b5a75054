#!/usr/bin/env python3
"""Twenty real nodes, each in a network namespace of its own, and everything goes wrong at once: packets are lost and
late, each sends at a limited rate, the net parts and heals, nodes are killed with -9. Meanwhile agents make leads,
choose, revoke, and report installs. Then the faults end. All nodes come to hold the same federation records, and
those of a circle its circle records; whatever was acknowledged to somebody stands; no queue has grown past its bound;
nobody finds a contradiction.

$VIZ_SEED repeats the choice of faults. $VIZ_PROCS_ROUNDS is the number of rounds (default 2, each about half a
minute), $VIZ_PROCS_NODES that of nodes (20). $VIZ_PROCS_STRICT=1 also wants all nodes equal within two rounds of
repair: a busy machine can miss that."""
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import apart  # noqa: E402

if __name__ == "__main__":
    apart.enter()

import story  # noqa: E402
from nodes import PATIENCE, ROOT, Cluster, Refused, Tap, wait_until  # noqa: E402

HELD = os.environ.get("VIZ_PROCS_HELD", str(ROOT / "build/tests/procs/procs-held"))
SEED = int(os.environ.get("VIZ_SEED", random.SystemRandom().randrange(10**6)))
NODES = int(os.environ.get("VIZ_PROCS_NODES", "20"))
ROUNDS = int(os.environ.get("VIZ_PROCS_ROUNDS", "2"))
STRICT = os.environ.get("VIZ_PROCS_STRICT") == "1"

ROUND_S = 28
REPAIR_MS = 10000
TIMES = {"heartbeat_ms": 4000, "partner_delay_ms": 12000, "repair_ms": REPAIR_MS, "window_min_ms": 8000,
         "reveal_ms": 8000, "start_ms": 500, "lease_ms": 20000, "location_erase_ms": 600000}
OPEN_MAX = 3           # leads that an agent has open at a time
EVERY_S = (2.0, 6.0)   # an agent makes a lead
LEADS_MAX = 25         # of one origin: more would be reported as probing
OUTBOX_MAX = 4096      # VIZ_OUTBOX_PER_PEER
RSS_MAX = 512 << 20
ENDED = ("delivered", "installed", "lost", "no-neighbour", "withdrawn", "expired", "none-chosen")
FAILS = (OSError, ValueError, Refused)


# ---- the federation ----

def edges(rng, origins, others):
    """Who is whose partner: a tree, in which each comes in by one who is in, and then four others for each origin."""
    inside, tree = [origins[0]], []
    for i in rng.sample(origins[1:], len(origins) - 1) + rng.sample(others, len(others)):
        by = rng.choice(inside)
        inside.append(i)
        tree.append((by, i))
    more = {(o, x) for o in origins for x in rng.sample(others, min(4, len(others)))}
    return tree, sorted(more - set(tree) - {(b, a) for a, b in tree})


def federation(c, net, rng):
    """Twenty members. Returns the origins, and the partners of each node by its number."""
    for i in range(NODES):
        c.add(f"Provedor {i:02d}", place=net.place(i))
    origins = [i for i in range(NODES) if i % 5 in (0, 2)]
    others = [i for i in range(NODES) if i % 5 not in (0, 2)]
    tree, more = edges(rng, origins, others)
    for i in others:
        c[i].cover([story.CACHOEIRO], [(29300000, 29329999)])
        c[i].plan()
    partners = {i: set() for i in range(NODES)}
    for a, b in tree:
        c.join(c[a], c[b], wait=False)
    for a, b in more:
        for x, y in ((c[a], c[b]), (c[b], c[a])):
            wait_until(lambda: (x.peer(y) or {}).get("member"), f"{x.name} knows {y.name}")
            x.ctl("peer.trust", peer=y.id, vouch=True)
    for a, b in tree + more:
        partners[a].add(b)
        partners[b].add(a)
        c.wait_partners(c[a], c[b])
    for i in origins:
        story.wait_covered(c[i], len(partners[i] & set(others)))
    return origins, partners


# ---- agents ----

class Agent(threading.Thread):
    """The agents of one origin, and those of its partners for its leads. What a node has acknowledged is noted; what
    it has not is tried again, or has come to nothing."""

    def __init__(self, c, origin, rng):
        super().__init__(daemon=True)
        self.c, self.node, self.rng = c, c[origin], rng
        self.enough, self.over = threading.Event(), threading.Event()
        self.made = 0
        self.lead = {}      # protocol -> its lead, once the offer is acknowledged
        self.chosen = {}    # lead -> name, acknowledged
        self.revoked = set()
        self.installed = {}  # lead -> name of the holder that has acknowledged its report
        self.ended = set()
        self.next = 0.0
        self.wrong = None

    def by_name(self, name):
        return next(n for n in self.c if n.name == name)

    def offer(self):
        protocol = f"P-{self.node.number}-{self.made}"
        try:
            there = [x["id"] for x in self.node.ctl("lead.list")["leads"] if x["protocol"] == protocol]
            self.lead[protocol] = there[0] if there else story.offer(self.node, protocol)
            self.made += 1
            self.next = time.monotonic() + self.rng.uniform(*EVERY_S)
        except FAILS:
            self.next = time.monotonic() + 0.3

    def report(self, lead, name):
        """What the one who was chosen does: it calls the customer, then reports the install."""
        holder = self.by_name(name)
        entry = story.entry(holder, lead, origin=self.node)
        if entry["state"] == "awarded" and story.contact(holder, lead, self.node):
            holder.ctl("inbox.contacted", lead=entry["id"])
        elif entry["state"] == "contacted":
            holder.ctl("inbox.outcome", lead=entry["id"], outcome="installed", days_offline=2)
            self.installed[lead] = name

    def step(self, protocol, lead):
        now = story.state(self.node, lead)
        kind = protocol.split("-")[-1]
        if now == "choosing" and lead not in self.chosen:
            name = self.node.ctl("lead.proposals", lead=lead)["proposals"][0]["name"]
            story.choose(self.node, lead, name)
            self.chosen[lead] = name
        elif now in ("delivered", "contacted") and int(kind) % 4 == 1:
            self.report(lead, self.node.ctl("lead.show", lead=lead)["lead"]["awarded_to"]["name"])
        elif now in ("awarded", "delivered") and int(kind) % 4 == 2:
            self.node.ctl("lead.revoke", lead=lead)
            self.revoked.add(lead)
        elif now in ENDED:
            self.ended.add(lead)

    def open(self):
        return [(p, l) for p, l in self.lead.items() if l not in self.ended]

    def run(self):
        try:
            while not self.over.is_set():
                waiting = self.open()
                if (not self.enough.is_set() and len(waiting) < OPEN_MAX and self.made < LEADS_MAX and
                        time.monotonic() > self.next):
                    self.offer()
                for protocol, lead in waiting:
                    try:
                        self.step(protocol, lead)
                    except FAILS:
                        pass
                self.over.wait(0.2)
        except BaseException as e:
            self.wrong = e
            raise


# ---- faults ----

def plan_faults(rng):
    """What goes wrong in a round: [(second, what, argument)], in the order of time."""
    events = [(0, "shape", (rng.choice((0.005, 0.01, 0.03)), (5, 60), rng.choice((60000, 125000, 500000))))]
    for at in sorted(rng.uniform(1, ROUND_S - 4) for _ in range(NODES)):
        i = rng.randrange(NODES)
        events.append((at, "kill", i))
        events.append((at + rng.choice((0, 0.2, 3)) * rng.uniform(0.3, 1), "start", i))
    # the net is still in parts when the round ends
    events.append((ROUND_S - rng.uniform(8, 12), "groups", [int(rng.random() < 0.5) for _ in range(NODES)]))
    return sorted(events, key=lambda e: e[0])


class Watch(threading.Thread):
    """Looks at the queues and the memory of all nodes."""

    def __init__(self, c):
        super().__init__(daemon=True)
        self.c, self.over = c, threading.Event()
        self.mail = self.rss = 0

    def run(self):
        while not self.over.wait(1):
            for n in list(self.c):
                try:
                    self.mail = max(self.mail, n.ctl("status")["mail_count"])
                    with open(f"/proc/{n.pid}/statm") as f:
                        self.rss = max(self.rss, int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
                except FAILS:
                    pass


def play(c, net, rng):
    """One round. Returns the number of kills."""
    kills, began = 0, time.monotonic()
    for at, what, which in plan_faults(rng):
        time.sleep(max(0, began + at - time.monotonic()))
        if what == "shape":
            net.shape(*which)
            print(f"# {which[0]:.1%} of packets lost, {which[1][0]} to {which[1][1]} ms, {which[2]} bytes/s", flush=True)
        elif what == "groups":
            net.groups(which)
            print(f"# after {at:.1f} s the net parts: {''.join(map(str, which))}", flush=True)
        elif what == "kill" and c[which].process:
            c[which].kill9()
            kills += 1
        elif what == "start" and not c[which].process:
            c[which].start(wait=False)
    time.sleep(max(0, began + ROUND_S - time.monotonic()))
    for n in c:
        if not n.process:
            n.start(wait=False)
    net.whole()
    return kills


# ---- what is held ----

def held(node):
    """{(origin or "-", author, type, slot): (seq, id)} of a node, and its dead places."""
    found = subprocess.run([HELD, f"{node.state_dir}/store.mdb"], capture_output=True, text=True, timeout=PATIENCE)
    assert found.returncode == 0, f"{node.name}: {found.stderr}"
    places, dead = {}, []
    for line in found.stdout.splitlines():
        origin, author, kind, slot, seq, id_, *more = line.split()
        places[origin, author, int(kind), int(slot)] = (int(seq), id_)
        if more:
            dead.append((author, kind, slot))
    return places, dead


def wanted(c, partners):
    """What each node has to come to hold: the newest of what anybody holds now, as far as it may hold it."""
    newest = {}
    for n in c:
        for place, what in held(n)[0].items():
            newest[place] = max(newest.get(place, what), what)
    want = []
    for i in range(len(c)):
        near = {"-", c[i].id} | {c[p].id for p in partners[i]}
        want.append({p: what for p, what in newest.items() if p[0] in near})
    return want


def lacks(node, want):
    have = held(node)[0]
    return [p for p, what in want.items() if have.get(p, (0, "")) < what or
            (have[p][0] == what[0] and have[p] != what)]


def settle(c, want, began):
    """Waits until all hold what they must. Returns the seconds since `began`."""
    end = began + PATIENCE
    left = list(range(len(c)))
    while left:
        left = [i for i in left if lacks(c[i], want[i])]
        if left and time.monotonic() > end:
            for i in left:
                print(f"# {c[i].name} lacks {lacks(c[i], want[i])[:5]}", flush=True)
            raise AssertionError("not all hold the same")
        if left:
            time.sleep(0.25)
    return time.monotonic() - began


# ---- what must be true ----

def wait_ended(agents):
    try:
        wait_until(lambda: all(a.wrong or not a.open() for a in agents), "all leads have come to an end", every=0.5)
    except AssertionError:
        for a in agents:
            for protocol, lead in a.open():
                print(f"# {a.node.name} {protocol} {lead}, chosen {a.chosen.get(lead)}: "
                      f"{story.state(a.node, lead)}", flush=True)
        raise


def stands(c, a, lead, name):
    """Whether a choice that the origin of agent `a` has acknowledged stands there and at the one who was chosen."""
    holder, state = a.by_name(name), story.state(a.node, lead)
    holders = [n.name for n in c if (story.entry(n, lead, origin=a.node) or {}).get("award")]
    if lead in a.revoked:
        good = state == "withdrawn" and not story.contact(holder, lead, a.node)
    elif lead in a.installed:
        good = state == "installed" and holders == [name]
    else:
        good = state == "delivered" and holders == [name] and (
            story.wait_contact(holder, lead, a.node) == story.CONTACT)
    if not good:
        print(f"# {a.node.name} {lead}, chosen {name}: {state}, holders {holders}", flush=True)
    return good


def check_leads(t, c, agents):
    offers = choices = 0
    lost = []
    for a in agents:
        listed = {x["protocol"]: x["id"] for x in a.node.ctl("lead.list")["leads"]}
        offers += len(a.lead)
        choices += len(a.chosen)
        lost += [(a.node.name, p) for p, lead in a.lead.items() if listed.get(p) != lead]
        lost += [(a.node.name, lead) for lead, name in a.chosen.items() if not stands(c, a, lead, name)]
    t.equal(lost, [], f"of {offers} offers and {choices} choices that were acknowledged none is lost")
    t.check(choices >= ROUNDS * len(agents) / 2, "and there were enough")
    print(f"# {sum(len(a.revoked) for a in agents)} revoked, {sum(len(a.installed) for a in agents)} installed",
          flush=True)


def check_audit(t, c):
    wrong, rules = [], {}
    for n in c:
        for f in n.ctl("audit.show")["findings"]:
            rules[f["rule"]] = rules.get(f["rule"], 0) + 1
            if f["verdict"] == "contradiction":
                wrong.append((n.name, f))
    print(f"# suspicions and facts: {rules}", flush=True)
    t.equal(wrong, [], "nobody finds a contradiction")
    t.equal([d for n in c for d in held(n)[1]], [], "nobody has signed two records of one place")


def run(t, c, net):
    rng = random.Random(SEED)
    began = time.monotonic()
    origins, partners = federation(c, net, rng)
    print(f"# {NODES} nodes, {sum(map(len, partners.values())) // 2} partnerships, {time.monotonic() - began:.0f} s",
          flush=True)
    agents = [Agent(c, o, random.Random(SEED * 100 + o)) for o in origins]
    watch = Watch(c)
    for thread in [watch, *agents]:
        thread.start()
    kills = sum(play(c, net, rng) for _ in range(ROUNDS))
    net.shape()
    ended = time.monotonic()
    for a in agents:
        a.enough.set()
    for n in c:
        wait_until(n.answers, f"{n.name} answers")
    want = wanted(c, partners)
    took = settle(c, want, ended)
    places = sum(p[0] == "-" for p in want[0])
    print(f"# {kills} kills; {net.stats()}", flush=True)
    print(f"# all hold the same {took:.1f} s after the faults ended: {took * 1000 / REPAIR_MS:.2f} rounds of repair",
          flush=True)
    t.check(kills >= ROUNDS * NODES / 2, f"{kills} kills")
    t.check(True, f"all hold the same {places} federation records, and their circles' "
                  f"{sum(len(w) for w in want) - places * len(want)}")
    if STRICT:
        t.check(took * 1000 <= 2 * REPAIR_MS, "within two rounds of repair")
    wait_ended(agents)
    for a in agents:
        a.over.set()
        a.join()
    t.equal([a.wrong for a in agents if a.wrong], [], "the agents came to their ends")
    check_leads(t, c, agents)
    for n in c:
        wait_until(lambda: n.ctl("status")["mail_count"] == 0, f"{n.name}: all mail arrived")
    took = settle(c, wanted(c, partners), time.monotonic())
    t.check(True, "all hold the same at the end of all leads")
    check_audit(t, c)
    watch.over.set()
    watch.join()
    print(f"# at most {watch.mail} mails waited at a node, and it had {watch.rss >> 20} MiB", flush=True)
    t.check(watch.mail <= OUTBOX_MAX and watch.rss < RSS_MAX, "no queue past its bound")


def main():
    t = Tap()
    print(f"# VIZ_SEED={SEED}", flush=True)
    with apart.Net(NODES, SEED) as net, Cluster(0, **TIMES) as c:
        run(t, c, net)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
