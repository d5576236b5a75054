#!/usr/bin/env python3
"""`vizinho status` for people and for scripts: the screen, the exit status, what it says of each problem in each
language, and --watch. A socket of this test plays the node."""
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unicodedata

sys.dont_write_bytecode = True
import test_cli  # noqa: E402
from test_cli import CLI, ask, check, run  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
LANGS = {"en": "en_US.UTF-8", "pt-BR": "pt_BR.UTF-8"}
PATIENCE = 240
SINCE = "2026-11-30T05:10:00.000Z"
SIBLING = {"id": "viz1b", "name": "Fibra do Vale"}
WHY = {"unlinked_from": SINCE, "heard_at": "2026-11-30T05:09:58.000Z", "unlinked_reason": "no-answer",
       "tried_count": 3, "last_error": "no-answer", "last_error_at": "2026-11-30T12:00:00.000Z"}
PARTNERS = [
    {**SIBLING, "label": "Fibra do Vale", "standing": "partner", "partner": True, "linked": False, **WHY},
    {"id": "viz1c", "name": "Rede Serrana", "label": "Rede Serrana", "standing": "partner", "partner": True,
     "linked": True, "link_from": "2026-11-28T14:31:00.000Z", "heard_at": "2026-11-30T12:00:00.000Z"},
    {"id": "viz1d", "name": "Norte Telecom", "label": "Norte Telecom", "standing": "waits", "partner": False,
     "linked": True, "link_from": "2026-11-30T11:00:00.000Z", "heard_at": "2026-11-30T11:59:00.000Z"}]
PROBLEM = {"code": "partner-unlinked", "level": "degraded", "since": SINCE, "peer": SIBLING, **WHY,
           "remedy": "vizinho peer show 3f9a01c2"}
STATUS = {"verdict": "degraded", "problems": [PROBLEM], "partners": PARTNERS, "version": "0.1.0", "name": "Provedor A",
          "federation_name": "brasil", "id": "viz1a", "key_number": 0, "member_count": 41, "partner_count": 2, "link_count": 9,
          "store_used_bytes": 12 << 20, "store_map_bytes": 1 << 30, "disk_free_bytes": 20 << 30, "inbox_count": 2,
          "privileges_dropped": True, "seccomp": True, "landlock": True, "record_count": 900}
# The problems, one of each code, as the node gives them.
DETAILS = {"clock-behind": {"ahead_ms": 61000}, "partner-clock": {"ahead_ms": -600000}, "disk-full": {"disk_free_bytes": 3 << 20},
           "store-full": {"store_used_bytes": 60 << 20, "store_map_bytes": 64 << 20},
           "store-nearly-full": {"store_used_bytes": 50 << 20, "store_map_bytes": 64 << 20},
           "store-filling": {"store_used_bytes": 46 << 20, "store_map_bytes": 64 << 20},
           "partner-unlinked": WHY}

SCREEN = {"en": """\
DEGRADED: Provedor A, linked with 1 of 2 partners. Not well:

! Fibra do Vale is not linked: it does not answer (addresses tried: 3); its
  machine, line or firewall. Since 2026-11-30 02:10.
  What now: vizinho peer show 3f9a01c2

PARTNER        LINKED SINCE      LAST HEARD        LAST ERROR
Fibra do Vale  -                 2026-11-30 02:09  no answer
Rede Serrana   2026-11-28 11:31  2026-11-30 09:00  -
Norte Telecom  2026-11-30 08:00  2026-11-30 08:59  -
  Norte Telecom: waits for the other side

INBOX, TO DO  2
DISK          12 / 1024 MiB, 20480 MiB free on disk
PROTECTION    no privileges, seccomp, Landlock
VERSION       0.1.0
""", "pt-BR": """\
DEGRADADO: Provedor A, com ligação a 1 de 2 parceiros. O que não está bem:

! Fibra do Vale está sem ligação: ele não responde (endereços tentados: 3); é
  a máquina, o enlace ou o firewall dele. Desde 30/11/2026 02:10.
  O que fazer: vizinho peer show 3f9a01c2

PARCEIRO       LIGADO DESDE      OUVIDO EM         ÚLTIMO ERRO
Fibra do Vale  -                 30/11/2026 02:09  sem resposta
Rede Serrana   28/11/2026 11:31  30/11/2026 09:00  -
Norte Telecom  30/11/2026 08:00  30/11/2026 08:59  -
  Norte Telecom: espera pelo outro lado

CAIXA DE ENTRADA, A FAZER  2
DISCO                      12 / 1024 MiB, 20480 MiB livres no disco
PROTEÇÃO                   sem privilégios, seccomp, Landlock
VERSÃO                     0.1.0
"""}


def line_of(result):
    return json.dumps({"ok": True, "protocol": 1, "version": "0.1.0", "result": result}).encode() + b"\n"


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def readme():
    """README shows the screen as it is."""
    text = (ROOT / "README.md").read_text()
    check("".join(f"  {x}\n" if x else "\n" for x in SCREEN["en"].splitlines()) in text, "the screen of the README")


def show(dir, result, *args, tag="en"):
    (code, out, err), _ = ask(dir, line_of(result), *args, lang=LANGS[tag])
    check(err == "", f"nothing on standard error {err!r}")
    return code, out


def screens(dir):
    for tag, wanted in SCREEN.items():
        code, out = show(dir, STATUS, "status", tag=tag)
        check(code == 1 and out == wanted, f"the screen in {tag}: {code} {out!r}")
        check(all(width(x) <= 80 for x in out.splitlines()) and len(out.splitlines()) <= 24, "one screen of 80 x 24")
    well = {**STATUS, "verdict": "well", "problems": [], "partners": PARTNERS[1:2]}
    code, out = show(dir, well, "status")
    check(code == 0 and out.splitlines()[0] == "WELL: Provedor A, linked with 1 of 1 partners.", f"well {out!r}")
    code, out = show(dir, well, "status", "--all")
    check(code == 0 and "FINGERPRINT" in out and "RECORDS" in out, "--all has all figures")
    code, out = show(dir, STATUS, "--json", "status")
    check(code == 1 and json.loads(out) == STATUS, "as JSON")
    code, out = show(dir, {**STATUS, "partners": PARTNERS[:1]}, "status")
    check(out.count("Fibra do Vale") == 2, "what a problem says is not said twice")


def documented():
    """{code: level} of node/CONTROL.md."""
    text = (ROOT / "node/CONTROL.md").read_text().split("### `problem`")[1].split("\n### ")[0]
    return dict(re.findall(r"^\| `([a-z-]+)` \| (degraded|down) \|", text, flags=re.M))


def each_problem(dir):
    codes = documented()
    check(len(codes) > 10, f"the codes are known: {sorted(codes)}")
    for code, level in codes.items():
        problem = {"code": code, "level": level, "since": SINCE, "remedy": "x", **DETAILS.get(code, {})}
        if code.startswith("partner-"):
            problem["peer"] = SIBLING
        seen = set()
        for tag in LANGS:
            status, out = show(dir, {**STATUS, "verdict": level, "problems": [problem], "partners": []}, "status", tag=tag)
            said = out.split("\n\n")[1]
            check(status == (2 if level == "down" else 1), f"{code}: exit status {status}")
            check(code not in said and ("Fibra do Vale" in said) == ("peer" in problem) and len(said) > 40,
                  f"{code} in {tag}: {said!r}")
            check(all(width(x) <= 80 for x in out.splitlines()), f"{code} in {tag}: 80 columns")
            seen.add(said)
        check(len(seen) == len(LANGS), f"{code}: a text for each language")
    later = {"code": "new-thing", "level": "degraded", "remedy": "x"}
    check("new-thing" in show(dir, {**STATUS, "problems": [later]}, "status")[1], "a code of a later node is shown")


def each_check(dir):
    text = (ROOT / "node/CONTROL.md").read_text().split("### `check`")[1].split("\n### ")[0]
    codes = re.findall(r"^\| `([a-z-]+)` \|", text.split("| code | degraded")[1], flags=re.M)
    check(len(codes) > 10, f"the checks are known: {codes}")
    well = [{"code": c, "level": "well", "count": 3} for c in codes]
    for tag, word in (("en", "WELL"), ("pt-BR", "BEM")):
        code, out = show(dir, {"verdict": "well", "problems": [], "checks": well}, "doctor", tag=tag)
        check(code == 0 and out.startswith(word) and max(map(width, out.splitlines())) <= 80, f"all is well: {out!r}")
        check(not any(f" {c}," in out for c in codes if "-" in c and c != "copy-on-write"), f"by their names in {tag} {out!r}")
    for c in codes:
        bad = {"code": c, "level": "degraded", "remedy": "x", "count": 7}
        if c in ("unlinkable", "left-out"):
            bad["peer"] = SIBLING
        if c in ("copy-on-write", "version"):
            bad["value"] = "btrfs"
        seen = set()
        for tag in LANGS:
            code, out = show(dir, {"verdict": "degraded", "problems": [], "checks": [bad, *well[:2]]}, "doctor", tag=tag)
            said = out.split("\n\n")[1]
            check(code == 1 and len(said) > 40 and ("Fibra do Vale" in said) == ("peer" in bad) and ("btrfs" in said) == ("value" in bad)
                  and max(map(width, out.splitlines())) <= 80, f"{c} in {tag}: {said!r}")
            seen.add(said)
        check(len(seen) == len(LANGS), f"{c}: a text for each language")


def each_reason(dir):
    text = (ROOT / "node/CONTROL.md").read_text().split("`unlinked_reason` and `last_error` are words")[1].split("\n### ")[0]
    words = re.findall(r"^\| `([a-z-]+)` \|", text, flags=re.M)
    check(len(words) > 10, f"the reasons are known: {words}")
    for tag in LANGS:
        for word in words:
            out = show(dir, {**STATUS, "problems": [{**PROBLEM, "unlinked_reason": word}]}, "status", tag=tag)[1]
            said = re.sub(r"\s+", " ", out.split("\n\n")[1]).split(": ", 1)[1]
            check(not said.startswith(word) and len(said.split(". ")[0]) > 10, f"{word} in {tag}: {said}")


def down(dir):
    """Nobody answers, or not in a way that can be understood."""
    for tag in LANGS:
        code, out, err = run("--socket", "/nonexistent/s", "status", lang=LANGS[tag])
        check(code == 2 and err == "" and "systemctl start vizinhod" in out and "/nonexistent/s" in out, f"down: {out!r}")
    for word in ("status", "doctor"):
        code, out, _ = run("--json", "--socket", "/nonexistent/s", word)
        o = json.loads(out)
        check((code, o["verdict"], [p["code"] for p in o["problems"]], o["error"]["code"]) ==
              (2, "down", ["no-daemon"], "no-daemon"), f"{word}: one object {out}")
    bad = b'{"ok":false,"error":{"code":"state","message":"not now"}}\n'
    newer = b'{"ok":true,"protocol":2,"version":"9.0","result":{"id":"viz1x"}}\n'
    for reply in (bad, newer, b"", b"{\n", b'{"ok":true}\n', b'{"ok":true,"result":{}}', b'{"ok":false}\n', b"[]\n",
                  line_of({"id": "viz1x"})):
        check(ask(dir, reply, "status")[0][0] == 2 and ask(dir, reply, "--json", "status")[0][0] == 2,
              f"nobody says that it is well: {reply!r}")


class Player:
    """A node that answers each question with `reply`."""

    def __init__(self, path, reply):
        self.reply, self.asked = reply, threading.Event()
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(4)
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            try:
                c, _ = self.server.accept()
            except OSError:
                return
            with c:
                c.makefile("rb").readline()
                c.sendall(line_of(self.reply))
            self.asked.set()

    def more(self, n):
        """Waits until it was asked so many times more."""
        for _ in range(n):
            self.asked.clear()
            check(self.asked.wait(PATIENCE), "it is asked again")


def watch(dir):
    """With --json a line for each change, and none for what goes on by itself; Ctrl-C ends it cleanly."""
    path = os.path.join(dir, "w")
    player = Player(path, STATUS)
    p = subprocess.Popen([CLI, "--json", "--socket", path, "status", "--watch"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": LANGS["en"]})
    check(json.loads(p.stdout.readline())["verdict"] == "degraded", "the first line at once")
    player.reply = {**STATUS, "now": "2026-11-30T12:00:01.000Z", "store_used_bytes": 1,
                    "partners": [{**PARTNERS[0], "heard_at": SINCE, "tried_count": 2}, *PARTNERS[1:]]}
    player.more(2)
    check(not select.select([p.stdout], [], [], 0)[0], "what is no change has no line")
    player.reply = {**STATUS, "verdict": "well", "problems": [], "partners": PARTNERS[1:]}
    check(json.loads(p.stdout.readline())["verdict"] == "well", "a change has one")
    player.server.shutdown(socket.SHUT_RDWR)
    player.server.close()
    check(json.loads(p.stdout.readline())["verdict"] == "down", "and so has the end of the node")
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=PATIENCE)
    check((p.returncode, out, err) == (0, b"", b""), f"Ctrl-C ends it cleanly {p.returncode} {out} {err}")
    os.unlink(path)


def main():
    os.environ["TZ"] = "America/Sao_Paulo"
    readme()
    with tempfile.TemporaryDirectory() as dir:
        screens(dir)
        each_problem(dir)
        each_check(dir)
        each_reason(dir)
        down(dir)
        watch(dir)
    print(f"1..{test_cli.count}")
    return 1 if test_cli.failed else 0


if __name__ == "__main__":
    sys.exit(main())
