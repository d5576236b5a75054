#!/usr/bin/env python3
"""test_deb.py BUILD_DEB DIR: builds the Debian package in DIR, asks lintian, and takes the package through its life in a
bare chroot and under a booted systemd. The mirror is the one that apt uses here."""
import os
import re
import shutil
import subprocess
import sys

BUILD_DEB, DIR = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = ["dpkg-buildpackage", "dh", "lintian", "mmdebstrap"]
count, failed = 0, 0


def ok(condition, what, log=""):
    global count, failed
    count += 1
    failed += not condition
    if not condition:
        print("".join(f"# {x}\n" for x in log.splitlines()[-60:]), end="")
    print(f"{'ok' if condition else 'not ok'} {count} - {what}", flush=True)
    return condition


def skip(what, why):
    ok(True, f"{what} # SKIP {why}")


def run(*args, **more):
    """(exit status, all that it printed)"""
    p = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                       errors="replace", check=False, **more)
    return p.returncode, p.stdout


def take(what, printed):
    """Counts the lines of a script, and prints them with numbers."""
    lines = [x for x in printed.splitlines() if re.match(r"(not )?ok - |# ", x)]
    for line in lines:
        if line.startswith("# "):
            print(line)
        else:
            ok(line.startswith("ok"), f"{what}: {line.split(' - ', 1)[1]}")
    ok(any(x.startswith("ok - purge") for x in lines), f"{what}: to its end", printed)


def mirrors():
    """The lines of a sources.list, and what apt must know to use them."""
    _, out = run("apt-get", "indextargets", "Created-By: Packages", "--format",
                 "$(ORIGIN) deb $(REPO_URI) $(CODENAME) $(COMPONENT)")
    sources = sorted({x.split(" ", 1)[1] for x in out.splitlines() if x.startswith("Debian ")})
    _, out = run("apt-config", "dump", "Acquire")
    options = [x for x in out.splitlines() if re.match(r'Acquire::(Check|http|https|Retries|ForceIP)\S* "..*"', x)]
    return [x for x in sources if " bookworm" in x], options


FACES = ("web", "erp")


def versions(debs, root):
    """one.deb, two.deb with a higher version, three.deb with another default configuration too; likewise web-one.deb."""
    for package, deb in debs.items():
        face = package.partition("-")[2]
        prefix, conf = (f"{face}-", face) if face else ("", "vizinho")
        shutil.copy(deb, f"{root}/srv/{prefix}one.deb")
        tree = f"{DIR}/tree"
        shutil.rmtree(tree, ignore_errors=True)
        run("dpkg-deb", "-R", deb, tree)
        control = f"{tree}/DEBIAN/control"
        with open(control, encoding="utf-8") as f:
            was = f.read()
        for name, version in (("two", "+two"), ("three", "+zzz")):
            with open(control, "w", encoding="utf-8") as f:
                f.write(re.sub(r"^(Version: .*|Depends: .*\(= [^)]*)", rf"\g<1>{version}", was, flags=re.M))
            if name == "three":
                with open(f"{tree}/etc/vizinho/{conf}.conf", "a", encoding="utf-8") as f:
                    f.write("\n# of the third version\n")
            run("dpkg-deb", "--root-owner-group", "-b", tree, f"{root}/srv/{prefix}{name}.deb")
        shutil.rmtree(tree)


def bare(debs, root):
    sources, options = mirrors()
    if not sources:
        skip("chroot", "apt here knows no mirror of Debian 12")
        return False
    code, out = run("mmdebstrap", "--variant=apt", "--skip=cleanup/apt/lists", *(f"--aptopt={x}" for x in options),
                    "--dpkgopt=force-unsafe-io", "bookworm", root, *sources)
    if not ok(code == 0, "a bare chroot", out):
        return False
    versions(debs, root)
    for name in ("deb_check.sh", "deb_chroot.sh", "deb_faces.sh"):
        shutil.copy(f"{HERE}/{name}", f"{root}/srv")
    _, out = run("unshare", "--pid", "--fork", f"--mount-proc={root}/proc", "chroot", root, "sh", "/srv/deb_chroot.sh")
    take("chroot", out)
    return True


UNIT = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
ExecStart=/bin/sh -c 'sh /srv/deb_boot.sh >/srv/result 2>&1; systemctl poweroff'
[Install]
WantedBy=default.target
"""


def booted(root):
    if not shutil.which("systemd-nspawn"):
        skip("booted", "no systemd-nspawn")
        return
    code, out = run("chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "--no-install-recommends",
                    "install", "systemd-sysv", "dbus", *libraries(root))
    if not ok(code == 0, "a chroot that boots", out):
        return
    shutil.copy(f"{HERE}/deb_boot.sh", f"{root}/srv")
    with open(f"{root}/etc/systemd/system/life.service", "w", encoding="utf-8") as f:
        f.write(UNIT)
    run("chroot", root, "systemctl", "enable", "life.service")
    # It would wait for a network that this machine does not have.
    run("chroot", root, "systemctl", "mask", "systemd-networkd-wait-online.service")
    for path in ("etc/machine-id", "srv/off"):
        run("rm", "-rf", f"{root}/{path}")
    try:
        code, out = run("systemd-nspawn", "-q", "-D", root, "-b", "--register=no", "--keep-unit", "--private-network",
                        "--console=pipe", "--system-call-filter=seccomp landlock_create_ruleset "
                        "landlock_add_rule landlock_restrict_self", timeout=900)
    except subprocess.TimeoutExpired as e:
        code, out = 1, (e.stdout or b"").decode(errors="replace")
    if not os.path.exists(f"{root}/srv/result"):
        skip("booted", f"systemd does not boot in a container here: {' '.join(out.split())[-160:]}")
        return
    with open(f"{root}/srv/result", encoding="utf-8", errors="replace") as f:
        take("booted", f.read())


def libraries(root):
    """What the packages need, to be there before the machine has no network."""
    needed = [run("dpkg-deb", "-f", f"{root}/srv/{x}one.deb", "Depends")[1] for x in ("", *(f"{x}-" for x in FACES))]
    return sorted({x.split()[0] for x in ",".join(needed).split(",") if x.strip().startswith("lib")})


def main():
    missing = [x for x in TOOLS if not shutil.which(x)]
    if missing or os.geteuid() != 0:
        print(f"1..0 # SKIP {'no ' + ', '.join(missing) if missing else 'not root'}")
        return 0
    code, out = run(BUILD_DEB, DIR)
    debs = {m[1]: x for x in out.splitlines() if (m := re.search(r"/(vizinho(?:-web|-erp)?)_[^/]*\.deb$", x))}
    if not ok(code == 0 and len(debs) == 1 + len(FACES), "dpkg-buildpackage", out):
        print(f"1..{count}")
        return 1
    changes = [os.path.join(DIR, x) for x in os.listdir(DIR) if x.endswith(".changes")]
    code, out = run("lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", *changes)
    print("".join(f"# lintian: {x}\n" for x in out.splitlines()), end="")
    ok(code == 0 and not re.search(r"^[EW]: ", out, re.M), "lintian has no error and no warning")
    root = f"{DIR}/root"
    os.makedirs(root, exist_ok=True)
    # Memory, so that nothing waits for a disk; it goes with this process.
    run("mount", "-t", "tmpfs", "-o", "size=2g,mode=0755", "tmpfs", root)
    try:
        if bare(debs, root):
            booted(root)
    finally:
        run("umount", root)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    # Mounts of its own, which end with it.
    if os.geteuid() == 0 and "VIZ_APART" not in os.environ:
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                   {**os.environ, "VIZ_APART": "1"})
    sys.exit(main())
