#!/usr/bin/env python3
"""The customer's pages in every stage, beside a node that is played (played.py): what is shown, sent and refused, without
a browser. Nothing is done by a GET, nothing without the nonce, and nothing that was typed is lost."""
import json
import re
import sys

from web import Browser, Web
from nodes import Tap
import customer_stages as s
from played import Played

PATH = "/c/" + s.TOKEN
VIEWS = ["", "?sort=price", "/state", "/other", "/choose/1", "/choose/99", "/none", "/nobody", "/withdraw", "/code", "/held",
         "/proof", "/print", "/receipt.json", "/refused"]
READS = {"customer.show", "customer.held", "customer.proof", "customer.code"}
TYPED = {"name": "Canaria Zuleica", "phone": "(28) 98765-0001", "address": "Rua do Canario, 4711\r\nCentro", "date": "",
         "plan": "500 Mega"}
CANARIES = ("Canaria", "98765", "Canario", "4711")


class Stage:
    """A node that shows one stage, and the pages beside it."""

    def __init__(self):
        self.node = Played()
        self.web = Web(self.node.path)

    def show(self, stage):
        self.node.reply, self.node.error = {"customer.show": {"page": s.STAGES[stage]}, "customer.held": s.HELD,
                                            "customer.proof": s.PROOF, "customer.code": s.CODE}, {}
        self.node.ops()
        self.web.public.cookies.clear()
        return self.web.public.get(PATH, Accept_Language="pt-BR")

    def post(self, to, nonce=True, page=None, **fields):
        """As a browser without JavaScript sends the form of the page."""
        page = page or self.web.public.get(PATH, Accept_Language="pt-BR")
        hidden = {k: page.field(k) for k in ("nonce", "text_hash", "contact_text_hash", "again", "single") if page.field(k)}
        if not nonce:
            hidden.pop("nonce", None)
        self.node.ops()
        return self.web.public.post(f"{PATH}/{to}", csrf=None, **{**hidden, **fields})

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.web.__exit__(*why)
        self.node.__exit__(*why)


def views(t, w):
    """Each address in each stage, as a GET and by both languages."""
    wrong, asked, heads = [], set(), set()
    for stage in s.STAGES:
        w.show(stage)
        for view in VIEWS:
            for lang in ("pt-BR", "en"):
                a = w.web.public.get(PATH + view, Accept_Language=lang)
                asked |= set(w.node.ops())
                if a.status not in (200, 303) and (stage, a.status) != ("over", 404):
                    wrong.append((stage, view, a.status))
                head = a.text.partition("</head>")[0] if "<head>" in a.text else ""
                heads.add(re.sub(r'lang="[^"]*"', "", head))
                if a.status == 200 and len(a.body) > 48000:
                    wrong.append((stage, view, len(a.body)))
    t.equal(wrong, [], "every view of every stage is a page, or leads to one")
    t.equal(asked - READS, set(), "a GET asks for nothing but what is read")
    t.check(not any(x in h for h in heads for x in ("Zuleica", "Vitória", "Linhares", s.TOKEN, "Capixaba")),
            "no head names a person, a place or a provider")
    t.equal(len(heads) <= 4, True, f"one head for all pages of a language: {len(heads)}")
    w.show("begin")
    w.web.public.ask("HEAD", PATH)
    t.equal(set(w.node.ops()), {"customer.show"}, "HEAD does as GET does")
    log = w.web.log()
    t.check(s.TOKEN not in log and not any(x in log for x in CANARIES + ("Zuleica", "not rendered")), "the log is clean")


def contents(t, w):
    for stage, words in {
            "begin": ["Olá, Zuleica!", "Vitória Net não atende lá.", "Linhares/ES", "29900-210"], "consent": [*s.NAMES, "Você autoriza?"],
            "single": ["Pergunta 1 de 2", "Pergunta 2 de 2"], "waiting": s.NAMES, "nobody": ["não atende neste endereço"],
            "proposals": ["R$ 99,90", "1 Giga", "1 dia", "Ainda precisa olhar o local"], "chosen": ["vai ligar", s.LEAD_ID],
            "called": ["já falou com você"], "recalled": ["Avisamos Rede Capixaba"], "installed": ["Boa casa nova"],
            "lost": ["sem instalação"], "none": ["Nenhuma empresa foi escolhida"], "kept": ["atende no seu novo endereço"],
            "withdrawn": ["confirmou que apagou", "ainda não confirmou"], "later": ["Guardamos o lugar"],
            "no-neighbour": ["Ainda não há vizinha"]}.items():
        text = w.show(stage).text
        t.check(all(x in text for x in words), f"{stage}: {[x for x in words if x not in text] or 'says what it must'}")
    page = w.show("consent").text
    at = [page.index(f"<b>{n}</b>") for n in s.NAMES]
    t.check(at == sorted(at), "names in the drawn order")
    text = " ".join(re.findall(r"<p>([^<]*)</p>", page.partition('class="text"')[2]))
    t.equal(text.split(" Detalhes, lidos")[0], s.STAGES["consent"]["consent"]["text"].split("\n\n")[0],
            "the text to be agreed to, word by word")


def foreign(t, w):
    """The consent is in the language of the node: in another one the page says why."""
    for stage, view in (("consent", ""), ("single", ""), ("proposals", "/choose/1")):
        w.show(stage)
        said = [("not translated" in a.text, "não está traduzido" in a.text, a.text.count('lang="pt-BR"') > 1) for a in (
            w.web.public.get(PATH + view, Accept_Language=lang) for lang in ("en", "pt-BR"))]
        t.equal(said, [(True, False, True), (False, False, True)], f"{stage}: the text of another language")


def sorting(t, w):
    def order(query):
        return re.findall(r'<li class="card">\s*<h2>([^<]*)</h2>', w.web.public.get(PATH + query).text)
    w.show("proposals")
    names = s.NAMES
    t.equal(order(""), [names[2], names[0], names[1]], "proposals in the order of RESULT")
    t.equal(order("?sort=price"), [names[0], names[2], names[1]], "by price, without a script")
    t.equal(order("?sort=speed"), [names[2], names[0], names[1]], "by speed")
    t.equal(order("?sort=date"), [names[0], names[2], names[1]], "by date")
    t.equal(order("?sort=x"), order(""), "by nothing known: RESULT's")
    many = s.proposal(0, 1, [s.plan(f"Plano {n}", 9000 - n, 100 + n, n) for n in range(1, 6)])
    w.node.reply["customer.show"] = {"page": {**s.STAGES["proposals"], "proposals": [many]}}
    for query, first in (("", "Plano 1"), ("?sort=price", "Plano 5"), ("?sort=date", "Plano 1")):
        page = w.web.public.get(PATH + query, Accept_Language="pt-BR").text
        t.check(re.findall(r"<h3>([^<]*)</h3>", page)[0] == first and "Mais planos dela (2)" in page,
                f"of five plans three are shown, and the others a tap away: {query}")


def unknown(t, w):
    """Unknown, over, and no token at all: one page."""
    over = w.show("over")
    w.node.error["customer.show"] = {"code": "no-such-link", "message": "x"}
    never = w.web.public.get(PATH, Accept_Language="pt-BR")
    w.node.error["customer.show"] = {"code": "bad-text", "message": "x", "field": "token"}
    short = w.web.public.get("/c/abc", Accept_Language="pt-BR")
    t.equal((over.status, never.status, short.status), (404, 404, 404), "over, unknown, cut short")
    t.check(over.body == never.body == short.body, "are one page")


def forgery(t, w):
    """Without the nonce of this browser and this link nothing is done."""
    done = []
    for stage, to, fields in (("begin", "open", {}), ("begin", "refuse", {}), ("consent", "agree", {"answer": "yes"}),
                              ("consent", "agree", {"answer": "no"}), ("proposals", "choose/1", {**TYPED, "answer": "yes"}),
                              ("proposals", "none", {}), ("chosen", "nobody", {}), ("chosen", "withdraw", {})):
        page = w.show(stage)
        kept = {"keep[]": s.IDS} if stage == "consent" else {}
        other = Browser(w.web.ports[0])
        other.get("/c/" + "b" * 26)
        for what, send in (
                ("no nonce", lambda: w.post(to, nonce=False, **fields, **kept)),
                ("that of another browser", lambda: other.post(f"{PATH}/{to}", csrf=None, nonce=page.field("nonce"), **fields)),
                ("that of another link", lambda: w.web.public.post(
                    f"{PATH}/{to}", csrf=None, nonce=w.web.public.get("/c/" + "b" * 26).field("nonce"), **fields)),
                ("another site", lambda: w.web.public.post(
                    f"{PATH}/{to}", {"Sec-Fetch-Site": "cross-site"}, csrf=None,
                    nonce=w.web.public.get(PATH).field("nonce"), **fields))):
            a = send()
            if set(w.node.ops()) - READS or a.status != 200 or "nada foi enviado" not in a.text.lower():
                done.append((to, what, a.status))
    t.equal(done, [], "nothing is done without the nonce, and the page says so")
    w.show("proposals")
    a = w.post("choose/1", nonce=False, **TYPED, answer="yes")
    t.check('value="Canaria Zuleica"' in a.text and "4711" in a.text, "what was typed is there again")


def consent(t, w):
    w.show("begin")
    w.node.reply["customer.open"] = {"page": s.STAGES["consent"]}
    a = w.post("open")
    t.equal((a.status, a.header("Location"), w.node.ops()), (303, PATH, ["customer.open"]), "that's me: open")
    w.show("consent")
    w.node.reply["customer.agree"] = {"page": s.STAGES["waiting"]}
    a = w.post("agree", **{"keep[]": s.IDS}, answer="yes")
    op, args, who = w.node.asked[-1]
    t.equal((a.status, op, args.get("strike"), args["text_hash"], who), (303, "customer.agree", None, s.HASHES["text_hash"],
                                                                        {"role": "customer"}), "yes to all")
    w.show("consent")
    w.node.reply["customer.agree"] = {"page": s.STAGES["waiting"]}
    w.node.reply["customer.show"] = lambda args: {"page": s.consent(args.get("strike", ()))}
    first = w.web.public.get(PATH)
    a = w.post("agree", page=first, **{"keep[]": [s.IDS[0], s.IDS[2]]}, answer="yes")
    t.check("customer.agree" not in w.node.ops() and "<s>" + s.NAMES[1] in a.text, "one is struck: the new text first")
    a = w.post("agree", page=a, **{"keep[]": [s.IDS[0], s.IDS[2]], "strike[]": [s.IDS[1]]}, answer="yes")
    op, args, _ = w.node.asked[-1]
    t.equal((op, args["strike"], args["text_hash"]), ("customer.agree", [s.IDS[1]], "d" * 64), "and then the yes to it")
    w.show("consent")
    a = w.post("agree", ticks="yes", answer="yes")
    t.check("customer.agree" not in w.node.ops() and "Você tirou todas" in a.text, "a yes to nobody is asked again")
    w.show("consent")
    w.node.error["customer.agree"] = {"code": "text-changed", "message": "x"}
    a = w.post("agree", **{"keep[]": s.IDS}, answer="yes")
    t.check(a.status == 200 and "O texto mudou" in a.text, "the text has changed: read it again")
    w.show("consent")
    w.node.reply["customer.refuse"] = {"stage": "refused"}
    a = w.post("agree", **{"keep[]": s.IDS}, answer="no")
    t.equal((a.header("Location"), w.node.ops()[-1]), (PATH + "/refused", "customer.refuse"), "no is a no")
    t.check("Nada foi enviado" in w.web.public.get(PATH + "/refused").text, "and a page says so")


def single(t, w):
    w.show("single")
    a = w.post("agree")
    t.check("customer.agree" not in w.node.ops() and a.text.count("Responda à pergunta") == 4, "both questions are asked")
    a = w.post("agree", answer="yes", contact="yes", **{**TYPED, "phone": "123"})
    t.check("Escreva o telefone com DDD" in a.text and "Canaria" in a.text and
            'name="answer" value="yes" checked' in a.text, "a wrong number: the rest stays")
    for contact, given in (("no", False), ("yes", True)):
        w.show("single")
        w.node.reply["customer.agree"] = {"page": s.STAGES["waiting"]}
        a = w.post("agree", answer="yes", contact=contact, **TYPED)
        args = w.node.asked[-1][1]
        t.equal((a.status, args["contact_given"], args.get("contact_text_hash"), args.get("contact")),
                (303, given, s.HASHES["contact_text_hash"] if given else None,
                 {"name": "Canaria Zuleica", "phone": "+5528987650001", "address": "Rua do Canario, 4711, Centro",
                  "plan": "500 Mega"} if given else None), f"yes, and {contact} to the call")
    w.show("single")
    w.node.reply["customer.refuse"] = {"stage": "refused"}
    w.post("agree", answer="no", **TYPED)
    t.equal(w.node.ops()[-1], "customer.refuse", "no to the first question is a refusal")


def choice(t, w):
    def choose(**fields):
        return w.post("choose/1", page=w.web.public.get(PATH + "/choose/1", Accept_Language="pt-BR"),
                      **{**TYPED, "answer": "yes", **fields})
    w.show("proposals")
    a = choose(name=" ", phone="1", address="", date="2001-01-01")
    t.check("customer.choose" not in w.node.ops() and a.text.count('class="error"') == 4 and 'id="errors"' in a.text,
            "four errors, beside the fields and above")
    t.equal(len(re.findall(r'aria-invalid="true" aria-describedby="|aria-describedby="[^"]*-error"', a.text)), 4,
            "each tied to its field")
    w.node.reply["customer.choose"] = {"page": s.STAGES["chosen"]}
    a = choose()
    op, args, _ = w.node.asked[-1]
    t.equal((a.status, a.header("Location"), op, args["peer"], args["text_hash"]),
            (303, PATH, "customer.choose", s.IDS[2], "2" * 64), "chosen")
    for code, field, said in (("bad-phone", "contact.phone", "com DDD"), ("bad-date", "contact.date", "ainda não passou"),
                              ("personal", "contact.name", "só o nome"), ("personal", "contact.address", "só o endereço")):
        w.show("proposals")
        w.node.error["customer.choose"] = {"code": code, "message": "x", "field": field}
        a = choose()
        t.check(a.status == 200 and said in a.text and "Canaria Zuleica" in a.text, f"the node refuses {field}: beside it")
    for code, status in (("not-now", 303), ("no-such-proposal", 303), ("starting", 503), ("alone", 503), ("failed", 503),
                         ("no-such-link", 404)):
        w.show("proposals")
        w.node.error["customer.choose"] = {"code": code, "message": "x"}
        t.equal(choose().status, status, f"the node says {code}")
    w.show("proposals")
    t.equal((choose(answer="no").header("Location"), "customer.choose" in w.node.ops()), (PATH, False), "no goes back")
    a = choose(answer=None)
    t.check("customer.choose" not in w.node.ops() and "Canaria Zuleica" in a.text, "what is no yes is none")
    held = {**s.STAGES["proposals"], "holds_contact": True}
    w.node.reply.update({"customer.show": {"page": held}, "customer.choose": {"page": s.STAGES["chosen"]}})
    page = w.web.public.get(PATH + "/choose/1")
    t.check('name="phone"' not in page.text, "who has given the contact before need not type it again")
    w.post("choose/1", page=page, answer="yes")
    t.equal(w.node.asked[-1][1].get("contact"), None, "and it is not sent again")


def absent(t, w):
    """The node is away: the page says so, and has what was typed."""
    w.show("proposals")
    page = w.web.public.get(PATH + "/choose/1")
    w.node.away = True
    t.equal(w.web.public.get(PATH).status, 503, "the node is away")
    a = w.post("choose/1", page=page, **TYPED, answer="yes")
    t.check(a.status == 503 and "Nada se perdeu" in a.text, "nothing is lost")
    t.check('name="name" value="Canaria Zuleica"' in a.text and 'name="nonce"' in a.text, "the form can be sent again")


def files(t, w):
    w.show("chosen")
    receipt = w.web.public.get(PATH + "/receipt.json")
    body = json.loads(receipt.text)
    t.equal((receipt.header("Content-Disposition"), body["reference"], body["proof"]["line"]),
            ('attachment; filename="vizinho.json"', s.LEAD_ID, s.LINE), "the receipt as JSON")
    t.check(not any(x in receipt.text for x in CANARIES), "without the contact")
    proof = w.web.public.get(PATH + "/proof")
    t.check("<svg" in proof.text and s.LINE in proof.text and len(proof.body) < 60000, f"the proof: {len(proof.body)} bytes")
    t.equal({a.header("Cache-Control") for a in (receipt, proof)}, {"no-store"}, "nothing of it is kept by a browser")
    t.equal({a.header("Referrer-Policy") for a in (receipt, proof)}, {"no-referrer"}, "or told to another site")


def main():
    t = Tap()
    with Stage() as w:
        for part in (views, contents, foreign, sorting, unknown, forgery, consent, single, choice, files, absent):
            part(t, w)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
