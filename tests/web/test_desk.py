#!/usr/bin/env python3
"""The desk and the board, page by page, beside real nodes: an agent of A offers, an agent of B takes the customer, a NOC
looks at the board. Forms are sent as a browser sends them: with the hidden fields that the page has."""
import html
import re
import sys
import urllib.parse

from web import Browser, Web
from nodes import Tap, wait_until
from story import CONTACT, cluster, entry, state, wait_state
from test_sign_in import agent

ADDRESS = "29300-100"


class Form:
    """A form of a page: its action, and what it would send."""

    def __init__(self, text):
        self.action = html.unescape(re.search(r'action="([^"]*)"', text)[1])
        self.fields = []
        for tag in re.findall(r"<input[^>]*>", text):
            kind = re.search(r'type="([^"]*)"', tag)
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name is None or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
                continue
            self.fields.append((html.unescape(name[1]), html.unescape(value[1]) if value else ""))
        for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.S):
            chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
            self.fields.append((name, html.unescape(chosen[1]) if chosen else ""))
        for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.S):
            self.fields.append((name, html.unescape(value)))

    def send(self, browser, **typed):
        fields = [(k, v) for k, v in self.fields if k not in typed]
        for k, v in typed.items():
            fields += [(k, one) for one in (v if isinstance(v, list) else [v])]
        return browser.ask("POST", self.action, urllib.parse.urlencode(fields),
                           **{"Content-Type": "application/x-www-form-urlencoded"})


def forms(answer):
    found = [Form(text) for text in re.findall(r"<form\b.*?</form>", answer.text, re.S)]
    return {f.action: f for f in found}


def follow(browser, answer):
    assert answer.status == 303, (answer.status, re.sub(r"<[^>]*>", " ", answer.text)[:600])
    return browser.get(answer.header("Location"))


def lead_of(answer):
    return answer.header("Location").rsplit("/", 1)[1].split("?")[0]


def start(browser, protocol, where=ADDRESS, **more):
    page = browser.get("/desk/new")
    return forms(page)["/desk/new"].send(browser, protocol=protocol, where=where, **more)


def single(t):
    """One partner: both questions on one page, and the customer at B."""
    with cluster(1) as c, Web(c[0].socket_path) as wa, Web(c[1].socket_path) as wb:
        a, b = agent(wa), agent(wb, "joao")
        t.equal(a.get("/").header("Location"), "/desk", "an agent begins at the desk")
        t.check("Nothing waits" in a.get("/desk").text, "an empty desk")
        page = start(a, "", "29300-100")
        t.check(page.status == 422 and "protocol number" in page.text, "a protocol number is needed")
        page = start(a, "P-1", "lugar nenhum que exista")
        t.check(page.status == 422 and 'value="P-1"' in page.text, "what was typed is kept")
        who = a.post("/desk/who", where=ADDRESS)
        t.check(c[1].name in who.text and "<html" not in who.text, "who serves it, while it is typed")
        page = start(a, "P-1")
        t.check(page.status == 200 and c[1].name in page.text, "who serves it")
        page = forms(page)["/desk/draw"].send(a)
        read = html.unescape(re.sub(r"<[^>]*>", " ", page.text))
        t.check("Você autoriza?" in read and c[1].name in read, "the text to be read, in the language of the node")
        form = forms(page)["/desk/offer"]
        page = form.send(a)
        t.check(page.status == 422 and "Mark what the customer answered" in page.text, "an answer is needed")
        page = forms(page)["/desk/offer"].send(a, answer="yes", contact="yes", name=CONTACT["name"], phone="999",
                                               address=CONTACT["address"])
        t.check(page.status == 422 and CONTACT["name"] in page.text, "a telephone without its area code")
        done = forms(page)["/desk/offer"].send(a, answer="yes", contact="yes", phone="(28) 98765-0001",
                                               evidence="gravacao-1")
        page = follow(a, done)
        lead = lead_of(done)
        t.check("P-1" in page.text and CONTACT["name"] not in page.text, "the lead, without the person")
        wait_state(c[0], lead, ("awarded", "delivered"))
        wait_until(lambda: entry(c[1], lead) and entry(c[1], lead)["state"] == "awarded", "the customer is at B")
        page = b.get("/desk")
        t.check("has chosen us" in page.text, "B's agent sees it on the first page")
        path = "/desk/inbox/" + entry(c[1], lead)["id"]
        page = b.get(path)
        t.check(CONTACT["name"] not in page.text and "to whoever takes" in page.text, "masked until somebody takes it")
        page = follow(b, forms(page)[path + "/claim"].send(b))
        wait_until(lambda: CONTACT["name"] in b.get(path).text, "the contact for whoever has taken it")
        page = b.get(path)
        t.check(CONTACT["phone"] in page.text and "tel:" in page.text, "with the telephone")
        other = agent(wb, "rita")
        t.check(CONTACT["name"] not in other.get(path).text, "and for nobody else")
        page = follow(b, forms(page)[path + "/contacted"].send(b))
        t.check("We have called" in page.text, "called")
        page = follow(b, forms(page)[path + "/outcome"].send(b, outcome="installed", days_offline="2"))
        t.check("Installed" in page.text, "installed")
        wait_state(c[0], lead, "installed")
        t.check("Installed" in a.get(f"/desk/leads/{lead}").text, "A's agent sees it")
        t.check(f'"{lead}"' in a.get("/desk/leads.csv").text, "the spreadsheet")
        t.check(lead in a.get("/desk/leads?show=over").text and lead not in a.get("/desk/leads").text, "the filters")
        page = a.get("/desk/leads/" + lead + "/proof")
        t.check("VIZPROOF1." in page.text and "<svg" in page.text, "the customer's proof")
        again = start(a, "P-1")
        t.check(again.status in (200, 409), "an ended lead is in nobody's way")
        for w in (wa, wb):
            t.check(not any(v in w.log() for v in (CONTACT["name"], CONTACT["phone"], "98765", "P-1", "gravacao")),
                    "nothing of the person in the log")


def several(t):
    """Two partners: a strike, proposals in their order, a choice aloud, taking back, withdrawing; refusing; a link."""
    with cluster(2) as c, Web(c[0].socket_path, "url = https://vizinho.example\n") as w:
        a = agent(w)
        page = forms(start(a, "P-2"))["/desk/draw"].send(a)
        ids = re.findall(r'name="strike\[\]" value="([^"]*)"', page.text)
        t.equal(len(ids), 2, "two names")
        ticked = forms(page)["/desk/offer"]
        old = ticked.send(a, answer="yes", **{"strike[]": ids[0]})
        t.check(old.status == 409 and "has changed since you read it" in old.text, "who is struck after reading: the new text is read")
        ticked.action = "/desk/draw"
        shown = ticked.send(a, **{"strike[]": ids[0]})
        t.check("desk_second" not in shown.text and 'name="contact"' in shown.text, "with one struck both questions")
        ticked = forms(shown)["/desk/offer"]
        ticked.action = "/desk/draw"
        back = ticked.send(a, **{"strike[]": []})
        done = forms(back)["/desk/offer"].send(a, answer="yes", evidence="gravacao-2")
        lead = lead_of(done)
        wait_state(c[0], lead, "choosing")
        page = a.get("/desk/leads/" + lead)
        t.equal(len(re.findall(r"/choose/\d", page.text)), 2, "two proposals")
        order = [p["name"] for p in c[0].ctl("lead.proposals", lead=lead)["proposals"]]
        t.check(page.text.index(f"1. {order[0]}") < page.text.index(f"2. {order[1]}"), "in the drawn order")
        path = f"/desk/leads/{lead}/choose/2"
        page = a.get(path)
        t.check(order[1] in page.text and "autoriza" in page.text, "the second consent, naming it")
        page = forms(page)[path].send(a, answer="yes", name=CONTACT["name"], phone=CONTACT["phone"],
                                      address=CONTACT["address"])
        t.check(page.status == 422 and "reference of the recording" in page.text, "evidence is needed")
        page = follow(a, forms(page)[path].send(a, evidence="gravacao-3"))
        wait_state(c[0], lead, ("awarded", "delivered"))
        t.check(order[1] in page.text, "chosen")
        page = follow(a, forms(a.get("/desk/leads/" + lead))[f"/desk/leads/{lead}/recall"].send(a))
        t.check("taken back" in page.text, "taken back")
        path = f"/desk/leads/{lead}/revoke"
        page = follow(a, forms(a.get(path))[path].send(a))
        t.check("consent withdrawn" in page.text, "withdrawn")
        refused = forms(forms(start(a, "P-3"))["/desk/draw"].send(a))["/desk/offer"].send(a, answer="no")
        t.check("Nothing about the customer was kept" in refused.text, "refused")
        page = forms(start(a, "P-4"))["/desk/link"].send(a, first_name="Zuleica", phone="28 98765-0001")
        t.check("https://vizinho.example/c/" in page.text and "wa.me" in page.text and "<svg" in page.text, "a link")
        token = re.search(r"/c/([a-z2-7]{26})", page.text)[1]
        t.check(token not in w.log(), "which is in no log")
        t.equal(w.public.get("/c/" + token).status, 200, "and works")


def nobody(t):
    """Nobody serves the place: the customer agrees to be asked again."""
    with cluster(1) as c, Web(c[0].socket_path) as w:
        a = agent(w)
        page = start(a, "P-5", "Vitória/ES")
        page = forms(page)["/desk/draw"].send(a)
        t.check("Nobody serves" in page.text, "nobody")
        page = forms(page)["/desk/later"].send(a)
        t.check(page.status == 422 and "Nobody serves" in page.text, "without an answer nothing is kept")
        page = follow(a, forms(page)["/desk/later"].send(a, answer="yes"))
        t.check("No neighbour yet" in page.text, "kept, to ask again")
        page = start(a, "P-5", "Vitória/ES")
        t.check(page.status == 409 and "open lead" in page.text, "an open lead of that protocol is shown")


def board(t):
    with cluster(1) as c, Web(c[0].socket_path) as w:
        r = agent(w, "noc", "reader")
        t.equal(r.get("/").header("Location"), "/board", "a reader begins at the board")
        page = r.get("/board")
        t.check(c[1].name in page.text and "linked" in page.text, "partners")
        t.check("Full check" in page.text and r.get("/board/doctor").status == 200, "the full check")
        t.check("now" in r.get("/board/events").text or r.get("/board/events").status == 200, "events")
        page = r.get("/board/peers")
        t.check(c[1].name in page.text and "/board/peers/invite" not in page.text, "a reader changes nothing")
        t.equal(r.post("/board/peers/invite", whom="x").status, 403, "nor by hand")
        t.equal(r.get("/desk").status, 403, "and sees no desk")
        page = r.get("/board/peers/" + c[1].id)
        t.check(c[1].name in page.text and "→" in page.text, "why it is in")
        page = r.get("/board/map")
        t.check("<svg" in page.text and "Cachoeiro de Itapemirim/ES" in page.text, "the map")


def household(t):
    """Two customers of one telephone: it is said after the offer, and after the claim. What is claimed is given back.
    And the month, for whom it is; what is taken."""
    with cluster(1) as c, Web(c[0].socket_path) as wa, Web(c[1].socket_path) as wb:
        a, b = agent(wa), agent(wb, "joao")
        leads = []
        for protocol in ("H-1", "H-2"):
            page = forms(start(a, protocol))["/desk/draw"].send(a)
            done = forms(page)["/desk/offer"].send(a, answer="yes", contact="yes", name="Ana Trinado", phone="28987650001",
                                                   address="Rua Primeira, 1" if leads else "Rua Segunda, 2")
            page = follow(a, done)
            leads.append(lead_of(done))
            said = "Seems to be the same household" in page.text and f'/desk/leads/{leads[0]}"' in page.text
            t.equal(said, len(leads) == 2, f"{protocol}: whether somebody of this telephone is known")
        for lead in leads:
            wait_until(lambda: (entry(c[1], lead) or {}).get("state") == "awarded", "the customer is at B")
        ids = [entry(c[1], lead)["id"] for lead in leads]
        for id in ids:
            path = "/desk/inbox/" + id
            done = forms(b.get(path))[path + "/claim"].send(b)
            t.equal(done.header("Location"), path + "?alike=1", "a claim asks who is like it")
            wait_until(lambda: "Trinado" in b.get(path).text, "the contact")
        page = b.get(path + "?alike=1")
        t.check("Seems to be the same household" in page.text and ids[0] in page.text and "same telephone" in page.text,
                "B knows of both")
        seen = [e for e in c[1].ctl("events", log="access", max=1000)["events"] if e["event"] == "view-find-inbox"]
        b.get(path)
        t.equal([e for e in c[1].ctl("events", log="access", max=1000)["events"] if e["event"] == "view-find-inbox"], seen,
                "which is not asked again by itself")
        page = b.get("/desk/inbox?show=all")
        t.check("joao" in page.text and ":joao" not in page.text, "the name of who has it, alone")
        page = b.get(path)
        t.check("· is yours" in page.text and path + "/unclaim" in page.text, "it is said to be one's own")
        page = follow(b, forms(page)[path + "/unclaim"].send(b))
        t.check(path + "/claim" in page.text and "Trinado" not in page.text, "given to somebody else")
        path = "/desk/inbox/" + ids[0]
        page = b.get(path)
        t.check('value="installed"' not in page.text and 'value="lost"' in page.text, "no installation before a call")
        page = follow(b, forms(page)[path + "/contacted"].send(b))
        follow(b, forms(page)[path + "/outcome"].send(b, outcome="installed", days_offline="3"))
        wait_state(c[0], leads[0], "installed")
        month(t, c, a, b, agent(wa, "noc", "reader"))


def month(t, c, a, b, reader):
    page = a.get("/desk/month")
    t.check(page.status == 200 and c[1].name in page.text and "Our customers" in page.text, "the month, for an agent")
    t.equal(reader.get("/desk/month").status, 200, "and a reader")
    t.check("Trinado" not in page.text and "H-1" not in page.text, "without anybody's name")
    held = b.get("/desk/month")
    t.check("R$" in held.text or "do not know the plan" in held.text, "what B's customers pay")
    t.check(">3.0<" in held.text, "days without internet")
    rows = [line.split(";") for line in b.get("/desk/month.csv").text.splitlines()]
    t.check(['"Installed"', "0", "1"] in rows and ['"Chosen"', "0", "2"] in rows, f"the spreadsheet {rows}")
    t.check("Provedor A" in b.get("/desk/month.csv").text or c[0].name in b.get("/desk/month.csv").text, "each partner")
    t.equal(b.get("/desk/month?month=1999-13").status, 200, "a month that is none is this one")
    page = a.get("/desk/policy")
    t.check(page.status == 200 and "We take customers" in page.text and "/desk/policy/pause" not in page.text,
            "an agent sees what is taken")
    t.equal((a.post("/desk/policy", hours="").status, reader.post("/desk/policy/pause", hours="1").status), (403, 403),
            "and sets nothing")
    t.equal(a.get("/desk/leads?show=all&before=x").status >= 400, True, "a page that is none")


def main():
    t = Tap()
    for part in (single, several, nobody, household, board):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
