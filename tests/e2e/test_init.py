"""`vizinho init` beside what a package has installed: the configuration, and a state directory that is not root's."""
import os
import shutil
import subprocess
import sys
import tempfile

from nodes import ROOT, VIZINHOD, Tap, command

EXAMPLE = ROOT / "tools/packaging/vizinho.conf"


def init(name, *more):
    return command("init", "--state", f"{name}-state", "--offline", f"{name}-off", "--config", f"{name}.conf",
                   "--name", "Rede X", "--language", "en", "--address", "192.0.2.1:7411", *more)


def configuration(t, dir):
    """Filled as it is installed, and kept when it sets something."""
    installed, made = EXAMPLE.read_text(), []
    for n, extra in enumerate(("", "[log]\nlevel = info\n")):
        with open(f"{dir}/{n}.conf", "w") as f:
            f.write(installed + extra)
        code, _, err = init(f"{dir}/{n}")
        t.check(code == 0, f"init beside a configuration {err!r}")
        with open(f"{dir}/{n}.conf") as f:
            made.append([x for x in f.read().splitlines() if x not in installed.splitlines()])
    t.equal(made[0], ["name = Rede X", "address = 192.0.2.1:7411", "language = en"],
            "its values stand in the place of the examples")
    t.equal(made[1], ["level = info"], "and a configuration that sets something is kept")
    p = subprocess.run([VIZINHOD, "--config", f"{dir}/0.conf", "--check"], capture_output=True, text=True)
    t.check(p.returncode == 0, f"vizinhod takes it {p.stderr!r}")


def owner(t, dir):
    if os.geteuid() != 0:
        t.check(True, "a state directory of another user # SKIP not root")
        return
    os.mkdir(f"{dir}/a-state")
    shutil.chown(f"{dir}/a-state", "nobody")
    code, _, err = init(f"{dir}/a")
    t.check(code == 0 and err == "", f"root makes a node for another user, and is not warned {err!r}")
    wanted = os.stat(f"{dir}/a-state").st_uid
    t.equal({os.stat(f"{dir}/a-state/{x}").st_uid for x in os.listdir(f"{dir}/a-state")}, {wanted}, "who owns its files")
    t.equal(os.stat(f"{dir}/a-off").st_uid, 0, "and not those that must leave the machine")


def start(t, dir):
    """With a systemctl that says what it was asked."""
    for status in (0, 1):
        os.makedirs(f"{dir}/bin", exist_ok=True)
        with open(f"{dir}/bin/systemctl", "w") as f:
            f.write(f"#!/bin/sh\necho asked: $*\nexit {status}\n")
        os.chmod(f"{dir}/bin/systemctl", 0o755)
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{dir}/bin:{path}"
        code, out, err = init(f"{dir}/start{status}", "--start")
        os.environ["PATH"] = path
        t.check("asked: start vizinhod.service" in out and code == status and bool(err) == bool(status),
                f"--start starts the service, and its failure is told {(code, err)!r}")


def main():
    t = Tap()
    with tempfile.TemporaryDirectory(prefix="viz-init-") as dir:
        os.chmod(dir, 0o755)
        for part in (configuration, owner, start):
            part(t, dir)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
