#!/usr/bin/env python3
"""vizinho-web serves: pages in both languages, files, refusals, headers; and it ends when told."""
import re
import subprocess
import sys

from web import VIZINHO_WEB, Browser, Web, raw, statuses
from nodes import Tap

SECURE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def pages(t):
    with Web("/nonexistent/control") as w:
        first = w.public.get("/", Accept_Language="en")
        t.equal(first.status, 200, "a page")
        t.check('lang="en"' in first.text and "without a link" in first.text, "in the language of the browser")
        t.check("script-src 'self'" in first.header("Content-Security-Policy"), "its policy")
        t.equal({k: first.header(k) for k in SECURE}, SECURE, "and the other headers")
        t.equal(first.header("Cache-Control"), "no-store", "is not kept")
        t.check("HttpOnly" in first.header("Set-Cookie") and "SameSite=Strict" in first.header("Set-Cookie"), "cookie")
        t.check('lang="pt-BR"' in w.public.get("/", Accept_Language="fr, pt;q=0.3, en;q=0.2").text, "by weight")
        w.public.get("/?lang=en")
        t.check('lang="en"' in w.public.get("/", Accept_Language="pt-BR").text, "a chosen language stays")
        style = re.search(r'href="(/a/style\.[0-9a-f]{16}\.css)"', first.text)[1]
        css = w.public.get(style)
        t.check(css.status == 200 and "immutable" in css.header("Cache-Control"), "a file is kept for ever")
        again = w.public.get(style, If_None_Match=css.header("ETag"))
        t.equal((again.status, again.body), (304, b""), "and known by its tag")
        t.equal(w.public.get("/a/style.0000000000000000.css").status, 404, "another hash is another file")


def refusals(t):
    with Web("/nonexistent/control") as w:
        nothing = w.public.get("/nada")
        t.check(nothing.status == 404 and "<h1>" in nothing.text, "no such page")
        t.equal(w.public.get("/%00").status, 404, "nor one with a NUL")
        t.equal(w.public.post("/").status, 405, "no such method")
        t.equal(statuses(raw(w.ports[0], b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n")), [405], "nor an unknown one")
        t.equal(w.public.get("/?a=%zz").status, 400, "a query that is none")
        t.equal(w.public.get("/?a=1&a=2").status, 400, "a field that comes twice")
        t.equal((w.private.get("/").status, w.private.get("/").header("Location")), (303, "/sign-in"), "who is it?")
        log = w.log()
        t.check("/nada" not in log and "zz" not in log, "the log has no paths and no queries")
        t.equal(w.stop(), 0, "ends in order")


def head(t):
    with Web("/nonexistent/control") as w:
        get, answer = w.public.get("/"), raw(w.ports[0], b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        t.check(answer.endswith(b"\r\n\r\n") and b"Content-Length: %d\r\n" % len(get.body) in answer,
                "HEAD: the head of GET, without its body")


def configuration(t):
    with Web("/nonexistent/control", start=False) as w:
        for line, said in (("public = 8080", "[web] public: expected an address and a port"),
                           ("url = example.org", "[web] url: expected an address that begins with https://"),
                           ("state_dir = state", "[web] state_dir: expected an absolute path"),
                           ("proxies = a", "[web] proxies: expected up to 8 IP addresses"),
                           ("language = fr", "[web] language: expected pt-BR or en"),
                           ("certificate = /x", "one is missing"), ("prt = 1", "[web] prt: there is no such key"),
                           ("nonsense", "is neither")):
            w.configure(line + "\n")
            code, out, err = w.command("--check")
            t.check(code == 2 and said in err, f"{line}: {err}")
        w.configure()
        t.equal(w.command("--check")[0], 0, "a right one")
        code, out, err = w.command("--help", lang="pt_BR.UTF-8")
        t.check(code == 0 and out.startswith("Uso:"), "help in Portuguese")
        p = subprocess.run([VIZINHO_WEB, "--nonsense"], capture_output=True, text=True)
        t.equal(p.returncode, 2, "an unknown option")


def main():
    t = Tap()
    for part in (pages, refusals, head, configuration):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
