#!/usr/bin/env python3
"""Accounts: the command, signing in and out, the authenticator, roles, resets, guesses. Beside a real node."""
import base64
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import sys
import time

from web import Browser, Web
from nodes import Cluster, Tap

GOOD = "quatro palavras bem juntas"


def code_of(secret, ahead=0):
    """The code of RFC 6238, by Python's own HMAC."""
    key = base64.b32decode(secret.replace(" ", "").upper())
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def one_time(w, *words):
    code, out, err = w.command("user", *words)
    assert code == 0, err
    return out.rsplit(": ", 1)[1].strip()


def enter(browser, name, password):
    browser.get("/sign-in")
    return browser.post("/sign-in", name=name, password=password)


def agent(w, name="maria", role="agent", password=GOOD):
    """A browser of somebody who has signed in."""
    code, _, err = w.command("user", "add", name, role, "--ask", input=password + "\n")
    assert code == 0, err
    browser = Browser(w.ports[1], {"Accept-Language": "en"})
    answer = enter(browser, name, password)
    assert answer.header("Location") == "/", answer.text
    return browser


def command(t):
    with Web("/nonexistent/control", start=False) as w:
        password = one_time(w, "add", "ana", "admin")
        t.check(re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", password), "a one-time password")
        path = os.path.join(w.state_dir, "accounts.json")
        t.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "only the user reads the file")
        with open(path) as f:
            kept = f.read()
        t.check(password not in kept and password.replace("-", "") not in kept, "which has no password")
        t.equal(json.loads(kept)["users"][0]["memory_kib"], 32768, "but one that costs 32 MiB a guess")
        t.equal(w.command("user", "add", "ana", "agent")[0], 1, "one account of a name")
        for words, said in ((("add", "Ana", "agent"), "small letters"), (("add", "b", "boss"), "agent, reader or admin"),
                            (("reset", "eva"), "no account of that name"), (("remove", "ana"), "last admin")):
            code, out, err = w.command("user", *words)
            t.check(code == 1 and said in err, f"{words}: {err}")
        code, out, err = w.command("user", "add", "rui", "reader", "--ask", input="curta\n")
        t.check(code == 1 and "at least 12 characters" in err, "a short password")
        t.equal(w.command("user", "add", "rui", "reader", "--ask", input="vizinho vizinho\n")[0], 1, "one to be guessed")
        t.equal(w.command("user", "add", "rui", "reader", "--ask", input=GOOD + "\n")[:2], (0, ""), "a good one")
        t.equal(w.command("user", "list")[1], "admin   ana  one-time password\nreader  rui\n", "the list")
        t.equal(w.command("user", "remove", "rui")[0], 0, "removed")
        t.equal(w.command("user")[0], 2, "help")


def signing_in(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        b = w.private
        b.headers["Accept-Language"] = "en"
        password = one_time(w, "add", "maria", "agent")
        t.equal(enter(b, "maria", "x" * 12).status, 403, "a wrong password")
        t.equal(enter(b, "nobody", password).status, 403, "a wrong name")
        before = dict(b.cookies)
        t.equal(enter(b, "maria", password).header("Location"), "/password", "the one-time password must be changed")
        t.check(b.cookies["viz_session"] not in (before.get("viz_session"), None), "a session of its own")
        t.equal(b.get("/").header("Location"), "/password", "and nothing else is shown before")
        b.get("/password")
        t.equal(b.post("/password", new=GOOD, again=GOOD + "x").status, 422, "two that differ")
        t.equal(b.post("/password", new="maria maria maria", again="maria maria maria").status, 422, "a guessed one")
        half = b.cookies["viz_session"]
        t.equal(b.post("/password", new=GOOD, again=GOOD).header("Location"), "/", "a good one")
        t.check(b.cookies["viz_session"] != half, "a new session at each step")
        page = b.get("/")
        t.check(page.status == 200 and c[0].name in page.text and "maria" in page.text, "the node, as maria")
        t.equal(b.get("/users").status, 403, "an agent manages no accounts")
        t.equal(Browser(w.ports[0]).ask("GET", "/", Cookie=f"viz_session={b.cookies['viz_session']}").status, 200,
                "the public listener knows no session")
        t.equal(b.post("/sign-out", csrf="0" * 64).status, 403, "a form of another's")
        t.equal(b.post("/sign-out", {"Sec-Fetch-Site": "cross-site"}).status, 403, "a form on another site")
        old = dict(b.cookies)
        b.get("/")
        t.equal(b.post("/sign-out").header("Location"), "/sign-in", "signed out")
        again = Browser(w.ports[1])
        again.cookies = old
        t.equal(again.get("/").header("Location"), "/sign-in", "the session is over, not only its cookie")
        enter(b, "maria", GOOD)
        t.equal(w.stop(), 0, "stopped")
        w.start()
        t.equal(b.get("/").status, 200, "a session outlives a restart")
        with open(os.path.join(w.state_dir, "accounts.json")) as f:
            t.check(b.cookies["viz_session"] not in f.read(), "its token is not on disk")
        t.check(GOOD not in w.log() and b.cookies["viz_session"] not in w.log(), "nor in the log")


def authenticator(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        b = w.private
        b.headers["Accept-Language"] = "en"
        w.command("user", "add", "ana", "admin", "--ask", input=GOOD + "\n")
        t.equal(enter(b, "ana", GOOD).header("Location"), "/sign-in/authenticator", "an admin needs an authenticator")
        page = b.get("/sign-in/authenticator")
        secret = re.search(r"<code>([a-z2-7 ]+)</code>", page.text)[1]
        t.check("<svg" in page.text and len(secret.replace(" ", "")) == 32, "its key, and a QR code")
        t.equal(b.post("/sign-in/authenticator", code="000000" if code_of(secret) != "000000" else "1").status, 403,
                "a wrong code")
        t.check(secret in b.get("/sign-in/authenticator").text, "the key stays the same")
        t.equal(b.post("/sign-in/authenticator", code=code_of(secret)).header("Location"), "/", "the right code")
        t.equal(b.get("/users").status, 200, "an admin manages accounts")
        other = Browser(w.ports[1], {"Accept-Language": "en"})
        t.equal(enter(other, "ana", GOOD).header("Location"), "/sign-in/code", "next time the code is asked for")
        t.equal(other.get("/users").header("Location"), "/sign-in/code", "and is needed")
        other.get("/sign-in/code")
        t.equal(other.post("/sign-in/code", code=code_of(secret)).status, 403, "a code is good once")
        t.equal(other.post("/sign-in/code", code=code_of(secret, 1)).header("Location"), "/", "the next one is right")

        page = other.get("/users")
        made = other.post("/users", name="rui", role="agent")
        password = re.search(r"<code>([a-z2-7-]+)</code>", made.text)[1]
        t.equal(other.post("/users", name="rui", role="agent").status, 422, "a name that is taken")
        rui = Browser(w.ports[1])
        t.equal(enter(rui, "rui", password).header("Location"), "/password", "the new account signs in")
        rui.get("/password")
        rui.post("/password", new=GOOD, again=GOOD)
        t.equal(rui.get("/").status, 200, "and works")
        other.post("/users/rui/role", role="reader")
        t.equal(rui.get("/").header("Location"), "/sign-in", "another role ends its sessions")
        made = other.post("/users/ana/reset")
        t.equal(other.get("/users").header("Location"), "/sign-in", "a reset ends the sessions, the own ones too")
        password = re.search(r"<code>([a-z2-7-]+)</code>", made.text)[1]
        t.equal(enter(other, "ana", password).header("Location"), "/password", "and forgets the authenticator")
        t.equal(w.command("user", "remove", "rui")[0], 0, "the command removes")
        t.equal(enter(rui, "rui", GOOD).status, 403, "and the server knows it at once")


def guesses(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        known = agent(w)
        known.get("/")
        known.post("/sign-out")
        thief = Browser(w.ports[1])
        for i in range(8):
            last = enter(thief, "maria", f"palpite numero {i}")
        t.equal(last.status, 403, "guesses are refused")
        t.equal(enter(thief, "maria", GOOD).status, 403, "and then the right password, too")
        t.equal(enter(known, "maria", GOOD).header("Location"), "/", "but not in a browser that maria has used before")
        t.equal(w.log().count("a sign-in was refused"), 6, "what has to wait costs nothing")


def main():
    t = Tap()
    for part in (command, signing_in, authenticator, guesses):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
