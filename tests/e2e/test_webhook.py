"""Webhooks: a real receiver gets each event at least once, signed, whatever it answers and whoever is killed."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import story
from nodes import PATIENCE, VIZINHOD, Cluster, Tap, wait_until

WEBHOOK = os.environ.get("VIZINHO_WEBHOOK", os.path.join(os.path.dirname(os.environ.get("VIZINHO", "")), "vizinho-webhook"))
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver:
    """Verifies each request by the specification's own words, and answers as `answer` says."""

    def __init__(self, tls=None):
        self.got, self.wrong, self.answer, self.elsewhere = [], [], 200, 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/events":
                    receiver.elsewhere += 1
                receiver.take({k.lower(): v for k, v in self.headers.items()}, body)
                if receiver.answer == "hang":
                    time.sleep(5)
                if receiver.answer in ("hang", "cut"):
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(receiver.answer)
                if receiver.answer == 302:
                    self.send_header("Location", "/other")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, headers, body):
        key = base64.b64decode(SECRET[6:])
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        message = json.loads(body)
        right = (wanted in headers["webhook-signature"].split(" ") and abs(int(headers["webhook-timestamp"]) - time.time()) < 60
                 and headers["content-type"] == "application/json" and message["type"] == message["data"]["event"]
                 and message["timestamp"] == message["data"]["time"] and message["data"]["id"] == headers["webhook-id"])
        if not right:
            self.wrong.append((headers, body))
        self.got.append((self.answer, headers["webhook-id"], message))

    def taken(self):
        return [i for answer, i, _ in self.got if answer == 200]


class Sender:
    def __init__(self, node, dir, hurry=1):
        self.node, self.dir, self.hurry, self.log_path = node, dir, hurry, dir + ".log"
        self.process = None

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([WEBHOOK, "--config", self.node.config_path, "--dir", self.dir, "--hurry",
                                             str(self.hurry)], stdout=log, stderr=log)
        return self

    def log(self):
        with open(self.log_path) as f:
            return f.read()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def ready(self):
        return os.path.exists(os.path.join(self.dir, "cursor"))

    def dead(self):
        return self.node.cli("events", "dead", "--dir", self.dir)


def configured(node, receiver, scheme="http", more=""):
    secret = os.path.join(str(node.dir), "secret")
    with open(secret, "w") as f:
        f.write(f"# two, while one is changed\nwhsec_{base64.b64encode(b'x' * 32).decode()}\n{SECRET}\n")
    node.configure(f"[events]\nwebhook = {scheme}://127.0.0.1:{receiver.port}/events\nwebhook_secret = {secret}\n{more}")


def ids(node):
    return [e["id"] for e in node.ctl("events", log="journal", max=1000)["events"]]


def delivers(t):
    """Nothing is lost, whoever is killed, and what comes again has the same id."""
    with Cluster(2, names=["Alfa", "Beta"]) as c:
        a, b = c
        receiver = Receiver()
        configured(b, receiver)
        c.join(a, b)
        b.cover([story.CACHOEIRO], [(29300000, 29329999)])
        b.plan()
        story.wait_covered(a, 1)
        wait_until(lambda: ids(b), "something has happened before")
        sender = Sender(b, os.path.join(str(b.dir), "spool"), 20).start()
        wait_until(sender.ready, "the sender has begun")
        with open(os.path.join(sender.dir, "cursor")) as f:
            before = json.load(f)["number"]
        lead = story.offer(a, "P-1")
        story.wait_state(a, lead, "choosing")
        story.choose(a, lead, "Beta")
        story.wait_contact(b, lead)
        wait_until(lambda: set(ids(b)[before:]) <= set(receiver.taken()), "all that happened came")
        t.check(not set(ids(b)[:before]) & set(receiver.taken()), "and nothing from before the sender's first start")
        t.check("handoff" in [m["type"] for _, _, m in receiver.got], "the hand-off is among them")
        for answer in (500, "cut", 302):
            receiver.answer = answer
            count = len(receiver.got)
            b.cover([story.CACHOEIRO], name=f"rede{answer}")
            wait_until(lambda: len(receiver.got) > count + 1, f"after {answer} it comes again")
            sender.end(signal.SIGKILL)
            b.kill9()
            sender.start()
            b.start()
        t.equal(receiver.elsewhere, 0, "a redirect is not followed")
        receiver.answer = 200
        b.cover([story.CACHOEIRO], name="last")
        wait_until(lambda: set(ids(b)[before:]) <= set(receiver.taken()), "nothing is lost by kill -9 of both")
        again = [i for answer, i, _ in receiver.got if answer != 200]
        t.check(set(again) <= set(receiver.taken()) and len(again) >= 6, "what came again has the same id")
        t.equal(receiver.wrong, [], "each request is signed, by the old secret and by the new one")
        listed = {e["id"]: e for e in b.ctl("events", log="journal", max=1000)["events"]}
        t.check(all(m["data"] == {k: v for k, v in listed[i].items() if k != "cursor"} for _, i, m in receiver.got),
                "the data is the event as `vizinho events` gives it")
        secret = [x.lower() for x in story.CONTACT.values()] + ["p-1", "29300100"]
        for what, text in (("bodies", json.dumps([m for _, _, m in receiver.got])), ("log", sender.log())):
            t.check(not any(x in text.lower() for x in secret if len(x) > 8), f"no person in the {what}")
        t.check(SECRET[6:] not in open(f"/proc/{sender.process.pid}/cmdline").read() + sender.log(), "no secret in argv, log")
        t.equal(sender.end(), 0, "it ends in order")
        events, path = b.ctl("events", log="journal", max=1000)["events"], os.path.join(sender.dir, "cursor")
        newer = [e["id"] for e in events if e["time"] > events[2]["time"]]
        with open(path, "w") as f:
            json.dump({"number": 4, "id": "4-of another journal", "time": events[2]["time"], "skip": ""}, f)
        receiver.got.clear()
        sender.start()
        wait_until(lambda: receiver.taken() == newer, "after an old backup what is newer than the last event is sent")
        t.check("the journal is another" in sender.log(), "and that is said")
        sender.end()


def gives_up(t):
    """A dead receiver: back-off, the list of the dead, and retry. The node does not notice."""
    with Cluster(1, names=["Alfa"]) as c:
        a = c[0]
        receiver = Receiver()
        configured(a, receiver, more="webhook_level = notice\n")
        sender = Sender(a, os.path.join(str(a.dir), "spool"), 100000).start()
        wait_until(sender.ready, "the sender has begun")
        receiver.answer = 500
        a.cover([story.CACHOEIRO], name="um")
        wait_until(lambda: len(sender.dead()["dead"]) == 1, "it is given up after a day (a day is short here)")
        dead = sender.dead()["dead"][0]
        t.equal([dead["attempt"], dead["why"], [i for _, i, _ in receiver.got].count(dead["event"]["id"])], [12, "HTTP 500", 12],
                "after 12 attempts")
        t.check("is given up after 12 attempts (HTTP 500)" in sender.log(), "and that is said")
        code, out, _ = a.run("events", "dead", "--dir", sender.dir, lang="pt-BR")
        t.check(code == 0 and "HTTP 500" in out and "Desistências: 1." in out, f"and listed: {out}")
        receiver.answer = 200
        t.equal(a.cli("events", "retry", "--dir", sender.dir)["dead_count"], 1, "retry")
        wait_until(lambda: receiver.taken() == [dead["event"]["id"]], "empties the list")
        wait_until(lambda: sender.dead()["dead"] == [], "of the dead")
        receiver.answer = 410
        a.cover([story.CACHOEIRO], name="dois")
        wait_until(lambda: sender.dead()["receiver_gone"], "410 ends it")
        count = len(receiver.got)
        a.cover([story.CACHOEIRO], name="tres")
        time.sleep(1)
        t.equal(len(receiver.got), count, "nothing more is sent")
        receiver.answer = 200
        a.cli("events", "retry", "--dir", sender.dir)
        wait_until(lambda: set(ids(a)) <= set(receiver.taken()), "until retry: then nothing is missing")
        receiver.answer = "hang"
        began = time.monotonic()
        a.cover([story.CACHOEIRO], name="quatro")
        t.check(time.monotonic() - began < 4, "a receiver that hangs holds up nothing of the node")
        wait_until(lambda: "does not take events (Timeout" in sender.log(), "and is given up by the clock")
        t.equal(Sender(a, sender.dir).start().process.wait(PATIENCE), 1, "a second sender does not start")
        sender.end()


def trusts(t):
    """TLS is verified; http goes to private addresses; and the configuration is checked."""
    with Cluster(1, names=["Alfa"]) as c:
        a = c[0]
        key, cert = (os.path.join(c.dir, x) for x in ("key.pem", "cert.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=receiver", "-addext",
                        "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        receiver = Receiver((cert, key))
        configured(a, receiver, "https")
        sender = Sender(a, os.path.join(str(a.dir), "spool"), 20).start()
        wait_until(sender.ready, "the sender has begun")
        a.cover([story.CACHOEIRO], name="um")
        wait_until(lambda: "does not take events (SSL" in sender.log(), "a certificate that nobody vouches for is refused")
        t.equal(receiver.got, [], "and gets nothing")
        sender.end()
        configured(a, receiver, "https", f"webhook_ca = {cert}\n")
        sender.start()
        wait_until(lambda: receiver.taken() == ids(a), "with webhook_ca it is trusted")
        sender.end()
        for line, said in (("webhook = ftp://x/", "a URL that begins with https://"),
                           ("webhook = https://user:pass@x/", "without user or password"),
                           ("webhook_secret = secret", "the absolute path of a file"),
                           ("webhook_http = yes", "private or anywhere"), ("webhook_level = debug", "error, warning, notice or info")):
            a.configure(f"[events]\n{line}\n")
            number = open(a.config_path).read().splitlines().index(line) + 1
            p = subprocess.run([VIZINHOD, "--config", a.config_path, "--check"], capture_output=True, text=True,
                               env={**os.environ, "LC_ALL": "C.UTF-8"})
            t.check(p.returncode == 2 and f":{number}: " in p.stdout + p.stderr and said in p.stdout + p.stderr, f"{line}: {p.stderr}")
        a.configure("[events]\nwebhook = http://203.0.113.1/\nwebhook_secret = " + os.path.join(str(a.dir), "secret") + "\n")
        sender.start()
        a.cover([story.CACHOEIRO], name="dois")
        wait_until(lambda: sender.log().count("does not take events") == 2, "http to the Internet is not even dialled")
        sender.end()
        open(os.path.join(str(a.dir), "secret"), "w").write("whsec_short\n")
        t.equal([sender.start().process.wait(PATIENCE), "secret:1: expected whsec_" in sender.log()], [2, True],
                "a wrong secret is told with its line")


def main():
    t = Tap()
    for part in (delivers, gives_up, trusts):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
