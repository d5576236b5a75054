"""What the log says to the night shift, the hook, and a configuration that is read again."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import story
from nodes import PATIENCE, VIZINHO, Cluster, Tap, wait_until

HOOK = """#!/usr/bin/env python3
import json, os, sys
if os.path.exists({fail!r}):
    sys.exit(1)
line = sys.stdin.read()
json.loads(line)
fds = [x for x in os.listdir("/proc/self/fd") if int(x) > 2 and os.path.exists("/proc/self/fd/" + x)]
with open({env!r} + ".new", "w") as f:
    json.dump([dict(os.environ), fds], f)
os.rename({env!r} + ".new", {env!r})
with open({out!r}, "a") as f:
    f.write(line)
"""


class Hook:
    def __init__(self, dir):
        self.path, self.out, self.fail, self.env = (os.path.join(dir, x) for x in ("hook", "out", "fail", "env"))
        with open(self.path, "w") as f:
            f.write(HOOK.format(fail=self.fail, out=self.out, env=self.env))
        os.chmod(self.path, 0o755)

    def events(self):
        try:
            with open(self.out) as f:
                return [json.loads(x) for x in f]
        except FileNotFoundError:
            return []

    def words(self):
        return [e["event"] for e in self.events()]


def reconfigure(node, old, new):
    config = pathlib.Path(node.config_path)
    text = config.read_text()
    assert old in text, text
    config.write_text(text.replace(old, new))


def reload(node):
    before = node.log().count("the configuration")
    node.process.send_signal(signal.SIGHUP)
    wait_until(lambda: node.log().count("the configuration") > before, "the configuration is read")


def hooks(t):
    with Cluster(2, names=["Alfa", "Beta"], start=False) as c:
        a, b = c
        hook = Hook(str(b.dir))
        reconfigure(b, "[log]", f"[events]\nhook = {hook.path}\n[log]")
        a.start()
        b.start()
        c.join(a, b)
        wait_until(lambda: {"peer-set", "partner"} <= set(hook.words()), "trust is told")
        b.cover([story.CACHOEIRO], [(29300000, 29329999)])
        b.plan()
        story.wait_covered(a, 1)
        pathlib.Path(hook.fail).touch()
        began = time.monotonic()
        lead = story.offer(a, "P-1")
        story.wait_state(a, lead, "choosing")
        story.choose(a, lead, "Beta")
        story.wait_contact(b, lead)
        wait_until(lambda: "the hook has failed" in b.log(), "a hook that fails is told")
        t.check("handoff" not in hook.words(), "it has taken nothing meanwhile")
        b.restart()
        os.unlink(hook.fail)
        wait_until(lambda: "handoff" in hook.words(), "and after a restart it gets what it has not taken")
        got = hook.events()
        t.equal([e["number"] for e in got], sorted({e["number"] for e in got}), "each once, in order")
        e = next(x for x in got if x["event"] == "handoff")
        t.check(e["lead"]["id"].endswith(lead) and e["peer"]["name"] == "Alfa" and e["level"] == "warning", f"who and what: {e}")
        t.check(f"<4>{e['text_en']} [handoff]" in b.log(), "the log has the same words, level and code")
        listed = {x["number"]: x for x in b.ctl("events", log="journal", max=1000)["events"]}
        t.check(all(x == {k: v for k, v in listed[x["number"]].items() if k != "cursor"} for x in got),
                "and `events` gives the same objects")
        t.equal(len({x["id"] for x in listed.values()}), len(listed), "each with an id of its own")
        secret = [x.lower() for x in story.CONTACT.values()] + ["p-1", "29300100"]
        for what, text in (("hook", json.dumps(got)), ("log", b.log()), ("origin's log", a.log())):
            t.check(not any(x in text.lower() for x in secret if len(x) > 8), f"no person in the {what}")
        env, fds = json.load(open(hook.env))
        t.equal([sorted(set(env) - {"LC_CTYPE"}), fds], [["LANG", "PATH"], []], "nothing of the daemon's comes with it")
        wait_until(lambda: "delivered" in a.log(), "the origin's log says delivered")
        t.check(re.search(r"<5>lead \S+ is delivered: Beta has confirmed it", a.log()), "with the partner's name")
        a.ctl("lead.revoke", lead=lead)
        wait_until(lambda: "withdrawn" in hook.words(), "who was chosen is told that the customer went back")
        before = b.log().count("hook did not end")
        reconfigure(b, f"hook = {hook.path}", "hook = /bin/false")
        reload(b)
        b.cover([story.CACHOEIRO], [(29300000, 29329999)], name="outra")
        wait_until(lambda: b.log().count("the hook has failed") == 2, "another hook is taken at once")
        t.check(b.answers() and before == 0 and time.monotonic() > began, "and the daemon goes on")


class Follower:
    """`vizinho --json events --follow`, with what it has printed so far."""

    def __init__(self, node, *words):
        self.out = open(os.path.join(str(node.dir), f"followed{os.urandom(4).hex()}"), "w+")
        self.process = subprocess.Popen([VIZINHO, "--socket", node.socket_path, "--json", "events", "--follow", *words],
                                        stdout=self.out, stderr=subprocess.DEVNULL)

    def events(self):
        with open(self.out.name) as f:
            text = f.read()
        return [json.loads(x) for x in text[:text.rfind("\n") + 1].splitlines()]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def follows(t):
    with Cluster(1, names=["Alfa"]) as c:
        a = c[0]
        a.cover([story.CACHOEIRO], name="um")
        before = a.ctl("events")["cursor"]
        every, late, bad, few = (Follower(a, *x) for x in (
            ("--since", "0.0"), ("--since", before), ("--level", "error"), ("--kind", "key,coverage")))
        wait_until(lambda: len(every.events()) == 1, "what was before is there with a cursor")
        a.cover([story.CACHOEIRO], name="dois")
        wait_until(lambda: len(every.events()) == 2 and len(late.events()) == 1, "what comes is there")
        a.kill9()
        time.sleep(1)
        a.start()
        a.cover([story.CACHOEIRO], name="tres")
        wait_until(lambda: len(every.events()) == 3 and len(late.events()) == 2, "it goes on over a restart")
        got = every.events()
        t.equal([e["number"] for e in got], [1, 2, 3], "each once, in order")
        t.equal(late.events(), got[1:], "from a cursor on")
        t.equal(a.ctl("events", cursor=got[1]["cursor"])["events"][0]["id"], got[2]["id"], "each has a cursor to go on with")
        t.check(few.events() and all(e["event"] == "coverage" for e in few.events()), "only the kinds asked for, from now on")
        t.equal(bad.events(), [], "and no level below the one asked for")
        t.equal([x.end() for x in (every, late, bad, few)], [0, 0, 0, 0], "Ctrl-C ends it in order")
        t.equal(a.ctl("events", cursor="end")["events"], [], "the end of the list")
        code, out, _ = a.run("events", "--level", "notice", lang="pt-BR")
        t.check(code == 0 and "nota" in out and "a nossa cobertura mudou" in out, f"in Portuguese: {out}")
        t.check("our coverage has changed" in a.run("events")[1], "and in English")
        a.stop()
        t.equal(a.run("events", "--follow")[0], 3, "without a node at first it says so")


def by_hand(t):
    with Cluster(2, names=["Alfa", "Beta"], start=False) as c:
        a, b = c
        reconfigure(b, "[node]", "[node]\nanswers = hand")
        a.start()
        b.start()
        c.join(a, b)
        b.cover([story.CACHOEIRO], [(29300000, 29329999)])
        b.plan()
        story.wait_covered(a, 1)
        lead = story.offer(a, "P-1")
        wait_until(lambda: re.search(rf"<4>lead \w+-{lead} of Alfa waits for an answer by hand", b.log()),
                   "who must answer is told, so that it can be alarmed on")
        t.check(True, "an offer that waits for an answer by hand is a warning")


def links(t):
    """One line for each change of state of a link, whatever is tried meanwhile."""
    with Cluster(2, names=["Alfa", "Beta"]) as c:
        a, b = c
        c.join(a, b)
        wait_until(lambda: "Beta is a partner from now on" in a.log(), "which is told")
        b.stop()
        wait_until(lambda: "Beta cannot be reached" in a.log(), "A says that it cannot reach B")
        time.sleep(5)
        end = a.log()[a.log().rindex("link with Beta is down"):]
        t.equal(len(re.findall(r"<[0-6]>", a.log()[a.log().rindex("link with Beta is down"):])), 1,
                "once, and not per attempt: " + end)
        b.start()
        wait_until(lambda: a.log().rindex("link with Beta is up") > a.log().rindex("link with Beta is down"), "it is back")
        t.check(re.search(r"<5>link with Beta is down \(.+\)", a.log()), "down, with why")


def reloads(t):
    with Cluster(2, names=["Alfa", "Beta"]) as c:
        a, b = c
        c.join(a, b)
        pid = a.pid
        reconfigure(a, "privacy = privacidade@p0.example", "privacy = dpo@alfa.example\nhours = seg-sex 8-18")
        reconfigure(a, "map_mib = 64", "map_mib = 128")
        reload(a)
        t.check("taken at the next start only: [store] map_mib" in a.log(), "what needs a start is said")
        t.check(a.ctl("lead.draw", place=story.PLACE) is not None and a.pid == pid, "it goes on")
        reconfigure(a, "readers = ", "readers = ninguem, ")
        reload(a)
        reconfigure(a, "name = Alfa", "nome = Alfa")
        reload(a)
        t.check("the configuration stays as it was: " in a.log() and "[node]" in a.log_end(3), "a wrong file changes nothing")
        t.equal(a.ctl("status")["name"], "Alfa", "the name is as before")
        reconfigure(a, "nome = Alfa", "name = Alfa Telecom")
        reload(a)
        wait_until(lambda: b.peer(a)["name"] == "Alfa Telecom", "the partners see what is new")
        t.check(a.ctl("status")["name"] == "Alfa Telecom" and a.answers(), "and so does status")


def main():
    t = Tap()
    for part in (hooks, follows, by_hand, links, reloads):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
