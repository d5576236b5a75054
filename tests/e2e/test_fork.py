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
    return [f for f in node.ctl("audit.show")["findings"] if f["rule_number"] == FORK]


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


def check_report(t, node):
    """What an operator reads of it."""
    for lang, verdict, claim, order in (
            ("en", "CONTRADICTION. ", "The accused keeps two histories", "IN ORDER. "),
            ("pt-BR", "DIVERGÊNCIA PROVADA. ", "O acusado mantém dois históricos", "EM ORDEM. ")):
        for words in ((), ("Provedor A",)):
            out = node.run("audit", *words, lang=lang)[1]
            t.check(out.startswith(verdict) and order not in out, f"{lang}: audit {words} begins with the verdict")
        t.check(claim in node.run("audit", lang=lang)[1], f"{lang}: and says what is proved")
    origin = node.cli("audit", "Provedor A")["origin"]
    t.equal(origin["verdict"], "contradiction", "the partner's numbers have the verdict too")
    found = forks(node)[0]["id"]
    for lang, copies in (("en", "two copies of its node"), ("pt-BR", "duas cópias do nó")):
        t.check(copies in " ".join(node.run("audit", found, lang=lang)[1].split()),
                f"{lang}: what to do names the likely cause, an old state that was put back")
    folder = os.path.join(node.dir, "evidence")
    t.equal(node.cli("audit", "export", found, folder)["rule_number"], FORK, "the proof is written")
    t.equal(node.run("audit", "verify", folder)[0], 0, "and right")
    os.unlink(os.path.join(folder, "index.json"))
    err = node.run("audit", "verify", folder)[2]
    t.check(f"index.json is missing in {folder}" in err, f"a file that is missing is said to be {err!r}")


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
        check_report(t, b if forks(b) else d)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
