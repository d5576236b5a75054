"""Notices of the ERP on the agent's desk: each move that the operator ticked is a draft and never an offer, an undone one is
closed, and where an answer proves nothing, cursor and drafts stay as they were."""
import json
import os
import random
import signal
import subprocess
import sys
import time

from running import KINDS, PATIENCE, Cluster, Running, Tap, wait_until

READ_FAULTS = ("429", "429-date", "status", "slow", "cut", "refuse", "html", "div", "empty", "null", "half-json", "array", "redirect", "huge")


class Staff:
    """What the people at the provider do in each ERP, under the same names. `cancel` and `move` return external ids."""

    def __init__(self, erp, kind):
        self.erp, self.kind = erp, kind
        self.first = {"ixc": 1, "hubsoft": 20000, "sgp": 2000, "voalle": 3000}[kind]
        self.word = {"hubsoft": "servico"}.get(kind, "contrato")

    def key(self, number):
        key = self.first + number
        return str(key) if self.kind == "ixc" else key

    def cancel(self, number, moving=True, days_ago=0):
        key = self.key(number)
        reason = {"ixc": ("1", "3"), "hubsoft": ("3", "4"), "sgp": (3, 2), "voalle": (None, None)}[self.kind][not moving]
        self.erp.cancel(key, **({} if reason is None else {"reason": reason}), days_ago=days_ago)
        return f"{self.word}:{key}"

    def undo(self, external_id):
        key = external_id.split(":")[1]
        self.erp.undo(key if self.kind == "ixc" else int(key))

    def move(self, number, meant=True):
        """A ticket for a move, or of another subject. None where the ERP has none."""
        key = self.key(number)
        if self.kind == "ixc":
            return f"atendimento:{self.erp.ticket(key, subject='2' if meant else '1')}"
        if self.kind == "hubsoft":
            return f"atendimento:{self.erp.attend(key, kind=21 if meant else 20)}"
        if self.kind == "sgp":
            return f"contrato:{self.erp.set(key, 5 if meant else 4)}"
        return None


def drafts(r, everything=False):
    """Those of its source, by the ERP's ids."""
    return {d["external_id"]: d for d in r.node.ctl("draft.list", all=everything)["drafts"] if d["source"] == r.source}


def kept(r):
    """What must not change while nothing is proved."""
    state = r.state()
    return {k: v.get("cursor") for k, v in state.get("streams", {}).items()}, sorted(state.get("drafts", {})), \
        {k: d["state"] for k, d in drafts(r, True).items()}


def in_order(t, node, kind):
    with Running(kind, node, "notices", hurry=20000) as r:
        staff = Staff(r.erp, kind)
        t.equal([r.once(), set(drafts(r))], [0, set()], f"{kind}: nothing has happened")
        first, second = staff.cancel(0), staff.cancel(1, days_ago=1)
        staff.cancel(2, days_ago=200)
        third = staff.cancel(3, moving=False)
        move, other = staff.move(5), staff.move(6, meant=False)
        wanted = {first, second, *([move] if move else []), *([third] if kind == "voalle" else [])}
        t.equal([r.once(), set(drafts(r))], [0, wanted], f"{kind}: what was ticked is a draft, since first_days; the rest is none ({other})")
        got = drafts(r)
        t.equal({d["source"] for d in got.values()}, {r.source}, f"{kind}: with its source")
        t.equal([got[move]["kind"] if move else "move", got[first]["kind"]], ["move", "cancellation"], f"{kind}: and its kind")
        t.equal(node.ctl("lead.list")["leads"], [], f"{kind}: never an offer")
        before = kept(r)
        t.equal([r.once(), kept(r)[2]], [0, before[2]], f"{kind}: what comes again changes nothing")
        gone = first
        staff.undo(gone)
        wait_until(lambda: r.once() == 0 and gone not in drafts(r), f"{kind}: an undone cancellation closes its draft")
        t.equal([drafts(r, True)[gone]["state"], set(drafts(r))], ["undone", wanted - {gone}], f"{kind}: that one and no other")
        staff.cancel(0)
        wait_until(lambda: r.once() == 0 and gone in drafts(r), f"{kind}: cancelled again, it is open again")
        t.equal(r.leaked(), [], f"{kind}: no person and no secret in log, output and files")


def under_faults(t, node, kind):
    with Running(kind, node, "faults", hurry=20000) as r:
        staff, wrong = Staff(r.erp, kind), {}
        staff.cancel(0)
        r.once()
        for number, name in enumerate(READ_FAULTS):
            key = 12 + number
            r.erp.customer(key)
            new, before = staff.cancel(key), kept(r)
            r.erp.fault(name, **({"seconds": 4} if name == "slow" else {}))
            code, during = r.once(), kept(r)
            told = r.stream("cancellations").get("why")
            r.erp.heal()
            wait_until(lambda: r.once() == 0, f"{kind}: after {name} it goes on")
            if code == 0 or during != before or not told or new not in drafts(r) or r.stream("cancellations").get("why"):
                wrong[name] = (code, during == before, told, new in drafts(r))
        t.equal(wrong, {}, f"{kind}: under each fault cursor and drafts stay, it is told, and afterwards nothing is missing")
        before = kept(r)
        staff.undo(f"{staff.word}:{staff.key(0)}")
        r.erp.fault("empty")
        r.once()
        t.equal(kept(r), before, f"{kind}: an empty answer closes no draft")
        r.erp.heal()
        t.equal(r.leaked(), [], f"{kind}: nothing leaks")


def partial_pages(t, node):
    """Pages that lack rows, a filter that is passed over, an address that is not allowed."""
    for kind, change in (("ixc", {"page_short": 1}), ("ixc", {"addresses_ok": False}), ("ixc", {"closed_tables": {"cliente_contrato"}}),
                         ("hubsoft", {"hides": {10001}}), ("hubsoft", {"no_total": True}), ("sgp", {"short_page": 1}),
                         ("sgp", {"logged_out": True}), ("sgp", {"host_ok": False}), ("voalle", {"short_page": 1})):
        with Running(kind, node, f"partial-{kind}-{next(iter(change))}", hurry=20000) as r:
            staff = Staff(r.erp, kind)
            r.once()
            before = kept(r)
            staff.cancel(1)
            staff.cancel(2)
            for key, value in change.items():
                setattr(r.erp, key, value)
            code = r.once()
            t.check(code != 0 and kept(r) == before and r.stream("cancellations").get("why"), f"{kind}: {change}: {r.stream('cancellations').get('why')}")


def interrupted(t, node):
    """kill -9 of both, a node that is away, and two at once."""
    seed = random.randrange(1 << 30)
    dice = random.Random(seed)
    with Running("ixc", node, "killed", hurry=2000) as r:
        staff = Staff(r.erp, "ixc")
        for number in range(12, 150):
            r.erp.customer(number)
        wanted = {staff.cancel(number) for number in range(120)}
        for _ in range(10):
            r.start()
            time.sleep(dice.random() * 0.3)
            r.end(signal.SIGKILL)
        node.kill9()
        t.check(r.once() != 0, "ixc: without its node it says so")
        node.start()
        r.start()
        wait_until(lambda: set(drafts(r)) == wanted, f"ixc: killed ten times, each is there (seed {seed})")
        wait_until(lambda: len(r.state()["drafts"]) >= 120, "ixc: and noted")
        t.equal(len(r.state()["drafts"]), 120, "ixc: and once")
        t.equal(r.end(), 0, "ixc: it ends in order")
        r.erp.requests.clear()
        r.erp.fault("429", seconds=80000)  # of which the hurry leaves 40
        r.start()
        wait_until(lambda: r.erp.count(), "ixc: it asks")
        wait_until(lambda: "come later" in (r.stream("cancellations").get("why") or ""), "ixc: that it waits is told")
        t.check(r.erp.count() == 1 and r.log().count("are not read") <= 4, f"ixc: after Retry-After it does not ask again: {r.erp.count()}, {r.log().count('are not read')}")
        r.end()


def tokens(t, node):
    """A token that ends while the program runs: at its time, and before it."""
    for kind in ("hubsoft", "voalle"):
        with Running(kind, node, "tokens", hurry=500) as r:
            staff, signed = Staff(r.erp, kind), r.erp.sign_in if kind == "voalle" else r.erp
            r.start()
            first = staff.cancel(1)
            wait_until(lambda: first in drafts(r), f"{kind}: signed in")
            wait_until(lambda: r.erp.count(match="integra") > 6 or r.erp.count(match="getpaged") > 6, f"{kind}: it asks on")
            t.equal(signed.count("POST", "token"), 1, f"{kind}: it signs in once for many requests")
            r.erp.expire()
            second = staff.cancel(2)
            wait_until(lambda: second in drafts(r), f"{kind}: a token that ended early: it signs in again")
            t.equal(signed.count("POST", "token"), 2, f"{kind}: once")
            r.erp.life_s = 4  # half of a short life is used
            r.erp.expire()
            wait_until(lambda: signed.count("POST", "token") >= 4, f"{kind}: a token of 4 seconds is asked for anew")
            t.check(r.stream("cancellations").get("why") is None, f"{kind}: without a failed round")
            r.end()
            t.equal(r.leaked(), [], f"{kind}: nothing leaks")


def pace(t, node):
    """One request after the other, in the pace of the configuration."""
    with Running("hubsoft", node, "pace", hurry=1, rate_per_minute=600) as r:
        r.once()
        times = [q.time for q in r.erp.requests]
        gaps = [b - a for a, b in zip(times, times[1:])]
        t.check(len(times) >= 3 and min(gaps) > 0.09, f"hubsoft: 600 a minute is one in 100 ms: {gaps}")
        r.erp.per_minute, r.erp.served = len(times), []
        staff = Staff(r.erp, "hubsoft")
        for number in range(12, 140):
            r.erp.customer(number)
        wanted = {staff.cancel(number) for number in range(130)}
        before = r.once()
        t.check(before != 0 and set(drafts(r)) < wanted and "429" in r.stream("cancellations")["why"], "hubsoft: too many in a minute: it stops")
        r.erp.per_minute = None
        wait_until(lambda: r.once() == 0 and set(drafts(r)) == wanted, "hubsoft: and goes on where it was")


def trust(t, node, folder):
    """Certificates are verified; http goes to private addresses alone; a token that others can read is none."""
    key, cert = (os.path.join(folder, x) for x in ("erp-key.pem", "erp-cert.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "2", "-subj", "/CN=erp", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    with Running("ixc", node, "trust", hurry=20000, tls=(cert, key)) as r:
        t.check(r.once() != 0 and r.erp.requests == [], "ixc: a certificate that nobody vouches for gets no token")
        with open(r.path) as f:
            text = f.read()
        with open(r.path, "w") as f:
            f.write(text.replace("[erp]\n", f"[erp]\nca = {cert}\n"))
        t.equal(r.once(), 0, "ixc: with [erp] ca it is trusted")
        with open(r.path, "w") as f:
            f.write(text.replace(r.erp.url, "http://203.0.113.1"))
        t.check(r.once() != 0 and "private" in r.stream("cancellations")["why"], "ixc: http to the Internet is not even dialled")
        os.chmod(r.path.replace(".conf", ".token"), 0o644)
        code, _, err = r.run("check")
        t.check(code == 2 and "600" in err, f"ixc: a token that others can read: {err.strip()}")


def commands(t, node):
    for kind in KINDS:
        with Running(kind, node, "commands", hurry=20000) as r:
            code, out, err = r.run("--json", "check")
            checks = json.loads(out)
            t.check(code == 0, f"{kind}: check: {(out + err).strip()}")
            r.erp.fault("html")
            code, out, _ = r.run("--json", "check")
            t.check(code != 0 and json.loads(out) != checks, f"{kind}: check says what does not work")
            r.erp.heal()
            if KINDS[kind].reasons:
                code, out, _ = r.run("--json", "reasons")
                t.check(code == 0 and ("ndere" in out or "NDERE" in out or kind == "hubsoft"), f"{kind}: reasons: {out[:100]}")
            t.equal(r.leaked(), [], f"{kind}: nothing leaks")


def main():
    t = Tap()
    with Cluster(1, names=["Alfa"]) as c:
        node = c[0]
        node.wait_started()
        for kind in KINDS:
            in_order(t, node, kind)
            under_faults(t, node, kind)
        partial_pages(t, node)
        interrupted(t, node)
        tokens(t, node)
        pace(t, node)
        trust(t, node, c.dir)
        commands(t, node)
    return t.done()


if __name__ == "__main__":
    assert PATIENCE
    sys.exit(main())
