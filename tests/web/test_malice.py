#!/usr/bin/env python3
"""Clients that misbehave: sizes, two lengths, slowness, crowds, forged headers; and a node that does not answer."""
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from web import Browser, Web, connect, raw, read_all, statuses
from nodes import PATIENCE, Cluster, Tap
from test_sign_in import GOOD, agent, enter

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


def get(extra=b"", path=b"/"):
    return b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n" + extra + b"\r\n"


def post(length, body=b"", extra=b""):
    return b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n" + extra + b"\r\n" + body


def lengths(t):
    """What two programs in a row could read in two ways is refused, and nothing of it is a second request."""
    chunked = b"Transfer-Encoding: chunked\r\n"
    smuggled = get(path=b"/smuggled")
    with Web("/nonexistent/control") as w:
        port = w.ports[1]
        for what, data, status in (
                ("Content-Length beside chunked", post(b"4", b"0\r\n\r\n" + smuggled, chunked), 400),
                ("chunked before Content-Length", b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + chunked +
                 b"Content-Length: 4\r\n\r\n0\r\n\r\n" + smuggled, 400),
                ("chunked", b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + chunked + b"\r\n0\r\n\r\n" + smuggled, 411),
                ("no length", b"POST /sign-in HTTP/1.1\r\nHost: x\r\n\r\n" + smuggled, 411),
                ("two lengths", post(b"0", smuggled, b"Content-Length: %d\r\n" % len(smuggled)), 400),
                ("a length with a sign", post(b"+4", b"aaaa" + smuggled), 400),
                ("a length that is none", post(b"0x4", b"aaaa" + smuggled), 400),
                ("a huge length", post(b"99999999999999999999", smuggled), 413),
                ("a body of GET", get(b"Content-Length: %d\r\n" % len(smuggled)) + smuggled, 400),
                ("a chunked GET", get(chunked) + b"0\r\n\r\n" + smuggled, 411),
                ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
                ("two hosts", get(b"Host: y\r\n"), 400)):
            got = statuses(raw(port, data))
            # The head of the library's own refusals comes twice (0.9.75).
            t.check(set(got) == {status} and len(got) <= 2, f"{what}: {got}")


def sizes(t):
    with Web("/nonexistent/control") as w:
        got = statuses(raw(w.ports[0], get(b"X: " + b"a" * 40000 + b"\r\n")))
        t.check(got in ([431], [413], []), f"a head of 40 KB: {got}")
        got = statuses(raw(w.ports[0], b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"))
        t.check(got in ([414], [431], []), f"a path of 40 KB: {got}")
        got = statuses(raw(w.ports[0], get(b"".join(b"X%d: y\r\n" % i for i in range(3000)))))
        t.check(got in ([431], [413], []), f"3,000 headers: {got}")
        t.equal(statuses(raw(w.ports[1], post(b"65537", b"a=" + b"b" * 65535))), [413], "a body of more than 64 KiB")
        w.private.get("/sign-in")
        t.equal(w.private.post("/sign-in", name="a" * 60000, password="b").status, 403,
                "one of less than that is read whole (MHD_get_timeout)")
        t.equal(w.private.post("/sign-in", **{f"f{i}": "x" for i in range(200)}).status, 400, "200 fields")
        t.equal(w.private.post("/sign-in", {"Content-Type": "text/plain"}, name="a").status, 415, "another type")
        t.equal(w.private.post("/sign-in", name="a\0b").status, 400, "a NUL")
        t.equal(w.private.ask("POST", "/sign-in", b"csrf=%ff%fe", **{
            "Content-Type": "application/x-www-form-urlencoded"}).status, 400, "no UTF-8")
        t.equal(w.public.get("/").status, 200, "and it serves on")


def slowly(port, data, first=b""):
    """Sends a byte now and then until the other side ends; returns what it said."""
    with connect(port) as s:
        s.sendall(first)
        s.settimeout(0.4)
        for byte in data:
            try:
                s.sendall(bytes([byte]))
                got = s.recv(65536)
                return got
            except TimeoutError:
                continue
            except OSError:
                return b""
    raise AssertionError("it was served, or waited for, to the end")


def slow(t):
    """A byte now and then: the library's own timeout counts from the last byte, and would never end them."""
    with Web("/nonexistent/control") as w:
        t.equal(slowly(w.ports[0], HEAD + b"X: " + b"a" * 10000), b"", "a slow head ends")
        t.equal(slowly(w.ports[1], b"a" * 10000, post(b"20000")), b"", "a slow body ends")
        with connect(w.ports[0]) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.settimeout(1)
            style = w.public.get("/").text.split('href="/a/style')[1].split('"')[0].encode()
            ended = time.monotonic() + PATIENCE
            while time.monotonic() < ended:
                try:
                    s.sendall(get(path=b"/a/style" + style) * 50)
                except TimeoutError:
                    continue
                except OSError:
                    break
            t.check(time.monotonic() < ended, "whoever takes no answers is put out")
        with connect(w.ports[0]) as s:
            t.equal(read_all(s), b"", "and whoever says nothing")


def from_address(number, port):
    s = socket.socket()
    s.settimeout(PATIENCE)
    s.bind((f"127.0.{number // 250}.{number % 250 + 1}", 0))
    s.connect(("127.0.0.1", port))
    return s


def ends(s):
    """Whether the other side has ended the connection."""
    s.setblocking(False)
    try:
        return s.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def crowds(t):
    with Web("/nonexistent/control") as w:
        crowd = [from_address(1, w.ports[0]) for _ in range(64)]
        late = from_address(1, w.ports[0])
        t.equal(read_all(late), b"", "the 65th connection of an address")
        t.equal(w.public.get("/").status, 200, "another address is served")
        for i in range(2, 18):
            crowd += [from_address(i, w.ports[0]) for _ in range(64)]
        time.sleep(1.5)  # the youngest are not put out
        fresh = from_address(100, w.ports[0])
        fresh.sendall(get(b"Connection: close\r\n"))
        t.equal(statuses(read_all(fresh)), [200], "when all places are taken, the one that has waited longest goes")
        t.check(any(ends(s) for s in crowd[:64]), "which was one of the first")
        for s in crowd:
            s.close()
        t.equal(w.public.get("/").status, 200, "and afterwards")
    with Web("/nonexistent/control", "proxies = 127.0.0.2\n") as w:
        crowd = [from_address(1, w.ports[0]) for _ in range(100)]
        crowd[-1].sendall(get(b"Connection: close\r\n"))
        t.equal(statuses(read_all(crowd[-1])), [200], "a proxy brings many")


def forwarded(t):
    def cookie(w, number, extra):
        with from_address(number, w.ports[0]) as s:
            s.sendall(get(b"Connection: close\r\n" + extra))
            return b"; Secure" in read_all(s)
    with Web("/nonexistent/control", "proxies = 127.0.0.2\n") as w:
        https = b"X-Forwarded-Proto: https\r\n"
        t.equal([cookie(w, 1, https), cookie(w, 1, b""), cookie(w, 3, https)], [True, False, False],
                "only a proxy of ours says that it is https")

    def tries(w, headers, n):
        b = Browser(w.ports[1], headers)
        return [enter(b, f"nobody{i}", "x").status for i in range(n)]
    with Web("/nonexistent/control", "proxies = 127.0.0.1\n") as w:
        w.command("user", "add", "maria", "agent", "--ask", input=GOOD + "\n")
        tries(w, {"X-Forwarded-For": "10.1.1.1, 203.0.113.5"}, 26)
        b = Browser(w.ports[1], {"X-Forwarded-For": "198.51.100.1, 203.0.113.5"})
        t.equal(enter(b, "maria", GOOD).status, 403, "an address that has guessed waits, whatever it puts before its own")
        b = Browser(w.ports[1], {"X-Forwarded-For": "198.51.100.1, " * 100 + "203.0.113.5"})
        t.equal(enter(b, "maria", GOOD).status, 403, "however much that is")
        b = Browser(w.ports[1], {"X-Forwarded-For": "198.51.100.1", "x-forwarded-for": "203.0.113.5"})
        t.equal(enter(b, "maria", GOOD).status, 403, "and in a line of its own: a proxy may add another")
        b = Browser(w.ports[1], {"X-Forwarded-For": "203.0.113.5, 203.0.113.6"})
        t.equal(enter(b, "maria", GOOD).status, 303, "another one does not")
        for i in range(26):
            enter(Browser(w.ports[1], {"X-Forwarded-For": f"2001:db8:1:1::{i + 1:x}"}), f"ninguem{i}", "x")
        b = Browser(w.ports[1], {"X-Forwarded-For": "2001:db8:1:1:ffff::1"})
        t.equal(enter(b, "maria", GOOD).status, 403, "of IPv6 the /64 waits: whoever has an address has all of them")
        b = Browser(w.ports[1], {"X-Forwarded-For": "2001:db8:1:2::1"})
        t.equal(enter(b, "maria", GOOD).status, 303, "and no other")


def away(t):
    with Cluster(1) as c, Web(c[0].socket_path) as w:
        maria = agent(w)
        t.equal(maria.get("/desk").status, 200, "the node answers")
        os.kill(c[0].pid, signal.SIGSTOP)
        page = maria.get("/desk")
        t.check(page.status == 503 and "does not answer now" in page.text, "a node that stands still")
        os.kill(c[0].pid, signal.SIGCONT)
        t.equal(maria.get("/desk").status, 200, "and goes on")
        c[0].kill9()
        t.equal(maria.get("/desk").status, 503, "a node that is gone")
        t.equal(w.public.get("/").status, 200, "what does not ask it is there")
        c[0].start()
        t.equal(maria.get("/desk").status, 200, "and is back")
        t.equal([w.log().count("does not answer"), w.log().count("vizinhod answers")], [2, 2], "each said once")
        os.kill(c[0].pid, signal.SIGSTOP)
        with connect(w.ports[1]) as s:
            s.sendall(get(f"Cookie: viz_session={maria.cookies['viz_session']}\r\n".encode(), b"/desk"))
            time.sleep(0.3)
            t.equal(w.stop(), 0, "it ends in order while a page waits")
            t.equal(statuses(read_all(s)), [503], "which is told")


class Broken:
    """What answers on the control socket says something else than a reply."""

    def __init__(self, path, reply):
        self.listener, self.reply = socket.socket(socket.AF_UNIX), reply
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        try:
            while s.recv(65536):
                s.sendall(self.reply)
        except OSError:
            pass


def broken(t):
    good = b'{"ok":true,"protocol":1,"version":"0","result":{}}\n'
    for what, reply, statuses_ in (("no JSON", b"nonsense\n", {503}), ("no object", b"[]\n", {503}),
                                   ("neither result nor error", b"{}\n", {502}), ("a NUL", b"\0\n", {503}),
                                   ("two replies", good + good, {503}), ("no end", b"a" * (9 << 20), {503}),
                                   ("half a reply", good[:20], {503})):
        with tempfile.TemporaryDirectory() as dir, Web(dir + "/s") as w:
            node = Broken(dir + "/s", reply)
            maria = agent(w)
            got = {maria.get("/desk").status for _ in range(2)}
            t.equal(got, statuses_, what)
            t.equal([w.public.get("/").status, w.stop()], [200, 0], "and it serves on, and ends")
            node.listener.close()


def tls(t):
    with Web("/nonexistent/control", start=False) as w:
        pair = [os.path.join(w.dir, name) for name in ("cert.pem", "key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days",
                        "2", "-out", pair[0], "-keyout", pair[1]], check=True, capture_output=True)
        w.configure(f"certificate = {pair[0]}\nkey = {pair[1]}\n")
        w.start()
        context = ssl.create_default_context(cafile=pair[0])
        context.check_hostname = False
        with context.wrap_socket(connect(w.ports[0])) as s:
            s.sendall(get(b"Connection: close\r\n"))
            got = read_all(s)
            t.check(statuses(got) == [200] and b"; Secure" in got and b"Strict-Transport-Security" in got,
                    f"over {s.version()}")
        t.equal(statuses(raw(w.ports[0], get())), [], "and not without")
        w.stop()
        with open(pair[1], "w") as f:
            f.write("none\n")
        p = subprocess.run([os.environ.get("VIZINHO_WEB"), "--config", w.config_path], capture_output=True, text=True)
        t.check(p.returncode == 2 and "certificate and key" in p.stderr, f"a key that is none: {p.stderr}")


def main():
    t = Tap()
    for part in (lengths, sizes, slow, crowds, forwarded, away, broken, tls):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
