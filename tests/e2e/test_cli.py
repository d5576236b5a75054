#!/usr/bin/env python3
"""The `vizinho` command with real daemons: both languages, bad input, keys, and a lead from the cancellation to
the installation, by files and at a terminal."""
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes import VIZINHO, VIZINHOD, Cluster, Refused, Tap, command, wait_until  # noqa: E402
from terminal import Terminal  # noqa: E402

VITORIA = 3205309
PHONE = "+5527999990000"  # how the phone of PERSON arrives
POINT = "-20.319400,-40.337800"
PLACE = {"municipality": {"code": VITORIA}, "cep": 29010120, "lat_udeg": -20319400, "lon_udeg": -40337800,
         "precision_m": 10}
NAMED = {"code": VITORIA, "name": "Vitória/ES"}
PERSON = {"name": "Maria da Conceição", "phone": "27 99999-0000", "address": "Rua das Flores, 10"}
CELL = 1277138440192  # of level 14, around PLACE
tap = Tap()


def drawn(node, place=None, strike=(), **wish):
    """A draw for PLACE, another place or an address, and the consent to its texts: keys of an offer's file."""
    shown = node.ctl("lead.draw", place=place or PLACE, **wish) if not isinstance(place, str) else \
        node.cli("lead", "draw", place)
    if strike:
        shown = node.cli("lead", "draw", "--again", str(shown["draw"]), "--strike", ",".join(strike), place)
    consent = shown["consent"]
    return {"draw": shown["draw"], "address" if isinstance(place, str) else "place": place or PLACE,
            "consent": {"given": True, "text": consent["text"]},
            **({"strike": list(strike)} if strike else {})}


def test_init(dir):
    state, off, conf = (os.path.join(dir, n) for n in ("init", "init-off", "init.conf"))
    for lang, word in (("pt-BR", "licença"), ("en", "lease")):
        code, out, _ = command("init", "--set", "?", lang=lang)
        lines = out.splitlines()
        tap.check(code == 0 and len(lines) == 25 and all(re.match(r"[a-z_]+_(ms|max) +\d+  \S", x) for x in lines) and
                  word in out and all(len(x) <= 80 for x in lines), f"--set ? lists the times ({lang})")
    code, out, _ = command("--json", "init", "--set", "?")
    tap.check(code == 0 and json.loads(out)["times"][0]["default_ms"] == 86400000 and
              json.loads(out)["counts"][0]["default"] == 5, "as JSON")
    code, out, err = command("init", "--state", state, "--offline", off, "--config", "/nonexistent/c", "--name", "X")
    tap.check(code == 1 and out == "" and not os.path.exists(state) and not os.path.exists(off),
              "an init that fails leaves nothing behind")
    code, out, err = command("--json", "init", "--state", state, "--offline", state + "/off", "--config", conf)
    tap.check(code == 1 and json.loads(out)["error"]["code"] == "offline-inside" and not os.path.exists(state),
              "nor does one that is refused")
    code, out, err = command("--json", "init", "--state", state, "--offline", off, "--config", conf, "--name", "X")
    tap.check(code == 0 and json.loads(out)["warnings"] == [], f"a sound one warns of nothing {err}")
    for more, named in ((("--name", "X"), True), (("--name", "X", "--address", "127.0.0.1:7411"), False)):
        there = os.path.join(dir, f"next{named}")
        out = command("init", "--state", there, "--offline", there + "-off", "--config", there + ".conf", *more)[1]
        tap.check(f"vizinhod --config {there}.conf" in out and ("the name and the address in" in out) == named,
                  f"init tells what is next{', and what is missing' if named else ''} {out[-200:]!r}")
    for reader, wanted in (("root", 0), ("nobody-of-that-name", 2)):
        with open(conf, "a") as f:
            f.write(f"[access]\nreaders = {reader}\n")
        p = subprocess.run([VIZINHOD, "--config", conf, "--check"], capture_output=True, text=True)
        tap.check(p.returncode == wanted and (wanted == 0 or reader in p.stderr), f"--check with reader {reader}")
    if os.geteuid() == 0:
        code, out, err = command("--json", "key", "rotate", "--next", "x", "--offline", state + "/off")
        tap.check(code == 1 and json.loads(out)["error"]["code"] == "offline-inside" and
                  not os.path.exists(state + "/off"), "key rotate keeps no offline file in a state directory")
        os.mkdir(os.path.join(dir, "owned"))
        shutil.chown(os.path.join(dir, "owned"), "nobody")
        os.chmod(conf, 0o600)
        code, out, err = command("init", "--state", os.path.join(dir, "owned"), "--offline", off + "2",
                             "--config", conf, "--name", "X")
        tap.check(code == 0 and "chown" not in err and f"chmod a+r {conf}" in err,
                  f"init says what vizinhod's user cannot reach {err!r}")


def test_peers(a, b):
    code, out, err = a.run("peer", "list")
    tap.check(code == 0 and "peer invite" in out and err == "", "a new node, that knows nobody, lists nobody")
    code, out, err = a.run("peer", "invite", lang="pt-BR")
    line = out.split()[0]
    tap.check(code == 0 and line.startswith("vizinvite1."), "an invitation")
    code, _, err = b.run("peer", "accept", input=line)
    tap.check(code == 1 and "--yes" in err, "who does not confirm accepts nothing")
    tap.check(b.cli("peer", "list")["peers"] == [], "and knows nobody")
    code, _, err = b.run("peer", "accept", "--yes", line[:-3], lang="pt-BR")
    tap.check(code == 1 and "copie a linha toda" in err, "a torn invitation, in Portuguese")
    code, _, err = a.run("peer", "accept", "--yes", line, lang="pt-BR")
    tap.check(code == 1 and "nosso" in err, "one's own invitation")
    t = Terminal([VIZINHO, "--socket", b.socket_path, "--lang", "pt-BR", "peer", "accept"])
    t.answer("Cole a linha", line)
    t.expect("Provedor A")
    t.expect("AS 64512")
    t.answer("[sim/não]", "talvez")
    t.answer("[sim/não]", "sim")
    t.expect("ligado com Provedor A")
    code, text = t.end()
    fingerprint = a.cli("peer", "fingerprint")["fingerprint"]
    tap.check(code == 0 and fingerprint in text, "accepted at a terminal, with the fingerprint to read")
    wait_until(lambda: (a.peer(b) or {}).get("pending"), "the invited one came")
    tap.check("waits for your trust" in a.run("peer", "list")[1], "who comes waits for our trust")
    code, out, _ = a.run("peer", "trust", "provedor b", lang="pt-BR")
    tap.check(code == 0 and b.cli("peer", "fingerprint")["fingerprint"] in out, "trust")
    code, _, err = a.run("peer", "show", "nobody", lang="pt-BR")
    tap.check(code == 1 and "no-such-peer" in err and 'corresponde a "nobody"' in err, "an unknown peer, by name")
    for words in (("trust", "Provedor A"), ("remove", a.id), ("show", a.id), ("block", "provedor a", "--reason", "x"),
                  ("stop", "Provedor A")):
        code, _, err = a.run("peer", *words)
        tap.check(code == 1 and f'"{words[1]}" is this node itself' in err, f"peer {words[0]} of our own {err!r}")
    code, _, err = a.run("audit", "F03c1a9e2", lang="pt-BR")
    tap.check(code == 1 and 'não há achado "F03c1a9e2"' in err, "an unknown finding is no unknown peer")
    code, _, err = a.run("audit", "F03c1a9e")
    tap.check(code == 1 and "vizinho peer list" in err, "an unknown partner: where their names are")


def test_coverage(b, c, dir):
    def write(name, text):
        path = os.path.join(dir, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    boxes = write("boxes.csv", f"lat,lon,raio\n{POINT},200\n")
    bad = write("bad.csv", "lat,lon,raio\n-20.3,-40.3,100\n-40.3,-20.3,100\n")
    broken = write("broken.geojson", '{"type": "FeatureCollection",\n "features": [}')
    before = b.cli("coverage", "list")
    code, _, err = b.run("coverage", "import", boxes, bad, "--name", "x", lang="pt-BR")
    tap.check(code == 1 and re.search(r"bad\.csv:3", err), "a bad row: file and line")
    code, _, err = b.run("coverage", "import", broken, "--name", "x")
    tap.check(code == 1 and re.search(r"broken\.geojson:2:\d+", err), "bad JSON: file, line, column")
    code, _, err = b.run("coverage", "import", "/nonexistent.kml", "--name", "x")
    tap.check(code == 1 and "/nonexistent.kml" in err, "no such file")
    tap.check(b.cli("coverage", "list") == before, "nothing is half imported")
    stray = write("stray.csv", f"lat,lon,raio\n{POINT},200\n0,0,200\n")
    left = b.cli("coverage", "import", stray, "--name", "x", "--dry-run")
    part = left["left_out_parts"][0]
    tap.check(left["feature_count"] == 1 and (part["line"], part["column"]) == (3, 1) and "stray.csv:3:1" in part["message"],
              "what cannot be used is left out, and named")
    code, out, err = b.run("coverage", "import", stray, "--name", "x", "--dry-run", lang="pt-BR")
    tap.check(code == 0 and "ficam de fora: 1" in err and "faltam as coordenadas" in err, f"in Portuguese {err!r}")
    both = write("both.csv", f"lat,lon,raio\n{POINT},200\n0,0,200\nx,y,200\n")
    for lang, only in (("pt-BR", "Estas partes só ficariam de fora:\n"), ("en", "These parts would only be left out:\n")):
        code, _, err = b.run("coverage", "import", both, "--name", "x", "--dry-run", lang=lang)
        tap.check(code == 1 and re.search(r"both\.csv:4:1[^\n]*\n" + only + r"both\.csv:3:1", err),
                  f"{lang}: what refuses the file stands apart {err!r}")
    code, out, _ = b.run("coverage", "import", write("rows.csv", "cep\n2990\n29900-000\nabc\n"), "--name", "x", json_out=True)
    error = json.loads(out)["error"]
    tap.check(code == 1 and error["error_count"] == 2 and error["message"] == error["errors"][0]["message"] and
              [(os.path.basename(e["file"]), e["line"], e["column"]) for e in error["errors"]] ==
              [("rows.csv", 2, 1), ("rows.csv", 4, 1)], f"all errors as JSON {out!r}")
    people = write("people.csv", "nome;cpf;cidade;uf\nMaria Souza;529.982.247-25;Linhares;ES\n")
    for json_out in (False, True):
        code, out, err = b.run("coverage", "import", people, "--name", "x", json_out=json_out)
        tap.check(code == 1 and "data of customers" in out + err and "Maria" not in out + err and "529" not in out + err,
                  f"a list of customers is no coverage {out + err!r}")
    town = write("town.csv", "municipio,uf\nVitória,ES\n")
    code, out, _ = b.run("coverage", "import", town, "--name", "x", "--dry-run", lang="pt-BR")
    tap.check(code == 0 and "sem desenho no arquivo" in out and "0,00" not in out, "a whole town has no area of 0")
    dry = b.cli("coverage", "import", boxes, "--name", "x", "--dry-run")
    tap.check(dry["municipalities"] == [NAMED] and dry["cell_count"] >= 1 and
              b.cli("coverage", "list") == before, "a dry run changes nothing")
    tap.check(dry["feature_count"] == 1 and 124000 < dry["area_m2"] < 127000, "and gives the area")
    svg = os.path.join(dir, "boxes.svg")
    code, out, _ = b.run("coverage", "import", boxes, "--name", "x", "--dry-run", "--svg", svg, lang="pt-BR")
    tap.check(code == 0 and "\u2588" in out and "N \u2191" in out and "0,13 km²" in out, "with a picture")
    tap.check(os.stat(svg).st_mode & 0o77 == 0 and "<circle" in open(svg).read(), "and a drawing for us alone")
    got = b.cli("coverage", "import", boxes, "--name", "rede", "--down", "600", "--technology", "fibra")
    tap.check(got["municipalities"] == [NAMED] and set(got) == set(dry) | {"down_mbps"} and got["technology"] == "fiber",
              "an import gives the same")
    c.cli("coverage", "import", boxes, "--name", "rede", "--down", "300")
    shown = b.cli("coverage", "show", "rede")["coverage"]
    tap.check(shown["down_mbps"] == 600 and shown["municipalities"] == [NAMED], "what it publishes")
    tap.check("Vitória/ES" in b.run("coverage", "show", "rede")[1], "with names")
    path = os.path.join(dir, "slow.csv")
    with open(path, "w") as f:
        f.write("ibge\n3205309\n")
    b.cli("coverage", "import", path, "--name", "slow")
    out = b.run("coverage", "show", "slow", lang="pt-BR")[1]
    tap.check("velocidade máxima não informada" in out and "até 0" not in out, f"a speed that was not given {out!r}")
    b.cli("coverage", "withdraw", "slow")
    code, _, err = b.run("coverage", "import", path, "--name", "slow", "--zoom", "x", lang="pt-BR")
    tap.check(code == 2 and "--zoom x: esperado: um número inteiro de 8 a 18" in err, f"a range in words {err!r}")
    tap.check("VIÁVEL" in b.run("coverage", "check", POINT, lang="pt-BR")[1], "check: inside")
    tap.check("EM ANÁLISE" in b.run("coverage", "check", "Vitória/ES", lang="pt-BR")[1],
              "check: a municipality decides nothing")
    tap.check("INVIÁVEL" in b.run("coverage", "check", "-", input="-19.39,-40.06\n", lang="pt-BR")[1],
              "check: elsewhere, by standard input")
    code, _, err = b.run("coverage", "check", "Santa", "Maria", lang="pt-BR")
    tap.check(code == 1 and "Santa Maria/RS" in err, "check: an ambiguous name lists the candidates")
    code, out, _ = b.run("coverage", "check", "Nenhures do Sul/ES", json_out=True)
    tap.check(code == 1 and json.loads(out)["error"]["code"], "check: no such place, as JSON")
    b.cli("plan", "add", "--name", "500 Mega", "--price", "99,90", "--down", "500", "--up", "250",
          "--technology", "fiber", "--install-days", "3", "--url", "https://example.com/planos")
    plan = b.cli("plan", "list")["plans"][0]
    tap.check(plan["price_cents"] == 9990 and plan["install_days"] == 3, "a plan")
    tap.check("R$ 99,90" in b.run("plan", "list", lang="pt-BR")[1], "with its price")
    b.cli("plan", "add", "--name", "outro", "--price", "79", "--down", "300", "--url", "https://x.com.br")
    tap.check(b.cli("plan", "remove", "outro")["name"] == "outro", "the reply names what was removed")
    tap.check(len(b.cli("plan", "list")["plans"]) == 1, "and one removed")


def test_standing(times):
    """What each node shows before a partnership counts. The delay of these two is minutes."""
    with Cluster(2, **{**times, "partner_delay_ms": 600000}) as cluster:
        a, b = cluster
        b.cover([VITORIA])
        tap.check("no coverage of our own yet" in a.run("coverage", "check", POINT)[1], "check: no coverage yet")
        line = a.cli("peer", "invite")["line"]
        tap.check(b.run("peer", "accept", "--yes", input="")[0] == 1, "an empty input is no invitation")
        b.cli("peer", "accept", "--yes", line)
        tap.check("waits for the other side" in b.run("peer", "list")[1], "who accepted waits for the other side")
        wait_until(lambda: (a.peer(b) or {}).get("pending"), "b came")
        a.cli("peer", "trust", "Provedor B", "--no-partner")
        wait_until(lambda: a.peer(b)["standing"] == "asked", "a knows that b lists it")
        tap.check("wants to be partner" in a.run("peer", "list")[1], "a peer that lists us and that we do not list is marked")
        out = a.run("audit", "Provedor B")[1]
        tap.check("Provedor B is no partner of this node" in out and "Counts" not in out and "OFFERS" not in out,
                  f"the audit of a member that is no partner shows no zeros {out!r}")
        code, out, _ = a.run("peer", "trust", "Provedor B")
        tap.check(code == 0 and re.search(r"partner from \d{4}-\d\d-\d\d \d\d:\d\d", out), f"trust says from when {out!r}")
        wait_until(lambda: b.peer(a)["standing"] == "coming", "b knows that a lists it")
        show = a.cli("peer", "show", "Provedor B")["peer"]
        tap.check(show["partner_from"] and "partner_until" not in show, "as JSON")
        tap.check("parceiro a partir de" in b.run("peer", "list", lang="pt-BR")[1], "in Portuguese")
        wait_until(lambda: a.cli("lead", "test", POINT)["members"], "coverage came")
        for command in ("coverage check", "lead test"):
            out = a.run(*command.split(), POINT)[1]
            tap.check("Provedor B serves it too: partner from 2" in out and "peer trust" not in out, command)
        test = a.cli("lead", "test", POINT)
        tap.check(test["members"][0]["partner_from"] == show["partner_from"], "members[] have partner_from")
        tap.check("text" not in test["consent"], "with nobody to ask there is no text")
        body = {"protocol": "1", "address": POINT, "consent": {"given": True}}
        code, out, err = a.run("lead", "offer", input=json.dumps(body))
        tap.check(code == 1 and "partner from 2" in out, "an offer that finds nobody names the coming partner")
        body["consent"]["text"] = test["consent"]["later_text"]
        lead = a.cli("lead", "offer", input={**body, "later": True})
        tap.check(lead["lead"]["state"] == "no-neighbour" and lead["members"][0]["partner_from"],
                  "and so does one that is kept for later")
        tap.check(a.run("peer", "block", "Provedor B", "--reason", " ")[0] == 2, "a block has a reason")
        a.cli("peer", "block", "Provedor B", "--yes", "--reason", "ensaio")
        out = a.run("coverage", "check", POINT)[1]
        tap.check("blocked by us" in out and "peer trust" not in out, "a blocked one is not offered for trust")
        wait_until(lambda: b.peer(a)["standing"] == "ended", "b knows of it")
        tap.check("ended by the other side on 2" in b.run("peer", "show", "Provedor A")[1], "the other side has ended it")
        rev = os.path.join(a.offline_dir, "revocation-0.vizrev")
        a.cli("key", "revoke", rev, "--yes")
        code, _, err = a.run("peer", "invite")
        tap.check(code == 1 and "our key is revoked: vizinho key rotate" in err, f"our own key revoked {err!r}")


def test_bad_offers(a, dir):
    def offer(text, *args):
        path = os.path.join(dir, "offer.json")
        with open(path, "w") as f:
            f.write(text)
        return a.run("lead", "offer", "--file", path, *args, lang="pt-BR")

    good = {"protocol": "1", "address": POINT, "consent": {"given": True}}
    cases = [
        ('{"protocol": "1",\n "adress": "x"}', r"offer\.json:2:2: \"adress\": chave desconhecida: seria \"address\"\?"),
        ('{"protocol": "1",\n "qwertz": "x"}', r"offer\.json:2:2: \"qwertz\": chave desconhecida \(a ajuda"),
        ('{"protocol": "1",\n "address": }', r"offer\.json:2:\d+: esperado"),
        ('{"protocol": "1",\n', r"offer\.json:2: termina antes da hora: esperado: um objeto"),
        ('', r"offer\.json: o arquivo está vazio"),
        ('[]', r"offer\.json:1:1: esperado: um objeto"),
        ('{"protocol": 17, "address": "x"}', r"\"protocol\": esperado: um texto"),
        (json.dumps({**good, "contact": {"name": "x", "cpf": "1"}}), r"\"cpf\": chave desconhecida"),
        (json.dumps({**good, "contact": {"name": "x"}}), r"falta \"contact\.phone\""),
        (json.dumps({**good, "cancelled_at": "31/02/2026 10:00"}), r"cancelled_at"),
        (json.dumps({**good, "cancelled_at": "2999-01-01 10:00"}), r"cancelled_at"),
        (json.dumps({**good, "month": "13/2026"}), r"month"),
        (json.dumps({**good, "place": PLACE}), r"um dos dois"),
        (json.dumps({"address": POINT, "consent": {"given": True}}), r"falta \"protocol\""),
        (json.dumps({"protocol": "1", "address": POINT}), r"falta \"consent\""),
        (json.dumps({**good, "address": "Santa Maria"}), r"Santa Maria/RS"),
        (json.dumps({**good, "strike": ["nobody"]}), r"no-such-peer"),
    ]
    for text, wanted in cases:
        code, out, err = offer(text)
        tap.check(code == 1 and out == "" and re.search(wanted, err), f"refused: {wanted} ({err.strip()})")
    code, out, _ = a.run("lead", "offer", "--file", "-", input='{"x": 1}', json_out=True)
    tap.check(code == 1 and json.loads(out)["error"]["code"] == "input", "refused as JSON")
    unsure = {**good, "address": "Rua Sete de Setembro, 10, Vitória"}
    code, out, err = offer(json.dumps(unsure))
    tap.check(code == 1 and "não é certo" in err and "Vitória/ES" in err and "vago" in err,
              f"an address that is less than sure: what was understood ({err.strip()})")
    code, out, _ = a.run("lead", "offer", "--file", "-", input=json.dumps(unsure), json_out=True)
    tap.check(code == 1 and json.loads(out)["error"]["code"] == "not-sure" and
              "Vitória/ES" in json.loads(out)["error"]["message"], "as JSON too")
    code, out, err = offer(json.dumps({**unsure, "confirmed": True}))
    tap.check(code == 1 and "não é certo" not in err and "falta draw" in err, f"confirmed it is taken ({err.strip()})")
    code, out, _ = offer(json.dumps({**good, "consent": {"given": False}}))
    tap.check(code == 0 and "nada foi registrado" in out, "a no is one word")
    wait_until(lambda: len(a.cli("lead", "test", POINT)["partners"]) == 2, "both serve the place")
    shown = a.cli("lead", "draw", POINT)
    code, _, err = offer(json.dumps({**good, "draw": shown["draw"],
                                     "consent": {"given": True, "text": shown["consent"]["text"] + "!"}}))
    tap.check(code == 1 and "text-changed" in err, "a text that was not read to the customer")
    code, _, err = offer(json.dumps(good))
    tap.check(code == 1 and "missing" in err, "names are not read before a draw")
    code, out, _ = offer(json.dumps({**good, "draw": shown["draw"], "consent": {"given": False}}))
    tap.check(code == 0 and "nada foi registrado" in out, "a no burns the draw")
    code, _, err = offer(json.dumps({**good, "draw": shown["draw"]}))
    tap.check(code == 1 and "no-such-draw" in err, "and no offer is made from it any more")
    for cell in (CELL + 8192, CELL + 1, 1 << 40):
        code, _, err = offer(json.dumps({**good, "address": None, "place": {**PLACE, "cell": cell}})
                             .replace('"address": null, ', ""))
        tap.check(code == 1 and "bad-cell" in err, "a cell that does not hold the place")
    tap.check(a.cli("lead", "list")["leads"] == [], "and nothing of all that is stored")


def test_job(a, b, c):
    wait_until(lambda: len(a.cli("lead", "test", POINT)["partners"]) == 2, "both serve the place")
    test = json.loads(a.run("lead", "test", POINT, lang="pt-BR", json_out=True)[1])
    tap.check(all(p["linked"] for p in test["partners"]) and test["own"]["answer"] == "no",
              "lead test: who would be asked")
    text = a.run("lead", "test", POINT)[1]
    tap.check("Provedor B" in text and "nothing left this node" in text, "in words")
    text = a.run("lead", "draw", POINT)[1]
    tap.check(re.search(r"Draw \d+\.", text) and "Provedor B" in text and "Você autoriza?" in text,
              f"lead draw, in words: what is read is in the node's language {text!r}")
    text = a.run("lead", "draw", "--service", "business", "--month", "12/2026", POINT)[1]
    tap.check("o tipo de serviço, o mês da mudança e o ponto exato" in " ".join(text.split()), f"the text has the wish {text!r}")
    for wish in (("--service", "telefone"), ("--month", "13/2026")):
        code, _, err = a.run("lead", "draw", *wish, POINT)
        tap.check(code == 2 and wish[1] in err, f"a wish that is none {err!r}")
    lead = a.cli("lead", "offer", input={"protocol": "2026-17", **drawn(a, month="2026-12"), "cancelled_at": "2026-01-05 14:05",
                                         "month": "2026-12"})["lead"]
    tap.check(lead["draw"] > 0 and lead["not_drawn_count"] == 0, "the offer has its draw")
    code, _, err = a.run("lead", "offer", input=json.dumps({"protocol": "2026-17b", **drawn(a), "draw": lead["draw"]}))
    tap.check(code == 1 and "not open" in err, f"which serves one offer {err!r}")
    number = lead["id"]
    wait_until(lambda: a.cli("lead", "show", number)["lead"]["state"] == "choosing", "proposals")
    proposals = a.cli("lead", "proposals", number)["proposals"]
    tap.check([p["position"] for p in proposals] == [1, 2], "proposals in order")
    code, out, _ = a.run("lead", "proposals", number, lang="pt-BR")
    tap.check(out.index(proposals[0]["name"]) < out.index(proposals[1]["name"]) and "R$ 99,90" in out and
              "Você autoriza" in out, "with plans and the text to be read")
    tap.check(a.run("lead", "choose", number, "Provedor B", input=json.dumps(
        {"consent": {"given": False}}))[0] == 0, "a no to the choice")
    tap.check(not a.cli("lead", "show", number)["lead"]["holds_contact"], "stores nothing")
    for bad in ({"consent": {"given": True}}, {"contact": PERSON},
                {"consent": {"given": True}, "contact": {**PERSON, "cpf": "1"}},
                {"consent": {"given": True}, "contact": {**PERSON, "phone": "12345"}},
                {"consent": {"given": True}, "contact": {**PERSON, "date": "31/12/2026"}}):
        tap.check(a.run("lead", "choose", number, "Provedor B", input=json.dumps(bad))[0] == 1,
                  f"a choice that lacks or has too much: {sorted(bad)}")
    t = Terminal([VIZINHO, "--socket", a.socket_path, "--lang", "pt-BR", "lead", "choose", number, "edor b"])
    t.expect("Se autorizar, só Provedor B recebe")
    t.answer("O cliente autoriza?", "sim")
    t.answer("Canal", "fax")
    t.answer("Canal", "balcão")
    t.answer("Referência", "gravação 12")
    t.answer("Nome:", PERSON["name"])
    t.answer("Telefone", "99999")
    t.answer("Telefone", PERSON["phone"])
    t.answer("Endereço", PERSON["address"])
    t.answer("Data", "amanhã")
    t.answer("Data", "01/12/2096")
    t.expect("500 Mega, R$ 99,90")
    t.answer("Plano", "500 Mega")
    t.expect("Entregue: Provedor B")
    tap.check(t.end()[0] == 0, "chosen at a terminal, and delivered")
    said = a.run("consent", "show", number, lang="pt-BR")[1]
    tap.check("QUEM PODE RECEBER" in said and "gravação 12" in said and "sem nome nem telefone" in
              " ".join(said.split()) and PERSON["name"] not in said, "consent show: the texts, and no person")
    said = a.run("consent", "dossier", number, lang="pt-BR")[1]
    tap.check(PERSON["name"] in said and "RECEBEU A LOCALIZAÇÃO" in said and "dossiê" in said, "consent dossier")
    code, said, _ = a.run("consent", "verify", number, lang="pt-BR")
    tap.check(code == 0 and "NÃO confere" not in said and "confere" in said, "consent verify of a lead")
    tap.check(a.cli("consent", "verify", number)["good"] is True, "as JSON")
    page = a.cli("events", "--max", "3")
    tap.check(len(page["events"]) == 3 and page["more"] and a.cli("events", "--since", page["cursor"])["events"],
              "events from a cursor")
    tap.check("dossiê" in a.run("events", "--max", "1000", lang="pt-BR")[1], "with who opened whose data")
    entry = b.cli("inbox", "list")["entries"][0]["id"]
    shown = b.cli("inbox", "show", entry)
    tap.check(shown["contact"]["name"] == PERSON["name"] and shown["contact"]["plan"] == "500 Mega",
              "B sees the contact, under a lease")
    words = b.run("inbox", "show", entry, lang="pt-BR")[1]
    tap.check(PHONE in words and f"vizinho inbox contacted {entry}" in words, "in words, with what is next")
    tap.check(c.cli("inbox", "list")["entries"] == [], "C does not")
    tap.check(a.cli("lead", "show", number, "--personal")["contact"]["name"] == PERSON["name"],
              "A opens it by name")
    code, _, err = b.run("inbox", "outcome", entry, "installed", lang="pt-BR")
    tap.check(code == 1 and f"primeiro: vizinho inbox contacted {entry}" in err and "a caminho" not in err,
              f"what comes first, in words {err!r}")
    tap.check(b.cli("inbox", "contacted", entry)["entry"]["state"] == "contacted", "contacted")
    tap.check(b.cli("inbox", "outcome", entry, "installed", "--days", "2")["entry"]["state"] == "installed",
              "installed")
    tap.check(b.cli("inbox", "list")["entries"] == [] and
              b.cli("inbox", "list", "--all")["entries"][0]["state"] == "installed", "it waits for B no more")
    wait_until(lambda: a.cli("lead", "show", number)["lead"]["state"] == "installed", "A hears of it")
    tap.check("dias sem internet: 2" in a.run("lead", "outcome", number, lang="pt-BR")[1], "outcome")
    for node in (a, b, c):
        tap.check(node.cli("audit")["findings"] == [], f"audit of {node.name}: in order")
    tap.check("EM ORDEM" in b.run("audit", lang="pt-BR")[1], "in words")
    out = b.run("audit", "Provedor A")[1]
    tap.check(out.startswith("IN ORDER. ") and "no partner" not in out and "OFFERS" in out, "a partner in numbers")
    tap.check(PERSON["name"] not in a.log() + b.log() + c.log(), "no log has the name")


def offer_at_terminal(a):
    t = Terminal([VIZINHO, "--socket", a.socket_path, "--lang", "pt-BR", "lead", "offer"])
    t.answer("Protocolo do cancelamento", "2026-18")
    t.answer("Registrado quando", "amanhã")
    t.answer("Registrado quando", "")
    return t


def test_terminal(a, b, c):
    t = offer_at_terminal(a)
    t.answer("Novo endereço", "Santa Maria")
    t.expect("Santa Maria/RS")
    t.answer("Novo endereço", POINT)
    t.expect("INVIÁVEL")
    t.expect("Provedor")
    t.answer("risca", "9")
    t.answer("risca", "")
    t.expect("Leia ao cliente")
    t.answer("O cliente autoriza?", "não")
    code, text = t.end()
    tap.check(code == 0 and "nada foi registrado" in text, "a no at the terminal")
    count = len(a.cli("lead", "list")["leads"])
    # the customer strikes one of two: for the other, all consents are on one screen
    t = offer_at_terminal(a)
    t.answer("Novo endereço", POINT)
    t.expect("risca")
    t.say(re.search(r"(\d)\. Provedor B", t.text).group(1))
    t.expect("Quem recebe: Provedor C (dados:")
    t.answer("O cliente autoriza?", "s")
    t.expect("só Provedor C recebe")
    t.answer("O cliente autoriza?", "s")
    t.answer("Canal", "desk")
    t.answer("Referência", "")
    t.answer("Nome:", PERSON["name"])
    t.answer("Telefone", PERSON["phone"])
    t.answer("Endereço", PERSON["address"])
    t.answer("Data", "")
    t.answer("Plano", "")
    t.expect("Provedor C")
    code, _ = t.end()
    leads = a.cli("lead", "list")["leads"]
    tap.check(code == 0 and len(leads) == count + 1, "one screen for one partner")
    lead = max(leads, key=lambda x: x["created_at"])
    number = lead["id"]
    tap.check(lead["struck_count"] == 1 and [p["name"] for p in lead["asked"]] == ["Provedor C"], "one was struck")
    wait_until(lambda: a.cli("lead", "show", number)["lead"].get("delivered_at"), "C has the contact")
    entry = c.cli("inbox", "list")["entries"][0]["id"]
    tap.check(c.cli("inbox", "show", entry)["contact"]["phone"] == PHONE, "C sees it")
    # revocation
    code, _, err = a.run("lead", "revoke", number)
    tap.check(code == 1 and "--yes" in err, "a revocation is confirmed")
    tap.check(a.cli("lead", "revoke", number, "--yes")["lead"]["state"] == "withdrawn", "revoked")
    wait_until(lambda: a.cli("lead", "show", number)["lead"]["asked"][0]["erased"], "C says erased")
    tap.check("contact" not in c.cli("inbox", "show", entry), "C shows nothing any more")
    code, _, err = a.run("lead", "revoke", number, "--yes", lang="pt-BR")
    tap.check(code == 1 and number in err and "já está revogado" in err, "not twice")
    # the customer chooses none
    t = offer_at_terminal(a)
    t.answer("Novo endereço", "Manaus/AM")
    t.expect("Nenhum parceiro atende")
    t.expect("perguntar de novo")
    t.answer("O cliente autoriza?", "não")
    code, text = t.end()
    tap.check(code == 0 and "nada foi registrado" in text, "with nobody to ask, nothing is stored")
    shown = a.cli("lead", "test", "Manaus/AM")["consent"]
    none = a.cli("lead", "offer", input={"protocol": "19", "address": "Manaus/AM", "later": True,
                                         "consent": {"given": True, "text": shown["later_text"]}})
    tap.check(none["lead"]["state"] == "no-neighbour", "unless the customer wants to hear of it later")
    card = a.run("lead", "show", none["lead"]["id"], lang="pt-BR", env={"TZ": "UTC"})[1]
    year, month, day = none["lead"]["ask_again"]["until"][:10].split("-")
    tap.check(f"Guardado aqui até {day}/{month}/{year}" in card and "pergunte de novo" in card, f"what comes next {card!r}")
    # input that ends early stores nothing
    t = offer_at_terminal(a)
    t.expect("Novo endereço")
    os.write(t.master, b"\x04")
    tap.check(t.end()[0] == 1, "the terminal goes away")


def test_kept(b):
    body = {"protocol": "20", "address": POINT, "consent": {"given": True}}
    code, out, _ = b.run("lead", "offer", input=json.dumps(body), json_out=True)
    tap.check(code == 1 and json.loads(out)["error"]["code"] == "own-coverage", "our own coverage first")
    t = Terminal([VIZINHO, "--socket", b.socket_path, "--lang", "en", "lead", "offer"])
    t.answer("Protocol number", "20")
    t.answer("Registered when", "")
    t.answer("New address", POINT)
    t.answer("Transfer with us?", "")
    code, text = t.end()
    tap.check(code == 0 and "kept" in text, "kept, at the terminal")
    kept = b.cli("lead", "offer", input={"protocol": "21", "address": POINT, "keep": True})
    tap.check(kept["lead"]["state"] == "kept", "kept, by a file, without a consent")


def test_none(a):
    lead = a.cli("lead", "offer", input={"protocol": "22", **drawn(a)})["lead"]
    wait_until(lambda: a.cli("lead", "show", lead["id"])["lead"]["state"] == "choosing", "proposals")
    code, out, _ = a.run("lead", "offer", input=json.dumps({"protocol": "22", **drawn(a)}), json_out=True)
    error = json.loads(out)["error"]
    tap.check(code == 1 and error["code"] == "protocol-open" and lead["id"] in error["message"],
              "the same protocol number again: refused, with the lead that is open")
    second = json.loads(a.run("lead", "offer", "--again", input=json.dumps({"protocol": "22", **drawn(a)}),
                              json_out=True)[1])["lead"]["id"]
    tap.check(second != lead["id"], "--again insists")
    a.cli("lead", "revoke", second, "--yes")
    t = Terminal([VIZINHO, "--socket", a.socket_path, "--lang", "pt-BR", "lead", "offer"])
    t.answer("Protocolo", "22 ")
    t.expect(lead["id"])
    t.answer("aberto para o mesmo protocolo", "")
    code, text = t.end()
    tap.check(code == 1 and "Nada foi criado" in text, "at the terminal the open lead is shown, and asked about")
    t = Terminal([VIZINHO, "--socket", a.socket_path, "--lang", "pt-BR", "lead", "offer", "--again"])
    t.answer("Protocolo", "22 ")
    t.expect("Registrado quando")
    tap.check("aberto para o mesmo" not in t.text, "--again has answered that")
    t.say("\x04")
    t.end()
    tap.check(a.cli("lead", "choose", lead["id"], "--none", "--yes")["lead"]["state"] == "none-chosen", "none chosen")
    code, _, err = a.run("lead", "choose", lead["id"], "--none", lang="pt-BR")
    tap.check(code == 1 and "not-now" in err, "not twice")
    # the municipality is covered, but the exact plant is elsewhere in it: a machine answers no
    far = "-20.290000,-40.300000"
    lead = a.cli("lead", "offer", input={"protocol": "24", **drawn(a, far)})["lead"]
    tap.check(lead["municipality"] == NAMED and len(lead["asked"]) == 2, "asked, by the municipality")
    wait_until(lambda: a.cli("lead", "show", lead["id"])["lead"]["state"] != "open", "answers")
    done = a.cli("lead", "show", lead["id"])["lead"]
    tap.check([p["answer"] for p in done["asked"]] == ["no", "no"], "their plant does not reach: no")
    tap.check(a.run("lead", "show", "20200101-1")[0] == 1, "no such lead")
    a.cover([VITORIA], [[29010000, 29010999]])
    for place, words in (({"municipality": {"code": VITORIA}, "cep": 29010120},
                          {"yes": "Também atendemos", "analysis": "Ainda não sabemos"}),
                         ({"municipality": {"code": VITORIA}}, {"analysis": "Ainda não sabemos"})):
        found = a.ctl("lead.lookup", place=place)
        tap.check(words.get(found["own"]["answer"], "?") in found["consent"]["text"],
                  f"the text is true for our own answer: {found['own']}")
    a.cli("coverage", "withdraw", "rede")
    tap.check("20261123-1" in a.run("lead", "show", "nonsense", lang="pt-BR")[2], "not a lead")


def test_given_back(a, b):
    strike = [p["name"] for p in a.cli("lead", "test", POINT)["partners"] if p["name"] != b.name]
    body = drawn(a, POINT, strike)
    body["consent"]["contact_given"] = True
    body["consent"]["contact_text"] = a.cli("lead", "draw", "--again", str(body["draw"]), "--strike",
                                            ",".join(strike), POINT)["consent"]["contact_text"]
    lead = a.cli("lead", "offer", input={"protocol": "24", "contact": PERSON, **body})["lead"]["id"]
    wait_until(lambda: a.cli("lead", "show", lead)["lead"].get("delivered_at"), "B has it")
    entry = [e for e in b.cli("inbox", "list")["entries"] if e["holds_contact"]][-1]["id"]
    b.cli("inbox", "release", entry)
    wait_until(lambda: a.cli("lead", "show", lead)["lead"]["released"], "A hears of it")
    code, out, _ = a.run("lead", "show", lead)
    tap.check("given back" in out and f"vizinho lead choose {lead}" in out, "a lead that was given back says so")
    tap.check("devolvido" in a.run("lead", "list", lang="pt-BR")[1], "in the list too")
    tap.check("given back" in a.log(), "and in the log")


def test_by_hand(a, c):
    c.configure("")
    with open(c.config_path) as f:
        text = f.read()
    with open(c.config_path, "w") as f:
        f.write(text.replace("[node]\n", "[node]\nanswers = hand\n"))
    c.restart()
    wait_until(lambda: a.peer(c)["answers"] == "hand" and a.peer(c)["linked"], "C answers by hand")
    lead = a.cli("lead", "offer", input={"protocol": "23", **drawn(a, {**PLACE, "cell": CELL}, service="business", month="2026-12"),
                                         "service": "business", "month": "2026-12"})["lead"]
    found = wait_until(lambda: [e for e in c.cli("inbox", "list")["entries"] if e["state"] == "to-answer"],
                       "C is asked")
    entry = found[0]["id"]
    tap.check(c.cli("inbox", "show", entry)["location"]["municipality"] == NAMED, "the location, to a person")
    tap.check("-20.3194" in c.run("inbox", "show", entry)[1], "as coordinates")
    tap.check((c.cli("inbox", "show", entry)["location"]["service"], c.cli("inbox", "show", entry)["location"]["month"])
              == ("business", "2026-12"), "with the wish")
    words = c.run("inbox", "show", entry, lang="pt-BR")[1]
    tap.check(re.search(r"Serviço +internet para empresa\nMês da mudança +12/2026\n", words) and
              re.search(r"Ponto +-20\.3194\d*,-40\.\d+, com erro de 10 m\n", words),
              "in words")
    tap.check(found[0]["cell"] == CELL, "and in a coarse area before")
    tap.check(f"inbox answer {entry} sim|análise, ou não --reason" in words, f"what to type {words!r}")
    code, out, err = c.run("inbox", "answer", entry, "no", lang="pt-BR")
    tap.check(code == 2 and "--reason" in err and c.cli("inbox", "show", entry)["entry"]["state"] == "to-answer",
              f"a no without a reason is not taken for one {err!r}")
    done = c.cli("inbox", "answer", entry, "no", "--reason", "capacity")["entry"]
    tap.check(done["answer"] == "no", "answered by hand")
    code, _, err = c.run("inbox", "answer", entry, "yes", lang="pt-BR")
    tap.check(code == 1 and "not-now" in err, "not twice")
    answers = wait_until(lambda: [p for p in a.cli("lead", "show", lead["id"])["lead"]["asked"]
                                  if p["name"] == "Provedor C" and p["answer"] == "no"], "A has it")
    tap.check(bool(answers), "the origin has the answer")


def test_reader(b, entry):
    with open(b.config_path) as f:
        text = f.read()
    with open(b.config_path, "w") as f:
        f.write(re.sub(r"readers = .*", "readers = nobody", text))
    b.restart()
    code, _, err = b.run("inbox", "show", entry, lang="pt-BR")
    tap.check(code == 1 and "not-a-reader" in err and "readers" in err, "who is no reader sees nothing")


def test_keys(a, b):
    off = a.offline_dir
    key1, key2 = os.path.join(off, "next-key-1.vizkey"), os.path.join(off, "next-key-2.vizkey")
    rev0, rev1 = os.path.join(off, "revocation-0.vizrev"), os.path.join(off, "revocation-1.vizrev")
    code, _, err = a.run("key", "rotate", "--next", rev0, "--offline", off, "--yes")
    tap.check(code == 1 and ".vizkey" in err, "a file that is no key")
    code, _, err = a.run("key", "rotate", "--next", key1, "--offline", off)
    tap.check(code == 1 and "--yes" in err and not os.path.exists(key2), "a change is confirmed")
    stranger = b.offline_dir + "/next-key-1.vizkey"
    code, _, err = a.run("key", "rotate", "--next", stranger, "--offline", off, "--yes", lang="pt-BR")
    tap.check(code == 1 and "wrong-key" in err, "somebody else's key")
    tap.check(not os.path.exists(key2), "and nothing is left of what was refused")
    fresh = os.path.join(off, "fresh")
    code, _, err = a.run("key", "rotate", "--next", stranger, "--offline", fresh, "--yes")
    tap.check(code == 1 and not os.path.exists(fresh), "nor a directory")
    code, _, err = a.run("key", "rotate", "--next", key1, "--offline", "/proc/nowhere", "--yes")
    tap.check(code == 1 and a.cli("status")["key_number"] == 0, "no place for the files: no change")
    got = a.cli("key", "rotate", "--next", key1, "--offline", off, "--yes")
    tap.check(got == {"key_number": 1, "next_key_file": key2, "revocation_file": rev1} and os.path.exists(key2),
              "changed, with the following key on disk, and no revocation in what is printed")
    code, out, _ = a.run("key", "rotate", "--next", key1, "--offline", off, "--yes")
    tap.check(code == 0 and "nothing has changed" in out, "a change that is complete is said to be so")
    tap.check(all(stat.S_IMODE(os.stat(p).st_mode) == 0o600 for p in (key2, rev1)), "files are 0600")
    first = open(rev1).read()
    os.unlink(rev1)
    again = a.cli("key", "rotate", "--next", key1, "--offline", off, "--yes")
    tap.check(again == got and open(rev1).read() == first, "a lost reply is asked for again: the same bytes")
    wait_until(lambda: (b.peer(a) or {}).get("key_number") == 1, "B follows")
    code, _, err = a.run("key", "revoke", rev0)
    tap.check(code == 1 and "--yes" in err, "a revocation is confirmed")
    tap.check(a.cli("key", "revoke", rev0, "--yes")["key_number"] == 0, "an ended key revoked")
    code, _, err = a.run("key", "revoke", key2, "--yes")
    tap.check(code == 1 and ".vizrev" in err, "a file that is no revocation")
    tap.check(a.cli("status")["key_revoked"] is False, "the current key stands")


def test_ends(a, b):
    tap.check(a.cli("peer", "block", "Provedor B", "--yes", "--reason", "ensaio")["peer"]["blocked"], "blocked")
    tap.check("ensaio" in a.run("peer", "show", "Provedor B")[1], "with the reason")
    tap.check(not a.cli("peer", "trust", "Provedor B")["peer"]["blocked"], "and trusted again")
    tap.check(not a.cli("peer", "remove", "Provedor B", "--yes")["peer"]["vouched"], "removed")
    b.cli("coverage", "withdraw", "rede")
    tap.check(b.cli("coverage", "list")["coverages"] == [], "withdrawn")
    tap.check(b.run("coverage", "withdraw", "rede", lang="pt-BR")[0] == 1, "not twice")
    path = os.path.join(b.dir, "ceps.csv")
    with open(path, "w") as f:
        f.write("CEP;LATITUDE;LONGITUDE\n29010120;-20.3194;-40.3378\n")
    out = os.path.join(b.dir, "points.bin")
    code, text, err = b.run("geo", "import", path, "--out", out, json_out=True)
    tap.check(code == 0 and json.loads(text)["cep_count"] == 1, f"points of postcodes {err}")
    code, text, _ = b.run("coverage", "check", "29010-120", json_out=True, env={"VIZINHO_CEP_POINTS": out})
    tap.check(code == 0 and json.loads(text)["place"]["lat_udeg"] == -20319400, "which check then uses")
    for rows, cell in ((499, None), (500, CELL)):
        with open(path, "w") as f:
            f.write("CEP;LATITUDE;LONGITUDE\n" + "29010120;-20.3194;-40.3378\n" * rows)
        tap.check(b.run("geo", "import", path, "--out", out)[0] == 0, f"{rows} addresses")
        for place, wanted in ((POINT, cell), ("29010-120", cell), ("Vitória/ES", None), ("-20.31,-40.29", None)):
            code, text, _ = b.run("lead", "test", place, json_out=True, env={"VIZINHO_CEP_POINTS": out})
            tap.check(code == 0 and json.loads(text)["place"].get("cell") == wanted,
                      f"{place}: an area of {'the municipality' if wanted is None else 'a cell'}")


def main():
    with Cluster(3) as cluster:
        a, b, c = cluster
        test_init(cluster.dir)
        test_peers(a, b)
        cluster.wait_partners(a, b)
        cluster.join(a, c)
        test_coverage(b, c, cluster.dir)
        wait_until(lambda: len(a.cli("lead", "test", POINT)["partners"]) == 2, "coverage spreads")
        test_bad_offers(a, cluster.dir)
        test_job(a, b, c)
        test_terminal(a, b, c)
        test_kept(b)
        test_none(a)
        entry = b.cli("inbox", "list", "--all")["entries"][0]["id"]
        test_reader(b, entry)
        cluster.wait_partners(a, b)
        test_by_hand(a, c)
        test_given_back(a, b)
        test_keys(a, b)
        test_ends(a, b)
    test_standing(cluster.times)


try:
    main()
except (AssertionError, Refused) as e:
    tap.check(False, f"ended early: {e}".replace("\n", " "))
    raise
finally:
    status = tap.done()
sys.exit(status)
