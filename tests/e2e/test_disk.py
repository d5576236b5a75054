"""A file system that others have filled is treated as a full store: what needs space is refused and says so, the rest
goes on, and the node is back by itself when there is room. A small tmpfs of its own; without the right to mount, a
limit of the size of a file."""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

import story
from nodes import VIZINHO, VIZINHOD, Cluster, Refused, Tap, wait_until
from test_full import plant

SIZE = 40 << 20


def code(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except Refused as e:
        return e.error["code"]
    return "none"


class Disk:
    """A file system of so many bytes that can be filled. `dir` is None where none can be mounted."""

    def __init__(self, size=SIZE):
        self.size = size

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="vd-")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", self.dir], capture_output=True)
        self.mounted = done.returncode == 0
        return self

    def fill(self):
        with open(os.path.join(self.dir, "filler"), "wb", buffering=0) as f:
            for size in (1 << 20, 4096):
                try:
                    while True:
                        f.write(bytes(size))
                except OSError:
                    pass

    def free(self):
        os.unlink(os.path.join(self.dir, "filler"))

    def __exit__(self, *_):
        if self.mounted:
            subprocess.run(["umount", "-l", self.dir], check=True)
        shutil.rmtree(self.dir, ignore_errors=True)


def full_disk(t, disk):
    os.environ["VIZ_DIR"] = disk.dir
    with Cluster(1, names=["Cheia"]) as one:
        os.environ["VIZ_DIR"] = "/tmp"
        with Cluster(1, names=["Vizinha"]) as two:
            a, b = one[0], two[0]
            one.join(a, b)
            b.cover([story.CACHOEIRO], [(29300000, 29329999)])
            b.plan()
            story.wait_covered(a, 1)
            lead = story.offer(a, "P-1")
            story.wait_state(a, lead, "choosing")
            story.choose(a, lead, b.name)
            story.wait_contact(b, lead)
            out = a.run("status")[1]
            t.check("MiB free on disk" in out, f"status has the free space: {out}")
            file = plant(pathlib.Path(two.dir) / "p.geojson", 20000)
            a.cli("coverage", "import", file, "--name", "cabe")
            disk.fill()
            names = []
            for n in range(400):
                try:
                    a.cli("coverage", "import", file, "--name", f"p{n}")
                    names.append(n)
                except Refused as e:
                    t.equal(e.error["code"], "store-full", "an import that does not fit is refused")
                    break
            else:
                t.check(False, "four hundred plants went onto a full disk")
            t.check(a.answers(), f"the node is alive, {len(names)} plants later")
            t.equal(code(story.offer, a, "P-2"), "store-full", "an offer likewise")
            s = a.ctl("status")
            t.check(s["disk_full"] and s["store_full"], "status says that it is the disk")
            code_, out, _ = a.run("status", lang="pt-BR")
            t.check("o disco está cheio" in out and "map_mib" not in out, f"and in words: {out}")
            wait_until(lambda: "the disk is full" in a.log(), "the log says disk")
            t.check("cannot go on" not in a.log(), "and the process did not end")
            pid = a.pid
            a.ctl("lead.revoke", lead=lead)
            wait_until(lambda: a.ctl("lead.show", lead=lead)["lead"]["asked"][0]["erased"], "the holder has erased")
            t.check(not story.contact(b, lead), "a revocation works on a full disk, and reaches the holder")
            a.ctl("coverage.withdraw", name="cabe")
            t.check(a.answers() and a.pid == pid, "and so does what frees space")
            a.restart()
            t.check(a.ctl("status")["disk_full"], "it starts on a full disk too")
            pid = a.pid
            disk.free()
            wait_until(lambda: not a.ctl("status")["disk_full"], "there is room again")
            a.wait_started()
            wait_until(lambda: a.peer(b)["linked"], "linked")
            story.wait_state(a, story.offer(a, "P-3"), "choosing")
            t.check(a.pid == pid, "and leads go on, without a start")


def growing_disk(t, disk):
    """Without `map_mib` the store may take half of the file system, and more of it when that grows."""
    os.environ["VIZ_DIR"] = disk.dir
    with Cluster(1, names=["Cresce"], start=False) as c:
        os.environ["VIZ_DIR"] = "/tmp"
        a = c[0]
        config = pathlib.Path(a.config_path)
        config.write_text(config.read_text().replace("map_mib = 64", ""))
        a.start()
        s = a.ctl("status")
        t.check(disk.size * 0.4 < s["store_map_bytes"] <= disk.size / 2, f"half of the disk {s['store_map_bytes']}")
        t.check(not s["store_alarm"] and 0 < s["store_room_bytes"] < disk.size / 2, "and room in it")
        with tempfile.TemporaryDirectory(prefix="vd-") as plants:
            file = plant(pathlib.Path(plants) / "p.geojson", 400000)
            names, got = [], "none"
            while got == "none":
                names.append(f"p{len(names)}")
                got = code(a.cli, "coverage", "import", file, "--name", names[-1])
            names.pop()
            s = a.ctl("status")
            t.check(got == "store-full" and s["store_full"] and not s["disk_full"] and s["store_alarm"],
                    f"{got} after {len(names)} plants")
            wait_until(lambda: "has used 70 %" in a.log(), "the log has warned")
            pid = a.pid
            subprocess.run(["mount", "-o", f"remount,size={disk.size * 4}", disk.dir], check=True)
            wait_until(lambda: a.ctl("status")["store_map_bytes"] > disk.size, "the disk has grown, and the store may")
            more = [f"q{n}" for n in range(8)]
            for name in more:
                a.cli("coverage", "import", file, "--name", name)
        t.check(a.pid == pid and a.ctl("status")["store_used_bytes"] > disk.size / 2,
                "more than before goes in, without a start")
        a.restart()
        t.equal({p["name"] for p in a.ctl("coverage.list")["coverages"]}, set(names + more), "and is there after one")


def no_room(t):
    """`vizinho init` where nothing fits."""
    with Cluster(0) as c:
        state = os.path.join(c.dir, "state")
        p = subprocess.run([VIZINHO, "--json", "init", "--state", state, "--config", os.path.join(c.dir, "conf"),
                            "--offline", os.path.join(c.dir, "off"), "--federation", "teste"],
                           capture_output=True, text=True,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
        t.check(p.returncode == 1 and json.loads(p.stdout)["error"]["code"] == "store-full" and
                not os.listdir(c.dir), f"init says that it is the disk, and leaves nothing {p.stdout}{p.stderr}")


def limited(t):
    """RLIMIT_FSIZE: the files of the node cannot grow."""
    with Cluster(1, names=["Cheia"], start=False) as c:
        a = c[0]
        with open(a.log_path, "ab") as log:
            limit = 9 << 20
            a.process = subprocess.Popen([VIZINHOD, "--config", a.config_path, "--state", a.state_dir],
                                         stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        wait_until(a.answers, "it answers")
        file = plant(pathlib.Path(c.dir) / "p.geojson", 150000)
        got = "none"
        for n in range(400):
            got = code(a.cli, "coverage", "import", file, "--name", f"p{n}")
            if got != "none":
                break
        t.equal(got, "store-full", f"refused after {n} plants")
        t.check(a.answers() and "cannot go on" not in a.log(), "and alive")


def main():
    t = Tap()
    with Disk() as disk:
        if disk.mounted:
            full_disk(t, disk)
            with Disk(SIZE * 3 // 5) as small:
                growing_disk(t, small)
        else:
            print("# no mount: only the limit of a file")
    no_room(t)
    limited(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
