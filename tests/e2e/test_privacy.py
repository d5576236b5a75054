"""Canaries: name, phone, street with number, and the exact point. A reader at the origin and at the chosen partner
can open them. They are never in a file, log, argument, environment or packet of any node. After a revocation
they are nowhere, and neither is a key that opened them."""
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys

import story
from nodes import Refused, Tap, wait_until
from story import by_name, choose, contact, asked, entry, offer, proposals, wait_contact, wait_state

LAT, LON = story.PLACE["lat_udeg"], story.PLACE["lon_udeg"]
CANARIES = {
    "name": story.CONTACT["name"].encode(),
    "part of the name": b"Zuleica",
    "phone": story.CONTACT["phone"].encode(),
    "street": b"Canario Secreto",
    "point, msgpack": b"\xd2" + struct.pack(">i", LAT) + b"\xd2" + struct.pack(">i", LON),
    "point, text": str(LAT).encode(),
    "point, little-endian": struct.pack("<ii", LAT, LON),
}


def files(c):
    for base, _, names in os.walk(c.dir):
        for name in names:
            path = pathlib.Path(base, name)
            if path.is_file() and not path.is_symlink():
                yield path


def processes():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for what in ("cmdline", "environ"):
            try:
                yield f"/proc/{pid}/{what}", pathlib.Path("/proc", pid, what).read_bytes()
            except OSError:
                pass


def metrics(c):
    """What monitoring systems get, of the nodes that run."""
    for n in c:
        if n.process is not None:
            for words in (["metrics"], ["--json", "metrics"]):
                code, out, err = n.run(*words)
                assert code == 0, err
                yield f"metrics of {n.name}", out.encode()


def nowhere(t, c, what, capture=None):
    found = [f"{name}: {k}" for name, data in metrics(c) for k, v in CANARIES.items() if v in data]
    for path in files(c):
        data = path.read_bytes()
        found += [f"{path}: {k}" for k, v in CANARIES.items() if v in data]
    for name, data in processes():
        found += [f"{name}: {k}" for k, v in CANARIES.items() if v in data]
    if capture:
        data = pathlib.Path(capture).read_bytes()
        found += [f"{capture}: {k}" for k, v in CANARIES.items() if v in data]
    t.equal(found, [], f"{what}: no canary in any file, log, metric, argument, environment"
            + (" or packet" if capture else ""))


def keys_in_vault(node):
    """The secrets in the used blocks of a node's vault, as on disk."""
    data = pathlib.Path(node.state_dir, "vault").read_bytes()
    blocks = [data[i:i + 4096] for i in range(0, len(data), 4096)]
    used = [b for b in blocks if b.strip(b"\0")]
    return [b[i:i + 16] for b in used for i in range(64, 192, 16) if b[i:i + 16].strip(b"\0")]


def in_files(c, secrets):
    found = []
    for path in files(c):
        data = path.read_bytes()
        found += [f"{path}" for s in secrets if s in data]
    return found


def start_capture(c):
    """Returns the process and its file. Without a capture the test proves nothing, so it fails."""
    assert shutil.which("tcpdump"), "tcpdump is not there (tools/packages.sh installs it)"
    path = os.path.join("/tmp", os.path.basename(c.dir) + ".pcap")
    ports = " or ".join(f"port {n.port}" for n in c)
    p = subprocess.Popen(["tcpdump", "-i", "lo", "-s", "0", "-U", "-w", path, ports],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: os.path.exists(path) or p.poll() is not None, "the capture begins")
    assert p.poll() is None, "tcpdump cannot capture on the loopback: the test needs that right"
    return p, path


def no_core_dumps(t, c):
    for n in c:
        limits = pathlib.Path("/proc", str(n.pid), "limits").read_text()
        line = next(x for x in limits.splitlines() if x.startswith("Max core file size"))
        t.equal(line.split()[4:6], ["0", "0"], f"{n.name} leaves no core dump")


def main():
    t = Tap()
    with story.cluster(2, location_erase_ms=2000) as c:
        a = c[0]
        tcpdump, capture = start_capture(c)
        no_core_dumps(t, c)
        lead = offer(a)
        first = by_name(c, proposals(a, lead)[0])
        other = next(n for n in c if n not in (a, first))
        t.check(entry(other, lead)["holds_location"], "those whom the first receipt names have the point")
        nowhere(t, c, "offer made")
        choose(a, lead, first.name)
        wait_state(a, lead, "delivered")
        t.equal(wait_contact(first, lead), story.CONTACT, "the chosen one's reader opens the contact")
        shown = a.ctl("lead.show", lead=lead, personal=True)["contact"]
        t.equal(shown, story.CONTACT, "so does the origin's")
        code, out, err = a.run("lead", "show", lead)
        t.check(all(v not in (out + err).encode() for v in CANARIES.values()),
                "without being asked for, the command shows nothing personal")
        for node, noun in ((a, "lead"), (first, "inbox")):
            for text in (story.CONTACT["name"], story.CONTACT["phone"]):
                code, out, err = node.run(noun, "find", input=text + "\n")
                t.check(code == 0 and story.CONTACT["name"] in out and lead in out, f"{noun} find finds the person {err!r}")
            t.equal(node.run(noun, "find", story.CONTACT["name"])[0], 2, "who stands on no command line")
        id = entry(first, lead)["id"]
        t.check(first.ctl("inbox.claim", lead=id)["entry"]["claimed_by"], "an agent claims the lead")
        for node, name in ((first, id), (a, lead)):
            t.equal(node.ctl("lead.alike", lead=name), {"found_leads": [], "found_entries": []}, "and nobody is like her")
        try:
            a.ctl("draft.put", source="ixc", external_id="1", kind="move", reason="ligar " + story.CONTACT["phone"])
            t.check(False, "a draft takes no telephone")
        except Refused as e:
            t.equal(e.error["code"], "personal", "a draft takes no telephone")
        nowhere(t, c, "handed over, searched and claimed", capture)
        wait_until(lambda: not entry(other, lead)["holds_location"], "location erased")
        wait_until(lambda: asked(a, lead, other.name)["erased"], "and said so")
        t.equal(keys_in_vault(other), [], "at the one not chosen no key is left")
        secrets = keys_in_vault(a) + keys_in_vault(first)
        t.check(len(secrets) >= 8, "origin and holder have keys on disk, in their vaults")
        t.equal(sorted(set(in_files(c, secrets))),
                sorted(f"{n.state_dir}/vault" for n in (a, first)), "and nowhere else")
        a.ctl("lead.revoke", lead=lead)
        wait_until(lambda: asked(a, lead, first.name)["erased"], "holder erased")
        t.equal(contact(first, lead), None, "after revocation the holder shows nothing")
        t.equal(a.ctl("lead.show", lead=lead, personal=True).get("contact"), None, "nor the origin")
        wait_until(lambda: a.ctl("status")["mail_count"] == 0, "mail done")
        t.equal(in_files(c, secrets), [], "no key that opened it is in any file")
        tcpdump.send_signal(signal.SIGINT)
        tcpdump.wait()
        t.check(os.path.getsize(capture) > 10000, "the capture holds the traffic")
        nowhere(t, c, "revoked", capture)
        for n in c:
            n.stop()
        nowhere(t, c, "stopped", capture)
        os.unlink(capture)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
