#!/usr/bin/env python3
"""Each request of node/CONTROL.md is made of real nodes, and the replies have what it says: all of it, and no more.
(nodes.py compares each reply; this test sees to it that each request and each field comes.)"""
import datetime
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


def finds(t, a, holder, lead, id):
    """A person is found by what is known of her, at both sides, and each lead that is found is in the access log."""
    for text, by in (("canária TRINADO", "name"), ("28 98765-0001", "phone"), ("+55 (28) 8765-0001", "phone")):
        t.equal([(f["lead"]["id"], f["matched"], f["name"]) for f in a.ctl("lead.find", text=text)["found_leads"]],
                [(lead, by, story.CONTACT["name"])], f"A finds her by {text!r}")
        found = holder.ctl("inbox.find", text=text)
        t.equal([(f["entry"]["id"], f["matched"], f["name"]) for f in found["found_entries"]] + [found["unopened_count"]],
                [(id, by, story.CONTACT["name"]), 0], f"B by {text!r}")
    t.equal([(f["lead"]["id"], f["matched"]) for f in a.ctl("lead.find", text="canário-17")["found_leads"]], [(lead, "protocol")],
            "by the number of the protocol")
    t.equal([(f["lead"]["id"], f["matched"]) for f in a.ctl("lead.find", text=lead)["found_leads"]], [(lead, "id")], "and by the lead")
    for node, op, nobody in ((a, "lead.find", {"found_leads": [], "more": False}),
                             (holder, "inbox.find", {"found_entries": [], "more": False, "unopened_count": 0})):
        t.equal(node.ctl(op, text="Zuleica Souza"), nobody, "whoever is somebody else is not found")
        refused(t, node, "bad-text", op, "text", text="- a -")
    for lang, head, by in (("pt-BR", "ENTRADA", "telefone"), ("en", "ENTRY", "telephone")):
        code, out, err = holder.run("inbox", "find", lang=lang, input="28987650001\n")
        t.check(code == 0 and re.search(f"{head} .*\n{id} .*{story.CONTACT['name']} +{by}", out) and err == "",
                f"the command reads what is looked for {code} {out!r} {err!r}")
        t.check("business" in holder.run("inbox", "show", id, lang=lang)[1] or lang != "en", "and shows the wish")
    words = holder.run("inbox", "show", id, lang="pt-BR")[1]
    t.check(re.search("Serviço +internet para empresa\n", words) and re.search("Mês da mudança +12/2026\n", words),
            f"in words {words!r}")
    t.check(f"{lead} " in a.run("lead", "find", input="CANARIO 17")[1], "lead find too")
    t.equal(a.run("lead", "find", "Trinado")[0], 2, "never from the command line")
    seen = [e for e in holder.ctl("events", log="access", max=1000)["events"] if e["event"] == "view-find-inbox"]
    t.equal({(e["lead"]["id"], e["origin"]["id"], e["who"] != "") for e in seen} | {len(seen)}, {(lead, a.id, True), 5},
            "each time that a lead is found is a view")
    t.equal(len([e for e in a.ctl("events", log="access", max=1000)["events"] if e["event"] == "view-find-lead"]), 6, "also at A")


def as_agent(node, who, op, role="agent", **args):
    """What the node replies to a person of ours: the result, or the code of the error."""
    reply, = raw(node, json.dumps({"op": op, "as": {"role": role, "who": who}, "args": args}).encode())
    if not reply["ok"]:
        return reply["error"]["code"]
    control().check(op, reply["result"], seen)
    return reply["result"]


def claims(t, a, holder, lead, id):
    """The first agent who claims a lead calls the customer, and sees the contact alone."""
    agents = [f"{holder.ctl('inbox.claim', lead=id)['entry']['claimed_by']}:{who}" for who in ("maria", "rui")]
    holder.ctl("inbox.claim", lead=id, release=True)
    shown = as_agent(holder, "maria", "inbox.show", lead=id)
    t.equal(("contact" in shown, shown.get("claim_needed")), (False, True), "before a claim an agent sees no contact")
    t.equal([("name" in f) for f in as_agent(holder, "maria", "inbox.find", text="Trinado")["found_entries"]], [False],
            "nor a name by a search")
    t.equal([as_agent(holder, "maria", "inbox.find", text=text)["found_entries"] for text in ("Trina", "canaria trin", "99999999")],
            [[]] * 3, "which says nothing of parts of one, letter by letter")
    t.check("contact" not in as_agent(holder, "maria", "consent.dossier", lead=id)["held"], "nor in a dossier")
    t.equal(as_agent(holder, "maria", "lead.alike", lead=id), "claimed", "nor who is like it")
    entry = as_agent(holder, "maria", "inbox.claim", lead=id)["entry"]
    t.equal((entry["claimed_by"], bool(entry["claimed_at"])), (agents[0], True), "the first one who claims it is named")
    t.equal(as_agent(holder, "maria", "inbox.show", lead=id).get("contact"), story.CONTACT, "and sees the contact")
    t.equal(as_agent(holder, "maria", "inbox.claim", lead=id)["entry"]["claimed_at"], entry["claimed_at"], "also said twice")
    for op, args in (("inbox.claim", {}), ("inbox.claim", {"take": True}), ("inbox.claim", {"release": True}),
                     ("inbox.contacted", {}), ("inbox.release", {}), ("inbox.outcome", {"outcome": "lost", "lost_reason": "price"})):
        t.equal(as_agent(holder, "rui", op, lead=id, **args), "claimed", f"another agent may not {op} {args}")
    t.check("contact" not in as_agent(holder, "rui", "inbox.show", lead=id), "and sees no contact")
    t.check("contact" in as_agent(holder, "ana", "inbox.show", role="admin", lead=id), "an administrator does, logged")
    seen = {e["who"] for e in holder.ctl("events", log="access", max=1000)["events"] if e["event"] == "view-inbox"}
    t.check(any(w.endswith(":ana") for w in seen) and not any(w.endswith(":rui") for w in seen), f"by name {seen}")
    t.equal(story.entry(holder, lead)["claimed_by"], agents[0], "the list names who has it")
    t.check("claimed_by" not in json.dumps(a.ctl("lead.show", lead=lead)), "which the origin does not learn")
    t.equal(as_agent(holder, "maria", "inbox.claim", lead=id, release=True)["entry"].get("claimed_by"), None, "given back")
    t.equal(as_agent(holder, "rui", "inbox.claim", lead=id)["entry"]["claimed_by"], agents[1], "it is the next one's")
    t.equal(as_agent(holder, "ana", "inbox.claim", role="admin", lead=id), "claimed", "who is not overruled by chance")
    t.check(as_agent(holder, "ana", "inbox.claim", role="admin", lead=id, take=True)["entry"]["claimed_by"].endswith(":ana"),
            "but by an administrator who means it")
    t.equal((holder.ctl("lead.alike", lead=id), a.ctl("lead.alike", lead=lead)), ({"found_leads": [], "found_entries": []},) * 2,
            "nobody else is like her yet")


def alike(t, a, holder, first):
    """A second lead of the same telephone is seen at both sides."""
    second = story.offer(a, "P-8")
    story.proposals(a, second)
    story.choose(a, second, holder.name)
    story.wait_contact(holder, second)
    t.equal([(f["lead"]["id"], f["matched"]) for f in a.ctl("lead.alike", lead=second)["found_leads"]], [(first, "phone")],
            "A knows of both")
    ids = [story.entry(holder, lead)["id"] for lead in (first, second)]
    t.equal([(f["entry"]["id"], f["matched"]) for f in holder.ctl("lead.alike", lead=ids[1])["found_entries"]],
            [(ids[0], "phone")], "and B")
    refused(t, a, "not-now", "lead.alike", lead=story.offer(a, "P-9"))
    a.ctl("lead.revoke", lead=second)


def drafts(t, a):
    """What a connector notes for the desk, until a lead comes of it."""
    move = {"source": "ixc", "external_id": "4711", "kind": "move", "reason": "Mudança de endereço", "protocol": "R 20/1",
            "municipality": {"code": story.CACHOEIRO}, "cep": 29300123, "cancelled_at": a.ctl("status")["now"]}
    noted = as_agent(a, "ixc", "draft.put", role="connector", **move)
    draft = noted["draft"]
    t.equal((noted["stored"], draft["state"], draft["cep"]), (True, "open", 29300000), "a move is noted, as far as the district")
    t.equal(as_agent(a, "ixc", "draft.put", role="connector", **{**move, "reason": "Mudança"})["draft"]["id"], draft["id"],
            "said again, it is the same one")
    t.equal([d["reason"] for d in a.ctl("draft.list")["drafts"]], ["Mudança"], "with what was said last")
    refused(t, a, "personal", "draft.put", "reason", **{**move, "reason": "ligar 27 99999-0000"})
    refused(t, a, "unknown-field", "draft.put", "name", **{**move, "name": "Ana"})
    t.equal(a.ctl("draft.put", **{**move, "external_id": "old", "cancelled_at": "2020-01-01T00:00:00Z"}), {"stored": False},
            "nothing is noted of long ago")
    t.equal(a.ctl("draft.put", **{**move, "external_id": "none", "undone": True}), {"stored": False}, "nor of what is undone")
    t.equal(a.ctl("draft.put", **move, undone=True)["draft"]["state"], "undone", "an undone one is closed")
    t.equal(a.ctl("draft.put", **move)["draft"]["state"], "open", "and opened again")
    other = a.ctl("draft.put", **{**move, "external_id": "2", "protocol": "R-21"})["draft"]
    closed = as_agent(a, "maria", "draft.close", draft=other["id"])["draft"]
    t.equal((closed["state"], closed["who"].split(":")[1]), ("closed", "maria"), "one of us closes one")
    t.equal(a.ctl("draft.put", **{**move, "external_id": "2"})["draft"]["state"], "closed", "for good")
    refused(t, a, "not-now", "draft.close", draft=other["id"])
    refused(t, a, "no-such-draft", "draft.close", draft="0" * 16)
    refused(t, a, "bad-bytes", "draft.close", "draft", draft="x" * 16)
    t.equal(as_agent(a, "leo", "draft.close", role="reader", draft=draft["id"]), "not-allowed", "a reader closes none")
    t.equal([d["id"] for d in a.ctl("draft.list")["drafts"]], [draft["id"]], "one is open")
    lead = story.offer(a, "r20-1")
    t.equal((a.ctl("draft.list")["drafts"], {d["id"]: d["state"] for d in a.ctl("draft.list", all=True)["drafts"]}),
            ([], {draft["id"]: "taken", other["id"]: "closed"}), "an offer of its number takes it")
    late = a.ctl("draft.put", **{**move, "external_id": "3", "protocol": "R 201"})["draft"]
    t.equal(late["state"], "taken", "whichever came first")
    a.ctl("lead.revoke", lead=lead)


def policy(t, c):
    """What the operator does not take gets a no, whoever asks, and the coverage says what it said."""
    a, b = c[0], c[1]
    taken = sum(n.ctl("policy.show")["policy"]["taken_today_count"] for n in list(c)[1:])
    t.check(b.ctl("policy.show")["policy"]["taking"] and taken > 0, f"a node takes leads, and counts those of today {taken}")
    now = datetime.datetime.fromisoformat(a.ctl("status")["now"].replace("Z", "+00:00"))
    tomorrow = (now + datetime.timedelta(days=1)).isoformat()
    other = (now.hour - 3 + 6) % 24  # six hours from now, in the node's zone
    refused(t, b, "bad-time", "policy.set", "paused_until", paused_until=(now + datetime.timedelta(days=31)).isoformat())
    refused(t, b, "bad-text", "policy.set", "taking_hours", taking_hours="sempre que der")
    t.equal(as_agent(b, "maria", "policy.set", daily_cap=1), "not-allowed", "an agent does not set it")
    for n, (args, reason) in enumerate((({"municipalities": [{"code": 3205309}]}, "policy"), ({"paused_until": tomorrow}, "policy"),
                                        ({"taking_hours": f"seg-dom {other}-{other + 1}"}, "policy"), ({"daily_cap": 1}, "capacity"))):
        if "daily_cap" in args:  # the customer takes B
            lead = story.offer(a, "CAP")
            story.proposals(a, lead)
            story.choose(a, lead, b.name)
            story.wait_contact(b, lead)
        b.ctl("policy.set", **args)
        shown = b.ctl("policy.show")["policy"]
        t.check(shown["who"] and shown.get("no_reason") == (None if "municipalities" in args else reason), f"{args} is shown {shown}")
        t.equal("paused_until" in b.ctl("status"), "paused_until" in args, "status has the pause")
        t.equal("NÃO RECEBE LEADS ATÉ" in b.run("status", lang="pt-BR")[1], "paused_until" in args, "in words too")
        lead = story.offer(a, f"NO-{n}")
        wait_until(lambda: story.asked(a, lead, b.name)["answer"] != "waiting", "B answers")
        t.equal(story.asked(a, lead, b.name)["answer"], "no", f"{args} is a no")
        t.equal({p["id"] for p in a.ctl("lead.lookup", place=story.PLACE)["partners"]}, {n.id for n in list(c)[1:]},
                "and B is asked as before")
        a.ctl("lead.revoke", lead=lead)
        b.ctl("policy.set", municipalities=[], paused_until="2020-01-01T00:00:00Z", daily_cap=0, taking_hours="")
    lead = story.offer(a, "YES")
    wait_until(lambda: story.asked(a, lead, b.name)["answer"] != "waiting", "B answers")
    t.equal(story.asked(a, lead, b.name)["answer"], "yes", "it takes leads again")
    a.ctl("lead.revoke", lead=lead)


def report(t, c):
    """The month of the manager."""
    a, now = c[0], c[0].ctl("status")["now"]
    made = a.ctl("report.month", month=now[:7])
    here = [n.ctl("report.month", month=now[:7]) for n in list(c)[1:]]
    t.equal((made["as_origin"]["installed_count"], made["as_origin"]["days_offline_total"]), (1, 2), "installed, with its days")
    t.equal(made["as_origin"]["chosen_count"], sum(h["as_partner"]["chosen_count"] for h in here),
            "what one gives others get")
    t.equal(sum(h["monthly_cents"] for h in here), 9990 * sum(h["priced_count"] for h in here), "with the price of the plan")
    t.equal(sum(h["priced_count"] for h in here), 1, "of who was connected")
    t.check(made["offered_count"] >= made["as_origin"]["chosen_count"] >= made["as_origin"]["delivered_count"] >=
            made["as_origin"]["contacted_count"] >= made["as_origin"]["in_time_count"] >= 1, f"each step has fewer {made}")
    t.equal({(d["given_count"] > 0, d["received_count"]) for d in made["dealings"]}, {(True, 0)}, "with each partner")
    t.equal(a.ctl("report.month", month="2020-01")["lead_count"], 0, "another month has nothing")
    refused(t, a, "bad-month", "report.month", "month", month="2020-13")
    t.check(all(v not in json.dumps([made, here]) for v in ("Canaria", "98765", "CANARIO")), "and nobody's name")


def pages(t, a):
    """The leads by pages, the newest first; and where nobody serves a customer."""
    whole = [x["id"] for x in reversed(a.ctl("lead.list")["leads"])]
    page, found = a.ctl("lead.list", max=2), []
    t.equal((page["found_count"], "told" in page), (len(whole), False), "how many there are")
    while True:
        t.check(len(page["leads"]) <= 2, "no page has more than it should")
        found += [x["id"] for x in page["leads"]]
        if "cursor" not in page:
            break
        page = a.ctl("lead.list", max=2, cursor=page["cursor"])
    t.equal(found, whole, "each lead once, the newest first")
    parts = {only: a.ctl("lead.list", only=only, max=100) for only in ("open", "over", "waits")}
    ids = {only: [x["id"] for x in part["leads"]] for only, part in parts.items()}
    t.equal(sorted(ids["open"] + ids["over"]), sorted(whole), "open or over")
    t.check(set(ids["waits"]) <= set(ids["open"]) and ids["waits"], f"some wait for us {ids}")
    t.check(all(x["state"] in ("choosing", "none-chosen") or x["released"] or x["neighbour_came"]
                for x in parts["waits"]["leads"]), "those whom somebody must ask")
    t.check(all(x["revoked"] or x["state"] in ("kept", "lost", "installed", "withdrawn") for x in parts["over"]["leads"]),
            "nothing more comes")
    t.equal(a.ctl("lead.unserved")["towns"], [{"municipality": {"code": 3200102}, "lead_count": 1}], "nobody serves it")
    refused(t, a, "bad-cursor", "lead.list", "cursor", max=2, cursor="x")
    t.equal(a.ctl("lead.list", only="open"), parts["open"], "without max, as many as a page may have")


def job(t, c):
    """A lead from the draw to the outcome."""
    a = c[0]
    burnt = a.ctl("lead.draw", place=story.PLACE)["draw"]
    t.equal(a.ctl("lead.refuse", draw=burnt)["draw"], burnt, "a draw is refused")
    lead = story.offer(a, "CANARIO/17", service="business", month="2026-12")
    first = story.proposals(a, lead)[0]
    a.ctl("lead.choice", lead=lead)
    story.choose(a, lead, first)
    holder = story.by_name(c, first)
    story.wait_contact(holder, lead)
    id = story.entry(holder, lead)["id"]
    shown = holder.ctl("inbox.show", lead=id)
    t.equal((shown.get("wish"), "location" in shown), ({"service": "business", "month": "2026-12"}, False),
            "whoever was chosen knows the wish yet, when the location is erased")
    finds(t, a, holder, lead, id)
    claims(t, a, holder, lead, id)
    alike(t, a, holder, lead)
    holder.ctl("inbox.contacted", lead=id)
    a.ctl("lead.choice", lead=lead)
    for op in ("consent.show", "consent.dossier", "consent.check"):
        a.ctl(op, lead=lead)
        holder.ctl(op, lead=id)
    line = a.ctl("lead.proof", lead=lead)["line"]
    for node in c:
        node.ctl("consent.verify", line=line)
    a.ctl("lead.show", lead=lead, personal=True)
    a.ctl("lead.list", protocol="CANARIO/17")
    holder.ctl("inbox.outcome", lead=id, outcome="installed", days_offline=2)
    t.check("wish" not in holder.ctl("inbox.show", lead=id), "the wish is erased with the contact")
    t.equal(holder.ctl("inbox.find", text="Trinado")["found_entries"], [], "and nobody is found by what is erased")
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
    pages(t, a)


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
    "lead proposals": ["x"], "lead choose": ["x", "y", "--file", GONE], "lead link": ["x"], "lead proof": ["x"], "lead revoke": ["x", "--yes"],
    "lead outcome": ["x"], "lead test": ["Nenhures/ES"], "consent show": ["x"], "consent dossier": ["x"],
    "consent verify": [GONE], "inbox show": ["x"], "inbox answer": ["x", "yes"], "inbox contacted": ["x"],
    "inbox release": ["x"], "inbox outcome": ["x", "installed"],
    "erp check": ["--config", GONE], "erp reasons": ["--config", GONE], "erp run": ["--config", GONE],
    "erp list": ["--dir", "/dev/null"], "erp done": ["x", "--dir", "/dev/null"],
}
# vizinho-erp says by 2, and not 1, that its configuration is wrong: then systemd does not start it again.
UNCONFIGURED = {"erp check", "erp reasons", "erp run"}


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
        fails(t, (2,) if name in WATCHED | UNCONFIGURED else (1, 3), *name.split(), *WORDS.get(name, []))
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
        drafts(t, c[0])
        ends(t, c)
        policy(t, c)
        report(t, c)
        audit(t, c, lead)
        by_hand(t, c)
        ends_of_trust(t, c)
        c[0].ctl("status")
    complete(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
