"""Backups, restores: from each point of the story the machine is lost, its backup is restored elsewhere, and the story
goes on. And what is refused, what an interruption leaves, and a disk that is full."""
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import time

import story
from nodes import ROOT, VIZINHO, VIZINHOD, Refused, Tap, wait_until

sys.path.insert(0, str(ROOT / "tests/vectors"))
import make_backup  # noqa: E402

SECRETS = [v.encode() for v in story.CONTACT.values() if len(v) > 8] + [b"P-first", b"Provedor"]


def key_file(node):
    path = pathlib.Path(node.dir, "paper")
    path.write_text("# the recovery key\n" + node.recovery_key.replace(" ", "\n").upper() + "\n")
    return str(path)


def secret(node):
    """The key as the other implementation reads it."""
    bits = "".join(f"{make_backup.ALPHABET.index(c):05b}" for g in node.recovery_key.split() for c in g[:4])
    return int(bits[:256], 2).to_bytes(32, "big")


def backup(node, name):
    path = os.path.join(node.dir, name + ".vizbak")
    node.cli("backup", path, "--state", node.state_dir)
    return path


def restore(node, path, state=None):
    return node.cli("restore", path, "--state", state or node.state_dir, "--recovery-file", key_file(node))


def refused(call, *args, **more):
    try:
        call(*args, **more)
    except Refused as e:
        return e.error["code"]
    return "none"


def lose(node, path):
    """The machine is gone, and the backup makes another one."""
    node.kill9()
    shutil.rmtree(node.state_dir)
    restore(node, path)
    node.start()


def resumed(t, node, peers, what, origin=True):
    t.check(node.ctl("status")["quarantine"], f"{what}: it begins in quarantine")
    t.equal(refused(story.offer, node, "P-quarantine"), "quarantine", f"{what}: it makes no offer")
    wait_until(lambda: all(node.peer(p)["linked"] for p in peers), "it is linked")
    if origin:  # what others offered in earlier logs of theirs does not come back, and need not
        wait_until(lambda: len({n.ctl("status")["record_count"] for n in (node, *peers)}) == 1, "its records are back")
    node.ctl("key.resume")
    node.wait_started()
    t.check(not node.ctl("status")["quarantine"], f"{what}: it goes on")


def lead(t, node, other, name, what):
    """A whole lead; the partner has the contact."""
    number = story.offer(node, name)
    story.wait_state(node, number, "choosing")
    story.choose(node, number, other.name)
    story.wait_contact(other, number, node)
    t.check(True, f"{what}: a lead goes to {other.name}")
    return number


def clean(t, c, what):
    for n in c:
        t.equal([f for f in n.ctl("audit.show")["findings"]], [], f"{what}: {n.name} has nothing against anybody")


def sealed(t, node, path):
    """What the file has: nothing in the clear; opened by the key on paper, by another program, a store."""
    data = pathlib.Path(path).read_bytes()
    t.equal([s for s in SECRETS if s in data], [], "the file has nothing in the clear")
    head, parts = make_backup.open_file(data, secret(node))
    t.equal((head["kind"], len(parts), parts[0][16:20]), (1, 1, bytes.fromhex("dec0efbe")), "it is a store, and no vault")
    t.equal([s for s in SECRETS[:3] if s in parts[0]], [], "and no contact is in it, sealed or not")
    t.check(os.stat(path).st_mode & 0o77 == 0, "the file is its owner's alone")


def ages(t):
    """A backup before an offer, one while its customer chooses, one when the partner holds the contact."""
    with story.cluster(2) as c:
        a, b, other = c
        paths = [backup(a, "before")]
        first = story.offer(a, "P-first")
        story.wait_state(a, first, "choosing")
        paths.append(backup(a, "choosing"))
        story.choose(a, first, b.name)
        story.wait_contact(b, first, a)
        story.wait_state(a, first, "delivered")
        paths.append(backup(a, "delivered"))
        sealed(t, a, paths[2])
        of_b = backup(b, "holder")
        t.check("backup_at" in a.ctl("backup.status"), "the node knows when it was backed up")
        second = lead(t, a, b, "P-second", "before the loss")
        # The customer of the first takes the consent back after the backup: what is erased does not come back.
        a.ctl("lead.revoke", lead=first)
        wait_until(lambda: not story.contact(b, first), "B has erased")
        # "delivered" is restored, and then the oldest one: logs, places and draws are never used twice.
        for path, what in ((paths[2], "delivered"), (paths[0], "before")):
            lose(a, path)
            resumed(t, a, (b, other), what)
            t.check("contact" not in a.ctl("lead.show", lead=first, personal=True)["lead"] if what == "delivered" else True,
                    f"{what}: no contact comes back")
            lead(t, a, other, f"P-after-{what}", what)
            clean(t, c, what)
            wanted = (first, "P-first", b.name) if what == "delivered" else (second, None, b.name)
            told = {}

            def is_told():  # partners answer one after the other
                nonlocal told
                told = {(e["lead"]["id"], e.get("protocol"), e["call"]["name"])
                        for e in a.cli("restore", "report")["leads"] if "call" in e}
                return wanted in told
            try:
                wait_until(is_told, "the report")
            except AssertionError:
                pass
            t.check(wanted in told, f"{what}: whom to call about what is lost {told}")
        # The holder is lost: it gets its contacts back from nobody, and the origin sees that.
        lose(b, of_b)
        resumed(t, b, (a, other), "holder", origin=False)
        t.equal(story.contact(b, first), None, "holder: what was erased does not come back")
        told = [(e["lead"]["id"].endswith("-" + first), e["call"]["name"]) for e in b.cli("restore", "report")["inbox"]]
        t.check(told in ([], [(True, a.name)]), f"holder: and whom to call {told}")
        code, out, _ = b.run("restore", "report", lang="pt-BR")
        t.check(code == 0 and "Restaurado em" in out, f"in words {out!r}")
        lead(t, a, other, "P-last", "holder")  # B answers what was offered `skew_ms` after its quarantine
        clean(t, c, "holder")
        found = [s for s in SECRETS[:3] for n in c for p in pathlib.Path(n.state_dir).iterdir()
                 if p.is_file() and s in p.read_bytes()]
        t.equal(found, [], "no contact is in the clear in any state")


def wrong(t, node, path):
    """What is not the whole, right backup is refused, and nothing is written."""
    data = pathlib.Path(path).read_bytes()
    other = os.path.join(node.dir, "wrong.vizbak")
    into = os.path.join(node.dir, "into")
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    newer = bytearray(data)
    newer[7] = ord("2")
    for content, code, what in ((data[:-1], "damaged", "short of a byte"), (data[:len(data) // 2], "damaged", "half of it"),
                                (bytes(flipped), "damaged", "a flipped bit"), (data + b"\0", "damaged", "a byte more"),
                                (bytes(newer), "newer-file", "a newer version"), (b"x" * 300, "input", "another file"),
                                (b"", "input", "nothing")):
        pathlib.Path(other).write_bytes(content)
        t.equal(refused(restore, node, other, into), code, f"refused: {what}")
        t.check(not os.path.exists(into), "and nothing is written")
    key = node.recovery_key
    groups = key.split()
    node.recovery_key = " ".join(groups[:4] + ["q" + groups[4][1:] if groups[4][0] != "q" else "z" + groups[4][1:]] + groups[5:])
    code, _, err = node.run("restore", path, "--state", into, "--recovery-file", key_file(node))
    t.check(code == 1 and "Group 5 of 13" in err, f"a group that is wrong is named: {err!r}")
    node.recovery_key = make_backup.text(b"7" * 32)
    t.equal(refused(restore, node, path, into), "other-recovery-key", "another key is none")
    node.recovery_key = key
    t.equal(refused(restore, node, path, node.state_dir), "exists", "a node is not restored over one")
    t.equal(refused(node.cli, "backup", path, "--state", node.state_dir), "file", "a file is not written over")
    t.check(not os.path.exists(into), "nothing of all that is left")
    code, out, _ = node.run("restore", path, "--state", into, input=node.recovery_key + "\n", lang="pt-BR")
    t.check(code == 0 and "QUARENTENA" in out, f"the key may be typed {out!r}")
    shutil.rmtree(into)


def full(t, node):
    """The disk of the file takes no more; and nobody has the key any more."""
    path = os.path.join(node.dir, "full.vizbak")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))  # noqa: E731
    p = subprocess.run([VIZINHO, "--socket", node.socket_path, "--json", "backup", path, "--state", node.state_dir],
                       capture_output=True, text=True, preexec_fn=limit)
    t.check(p.returncode == 1 and '"file"' in p.stdout, f"a full disk is told {p.stdout!r}")
    t.equal([n for n in os.listdir(node.dir) if n.startswith("full.")], [], "and leaves nothing")
    old = node.recovery_key
    t.equal(node.ctl("backup.status")["has_recovery_key"], True, "it has a key")
    node.recovery_key = node.cli("key", "recovery", "--yes")["recovery_key"]
    t.check(node.recovery_key != old, "a lost paper: a new key")
    path = backup(node, "new-key")
    into = os.path.join(node.dir, "into")
    t.equal(restore(node, path, into)["quarantine"], True, "which opens the backups from then on")
    shutil.rmtree(into)


def killed(t, node, path):
    """kill -9 at any instant leaves nothing half done, and the node goes on."""
    rng = random.Random(11)
    target, into = os.path.join(node.dir, "killed.vizbak"), os.path.join(node.dir, "into")
    whole = {"backup": 0, "restore": 0}
    for n in range(24):
        args, what = ([VIZINHO, "--socket", node.socket_path, "backup", target, "--state", node.state_dir], "backup")
        if n % 2:
            args, what = ([VIZINHO, "restore", path, "--state", into, "--recovery-file", key_file(node)], "restore")
        p = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.random() * (0.12 if n % 2 else 0.06))
        p.send_signal(signal.SIGKILL)
        p.wait()
        if os.path.exists(target):
            whole["backup"] += 1
            make_backup.open_file(pathlib.Path(target).read_bytes(), secret(node))
            os.unlink(target)
        if os.path.exists(os.path.join(into, "store.mdb")):
            whole["restore"] += 1
            t.check(os.path.exists(os.path.join(into, "vault")), "what is there is whole")
            shutil.rmtree(into)
    print(f"# of 24 killed, whole: {whole}", flush=True)
    node.cli("backup", target, "--state", node.state_dir)
    restore(node, target, into)
    # between the two renames: the vault is there, and the store is not
    os.mkdir(os.path.join(into, "restoring"))
    os.rename(os.path.join(into, "store.mdb"), os.path.join(into, "restoring", "store.mdb"))
    restore(node, target, into)
    t.equal(sorted(os.listdir(into)), ["lock", "store.mdb", "vault"], "after all that both work, and nothing is left over")
    t.check(node.answers() and not os.path.exists(target + ".part"), "the node goes on")
    shutil.rmtree(into)


def moved(t):
    """A node that holds a contact goes to another machine: there it goes on at once, with it, and here it never does."""
    with story.cluster(1) as c:
        a, b = c
        first = story.offer(a, "P-first")
        story.wait_state(a, first, "choosing")
        story.choose(a, first, b.name)
        story.wait_contact(b, first, a)
        file, old = os.path.join(b.dir, "b.vizmove"), b.state_dir
        t.equal(refused(b.cli, "move", file, "--state", old, "--yes"), "store", "a node that runs is not moved")
        t.check(not os.path.exists(file), "and nothing is written")
        b.stop()
        p = subprocess.run([VIZINHO, "--json", "move", file, "--state", old, "--yes"], capture_output=True, text=True,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16 << 20, 16 << 20)))
        t.check(p.returncode == 0, f"moved {p.stdout!r}")
        data = pathlib.Path(file).read_bytes()
        head, parts = make_backup.open_file(data, secret(b))
        t.equal((head["kind"], len(parts), [s for s in SECRETS if s in data]), (2, 2, []), "store and vault, in no clear")
        p = subprocess.run([VIZINHOD, "--config", b.config_path, "--state", old], capture_output=True, text=True, timeout=60)
        t.check(p.returncode == 1 and "vizinho move" in p.stderr, f"it does not start here any more {p.stderr!r}")
        store = pathlib.Path(old, "store.mdb")
        whole = store.read_bytes()
        heads = [int.from_bytes(whole[page + 144:page + 152], "little") for page in (0, 4096)]  # transactions
        newest = 4096 * heads.index(max(heads))
        store.write_bytes(whole[:newest] + bytes(4096) + whole[newest + 4096:])
        p = subprocess.run([VIZINHOD, "--config", b.config_path, "--state", old], capture_output=True, text=True, timeout=60)
        t.check(p.returncode == 1 and "vizinho move" in p.stderr, f"nor when the store has lost its last commit {p.stderr!r}")
        store.write_bytes(whole)
        b.state_dir = old + "-new"
        t.equal(restore(b, file)["quarantine"], False, "on the new machine")
        b.start()
        t.check(not b.ctl("status")["quarantine"], "it is in no quarantine")
        t.check(story.wait_contact(b, first, a), "and has the contact")
        b.ctl("inbox.contacted", lead=story.entry(b, first)["id"])
        story.wait_state(a, first, "contacted")
        clean(t, c, "moved")
        # The old machine takes it back: as from an old backup.
        b.stop()
        b.cli("move", "--undo", "--state", old, "--yes")
        b.state_dir = old
        b.start()
        t.check(b.ctl("status")["quarantine"], "taken back, it begins in quarantine")
        t.equal(refused(b.cli, "move", "--undo", "--state", b.state_dir + "-new", "--yes"), "not-moved", "once")


def main():
    t = Tap()
    ages(t)
    moved(t)
    with story.cluster(1) as c:
        a = c[0]
        path = backup(a, "whole")
        wrong(t, a, path)
        killed(t, a, path)
        full(t, a)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
