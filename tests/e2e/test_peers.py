"""Invitations, addresses and the end of a partnership: what an operator is told is what is so."""
import json
import pathlib
import sys

from nodes import Cluster, Tap, free_port, wait_until


def standing(n, other):
    return (n.peer(other) or {}).get("standing")


def without_address(node):
    config = pathlib.Path(node.config_path)
    lines = config.read_text().splitlines()
    at = lines.index("[node]")
    kept = [x for i, x in enumerate(lines) if not (x.startswith("address") and i < lines.index("[listen]"))]
    assert at >= 0 and len(kept) == len(lines) - 1, lines
    config.write_text("\n".join(kept) + "\n")


def move(node):
    """The node has another address from its next start on."""
    old, node.address = node.address, f"127.0.0.1:{free_port()}"
    config = pathlib.Path(node.config_path)
    config.write_text(config.read_text().replace(old, node.address))


def moved(t):
    """A has no address, so B cannot dial it. B moves, and invites A once more: A dials where B is now."""
    with Cluster(2, names=["Alfa", "Beta"], start=False) as c:
        a, b = c
        without_address(a)
        a.start()
        b.start()
        line = b.ctl("peer.invite")["line"]
        a.ctl("peer.accept", line=line)
        wait_until(lambda: (b.peer(a) or {}).get("pending"), "A came to B")
        b.ctl("peer.trust", peer=a.id)
        c.wait_partners(a, b)
        b.stop()
        move(b)
        b.start()
        for _ in range(3):  # the dials of the old address fail meanwhile
            wait_until(lambda: not a.peer(b)["linked"], "A has lost the link")
        code, out, err = a.run("peer", "accept", "--yes", "-", input=b.ctl("peer.invite")["line"])
        t.check(code == 0 and "No link yet" not in out, f"the new invitation links at once: {out} {err}")
        wait_until(lambda: a.peer(b)["linked"], "A is linked with B")
        wait_until(lambda: a.peer(b)["addresses"] == [b.address], "and knows its address")
        wait_until(lambda: standing(a, b) == "partner", "they are partners as before")
        t.equal((b.peer(a) or {}).get("pending"), False, "nothing is left to confirm: B trusts A already")
        t.equal(b.ctl("peer.invites")["invites"], [], "and the invitation is used up")


def among_members(t):
    """A and C are members by B, and linked. An invitation between the two waits to be confirmed as any other."""
    with Cluster(3, names=["Alfa", "Meio", "Gama"]) as cluster:
        a, b, c = cluster
        cluster.join(a, b)
        cluster.join(b, c)
        wait_until(lambda: standing(a, c) == "member" and standing(c, a) == "member", "A and C are members")
        wait_until(lambda: a.peer(c)["linked"], "and linked by lot")
        code, out, err = a.run("peer", "accept", "--yes", "-", input=c.ctl("peer.invite")["line"])
        t.check(code == 0, f"A accepts: {out} {err}")
        wait_until(lambda: standing(c, a) == "pending", "C is asked to confirm it")
        t.check(True, "an invitation between two members becomes pending")
        c.ctl("peer.trust", peer=a.id)
        cluster.wait_partners(a, c)
        t.equal(a.peer(c).get("invitation"), None, "and nothing is kept of it")


def dead(t):
    """Who shows an invitation that was cancelled or used is told so at once; its inviter can list and cancel."""
    with Cluster(3, names=["Alfa", "Beta", "Gama"]) as cluster:
        a, b, c = cluster
        made = [a.cli("peer", "invite", "--for", name) for name in ("Beta", "Gama", "Delta")]
        shown = a.cli("peer", "invites")["invites"]
        t.equal([(x["id"], x["whom"]) for x in shown], [(m["invite"]["id"], w) for m, w in
                                                             zip(made, ("Beta", "Gama", "Delta"))], "all are listed")
        t.check("Gama" in a.run("peer", "invites")[1], "as a table")
        t.equal(a.cli("peer", "cancel", made[0]["invite"]["id"])["invite"], {"id": made[0]["invite"]["id"]}, "cancelled by its number")
        t.equal(a.cli("peer", "cancel", made[2]["line"])["invite"], {"id": made[2]["invite"]["id"]}, "or by its line")
        code, _, err = a.run("peer", "cancel", made[0]["invite"]["id"])
        t.check(code == 1 and made[0]["invite"]["id"] in err, f"not twice: {err}")
        t.check(a.run("peer", "cancel", "x")[0] == 1, "and not by another word")
        code, out, err = b.run("peer", "accept", "--yes", "-", input=made[0]["line"])
        t.check(code == 1 and "no good any more" in err and "ask for a new one" in err.lower(),
                f"the bearer of a cancelled one is told: {code} {out} {err}")
        t.equal(b.peer(a)["invitation"], "dead", "and it is shown")
        code, out, err = b.run("peer", "accept", "--yes", "-", input=made[2]["line"], json_out=True)
        t.check(code == 1 and json.loads(out)["error"]["code"] == "invite-dead", f"a script too: {code} {out} {err}")
        t.check(a.peer(b) is None, "nobody came to A")
        peer = b.cli("peer", "accept", "--yes", "-", input=made[1]["line"])["peer"]
        t.check(peer["linked"] and peer["fingerprint"], f"B takes the one for Gama; a script waits as people do: {peer}")
        wait_until(lambda: standing(a, b) == "pending", "B came with it")
        code, out, err = c.run("peer", "accept", "--yes", "-", input=made[1]["line"])
        t.check(code == 1 and "no good any more" in err, f"Gama is told that it was used: {code} {out} {err}")
        t.check(b.peer(a)["linked"], "and B stays")


def ends(t):
    """A is in between B and C. What follows a removal is said before it is done."""
    with Cluster(3, names=["Alfa", "Meio", "Gama"]) as cluster:
        a, b, c = cluster
        cluster.join(a, b)
        cluster.join(b, c)
        wait_until(lambda: standing(a, c) == "member", "C is a member for A")
        for args in (["remove", "Meio"], ["block", "Meio", "--reason", "ensaio"]):
            code, out, err = a.run("peer", *args)
            t.check(code == 1 and "--yes" in err and standing(a, b) == "partner", f"{args[0]}: it asks first: {err}")
            t.check("Meio is a partner until" in out, f"and says from when: {out}")
            t.equal("We alone vouch for Meio" in out and "Members that are in through Meio alone, as far as we know: 1" in out,
                    args[0] == "remove", f"{args[0]}: who would be out")
        a.cli("peer", "remove", "Meio", "--yes")
        wait_until(lambda: standing(a, b) in ("known", "leaving", "asked"), "the partnership ends")
        wait_until(lambda: not a.peer(b)["vouched"], "the vouch is withdrawn")
        code, out, err = a.run("peer", "trust", "Meio")
        t.check(code == 0 and a.peer(b)["vouched"], f"trusted again, with our vouch, as nobody else vouches: {out} {err}")
        cluster.wait_partners(a, b)
        t.check(a.peer(b)["member"] and standing(a, b) == "partner", "it says partner, and is in")


def silent(t):
    """A partner that signs nothing for silence_ms is shown as silent, with its last sign of life."""
    with Cluster(2, names=["Alfa", "Beta"], silence_ms=5000) as c:
        a, b = c
        c.join(a, b)
        b.stop()
        wait_until(lambda: standing(a, b) != "partner", "B is silent")
        p = a.peer(b)
        t.equal(p["standing"], "silent", "it is called silent")
        out = a.run("peer", "list", lang="pt-BR")[1]
        t.check("em silêncio desde" in out and "a partir de" not in out, f"and not a partner from a past date: {out}")
        b.start()
        c.wait_partners(a, b)
        t.equal(standing(a, b), "partner", "until it is back")


def main():
    t = Tap()
    for story in (moved, among_members, dead, ends, silent):
        if len(sys.argv) < 2 or story.__name__ in sys.argv[1:]:
            print(f"# {story.__name__}", flush=True)
            story(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
