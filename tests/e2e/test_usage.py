#!/usr/bin/env python3
"""The `vizinho` command and vizinhod without a node: help, exit statuses, and what is said about a wrong command
line, a missing file and a wrong configuration, in both languages and as JSON."""
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nodes  # noqa: E402
from nodes import PATIENCE, ROOT, VIZINHO, VIZINHOD, Tap  # noqa: E402
from portuguese import english  # noqa: E402
from terminal import Terminal  # noqa: E402

ABSENT = {"pt-BR": "Arquivo ou diretório inexistente", "en": "No such file or directory"}
tap = Tap()


def command(*args, lang=None, **more):
    """As in nodes.py. What is said in Portuguese is looked at for English words."""
    code, out, err = nodes.command(*args, lang=lang, **more)
    if lang == "pt-BR" and "--json" not in args:
        found = english(out + err)
        tap.check(not found, f"no English: {' '.join(str(a) for a in args)} {found}") if found else None
    return code, out, err


def names():
    out = command("help", lang="en")[1].split(":\n", 1)[1]
    return [re.split(r"\s{2,}", line.strip())[0] for line in out.splitlines() if line.strip()]


def test_help():
    commands = names()
    tap.check(len(commands) >= 37, f"the list has all commands ({len(commands)})")
    for name in commands:
        texts = {}
        for lang in ("pt-BR", "en"):
            code, out, err = command("help", *name.split(), lang=lang)
            behind = command(*name.split(), "--help", lang=lang)
            texts[lang] = out
            example = "Exemplo" if lang == "pt-BR" else "Example"
            ok = (code == 0 and err == "" and f"vizinho {name}" in out and
                  ("uso:" if lang == "pt-BR" else "usage:") in out)
            ok = ok and any("vizinho" in part and name.split()[-1] in part
                            for part in out.split(example)[1:])
            tap.check(ok and behind[1] == out, f"help of {name} in {lang}, with an example")
            long = [x for x in out.splitlines() if len(x) > 80]
            tap.check(not long, f"within 80 columns: {name} in {lang} {long}")
            with open(os.path.join(ROOT, f"tools/vizinho/texts.{lang}.tsv"), encoding="utf-8") as f:
                text = f.read().split(f"\nhelp_{name.replace(' ', '_')}\n")[1]
            whole = re.findall(r"^\t(  vizinho .*)", re.split(r"\n[a-z]", text)[0], re.M)
            tap.check(whole and all(x in out.splitlines() for x in whole), f"examples are whole: {name} in {lang}")
        tap.check(texts["pt-BR"] != texts["en"], f"help of {name} is translated")
    tap.check(command("lead", lang="en")[0] == 2, "a noun alone is no command")
    tap.check("lead offer" in command("lead", lang="en")[2], "and lists its verbs")


def test_usage():
    for args in (["peer", "nonsense"], ["peer", "list", "more"], ["peer", "show"], ["peer", "block", "x"],
                 ["peer", "list", "--nonsense"], ["lead", "choose", "x"], ["inbox", "answer", "x", "maybe"],
                 ["lead", "choose", "x", "y", "--none"], ["lead", "choose", "x", "y", "--yes"], ["inbox", "answer", "x", "no"],
                 ["inbox", "answer", "x", "yes", "--reason", "plant"], ["coverage", "import", "f.csv"],
                 ["coverage", "import", "f.csv", "--name", "x", "--zoom", "99"],
                 ["plan", "add", "--name", "x", "--price", "9,9", "--down", "1", "--url", "http://x"],
                 ["plan", "add", "--name", "x", "--price", "1e3", "--down", "1", "--url", "http://x"],
                 ["plan", "add", "--name", "x", "--price", "9", "--down", "1", "--url", "ftp://x"],
                 ["plan", "add", "--name", "x", "--price", "9", "--down", "1", "--url", "https:///x"],
                 ["plan", "add", "--name", "x"], ["key", "rotate"], ["audit", "a", "b"],
                 ["lead", "draw", "--strike", "x", "29900-010"], ["inbox", "outcome", "x", "installed", "--days", "400"]):
        for lang in ("pt-BR", "en"):
            code, out, err = command("--socket", "/nonexistent/s", *args, lang=lang)
            tap.check(code == 2 and out == "" and err != "", f"usage: {' '.join(args)} ({lang})")
    for args in (["lead", "offer", "Maria"], ["lead", "offer", "--name", "Maria"],
                 ["lead", "offer", "--phone", "27999990000"], ["lead", "choose", "x", "y", "Maria"],
                 ["lead", "choose", "x", "y", "--name", "Maria"]):
        tap.check(command(*args)[0] == 2, f"no personal data on the command line: {' '.join(args)}")
    code, out, err = command("--json", "--socket", "/nonexistent/s", "peer", "list")
    tap.check(code == 3 and json.loads(out)["error"]["code"] == "no-daemon", "no daemon, as JSON")
    code, out, err = command("--socket", "/nonexistent/s", "peer", "list", lang="pt-BR")
    tap.check(code == 3 and "Ninguém atende" in err and out == "", "no daemon, in words")
    tap.check(len(err.splitlines()) == 1, "in one line")
    code, out, err = command("peer", "list", "--socket", "/nonexistent/s", "--json", "--lang=pt-BR")
    tap.check(code == 3 and "Ninguém" in json.loads(out)["error"]["message"], "the three options stand anywhere")
    tap.check(command("coverage", "check", "--", "--json", "--socket=/nonexistent/s")[1] == "",
              "but behind -- they are words")
    for args in ([], ["nonsense"], ["peer"], ["help", "nonsense"], ["peer", "show"], ["status", "more"],
                 ["--lang", "xx", "status"], ["--socket"], ["--nonsense"], ["init"], ["init", "--nonsense"],
                 ["plan", "add"], ["audit", "x", "y"], ["key", "rotate"], ["coverage", "import", "x"]):
        code, out, err = command("--json", *args)
        tap.check(code == 2 and out.count("\n") == 1 and json.loads(out)["error"]["code"] == "usage" and err == "",
                  f"usage as JSON, one line: {args}")
    for args in (["help"], ["help", "status"], ["status", "--help"], ["peer", "--help"], ["--help"]):
        code, out, err = command("--json", *args)
        tap.check(code == 0 and out.count("\n") == 1 and json.loads(out)["help"], f"help as JSON: {args}")


MISSING = {"pt-BR": "Falta: ", "en": "Missing: "}
HELP = {"pt-BR": "Mais: vizinho help", "en": "More: vizinho help"}
NEAR = {"pt-BR": "Seria", "en": "Did you mean"}
TAKEN = {"pt-BR": "sobra aqui", "en": "one word too many"}


def head_words(name, lang):
    """The needed words of a command, by its help: [(words that may stand there)]"""
    forms = re.split(r"vizinho " + name + r"\b", command("help", *name.split(), lang=lang)[1].split("\n\n")[0])[1:]
    found = []
    for form in forms:
        while "[" in form:
            form = re.sub(r"\[[^\[\]]*\]", " ", form)
        words = re.sub(r"--\S+\s+\S+", " ", form).split()
        for i, word in enumerate(w.removesuffix("...") for w in words if not w.startswith(("--", "..."))):
            found[i:i + 1] = [found[i] if i < len(found) and word in found[i] else (found[i] if i < len(found) else []) + [word]]
    return found


def test_words():
    """A wrong command line: the word that is missing, too many or unknown, and what to type."""
    for name in names():
        for lang in ("pt-BR", "en"):
            wanted = [] if name in ("init", "analyze") else head_words(name, lang)
            for given in range(len(wanted)):
                code, out, err = command(*name.split(), *["x"] * given, lang=lang)
                if name == "lead choose" and given:
                    continue  # PEER or --none: a sentence of its own
                if name == "move":  # FILE or --undo: likewise
                    tap.check(code == 2 and "--undo" in err.splitlines()[0], f"{name}: {err.splitlines()[:1]}")
                    continue
                told = MISSING[lang] + "|".join(wanted[given])
                tap.check(code == 2 and out == "" and err.splitlines()[0] == told and HELP[lang] in err and
                          f"  vizinho {name}" in err, f"{name}: {told} {err.splitlines()[:1]}")
            code, out, err = command(*name.split(), "--qwertz", lang=lang)
            tap.check(code == 2 and "--qwertz" in err.splitlines()[0], f"{name}: an unknown option ({lang})")
            for option in sorted(set(re.findall(r"--([a-z][a-z-]{3,})", command("help", *name.split(), lang=lang)[1].split("\n\n")[0]))):
                if option in ("json", "none", "down"):
                    continue
                code, out, err = command(*name.split(), "--" + option[1] + option[0] + option[2:], lang=lang)
                tap.check(code == 2 and NEAR[lang] in err.splitlines()[0], f"{name}: nearly --{option} ({lang}) {err[:90]!r}")
    for words, pt, en in (
            (["plan", "add"], '--name NOME, --price "99,90", --down MB, --url URL',
             '--name NAME, --price "99.90", --down MBPS, --url URL'),
            (["plan", "add", "--down", "5", "--name", "x"], '--price "99,90", --url URL', '--price "99.90", --url URL'),
            (["key", "rotate"], "--next ARQUIVO, --offline DIR", "--next FILE, --offline DIR"),
            (["peer", "block", "x"], "--reason TEXTO", "--reason TEXT"),
            (["peer", "block", "x", "--reason", " "], "--reason TEXTO", "--reason TEXT"),
            (["coverage", "import", "x"], "--name NOME", "--name NAME")):
        for lang, told in (("pt-BR", pt), ("en", en)):
            code, out, err = command(*words, lang=lang)
            tap.equal((code, err.splitlines()[0]), (2, MISSING[lang] + told), f"all options that {words[:2]} lacks ({lang})")
    for words in (["peer", "show", "Fibra", "do", "Vale"], ["peer", "list", "x"], ["status", "x"]):
        for lang in ("pt-BR", "en"):
            code, out, err = command(*words, lang=lang)
            tap.check(code == 2 and TAKEN[lang] in err and f'"{words[3] if len(words) > 3 else "x"}"' in err and
                      ("aspas" in err or "quotes" in err) == (words[1] == "show"), f"{words}: one too many ({lang})")
    for words, meant in ((["per", "list"], "peer list"), (["peer", "lsit"], "peer list"), (["stats"], "status"),
                         (["invite"], "peer invite"), (["help", "plan", "ad"], "plan add"), (["analyse", "x"], "analyze"),
                         (["inbox", "outcom", "x", "lost"], "inbox outcome"), (["frobnicate"], None), (["peer", "zzz"], None)):
        for lang in ("pt-BR", "en"):
            code, out, err = command(*words, lang=lang)
            tap.check(code == 2 and (f"vizinho {meant}?" in err if meant else NEAR[lang] not in err) and err.count("\n") == 1,
                      f"{words}: {meant} ({lang}) {err!r}")
    for words, pt, en in ((["inbox", "answer", "x", "maybe"], "sim, análise, não", "yes, analysis, no"),
                          (["inbox", "outcome", "x", "gone"], "instalado, perdido", "installed, lost"),
                          (["plan", "add", "--name", "x", "--price", "9", "--down", "1", "--url", "https://x.y", "--technology",
                            "dial-up"], "fibra, cabo, rádio, cobre, satélite", "fiber, cable, radio, copper, satellite"),
                          (["inbox", "outcome", "x", "lost", "--reason", "x"], "não-atende", "unreached")):
        for lang, told in (("pt-BR", pt), ("en", en)):
            code, out, err = command(*words, lang=lang)
            tap.check(code == 2 and told in err, f"{words[:2]}: what is expected ({lang}) {err!r}")
    for words in (["inbox", "answer", "x", "SIM"], ["inbox", "answer", "x", "análise"], ["inbox", "answer", "x", "analise"],
                  ["inbox", "answer", "x", "NÃO", "--reason", "política"], ["inbox", "outcome", "x", "instalado"],
                  ["inbox", "outcome", "x", "perdido", "--reason", "preço"], ["inbox", "answer", "x", "no", "--reason", "plant"]):
        tap.check(command("--socket", "/nonexistent/s", *words, lang="pt-BR")[0] == 3, f"{words[3:]} is taken")
    tap.check(command(lang="pt-BR")[2].startswith("Falta o comando.\nuso:"), "no command")
    tap.equal(command("--help", "peer", "list")[1], command("help", "peer", "list")[1], "--help before a command")
    tap.equal(command("peer", "list", "-h")[1], command("help", "peer", "list")[1], "-h behind it")


def test_catalogue():
    """`vizinho events --kind` knows each kind of event, and its level in each language."""
    with open(os.path.join(ROOT, "node/core/events.tsv"), encoding="utf-8") as f:
        codes = [x.split("\t")[0] for x in f if "\t" in x and not x.startswith(("#", "code"))]
    tap.check(len(codes) > 30, f"the kinds of events ({len(codes)})")
    code, _, err = command("--socket", "/nonexistent", "events", "--kind", ",".join(codes), lang="en")
    tap.equal(code, 3, f"all are known: {err}")
    code, _, err = command("--socket", "/nonexistent", "events", "--kind", "handoff,hand-off", lang="en")
    tap.check(code == 2 and '"hand-off"' in err, f"and one that there is not is told: {err}")
    for word in ("error", "warning", "notice", "info", "erro", "aviso", "nota"):
        tap.equal(command("--socket", "/nonexistent", "events", "--level", word)[0], 3, f"level {word}")
    tap.equal(command("--socket", "/nonexistent", "events", "--level", "fatal")[0], 2, "no such level")


def test_same_file(dir):
    """What a command reads it does not write over, under whatever name."""
    def write(name, text):
        with open(os.path.join(dir, name), "w") as f:
            f.write(text)
        return os.path.join(dir, name)

    plant = write("own.csv", "lat,lon,raio\n-19.3911,-40.0717,150\n")
    points = write("p.csv", "CEP;LATITUDE;LONGITUDE\n29900010;-19.3911;-40.0717\n")
    gone = write("gone.csv", "data_cancelamento;motivo\n10/02/2026;Preço\n")
    rejects = write("gone.csv.rejects.csv", "data_cancelamento;motivo\n;x;y\n")
    for path in (plant, points, gone, rejects):
        os.symlink(path, path + ".link")
    for words, path in ((["coverage", "import", plant, "--name", "x", "--dry-run", "--svg"], plant),
                        (["geo", "import", points, "--out"], points), (["analyze", "--no-node", gone, "--html"], gone),
                        (["analyze", "--no-node", gone, "--rejects"], gone),
                        (["analyze", "--no-node", "--partner", f"X={plant}", gone, "--html"], plant),
                        (["analyze", "--no-node", gone], rejects),
                        (["analyze", "--no-node", "--coverage", plant, gone, "--html"], plant)):
        for out in (path, path + ".link"):
            with open(path) as f:
                before = f.read()
            for lang, told in (("pt-BR", "seria sobrescrito"), ("en", "overwritten")):
                code, _, err = command(*words, out, lang=lang)
                with open(path) as f:
                    tap.check(code == 2 and told in err and f.read() == before, f"{words[:2]} {words[-1]} ({lang}) {err!r}")


def test_yes_and_no(dir):
    """The words that people type, in any case, with or without an accent."""
    node = os.path.join(dir, "node")
    tap.check(command("init", "--state", node, "--offline", node + "-offline", "--config", node + ".conf")[0] == 0, "a node")
    for lang, again in (("pt-BR", "Responda sim ou não."), ("en", "Answer yes or no.")):
        for typed, status in (("sim", 3), ("Sim", 3), ("s", 3), ("yes", 3), ("y", 3), ("não", 1), ("NÃO", 1), ("nao", 1),
                              ("n", 1), ("no", 1)):
            t = Terminal([VIZINHO, "--socket", "/nonexistent/s", "--lang", lang, "key", "revoke",
                          node + "-offline/revocation-0.vizrev"])
            t.answer("?", "talvez")
            t.expect(again)
            t.say(typed)
            tap.equal(t.end()[0], status, f"{typed} ({lang})")
    with open(node + "-offline/next-key-1.vizkey", encoding="utf-8") as f:
        tap.check("off this machine" in f.read(), "the lines for people in the file of the key")
    command("init", "--state", node + "2", "--offline", node + "-offline2", "--config", node + ".conf", lang="pt-BR")
    for name in ("next-key-1.vizkey", "revocation-0.vizrev"):
        with open(f"{node}-offline2/{name}", encoding="utf-8") as f:
            notes = "".join(line for line in f if line.startswith("#"))
        tap.check("Guarde-a" in notes and not english(notes), f"{name} in Portuguese")


def as_nobody(*args, lang):
    """Runs the command as a user who may read nothing of root's."""
    def leave():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
    p = subprocess.run([VIZINHO, "--lang", lang, "--socket", "/nonexistent/s", *args], capture_output=True, text=True,
                       preexec_fn=leave, stdin=subprocess.DEVNULL, timeout=PATIENCE)
    return p.returncode, p.stdout, p.stderr


def test_unreadable(dir):
    """Whatever a file is, the command names it and says why it cannot be read."""
    os.chmod(dir, 0o755)
    sound = os.path.join(dir, "sound.csv")
    with open(sound, "w") as f:
        f.write("data_cancelamento;motivo\n10/02/2026;Preço\n")
    os.chmod(sound, 0o644)
    made = {"k_absent": None, "k_directory": None, "k_denied": b"x", "k_empty": b"", "k_binary": bytes(range(256)) * 8}
    for kind, content in made.items():
        path = os.path.join(dir, kind)
        if kind == "k_directory":
            os.mkdir(path)
        elif content is not None:
            with open(path, "wb") as f:
                f.write(content)
            os.chmod(path, 0o000 if kind == "k_denied" else 0o644)
    os.mkdir(os.path.join(dir, "off"))
    os.chmod(os.path.join(dir, "off"), 0o777)
    told = {"k_absent": ("inexistente", "No such file"), "k_directory": ("É um diretório", "Is a directory"),
            "k_denied": ("Permissão negada", "Permission denied"), "k_empty": ("vazio", "is empty"),
            "k_binary": ("texto", "text")}
    for words in (["analyze", "--no-node"], ["analyze", "--no-node", sound, "--anatel"],
                  ["analyze", "--no-node", sound, "--coverage"], ["coverage", "import", "--name", "x"], ["geo", "import"],
                  ["lead", "offer", "--file"], ["lead", "choose", "x", "y", "--file"], ["key", "revoke", "--yes"],
                  ["key", "rotate", "--yes", "--offline", os.path.join(dir, "off"), "--next"], ["consent", "verify"],
                  ["audit", "verify"]):
        for kind in made:
            if words[0] == "audit" and kind != "k_absent":
                continue  # it takes a directory
            for i, lang in enumerate(("pt-BR", "en")):
                code, out, err = as_nobody(*words, os.path.join(dir, kind), lang=lang)
                why = told[kind][i]
                if words[0] == "key" and kind == "k_binary":
                    why = ("esperado", "expected")[i] if why not in err else why
                tap.check(code == 1 and kind in err and why in err and (i == 1 or not english(err)),
                          f"{' '.join(words[:2])} {kind} ({lang}) {err!r}")


def test_files(dir):
    """Every command that opens a file names it and the reason, and with --json in one object."""
    def write(name, text):
        path = os.path.join(dir, name)
        with open(path, "w") as f:
            f.write(text)
        return path

    boxes = write("boxes.csv", "lat,lon,raio\n-20.3,-40.3,100\n")
    few = write("few.csv", "lat,raio\n-20.3,100\n")
    points = write("points.csv", "CEP;LATITUDE;LONGITUDE\n29010120;-20.3194;-40.3378\n")
    gone = "/nonexistent/gone.csv"
    for words in (["analyze", gone], ["analyze", "--coverage", gone, boxes],
                  ["coverage", "import", gone, "--name", "x"],
                  ["coverage", "import", boxes, "--name", "x", "--dry-run", "--svg", gone],
                  ["geo", "import", gone], ["geo", "import", points, "--out", gone], ["lead", "offer", "--file", gone],
                  ["lead", "choose", "x", "y", "--file", gone], ["key", "revoke", gone, "--yes"],
                  ["audit", "verify", gone], ["key", "rotate", "--next", gone, "--offline", dir, "--yes"],
                  ["init", "--state", gone, "--offline", gone + "2", "--name", "x"]):
        for lang in ABSENT:
            status, out, err = command("--socket", "/nonexistent/s", *words, lang=lang)
            tap.check(status == 1 and "gone.csv" in err and ABSENT[lang] in err, f"{words[:2]} says why ({lang}) {err!r}")
            again, out, err = command("--json", "--socket", "/nonexistent/s", *words, lang=lang)
            tap.check(again == status and out.count("\n") == 1 and err == "" and
                      ABSENT[lang] in json.loads(out)["error"]["message"], f"{words[:2]}: as JSON ({lang}) {out!r}")
    for words in (["analyze"], ["analyze", "--coverage", b"/nonexistent/\xe9.csv", boxes],
                  ["coverage", "import", "--name", "x"], ["geo", "import"], ["lead", "offer", "--file"],
                  ["key", "revoke", "--yes"]):
        named = words if words[-1] == boxes else [*words, b"/nonexistent/\x1b[2J\xe9.csv"]
        status, out, err = command("--json", "--socket", "/nonexistent/s", *named)
        tap.check(status == 1 and out.count("\n") == 1 and err == "" and
                  "?.csv" in json.loads(out)["error"]["message"], f"{words[:2]}: a name that is not UTF-8 {out!r}")
        status, out, err = command("--socket", "/nonexistent/s", *named)
        tap.check(status == 1 and "?.csv" in err and "\x1b" not in err, f"{words[:2]}: in words {err!r}")
    odd = os.path.join(os.fsencode(dir), b"\xe9.csv")
    shutil.copy(points, odd)
    status, out, err = command("--json", "geo", "import", odd, "--out", odd + b".bin")
    tap.check(status == 0 and json.loads(out)["file"].endswith("?.csv.bin"), "a result names such a file too")
    with open(odd, "w") as f:
        f.write("data_cancelamento;motivo\n01/02/2026;mudança\n;x;y\n")
    status, out, err = command("--json", "analyze", "--no-node", odd)
    tap.check(status == 0 and json.loads(out)["files"][0]["file"] == "?.csv", f"and so does a report {out[:200]!r} {err!r}")
    loud = write("loud.csv", "lat,\x1b]0;x\x07\n-20.3,100\n")
    town = write("town.csv", "municipio,uf\n\x1b[31mX,ES\n")
    for path in (loud, town):
        status, out, err = command("coverage", "import", path, "--name", "x", "--dry-run")
        tap.check(status == 1 and err.count("\n") > 1 and "\x1b" not in err, f"a table does not drive the terminal {err!r}")
    for lang, told in (("pt-BR", "não é um arquivo comum"), ("en", "is no regular file")):
        status, out, err = command("coverage", "import", "/dev/null", "--name", "x", lang=lang)
        tap.check(status == 1 and told in err, f"a device is no file ({lang})")
    for lang, told in (("pt-BR", "não bastam"), ("en", "not enough")):
        status, _, err = command("coverage", "import", few, "--name", "x", lang=lang)
        tap.check(status == 1 and "lat, raio" in err and told in err and "longitude" in err,
                  f"a table that lacks a column: those there and those expected ({lang})")
    for words in (["analyze"], ["analyze", "--csv", boxes], ["analyze", "--nonsense", boxes],
                  ["analyze", "--map", "x", boxes], ["analyze", "--today", "x", boxes]):
        status, out, err = command("--json", "--socket", "/nonexistent/s", *words)
        tap.check(status == 2 and out.count("\n") == 1 and err == "" and json.loads(out)["error"]["code"] == "usage",
                  f"usage as JSON: {words[:2]}")


def daemon(*args, locale):
    """(exit status, output, errors) of vizinhod, which finds no terminal."""
    env = {**{k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES")}, "LANG": locale}
    p = subprocess.run([VIZINHOD, *args], capture_output=True, text=True, timeout=PATIENCE, env=env)
    if locale == "pt_BR.UTF-8" and "<3>" not in p.stderr:
        tap.equal(english(p.stdout + p.stderr), [], f"no English: vizinhod {' '.join(args)}")
    return p.returncode, p.stdout, p.stderr


def test_daemon(dir):
    conf = os.path.join(dir, "vizinho.conf")
    for locale, usage, wrong, right, missing, absent in (
            ("pt_BR.UTF-8", "uso:", "esperado: um número de AS", "certo", "falta [node] {}: sem isso não se faz oferta",
             ABSENT["pt-BR"]),
            ("C", "usage:", "expected an AS number", "ok", "[node] {} is missing: without it no offer is made",
             ABSENT["en"])):
        status, out, err = daemon("--help", locale=locale)
        tap.check(status == 0 and out.startswith(usage) and err == "", f"vizinhod --help ({locale})")
        for words in (["--nonsense"], ["more"], ["--state"], ["-xy"], ["--check=1"]):
            status, out, err = daemon(*words, locale=locale)
            tap.check(status == 2 and out == "" and words[0] in err.splitlines()[0] and usage in err,
                      f"vizinhod {words[0]} is refused ({locale})")
        with open(conf, "w") as f:
            f.write("[node]\nname = X\n")
        ready = f"{conf}: {right}"
        status, out, err = daemon("--config", conf, "--check", locale=locale)
        lines = out.splitlines()
        tap.check(status == 0 and err == "" and len(lines) == 3 and lines[2] == ready and
                  all(line.startswith(f"{conf}: {missing.format(key)}") and told in line
                      for line, key, told in zip(lines, ("withdrawal", "privacy"), ("0800", "@"))),
                  f"a right configuration, which makes no offers ({locale}) {out}")
        with open(conf, "w") as f:
            f.write("[node]\nname = X\nprivacy = dados@x.example\nwithdrawal = 0800 123 4567\n")
        tap.equal(daemon("--config", conf, "--check", locale=locale), (0, ready + "\n", ""), f"one that does ({locale})")
        with open(conf, "w") as f:
            f.write("[node]\nname = X\n")
        with open(conf, "a") as f:
            f.write("asn = 0\n")
        status, out, err = daemon("--config", conf, "--check", locale=locale)
        tap.check(status == 2 and err.startswith(f"{conf}:3: [node] asn: {wrong}"), f"a wrong one ({locale}) {err!r}")
        status, out, err = daemon("--config", dir + "/none", "--check", locale=locale)
        tap.check(status == 2 and absent in err, f"a missing one ({locale})")
        status, out, err = daemon("--config", conf, locale=locale)
        tap.check(status == 2 and err.startswith(f"<3>{conf}:3: [node] asn: expected an AS number"),
                  f"the journal is English ({locale})")
    with open(conf, "w") as f:
        f.write("[node]\nname = X\n")
    for locale, told in (("pt_BR.UTF-8", "não há nó em"), ("C", "no node in")):
        status, text = Terminal([VIZINHOD, "--config", conf, "--state", dir], {"LC_ALL": locale}).end()
        tap.check(status == 1 and f"{told} {dir}: vizinho init" in text,
                  f"why it does not start, at a terminal ({locale})")
    with open(os.path.join(dir, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for locale, told, gone in (("pt_BR.UTF-8", "outro processo está usando", ABSENT["pt-BR"]),
                                   ("C", "in use by another process", ABSENT["en"])):
            status, text = Terminal([VIZINHOD, "--config", conf, "--state", dir], {"LC_ALL": locale}).end()
            tap.check(status == 1 and told in text, f"a store that is in use ({locale}) {text!r}")
            status, text = Terminal([VIZINHOD, "--config", conf, "--state", dir + "/none"], {"LC_ALL": locale}).end()
            tap.check(status == 1 and gone in text, f"a state directory that is not there ({locale}) {text!r}")
    status, out, err = daemon("--config", conf, "--state", dir, locale="pt_BR.UTF-8")
    tap.check(status == 1 and f"<3>no node in {dir}" in err, "and in English for the journal")


test_help()
test_usage()
test_words()
test_catalogue()
with tempfile.TemporaryDirectory(prefix="vz-", dir="/tmp") as directory:
    test_files(directory)
    test_yes_and_no(directory)
    test_same_file(directory)
    test_unreadable(directory)
    test_daemon(directory)
sys.exit(tap.done())
