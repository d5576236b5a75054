"""Leads of partners in the ERP: written, read back, withdrawn when the customer revokes, and never written twice."""
import random
import re
import signal
import sys
import time

from running import CANARY, Running, Tap, hand_over, story, wait_until

KNOWN = ("ixc", "hubsoft")  # these can be read back, and are withdrawn


def copies(erp, reference):
    """How many leads of the ERP have this mark."""
    return sum(bool(re.search(re.escape(reference) + r"(?!\d)", str(x))) for x in erp.leads())


def whole_life(t, a, b, kind):
    with Running(kind, b) as r:
        lead, reference = hand_over(a, b, f"P-{kind}")
        # the first time the node asks the origin for its lease, and has no contact to show yet
        out = wait_until(lambda: (lambda said: said if "(not sent)" in said else "")(r.run("--dry-run", "run")[1]), f"{kind}: a dry run")
        t.check(r.erp.leads() == [] and "***" in out and r.state() == {}, f"{kind}: a dry run prints what it would write, and writes nothing")
        r.start()
        said = r.wait(reference, "written")
        t.equal(len(r.erp.leads()), 1, f"{kind}: the lead is in the ERP")
        t.check(not r.erp.leaks([CANARY["name"], "98765"]) == [], f"{kind}: with the person")
        if kind in KNOWN:
            wait_until(lambda: not r.lead(reference).get("differs"), f"{kind}: it is read back: {r.lead(reference)}")
        else:
            t.equal(said.get("differs"), "?", f"{kind}: that it cannot be read back is shown")
        a.ctl("lead.revoke", lead=lead)
        said = r.wait(reference, "withdrawn" if kind in KNOWN else "could-not")
        if kind in KNOWN:
            t.equal(r.erp.leaks([CANARY["name"], CANARY["address"], "87650001"]), [], f"{kind}: it is withdrawn: nothing of the person is there")
        else:
            t.check(said.get("why"), f"{kind}: that it could not be is shown, with why: {said}")
            t.check(f"done {reference}" in r.log(), f"{kind}: and what a person does")
            t.equal([r.run("done", reference)[0], r.lead(reference)["state"], r.lead(reference)["by_hand"]], [0, "withdrawn", True],
                    f"{kind}: who deletes it by hand says so")
        t.equal(r.end(), 0, f"{kind}: it ends in order")
        t.equal(r.leaked(), [], f"{kind}: no person and no secret in log, output and files")


def partial(t, a, b, kind, field):
    """A write that loses a field is noticed and named."""
    with Running(kind, b, "partial") as r:
        lead, reference = hand_over(a, b, f"P-{kind}-partial")
        r.erp.drops.add(field)
        r.start()
        r.wait(reference, "written")
        wait_until(lambda: r.lead(reference).get("differs") == field, f"{kind}: {field} is not read back as written: {r.lead(reference)}")
        t.check(field in r.log(), f"{kind}: a partial write is noticed, and told")
        r.erp.drops.clear()
        a.ctl("lead.revoke", lead=lead)
        r.wait(reference, "withdrawn")
        t.check(r.leaked() == [], f"{kind}: and withdrawn all the same")


def unclear(t, a, b, kind):
    """The ERP did it, and its answer is lost; and the program dies before it can note anything."""
    post = {"ixc": "contato", "hubsoft": "prospecto", "sgp": "precadastro", "voalle": "leads"}[kind]
    with Running(kind, b, "unclear") as r:
        for fault in ("lost", "lost-500", "half-json", "killed"):
            lead, reference = hand_over(a, b, f"P-{kind}-{fault}")
            r.erp.fault("slow" if fault == "killed" else fault, method="POST", match=post, times=1, seconds=1.5)
            r.start()
            wait_until(lambda: copies(r.erp, reference), f"{kind}: the ERP has taken it")
            if fault == "killed":
                r.end(signal.SIGKILL)
                t.check("writing" in str(r.state()["leads"][reference]), f"{kind}: killed between the write and the note of it")
                r.start()
            if kind in KNOWN:
                r.wait(reference, "written")
            else:
                wait_until(lambda: r.lead(reference).get("why"), f"{kind}: that nobody knows is shown")
                t.equal(r.lead(reference)["state"], "writing", f"{kind}: after {fault} nobody knows, and that is shown")
            t.equal(copies(r.erp, reference), 1, f"{kind}: after {fault} it is there once")
            a.ctl("lead.revoke", lead=lead)
            r.wait(reference, "withdrawn" if kind in KNOWN else "could-not")
            r.end()
        if kind in KNOWN:
            t.equal(r.erp.leaks([CANARY["name"]]), [], f"{kind}: and all are withdrawn")
        t.equal(r.leaked(), [], f"{kind}: nothing leaks")


def killed(t, a, b, kind, rounds=12):
    """kill -9 at any time, while leads are written and withdrawn: each is there once, then not at all."""
    seed = random.randrange(1 << 30)
    dice = random.Random(seed)
    with Running(kind, b, "killed", hurry=2000) as r:
        leads = dict(hand_over(a, b, f"P-{kind}-k{i}") for i in range(4))
        for _ in range(rounds):
            r.start()
            time.sleep(dice.random() * 0.4)
            r.end(signal.SIGKILL)
        r.start()
        for reference in leads.values():
            r.wait(reference, "written")
        t.equal([copies(r.erp, x) for x in leads.values()], [1] * len(leads), f"{kind}: killed {rounds} times, each lead is there once (seed {seed})")
        r.end()
        for lead in leads:
            a.ctl("lead.revoke", lead=lead)
        for _ in range(rounds):
            r.start()
            time.sleep(dice.random() * 0.4)
            r.end(signal.SIGKILL)
        r.start()
        for reference in leads.values():
            r.wait(reference, "withdrawn")
        t.equal([r.erp.leaks([CANARY["name"], "87650001"]), r.leaked()], [[], []], f"{kind}: and none is there afterwards (seed {seed})")


def refused(t, a, b):
    """What stands in the way of a withdrawal is shown, and tried again."""
    with Running("ixc", b, "refused") as r:
        lead, reference = hand_over(a, b, "P-refused")
        r.start()
        number = r.wait(reference, "written")["external_id"]
        r.erp.fault("status", code=500, method="DELETE")
        r.erp.fault("status", code=500, method="PUT")
        a.ctl("lead.revoke", lead=lead)
        r.wait(reference, "could-not")
        t.check(number in r.erp.tables["contato"] and reference in r.log(), "ixc: could-not is shown, and logged with the lead")
        r.erp.heal()
        r.erp.dependents.add(number)
        r.wait(reference, "withdrawn")
        t.equal(r.erp.leaks([CANARY["name"], "87650001"]), [], "ixc: it is tried again; where DELETE fails it is overwritten")
        b.kill9()
        wait_until(lambda: "does not answer" in r.log(), "that the node is away is told")
        t.equal(len(r.erp.leads()), 1, "ixc: a node that does not answer changes nothing in the ERP")
        b.start()


def claimed(t, a, b):
    """With [leads] write = never nothing is written, and with claimed nothing before one of us has taken the lead."""
    lead, reference = hand_over(a, b, "P-claimed")
    story.wait_contact(b, lead)
    for write in ("never", "claimed"):
        with Running("ixc", b, write, write=write) as r:
            r.start()
            wait_until(lambda: r.stream("cancellations"), "a round is over")
            t.equal([r.list()["leads"], r.erp.leads()], [[], []], f"ixc: write = {write}: a lead that nobody has taken is not written")
            if write == "claimed":
                b.ctl_as("agent", "inbox.claim", lead=reference)
                r.wait(reference, "written")
                b.ctl_as("agent", "inbox.contacted", lead=reference)
                b.ctl_as("agent", "inbox.outcome", lead=reference, outcome="installed", days_offline=1)
                r.wait(reference, "kept")
                t.equal(len(r.erp.leads()), 1, "ixc: claimed, written; installed, kept")
            t.equal(r.leaked(), [], "ixc: nothing leaks")


def main():
    t = Tap()
    c = story.cluster(partners=1, names=["Alfa", "Beta"])
    with c:
        a, b = c
        for kind in ("ixc", "hubsoft", "sgp", "voalle"):
            whole_life(t, a, b, kind)
        partial(t, a, b, "ixc", "fone_celular")
        partial(t, a, b, "hubsoft", "telefone")
        for kind in ("ixc", "hubsoft", "sgp", "voalle"):
            unclear(t, a, b, kind)
        for kind in KNOWN:
            killed(t, a, b, kind)
        claimed(t, a, b)
        refused(t, a, b)
        for node in c:
            t.check(not any(v.lower() in node.log().lower() for v in (CANARY["name"], "Secreto", "987650001")), f"no person in the log of {node.name}")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
