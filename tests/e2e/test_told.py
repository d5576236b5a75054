"""What misleads an operator if it is not said: a copy of a node beside it, a clock that is wrong, and offers that the
audit could not check."""
import os
import pathlib
import shutil
import socket
import sys

import story
from nodes import Cluster, Tap, wait_until
from test_copy import second
from test_state import ends


def copied(t):
    """A partner's state directory is copied while it is stopped, and both run. The younger one stops signing, and the
    operators of both sides read which node it is."""
    with story.cluster(1) as c:
        a, b = c[0], c[1]
        b.stop()
        other = os.path.join(c.dir, "copied")
        shutil.copytree(b.state_dir, other)
        b.start()
        wait_until(lambda: a.peer(b)["linked"], "the original is linked")
        b.wait_started()
        clone = second(b, other)
        c.nodes.append(clone)
        clone.start()
        wait_until(lambda: clone.ctl("status")["quarantine"], "the younger one is in quarantine")
        wait_until(lambda: "Provedor B answers at two places" in a.log(), "its partner names it")
        wait_until(lambda: any("Provedor A says that this node answers at two places" in n.log() for n in (b, clone)),
                   "and tells it")
        t.check(not b.ctl("status")["quarantine"], "the original goes on")
        for n, lang, words in ((clone, "en", "a copy of this node runs"), (clone, "pt-BR", "uma cópia deste nó")):
            out = n.run("status", lang=lang)[1]
            t.check(words in out, f"status says so: {out}")
        clone.stop()
        c.nodes.remove(clone)
        wait_until(lambda: a.peer(b)["linked"], "the original is alone again")
        lead = story.offer(a, "P-1")
        story.wait_state(a, lead, "choosing")
        out = a.run("audit")[1]
        t.check("CONTRADICTION" not in out, f"nobody has signed two things: {out}")


def joining(t, shift_s):
    """Who joins with a wrong clock: both sides are told, although nothing that it signs is taken yet."""
    with Cluster(2, start=False) as c:
        a, b = c
        a.start()
        b.shift_s = shift_s
        b.start()
        line = a.ctl("peer.invite")["line"]
        b.ctl("peer.accept", line=line)
        at_b = "behind" if shift_s > 0 else "ahead of"
        wait_until(lambda: f"the clock of Provedor A is {abs(shift_s)} s {at_b} ours" in b.log() or
                   f"the clock of Provedor A is {abs(shift_s) - 1} s {at_b} ours" in b.log(), "the newcomer is told")
        wait_until(lambda: "its clock is ahead of ours" in a.log() or "the clock of Provedor B is" in a.log(),
                   "and the inviter")
        out = b.run("status")[1]
        t.check("Provedor A" in out and at_b.split()[0] in out, f"status says so: {out}")
        events = b.cli("events")["events"]
        t.check([e["event"] for e in events].count("peer-clock") == 1, f"and once in the journal: {events}")
        b.stop()
        b.shift_s = 0
        b.start()
        wait_until(lambda: (a.peer(b) or {}).get("pending"), "set right, it comes in with the same invitation")
        t.check(True, f"a clock that is {shift_s} s ahead")


def partner(t):
    """The same of a partner."""
    with Cluster(2) as c:
        a, b = c
        c.join(a, b)
        b.stop()
        b.shift_s = 180
        b.start()
        for n, other in ((a, b), (b, a)):
            wait_until(lambda: f"the clock of {other.name} is" in n.log(), f"{n.name} is told")
            t.check(other.name in n.run("status")[1], "in status too")


def counted(t):
    """An offer that is not checked yet is not counted as in order."""
    with story.cluster(1) as c:
        a, b = c[0], c[1]
        for i in range(2):
            lead = story.offer(a, f"P-{i}")
            story.wait_state(a, lead, "choosing")
            a.ctl("lead.choose", lead=lead, none=True)
        wait_until(lambda: b.run("audit")[1].startswith("IN ORDER. "), "both are checked")
        t.check("checked: 2." in b.run("audit")[1], "and counted")
        b.stop()
        with open(b.config_path) as f:
            text = f.read()
        with open(b.config_path, "w") as f:
            f.write(text.replace("[node]\n", "[node]\nanswers = hand\n"))
        b.start()
        wait_until(lambda: a.peer(b)["answers"] == "hand" and a.peer(b)["linked"], "B answers by hand from now on")
        lead = story.offer(a, "P-open")
        wait_until(lambda: story.entry(b, lead), "one is open")
        out, pt = b.run("audit")[1], b.run("audit", lang="pt-BR")[1]
        t.check(not out.startswith("IN ORDER") and "1 of 3" in out and "1 de 3" in pt and "EM ORDEM" not in pt.split(".")[0],
                f"one that is not checked is named: {out}")
        answered(t, a, b, lead)
        late(t, a, b)


def answered(t, a, b, lead):
    """Who answers by hand sees the point before and after the answer, until it is erased."""
    id = wait_until(lambda: (story.entry(b, lead) or {}).get("holds_location") and story.entry(b, lead)["id"], "asked")
    point = "-20.848900,-41.112900"
    t.check(point in b.run("inbox", "show", id)[1], "the point is shown before the answer")
    b.cli("inbox", "answer", id, "yes")
    t.check(point in b.run("inbox", "show", id)[1], "and after it")
    story.wait_state(a, lead, "choosing")
    t.check(point in b.run("inbox", "show", id)[1], "and while the customer chooses")
    a.ctl("lead.choose", lead=lead, none=True)
    wait_until(lambda: not story.entry(b, lead)["holds_location"], "who was not chosen erases it")
    t.check(point not in b.run("inbox", "show", id)[1], "and shows it no more")


def late(t, a, b):
    """A call that was promised and is late is marked."""
    lead = story.offer(a, "P-late")
    id = wait_until(lambda: (story.entry(b, lead) or {}).get("holds_location") and story.entry(b, lead)["id"], "asked")
    b.cli("inbox", "answer", id, "yes")
    story.wait_state(a, lead, "choosing")
    story.choose(a, lead, b.name)
    story.wait_contact(b, lead)
    later = {"LD_PRELOAD": os.environ["VIZ_SHIFT_CLOCK"], "VIZ_SHIFT_MS": str(10 * 86400 * 1000),
             "ASAN_OPTIONS": "verify_asan_link_order=0"}
    for words in (("list",), ("show", id)):
        for lang, mark in (("en", "LATE"), ("pt-BR", "ATRASADO")):
            now = b.run("inbox", *words, lang=lang)[1]
            then = b.run("inbox", *words, lang=lang, env=later)[1]
            t.check(id in now and f" {mark}" not in now and f" {mark}" in then, f"inbox {words[0]}: {then}")
    id = story.entry(b, lead)["id"]
    b.cli("inbox", "contacted", id)
    b.cli("inbox", "outcome", id, "installed")
    out = b.run("inbox", "list", "--all", env=later)[1]
    t.check(id in out and " LATE" not in [x for x in out.splitlines() if id in x][0], f"what is done is not late: {out}")


def exits(t):
    """Status 2 says that another start would not help, and the unit makes none; 1 that one may."""
    with Cluster(1, start=False) as c:
        a = c[0]
        good = pathlib.Path(a.config_path).read_text()
        host, port = a.address.rsplit(":", 1)
        with socket.socket() as s:
            s.bind((host, int(port)))
            s.listen()
            code, err = ends(a)
        t.check(code == 1 and a.address in err and "in use" in err, f"a port that is taken: {code} {err}")
        for what, text in (("a key that does not exist", good.replace("[listen]\n", "[listen]\nadress = x\n")),
                           ("a value that is wrong", good.replace(f"address = {a.address}\n[control]",
                                                                  "address = here\n[control]")),
                           ("no name", good.replace(f"name = {a.name}\n", ""))):
            pathlib.Path(a.config_path).write_text(text)
            code, err = ends(a)
            t.check(text != good and code == 2 and a.config_path in err, f"{what}: {code} {err}")
        os.unlink(a.config_path)
        code, err = ends(a)
        t.check(code == 2 and a.config_path in err, f"no configuration: {code} {err}")


def main():
    t = Tap()
    exits(t)
    copied(t)
    joining(t, 180)
    joining(t, -180)
    partner(t)
    counted(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
