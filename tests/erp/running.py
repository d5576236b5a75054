"""vizinho-erp beside real nodes: for the tests that need both."""
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import story  # noqa: E402
from nodes import PATIENCE, Cluster, Tap, wait_until  # noqa: E402, F401

from erp_conf import CANARY, KINDS, SECRETS  # noqa: E402, F401

PROGRAM = os.environ.get("VIZINHO_ERP", "")


class Running:
    """A stand-in and the vizinho-erp of a node, with a folder called `name`. `hurry` divides all its waits. `keys` go into the
    configuration."""

    def __init__(self, kind, node, name="life", hurry=200, tls=None, **keys):
        self.kind, self.node, self.hurry = kind, node, hurry
        self.dir = os.path.join(str(node.dir), f"erp-{kind}-{name}")
        os.makedirs(self.dir, exist_ok=True)
        self.erp, self.process, self.said = KINDS[kind].make(tls=tls), None, ""
        self.log_path = self.dir + ".log"
        self.source = f"{kind}-{name}"  # a node has many stand-ins in a test
        self.path = KINDS[kind].conf(self.erp, os.path.dirname(self.dir), node.socket_path, source=self.source, **keys)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.end(signal.SIGKILL)
        self.erp.close()

    def command(self, *args):
        return [PROGRAM, "--config", self.path, "--dir", self.dir, "--hurry", str(self.hurry), "--lang", "en", *args]

    def start(self, *args):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(*args, "run"), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.process = None
        return status

    def run(self, *args):
        """(exit status, standard output, standard error) of one command."""
        p = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=PATIENCE)
        self.said += p.stdout + p.stderr
        return p.returncode, p.stdout, p.stderr

    def once(self):
        return self.run("--once", "run")[0]

    def list(self):
        code, out, err = self.run("--json", "list")
        if code:
            raise AssertionError(f"list: {code} {err}")
        return json.loads(out)

    def lead(self, reference):
        """What `list` says of a lead; {} when nothing."""
        return next((x for x in self.list()["leads"] if x["lead"]["id"] == reference), {})

    def stream(self, name):
        return next((x for x in self.list()["streams"] if x["name"] == name), {})

    def wait(self, reference, state):
        return wait_until(lambda: (lambda x: x if x.get("state") == state else None)(self.lead(reference)),
                          f"{self.kind}: lead {reference} is {state}, not {self.lead(reference)}; {self.log()[-600:]}")

    def state(self):
        try:
            with open(os.path.join(self.dir, "state.json")) as f:
                return json.load(f)
        except FileNotFoundError:
            return {}

    def log(self):
        try:
            with open(self.log_path, errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def leaked(self):
        """Persons and secrets in all that it wrote: logs, what commands said, its files."""
        text = self.log() + self.said
        for folder, _, names in os.walk(self.dir):
            for name in names:
                with open(os.path.join(folder, name), errors="replace") as f:
                    text += f.read()
        token = KINDS[self.kind].token(self.erp)
        return [s for s in (*SECRETS, "senha-Canario-77", token, token.split(":")[-1]) if s.lower() in text.lower()]


def hand_over(origin, holder, protocol):
    """A lead of the origin that the holder holds, with the canary as its customer. (the origin's id, the holder's id)."""
    lead = story.offer(origin, protocol)
    story.wait_state(origin, lead, "choosing")
    found = origin.ctl("lead.proposals", lead=lead)["proposals"][0]
    origin.ctl("lead.choose", lead=lead, peer=holder.name, consent={**story.YES, "text": found["consent_text"]}, contact=CANARY)
    wait_until(lambda: (story.entry(holder, lead) or {}).get("holds_contact"), f"{holder.name} holds lead {lead}")
    return lead, story.entry(holder, lead)["id"]
