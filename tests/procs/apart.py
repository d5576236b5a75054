"""Network namespaces for real nodes, and the cable between them.

    apart.enter()                      # first of all: this process and all below it are apart from the machine
    with Net(20, seed) as net:
        node = c.add(name, place=net.place(3))     # it listens on 10.4.0.1, in a namespace of its own
        net.shape(loss=0.02, ms=(5, 60), rate=250000)
        net.groups([0] * 10 + [1] * 10)            # a partition

`enter` goes into new namespaces of the network, the processes and the mounts, and never comes back: nothing leaves
them, and whatever way this process ends, also by kill -9, the kernel ends the nodes and removes the namespaces. Each
node is in a namespace with a TUN device and no other way out. `procs-wire` carries the packets between these, with
loss, delay, rates and partitions: the kernel's own netem is not in every kernel."""
import ctypes
import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIRE = os.environ.get("VIZ_PROCS_WIRE", str(ROOT / "build/tests/procs/procs-wire"))

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 0x0001, 0x1000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFMTU, IFF_UP = 0x8914, 0x8916, 0x891c, 0x8922, 0x1

libc = ctypes.CDLL(None, use_errno=True)


def skip(why):
    print(f"1..0 # SKIP {why}", flush=True)
    sys.exit(0)


def enter():
    """Starts this program again, apart. Skips it where that may not be done."""
    if os.environ.get("VIZ_PROCS_APART") == "1":
        return
    if not shutil.which("unshare") or not shutil.which("nsenter") or not shutil.which("ip"):
        skip("unshare, nsenter and ip are not all here")
    words = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    words += [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    tried = subprocess.run([*words, sys.executable, "-c", "import os; os.open('/dev/net/tun', os.O_RDWR)"],
                           capture_output=True, text=True)
    if tried.returncode != 0:
        skip(f"no namespaces with a TUN device here: {(tried.stderr.strip().splitlines() or ['?'])[-1]}")
    os.environ["VIZ_PROCS_APART"] = "1"
    os.execvp(words[0], [*words, sys.executable, *sys.argv])


def _set(sock, request, name, value):
    fcntl.ioctl(sock, request, struct.pack("16s16s", name.encode(), value))


def _address(ip):
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(ip))


def _new_namespace():
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def _up(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        _set(s, SIOCSIFFLAGS, name, struct.pack("H14x", IFF_UP))


def _tun(ip):
    """A TUN device in the present namespace: its descriptor. It has the address, and all of 10/8 lies behind it."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"t0", IFF_TUN | IFF_NO_PI))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        _set(s, SIOCSIFADDR, "t0", _address(ip))
        _set(s, SIOCSIFNETMASK, "t0", _address("255.0.0.0"))
        _set(s, SIOCSIFMTU, "t0", struct.pack("i12x", 1400))
    _up("t0")
    return fd


class Place:
    """A namespace: its address, and what a command begins with that is to run in it."""

    def __init__(self, number):
        self.number = number
        self.ip = f"10.{number + 1}.0.1"
        _new_namespace()
        _up("lo")
        self.tun = _tun(self.ip)
        self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self.enter = ["nsenter", f"--net=/proc/self/fd/{self.fd}"]

    def popen(self, words, **more):
        return subprocess.Popen([*self.enter, *words], pass_fds=[self.fd], **more)


class Net:
    """`count` namespaces. `last_takes_all`: the last has all of 10.128.0.0/9 too, for one with many addresses."""

    def __init__(self, count, seed, last_takes_all=False):
        self.places = [Place(i) for i in range(count)]
        if last_takes_all:
            # the namespace of the last is the one that we are in
            subprocess.run(["ip", "route", "add", "local", "10.128.0.0/9", "dev", "lo"], check=True)
        _new_namespace()
        tuns = [p.tun for p in self.places]
        self.wire = subprocess.Popen([WIRE, *map(str, tuns)], pass_fds=tuns, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        for fd in tuns:
            os.close(fd)
        self.say(f"seed {seed}")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.wire.stdin.close()
        self.wire.wait()
        for p in self.places:
            os.close(p.fd)

    def place(self, number):
        return self.places[number]

    def say(self, line):
        self.wire.stdin.write(line + "\n")
        self.wire.stdin.flush()
        answer = self.wire.stdout.readline()
        if not answer:
            raise AssertionError(f"the cable ended at: {line}")
        return dict(zip(("packets", "lost", "parted", "full", "bytes"), map(int, answer.split())))

    def shape(self, loss=0.0, ms=(0, 0), rate=0):
        """The share that is lost, ms one way (each pair has its own), bytes a second that each may send (0: any)."""
        self.say(f"shape {int(loss * 1e6)} {ms[0]} {ms[1]} {rate}")

    def groups(self, groups):
        self.say("groups " + " ".join(map(str, groups)))

    def whole(self):
        self.groups([0] * len(self.places))

    def stats(self):
        return self.say("stats")
