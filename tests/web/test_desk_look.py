#!/usr/bin/env python3
"""The desk, the board and the pages of signing in, in Chromium beside real nodes: an agent offers and an agent of the
partner takes the customer by the keyboard alone; without JavaScript; and each page with axe-core, at 360, 768 and 1280
pixels and on paper, in both languages. $VIZ_PICTURES: a folder for pictures of them, to be looked at."""
import os
import sys
import time

from web import Web
from nodes import Tap, wait_until
from story import CONTACT, cluster, entry, offer, wait_state
from browser import Chromium
from test_desk import ADDRESS
from test_sign_in import GOOD, code_of, enter
from web import Browser

WORDS = {"pt-BR": {"name": "Nome", "password": "Senha", "enter": "Entrar"},
         "en": {"name": "Name", "password": "Password", "enter": "Sign in"}}


def account(w, name, role):
    code, _, err = w.command("user", "add", name, role, "--ask", input=GOOD + "\n")
    assert code == 0, err


def sign_in(browser, w, name, lang="pt-BR", width=1280, js=True):
    tab = browser.open(width, lang, js)
    tab.goto(f"http://127.0.0.1:{w.ports[1]}/sign-in")
    tab.fill(WORDS[lang]["name"], name)
    tab.fill(WORDS[lang]["password"], GOOD)
    tab.click("button", WORDS[lang]["enter"])
    return tab


class Keys:
    """A page by the keyboard alone: Tab as far as what is wanted, then the key that does it."""

    def __init__(self, tab):
        self.tab, self.pressed = tab, 0

    def to(self, words, kinds=("a", "button", "input", "select", "textarea")):
        for _ in range(120):
            self.press("Tab")
            kind, said = self.tab.focus()
            if kind in kinds and said.startswith(words):
                return self
        raise AssertionError(f"{words}: not reached by Tab")

    def press(self, key):
        self.pressed += 1
        self.tab.press(key)
        return self

    def type(self, text):
        self.pressed += len(text)
        self.tab.type(text)
        return self

    def enter(self):
        self.press("Enter")
        self.tab.settled()
        time.sleep(0.3)
        self.tab.settled()


def by_keyboard(t, c, wa, wb, browser):
    """From the address to the text that is read, the answers, and the customer at the partner's desk."""
    tab = sign_in(browser, wa, "maria")
    keys = Keys(tab)
    tab.goto(f"http://127.0.0.1:{wa.ports[1]}/desk/new")
    keys.to("Protocolo").type("T-1").to("Novo endereço").type(ADDRESS).enter()
    t.check(c[1].name in tab.text(), "who serves it, by the keyboard")
    keys.to("Ver o texto").enter()
    t.check("Você autoriza?" in tab.text(), "the text to be read")
    keys.to("O cliente disse sim").press("Space")
    keys.to("O cliente disse sim").press("Space")
    keys.to("Nome do cliente").type("Rita Teclado").to("Telefone").type("(28) 98765-0009")
    keys.to("Endereço").type("Rua das Teclas, 1")
    keys.to("Registrar").enter()
    t.check("/desk/leads/" in tab.url(), f"the lead, with {keys.pressed} keys: {tab.url()}")
    lead = tab.url().rsplit("/", 1)[1].split("?")[0]
    t.check("Nenhum outro lead tem este telefone" in tab.text(), "who is like it is said")
    wait_state(c[0], lead, ("awarded", "delivered"))
    wait_until(lambda: (entry(c[1], lead) or {}).get("state") == "awarded", "the customer is at B")
    tab = sign_in(browser, wb, "joao")
    keys = Keys(tab)
    keys.to("O cliente escolheu a gente").enter()
    keys.to("Assumir este cliente").enter()
    tab.wait("Rua das Teclas")
    keys.to("Liguei para o cliente").enter()
    t.check("Já ligamos" in tab.text(), "called, by the keyboard")
    keys.to("Instalado", ("input",)).press("Space")
    keys.to("Registrar").enter()
    wait_state(c[0], lead, "installed")
    t.check("Instalado" in tab.text(), f"installed, with {keys.pressed} keys at B")
    return lead


def counted(t, c, w, browser):
    """Clicks, and seconds of machine, from the address to the read text and from the answers to the proposals."""
    tab = sign_in(browser, w, "rui")
    tab.goto(f"http://127.0.0.1:{w.ports[1]}/desk/new")
    tab.fill("Protocolo", "T-2")
    start = time.monotonic()
    tab.fill("Novo endereço", ADDRESS)
    tab.click("button", "Ver quem atende")
    tab.click("button", "Ver o texto")
    t.check("Você autoriza?" in tab.text(), "the text")
    print(f"# from the address to the read text: 2 clicks, {time.monotonic() - start:.2f} s")
    tab.check("radio", "O cliente disse sim")
    start = time.monotonic()
    tab.click("button", "Registrar")
    lead = tab.url().rsplit("/", 1)[1].split("?")[0]
    tab.wait("O cliente quer esta")
    print(f"# from the answers to the proposals, which came by themselves: 2 clicks, {time.monotonic() - start:.2f} s")
    t.equal(tab.has("link", "O cliente quer esta"), 2, "two proposals")
    return lead


def without_script(t, c, w, browser):
    tab = sign_in(browser, w, "maria", js=False)
    tab.goto(f"http://127.0.0.1:{w.ports[1]}/desk/new")
    tab.fill("Protocolo", "T-3")
    tab.fill("Novo endereço", ADDRESS)
    tab.click("button", "Ver quem atende")
    tab.click("button", "Ver o texto")
    tab.check("radio", "O cliente disse não")
    tab.click("button", "Registrar")
    t.check("Nada sobre o cliente ficou guardado" in tab.text(), "a refusal, without JavaScript")


FIND_SMALL = """[...document.querySelectorAll('a.button, button, input:not([type=hidden]), select, textarea, .tick, ' +
 '.choice, nav a, a.row')].filter(e => e.offsetParent && !e.closest('[hidden]')).map(e => [e.outerHTML.slice(0, 90),
 e.closest('label')?.getBoundingClientRect() ?? e.getBoundingClientRect()]).filter(([, r]) => r.height < 44 ||
 r.width < 24).map(([h, r]) => h + ' ' + r.width + 'x' + r.height)"""
WIDE = "document.documentElement.scrollWidth > innerWidth"


def look(tab, name, found, pictures):
    found += [f"{name}: {x}" for x in tab.axe()]
    for width in (360, 768, 1280):
        tab.size(width, 800)
        if tab.evaluate(WIDE):
            found.append(f"{name}: runs over at {width}")
        if pictures:
            tab.picture(f"{pictures}/{name}.{width}.png")
    tab.size(360, 800)
    found += [f"{name}: small: {x}" for x in tab.evaluate(FIND_SMALL)]
    tab.size(794, 1123)
    tab.print(True)
    if tab.evaluate(WIDE):
        found.append(f"{name}: runs over on paper")
    if pictures:
        tab.picture(f"{pictures}/{name}.print.png")
    tab.print(False)
    found += [f"{name}: {x['url']}" for x in tab.seen() if x["url"].startswith("error:")
              and not any(s in x["url"] for s in ("409", "422", "403", "ERR_ABORTED"))]


def name_of(path):
    return path.strip("/").replace("/", "-").replace("?", "-") or "start"


def the_steps(tab, base, lang, found, pictures):
    """The pages that only a form leads to: the way of an offer, and what is wrong on it."""
    say = {"pt-BR": ("Protocolo", "Novo endereço", "Ver quem atende", "Ver o texto", "Registrar", "Nome, telefone", "Buscar",
                     "Criar o link"),
           "en": ("Protocol", "New address", "See who serves", "See the text", "Register", "Name, telephone", "Search",
                  "Make the link")}[lang]
    tab.goto(base + "/desk/new")
    tab.fill(say[0], "T-9")
    tab.fill(say[1], "lugar nenhum que exista")
    tab.click("button", say[2])
    look(tab, f"new-wrong.{lang}", found, pictures)
    tab.fill(say[1], ADDRESS)
    tab.click("button", say[2])
    look(tab, f"decide.{lang}", found, pictures)
    tab.click("button", say[3])
    look(tab, f"read.{lang}", found, pictures)
    tab.click("button", say[4])
    look(tab, f"read-wrong.{lang}", found, pictures)
    tab.goto(base + "/desk/new")
    tab.fill(say[0], "T-8")
    tab.fill(say[1], "Vitória/ES")
    tab.click("button", say[2])
    tab.click("button", say[3])
    look(tab, f"nobody.{lang}", found, pictures)
    tab.goto(base + "/desk/find")
    tab.fill(say[5], "Teclado")
    tab.click("button", say[6])
    look(tab, f"found.{lang}", found, pictures)


def pages(t, c, wa, wb, browser, lead, open_lead):
    pictures, found = os.environ.get("VIZ_PICTURES"), []
    held = entry(c[1], lead)["id"]
    waiting = [e["id"] for e in c[1].ctl("inbox.list", all=True)["entries"] if e["id"] != held][0]
    agent = ["/desk", "/desk/new", "/desk/leads", "/desk/leads?show=all", f"/desk/leads/{open_lead}",
             f"/desk/leads/{open_lead}/choose/1", f"/desk/leads/{open_lead}/revoke", f"/desk/leads/{lead}?alike=1",
             f"/desk/leads/{lead}/proof", "/desk/inbox?show=all", "/desk/find", "/desk/month", "/desk/policy", "/password"]
    reader = ["/board", "/board/doctor", "/board/peers", f"/board/peers/{c[1].id}", "/board/map", "/board/events"]
    for lang in ("pt-BR", "en"):
        tab = browser.open(360, lang)
        base = f"http://127.0.0.1:{wa.ports[1]}"
        tab.goto(base + "/sign-in")
        look(tab, f"sign-in.{lang}", found, pictures)
        tab.close()
        for who, paths in (("maria", agent), ("noc", reader)):
            tab = sign_in(browser, wa, who, lang)
            for path in paths:
                status = tab.goto(base + path)
                if status != 200:
                    found.append(f"{path}: {status}")
                name = name_of(path).replace(lead, "LEAD").replace(open_lead, "OPEN").replace(c[1].id, "PEER")
                look(tab, f"{name}.{lang}", found, pictures)
            if who == "maria":
                the_steps(tab, base, lang, found, pictures)
            tab.close()
        tab = sign_in(browser, wb, "joao", lang)
        for name, id in (("inbox-HELD", held), ("inbox-LISTED", waiting)):
            tab.goto(f"http://127.0.0.1:{wb.ports[1]}/desk/inbox/{id}")
            look(tab, f"{name}.{lang}", found, pictures)
        tab.goto(f"http://127.0.0.1:{wb.ports[1]}/desk/month")
        look(tab, f"month-B.{lang}", found, pictures)
        tab.close()
    return found


def admin(t, w, browser, peer):
    """An administrator has an authenticator; what only this one sees."""
    pictures, found = os.environ.get("VIZ_PICTURES"), []
    account(w, "ana", "admin")
    secret, base = "", f"http://127.0.0.1:{w.ports[1]}"
    for lang in ("pt-BR", "en"):
        tab = sign_in(browser, w, "ana", lang)
        look(tab, f"authenticator-{'code' if secret else 'new'}.{lang}", found, pictures)
        if not secret:
            secret = tab.evaluate("document.querySelector('code, .code, .secret').innerText")
        tab.evaluate(f"document.querySelector('input[name=code]').value = '{code_of(secret, 1 if lang == 'en' else 0)}'")
        tab.evaluate("document.querySelector('input[name=code]').form.requestSubmit()")
        time.sleep(1)
        for path in ("/users", "/desk/policy", "/board", "/board/peers", f"/board/peers/{peer}", f"/board/peers/{peer}/block"):
            tab.goto(base + path)
            look(tab, f"admin-{name_of(path).replace(peer, 'PEER')}.{lang}", found, pictures)
        if lang == "pt-BR":
            tab.goto(base + "/desk/policy")
            tab.fill("Cidades", "Cachoeiro de Itapemirim\nVitoria/ES")
            tab.fill("Horário de recebimento", "x")
            tab.click("button", "Salvar")
            t.check("Escreva o horário" in tab.text(), "bad hours are said")
            look(tab, f"admin-policy-wrong.{lang}", found, pictures)
            tab.fill("Horário de recebimento", "seg-sex 8-18")
            tab.click("button", "Salvar")
            t.check("Vitória/ES" in tab.text() and "seg-sex 8-18" in tab.text(), "towns by name, hours")
            tab.click("button", "Pausar o recebimento")
            t.check("em pausa até" in tab.text(), "a pause")
            tab.goto(base + "/desk")
            t.check("em pausa até" in tab.text(), "which the first page says")
            look(tab, f"desk-paused.{lang}", found, pictures)
            tab.goto(base + "/desk/policy")
            tab.click("button", "Voltar a receber")
            t.check("em pausa até" not in tab.text(), "and its end")
        tab.close()
    return found


def main():
    t = Tap()
    with cluster(1) as c, Web(c[0].socket_path) as wa, Web(c[1].socket_path) as wb, Chromium() as browser:
        for w, name, role in ((wa, "maria", "agent"), (wa, "noc", "reader"), (wb, "joao", "agent")):
            account(w, name, role)
        c[0].ctl("draft.put", source="ixc", external_id="4711", protocol="R-77", kind="move", reason="Mudança de endereço",
                 municipality={"code": 3201209}, cep=29300123, cancelled_at=c[0].ctl("status")["now"])
        lead = by_keyboard(t, c, wa, wb, browser)
        without_script(t, c, wa, browser)
        open_lead = offer(c[0], "T-4")
        wait_state(c[0], open_lead, "choosing")
        found = pages(t, c, wa, wb, browser, lead, open_lead) + admin(t, wa, browser, c[1].id)
        t.equal(found, [], "axe-core, sizes, widths, scripts: nothing")
    with cluster(2) as c, Web(c[0].socket_path) as w, Chromium() as browser:
        account(w, "rui", "agent")
        counted(t, c, w, browser)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
