"""An origin shows two partners different logs while they have no link: here by an old copy of its state, which
knows nothing of what was signed after it. When the two meet, they find it."""
import os
import shutil
import sys

import story
from nodes import Refused, Tap, wait_until
from test_copy import second

FORK = 6


def forks(node):
    return [f for f in node.ctl("audit.show")["findings"] if f["number"] == FORK]


def offered(node, protocol):
    """Makes an offer, as soon as the steps after a start are done."""
    def attempt():
        try:
            return story.offer(node, protocol)
        except Refused:
            return None
    return wait_until(attempt, f"{node.name} offers {protocol}")


def held(node, lead):
    wait_until(lambda: story.entry(node, lead), f"{node.name} holds {lead}")


def main():
    t = Tap()
    with story.cluster(2) as c:
        a, b, d = c[0], c[1], c[2]
        lead = story.offer(a, "P-both")
        story.wait_state(a, lead, "choosing")
        a.stop()
        old = os.path.join(c.dir, "old")
        shutil.copytree(a.state_dir, old)

        d.stop()
        a.start()
        a.wait_started()
        held(b, offered(a, "P-first"))
        a.stop()
        b.stop()

        restored = second(a, old)
        c.nodes.append(restored)
        d.start()
        restored.start()
        held(d, offered(restored, "P-second"))
        restored.stop()
        t.equal(forks(d), [], "who was shown one log has nothing against its origin")

        b.start()
        wait_until(lambda: forks(b) or forks(d), "a fork is found")
        t.check(True, "two partners that meet find that the origin has shown them different logs")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
