"""Which peer a name selects, and the reach of trust: who let a member in, and a branch that is pruned."""
import sys

import story
from nodes import Cluster, Refused, Tap, wait_until


def code(call, *args, **more):
    try:
        call(*args, **more)
    except Refused as e:
        return e.error
    return {"code": "none"}


def namesakes(t):
    with Cluster(3, names=["Provedor A", "Linhares Net", "Linhares Net"]) as c:
        a, b, other = c
        for n in (b, other):
            c.join(a, n)
            n.cover([story.CACHOEIRO])
            n.plan()
        story.wait_covered(a, 2)
        asked = a.ctl("lead.lookup", place=story.PLACE)
        labels = [p["label"] for p in asked["partners"]]
        t.check(len(set(labels)) == 2 and all(x in asked["consent"]["text"] for x in labels),
                f"the customer hears which of two is which: {labels}")
        t.equal(code(a.ctl, "lead.lookup", place=story.PLACE, strike=["Linhares Net"])["code"],
                "ambiguous", "who is struck must be said")
        lead = story.offer(a, "N-1")
        story.proposals(a, lead)
        refused = code(story.choose, a, lead, "Linhares Net")
        t.equal(refused["code"], "ambiguous", "a name that two bear chooses neither")
        t.check(set(refused.get("candidates", [])) == set(labels), "and both are named")
        exit_status, _, err = a.run("peer", "show", "linhares net")
        t.check(exit_status == 1 and all(x in err for x in labels), "by the command too")
        short = next(x for x in labels if a.ctl("peer.show", peer=x[-9:-1])["peer"]["id"] == b.id)[-9:-1]
        story.choose(a, lead, short)
        story.wait_contact(b, lead)
        t.check(not story.contact(other, lead), "the one that was meant has the contact, and no other")


def standing(n, other):
    return (n.peer(other) or {}).get("standing")


def reach(t):
    """A - B - C - D, and E by C and by B. A prunes C: D goes with it, E stays."""
    with Cluster(5, names=["Provedor A", "Rede B", "Avaliza Todos", "Boneco", "Dois Caminhos"]) as cluster:
        a, b, c, d, e = cluster
        for x, y in ((a, b), (b, c), (c, d), (c, e)):
            cluster.join(x, y)
        wait_until(lambda: b.peer(e) and e.peer(b), "B and E know each other")
        for x, y in ((b, e), (e, b)):
            x.ctl("peer.trust", peer=y.id, vouch=True)
        for n in (d, e):
            n.cover([story.CACHOEIRO])
        for n in (c, d, e):
            wait_until(lambda n=n: standing(a, n) == "member", f"A knows {n.name} as a member")
        wait_until(lambda: len(a.ctl("peer.why", peer=e.id)["ways"]) == 2, "A knows both ways to E")
        why = a.cli("peer", "why", "Boneco")
        t.equal([[s["label"] for s in w["steps"]] for w in why["ways"]],
                [["Provedor A", "Rede B", "Avaliza Todos", "Boneco"],
                 ["Provedor A", "Rede B", "Dois Caminhos", "Avaliza Todos", "Boneco"]],
                "the ways by which D is in")
        t.equal([(p["label"], p["behind_count"], p["by_one"]) for p in why["points"]],
                [("Rede B", 3, True), ("Avaliza Todos", 1, False)], "and who holds it alone")
        t.equal([(v["label"], v["mutual"], v["vouch_count"]) for v in why["vouchers"]],
                [("Avaliza Todos", True, 3)], "and who vouches for it, and for how many")
        ways = {tuple(s["label"] for s in w["steps"]) for w in a.cli("peer", "why", e.id)["ways"]}
        t.equal(ways, {("Provedor A", "Rede B", "Dois Caminhos"),
                       ("Provedor A", "Rede B", "Avaliza Todos", "Dois Caminhos")}, "the two ways to E")
        for lang, words in (("en", ["Single points", "if one of these two takes back its vouch"]),
                            ("pt-BR", ["Pontos únicos", "se um destes dois retirar o aval"])):
            status, out, err = a.run("peer", "why", "Boneco", lang=lang)
            t.check(status == 0 and err == "" and all(w in out for w in words) and
                    "Rede B" in out and "Avaliza Todos" in out, f"{lang}: why, for people {out!r}")
        t.check(a.cli("peer", "prune", "Rede B", "--dry-run")["stays"], "a partner stays a member")
        shown = a.cli("peer", "prune", "Avaliza Todos", "--dry-run")
        t.equal((shown["member_count"], [x["label"] for x in shown["branch"]], shown["done"]),
                (1, ["Boneco"], False), "what would go")
        for lang, word in (("en", "only through it: 1 ("), ("pt-BR", "só está dentro por ele: 1 (")):
            status, out, _ = a.run("peer", "prune", "Avaliza Todos", "--dry-run", lang=lang)
            t.check(status == 0 and word in out and "Boneco" in out and "Dois" not in out, f"{lang}: shown")
        status, _, err = a.run("peer", "prune", "Avaliza Todos")
        t.check(status == 1 and standing(a, c) == "member", f"nobody confirmed: nothing is done {err!r}")
        pruned = a.cli("peer", "prune", "Avaliza Todos", "--yes")
        t.check(pruned["done"] and not pruned["own_vouch"], "it is pruned")
        t.equal(standing(a, c), "pruned", "and shown so")
        wait_until(lambda: not a.peer(d)["member"], "D leaves")
        wait_until(lambda: not a.peer(c)["linked"] and not a.peer(d)["linked"], "and their links go")
        wait_until(lambda: a.peer(d)["record_bytes"] < b.peer(d)["record_bytes"], "and their coverage")
        t.equal([standing(a, n) for n in (b, c, d, e)], ["partner", "pruned", "cut", "member"], "E stays")
        t.equal([standing(b, n) for n in (c, d)], ["partner", "member"], "for B nothing has changed")
        status, out, _ = a.run("status")
        t.check(status in (0, 1) and "PRUNED" in out, f"status counts who is left out {out!r}")
        bytes_then, unknown_then = a.peer(e)["record_bytes"], a.ctl("status")["received"]["unknown_count"]
        a.restart()
        wait_until(lambda: a.peer(b)["linked"], "A is linked again")
        e.cover([story.CACHOEIRO], name="mais")
        wait_until(lambda: a.peer(e)["record_bytes"] > bytes_then, "what E signs comes to A as before")
        d.cover([story.CACHOEIRO], name="mais")
        wait_until(lambda: b.peer(d)["record_bytes"] > a.peer(d)["record_bytes"] + 200, "B has what D signs")
        t.equal([standing(a, n) for n in (b, c, d, e)], ["partner", "pruned", "cut", "member"],
                "after a restart too")
        t.check(a.ctl("status")["received"]["unknown_count"] <= unknown_then + 2, "and nobody sends A its records")
        t.equal(code(a.cli, "peer", "trust", c.id)["code"], "pruned", "trust comes after --undo")
        t.equal(code(a.cli, "peer", "prune", "Dois Caminhos", "--undo")["code"], "not-pruned", "E is not pruned")
        status, out, _ = a.run("peer", "prune", "Avaliza Todos", "--undo", lang="pt-BR")
        t.check(status == 0 and "não está mais podado" in out, "it is taken back")
        wait_until(lambda: standing(a, d) == "member" and
                   a.peer(d)["record_bytes"] == b.peer(d)["record_bytes"], "and comes back, whole")
        t.equal([standing(a, n) for n in (b, c, d, e)], ["partner", "member", "member", "member"], "all are in")


def main():
    t = Tap()
    namesakes(t)
    reach(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
