"""What vizinhod gives up at its start: a running node, one where the kernel has none of it, and one that root starts."""
import grp
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys

from nodes import VIZINHOD, Cluster, Tap, wait_until

WORDS = ("privileges_dropped", "seccomp", "landlock")


def fields(path):
    with open(path) as f:
        return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def children(pid):
    return [int(x) for task in os.listdir(f"/proc/{pid}/task")
            for x in open(f"/proc/{pid}/task/{task}/children").read().split()]


def gone(pid):
    try:
        return fields(f"/proc/{pid}/status")["State"].startswith("Z")
    except OSError:
        return True


def a_running_node(t):
    with Cluster(1) as c:
        a, = c
        status = a.ctl("status")
        threads = [fields(f"/proc/{a.pid}/task/{x}/status") for x in os.listdir(f"/proc/{a.pid}/task")]
        t.check(len(threads) > 1, "it has threads")
        t.check(all(int(x["CapPrm"], 16) == int(x["CapEff"], 16) == 0 and x["NoNewPrivs"] == "1" for x in threads)
                and status["privileges_dropped"], "none of them has a privilege, and status says so")
        t.equal({x["Seccomp"] == "2" for x in threads}, {status["seccomp"]}, "what status says of seccomp is so")
        t.equal("Landlock, which" in a.log(), not status["landlock"], "of Landlock it warns, or it is on")
        code, out, _ = a.run("status")
        said = [x for x in out.splitlines() if x.startswith("PROTECTION")]
        t.check(code == 0 and len(said) == 1 and ("not here" not in said[0]) == all(status[x] for x in WORDS),
                "people see one line of it")
        runner, = children(a.pid)
        t.equal(fields(f"/proc/{runner}/status")["Name"], "vizinhod-hook", "hooks have a process of their own")
        os.kill(runner, signal.SIGKILL)
        wait_until(lambda: "the process that runs the hook has ended" in a.log(), "its end is told")
        t.check(a.answers(), "and the node goes on")
        a.restart()
        runner, = children(a.pid)
        a.kill9()
        wait_until(lambda: gone(runner), "it ends with the daemon, also a killed one")
        t.check(True, "it ends with the daemon, also a killed one")


def without(t):
    """In an unprivileged container."""
    if not shutil.which("strace"):
        t.check(True, "a kernel without it # SKIP no strace")
        return
    with Cluster(1, start=False) as c:
        a, = c
        env = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        with open(a.log_path, "ab") as log:
            a.process = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=landlock_create_ruleset,seccomp,capset",
                 "-e", "inject=landlock_create_ruleset:error=EOPNOTSUPP", "-e", "inject=seccomp:error=EINVAL",
                 "-e", "inject=capset:error=EPERM",
                 VIZINHOD, "--config", a.config_path, "--state", a.state_dir],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        wait_until(a.answers, "it starts")
        status = a.ctl("status")
        t.equal([status[x] for x in WORDS], [False] * 3, "without all of it a node starts")
        t.equal(a.log().count("going on without"), 3, "and warns")
        t.check("not here: " in a.run("status")[1], "status says what is missing")
        strace, = children(a.pid)[:1]
        os.kill(strace, signal.SIGTERM)
        t.equal(a.process.wait(60), 0, "it ends in order")
        a.process = None


HOOK = "#!/bin/sh\ncat >/dev/null\necho $(id -u) $CREDENTIALS_DIRECTORY >{}/uid\n"


def started_by_root(t):
    if os.getuid() != 0:
        t.check(True, "a node that root starts # SKIP not root")
        return
    user = pwd.getpwnam("nobody")
    group = grp.getgrnam("daemon")
    with Cluster(2, start=False) as c:
        a, b = c
        for path in [a.state_dir, *pathlib.Path(a.state_dir).iterdir()]:
            os.chown(path, user.pw_uid, user.pw_gid)
        for path in (a.dir.parent, a.dir):
            os.chmod(path, 0o755)
        hook = a.dir / "hook"
        hook.write_text(HOOK.format(a.state_dir))
        hook.chmod(0o755)
        config = pathlib.Path(a.config_path)
        config.write_text(config.read_text().replace(f"socket = {a.socket_path}", f"group = {group.gr_name}")
                          + f"[events]\nhook = {hook}\n")
        config.chmod(0o644)
        a.socket_path = a.state_dir + "/control"
        os.environ["CREDENTIALS_DIRECTORY"] = "/run/credentials/x"
        a.start()
        del os.environ["CREDENTIALS_DIRECTORY"]
        b.start()
        t.equal(set(fields(f"/proc/{a.pid}/status")["Uid"].split()), {str(user.pw_uid)},
                "root goes on as the owner of the state")
        t.equal(os.stat(a.socket_path).st_gid, group.gr_gid, "the socket has its group all the same")
        c.join(a, b)
        wait_until(lambda: os.path.exists(a.state_dir + "/uid"), "the hook runs")
        wait_until(lambda: pathlib.Path(a.state_dir + "/uid").read_text().split() == [str(user.pw_uid), "/run/credentials/x"],
                   "as that user, with the directory of its secrets")
        t.check(True, "and the hook is that user's, too")


def main():
    t = Tap()
    for part in (a_running_node, without, started_by_root):
        part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
