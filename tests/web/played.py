"""A control socket whose replies a test writes: for stages of a lead that real nodes reach only after days, and for
refusals. Each reply is compared with node/CONTROL.md, so that the test cannot play what no node says.

    with Played() as node:
        node.reply["customer.show"] = {"page": {...}}
        node.error["customer.choose"] = {"code": "bad-phone", "message": "..."}
        node.asked            # (op, args, as) of each request
"""
import json
import os
import shutil
import socketserver
import tempfile
import threading

import web  # noqa: F401  (where nodes.py is)
from nodes import control


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            if self.server.node.away:
                return
            request = json.loads(line)
            self.wfile.write(json.dumps(self.server.node.answer(request)).encode() + b"\n")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class Played:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="vp-", dir=os.environ.get("VIZ_DIR", "/tmp"))
        self.path = os.path.join(self.dir, "s")
        self.reply, self.error, self.asked = {}, {}, []
        self.away = False  # it ends a connection that asks something
        self.server = Server(self.path, Handler)
        self.server.node = self
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, request):
        op, args = request["op"], request.get("args", {})
        self.asked.append((op, args, request.get("as")))
        head = {"protocol": 1, "version": "0.1.0"}
        if op in self.error:
            return {"ok": False, **head, "error": self.error[op]}
        if op not in self.reply:
            return {"ok": False, **head, "error": {"code": "not-now", "message": "not played"}}
        result = self.reply[op](args) if callable(self.reply[op]) else self.reply[op]
        control().check(op, result, set())
        return {"ok": True, **head, "result": result}

    def ops(self):
        """What was asked since the last call."""
        asked, self.asked = self.asked, []
        return [op for op, _, _ in asked]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.dir, ignore_errors=True)
