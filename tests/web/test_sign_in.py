#!/usr/bin/env python3
"""Accounts: the command, signing in and out, the authenticator, roles, resets, guesses. Beside a real node."""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import sys
import time

from web import Browser, Web, connect
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
        page = b.get("/desk")
        t.check(page.status == 200 and "maria" in page.text, "the desk, as maria")
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
        t.equal(b.get("/desk").status, 200, "a session outlives a restart")
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
        t.equal(rui.get("/desk").status, 200, "and works")
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


def idle(t):
    """A page that looks by itself for what is new keeps nobody signed in who has gone away from it."""
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        maria = agent(w)
        path = os.path.join(w.state_dir, "accounts.json")

        def seen():
            with open(path) as f:
                return json.load(f)["sessions"][0]["seen_ms"]
        with open(path) as f:
            accounts = json.load(f)
        long_ago = accounts["sessions"][0]["seen_ms"] = accounts["sessions"][0]["seen_ms"] - 3600000
        with open(path + ".test", "w") as f:
            json.dump(accounts, f)
        os.rename(path + ".test", path)
        t.equal(maria.get("/desk", Sec_Fetch_Dest="empty").status, 200, "the page that is read again")
        with connect(w.ports[1]) as s:
            s.sendall(f"GET /changes HTTP/1.1\r\nHost: x\r\nSec-Fetch-Dest: empty\r\n"
                      f"Cookie: viz_session={maria.cookies['viz_session']}\r\n\r\n".encode())
            got = b""
            while b"data: " not in got:
                got += s.recv(65536)
        t.equal(seen(), long_ago, "neither that nor the stream is a person's request")
        t.equal(maria.get("/desk", Sec_Fetch_Dest="document").status, 200, "one that a person asks for")
        t.check(seen() > long_ago, "is")


def codes(t):
    """Whoever has the password does not get more guesses at the code by signing in again."""
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        w.command("user", "add", "ana", "admin", "--ask", input=GOOD + "\n")
        enter(w.private, "ana", GOOD)
        secret = re.search(r"<code>([a-z2-7 ]+)</code>", w.private.get("/sign-in/authenticator").text)[1]
        w.private.post("/sign-in/authenticator", code=code_of(secret))
        thief = Browser(w.ports[1])

        def guess():
            wrong = next(f"{n:06d}" for n in range(9) if f"{n:06d}" not in [code_of(secret, k) for k in range(-2, 3)])
            return thief.post("/sign-in/code", code=wrong).status
        got = []
        for wait, guesses in ((0, 2), (0, 2), (0, 2), (1, 1), (2, 1), (4, 1)):
            time.sleep(wait * 1.2)  # what has been guessed at too often waits twice as long each time
            got.append(enter(thief, "ana", GOOD).header("Location"))
            thief.get("/sign-in/code")
            got += [guess() for _ in range(guesses)]
        t.equal(set(got), {"/sign-in/code", 403}, "the password is known, the code is guessed at")
        t.equal(thief.post("/sign-in/code", code=code_of(secret, 1)).status, 403, "and then the right one waits, too")


def overtaken(t):
    """What somebody has begun before the account was reset or removed is not done afterwards."""
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        maria = agent(w)
        maria.get("/desk")
        body = f"csrf={maria.csrf}&text=27999990000".encode()
        with connect(w.ports[1]) as s:
            s.sendall(f"POST /desk/find HTTP/1.1\r\nHost: x\r\nCookie: viz_session={maria.cookies['viz_session']}\r\n"
                      f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            time.sleep(0.3)  # the head is read
            w.command("user", "remove", "maria")
            s.sendall(body)
            got = s.recv(65536)
        t.check(b" 303 " in got and b"/sign-in" in got, f"a body that comes after the account has gone {got[:80]}")

        w.command("user", "add", "ana", "admin", "--ask", input=GOOD + "\n")
        admin = w.private
        enter(admin, "ana", GOOD)
        secret = re.search(r"<code>([a-z2-7 ]+)</code>", admin.get("/sign-in/authenticator").text)[1]
        admin.post("/sign-in/authenticator", code=code_of(secret))
        agent(w, "rui")
        thief = agent(w, "eva")
        thieves = [Browser(w.ports[1], {"Accept-Language": "en"}) for _ in range(4)]
        for b in thieves:
            b.get("/sign-in")
        admin.get("/users")
        thief.get("/password")
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            reset = pool.submit(lambda: admin.post("/users/rui/reset").status)
            late = [pool.submit(lambda b=b: b.post("/sign-in", name="rui", password=GOOD).header("Location")) for b in thieves]
            t.equal(reset.result(), 200, "the account is reset")
            for x in late:
                x.result()
        t.equal([b.get("/desk").header("Location") for b in thieves], ["/sign-in"] * 4,
                "the old password opens nothing, however soon it was sent")
        admin.get("/users")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            reset = pool.submit(lambda: admin.post("/users/eva/reset"))
            late = pool.submit(lambda: thief.post("/password", old=GOOD, new=GOOD + " novo", again=GOOD + " novo"))
            password = re.search(r"<code>([a-z2-7-]+)</code>", reset.result().text)[1]
            late.result()
        t.equal(enter(Browser(w.ports[1]), "eva", password).header("Location"), "/password",
                "a session that is over changes no password")


def changes(t):
    """Any number of pages wait for what is new by one request to the node."""
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        maria = agent(w)
        seq = json.loads(maria.get("/changed?since=0").text)["seq"]
        t.check(seq > 0, "at once where the page knows nothing")
        seq = json.loads(maria.get(f"/changed?since={seq}").text)["seq"]  # what happened before it began to look
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            waits = [pool.submit(lambda: json.loads(maria.get(f"/changed?since={seq}").text)["seq"])
                     for _ in range(40)]
            time.sleep(1)
            t.check(not any(wait.done() for wait in waits), "nobody is told while nothing happens")
            t.equal(maria.get("/desk").status, 200, "and 40 that wait are in nobody's way")
            c[0].plan()
            c[0].cover([3201209])
            t.equal({wait.result() for wait in waits}, {seq + 1}, "all are told when something does")
        with connect(w.ports[1]) as s:
            s.sendall(f"GET /changes HTTP/1.1\r\nHost: x\r\nCookie: viz_session={maria.cookies['viz_session']}\r\n\r\n"
                      .encode())
            lines = s.makefile("rb")

            def event():
                for line in lines:
                    if line.startswith(b"data: "):
                        return json.loads(line[6:])["seq"]
            first = event()
            t.check(first >= seq, "a stream says where it begins")
            c[0].cover([3201308], name="outra")
            t.check(event() > first, "and what happens")
            w.command("user", "remove", "maria")
            c[0].cover([3205309], name="terceira")
            t.equal([event(), event()][-1], None, "and ends when the account does")
        maria = agent(w, "rui")
        streams = []
        for _ in range(20):
            s = connect(w.ports[1])
            s.sendall(f"GET /changes HTTP/1.1\r\nHost: x\r\nCookie: viz_session={maria.cookies['viz_session']}\r\n\r\n".encode())
            streams.append(s)
        for s in streams:
            s.close()
        t.equal(w.stop(), 0, "who leaves a stream leaves nothing behind")
        w.start()
        t.equal(Browser(w.ports[1]).get("/changed?since=0").status, 401, "whoever has not signed in is not")


def tokens(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        code, token, err = w.command("token", "add", "erp", "reader", "read", "board")
        t.check(code == 0 and re.fullmatch(r"vizt_[a-z2-7]{52}\n", token), f"a token {err}")
        token = token.strip()
        for words in (("erp", "reader", "read"), ("Erp", "reader", "read"), ("b", "boss", "read"), ("b", "reader", "all")):
            t.equal(w.command("token", "add", *words)[0], 1, f"none of {words}")
        listed = w.command("token", "list")[1]
        number = listed.split()[0]
        t.check(re.fullmatch(r"[0-9a-f]{16}  reader  erp  read board  20\d\d-\d\d-\d\d  -\n", listed), f"the list {listed}")
        with open(os.path.join(w.state_dir, "accounts.json")) as f:
            t.check(token not in f.read(), "which has its hash only")
        api = Browser(w.ports[1])
        refused = api.get("/changed?since=0")
        t.equal([refused.status, refused.header("WWW-Authenticate"), refused.header("Content-Type")],
                [401, "Bearer", "application/problem+json"], "without a token")
        t.equal(api.get("/changed?since=0", Authorization=f"Bearer {token}").status, 200, "with it")
        t.equal(api.get("/changed?since=0", Authorization=f"Bearer {token[:-1]}x").status, 401, "with another")
        t.equal(api.get("/", Authorization=f"Bearer {token}").status, 303, "pages are for people")
        t.equal(Browser(w.ports[0]).get("/", Authorization=f"Bearer {token}").status, 200, "the public ones do not look")
        t.equal(w.command("token", "remove", number)[0], 0, "removed")
        t.equal(api.get("/changed?since=0", Authorization=f"Bearer {token}").status, 401, "it holds no more")
        t.check(token not in w.log(), "and it is in no log")


def main():
    t = Tap()
    for part in (command, signing_in, authenticator, guesses, idle, codes, overtaken, changes, tokens):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
