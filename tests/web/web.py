"""A real vizinho-web on loopback, and clients of it: an ordinary one, and raw sockets for those that misbehave.

    with Web(node.socket_path) as w:
        w.public.get("/").status
        w.private.post("/sign-in", name="ana", password="...")
        raw(w.public.port, b"GET / HTTP/1.1\\r\\n")

$VIZINHO_WEB names the program.
"""
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from nodes import PATIENCE, ROOT, free_port, wait_until  # noqa: E402

VIZINHO_WEB = os.environ.get("VIZINHO_WEB", str(ROOT / "build/tools/web/vizinho-web"))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode("utf-8", "replace")

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name.lower()]

    def field(self, name):
        """The value of a hidden field."""
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.text)
        return found[1] if found else None


class Browser:
    """Keeps cookies and the last form's token, as a browser does."""

    def __init__(self, port, headers=None):
        self.port, self.cookies, self.headers, self.csrf = port, {}, headers or {}, None

    def ask(self, method, path, body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        try:
            c.request(method, path, body, given)
            r = c.getresponse()
            answer = Answer(r.status, r.getheaders(), r.read())
        finally:
            c.close()
        for line in answer.all("Set-Cookie"):
            name, _, rest = line.partition("=")
            if "Max-Age=0" in rest:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = rest.split(";")[0]
        self.csrf = answer.field("csrf") or self.csrf
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, headers=None, **fields):
        fields = {"csrf": self.csrf, **fields}
        body = urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None}, doseq=True)
        return self.ask("POST", path, body,
                        **{"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})


class Web:
    def __init__(self, socket_path, config="", start=True):
        self.dir = tempfile.mkdtemp(prefix="vw-", dir=os.environ.get("VIZ_DIR", "/tmp"))
        self.config_path = os.path.join(self.dir, "web.conf")
        self.state_dir = os.path.join(self.dir, "state")
        self.log_path = os.path.join(self.dir, "log")
        os.mkdir(self.state_dir, 0o700)
        self.ports = [free_port(), free_port()]
        self.socket_path = str(socket_path)
        self.public, self.private = (Browser(port) for port in self.ports)
        self.process = None
        self.configure(config)
        if start:
            self.start()

    def configure(self, extra=""):
        with open(self.config_path, "w") as f:
            f.write(f"[web]\npublic = 127.0.0.1:{self.ports[0]}\nprivate = 127.0.0.1:{self.ports[1]}\n"
                    f"socket = {self.socket_path}\nstate_dir = {self.state_dir}\n{extra}")

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([VIZINHO_WEB, "--config", self.config_path], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env={**os.environ, "LC_ALL": "C.UTF-8"})
        wait_until(self.answers, "vizinho-web answers")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"vizinho-web ended with {self.process.returncode}\n{self.log()}")
        try:
            for port in self.ports:
                socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def stop(self, number=signal.SIGTERM):
        process, self.process = self.process, None
        process.send_signal(number)
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("vizinho-web did not end") from None

    def command(self, *words, input="", lang="C.UTF-8"):
        """(exit status, output, errors) of the program as a command."""
        p = subprocess.run([VIZINHO_WEB, "--config", self.config_path, *words], input=input, capture_output=True,
                           text=True, timeout=PATIENCE, env={**os.environ, "LC_ALL": lang})
        return p.returncode, p.stdout, p.stderr

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            print("# vizinho-web: its log\n# " + "\n# ".join(self.log().splitlines()[-15:]), file=sys.stderr)
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        if not os.environ.get("VIZ_KEEP"):
            shutil.rmtree(self.dir, ignore_errors=True)


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), PATIENCE)
    s.settimeout(PATIENCE)
    return s


def read_all(s):
    """All that comes until the other side ends; a reset is an end too."""
    got = b""
    try:
        while chunk := s.recv(65536):
            got += chunk
    except ConnectionResetError:
        pass
    return got


def raw(port, data):
    """Sends the bytes, ends our side, and returns all that comes back."""
    with connect(port) as s:
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError, OSError):
            pass
        return read_all(s)


def statuses(got):
    """The status of each answer in the bytes."""
    return [int(m) for m in re.findall(rb"HTTP/1\.[01] (\d\d\d) ", got)]
