#!/usr/bin/env python3
"""Each example of each command's help runs as it stands there, in both languages, at a real node. Only names, numbers
and paths are put in the places of those of the example."""
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402
from portuguese import english  # noqa: E402
from nodes import PATIENCE, VIZINHO, Cluster, Refused, Tap, command, wait_until  # noqa: E402

tap = Tap()
LINHARES, CEP = 3203205, 29900010
PLACE = {"municipality": {"code": LINHARES}, "cep": CEP, "lat_udeg": -19391100, "lon_udeg": -40071700, "precision_m": 20}
KML = ("<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>-40.08,-19.40 -40.06,-19.40 -40.06,-19.38 "
       "-40.08,-19.38 -40.08,-19.40</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>")
# What cannot be had in a short test: the example is understood, and the node says what it does not have.
REFUSED = {"audit F03c1a9e2": "no-such-finding", "audit export": "no-such-finding", "audit verify": "input",
           "key resume": "no-quarantine", "inbox answer": "not-now", "restore report": "not-restored", "move": "store",
           # tests/erp plays ERPs for these
           "erp check": "input", "erp reasons": "input", "erp run": "input", "erp done": "store"}
# These change what others need, so they come last.
LAST = ["key recovery", "coverage withdraw", "plan remove", "peer stop", "peer block", "peer prune", "peer remove", "key rotate",
        "key revoke"]


def examples(lang):
    """[(command, text of the example)]"""
    names = [re.split(r"\s{2,}", x.strip())[0]
             for x in command("help", lang="en")[1].split(":\n", 1)[1].splitlines() if x.startswith("  ")]
    found = []
    for name in names:
        text = command("help", *name.split(), lang=lang)[1]
        found += [(name, x) for x in re.findall(r"^  (vizinho (?:.*\\\n)*.*)", text, re.M)]
    return sorted(found, key=lambda e: LAST.index(e[0]) if e[0] in LAST else -1)


class Play:
    def __init__(self, c, lang):
        self.c, self.lang = c, lang
        self.origin, self.vale, self.sul = c
        self.work = os.path.join(c.dir, "work")
        self.leads = 0
        os.makedirs(os.path.join(self.work, "bin"))
        self.files()

    def path(self, name):
        return os.path.join(self.work, name)

    def put(self, name, content):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(content if isinstance(content, str) else json.dumps(content))

    def files(self):
        for name in ("plant.kmz", "rede.kmz"):
            with zipfile.ZipFile(self.path(name), "w") as z:
                z.writestr("doc.kml", KML)
        for name in ("boxes.csv", "ctos.csv"):
            self.put(name, "lat,lon,raio\n-19.3911,-40.0717,150\n")
        self.put("cancelamentos.csv", "dt_canc;cliente;motivo;cep_novo\n10/02/2026;1;Mudança;29900-010\n")
        self.put("cnefe-32.csv", "CEP;LATITUDE;LONGITUDE\n29900010;-19.3911;-40.0717\n")

    def lead(self, chosen=None):
        """A lead whose proposals are in, perhaps with a partner that was chosen."""
        self.leads += 1
        lead = self.origin.ctl("lead.offer", protocol=f"X-{self.leads}", **story.drawn(self.origin, PLACE))["lead"]["id"]
        story.wait_state(self.origin, lead, "choosing")
        if chosen:
            story.choose(self.origin, lead, chosen.name)
            story.wait_state(self.origin, lead, "delivered")
        return lead

    def entry(self, contacted=False):
        lead = self.lead(self.vale)
        wait_until(lambda: (story.entry(self.vale, lead) or {}).get("holds_contact"), "the contact came")
        entry = story.entry(self.vale, lead)["id"]
        wait_until(lambda: self.vale.ctl("inbox.show", lead=entry).get("contact"), "it may be shown")
        if contacted:
            self.vale.ctl("inbox.contacted", lead=entry)
        return entry

    def request(self):
        """What `lead offer --file` takes."""
        self.leads += 1
        drawn = story.drawn(self.origin, PLACE)
        consent = {k: v for k, v in drawn["consent"].items() if k != "language"}
        if not consent.get("contact_text"):
            consent.pop("contact_text", None), consent.pop("contact_given", None)
        return {"protocol": f"F-{self.leads}", "draw": drawn["draw"], "place": PLACE, "keep": False, "consent": consent}

    def choice(self, lead):
        text = next(p["consent_text"] for p in self.origin.ctl("lead.proposals", lead=lead)["proposals"]
                    if p["name"] == self.vale.name)
        return {"consent": {**story.YES, "text": text}, "contact": story.CONTACT}

    def prepare(self, name, text):
        """(text with what is real, node, standard input)"""
        node, given = self.origin, ""
        text = re.sub(r'"(Net Desconhecida|Provedor Que Avaliza Todos|Rede 2)"', '"Rede Sul"', text)
        text = text.replace("1a2b3c4d", self.sul.id)
        if name.startswith("inbox"):
            node = self.vale
            entry = self.entry(contacted=name == "inbox outcome")
            text = text.replace("a1b2c3d4-20261123-1", entry)
        elif "20261123-1" in text:
            lead = self.lead(None if name in ("lead choose", "lead revoke") else self.vale)
            text = re.sub(r"a1b2c3d4-20261123-1|20261123-1", lead, text)
            if name == "lead choose" and "--none" not in text:
                given = json.dumps(self.choice(lead))
                for file in ("contact.json", "contato.json"):
                    self.put(file, given)
        if name == "lead offer":
            given = json.dumps(self.request())
            for file in ("request.json", "pedido.json"):
                self.put(file, given)
        if name.endswith(" find"):
            given = "canaria trinado\n"
            for file in ("name.txt", "nome.txt"):
                self.put(file, given)
        if name == "consent verify" or "--proof" in text:
            self.proof(self.lead(self.vale))
        if "--again 17" in text:
            text = text.replace("--again 17", f"--again {self.origin.ctl('lead.draw', place=PLACE)['draw']}")
        if "3f9a01c2" in text:
            self.origin.ctl("peer.invite")
            text = text.replace("3f9a01c2", self.origin.cli("peer", "invites")["invites"][0]["id"])
        if name == "peer accept":
            given = self.sul.ctl("peer.invite")["line"] + "\n"
            for file in ("invitation.txt", "convite.txt"):
                self.put(file, given)
        if "120.7" in text:
            text = text.replace("120.7", self.origin.cli("events")["cursor"])
        text = text.replace("/var/lib/prometheus/node-exporter", self.work)
        if name == "move":
            text = re.sub(r"/media/\S+", self.path("vizmove"), text) + f" --state {node.state_dir}"
        if name in ("backup", "restore"):
            file = self.path(f"{name}-{self.lang}.vizbak")
            text = re.sub(r"/srv/backup/\S+", file, text)
            if name == "restore":
                node.cli("backup", file, "--state", node.state_dir)
                given = node.recovery_key + "\n"
            text += f" --state {self.path('restored') if given else node.state_dir}"
        text = re.sub(r"/media/(?:stick|pendrive)", self.path("stick") if name == "init" else node.offline_dir, text)
        if name == "init":
            text += "".join(f" {o} {self.path('new' + o)}" for o in ("--state", "--config") if o not in text)
        if name in ("events dead", "events retry"):
            os.makedirs(self.path("spool"), exist_ok=True)
            text += f" --dir {self.path('spool')}"
        if "--follow" in text:
            text = "timeout --preserve-status -s INT 1 " + text
        if "--watch" in text:  # until it has shown something
            text = f"set -m; {text} > shown & until [ -s shown ]; do sleep 0.1; done; kill -INT $!; wait $! && cat shown"
        asks = "[--yes]" in command("help", *name.split(), lang="en")[1] and text.startswith(f"vizinho {name}")
        asks &= name != "lead choose" or "--none" in text
        if asks and not re.search(r"--(yes|dry-run|undo)", text):
            text += " --yes"
        return text if shutil.which("jq") else text.split("| jq")[0], node, given

    def proof(self, lead):
        """The customer's proof, and the text that was read."""
        for file in ("proof.json", "comprovante.json"):
            self.put(file, self.origin.cli("lead", "proof", lead))
        shown = self.origin.cli("consent", "show", lead)
        read = next(k for k in _texts(shown) if k)
        for file in ("text.txt", "texto.txt"):
            self.put(file, read)

    def run(self, text, node, given, json_out=False):
        with open(self.path("bin/vizinho"), "w") as f:
            f.write(f"#!/bin/sh\nexec {VIZINHO} --socket {node.socket_path} --lang {self.lang} "
                    f"{'--json ' if json_out else ''}\"$@\"\n")
        os.chmod(self.path("bin/vizinho"), 0o755)
        p = subprocess.run(["bash", "-o", "pipefail", "-c", text], cwd=self.work, input=given, capture_output=True,
                           text=True, timeout=PATIENCE,
                           env={**os.environ, "PATH": self.path("bin") + ":" + os.environ["PATH"]})
        return p.returncode, p.stdout, p.stderr


def _texts(value):
    """All "text" in a reply."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def play(lang):
    with Cluster(3, names=["Rede Local", "Fibra do Vale", "Rede Sul"]) as c:
        for other in list(c)[1:]:
            c.join(c[0], other)
            other.cover([LINHARES], [(29900000, 29919999)])
            other.plan()
        wait_until(lambda: len(c[0].ctl("lead.lookup", place=PLACE)["partners"]) == 2, "2 partners cover the place")
        p = Play(c, lang)
        for name, example in examples(lang):
            try:
                text, node, given = p.prepare(name, example)
            except (Refused, AssertionError, KeyError, StopIteration, IndexError) as wrong:
                tap.check(False, f"{lang}: {example}: cannot be prepared: {wrong!r}")
                continue
            status, out, err = p.run(text, node, given)
            # What is for programs is English.
            if lang == "pt-BR" and "--json" not in example and example != "vizinho metrics":
                if name == "events":  # its third column has the codes, the same in every language
                    out = re.sub(r"(?m)^(\S+ \S+  \S+ +)\S+", r"\1", out)
                tap.equal(english(out + err), [], f"no English in what {example.split(chr(92))[0]} says")
            example = " ".join(example.split())
            refused = next((REFUSED[k] for k in REFUSED if re.sub(r"^vizinho (--json )?", "", example).startswith(k)), None)
            if refused and status == (2 if refused == "input" and name.startswith("erp") else 3 if name == "erp done" else 1):
                code = json.loads(p.run(text, node, given, json_out=True)[1])["error"]["code"]
                tap.check(re.fullmatch(refused, code), f"{lang}: {example}: is understood ({code})")
            else:
                # Whether something is to be seen to is the exit status of these.
                wanted = (0, 1) if name in ("status", "doctor") else (0,)
                tap.check(status in wanted, f"{lang}: {example} ({status}: {' '.join(err.split())[-200:]!r})")


for language in ("pt-BR", "en"):
    play(language)
sys.exit(tap.done())
