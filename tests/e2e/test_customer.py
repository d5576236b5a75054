"""A customer's story by a link, with a role and nothing but the token: from the first page to the withdrawal. Each step
is followed by a kill -9 of the origin, and stands all the same. What the link holds of the person is in no file."""
import json
import sys
import threading
import urllib.parse

import story
from nodes import Cluster, Refused, Tap, seen, user, wait_until
from nodes import control as contract
from story import PLACE, by_name, entry, wait_contact, wait_state
from test_privacy import CANARIES, nowhere

# Other ones than those of tests that run beside this one.
NAME = "Bernardina"
CONTACT = {**story.CONTACT, "name": "Bernardina Quitanda Alves", "phone": "+5528987650977",
           "address": "Rua da Quitanda Oculta, 977"}
NOWHERE_SERVED = {"municipality": {"code": 3205309}, "cep": 29010000}
HOURS_S = 3 * 3600


def refused(t, code, what, call):
    """The error of a call that is refused with this code."""
    try:
        got = call()
        t.check(False, f"{what}: {code} expected, not {str(got)[:200]}")
    except Refused as e:
        t.equal(e.error["code"], code, f"{what}: {code}")
        return e.error
    return {}


class Customer:
    """One who has a token. `crash`: the origin is killed after each step."""

    def __init__(self, node, crash=False, **link):
        self.node, self.crash = node, crash
        made = node.ctl_as("agent", "link.create", **link)
        self.token, self.path, self.link = made["token"], made["path"], made["link"]

    def show(self, **args):
        return self.node.ctl_as("customer", "customer.show", token=self.token, **args)["page"]

    def do(self, what, **args):
        got = self.node.ctl_as("customer", "customer." + what, token=self.token, **args)
        if self.crash:
            self.node.kill9()
            self.node.start()
            self.node.wait_started()
        return got

    def step(self, what, **args):
        """A step that has a page as its reply: the same one is shown after the crash."""
        page = self.do(what, **args)["page"]
        if self.crash:
            after = self.show()["stage"]
            assert after == page["stage"] or (page["stage"], after) == ("waiting", "proposals"), (page["stage"], after)
        return page


def make(node, protocol, crash=False, place=PLACE, **more):
    return Customer(node, crash, protocol=protocol, place=place, first_name=NAME, month="2031-05", **more)


def begin(t, c):
    """Reading the page changes nothing, and names nobody."""
    a = c[0]
    before = a.ctl("lead.draw", place=PLACE)["draw"]
    m = make(a, "C-1", crash=True)
    t.equal((len(m.token), m.path), (26, "/c/" + m.token), "a token of 26 characters, and its path")
    t.equal([x["id"] for x in a.ctl_as("agent", "link.list")["links"]], [m.link["id"]], "the link is listed")
    t.check(m.token not in a.log() and m.token not in json.dumps(a.ctl("events")), "its token is in no log")
    pages = [m.show() for _ in range(20)]
    t.equal({p["stage"] for p in pages}, {"begin"}, "the first page")
    t.equal((pages[0]["first_name"], pages[0]["where"]["cep"], pages[0]["asker"]["name"]),
            (NAME, PLACE["cep"], a.name), "says who asks, and where to")
    t.check("lat_udeg" not in json.dumps(pages) and all(n.name not in json.dumps(pages[0]) for n in list(c)[1:]),
            "without a point, and without the name of a partner")
    t.equal(a.ctl("lead.draw", place=PLACE)["draw"], before + 1, "twenty previews have made no draw")
    nowhere(t, c, "link made")
    return m


def consent(t, c, m):
    a = c[0]
    refused(t, "not-now", "a yes to no names", lambda: m.do("agree", text_hash="00" * 32))
    page = m.step("open")
    t.equal((page["stage"], len(page["partners"])), ("consent", 2), "now two are named")
    at = [page["consent"]["text"].index(p["label"]) for p in page["partners"]]
    t.check(at == sorted(at), "in the order of the text")
    again = m.show()
    t.equal((again["partners"], again["consent"]), (page["partners"], page["consent"]), "the page stays as it is")
    one = m.show(strike=[page["partners"][0]["id"]])
    t.equal((one["stage"], [p["struck"] for p in one["partners"]]), ("single", [True, False]), "one is struck")
    t.check("contact_text" in one["consent"], "with one left both questions are on the page")
    refused(t, "text-changed", "the text for two is not that for one",
            lambda: m.do("agree", strike=[page["partners"][0]["id"]], text_hash=page["consent"]["text_hash"]))
    refused(t, "missing", "contact_given without a contact",
            lambda: m.do("agree", text_hash=page["consent"]["text_hash"], contact_given=True))
    refused(t, "not-single", "a contact for two",
            lambda: m.do("agree", text_hash=page["consent"]["text_hash"], contact_given=True, contact=CONTACT))
    t.equal(m.show()["stage"], "consent", "what is refused changes nothing")
    page = m.step("agree", text_hash=page["consent"]["text_hash"])
    t.check(page["stage"] in ("waiting", "proposals"), f"asked: {page['stage']}")
    t.check("first_name" not in page and "expires_at" not in page, "the link has nothing of the person any more")
    lead = a.ctl_as("agent", "link.list")["links"][0]["lead"]["id"]
    kept = a.ctl("consent.show", lead=lead)["consents"][0]
    t.equal((kept["channel"], kept["evidence"], kept["agent"]), ("web", "link-" + m.link["id"], f"{user()}:maria"),
            "the receipt says how the yes was given")
    nowhere(t, c, "asked")
    return lead


def choice(t, c, m, lead):
    a = c[0]
    wait_until(lambda: m.show()["stage"] == "proposals", "the proposals are there")
    page = m.show()
    t.equal([p["id"] for p in page["proposals"]], [p["id"] for p in a.ctl("lead.proposals", lead=lead)["proposals"]],
            "proposals in the order of RESULT")
    code = m.do("code")
    t.check(code["inbox_id"] == page["inbox_id"] and [p["id"] for p in code["partners"]] ==
            [p["id"] for p in page["proposals"]], "I call them myself: the code, and how they are reached")
    first = page["proposals"][0]
    refused(t, "text-changed", "another text",
            lambda: m.do("choose", peer=first["id"], text_hash="00" * 32, contact=CONTACT))
    refused(t, "no-such-proposal", "nobody's", lambda: m.do("choose", peer=a.id, text_hash="00" * 32, contact=CONTACT))
    refused(t, "missing", "no contact yet", lambda: m.do("choose", peer=first["id"], text_hash=first["consent_text_hash"]))
    page = m.step("choose", peer=first["id"], text_hash=first["consent_text_hash"], contact=CONTACT)
    t.equal((page["stage"], page["caller"]["id"], page["call_again"]), ("chosen", first["id"], False), "chosen")
    t.check(page["call_until"] > page["awarded_at"], "and the page says until when they call")
    refused(t, "not-now", "nobody called, before they must", lambda: m.do("call-again"))
    holder = by_name(c, first["name"])
    t.equal(wait_contact(holder, lead), CONTACT, "the chosen one has the contact")
    nowhere(t, c, "handed over")
    return holder


def service(t, c, m, lead, holder):
    holder.ctl("inbox.contacted", lead=entry(holder, lead)["id"])
    wait_until(lambda: m.show()["stage"] == "called", "the page says that they have called")
    held = m.do("held")
    t.equal((held["held"]["contact"], held["held"]["location"]["lat_udeg"]), (CONTACT, PLACE["lat_udeg"]),
            "what is held about me")
    t.check(held["view_count"] > 0 and "maria" not in json.dumps(held), "who has looked is a number")
    t.check(f"{user()}:customer" in [e.get("who") for e in c[0].ctl("events", max=1000)["events"]],
            "this view is in the log")
    proof = m.do("proof")
    t.equal(proof, c[0].ctl("lead.proof", lead=lead), "the proof")
    t.equal(set(holder.ctl("consent.verify", line=proof["line"])["checks"].values()), {"right"},
            "which the other node verifies")
    holder.ctl("inbox.outcome", lead=entry(holder, lead)["id"], outcome="installed", days_offline=3)
    wait_until(lambda: m.show()["stage"] == "installed", "and installed")
    t.equal(m.show()["days_offline"], 3, "with the days without internet")


def withdrawal(t, c, m, lead, holder):
    page = m.step("withdraw")
    t.equal(page["stage"], "withdrawn", "withdrawn")
    wait_until(lambda: all(h["erased"] for h in m.show()["holders"]), "all say that they have erased")
    t.check(len(m.show()["holders"]) == 2, "both had something")
    refused(t, "revoked-already", "twice", lambda: m.do("withdraw"))
    t.equal(m.do("held")["held"], {"holds_contact": False}, "nothing is held any more")
    t.check(m.do("proof")["line"], "the proof is there yet")
    nowhere(t, c, "withdrawn")


def refusal(t, c):
    """No word is stored about who refuses, and no token is told from one that never was."""
    a = c[0]
    blocks = a.ctl("status")["vault_block_count"]
    m = make(a, "C-2")
    t.equal(a.ctl("status")["vault_block_count"], blocks + 1, "the place is sealed under a key of its own")
    m.step("open")
    t.equal(m.do("held")["held"]["location"]["cep"], PLACE["cep"], "what is held before there is a lead")
    t.equal(m.do("refuse")["stage"], "refused", "refused")
    wait_until(lambda: a.ctl("status")["vault_block_count"] == blocks, "the key is erased")
    t.check("C-2" not in json.dumps(a.ctl("lead.list")) + json.dumps(a.ctl_as("agent", "link.list")), "nothing is kept")
    lame = make(a, "C-9")
    lame.step("open")
    with open(a.config_path) as f:
        whole = f.read()
    with open(a.config_path, "w") as f:
        f.write("".join(line for line in whole.splitlines(True) if not line.startswith("withdrawal")))
    a.restart()
    refused(t, "no-withdrawal", "without a contact nothing can be agreed", lambda: lame.do("show"))
    t.equal(lame.do("refuse")["stage"], "refused", "but refused all the same")
    wait_until(lambda: a.ctl("status")["vault_block_count"] == blocks, "and the key of that place is erased")
    with open(a.config_path, "w") as f:
        f.write(whole)
    a.restart()
    a.wait_started()
    cancelled, expired = make(a, "C-3"), make(a, "C-4", days=1)
    t.equal(a.ctl_as("agent", "link.cancel", link=cancelled.link["id"])["link"], cancelled.link, "cancelled")
    refused(t, "no-such-link", "twice", lambda: a.ctl_as("agent", "link.cancel", link=cancelled.link["id"]))
    return [m, cancelled, expired]


def one_answer(t, a, over):
    answers = set()
    for token in [m.token for m in over] + ["a" * 26, "b" * 25 + "a", "!" * 26]:
        for op in ("show", "open", "refuse", "withdraw", "held", "proof", "code", "call-again"):
            try:
                a.ctl_as("customer", "customer." + op, token=token)
                answers.add(f"{op} of {token}")
            except Refused as e:
                answers.add(json.dumps(e.error))
    t.equal(len(answers), 1, f"refused, cancelled, expired and never made: one answer {sorted(answers)[:3]}")


def single(t, c):
    """With one left, both questions on one page: the lead goes to it by itself."""
    m = make(c[0], "C-5")
    page = m.step("open")
    strike = [page["partners"][1]["id"]]
    page = m.show(strike=strike)
    texts = page["consent"]
    refused(t, "no-contact-consent", "a contact without the second yes",
            lambda: m.do("agree", strike=strike, text_hash=texts["text_hash"], contact=CONTACT))
    refused(t, "text-changed", "another second text",
            lambda: m.do("agree", strike=strike, text_hash=texts["text_hash"], contact_given=True,
                         contact_text_hash="00" * 32, contact=CONTACT))
    m.step("agree", strike=strike, text_hash=texts["text_hash"], contact_given=True,
           contact_text_hash=texts["contact_text_hash"], contact=CONTACT)
    wait_until(lambda: m.show()["stage"] == "chosen", "it is chosen")
    return m


def later(t, c):
    """Nobody serves the place: the customer is asked again, if that is wished."""
    a = c[0]
    m = make(a, "C-6", place=NOWHERE_SERVED)
    t.equal(m.show()["stage"], "begin", "first who asks, and why")
    page = m.step("open")
    t.equal((page["stage"], "partners" in page), ("no-neighbour", False), "there is no neighbour")
    refused(t, "text-changed", "another text", lambda: m.do("agree", text_hash="00" * 32))
    t.equal(m.step("agree", text_hash=page["consent"]["later_text_hash"])["stage"], "later", "asked again later")
    refused(t, "not-now", "there is nobody to call", lambda: m.do("code"))
    t.equal(m.step("withdraw")["stage"], "withdrawn", "withdrawn")


def message(link):
    return ("Hello! To see who can serve you at your new address, and to decide in your own time, open this link. "
            "It is yours alone: " + link)


def nobody(t, c):
    """None is chosen; and an agent makes a link for a lead that there is."""
    a = c[0]
    lead = story.offer(a, "C-7")
    wait_state(a, lead, "choosing")
    m = Customer(a, lead=lead)
    refused(t, "unknown-field", "what the lead has",
            lambda: a.ctl_as("agent", "link.create", lead=lead, protocol="C-7"))
    t.equal(m.show()["stage"], "proposals", "its proposals")
    t.check("expires_at" in m.show(), "which can be seen for some days")
    code, out, err = a.run("lead", "link", lead, "--url", "https://mudanca.example.com.br", "--days", "2", "--qr")
    lines = out.strip().split("\n")
    t.check(code == 0 and lines[-2].startswith("https://mudanca.example.com.br/c/") and
            lines[-1] == "https://wa.me/?text=" + urllib.parse.quote(message(lines[-2]), safe="-._~"),
            f"the command prints it, and one for WhatsApp: {lines[-2:]} {err}")
    second = a.ctl_as("customer", "customer.show", token=lines[-2].rsplit("/", 1)[1])["page"]
    t.equal(second["inbox_id"], m.show()["inbox_id"], "it opens the same lead")
    t.equal(a.run("lead", "link", lead, "--url", "mudanca")[0], 2, "and wants an address")
    t.equal(m.step("choose", none=True)["stage"], "none", "none is taken")
    t.check("expires_at" not in m.show(), "who has acted keeps the link as long as the lead")
    t.equal(sorted(x["used"] for x in a.ctl_as("agent", "link.list", lead=lead)["links"]), [False, True], "links of one lead")


def nobody_called(t, c, m, expired):
    """Three hours later: the promise is over, and the customer picks again."""
    first = m.show()["caller"]["id"]
    for n in c:
        n.stop()
        n.shift_s = HOURS_S
    for n in c:
        n.start()
    for n in c:
        n.wait_started()
    holder = next(n for n in c if n.id == first)
    wait_contact(holder, c[0].ctl("lead.list", protocol="C-5")["leads"][0]["id"])
    wait_until(lambda: m.show()["call_again"], "nobody called me")
    holder.stop()
    page = m.step("call-again")
    t.equal((page["stage"], page["choice"]["open"]), ("recalled", False), "taken back from one who does not answer")
    refused(t, "not-now", "while it may show the contact", lambda: m.do("choose", none=True))
    holder.start()
    wait_until(lambda: m.show()["stage"] == "proposals", "chosen again, when it has let go")
    t.equal([p["awarded"] for p in m.show()["proposals"] if p["id"] == first], [True], "it was the only one")
    c[0].stop()
    c[0].shift_s = 2 * 86400
    blocks = None
    c[0].start()
    blocks = [x["id"] for x in c[0].ctl_as("agent", "link.list")["links"]]
    wait_until(lambda: expired.link["id"] not in
               [x["id"] for x in c[0].ctl_as("agent", "link.list")["links"]], f"a link ends: {blocks}")


def roles(t, a):
    """Each role is refused what its line in CONTROL.md does not have."""
    allowed, wrong = 0, []
    for name, r in contract().requests.items():
        args = json.loads(r["text"].split("```json\n")[1].split("\n```")[0]).get("args", {})
        for role in ("customer", "agent", "reader", "admin", "connector", "public"):
            if role in r["roles"]:
                allowed += 1
                continue
            try:
                a.ctl_as(role, name, **args)
                wrong.append((role, name))
            except Refused as e:
                wrong += [(role, name, e.error)] if e.error["code"] != "not-allowed" else []
    t.equal(wrong, [], f"roles: all but {allowed} pairs are refused")
    partners = {role: [s for m in a.ctl_as(role, "metrics")["metrics"] for s in m["samples"]
                       if "partner_id" in s] for role in ("reader", "public")}
    t.check(partners["reader"] and not partners["public"], f"in public no figure is of one partner {partners}")


def face(t):
    """The user of a face is no operator: it says for whom it asks."""
    with Cluster(1, start=False, config=f"[access]\nweb = {user()}\n") as c:
        a = c[0].start(wait=False)

        def up():
            try:
                return a.ctl_as("public", "health")["verdict"]
            except OSError:
                return None
        wait_until(up, "it answers")
        refused(t, "not-allowed", "without a role", lambda: a.ctl("status"))
        refused(t, "not-allowed", "the role of the other face", lambda: a.ctl_as("connector", "inbox.list"))
        t.equal(a.ctl_as("agent", "inbox.list")["entries"], [], "an agent's inbox")
        refused(t, "missing", "an agent without a name",
                lambda: a.ask({"op": "inbox.list", "args": {}, "as": {"role": "agent"}}))
        refused(t, "bad-choice", "no role", lambda: a.ask({"op": "status", "as": {"role": "operator"}}))
        lead = a.ctl_as("agent", "lead.later", protocol="F-1",
                        **story_later(a))["lead"]["id"]
        refused(t, "not-a-reader", "a reader and persons",
                lambda: a.ctl_as("reader", "lead.show", lead=lead, personal=True))
        t.check("contact" not in a.ctl_as("agent", "lead.show", lead=lead, personal=True), "an agent may ask")
        a.ctl_as("agent", "consent.dossier", lead=lead)
        t.equal([e["who"] for e in a.ctl_as("admin", "events", log="access")["events"]], ["web:maria"],
                "the log says who")
        waiting(t, a)


def story_later(a):
    shown = a.ctl_as("agent", "lead.lookup", place=PLACE)["consent"]
    return {"place": PLACE, "consent": {"given": True, "text": shown["later_text"]}}


def waiting(t, a):
    """Who waits for an event has it when it comes, or an empty list in the end."""
    at = a.ctl_as("reader", "events", cursor="end")["cursor"]
    none = a.ctl_as("reader", "events", cursor=at, wait_ms=200)
    t.equal((none["events"], none["cursor"], none["more"]), ([], at, False), "nothing has come")
    got = []
    threads = [threading.Thread(target=lambda: got.append(a.ctl_as("reader", "events", cursor=at, wait_ms=25000)))
               for _ in range(8)]
    for thread in threads:
        thread.start()
    wait_until(lambda: a.ctl_as("reader", "events", cursor="end")["cursor"] == at, "they wait")
    a.ctl_as("agent", "lead.later", protocol="F-2", **story_later(a))
    for thread in threads:
        thread.join()
    t.equal([[e["event"] for e in g["events"]] for g in got], [["ask-again"]] * 8, "eight readers have the event")


def complete(t):
    """Each field of links and pages has come (tests/e2e/test_control.py has the others)."""
    doc = contract()
    ours = {"link", "page", "asker", "where", "named", "caller"}
    described = {(n, f) for n, f in doc.all_fields() if n in ours or n.startswith(("link.", "customer."))}
    t.equal(sorted(described - seen), [], "each field that is described has come")


def main():
    t = Tap()
    CANARIES.update({"name": CONTACT["name"].encode(), "part of the name": NAME.encode(),
                     "phone": CONTACT["phone"].encode(), "street": b"Quitanda Oculta"})
    face(t)
    with story.cluster(2, profile={"hours": "24h", "whatsapp": "+5527999990000"}, location_erase_ms=20000) as c:
        m = begin(t, c)
        lead = consent(t, c, m)
        holder = choice(t, c, m, lead)
        service(t, c, m, lead, holder)
        withdrawal(t, c, m, lead, holder)
        later(t, c)
        nobody(t, c)
        over = refusal(t, c)
        roles(t, c[0])
        nobody_called(t, c, single(t, c), over[2])
        one_answer(t, c[0], over)
        nowhere(t, c, "in the end")
    complete(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
