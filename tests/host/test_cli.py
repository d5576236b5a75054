#!/usr/bin/env python3
"""The `vizinho` command as a program: VIZ_CLI, linked with the tests' core."""
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading

CLI = os.environ["VIZ_CLI"]
FAKE = os.environ["VIZ_FAKE"]
count = failed = 0


def check(ok, what):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {what}")


def run(*args, lang="en_US.UTF-8"):
    env = {**os.environ, "LC_ALL": lang}
    p = subprocess.run([CLI, *args], capture_output=True, text=True, env=env, timeout=240)
    return p.returncode, p.stdout, p.stderr


def serve(path, reply, got):
    """One request on a UNIX socket, answered with `reply` in small pieces."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(1)

    def work():
        c, _ = server.accept()
        got.append(c.makefile("rb").readline())
        for i in range(0, len(reply), 7):
            c.sendall(reply[i:i + 7])
        c.close()
        server.close()

    t = threading.Thread(target=work)
    t.start()
    return t


def ask(dir, reply, *args, lang="en_US.UTF-8"):
    path = os.path.join(dir, "s")
    got = []
    t = serve(path, reply, got)
    out = run("--socket", path, *args, lang=lang)
    t.join()
    os.unlink(path)
    return out, got[0]


def test_usage():
    check(run()[0] == 2, "no command: usage")
    check(run("nonsense")[0] == 2, "an unknown command")
    check(run("--nonsense")[0] == 2, "an unknown option")
    check(run("--lang", "xx", "status")[0] == 2, "an unknown language")
    check(run("status", "more")[0] == 2, "a word too many")
    code, out, _ = run("help")
    check(code == 0 and "usage:" in out and "init" in out, "help")
    code, out, _ = run("help", "init", lang="pt_BR.UTF-8")
    check(code == 0 and out.startswith("uso: vizinho init"), "help of a command, by locale")
    code, out, _ = run("--lang", "pt-BR", "init", "--help")
    check(code == 0 and out.startswith("uso: vizinho init"), "--help behind it, by --lang")
    code, _, err = run("--socket", "/nonexistent/s", "status")
    check(code == 3 and "Nobody answers" in err, "no daemon")


def test_client(dir):
    good = json.dumps({"ok": True, "result": {"id": "viz1x", "members": 3, "key_revoked": True}})
    (code, out, _), got = ask(dir, good.encode() + b"\n", "status")
    check(json.loads(got) == {"op": "status", "args": {}}, "the request")
    lines = {line[:29].strip(): line[29:].strip() for line in out.splitlines()}
    check(code == 0 and lines["ID"] == "viz1x" and lines["MEMBERS"] == "3" and "revoked" in lines["KEY"],
          "a result as text")
    (code, out, _), _ = ask(dir, good.encode() + b"\n", "--json", "status")
    check(code == 0 and json.loads(out) == json.loads(good)["result"], "a result as JSON")
    bad = b'{"ok":false,"error":{"code":"state","message":"not now"}}\n'
    (code, _, err), _ = ask(dir, bad, "status", lang="pt_BR.UTF-8")
    check(code == 1 and err == "Recusado (state): not now\n", "a refusal")
    (code, out, _), _ = ask(dir, bad, "--json", "status")
    check(code == 1 and json.loads(out)["error"]["code"] == "state", "a refusal as JSON")
    for reply in (b"", b"{\n", b'{"ok":true}\n', b'{"ok":true,"result":{}}', b'{"ok":false}\n', b"[]\n"):
        (code, _, err), _ = ask(dir, reply, "status")
        check(code == 1 and "is incomplete" in err, f"a broken reply: {reply!r}")


def test_init(dir):
    state, away, conf = (os.path.join(dir, n) for n in ("state", "away", "conf"))
    base = ["init", "--state", state, "--config", conf]
    check(run(*base)[0] == 2, "init without --offline")
    check(run(*base, "--offline", away, "--cnpj", "11222333000182")[0] == 2, "a wrong CNPJ")
    code, _, err = run(*base, "--offline", away, "--set", "nonsense=1")
    check(code == 2 and "partner_delay_ms" in err and "skew_ms" in err, "an unknown time: all names")
    check(run(*base, "--offline", away, "--set", "repair_ms=1")[0] == 2, "a time out of bounds")
    code, _, err = run(*base, "--offline", away, "--set", "heartbeat_ms=28800001")
    check(code == 2 and "3 * heartbeat_ms" in err, "times that do not fit each other")
    check(run(*base, "--offline", away, "--federation", "Grande")[0] == 2, "a wrong federation")
    check(not os.path.exists(state) and not os.path.exists(away), "nothing was made by those")
    check(run(*base, "--offline", os.path.join(state, "x"))[0] == 1, "offline inside the state")
    check(not os.path.exists(state), "and what it made is taken back")
    code, out, err = run(*base, "--offline", away, "--name", "Fibra do Vale", "--asn", "28000")
    check(code == 0 and "MOVE THESE FILES" in out, f"init {err}")
    key, rev = (os.path.join(away, n) for n in ("next-key-1.vizkey", "revocation-0.vizrev"))
    check(all(stat.S_IMODE(os.stat(f).st_mode) == 0o600 for f in (key, rev)), "offline files are 0600")
    check("\nvizkey 1 vizseed1" in open(key).read(), "the next key's file")
    check("\nvizrev 0 " + "05" * 100 + "\n" in open(rev).read(), "the revocation's file")
    check(open(conf).read() == "[node]\nname = Fibra do Vale\nasn = 28000\n", "the configuration")
    check(subprocess.run([FAKE, "--config", conf, "--check"], capture_output=True).returncode == 0,
          "which vizinhod takes")
    before = open(key).read()
    check(run(*base, "--offline", away)[0] == 1, "offline files are not overwritten")
    other = os.path.join(dir, "other")
    code, _, err = run(*base, "--offline", other)
    check(code == 1 and "There is a node" in err, "a second init changes nothing")
    check(not os.path.exists(other) and open(key).read() == before, "and leaves no files")


dir = tempfile.mkdtemp(prefix="viz-cli-")
try:
    test_usage()
    test_client(dir)
    test_init(dir)
finally:
    shutil.rmtree(dir)
print(f"1..{count}")
sys.exit(1 if failed else 0)
