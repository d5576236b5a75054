#!/usr/bin/env python3
"""Each of the customer's pages in Chromium, beside a node that is played: axe-core finds nothing, nothing runs over at
360, 768 and 1280 pixels and on paper, nothing is loaded from elsewhere, and no page weighs more than 60 KB.
$VIZ_PICTURES: a folder for pictures of them, to be looked at."""
import os
import sys

from web import Web
from nodes import Tap
import customer_stages as s
from browser import Chromium
from played import Played

MORE = {"begin": ["/other"], "consent": ["/code"], "proposals": ["/choose/1", "/none", "/code", "?sort=price"],
        "chosen": ["/nobody", "/withdraw", "/held", "/proof", "/print", "/refused"]}
WEIGHT_MAX = 60000


def errors(tab, base):
    """The two forms with all that can be wrong in them."""
    tab.goto(base + "/choose/1")
    tab.fill("Seu telefone", "12")
    tab.click("button", "Sim, pode ligar")


def targets(tab):
    """Links and controls smaller than a finger, but for links within a sentence."""
    return tab.evaluate("""[...document.querySelectorAll('a.button, button, input:not([type=hidden]), select, textarea, '
      + 'summary, .tick, .choice, .sort a, .links a')].filter(e => e.offsetParent).map(e => [e.outerHTML.slice(0, 80),
      e.closest('label')?.getBoundingClientRect() ?? e.getBoundingClientRect()])
      .filter(([, r]) => r.height < 44 || r.width < 24).map(([h, r]) => h + ' ' + r.width + 'x' + r.height)""")


def look(t, tab, name, lang, pictures, found):
    found += [f"{name} {lang}: {x}" for x in tab.axe()]
    for width in (360, 768, 1280):
        tab.size(width, 780)
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} {lang}: runs over at {width}")
        if pictures:
            tab.picture(f"{pictures}/{name}.{lang}.{width}.png")
    tab.size(360, 780)
    found += [f"{name} {lang}: small: {x}" for x in targets(tab)]
    tab.print(True)
    if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{name} {lang}: runs over on paper")
    if pictures:
        tab.picture(f"{pictures}/{name}.{lang}.print.png")
    tab.print(False)
    small = tab.evaluate("""[...document.querySelectorAll('main *')].filter(e => e.children.length == 0 && e.offsetParent
      && !e.closest('.line, svg, input') && parseFloat(getComputedStyle(e).fontSize) < 16).length""")
    if small:
        found.append(f"{name} {lang}: {small} texts smaller than 16 px")


def main():
    t, pictures = Tap(), os.environ.get("VIZ_PICTURES")
    found, far, heavy = [], set(), (0, "")
    with Played() as node, Web(node.path) as w, Chromium() as browser:
        root = f"http://127.0.0.1:{w.ports[0]}"
        for lang in ("pt-BR", "en"):
            for stage, page in s.STAGES.items():
                node.reply = {"customer.show": {"page": page}, "customer.held": s.HELD, "customer.proof": s.PROOF,
                              "customer.code": s.CODE}
                for more in [""] + MORE.get(stage, []):
                    tab = browser.open(width=360, lang=lang)
                    tab.goto(f"{root}/c/{s.TOKEN}{more}")
                    look(t, tab, (stage + more).replace("/", "-").replace("?", "-"), lang, pictures, found)
                    heavy = max(heavy, (tab.weight(), stage + more))
                    far |= {x["url"] for x in tab.seen() if not x["url"].startswith((root, "data:"))
                            and not ("404" in x["url"] and stage == "over")}
                    tab.close()
        tab = browser.open(width=360, lang="pt-BR")
        node.reply = {"customer.show": {"page": s.STAGES["chosen"]}, "customer.proof": s.PROOF}
        tab.goto(f"{root}/c/{s.TOKEN}/proof")
        t.equal(tab.code(), s.LINE, "the longest proof is read from its QR code")
        node.reply = {"customer.show": {"page": s.STAGES["proposals"]}}
        errors(tab, f"{root}/c/{s.TOKEN}")
        look(t, tab, "choose-errors", "pt-BR", pictures, found)
        t.equal(tab.focus()[0], "div", "after errors the focus is on their summary")
        node.reply = {"customer.show": {"page": s.STAGES["single"]}}
        tab.goto(f"{root}/c/{s.TOKEN}")
        tab.click("button", "Enviar minhas respostas")
        look(t, tab, "single-errors", "pt-BR", pictures, found)
        node.reply = {"customer.show": {"page": s.STAGES["waiting"]}}
        tab.goto(f"{root}/c/{s.TOKEN}")
        node.reply = {"customer.show": {"page": s.STAGES["proposals"]}}
        tab.wait("Há novidade")
        t.check("Perguntamos" in tab.text(), "who waits is told of the answers, and the page stays")
        node.away = True
        tab.goto(f"{root}/c/{s.TOKEN}")
        look(t, tab, "away", "pt-BR", pictures, found)
    t.equal(found, [], "axe-core, sizes, widths: nothing")
    t.equal(far, set(), "nothing is loaded from elsewhere, and no script fails")
    t.check(0 < heavy[0] <= WEIGHT_MAX, f"the heaviest page has {heavy[0]} bytes with all that it loads: {heavy[1]}")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
