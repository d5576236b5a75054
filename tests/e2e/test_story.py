"""Leads between real nodes: hand-off and outcomes; the chosen partner is down, or silent and the customer picks
again; struck and blocked partners; one neighbour and none; revocation before, during and after the hand-off."""
import json
import os
import pathlib
import re
import sys
import time

import story
from nodes import VIZINHO, Cluster, Refused, Tap, wait_until
from story import (by_name, choose, contact, asked, entry, offer, proposals, state, wait_contact,
                   wait_state)
from terminal import Terminal


def show(node, lead):
    return node.ctl("lead.show", lead=lead)["lead"]


def refused(t, code, what, ask):
    try:
        ask()
        t.check(False, what)
    except Refused as e:
        t.equal(e.error["code"], code, what)


def counts(node, peer, role):
    """What node counts against probing of this peer: [locations, promises, awards, awards to anybody, installs]."""
    row = next((p for p in node.ctl("audit.show")["probing"] if (p["peer"]["name"], p["role"]) == (peer.name, role)), None)
    if row is None:
        return [0, 0, 0, 0, 0]
    return [row["location_count"], row["yes_count"] + row["analysis_count"], row["award_count"], row["award_any_count"],
            row["install_count"]]


def outcome(t, c):
    a = c[0]
    nodes = list(c)[1:]
    before = {n.name: (counts(a, n, "partner"), counts(n, a, "origin")) for n in nodes}
    lead = offer(a, "P-outcome")
    first = by_name(c, proposals(a, lead)[0])
    choose(a, lead, first.name)
    wait_state(a, lead, "delivered")
    t.equal(wait_contact(first, lead), story.CONTACT, "the chosen one shows exactly what was given")
    others = [n for n in c if n not in (a, first)]
    t.check(all(not contact(n, lead) for n in others), "nobody else shows anything")
    id = entry(first, lead)["id"]
    first.ctl("inbox.contacted", lead=id)
    wait_state(a, lead, "contacted")
    first.ctl("inbox.outcome", lead=id, outcome="installed", days_offline=3)
    wait_state(a, lead, "installed")
    t.equal(a.ctl("lead.show", lead=lead)["lead"]["days_offline"], 3, "days without internet come back")
    wait_until(lambda: asked(a, lead, first.name)["erased"], "holder erased")
    t.check(not contact(first, lead), "after the outcome the contact is gone here too")
    for n in others:
        wait_until(lambda: entry(n, lead)["holds_location"] is False, "location erased")
    t.check(True, "those not chosen have erased the location")
    for n in list(c)[1:]:
        wait_until(lambda: entry(n, lead)["checked"], "view judged")
        t.equal(n.ctl("audit.show")["findings"], [], f"{n.name} finds everything in order")
    for n in nodes:
        got = [[y - x for x, y in zip(*pair)] for pair in
               zip(before[n.name], (counts(a, n, "partner"), counts(n, a, "origin")))]
        chosen = int(n is first)
        t.equal(got, [[1, 1, chosen, 0, chosen], [1, 1, chosen, 1, 0]], f"{n.name}: both sides have counted alike")


def verify(node, proof, *options, as_json=True):
    """Runs `vizinho consent verify` on a file with this content. Returns (exit status, JSON or text)."""
    path = os.path.join(node.dir, "proof")
    with open(path, "w") as f:
        f.write(proof if isinstance(proof, str) else json.dumps(proof))
    code, out, err = node.run("consent", "verify", path, *options, json_out=as_json)
    return code, json.loads(out) if as_json else out + err


def proof(t, c):
    """The customer's proof: checked without a node, by the partners' nodes, and when it was changed."""
    a = c[0]
    lead = offer(a, "P-proof")
    first = by_name(c, proposals(a, lead)[0])
    early = a.cli("lead", "proof", lead)
    t.equal((early["k"], early.get("chosen")), (0, None), "before the choice the proof says so")
    choose(a, lead, first.name)
    mine = a.cli("lead", "proof", "P-proof")
    called = {n["id"]: n["name"] for n in mine["nodes"]}
    t.equal((mine["k"], called[mine["chosen"]], len(mine["asked"])), (1, first.name, 2),
            "after it the proof names who was chosen, and who was asked")
    code, r = verify(a, mine)
    t.equal((code, r["good"], r["checks"]), (0, True, {"line": "right", "author": "right", "signature": "right",
                                                      "text": "unknown"}), "checked without a node")
    by_node = ["federation", "offer", "asked", "order", "choice", "receipt"]
    t.equal(r["not_checked"], ["text", *by_node], "what was not checked is said")
    t.equal(verify(a, mine["line"] + "\n")[0], 0, "so is the line alone")
    t.equal(verify(a, a.run("lead", "proof", lead)[1])[0], 0, "and the line below the words of `lead proof`")
    code, r = verify(a, mine, "--text", "/etc/hostname")
    t.equal((code, r["checks"]["text"]), (1, "wrong"), "another text is told")
    for n in list(c)[1:]:
        wait_until(lambda: entry(n, lead)["checked"], "view judged")
        code, r = verify(n, mine, "--node")
        t.equal((code, [r["checks"].get(k) for k in (*by_node, "signature")], r["not_checked"]),
                (0, ["right"] * 7, ["text"]), f"{n.name} finds it right against the records")
        t.equal(n.ctl("audit.show")["findings"], [], f"{n.name}: and nothing to report")
    for what, value in (("k", 0), ("chosen", None), ("offer", "0" * 64), ("asked", mine["asked"][:1]),
                        ("text_hash", early["offer"]), ("author", mine["chosen"])):
        code, r = verify(a, {**mine, what: value})
        t.equal((code, r["error"]["code"]), (1, "other-json"), f"an object with another {what} is refused")
    line = mine["line"]
    code, r = verify(a, line[:40] + ("A" if line[40] != "A" else "B") + line[41:])
    t.equal((code, r["error"]["code"]), (1, "bad-proof"), "a changed line is refused")
    code, out = verify(a, mine, as_json=False)
    t.check(code == 0 and "right" in out and "only with --node" in out, "and for people, check by check")
    t.check(all(out.count(id) == 2 + (id == mine["chosen"]) for id in mine["asked"]), "who was asked, the order, the choice")
    t.equal([n["id"] for n in verify(a, mine)[1]["order"]], mine["order"], "the order in JSON too")
    t.check(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", verify(a, mine)[1]["signed_at"]) and
            verify(a, mine)[1]["signed_at"][:10] in verify(a, mine, as_json=False)[1], "when it was signed")
    code, out = verify(a, mine, "--node", as_json=False)
    names = [called[id] for id in mine["order"]]
    t.check(f"ORDER {' '.join(names)} CHOSEN {first.name} VERSION" in " ".join(out.split()),
            f"by name, where a node knows them {out!r}")
    code, out = verify(a, mine, as_json=False)
    t.check("NOT everything was checked. Not checked: " in " ".join(out.split()) and "The proof is right" not in out,
            f"and it does not read like a full pass {out!r}")
    foreign_proofs(t, a)
    code_as_picture(t, a, lead, line)


def of_terminal(text):
    """The modules that are dark, of a QR code in a text."""
    rows = [r for r in text.splitlines() if r and set(r) <= set(" █▀▄")]
    return {(x, 2 * y + half) for y, r in enumerate(rows) for x, c in enumerate(r) for half in (0, 1)
            if c not in "█" + "▀▄"[half]}, len(rows[0])


def of_svg(text):
    """Likewise, of the picture."""
    left, top, width, height = map(int, re.search(r'viewBox="([-\d ]+)"', text)[1].split())
    return {(int(x) - left, int(y) - top) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", text)}, width


def code_as_picture(t, node, lead, line):
    path = os.path.join(node.dir, "proof.svg")
    code, out, err = node.run("lead", "proof", lead, "--qr", "--svg", path)
    t.check(code == 0 and line in out and path in err, "the QR code, and the line below it")
    with open(path) as f:
        dark, side = of_svg(f.read())
    shown, columns = of_terminal(out)
    last = side - 4 - 7
    finder = {(x, y) for x in range(7) for y in range(7) if max(abs(x - 3), abs(y - 3)) != 2}
    t.check((side - 8 - 17) % 4 == 0 and dark and all(
        {(x - left, y - top) for x, y in dark if 0 <= x - left < 7 and 0 <= y - top < 7} == finder
        for left, top in ((4, 4), (last, 4), (4, last))), "the picture has the three corners of a QR code")
    t.check(all(3 < v < side - 4 for xy in dark for v in xy), "with a light margin of four modules")
    t.check(columns == side and {(x, y) for x, y in shown if y < side} == dark, "the terminal shows the same, light on dark")
    terminal = Terminal([VIZINHO, "--socket", node.socket_path, "lead", "proof", lead, "--qr"])
    code, text = terminal.end()
    rows = [r for r in text.splitlines() if "█" in r or "▀" in r]
    t.check(code == 0 and all(r.startswith("\033[40;97m") and r.endswith("\033[0m") for r in rows) and
            of_terminal("\n".join(r[8:-4] for r in rows))[0] == shown, "a terminal gets it light on dark, whatever its colours")
    as_json = node.cli("lead", "proof", lead, "--svg", path)
    with open(path) as f:
        t.check(as_json["line"] == line and of_svg(f.read())[0] == dark, "with --json too")
    code, _, err = node.run("lead", "proof", lead, "--svg", os.path.join(path, "below"))
    t.check(code == 1 and "proof.svg" in err, f"a picture that cannot be written is told {err!r}")


def foreign_proofs(t, node):
    """Proofs of another implementation, with the exact text that was read."""
    root = pathlib.Path(__file__).parent.parent / "vectors" / "protocol.json"
    text = os.path.join(node.dir, "text")
    for p in json.loads(root.read_text())["proofs"]:
        known = p["key"] <= 4
        with open(text, "w") as f:
            f.write(p["text"] + "\n")
        code, r = verify(node, p["json"], "--text", text)
        t.equal((code, r["good"], r["checks"]["signature"], r["checks"]["text"], r["origin"]["id"], r.get("chosen", {}).get("id")),
                (0 if known else 1, known, "right" if known else "unknown", "right", p["json"]["author"],
                 p["json"].get("chosen")), f"a proof by key {p['key']}, after choice {p['json']['k']}")
        shown = verify(node, p["json"], as_json=False)[1].split("ORDER")[1].split("CHOSEN")[0].split()
        t.equal(([n["id"] for n in r["order"]], shown), (p["json"]["order"], p["json"]["order"]), "with its order")


def down_then_silent(t, c):
    a = c[0]
    lead = offer(a, "P-down")
    first, second = (by_name(c, name) for name in proposals(a, lead)[:2])
    first.kill9()
    choose(a, lead, first.name)
    time.sleep(0.5)
    t.equal(state(a, lead), "awarded", "the chosen one is down: the hand-off waits")
    first.start()
    wait_state(a, lead, "delivered")
    t.check(True, "it gets the lead when it returns")
    wait_contact(first, lead)
    try:
        choose(a, lead, second.name)
        t.check(False, "no second choice while a lease is out")
    except Refused as e:
        t.equal(e.error["code"], "not-now", "no second choice while a lease is out")

    def pick_again():
        try:
            return choose(a, lead, second.name)
        except Refused:
            return None
    wait_until(pick_again, "the lease ends, and the customer picks again")
    t.check(not contact(first, lead), "the silent one no longer shows the contact")
    wait_state(a, lead, "delivered")
    t.equal(wait_contact(second, lead), story.CONTACT, "the second one does")
    wait_until(lambda: entry(first, lead)["state"] == "released", "tombstone")
    t.check(not contact(first, lead), "and the first one has erased it")


def cut_off_holder(t, c):
    """The holder has shown the contact and is then cut off. By its own count its lease ends before the origin may
    award again."""
    a = c[0]
    lead = offer(a, "P-cut")
    first, second = (by_name(c, name) for name in proposals(a, lead)[:2])
    choose(a, lead, first.name)
    wait_state(a, lead, "delivered")
    wait_contact(first, lead)
    a.kill9()
    overlap = False
    began = time.monotonic()
    wait_until(lambda: not contact(first, lead), "the lease ends at the holder")
    t.check(time.monotonic() - began > 0.5, "the holder showed it until its lease ended")
    a.start()
    end = time.monotonic() + 12
    again = False
    while time.monotonic() < end and not again:
        showing = bool(contact(first, lead))  # this asks for a new lease, which the origin may still grant
        try:
            if not showing:
                choose(a, lead, second.name)
                again = True
        except Refused:
            pass
        both = contact(first, lead) and contact(second, lead)
        overlap = overlap or bool(both)
        time.sleep(0.3)
    t.check(not overlap, "never two show the contact")


def revocations(t, c):
    a = c[0]
    lead = offer(a, "P-revoke-open")
    a.ctl("lead.revoke", lead=lead)
    for name in [n.name for n in list(c)[1:]]:
        wait_until(lambda: asked(a, lead, name)["erased"], f"{name} erased")
    t.check(True, "revoked while the window is open: all say that they erased")
    wait_until(lambda: a.ctl("lead.show", lead=lead)["lead"].get("result_id"), "RESULT withdrawn")
    t.check(True, "the offer's records end in order")

    lead = offer(a, "P-revoke-queued")
    first = by_name(c, proposals(a, lead)[0])
    first.kill9()
    choose(a, lead, first.name)
    a.ctl("lead.revoke", lead=lead)
    first.start()
    wait_until(lambda: asked(a, lead, first.name)["erased"], "erased")
    t.check(not contact(first, lead), "revoked before delivery: it never shows")

    lead = offer(a, "P-revoke-late")
    first = by_name(c, proposals(a, lead)[0])
    choose(a, lead, first.name)
    wait_contact(first, lead)
    a.ctl("lead.revoke", lead=lead)
    wait_until(lambda: asked(a, lead, first.name)["erased"], "erased")
    t.check(not contact(first, lead), "revoked after delivery: it no longer shows")
    try:
        choose(a, lead, first.name)
        t.check(False, "a revoked lead cannot be awarded")
    except Refused:
        t.check(True, "a revoked lead cannot be awarded")
    for n in list(c)[1:]:
        wait_until(lambda: entry(n, lead)["checked"], "judged")
        t.equal(n.ctl("audit.show")["findings"], [], f"{n.name}: revocations are in order")


def struck_and_blocked(t, c):
    a, b, d = c[0], c[1], c[2]
    lead = show(a, offer(a, "P-struck", strike=[b.name]))
    t.equal([p["name"] for p in lead["asked"]], [d.name], "the customer may strike any")
    t.equal(lead["struck_count"], 1, "and it is counted")
    wait_until(lambda: entry(b, lead["id"]), "seen")
    wait_until(lambda: entry(b, lead["id"])["checked"], "judged")
    t.equal(b.ctl("audit.show")["findings"], [], "the struck one finds it in order")
    t.equal(entry(b, lead["id"])["holds_location"], False, "and never gets the location")
    a.ctl("peer.block", peer=b.name, reason="teste")
    lead = show(a, offer(a, "P-blocked"))
    if lead["blocked_count"]:
        t.check(True, "until its removal is effective a blocked one stands in the list, with the reason")
    wait_until(lambda: not a.peer(b)["partner"], "removal effective")
    lead = show(a, offer(a, "P-blocked-2"))
    t.equal([p["name"] for p in lead["asked"]], [d.name], "then it is no partner")
    a.ctl("peer.trust", peer=b.name)
    c.wait_partners(a, b)


def nobody(t, c):
    a = c[0]
    nowhere = {"municipality": {"code": 3200102}}
    refused(t, "no-neighbour", "nobody serves it: no offer, and nothing kept", lambda: a.ctl(
        "lead.offer", protocol="P-none", **story.drawn(a, nowhere)))
    lead = a.ctl("lead.later", protocol="P-later", **story.drawn(a, nowhere, later=True))["lead"]
    t.equal(lead["state"], "no-neighbour", "kept at the origin, as the customer agreed")
    t.check("offer_id" not in lead, "and no offer is made")
    t.check(lead["ask_again"]["text_hash"] and not lead["neighbour_came"], "with what was agreed to")
    c[1].cover([3200102], name="mais")
    wait_until(lambda: show(a, lead["id"])["neighbour_came"], "the neighbour's arrival shows")
    refused(t, "text-changed", "to be asked later is no offer, whoever arrives", lambda: a.ctl(
        "lead.later", protocol="P-more", place=nowhere, consent={**story.YES, "text": "?"}))
    refused(t, "missing", "no offer without the text that was read", lambda: a.ctl(
        "lead.offer", protocol="P-mute", **{**story.drawn(a), "consent": story.YES}))
    try:
        a.ctl("lead.offer", protocol="P-no", place=story.PLACE, consent={"given": False})
        t.check(False, "without a yes nothing is done")
    except Refused as e:
        t.equal(e.error["code"], "no-consent", "without a yes nothing is done")
    before = len(a.ctl("lead.list")["leads"])
    t.equal(len([x for x in a.ctl("lead.list")["leads"] if x["protocol"] == "P-no"]), 0,
            f"and nothing is kept ({before} leads)")


def single(t):
    with story.cluster(1) as c:
        a, b = c
        lead = offer(a, "P-single", contact=story.CONTACT)
        wait_state(a, lead, "delivered")
        t.equal(wait_contact(b, lead), story.CONTACT, "one neighbour: one yes, and it may call")


def picked_again(t):
    """Leases last an hour, and no step waits for their end."""
    with story.cluster(2, lease_ms=3600000) as c:
        a = c[0]
        lead = offer(a, "P-released")
        first, second = (by_name(c, name) for name in proposals(a, lead)[:2])
        choose(a, lead, first.name)
        wait_contact(first, lead)
        first.ctl("inbox.release", lead=entry(first, lead)["id"])
        wait_until(lambda: show(a, lead)["released"], "the release has come")
        choose(a, lead, second.name)
        t.equal(wait_contact(second, lead), story.CONTACT, "released, and another is chosen at once")
        t.check(not contact(first, lead), "who released it shows nothing")

        lead = offer(a, "P-recalled")
        first, second = (by_name(c, name) for name in proposals(a, lead)[:2])
        choose(a, lead, first.name)
        wait_contact(first, lead)
        first.ctl("inbox.contacted", lead=entry(first, lead)["id"])
        wait_state(a, lead, "contacted")
        refused(t, "not-now", "the one who called may still show it", lambda: choose(a, lead, second.name))
        wait_until(lambda: show(a, lead)["released"], "the recalled partner releases the customer")
        t.check(not contact(first, lead), "and shows nothing")
        choose(a, lead, second.name)
        t.equal(wait_contact(second, lead), story.CONTACT, "the customer's word opens the choice")


def by_hand(t):
    with Cluster(2, names=["Origem", "Manual"]) as c:
        a, b = c
        b.stop()
        with open(b.config_path) as f:
            text = f.read()
        with open(b.config_path, "w") as f:
            f.write(text.replace("[node]", "[node]\nanswers = hand", 1))
        b.start()
        c.join(a, b)
        b.cover([story.CACHOEIRO])
        b.plan()
        story.wait_covered(a, 1)
        lead = offer(a, "P-hand")
        wait_until(lambda: entry(b, lead) and entry(b, lead)["state"] == "to-answer", "asked")
        b.ctl("inbox.answer", lead=entry(b, lead)["id"], answer="yes")
        t.equal(proposals(a, lead), ["Manual"], "a person's answer counts like a machine's")


def main():
    t = Tap()
    with story.cluster(2, window_min_ms=8000, lease_ms=3000, lease_margin_ms=500,
                       location_erase_ms=2000) as c:
        for part in (outcome, proof, down_then_silent, cut_off_holder, revocations, struck_and_blocked, nobody):
            part(t, c)
    single(t)
    picked_again(t)
    by_hand(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
