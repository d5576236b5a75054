#!/usr/bin/env python3
"""The `vizinho` command as a program: VIZ_CLI, linked with the tests' core."""
import json
import os
import re
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
    code, _, err = run("--socket", "/nonexistent/s", "peer", "list")
    check(code == 3 and "Nobody answers" in err, "no daemon")


def share(k, n, low=0.0, high=1.0):
    return {"count": k, "of": n, "low": low, "high": high}


def test_audit(dir):
    """The page of a partner, and the report: each count with its interval."""
    rede_b, rede_c = {"id": "viz1x", "name": "Rede B"}, {"id": "viz1y", "name": "Rede C"}
    finding = {"id": "F00000001", "origin": rede_b, "lead": {"id": "20261123-1"}, "rule_number": 47,
               "rule": "key-ended", "verdict": "suspicion", "found_at": "2026-11-24T12:00:00Z", "ends": False}
    stays = {**finding, "id": "F00000002", "rule_number": 48, "rule": "old-log"}
    partner = {**rede_c, "struck_share": share(3, 20, 0.05, 0.36), "struck_beside_share": share(1, 40),
               "nil_answer_share": share(0, 0), "nil_reveal_share": share(2, 4, 0.15, 0.85),
               "first_share": share(5, 9, 0.27, 0.81), "first_by_chance": 4.25,
               "burnt_turn_share": share(1, 2, 0.09, 0.91)}
    times = {"count": 7, "least_ms": 1500, "median_ms": 2500, "most_ms": 30000}
    facts = {"offer_count": 7, "cell_share": share(6, 7, 0.49, 0.97), "log_count": 1,
             "burnt_draw_share": share(2, 9, 0.06, 0.55), "nil_answer_share": share(0, 0),
             "nil_reveal_share": share(2, 4), "withdrawn_share": share(1, 7), "again_share": share(1, 1, 0.21, 1.0),
             "window_times": times, "location_times": {**times, "count": 0}, "partners": [partner]}
    counts = {"offer_count": 7, "in_order_count": 5, "suspicion_count": 1, "contradiction_count": 0,
              "unchecked_count": 1, "unchecked_reasons": [{"reason": "view", "count": 1}]}
    origin = {**rede_b, "verdict": "suspicion", **counts, "findings": [finding, stays],
              "unlisted": [{"rule": "key-ended", "count": 7}], "facts": facts, "offers": []}
    page = json.dumps({"ok": True, "result": {"origin": origin}}).encode() + b"\n"
    for lang, words in (("en_US.UTF-8", ["2 of 9 (6 to 55 %)", "6 of 7 (49 to 97 %)", "3 of 20 (5 to 36 %)",
                                         "5 of 9 (27 to 81 %)", "4.3", "1.5 / 2.5 / 30.0 s (of 7)", "Rede C",
                                         "STRUCK BY CUSTOMERS", "F00000001", "not listed here: 7", "1 with coverage not shown", "SUSPICION. "]),
                        ("pt_BR.UTF-8", ["2 de 9 (6 a 55 %)", "6 de 7 (49 a 97 %)", "3 de 20 (5 a 36 %)",
                                         "5 de 9 (27 a 81 %)", "4,3", "1,5 / 2,5 / 30,0 s (de 7)", "Rede C",
                                         "RISCADO POR CLIENTES", "F00000001", "fora desta lista: 7", "1 com coberturas não mostradas", "DIVERGÊNCIA SEM PROVA. "])):
        (code, out, _), got = ask(dir, page, "audit", "Rede B", lang=lang)
        check(code == 0 and json.loads(got) == {"protocol": 1, "op": "audit.show", "args": {"what": "Rede B"}}, "a partner is asked for")
        missing = [w for w in words if w not in out]
        check(not missing, f"{lang}: the partner's page has each fact {missing}")
    old = json.dumps({"ok": True, "result": {"origin": {**origin, "verdict": ""}}}).encode() + b"\n"
    check("IN ORDER. " not in ask(dir, old, "audit", "Rede B")[0][1], "what is not said to be in order is not")
    (code, out, _), _ = ask(dir, page, "--json", "audit", "Rede B")
    check(code == 0 and json.loads(out)["origin"]["facts"] == facts, "and --json all of it")
    protest = {"origin": rede_b, "ours": False, "by": rede_c,
               "kinds": [{"kind": "pledge", **share(2, 9, 0.06, 0.55)}, {"kind": "head", "count": 1}],
               "replies": [{"reply": "failed", **share(1, 3, 0.06, 0.79)}, {"reply": "none", **share(2, 3, 0.21, 0.94)}]}
    proved = {**finding, "id": "F00000003", "rule_number": 6, "rule": "log-fork", "verdict": "contradiction"}
    about_us = {**protest, "origin": {"id": "viz1z", "name": "Rede A"}, "ours": True}
    findings = [finding, stays, proved]
    report = {"verdict": "suspicion", **counts, "findings": findings, "protests": [protest, about_us], "probing": [],
              "origins": [{k: origin[k] for k in ("id", "name", *counts)} | {"findings": findings, "unlisted": [{"rule": "log-fork", "count": 4}]}]}
    report = json.dumps({"ok": True, "result": report}).encode() + b"\n"
    for lang, words in (("en_US.UTF-8", ["SUSPICION.", "breach signed with a replaced key (1×), since", "(5×), since", "A thief of the old key",
                                         "ask when it changed its key", "This finding stays", "answer 2 of 9 (6 to 55 %)",
                                         "Rede A (we) Rede C", "about our own offers", "log not shown 1", "its own fault 1 of 3 (6 to 79 %)"]),
                        ("pt_BR.UTF-8", ["DIVERGÊNCIA SEM PROVA.", "falta assinada com chave trocada (1×), desde", "(5×), desde",
                                         "um ladrão da chave antiga", "pergunte quando trocou a chave", "Este achado fica",
                                         "resposta 2 de 9 (6 a 55 %)", "Rede A (nós) Rede C", "sobre as nossas ofertas", "histórico não mostrado 1",
                                         "falha dele 1 de 3 (6 a 79 %)"])):
        (code, out, _), _ = ask(dir, report, "audit", lang=lang)
        missing = [w for w in words if w not in " ".join(out.split())]
        check(code == 0 and not missing, f"{lang}: the report says what happened and what to do {missing}")
        check(out.index("F00000003") < out.index("F00000001") and "Rede B (" not in out,
              f"{lang}: what is proved comes first")
    (code, out, _), _ = ask(dir, json.dumps({"ok": True, "result": {"origin": origin, "protests": [protest],
                                                                    "probing": [probing("partner", "many-an-hour")]}}
                                            ).encode() + b"\n", "audit", "Rede B")
    check("answer 2 of 9 (6 to 55 %)" in out and "40 locations" in out, "the page of a partner has who protested, and probing")
    unlinked = {**finding, "rule_number": 51, "rule": "no-link", "counted_ms": 180000}
    for shown, words in ((unlinked, "MINUTES WITHOUT A CONNECTION 3"),
                         ({**unlinked, "rule_number": 40, "rule": "withheld"}, "MINUTES CONNECTED SINCE 3")):
        reply = json.dumps({"ok": True, "result": {"finding": shown}}).encode() + b"\n"
        (code, out, _), _ = ask(dir, reply, "audit", "F00000001")
        check(words in " ".join(out.split()), f"the minutes of {shown['rule']} {out!r}")


def probing(role, *reasons):
    return {"peer": {"id": "viz1x", "name": "Rede B"}, "role": role, "reported": True, "reasons": list(reasons),
            "stopped": False, "since": "2026-11-24T12:00:00Z", "until": "2026-12-24T12:00:00Z", "location_count": 46,
            "yes_count": 40, "analysis_count": 6, "no_count": 0, "no_content_count": 0, "award_count": 0,
            "award_any_count": 0, "install_count": 0}


def test_probing(dir):
    """What is told about probing fits what was counted."""
    counts = {"offer_count": 0, "in_order_count": 0, "suspicion_count": 0, "contradiction_count": 0,
              "unchecked_count": 0, "unchecked_reasons": []}
    asks_much, never, many = "asks much and awards little", "never says yes, or", "offers of this node"
    for row, wanted in ((probing("origin", "many-an-hour"), {asks_much}), (probing("partner", "many-an-hour"), {many}),
                        (probing("partner", "never-yes"), {never}),
                        (probing("partner", "many-an-hour", "no-install"), {many, never})):
        report = {"verdict": "none", **counts, "findings": [], "origins": [], "protests": [], "probing": [row]}
        (_, out, _), _ = ask(dir, json.dumps({"ok": True, "result": report}).encode() + b"\n", "audit")
        said = {w for w in (asks_much, never, many) if w in " ".join(out.split())}
        check(said == wanted and " 46 " in out, f"{row['role']}, {row['reasons']}: {said}")
        check("stopped" not in out, "nobody was stopped")
    for row in ({**probing("origin", "no-award"), "stopped": True}, {**probing("origin"), "reported": False, "stopped": True}):
        report = {"verdict": "none", **counts, "findings": [], "origins": [], "protests": [], "probing": [row]}
        (_, out, _), _ = ask(dir, json.dumps({"ok": True, "result": report}).encode() + b"\n", "audit")
        check("stopped by you" in out and ("hardly ever" in out) == row["reported"], f"a stopped one is shown as that {out!r}")


def test_client(dir):
    good = json.dumps({"ok": True, "result": {"id": "viz1x", "member_count": 3, "key_revoked": True}})
    (code, out, _), got = ask(dir, good.encode() + b"\n", "status")
    check(json.loads(got) == {"protocol": 1, "op": "status", "args": {}}, "the request")
    check(code == 2, "a result without a verdict is not well")
    good = json.dumps({"ok": True, "result": {"id": "viz1x", "member_count": 3, "key_revoked": True, "verdict": "well"}})
    (code, out, _), _ = ask(dir, good.encode() + b"\n", "status", "--all")
    lines = dict(re.split("  +", line, maxsplit=1) for line in out.splitlines() if "  " in line)
    check(code == 0 and lines["ID"] == "viz1x" and lines["MEMBERS"] == "3" and "revoked" in lines["KEY"],
          f"a result as text {out!r}")
    (code, out, _), _ = ask(dir, good.encode() + b"\n", "--json", "status")
    check(code == 0 and json.loads(out) == json.loads(good)["result"], "a result as JSON")
    bad = b'{"ok":false,"error":{"code":"state","message":"not now"}}\n'
    (code, _, err), _ = ask(dir, bad, "peer", "list", lang="pt_BR.UTF-8")
    check(code == 1 and err == "Recusado (state): not now\n", "a refusal")
    (code, out, _), _ = ask(dir, bad, "--json", "peer", "list")
    check(code == 1 and json.loads(out)["error"]["code"] == "state", "a refusal as JSON")
    newer = b'{"ok":true,"protocol":2,"version":"9.0","result":{"id":"viz1x"}}\n'
    (code, out, _), _ = ask(dir, newer, "--json", "peer", "list")
    check(code == 1 and json.loads(out)["error"]["code"] == "newer-node" and "9.0" in out, "a node of a later protocol")
    for reply in (b"", b"{\n", b'{"ok":true}\n', b'{"ok":true,"result":{}}', b'{"ok":false}\n', b"[]\n"):
        (code, _, err), _ = ask(dir, reply, "peer", "list")
        check(code == 1 and "is incomplete" in err, f"a broken reply: {reply!r}")


def test_init(dir):
    state, away, conf = (os.path.join(dir, n) for n in ("state", "away", "conf"))
    base = ["init", "--state", state, "--config", conf]
    check(run(*base)[0] == 2, "init without --offline")
    check(run(*base, "--offline", away, "--cnpj", "11222333000182")[0] == 2, "a wrong CNPJ")
    code, _, err = run(*base, "--offline", away, "--federation", "teste", "--set", "nonsense=1")
    check(code == 2 and "partner_delay_ms" in err and "skew_ms" in err, "an unknown time: all names")
    check(run(*base, "--offline", away, "--federation", "teste", "--set", "repair_ms=1")[0] == 2, "a time out of bounds")
    code, _, err = run(*base, "--offline", away, "--federation", "teste", "--set", "heartbeat_ms=28800001")
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


def main():
    dir = tempfile.mkdtemp(prefix="viz-cli-")
    try:
        test_usage()
        test_audit(dir)
        test_probing(dir)
        test_client(dir)
        test_init(dir)
    finally:
        shutil.rmtree(dir)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
