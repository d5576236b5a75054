#!/usr/bin/env python3
"""Each request of node/CONTROL.md is made of real nodes, and the replies have what it says: all of it, and no more.
(nodes.py compares each reply; this test sees to it that each request and each field comes.)"""
import json
import os
import re
import socket
import subprocess
import sys
import tempfile

import story
from nodes import VIZINHO, Refused, Tap, command, control, given, seen, wait_until

# What the nodes of this test do not come to: who breaks rules, who is over a limit, who has lost something.
# tests/hostile/ has these. When one of them comes after all, it has no place here.
ELSEWHERE = {
    "status": {"clock_other", "clock_other_ahead_ms", "store_days_left"},
    "problem": {"clock_ahead_count", "clock_behind_count", "disk_free_bytes", "store_map_bytes", "store_used_bytes"},
    "member": {"cnpj", "whatsapp", "left_out_count"}, "asked": {"whatsapp"}, "proposal": {"whatsapp"},
    "recipient": {"cnpj"}, "entry": {"cell", "unchecked_reason"}, "probing": {"since", "until"},
    "vouched": {"behind_count", "by_one"},
    "peer.inspect": {"cnpj"}, "municipality": {"name"},
    "audit.show": {"finding"}, "coverage.export": {"cursor"}, "backup.status": {"restored_at", "restored_from"},
}
# Objects and requests of which only tests/hostile/ has any.
OBJECTS = {"told", "finding", "rule_count", "protest", "protest_kind", "protest_reply"}
# What comes or not, by what is seen first.
PERHAPS = {"reason_count": {"reason", "count"}, "check": {"peer", "since", "value"},
           "neighbour": {"ended_by", "partner_until", "unlinked_from", "unlinked_reason", "tried_count", "last_error", "last_error_at"},
           "member": {"unlinked_from", "unlinked_reason", "tried_count", "last_error", "last_error_at"},
           "problem": {"since", "peer", "heard_at", "link_from", "unlinked_from", "unlinked_reason", "tried_count", "last_error",
                       "last_error_at", "ahead_ms"}}
# What tests/e2e/test_customer.py has.
CUSTOMER = {"link", "page", "asker", "where", "named", "caller"} | \
           {n for n in control().requests if n.startswith(("link.", "customer."))}
REFUSED = {"audit.export": "no-such-finding", "key.resume": "no-quarantine"}


def refused(t, node, code, op, field=None, **args):
    try:
        node.ctl(op, **args)
        t.check(False, f"{op}: {code}")
    except Refused as e:
        t.equal((e.error["code"], e.error.get("field")), (code, field), f"{op} {args}: {code}, {field}")


def raw(node, *lines):
    """The replies to lines on one connection."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(60)
        s.connect(node.socket_path)
        s.sendall(b"".join(line + b"\n" for line in lines))
        f = s.makefile("rb")
        return [json.loads(f.readline()) for _ in lines]


def frames(t, a):
    first, second = raw(a, b'{"op":"status"}', b'{"op":"no"}')
    version = command("--version")[1].split()[1]
    t.equal((first["protocol"], first["version"], second["protocol"]), (1, version, 1),
            "the first reply has the protocol and the version, as each one")
    newer, = raw(a, b'{"protocol":2,"op":"status"}')
    t.check(newer["error"]["code"] == "newer-client" and version in newer["error"]["message"],
            f"a client of a later protocol is told {newer}")
    for line, code, field in ((b"[]", "bad-request", None), (b"{", "bad-request", None), (b"{}", "missing", "op"),
                              (b'{"op":"status","arg":{}}', "unknown-field", "arg"),
                              (b'{"op":"status","args":[]}', "bad-object", "args"),
                              (b'{"op":"status","protocol":"1"}', "bad-number", "protocol"),
                              (b'{"op":"nothing"}', "no-such-op", None)):
        error = raw(a, line)[0]["error"]
        t.equal((error["code"], error.get("field")), (code, field), f"{line}")


def fields(t, a, lead):
    """What is wrong is named, also within an object."""
    place, yes = story.PLACE, {"given": True}
    refused(t, a, "unknown-field", "lead.show", "colour", lead=lead, colour=1)
    refused(t, a, "unknown-field", "lead.choose", "contact.cpf", lead=lead, peer="x", contact={**story.CONTACT, "cpf": "1"})
    refused(t, a, "unknown-field", "lead.lookup", "place.municipality.uf", place={"municipality": {"code": 3205309, "uf": "ES"}})
    refused(t, a, "missing", "lead.lookup", "place.municipality", place={})
    refused(t, a, "bad-number", "events", "max", max="3")
    refused(t, a, "bad-number", "events", "max", max=0)
    refused(t, a, "bad-number", "events", "max", max=1.5)
    refused(t, a, "bad-flag", "inbox.list", "all", all=1)
    refused(t, a, "bad-text", "peer.show", "peer", peer=None)
    refused(t, a, "bad-list", "lead.lookup", "strike", place=place, strike="x")
    refused(t, a, "bad-text", "lead.lookup", "strike[1]", place=place, strike=["a", 1])
    refused(t, a, "too-many", "lead.lookup", "strike", place=place, strike=["a"] * 17)
    refused(t, a, "bad-range", "coverage.import", "ceps[0]", name="x", ceps=[[2, 1]])
    refused(t, a, "bad-bytes", "coverage.import", "region", name="x", region="0g")
    refused(t, a, "bad-choice", "coverage.import", "technology", name="x", technology="wire")
    refused(t, a, "bad-choice", "lead.offer", "consent.channel", protocol="1", place=place, consent={**yes, "channel": "fax"})
    refused(t, a, "personal", "plan.add", "name", name="fale 27 99999-0000", price_cents=1, down_mbps=1, url="http://x.y")
    refused(t, a, "empty", "coverage.import", "municipalities", name="x")
    for when in ("2026-02-30T10:00:00Z", "2026-01-01", "2999-01-01T00:00:00Z", "2026-01-01T10:00:00"):
        refused(t, a, "bad-time", "lead.keep", "cancelled_at", protocol="1", place=place, cancelled_at=when)
    refused(t, a, "own-no", "lead.keep", protocol="1", place={"municipality": {"code": 3200102}},
            cancelled_at="2026-01-01T10:00:00.25-03:00")


def peers(t, c):
    a, b = c[0], c[1]
    made = a.ctl("peer.invite", whom="Gama")
    t.check(b.ctl("peer.inspect", line=made["line"])["id"] == a.id, "an invitation is looked at")
    t.check(a.ctl("peer.invites")["invites"], "and listed")
    t.equal(a.ctl("peer.cancel", invite=made["invite"]["id"])["cancelled"], True, "and cancelled")
    for op in ("peer.show", "peer.why", "peer.fingerprint"):
        a.ctl(op, peer=b.id)
    a.ctl("peer.fingerprint")
    a.ctl("doctor")
    a.ctl("health")
    a.ctl("metrics")
    t.check(a.ctl("peer.stop", peer=b.id, stop=True)["peer"]["id"] == b.id and a.ctl("peer.stop", peer=b.id, stop=False),
            "a change replies with what is now true")
    for op in ("peer.block", "peer.remove", "peer.prune"):
        a.ctl(op, peer=b.id, dry_run=True)


def coverage(t, c):
    a, b = c[0], c[1]
    t.equal(b.ctl("plan.add", name="x", price_cents=1, down_mbps=1, url="http://x.y")["name"], "x", "a plan")
    t.equal(b.ctl("plan.remove", name="x"), {"name": "x", "removed": True}, "and gone")
    b.ctl("plan.list")
    b.cover([story.CACHOEIRO], name="mais", down_mbps=0)
    for node in (a, b):
        node.ctl("coverage.list")
        node.ctl("coverage.export")
    b.ctl("coverage.show", name="rede")
    t.equal(b.ctl("coverage.withdraw", name="mais"), {"name": "mais", "removed": True}, "a coverage goes")


def job(t, c):
    """A lead from the draw to the outcome."""
    a = c[0]
    burnt = a.ctl("lead.draw", place=story.PLACE)["draw"]
    t.equal(a.ctl("lead.refuse", draw=burnt)["draw"], burnt, "a draw is refused")
    lead = story.offer(a, "P-1", service="business", month="2026-12")
    first = story.proposals(a, lead)[0]
    a.ctl("lead.choice", lead=lead)
    story.choose(a, lead, first)
    holder = story.by_name(c, first)
    story.wait_contact(holder, lead)
    id = story.entry(holder, lead)["id"]
    holder.ctl("inbox.contacted", lead=id)
    a.ctl("lead.choice", lead=lead)
    for op in ("consent.show", "consent.dossier", "consent.check"):
        a.ctl(op, lead=lead)
        holder.ctl(op, lead=id)
    line = a.ctl("lead.proof", lead=lead)["line"]
    for node in c:
        node.ctl("consent.verify", line=line)
    a.ctl("lead.show", lead=lead, personal=True)
    a.ctl("lead.list", protocol="P-1")
    holder.ctl("inbox.outcome", lead=id, outcome="installed", days_offline=2)
    wait_until(lambda: story.state(a, lead) == "installed", "A hears of it")
    a.ctl("lead.show", lead=lead)
    return lead


def ends(t, c):
    """Leads that end in other ways."""
    a = c[0]
    second = story.offer(a, "P-2")
    story.wait_state(a, second, "choosing")
    a.ctl("lead.recall", lead=second)
    t.equal(a.ctl("lead.revoke", lead=second)["lead"]["state"], "withdrawn", "a change replies with the state")
    third = story.offer(a, "P-3")
    holder = story.by_name(c, story.proposals(a, third)[0])
    story.choose(a, third, holder.name)
    story.wait_contact(holder, third)
    holder.ctl("inbox.show", lead=story.entry(holder, third)["id"])
    t.check(holder.ctl("inbox.release", lead=story.entry(holder, third)["id"])["entry"]["id"], "given back")
    fourth = story.offer(a, "P-7")
    holder = story.by_name(c, story.proposals(a, fourth)[0])
    story.choose(a, fourth, holder.name)
    story.wait_contact(holder, fourth)
    lost = holder.ctl("inbox.outcome", lead=story.entry(holder, fourth)["id"], outcome="lost", lost_reason="price")["entry"]
    t.equal(lost["lost_reason"], "price", "lost, with the reason")
    nowhere = {"municipality": {"code": 3200102}, "lat_udeg": -20000000, "lon_udeg": -41000000}
    a.ctl("lead.later", protocol="P-4", **{**story.drawn(a, nowhere, later=True),
                                           "consent": {**story.drawn(a, nowhere, later=True)["consent"], "agent": "ana"}})
    a.cover([story.CACHOEIRO], [(29300000, 29329999)], name="nossa")
    a.ctl("lead.keep", protocol="P-5", place=story.PLACE)
    a.ctl("lead.list")


def by_hand(t, c):
    b = c[1]
    with open(b.config_path) as f:
        text = f.read()
    with open(b.config_path, "w") as f:
        f.write(text.replace("[node]\n", "[node]\nanswers = hand\n"))
    b.restart()
    a = c[0]
    a.ctl("coverage.withdraw", name="nossa")
    wait_until(lambda: a.peer(b)["answers"] == "hand" and a.peer(b)["linked"], "B answers by hand")
    lead = story.offer(a, "P-6")
    wait_until(lambda: (story.entry(b, lead) or {}).get("state") == "to-answer", "B is asked")
    t.check("location" in b.ctl("inbox.show", lead=story.entry(b, lead)["id"]), "and shown where")
    refused(t, b, "missing", "inbox.answer", "no_reason", lead=story.entry(b, lead)["id"], answer="no")
    t.equal(b.ctl("inbox.answer", lead=story.entry(b, lead)["id"], answer="no", no_reason="capacity")["entry"]["answer"],
            "no", "answered by hand")


def audit(t, c, lead):
    for n in c:
        wait_until(lambda: (story.entry(n, lead) or {"checked": True})["checked"], "the view is judged")
        n.ctl("audit.show", details=True)
        n.ctl("audit.show")
    c[1].ctl("audit.show", what=c[0].id)
    refused(t, c[1], "no-such-finding", "audit.export", finding="F00000000")
    for log in ("events",):
        page = c[0].ctl(log, max=5)
        c[0].ctl(log, cursor=page["cursor"], max=1000)


def ends_of_trust(t, c):
    """Last, as nothing is as before after it."""
    a, b, d = c[0], c[1], c[2]
    t.check(a.ctl("peer.block", peer=b.id, reason="ensaio")["peer"]["blocked"], "blocked")
    a.ctl("lead.lookup", place=story.PLACE)
    a.ctl("peer.show", peer=b.id)
    wait_until(lambda: d.peer(a) and a.peer(b)["standing"] == "blocked", "said")
    wait_until(lambda: b.peer(a)["standing"] == "ended", "B knows of it")
    t.check(not a.ctl("peer.remove", peer=b.id)["peer"]["vouched"], "removed")
    a.ctl("peer.prune", peer=d.id)
    a.ctl("peer.why", peer=d.id)
    a.ctl("peer.prune", peer=d.id, undo=True)
    refused(t, a, "no-quarantine", "key.resume")
    refused(t, a, "refused", "backup.done", "id", id=b.id)
    t.equal(a.ctl("backup.done", id=a.id, time="2026-11-23T14:05:00-03:00")["backup_at"], "2026-11-23T17:05:00.000Z",
            "the last backup is noted")
    a.ctl("key.recovery", public="09" + "00" * 31)
    t.check(a.ctl("backup.status")["has_recovery_key"], "and the recovery key")
    with open(os.path.join(d.offline_dir, "revocation-0.vizrev")) as f:
        revocation = f.read().split()[-1]
    t.equal(a.ctl("key.revoke", revocation=revocation)["node"]["id"], d.id, "a key is revoked")
    refused(t, a, "wrong-key", "key.rotate", next_seed="00" * 32, following_hash="00" * 32)
    b.cli("key", "rotate", "--next", os.path.join(b.offline_dir, "next-key-1.vizkey"), "--offline", b.offline_dir, "--yes")


# Whose exit status says whether the node is well.
WATCHED = {"status", "doctor"}
# Words with which each command gets as far as the socket, or a file that is not there.
GONE = "/nonexistent/file"
WORDS = {
    "init": ["--state", GONE, "--offline", GONE + "2"], "analyze": [GONE], "peer cancel": ["x"], "peer accept": ["x", "--yes"],
    "peer show": ["x"], "peer trust": ["x"], "peer block": ["x", "--reason", "y", "--yes"], "peer remove": ["x", "--yes"],
    "peer stop": ["x"], "peer why": ["x"], "peer prune": ["x", "--yes"],
    "key rotate": ["--next", GONE, "--offline", GONE, "--yes"], "key revoke": [GONE, "--yes"], "key resume": ["--yes"],
    "key recovery": ["--yes"], "backup": [GONE, "--state", GONE], "restore": [GONE, "--state", GONE],
    "move": [GONE, "--state", GONE, "--yes"],
    "audit export": ["F00000000", GONE], "audit verify": [GONE], "coverage import": [GONE, "--name", "x"],
    "coverage show": ["x"], "coverage withdraw": ["x"], "coverage check": ["-20.3,-40.3"],
    "plan add": ["--name", "x", "--price", "9", "--down", "1", "--url", "https://x.com"], "plan remove": ["x"],
    "geo import": [GONE], "lead draw": ["-20.3,-40.3"], "lead offer": ["--file", GONE], "lead show": ["x"],
    "lead proposals": ["x"], "lead choose": ["x", "y", "--file", GONE], "lead proof": ["x"], "lead revoke": ["x", "--yes"],
    "lead outcome": ["x"], "lead test": ["Nenhures/ES"], "consent show": ["x"], "consent dossier": ["x"],
    "consent verify": [GONE], "inbox show": ["x"], "inbox answer": ["x", "yes"], "inbox contacted": ["x"],
    "inbox release": ["x"], "inbox outcome": ["x", "installed"],
}


def fails(t, wanted, *args):
    """The command ends with this status, and says why in one object with a code that is known."""
    code, out, err = command("--json", "--socket", "/nonexistent/s", *args)
    error = json.loads(out).get("error", {}) if out.count("\n") == 1 else {}
    t.check(code in wanted and error.get("message") and err == "" and
            error.get("code") in control().command_codes + control().node_codes,
            f"{' '.join(args[:3])}: {code}, {error.get('code')} {out[:100]!r} {err[:100]!r}")
    return error


def commands(t):
    """Whatever fails, --json has one object, and the status is not 0."""
    shown = json.loads(command("--json", "help")[1])["help"]
    names = [re.split("  +", line[2:])[0] for line in shown.splitlines() if re.match("  [a-z]", line)]
    t.check(len(names) > 50 and set(WORDS) <= set(names), f"the commands are known: {set(WORDS) - set(names)}")
    for name in names:
        t.equal(fails(t, (2,), *name.split(), "--nonsense").get("code"), "usage", f"{name}: usage")
        fails(t, (2,) if name in WATCHED else (1, 3), *name.split(), *WORDS.get(name, []))
    t.equal(fails(t, (2,), "events", "--max", "many")["code"], "usage", "no number is none")
    t.equal(fails(t, (1,), "lead", "offer", "--file", GONE)["file"], GONE, "a file is named")
    with open("/dev/full", "w") as full:
        p = subprocess.run([VIZINHO, "--json", "--version"], stdout=full, stderr=subprocess.PIPE, text=True)
    t.equal((p.returncode, json.loads(p.stderr)["error"]["code"]), (1, "not-written"), "a full disk is told")
    with tempfile.TemporaryDirectory() as dir:
        path = os.path.join(dir, "bad.csv")
        with open(path, "w") as f:
            f.write("lat,lon,raio\n-20.3,-40.3,100\nx,y,100\n-20.3,-40.3,huge\n")
        error = fails(t, (1,), "analyze", GONE)
        t.check(error["errors"] and "file" in error["errors"][0]["message"], "an analysis has its errors apart")
        error = fails(t, (1,), "coverage", "import", path, "--name", "x")
        t.equal((error["file"], error["line"], error["error_count"], [e["line"] for e in error["errors"]]),
                ("bad.csv", 3, 2, [3, 4]), "an import has all its errors")
        path = os.path.join(dir, "offer.json")
        with open(path, "w") as f:
            f.write('{"protocol": "1",\n "adress": "x"}')
        error = fails(t, (1,), "lead", "offer", "--file", path)
        t.equal((error["code"], error["file"], error["line"], error["column"], error["field"]),
                ("input", path, 2, 2, "adress"), "and a file its place")


def complete(t):
    doc = control()
    made = {where for where, _ in seen if where in doc.requests} | CUSTOMER
    missing = set(doc.requests) - made - {op for op, code in REFUSED.items() if code in given} - {"key.rotate"}
    t.equal(missing, set(), "each request was made")
    elsewhere = {(where, f) for where, names in ELSEWHERE.items() for f in names}
    elsewhere |= {(n, f) for n, f in doc.all_fields() if n in OBJECTS | CUSTOMER | {"audit.export", "key.rotate", "key.resume"}}
    perhaps = {(where, f) for where, names in PERHAPS.items() for f in names}
    t.equal(sorted(doc.all_fields() - seen - elsewhere - perhaps), [], "each field that is described has come")
    t.equal(sorted(seen & elsewhere), [], "and what is tested elsewhere has not")


def main():
    t = Tap()
    commands(t)
    with story.cluster(2, profile={"hours": "seg-sex 8-18"}, lease_ms=60000) as c:
        frames(t, c[0])
        peers(t, c)
        coverage(t, c)
        lead = job(t, c)
        fields(t, c[0], lead)
        ends(t, c)
        audit(t, c, lead)
        by_hand(t, c)
        ends_of_trust(t, c)
        c[0].ctl("status")
    complete(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
