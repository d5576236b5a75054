"""Real nodes get ill and well again, and `vizinho status` says so to people, to scripts and to programs: a partner that
is killed, one whose clock is wrong, a full disk, a revoked key, a node that is gone."""
import json
import os
import signal
import subprocess
import sys

from nodes import VIZINHO, Cluster, Tap, wait_until
from terminal import Terminal
from test_disk import Disk

VERDICTS = {0: ("well", "WELL", "BEM"), 1: ("degraded", "DEGRADED", "DEGRADADO"), 2: ("down", "DOWN", "FORA DO AR")}


def problems(node):
    return {(p["code"], p.get("peer", {}).get("id")): p for p in node.ctl("status")["problems"]}


def wait_ill(node, code, peer=None):
    key = (code, peer.id if peer else None)
    return wait_until(lambda: problems(node).get(key), f"{node.name}: {code}")


def wait_well(node):
    wait_until(lambda: node.ctl("status")["verdict"] == "well", f"{node.name} is well, not {problems(node)}")


def said(t, node, status, words, what):
    """The command says it in both languages and as JSON, and ends with this status."""
    for lang, text in zip(("en", "pt-BR"), words):
        code, out, err = node.run("status", lang=lang)
        first = out.split(":")[0]
        t.check(code == status and err == "" and first == VERDICTS[status][1 if lang == "en" else 2] and
                text in " ".join(out.split()) and max(map(len, out.splitlines())) <= 80, f"{what}, {lang}: {code} {out!r} {err!r}")
    code, out, _ = node.run("status", json_out=True)
    t.equal((code, json.loads(out)["verdict"]), (status, VERDICTS[status][0]), f"{what}, as JSON")


def partner(t, a, b):
    """A partner is killed and comes back."""
    wait_well(a)
    said(t, a, 0, ("linked with 1 of 1 partners", "com ligação a 1 de 1 parceiros"), "well")
    b.kill9()
    p = wait_until(lambda: (lambda p: p if p and p["unlinked_reason"] == "nothing-listens" else None)(
        problems(a).get(("partner-unlinked", b.id))), "the partner is missed")
    t.check(p["since"] == p["unlinked_from"] and p["tried_count"] == 1 and p["heard_at"] <= p["since"] <= p["last_error_at"],
            f"since when, and at how many addresses it was tried: {p}")
    said(t, a, 1, ("Provedor B is not linked: its machine answers, and vizinhod does not run there (addresses tried: 1)",
                   "Provedor B está sem ligação: a máquina dele responde, e o vizinhod não roda nela (endereços tentados: 1)"),
         "a partner that is gone")
    peer = a.ctl("peer.show", peer=p["remedy"].split()[-1])["peer"]
    t.equal((peer["id"], peer["unlinked_reason"]), (b.id, "nothing-listens"), "the remedy shows it")
    b.start()
    wait_well(a)
    t.check("last_error" in a.peer(b) and "unlinked_from" not in a.peer(b), "it is well again, and the last error stays")


def clock(t, a, b):
    """A partner comes back with a clock that is wrong, and then with a right one."""
    b.stop()
    b.shift_s = 180
    b.start()
    for n, other, ahead in ((a, b, True), (b, a, False)):
        p = wait_ill(n, "partner-clock", other)
        t.check((p["ahead_ms"] > 170000) == ahead and abs(p["ahead_ms"]) < 200000, f"{n.name}: {p}")
    said(t, a, 1, ("The clock of Provedor B differs from ours (+1", "O relógio de Provedor B difere do nosso (+1"), "a clock")
    b.stop()
    b.shift_s = 0
    b.start()
    for n in (a, b):
        wait_well(n)
    t.check(True, "with a right clock both are well")


def watched(t, a, b):
    """--watch has a line for each change. Ctrl-C ends it, on a terminal too."""
    words = [VIZINHO, "--socket", a.socket_path, "--lang", "en"]
    with subprocess.Popen([*words, "--json", "status", "--watch"], stdout=subprocess.PIPE, text=True) as p:
        t.equal(json.loads(p.stdout.readline())["verdict"], "well", "--watch begins with what is")
        term = Terminal([*words, "status", "--watch"])
        term.expect("WELL: Provedor A")
        b.stop()
        while json.loads(p.stdout.readline())["verdict"] != "degraded":
            pass
        t.check(True, "a change has a line")
        term.expect("DEGRADED: Provedor A")
        a.stop()
        while json.loads(p.stdout.readline())["verdict"] != "down":
            pass
        term.expect("DOWN: ")
        p.send_signal(signal.SIGINT)
        t.equal(p.wait(), 0, "Ctrl-C ends it")
    term.process.send_signal(signal.SIGINT)
    t.equal(term.end()[0], 0, "and on a terminal")
    code, out, err = a.run("status")
    t.check(code == 2 and "systemctl start vizinhod" in out, f"nobody answers: {code} {out!r} {err!r}")
    a.start()
    b.start()


def revoked(t, a, b):
    """The key of B is revoked; then B changes it, and all is well."""
    with open(os.path.join(b.offline_dir, "revocation-0.vizrev")) as f:
        a.ctl("key.revoke", revocation=f.read().split()[-1])
    wait_ill(a, "partner-revoked", b)
    said(t, a, 1, ("The key of Provedor B was revoked", "A chave de Provedor B foi revogada"), "a revoked key")
    wait_ill(b, "key-revoked")
    said(t, b, 2, ("Our key is revoked", "A nossa chave foi revogada"), "its own")
    b.cli("key", "rotate", "--next", os.path.join(b.offline_dir, "next-key-1.vizkey"), "--offline", b.offline_dir, "--yes")
    for n in (a, b):
        wait_until(lambda: n.ctl("status")["verdict"] == "well", f"{n.name} is well: {problems(n)}")
    t.check(True, "with a new key both are well")


def doctor(t, a):
    """What may go wrong: it is named, with what to do, and goes when it is mended."""
    def levels():
        return {c["code"]: c["level"] for c in a.ctl("doctor")["checks"]}
    t.check({"clock", "disk", "inodes", "open-files", "swap", "address", "version"} <= set(levels()), f"it looks at {levels()}")
    t.equal((levels()["permissions"], levels()["single-voucher"], levels()["backup"]), ("well", "degraded", "degraded"),
            "one voucher, no backup")
    store = os.path.join(a.state_dir, "store.mdb")
    os.chmod(store, 0o640)
    wait_until(lambda: levels()["permissions"] == "degraded", "that others may read the store is seen")
    for lang, words in (("en", "Other users of this machine may read the store"), ("pt-BR", "Outros usuários desta máquina")):
        code, out, err = a.run("doctor", lang=lang)
        t.check(code == 1 and err == "" and words in " ".join(out.split()) and max(map(len, out.splitlines())) <= 80,
                f"in {lang}: {code} {out!r}")
    os.chmod(store, 0o600)
    wait_until(lambda: levels()["permissions"] == "well", "and that it is mended")


def disk(t):
    with Disk() as d:
        if not d.mounted:
            t.check(True, "a full disk # SKIP no mount")
            return
        os.environ["VIZ_DIR"] = d.dir
        try:
            with Cluster(1, names=["Cheia"]) as c:
                wait_well(c[0])
                d.fill()
                p = wait_ill(c[0], "disk-full")
                t.check(p["disk_free_bytes"] < 8 << 20, f"how much is left: {p}")
                said(t, c[0], 2, ("The disk is full", "O disco está cheio"), "a full disk")
                d.free()
                wait_well(c[0])
                t.check(True, "and well again by itself")
        finally:
            del os.environ["VIZ_DIR"]


def main():
    t = Tap()
    with Cluster(2, silence_ms=600000) as c:
        a, b = c
        c.join(a, b)
        partner(t, a, b)
        watched(t, a, b)
        for n in (a, b):
            wait_well(n)
        doctor(t, a)
        revoked(t, a, b)
    with Cluster(2) as c:
        c.join(*c)
        clock(t, *c)
    disk(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
