"""Which peer a name selects, and the limits of vouches and partners."""
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


def main():
    t = Tap()
    namesakes(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
