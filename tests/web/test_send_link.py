#!/usr/bin/env python3
"""tools/packaging/send-link beside a node that makes the link, and three providers of messages that are played: what each
of them documents is what it gets."""
import http.server
import json
import os
import subprocess
import sys
import threading

import web  # noqa: F401: where nodes.py is
from nodes import PATIENCE, ROOT, VIZINHO, Tap
from story import cluster, offer

SCRIPT = str(ROOT / "tools/packaging/send-link")
PHONE = "(28) 98765-0001"


class Provider(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(body)  # a refusal may repeat what was sent

    def log_message(self, *args):
        pass


def send(c, server, lead, config):
    path = os.path.join(c.dir, "send-link.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"base": f"http://127.0.0.1:{server.server_port}", "key": "chave", **config}, f)
    made = subprocess.run([VIZINHO, "--socket", c[0].socket_path, "--json", "lead", "link", lead], capture_output=True,
                          text=True, timeout=PATIENCE).stdout
    run = subprocess.run([sys.executable, "-B", SCRIPT], input=made + PHONE + "\n", capture_output=True, text=True,
                         timeout=PATIENCE, env={**os.environ, "VIZINHO_SEND_LINK": path})
    return json.loads(made), run


def main():
    t = Tap()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.got, server.status = [], 200
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    with cluster(1) as c:
        lead = offer(c[0])
        made, run = send(c, server, lead, {"provider": "evolution", "instance": "vendas", "url": "https://v.example/",
                                           "text": "Seu link: {link}"})
        path, headers, body = server.got[-1]
        t.equal((path, headers.get("apikey")), ("/message/sendText/vendas", "chave"), "Evolution: path and key")
        t.equal(body, {"number": "5528987650001", "text": f"Seu link: https://v.example{made['path']}", "linkPreview": False},
                "Evolution: the text with the link, and no preview")
        t.check(run.returncode == 0 and made["token"] not in run.stdout + run.stderr and "98765" not in run.stdout,
                "it says that it was sent, and neither link nor telephone")
        made, run = send(c, server, lead, {"provider": "cloud", "phone_id": "77", "template": "vizinho_link", "language": "pt_BR"})
        path, headers, body = server.got[-1]
        t.equal((path, headers.get("Authorization")), ("/77/messages", "Bearer chave"), "Cloud API: path and key")
        t.equal(body["template"]["components"][0]["parameters"][0]["text"], made["token"], "Cloud API: the button's suffix")
        made, run = send(c, server, lead, {"provider": "opa", "channel": "c1", "template": "t1", "url": "https://v.example"})
        path, headers, body = server.got[-1]
        t.equal((path, body["number"], body["variables"]),
                ("/api/v1/template/send", "5528987650001", ["https://v.example" + made["path"]]), "Opa! Suite: the template's variable")
        server.status = 400
        made, run = send(c, server, lead, {"provider": "opa", "channel": "c1", "template": "t1", "url": "https://v.example"})
        t.check(run.returncode == 1 and "400" in run.stderr and made["token"] not in run.stderr, "a refusal is told without the link")
        server.shutdown()
        server.server_close()
        made, run = send(c, server, lead, {"provider": "opa", "channel": "c1", "template": "t1", "url": "https://v.example"})
        t.check(run.returncode == 1 and "cannot be reached" in run.stderr, "nobody there")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
