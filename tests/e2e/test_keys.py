"""Rotation and revocation with the command and its offline files. Links come back by themselves, also to a node
that was away. A node with a revoked key gets nothing more, until it takes its next key."""
import os
import sys

import story
from nodes import Cluster, Tap, wait_until

# No heartbeat brings what the hello must bring.
SELDOM = {"heartbeat_ms": 3600000, "partner_delay_ms": 3 * 3600000}


def sees(node, other, **wanted):
    def now():
        p = node.peer(other) or {}
        return all(p.get(k) == v for k, v in wanted.items())
    wait_until(now, f"{node.name} sees {other.name} as {wanted}, not {node.peer(other)}")


def rotate_often(c, node):
    next_key = f"{node.offline_dir}/next-key-1.vizkey"
    for n in range(2, 5):
        offline = os.path.join(c.dir, f"offline-{n}")
        node.cli("key", "rotate", "--next", next_key, "--offline", offline, "--yes")
        next_key = f"{offline}/next-key-{n}.vizkey"


def often_rotated(t):
    """A node that has never seen the other gets the whole chain of keys from its hello."""
    with Cluster(2, **SELDOM) as c:
        a, b = c
        rotate_often(c, a)
        try:
            c.join(a, b, wait=False)
            sees(b, a, member=True)
            t.equal(b.peer(a)["key_number"], 3, "one who rotated three times takes a new member in")
        except AssertionError as e:
            t.check(False, f"one who rotated three times takes a new member in: {e}")
    with Cluster(2, **SELDOM) as c:
        a, b = c
        rotate_often(c, b)
        c.join(a, b, wait=False)
        sees(a, b, member=True)
        t.equal(a.peer(b)["key_number"], 3, "and is taken in")


def main():
    t = Tap()
    often_rotated(t)
    with Cluster(3) as c:
        a, b, away = c
        c.join(a, b)
        c.join(a, away)
        for n in c:
            wait_until(lambda: n.ctl("status")["member_count"] == 2, "all know all")
        b.cover([story.CACHOEIRO])
        story.wait_covered(a, 1)
        away.stop()
        offline = os.path.join(c.dir, "offline-2")
        b.cli("key", "rotate", "--next", f"{b.offline_dir}/next-key-1.vizkey", "--offline", offline, "--yes")
        sees(a, b, key_number=1, member=True, linked=True)
        t.check(True, "after a rotation the link comes back by itself")
        away.start()
        sees(away, b, key_number=1, member=True, linked=True)
        t.check(True, "also with one that was away during it")
        b.restart()
        sees(a, b, key_number=1, linked=True, partner=True)
        story.wait_covered(a, 1)
        t.check(True, "all records stand under the new key")
        t.check(os.path.exists(f"{offline}/next-key-2.vizkey") and
                os.path.exists(f"{offline}/revocation-1.vizrev"), "the next offline files are there")
        t.equal(oct(os.stat(f"{offline}/next-key-2.vizkey").st_mode & 0o777), "0o600", "for the owner only")

        a.cli("key", "revoke", f"{offline}/revocation-1.vizrev", "--yes")
        for n in (a, away):
            sees(n, b, revoked=True, member=False, linked=False, partner=False)
        t.check(True, "a revocation, published by a neighbour, acts at once and everywhere")
        t.equal(a.ctl("lead.lookup", place=story.PLACE)["partners"], [], "nothing is offered to it")
        t.check(b.ctl("status")["key_revoked"], "the revoked node knows it, and signs nothing")
        b.restart()
        t.check(not (a.peer(b) or {}).get("linked"), "nor does it get in again")

        b.cli("key", "rotate", "--next", f"{offline}/next-key-2.vizkey", "--offline", offline, "--yes")
        for n in (a, away):
            sees(n, b, key_number=2, revoked=False, member=True, linked=True)
        t.check(True, "the next key leads out of a revocation")
        sees(a, b, partner=True)
        t.check(True, "with its partnerships")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
