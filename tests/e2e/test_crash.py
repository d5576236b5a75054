"""kill -9 of every node at random moments of a lead. Nothing acknowledged is lost, each hand-off shows once, and
no audit finds anything. The test prints its seed; VIZ_SEED replays the moments."""
import os
import random
import sys
import threading
import time

import story
from nodes import PATIENCE, Refused, Tap, wait_until
from story import choose, entry, offer, state, wait_contact, wait_state

LEADS = int(os.environ.get("VIZ_CRASH_LEADS", "5"))


class Killer(threading.Thread):
    """Kills and restarts one node until `over` is set."""

    def __init__(self, node, rng):
        super().__init__(daemon=True)
        self.node, self.rng, self.over, self.kills = node, rng, threading.Event(), 0

    def run(self):
        # Offer, CLOSE and RESULT wait for the partners after each start, so some of the lives are long.
        while not self.over.wait(self.rng.choice((0.1, 3)) * self.rng.uniform(0.05, 1)):
            self.node.kill9()
            time.sleep(self.rng.uniform(0, 0.05))
            self.node.start()
            self.kills += 1


def drive(a, protocol):
    """Makes the offer and the choice during the crashes, like an agent who tries again. Returns the lead and
    the name of the partner whose choice the origin has acknowledged."""
    lead, acknowledged = None, None
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if lead is None:
                known = [x for x in a.ctl("lead.list")["leads"] if x["protocol"] == protocol]
                lead = known[0]["id"] if known else offer(a, protocol)
            now = state(a, lead)
            if now == "choosing":
                name = a.ctl("lead.proposals", lead=lead)["proposals"][0]["name"]
                choose(a, lead, name)
                acknowledged = name
            elif now in ("delivered", "no-neighbour"):
                break
        except (OSError, ValueError, Refused):
            pass
        time.sleep(0.05)
    return lead, acknowledged


def main():
    t = Tap()
    seed = int(os.environ.get("VIZ_SEED", str(random.SystemRandom().randrange(10**6))))
    print(f"# VIZ_SEED={seed}", flush=True)
    kills, chosen = 0, {}
    with story.cluster(2) as c:
        a = c[0]
        for k in range(LEADS):
            killers = [Killer(n, random.Random(seed * 1000 + k * 10 + i)) for i, n in enumerate(c)]
            for killer in killers:
                killer.start()
            lead, acknowledged = drive(a, f"P-{k}")
            wait_until(lambda: sum(x.kills for x in killers) >= 2, "kills during, or soon after, the lead")
            for killer in killers:
                killer.over.set()
            for killer in killers:
                killer.join()
                kills += killer.kills
            wait_state(a, lead, ("delivered", "no-neighbour"))
            shown = a.ctl("lead.show", lead=lead)["lead"]
            if shown["state"] == "delivered":
                chosen[lead] = shown["awarded_to"]["name"]
            if acknowledged:
                t.equal(shown["awarded_to"]["name"], acknowledged, f"lead {k}: the acknowledged choice stands")
        t.check(kills > LEADS, f"{kills} kills")
        t.equal(len([x for x in a.ctl("lead.list")["leads"]]), LEADS, "each offer is there once")
        for lead, name in chosen.items():
            holders = [n for n in list(c)[1:] if entry(n, lead) and entry(n, lead)["award"]]
            t.equal([n.name for n in holders], [name], f"{lead}: in one inbox, once")
            t.equal(wait_contact(holders[0], lead), story.CONTACT, f"{lead}: whole")
        for n in c:
            wait_until(lambda: n.ctl("status")["mail_count"] == 0, "all mail arrived")
            # that they start often is seen, and is true
            other = [f for f in n.ctl("audit.show")["findings"] if f["rule"] != "start-often"]
            t.equal(other, [], f"{n.name}: a crash is no breach")
        wait_until(lambda: len({n.ctl("status")["record_count"] for n in c}) == 1, "same records everywhere")
        t.check(True, "all hold the same records")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
