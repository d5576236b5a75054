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
from nodes import PATIENCE, ROOT, VIZINHOD, Tap, command  # noqa: E402
from terminal import Terminal  # noqa: E402

ABSENT = {"pt-BR": "Arquivo ou diretório inexistente", "en": "No such file or directory"}
tap = Tap()


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
            # an example is whole, and so is what goes on behind its backslash
            lines = re.sub(r"^  vizinho (?:.*\\\n)*.*\n", "", out, flags=re.M).splitlines()
            tap.check(all(len(x) <= 80 for x in lines), f"within 80 columns: {name} in {lang}")
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
                 ["lead", "choose", "x", "y", "--none"], ["coverage", "import", "f.csv"],
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
    gone = "/nonexistent/file"
    for words in (["analyze", gone], ["analyze", "--coverage", gone, boxes],
                  ["coverage", "import", gone, "--name", "x"],
                  ["coverage", "import", boxes, "--name", "x", "--dry-run", "--svg", gone],
                  ["geo", "import", gone], ["geo", "import", points, "--out", gone], ["lead", "offer", "--file", gone],
                  ["lead", "choose", "x", "y", "--file", gone], ["key", "revoke", gone, "--yes"],
                  ["audit", "verify", gone], ["key", "rotate", "--next", gone, "--offline", dir, "--yes"],
                  ["init", "--state", gone, "--offline", gone + "2", "--name", "x"]):
        for lang in ABSENT:
            status, out, err = command("--socket", "/nonexistent/s", *words, lang=lang)
            tap.check(status == 1 and "file" in err and ABSENT[lang] in err, f"{words[:2]} says why ({lang}) {err!r}")
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
        lines = [f"{conf}: {right}\n"] + [f"{conf}: {missing.format(key)}\n" for key in ("withdrawal", "privacy")]
        tap.equal(daemon("--config", conf, "--check", locale=locale), (0, "".join(lines), ""),
                  f"a right configuration, which makes no offers ({locale})")
        with open(conf, "w") as f:
            f.write("[node]\nname = X\nprivacy = dados@x.example\nwithdrawal = 0800 123 4567\n")
        tap.equal(daemon("--config", conf, "--check", locale=locale), (0, lines[0], ""), f"one that does ({locale})")
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
with tempfile.TemporaryDirectory(prefix="vz-", dir="/tmp") as directory:
    test_files(directory)
    test_daemon(directory)
sys.exit(tap.done())
