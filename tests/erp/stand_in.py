"""What all stand-ins of ERPs share: an HTTP server with faults that a test switches on and off.

A stand-in is a class with `answer(request)`, which returns a Reply. Faults stand before it or behind it, so each ERP
has all of them:

    erp.fault("429", seconds=2, times=1)         the next request is refused with Retry-After: 2
    erp.fault("cut", match="contato")            each request with "contato" in its path is cut off half way
    erp.fault("lost", method="POST", times=1)    the next POST takes effect, and its answer never comes
    erp.heal()                                   all faults are gone

`requests` has what came, in order, for a test to count and look at."""
import base64
import http.server
import json
import os
import socket
import ssl
import sys
import threading
import time
import urllib.parse

HTML_LOGIN = """<!DOCTYPE html><html lang="pt-br"><head><title>Entrar</title></head><body><form method="post" action="/login/">
<input name="username"><input name="password" type="password"><button>Entrar</button></form></body></html>"""
FAULTS = {
    "429": "too many requests, Retry-After in seconds=",
    "429-date": "too many requests, Retry-After as a date in seconds=",
    "status": "code=: an error of the server",
    "slow": "the answer comes after seconds=",
    "drip": "one byte of the answer each seconds=",
    "cut": "the connection ends in the middle of the answer",
    "refuse": "the connection ends without an answer",
    "lost": "the request takes effect, and the connection ends without an answer",
    "lost-500": "the request takes effect, and the answer is an error 500 in HTML",
    "html": "an HTML page with status 200",
    "div": "an HTML <div> with an error and status 200",
    "empty": "status 200 and no body",
    "null": "status 200 and the JSON null",
    "half-json": "the JSON ends too early, with a right Content-Length",
    "array": "status 200 and an empty JSON list where an object belongs",
    "latin1": "the body is ISO 8859-1, and the header does not say so",
    "redirect": "302 to a login page",
    "huge": "a body of mib= MiB",
}


class Reply:
    def __init__(self, body, status=200, kind="application/json", headers=None):
        self.body = body if isinstance(body, (bytes, str)) else json.dumps(body, ensure_ascii=False)
        self.status, self.kind, self.headers = status, kind, headers or {}

    def bytes(self, encoding="utf-8"):
        return self.body if isinstance(self.body, bytes) else self.body.encode(encoding, "replace")


def div(text, status=200):
    return Reply(f"<div style='padding:10px'><b>{text}</b></div>", status, "text/html; charset=UTF-8")


class Request:
    def __init__(self, handler, body):
        split = urllib.parse.urlsplit(handler.path)
        self.method, self.path = handler.command, split.path
        self.query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
        self.headers = {k.lower(): v for k, v in handler.headers.items()}
        self.body, self.time, self.done = body, time.monotonic(), False

    def form(self):
        """The fields of the body, JSON or urlencoded; None when it is neither."""
        try:
            if "json" in self.headers.get("content-type", ""):
                value = json.loads(self.body or b"{}")
                return value if isinstance(value, dict) else None
            return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body)))
        except (ValueError, UnicodeDecodeError):
            return None

    def basic(self):
        """The `user:secret` of Basic, or None."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        try:
            return base64.b64decode(value, validate=True).decode() if kind.lower() == "basic" else None
        except ValueError:
            return None

    def bearer(self):
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        return value if kind.lower() == "bearer" else None


class Fault:
    def __init__(self, name, method=None, match="", times=None, after=0, **more):
        if name not in FAULTS:
            raise KeyError(name)
        self.name, self.method, self.match, self.times, self.after, self.more = name, method, match, times, after, more
        self.hits = 0

    def takes(self, request):
        if (self.method and request.method != self.method) or self.match not in request.path or self.times == 0:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times:
            self.times -= 1
        self.hits += 1
        return True


class StandIn:
    """`per_minute`: more requests in a minute get 429, if set."""
    per_minute = None

    def __init__(self, tls=None, port=0):
        self.faults, self.requests, self.lock, self.served = [], [], threading.RLock(), []
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def take(self):
                stand_in.serve(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = take

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                if not isinstance(sys.exc_info()[1], (OSError, ssl.SSLError)):
                    super().handle_error(request, client_address)

        self.server = Server(("127.0.0.1", port), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # what a test does

    def fault(self, name, **more):
        fault = Fault(name, **more)
        with self.lock:
            self.faults.append(fault)
        return fault

    def heal(self):
        with self.lock:
            self.faults.clear()

    def count(self, method=None, match=""):
        with self.lock:
            return sum((not method or r.method == method) and match in r.path for r in self.requests)

    # what a client sees

    def answer(self, request):
        raise NotImplementedError

    def too_fast(self):
        if not self.per_minute:
            return False
        now = time.monotonic()
        self.served = [t for t in self.served if now - t < 60]
        self.served.append(now)
        return len(self.served) > self.per_minute

    def serve(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        request = Request(handler, handler.rfile.read(length))
        with self.lock:
            self.requests.append(request)
            fault = next((f for f in self.faults if f.takes(request)), None)
            name = fault.name if fault else ""
            before = {"429", "429-date", "status", "refuse", "html", "div", "empty", "null", "array", "redirect", "huge"}
            if self.too_fast():
                reply = Reply({"message": "Too Many Attempts."}, 429, headers={"Retry-After": "2"})
            elif name in before:
                reply = self.instead(fault)
            else:
                reply = self.answer(request)
                request.done = True
        self.send(handler, reply, fault)

    def instead(self, fault):
        """The answer of a fault that keeps the request from its effect."""
        name, more = fault.name, fault.more
        if name in ("429", "429-date"):
            wait = more.get("seconds", 1)
            text = str(wait) if name == "429" else time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + wait))
            return Reply({"message": "Too Many Attempts."}, 429, headers={"Retry-After": text})
        return {"status": lambda: Reply("<html><body><h1>Server Error</h1></body></html>", more.get("code", 500), "text/html"),
                "refuse": lambda: None, "html": lambda: Reply(HTML_LOGIN, kind="text/html; charset=utf-8"),
                "div": lambda: div("Ocorreu um erro ao processar. Contate o suporte."), "empty": lambda: Reply(b""),
                "null": lambda: Reply(b"null"), "array": lambda: Reply(b"[]"),
                "redirect": lambda: Reply(b"", 302, headers={"Location": "/login/?next=/"}),
                "huge": lambda: Reply(b'{"registros":["' + b"a" * (more.get("mib", 64) << 20) + b'"]}')}[name]()

    def send(self, handler, reply, fault):
        name, more = (fault.name, fault.more) if fault else ("", {})
        if name == "lost-500":
            reply = Reply("<html><body><h1>Server Error (500)</h1></body></html>", 500, "text/html")
        if reply is None or name == "lost":
            return self.hang_up(handler)
        if name == "slow":
            time.sleep(more.get("seconds", 1))
        body = reply.bytes("latin-1" if name == "latin1" else "utf-8")
        if name == "half-json":
            body = body[:len(body) * 2 // 3]
        handler.send_response(reply.status)
        handler.send_header("Content-Type", reply.kind)
        handler.send_header("Content-Length", str(len(body)))
        for key, value in reply.headers.items():
            handler.send_header(key, value)
        handler.end_headers()
        if handler.command == "HEAD":
            return None
        if name == "cut":
            handler.wfile.write(body[:len(body) // 2])
            handler.wfile.flush()
            return self.hang_up(handler)
        if name == "drip":
            for i in range(len(body)):
                handler.wfile.write(body[i:i + 1])
                handler.wfile.flush()
                time.sleep(more.get("seconds", 0.5))
            return None
        handler.wfile.write(body)
        return None

    @staticmethod
    def hang_up(handler):
        handler.close_connection = True
        try:
            handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main(make):
    """A stand-in by hand: `python3 ixc.py [PORT [FAULT ...]]`. It prints its address and how to sign in."""
    names = sys.argv[2:]
    if any(name not in FAULTS for name in names):
        sys.exit("".join(f"{name:10} {text}\n" for name, text in FAULTS.items()))
    erp = make(port=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    for name in names:
        erp.fault(name)
    print(f"{erp.url}  {erp.how}", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        os._exit(0)
