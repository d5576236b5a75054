"""Real nodes on loopback for end-to-end tests: a federation with short times, a temporary directory, and
a vizinhod for each node.

    with Cluster(3, lease_ms=2000) as c:
        c.join(c[0], c[1])
        c[0].cli("peer", "list")          # the parsed result of `vizinho --json peer list`
        c[0].ctl("status")                # an operation over the control socket, without the command
        c[1].kill9(); c[1].start()

$VIZINHOD and $VIZINHO name the programs. Without them the programs in build/ run. $VIZ_KEEP=1 keeps the
directory, which is in $VIZ_DIR (/tmp). A failing test prints the last lines of each log.
"""
import functools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/lint"))
import control_doc  # noqa: E402

VIZINHOD = os.environ.get("VIZINHOD", str(ROOT / "build/node/host/vizinhod"))
VIZINHO = os.environ.get("VIZINHO", str(ROOT / "build/tools/vizinho/vizinho"))

# Seconds to wait for what must come. Speed is not tested: only a hang takes so long, on a busy machine too.
PATIENCE = int(os.environ.get("VIZ_PATIENCE", 240))

# A time is short when a test waits until it has passed. A time within which a node must act is long, because a
# busy machine can miss a short one. That makes no test slower: the nodes go on as soon as all have answered.
TIMES = {
    "partner_delay_ms": 1500,  # at least three heartbeats
    "heartbeat_ms": 500,
    "repair_ms": 1000,
    "start_ms": 100,
    "window_min_ms": 30000,
    "reveal_ms": 30000,
    "choice_ms": 600000,
    "lease_ms": 20000,
    "lease_margin_ms": 1000,
    "location_erase_ms": 5000,
}


class Refused(Exception):
    """The command ended with a status other than 0: .code, .error ({"code", "message"}), .stderr."""

    def __init__(self, args, code, stdout, stderr):
        super().__init__(f"vizinho {' '.join(args)}: {code}: {stdout}{stderr}")
        self.code, self.stdout, self.stderr = code, stdout, stderr
        try:
            self.error = json.loads(stdout).get("error", {})
        except ValueError:
            self.error = {}


def wait_until(true, what="", every=0.05):
    """Calls true() until its value is true, and returns that value. Raises AssertionError after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while True:
        value = true()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what or true}")
        time.sleep(every)


def user():
    import pwd
    return pwd.getpwuid(os.getuid()).pw_name


# What the replies of this process had: (request or object, field), and the codes of errors.
seen, given = set(), set()


@functools.cache
def control():
    """node/CONTROL.md: each reply over the socket is compared with it."""
    return control_doc.read(ROOT / "node/CONTROL.md")


_given = set()


def free_port():
    """A free port of loopback. It lies outside the range of outgoing connections, as another program's
    connection could take a port of that range before we listen."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
        low = int(f.read().split()[0])
    while True:
        port = 10000 + int.from_bytes(os.urandom(3), "big") % max(low - 10000, 1000)
        if port in _given:
            continue
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port


def command(*args, lang=None, input=""):
    """(exit status, output, errors) of the command, without a node."""
    words = [VIZINHO] + (["--lang", lang] if lang else []) + list(args)
    p = subprocess.run(words, input=input, capture_output=True, text=True, timeout=PATIENCE)
    return p.returncode, p.stdout, p.stderr


class Node:
    shift_s = 0  # by which its wall clock is ahead of ours, from its next start on

    def __init__(self, dir, number, name, times, federation="teste", config="", profile=None, place=None):
        """`place`: the network namespace in which it runs (tests/procs/apart.py)."""
        self.dir = pathlib.Path(dir)
        self.name = name
        self.number = number
        self.place = place
        self.port = 7411 if place else free_port()
        self.address = f"{place.ip if place else '127.0.0.1'}:{self.port}"
        self.state_dir = str(self.dir / "state")
        self.offline_dir = str(self.dir / "offline")
        self.config_path = str(self.dir / "vizinho.conf")
        self.log_path = str(self.dir / "log")
        self.socket_path = str(self.dir / "s")
        self.process = None
        self.dir.mkdir()
        given = {"name": name, "asn": str(64512 + number), "address": self.address,
                 "privacy": f"privacidade@p{number}.example", "withdrawal": "0800 123 4567", **(profile or {})}
        args = ["init", "--state", self.state_dir, "--config", self.config_path,
                "--offline", self.offline_dir, "--federation", federation]
        for key, value in times.items():
            args += ["--set", f"{key}={value}"]
        for key, value in given.items():
            args += [f"--{key}", value]
        made = self.cli(*args)
        self.id, self.recovery_key = made["id"], made["recovery_key"]
        self.configure(config)

    def configure(self, extra=""):
        """Writes the rest of the configuration. It takes effect at the next start."""
        with open(self.config_path) as f:
            head = f.read().split("[listen]")[0].rstrip() + "\n"
        with open(self.config_path, "w") as f:
            f.write(f"{head}[listen]\naddress = {self.address}\n[control]\nsocket = {self.socket_path}\n"
                    f"[access]\nreaders = {user()}\n[store]\nmap_mib = 64\n[log]\nlevel = debug\n{extra}")

    # the daemon

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def start(self, wait=True):
        assert self.process is None, "it runs"
        popen = self.place.popen if self.place else subprocess.Popen
        env = dict(os.environ)
        if self.shift_s:
            env.update(LD_PRELOAD=os.environ["VIZ_SHIFT_CLOCK"], VIZ_SHIFT_MS=str(self.shift_s * 1000),
                       ASAN_OPTIONS=f"{env.get('ASAN_OPTIONS', '')}:verify_asan_link_order=0")
        with open(self.log_path, "ab") as log:
            self.process = popen([VIZINHOD, "--config", self.config_path, "--state", self.state_dir],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        if wait:
            wait_until(self.answers, f"{self.name} answers")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}\n{self.log_end()}")
        try:
            self.ctl("status")
            return True
        except OSError:
            return False

    def _end(self, signal_number):
        if self.process is None:
            return None
        self.process.send_signal(signal_number)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not end within {PATIENCE} s") from None
        finally:
            self.process = None
        return code

    def stop(self):
        """Ends the daemon in order and returns its exit status."""
        return self._end(signal.SIGTERM)

    def kill9(self):
        """Kills the daemon, as a power loss would."""
        return self._end(signal.SIGKILL)

    def restart(self):
        self.stop()
        return self.start()

    def wait_started(self):
        """Waits until the steps after a start are done, so that it may sign an offer."""
        wait_until(lambda: not self.ctl("status")["starting"], f"{self.name} has started")

    def log(self):
        try:
            with open(self.log_path, errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def log_end(self, lines=15):
        return "\n".join(self.log().splitlines()[-lines:])

    # the command and the control socket

    def run(self, *args, input=None, lang="en", json_out=False, env=None):
        """Runs `vizinho ARGS`. Returns (exit status, standard output, standard error)."""
        command = [VIZINHO, "--socket", self.socket_path, "--lang", lang]
        command += ["--json"] if json_out else []
        p = subprocess.run(command + list(args), input=input if input is not None else "",
                           capture_output=True, text=True, timeout=PATIENCE,
                           env={**os.environ, **(env or {})})
        return p.returncode, p.stdout, p.stderr

    def cli(self, *args, input=None):
        """Runs `vizinho --json ARGS` and returns the parsed result. `input` is text, or an object for JSON.
        Raises Refused."""
        if input is not None and not isinstance(input, str):
            input = json.dumps(input)
        code, out, err = self.run(*args, input=input, json_out=True)
        if code != 0:
            raise Refused(args, code, out, err)
        return json.loads(out)

    def ctl(self, op, **args):
        """Sends a request over the control socket, without the command. Returns the result. Raises Refused."""
        return self.ask({"op": op, "args": args})

    def ctl_as(self, role, op, **args):
        """The same, as a face asks for somebody with this role."""
        who = {} if role in ("customer", "public") else {"who": "maria"}
        return self.ask({"op": op, "args": args, "as": {"role": role, **who}})

    def ask(self, request):
        op = request["op"]
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(self.socket_path)
            s.sendall(json.dumps(request).encode() + b"\n")
            line = s.makefile("rb").readline()
        if not line.endswith(b"\n"):
            raise ConnectionError(f"{self.name}: no reply to {op}")
        reply = json.loads(line)
        if not reply["ok"]:
            given.add(reply["error"]["code"])
            raise Refused([op], 1, json.dumps({"error": reply["error"]}), "")
        control().check(op, reply["result"], seen)
        return reply["result"]

    def peer(self, other):
        """The entry of peer.list about another node; None when this node does not know it."""
        for p in self.ctl("peer.list")["peers"]:
            if p["id"] == other.id:
                return p
        return None

    # what most tests need

    def cover(self, municipalities, ceps=(), name="rede", technology="fiber", down_mbps=500):
        """Publishes coverage by IBGE codes and [from, to] postcodes, without a file."""
        return self.ctl("coverage.import", name=name, technology=technology, down_mbps=down_mbps,
                        municipalities=[{"code": m} for m in municipalities], ceps=[list(r) for r in ceps])

    def plan(self, name="500 Mega", price_cents=9990, down_mbps=500, up_mbps=250, install_days=3,
             url="https://example.com/planos"):
        return self.ctl("plan.add", name=name, price_cents=price_cents, down_mbps=down_mbps,
                        up_mbps=up_mbps, technology="fiber", install_days=install_days, url=url)


class Cluster:
    """`n` nodes that do not know each other yet. Keywords: times of the federation, start=False, names=[...],
    config="..." (appended to each configuration)."""

    def __init__(self, n, start=True, names=None, config="", profile=None, **times):
        self.dir = tempfile.mkdtemp(prefix="vz-", dir=os.environ.get("VIZ_DIR", "/tmp"))
        self.times = {**TIMES, **times}
        self.nodes = []
        names = names or [f"Provedor {chr(ord('A') + i % 26)}{i // 26 or ''}" for i in range(n)]
        try:
            for name in names[:n]:
                self.add(name, config, profile, start)
        except BaseException:
            self.close(True)
            raise

    def add(self, name, config="", profile=None, start=True, place=None):
        node = Node(os.path.join(self.dir, str(len(self.nodes))), len(self.nodes), name, self.times,
                    config=config, profile=profile, place=place)
        self.nodes.append(node)
        if start:
            node.start()
        return node

    def __getitem__(self, i):
        return self.nodes[i]

    def __len__(self):
        return len(self.nodes)

    def __iter__(self):
        return iter(self.nodes)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close(kind is not None)

    def close(self, failed=False):
        for node in self.nodes:
            if failed:
                print(f"# {node.name}: end of its log\n# " + node.log_end().replace("\n", "\n# "),
                      file=sys.stderr)
            if node.process is not None:
                node.process.kill()
                node.process.wait()
                node.process = None
        if not os.environ.get("VIZ_KEEP"):
            shutil.rmtree(self.dir, ignore_errors=True)

    def join(self, a, b, wait=True):
        """a invites, b accepts, both confirm. Waits until each counts the other as its partner."""
        line = a.ctl("peer.invite")["line"]
        b.ctl("peer.accept", line=line)
        wait_until(lambda: (a.peer(b) or {}).get("pending"), f"{b.name} came to {a.name}")
        a.ctl("peer.trust", peer=b.id)
        if wait:
            self.wait_partners(a, b)

    def wait_partners(self, a, b):
        for x, y in ((a, b), (b, a)):
            wait_until(lambda: (x.peer(y) or {}).get("partner"),
                       f"{x.name} counts {y.name} as a partner")
            wait_until(lambda: (x.peer(y) or {}).get("linked"),
                       f"{x.name} is linked with {y.name}")

    def mesh(self):
        pairs = [(a, b) for i, a in enumerate(self.nodes) for b in self.nodes[i + 1:]]
        for a, b in pairs:
            self.join(a, b, wait=False)
        for a, b in pairs:
            self.wait_partners(a, b)


class Tap:
    """Counts the checks and prints them as TAP. `done` returns the exit status."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, ok, what):
        self.count += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.count} - {what}", flush=True)
        return ok

    def equal(self, got, wanted, what):
        if not self.check(got == wanted, what):
            print(f"# got {got!r}\n# wanted {wanted!r}", flush=True)

    def done(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed or not self.count else 0
