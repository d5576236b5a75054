"""What must not start, or must not be locked up: state that is not ours alone, a vault that is gone, an old state that
came back, and the places of the control socket."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys

import story
from nodes import VIZINHOD, Cluster, Tap, command, wait_until

def hold(path, count):
    """A process of another user that holds so many connections. Returns (its id, a descriptor: close it to end)."""
    up, down = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setgid(65534)
        os.setuid(65534)
        os.close(down[1])
        held = []
        for _ in range(count):
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            held.append(s)
        os.write(up[1], b"x")
        os.read(down[0], 1)
        os._exit(0)
    os.close(up[1])
    os.close(down[0])
    assert os.read(up[0], 1) == b"x"
    return pid, down[1]


def ends(node, *more, lang="C"):
    """(exit status, standard error) of a start that is refused."""
    p = subprocess.run([VIZINHOD, "--config", node.config_path, "--state", node.state_dir, *more], capture_output=True,
                       text=True, timeout=60, env={**os.environ, "LC_ALL": lang})
    return p.returncode, p.stderr


def private(t):
    with Cluster(1) as c:
        a = c[0]
        a.stop()
        for name in ("store.mdb", "vault"):
            path = os.path.join(a.state_dir, name)
            os.chmod(path, 0o644)
            code, err = ends(a)
            t.check(code == 1 and name in err and "chmod 600" in err, f"{name} that all may read is refused: {err}")
            os.chmod(path, 0o600)
        a.start()
        t.check(a.answers(), "with 0600 it starts")


def vault(t):
    with story.cluster(partners=1) as c:
        a, b = c
        lead = story.offer(a, "P-1")
        story.wait_state(a, lead, "choosing")
        a.stop()
        path = pathlib.Path(a.state_dir, "vault")
        for what in ("gone", "empty"):
            path.rename(path.with_name("aside"))
            if what == "empty":
                path.touch(0o600)
            code, err = ends(a)
            t.check(code == 1 and "vault" in err and "Put the file back" in err, f"a vault that is {what}: {err}")
            path.with_name("aside").rename(path)
        a.start()
        t.equal(story.state(a, lead), "choosing", "put back, all is there")
        a.stop()
        path.unlink()
        p = subprocess.Popen([VIZINHOD, "--config", a.config_path, "--state", a.state_dir, "--without-vault"],
                             stdin=subprocess.DEVNULL, stderr=open(a.log_path, "ab"))
        a.process = p
        wait_until(a.answers, "lost for good, it starts when told so")
        t.check(a.ctl("status")["quarantine"], "in quarantine, as the store is not what it was")


def old_state(t):
    """State 2 with coverage "a" is copied; "rede" is published and "a" withdrawn; then the copy is put back."""
    with Cluster(2, names=["Alfa", "Beta"]) as c:
        a, b = c
        c.join(a, b)
        b.cover([story.CACHOEIRO], [(29300000, 29329999)], name="a")
        b.plan()
        story.wait_covered(a, 1)
        b.stop()
        shutil.copytree(b.state_dir, b.state_dir + "c")
        b.start()
        b.cover([3205309], [(29000000, 29099999)], name="rede")
        b.ctl("coverage.withdraw", name="a")
        wait_until(lambda: not a.ctl("lead.lookup", place=story.PLACE)["partners"], "A has the new one")
        b.stop()
        shutil.rmtree(b.state_dir)
        os.rename(b.state_dir + "c", b.state_dir)
        b.start()
        wait_until(lambda: b.ctl("status")["quarantine"], "the partners show that it is old")
        wait_until(lambda: b.cli("coverage", "list")["stale"], "the partners' records have come")
        code, out, err = b.run("coverage", "list")
        t.check("partners hold something newer" in out, f"and the list says so: {out} {err}")
        wait_until(lambda: not b.ctl("status")["quarantine"] or b.ctl("key.resume") is not None, "resumed")
        b.wait_started()
        b.cover([3205309], [(29000000, 29099999)], name="a")
        t.check(b.cli("coverage", "list")["stale"] is False, "until it is imported anew")


def places(t):
    """One user of the group takes all places of the control socket; another one still gets in."""
    if os.getuid() != 0:
        print("# not root: skipped")
        return
    with Cluster(1) as c:
        a = c[0]
        for d in (c.dir, str(a.dir)):
            os.chmod(d, 0o755)
        os.chmod(a.socket_path, 0o666)
        pid, end = hold(a.socket_path, 64)
        t.check(a.ctl("status")["name"] == a.name, "who holds none gets a place although all are taken")
        held = []
        for _ in range(40):
            s = socket.socket(socket.AF_UNIX)
            s.connect(a.socket_path)
            held.append(s)
        answered = 0
        for s in held:
            s.settimeout(60)
            try:
                s.sendall(b'{"op": "status"}\n')
                answered += s.recv(1) == b"{"
            except OSError:
                pass
        t.check(30 <= answered <= 33, f"and no more than its share: {answered} of 40")
        os.close(end)
        os.waitpid(pid, 0)


def init(t):
    code, out, err = command("init", "--offline", "/nonexistent/x", "--set", "heartbeat_ms=500")
    t.check(code == 2 and "--federation" in err, f"--set without --federation is refused: {err}")


def main():
    t = Tap()
    for part in (private, vault, old_state, places, init):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            print(f"# {part.__name__}", flush=True)
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
