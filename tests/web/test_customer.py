#!/usr/bin/env python3
"""The customer's whole story by a link, clicked through in Chromium on live nodes: in Portuguese at 360 pixels, once in
English, once without JavaScript, once with the keyboard alone. Another node verifies the proof, and what was typed is in
no log, no address and no referrer. $VIZ_PICTURES: a folder for pictures."""
import json
import os
import sys

from web import Web
from nodes import Refused, Tap, wait_until
import story
from browser import Chromium
from story import CONTACT, PLACE, by_name, entry, wait_contact

NOWHERE_SERVED = {"municipality": {"code": 3205309}, "cep": 29010000}
CANARIES = ("Canaria", "98765", "28987650001", "Canario", "4711", "Zuleica")
HOURS_S = 3 * 3600


class Customer:
    """A link, and a tab that has opened it."""

    def __init__(self, t, c, w, browser, protocol=None, lang="pt-BR", width=360, js=True, place=PLACE, **more):
        given = {"protocol": protocol, "place": place, "first_name": "Zuleica", **more} if protocol else more
        self.made = c[0].ctl_as("agent", "link.create", **given)
        self.t, self.name, self.lang = t, protocol or "link", lang
        self.tab = browser.open(width=width, lang=lang, js=js)
        self.url = f"http://127.0.0.1:{w.ports[0]}{self.made['path']}"
        self.js, self.taps, self.found = js, 0, []
        self.goto()

    def goto(self, more=""):
        self.tab.goto(self.url + more)
        self.look()

    def click(self, role, name, nth=0):
        self.taps += 1
        self.tab.click(role, name, nth)
        self.look()

    def look(self):
        """What holds on every page of the story."""
        if self.js:
            self.found += self.tab.axe()
        if self.tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append("runs over: " + self.tab.text()[:80])
        pictures = os.environ.get("VIZ_PICTURES")
        if pictures:
            self.tab.picture(f"{pictures}/{self.name}-{self.taps}.png")

    def reads(self, *words):
        """The page that is there, or comes, says so."""
        try:
            wait_until(lambda: all(x in self.tab.text() for x in words))
        except AssertionError:
            pass
        text = self.tab.text()
        missing = [x for x in words if x not in text]
        return self.t.check(not missing, f"{self.name}: {' · '.join(words)[:90]}" +
                            (f": not {missing}: {text[:300]}" if missing else ""))

    def wait(self, words, button):
        """Presses the button until the page says so, as a person would."""
        def there():
            text = self.tab.text()
            if words not in text and button in text:
                self.tab.click("link", button)
            return words in text
        wait_until(there, words, every=0.5)
        self.look()

    def fill(self, labels):
        for label, key in labels.items():
            self.tab.fill(label, CONTACT[key])

    def end(self):
        urls = self.tab.seen()
        wrong = [u for u in urls if not u["url"].startswith((self.url.split("/c/")[0], "data:")) or u["referer"] or
                 any(x in u["url"] for x in CANARIES)]
        self.t.equal((self.found, wrong), ([], []), f"{self.name}: axe-core, width, addresses, referrers")
        self.tab.close()


FIELDS = {"pt-BR": {"Seu nome": "name", "Seu telefone": "phone", "Endereço da instalação": "address",
                    "Data que você deseja": "date"},
          "en": {"Your name": "name", "Your telephone": "phone", "Address of the installation": "address",
                 "Date that you would like": "date"}}


def whole(t, c, w, browser, js=True, protocol="W-1"):
    """From the message to the installation."""
    a = c[0]
    m = Customer(t, c, w, browser, protocol, js=js)
    m.reads("Olá, Zuleica!", a.name, "Cachoeiro de Itapemirim/ES", "29300-100", "Passo 1 de 4")
    names = [n.name for n in list(c)[1:]]
    t.check(not any(n in m.tab.html() for n in names), "no provider is named yet")
    m.click("button", "Sim, sou eu")
    m.reads("Passo 2 de 4", *names, "Você autoriza?", "Não autorizo")
    sizes = m.tab.evaluate("[...document.querySelectorAll('.pair .button')].map(e => { const r = "
                           "e.getBoundingClientRect(), s = getComputedStyle(e); return [r.width, r.height, s.color, "
                           "s.backgroundColor, s.borderColor, s.fontWeight].join() })")
    t.equal(len(set(sizes)), 1, f"yes and no are alike: {sizes}")
    m.click("button", "Sim, autorizo")
    m.wait("Estas empresas querem atender", "Ver respostas")
    m.reads("Passo 3 de 4", *names, "R$ 99,90", "500 Mega", "3 dias")
    m.click("link", "Preço")
    m.reads(*names)
    m.click("link", "Sorteio")
    shown = a.ctl_as("customer", "customer.show", token=m.made["token"])["page"]
    first = shown["proposals"][0]
    m.click("link", "Quero esta")
    m.reads("Passo 4 de 4", first["name"], "Seus dados para a ligação")
    m.click("button", "Sim, pode ligar")
    m.reads("Falta corrigir", "Escreva o seu nome", "com DDD")
    m.fill(FIELDS["pt-BR"])
    m.tab.choose("Plano que interessa", "500 Mega")
    m.click("button", "Sim, pode ligar")
    m.reads("Pronto.", first["name"], shown["inbox_id"], "Liga até")
    lead = shown["inbox_id"].partition("-")[2]
    holder = by_name(c, first["name"])
    got = wait_contact(holder, lead)
    t.equal(got, CONTACT, "the chosen one has what was typed")
    keep(t, m, holder, js)
    wait_until(lambda: says_contacted(holder, lead), f"{holder.name} says that it has called")
    wait_until(lambda: (m.goto(), "já falou com você" in m.tab.text())[1], "called", every=0.3)
    m.click("link", "Desistir e apagar")
    m.reads("Quer desistir?")
    m.click("button", "Sim, desistir")
    m.reads("Você desistiu")
    wait_until(lambda: (m.goto(), "ainda não confirmou" not in m.tab.text())[1], "all have erased", every=0.3)
    m.reads("confirmou que apagou")
    m.goto("/held")
    m.reads("Nenhum dado pessoal seu está guardado aqui")
    t.check(story.contact(holder, lead) is None, "the holder has it no more")
    print(f"# {protocol}: {m.taps} taps, with two looks at the order, one form sent too early, and a withdrawal")
    m.end()


def says_contacted(holder, lead):
    """The lease may end at any time, and is asked for anew."""
    wait_contact(holder, lead)
    try:
        return holder.ctl("inbox.contacted", lead=entry(holder, lead)["id"])
    except Refused as e:
        assert e.error["code"] == "no-lease", e
        return None


def keep(t, m, holder, js):
    """What there is to keep, and that another node verifies it."""
    receipt = json.loads(m.tab.download("Baixar o recibo"))
    checks = holder.ctl("consent.verify", line=receipt["proof"]["line"])["checks"]
    t.equal(set(checks.values()), {"right"}, "another node verifies the proof of the receipt")
    t.check(not any(x in json.dumps(receipt) for x in CANARIES), "the receipt names no person")
    m.click("link", "Prova com código QR")
    line = receipt["proof"]["line"]
    t.check(line in m.tab.html(), "the page of the proof has its line")
    if js:
        t.equal(m.tab.code(), line, "and the QR code says the same")
    m.click("link", "Voltar")
    m.click("link", "O que guardam sobre mim")
    m.reads(CONTACT["name"], "+5528987650001", CONTACT["address"], "17/05/2031", "recebeu seus dados para ligar")
    m.click("link", "Voltar")
    m.click("link", "Imprimir ou salvar em PDF")
    m.reads("Comprovante do seu pedido", "Perguntar às empresas", "Ligar para você")
    m.click("link", "Voltar")


def english(t, c, w, browser):
    """In English, one struck, and so one left: two questions on one page."""
    m = Customer(t, c, w, browser, "E-1", lang="en", width=768)
    m.reads("Hello, Zuleica!", "Who is asking", "Step 1 of 4")
    m.click("button", "Yes, that's me")
    m.reads("May we ask these companies?")
    m.tab.check("checkbox", c[1].name, 0, False)
    m.click("button", "Yes, I agree")
    m.reads("Question 1 of 2", "Question 2 of 2", c[2].name)
    m.click("button", "Send my answers")
    m.reads("Answer question 1", "Answer question 2")
    m.tab.check("radio", "Yes, I agree", 0)
    m.tab.check("radio", "Yes, I agree", 1)
    m.fill(FIELDS["en"])
    m.click("button", "Send my answers")
    wait_until(lambda: (m.goto(), "will call you" in m.tab.text())[1], "the only one is chosen by itself", every=0.3)
    m.reads("Done.", c[2].name)
    m.click("link", "Português")
    m.reads("Pronto.")
    m.end()
    return m.made["token"]


def keyboard(t, c, w, browser):
    """With Tab, Space and Enter alone: to the proposals, and to none of them."""
    m = Customer(t, c, w, browser, "K-1", width=1280)
    path = []

    def reach(words, key="Enter"):
        for _ in range(60):
            m.tab.press("Tab")
            at = m.tab.focus()
            path.append(at)
            if words in at[1]:
                m.tab.press(key)
                m.tab.settled()
                return True
        return t.check(False, f"the keyboard does not reach {words}: {path[-20:]}")

    m.tab.press("Tab")
    t.equal(m.tab.focus()[1], "Ir para o conteúdo", "the first stop leads to the content")
    reach("Sim, sou eu")
    m.tab.wait("Podemos perguntar")
    reach("Por que estas empresas")
    t.check("A ordem segue uma fila" in m.tab.text(), "details open by a key")
    reach("Sim, autorizo")

    def answered():
        text = m.tab.text()
        if "Ver respostas" in text:
            reach("Ver respostas")
        return "Estas empresas" in text
    wait_until(answered, "answers", every=0.5)
    reach("Não quero nenhuma")
    m.tab.wait("Não quer nenhuma delas?")
    reach("Sim, nenhuma")
    m.tab.wait("Nenhuma empresa foi escolhida")
    m.look()
    m.end()


def refusals(t, c, w, browser):
    a = c[0]
    m = Customer(t, c, w, browser, "R-1")
    m.click("link", "Não é isso")
    m.reads("Nada foi enviado a ninguém")
    m.click("link", "Voltar")
    m.click("button", "Sim, sou eu")
    m.click("button", "Não autorizo")
    m.reads("Tudo bem. Nada foi enviado.")
    m.goto()
    m.reads("Este link não está mais aberto")
    t.check("R-1" not in json.dumps(a.ctl("lead.list")) + json.dumps(a.ctl_as("agent", "link.list")), "nothing is kept")
    m.tab.seen()  # the browser notes a 404 as an error
    m.end()
    m = Customer(t, c, w, browser, "R-2", place=NOWHERE_SERVED)
    m.click("button", "Sim, sou eu")
    m.reads("Ainda não há vizinha", "Você autoriza?")
    m.click("button", "Sim, autorizo")
    m.reads("Guardamos o lugar")
    m.end()


def myself(t, c, w, browser):
    """I call them myself: no datum moves."""
    m = Customer(t, c, w, browser, "M-1")
    m.click("button", "Sim, sou eu")
    m.click("link", "Prefiro eu mesmo chamar")
    m.reads("Eu mesmo chamo", c[1].name, c[2].name, "5527999990001", "Atende: seg a dom, 24h")
    m.click("link", "Voltar")
    m.click("button", "Sim, autorizo")
    m.wait("Estas empresas querem atender", "Ver respostas")
    m.click("link", "Eu mesmo chamo")
    code = c[0].ctl_as("customer", "customer.code", token=m.made["token"])["inbox_id"]
    m.reads(code, "Abrir o WhatsApp")
    link = m.tab.evaluate("document.querySelector('a[href^=\"https://wa.me\"]').href")
    t.check(code in link and link.startswith("https://wa.me/55279999900"), f"a chat with the code: {link}")
    m.end()


def nobody_called(t, c, w, browser, token):
    """Three hours later nobody has called: the customer picks again."""
    for n in c:
        n.stop()
        n.shift_s = HOURS_S
    for n in c:
        n.start()
    for n in c:
        n.wait_started()
    wait_until(lambda: c[0].ctl_as("customer", "customer.show", token=token)["page"]["call_again"], "the promise is over")
    tab = browser.open(width=360, lang="pt-BR")
    tab.goto(f"http://127.0.0.1:{w.ports[0]}/c/{token}")
    tab.click("link", "Ninguém me ligou")
    wait_until(lambda: "Ninguém ligou para você?" in tab.text(), "it is asked once more")
    tab.click("button", "Ninguém me ligou")
    found = tab.axe()
    wait_until(lambda: (tab.goto(f"http://127.0.0.1:{w.ports[0]}/c/{token}"), "querem atender" in tab.text())[1],
               "the holder lets go, and another can be chosen", every=0.3)
    t.equal(found + tab.axe(), [], "nobody called me: axe-core")
    tab.click("link", "Quero esta")
    wait_until(lambda: "Seu nome" in tab.text() or "Usamos os dados" in tab.text(), "and be agreed to")
    tab.close()


def private(t, c, w):
    log = w.log() + "".join(n.log() for n in c)
    t.check(not any(x in log for x in CANARIES), "no log has what was typed")
    tokens = [x for x in w.log().split() if x.startswith("/c/") and ":token" not in x]
    t.equal(tokens, [], "and none has a link")


def main():
    t = Tap()
    profile = {"whatsapp": "+5527999990001", "hours": "seg a dom, 24h"}
    with story.cluster(profile=profile) as c, Web(c[0].socket_path) as w, Chromium() as browser:
        whole(t, c, w, browser)
        whole(t, c, w, browser, js=False, protocol="W-2")
        keyboard(t, c, w, browser)
        refusals(t, c, w, browser)
        myself(t, c, w, browser)
        token = english(t, c, w, browser)
        nobody_called(t, c, w, browser, token)
        private(t, c, w)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
