#!/usr/bin/env python3
"""`vizinho metrics`: both formats by their own checkers (promtool, and the parser of Prometheus' Python client), the
figures beside what the node says elsewhere, and the file for node_exporter's text collector."""
import json
import os
import re
import shutil
import subprocess
import sys
import threading

import story
from nodes import ROOT, PATIENCE, Tap, wait_until

PARSER = """
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as families
print(json.dumps([[f.name, f.type, f.unit, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]]
                  for f in families(sys.stdin.read())]))
"""
NAME = 'Rede "Serra\\Mar" {x="y"}'


def openmetrics(text):
    """The families by the parser of Debian's python3-prometheus-client, which belongs to Debian's python3."""
    p = subprocess.run(["/usr/bin/python3", "-c", PARSER], input=text, capture_output=True, text=True, timeout=PATIENCE)
    assert p.returncode == 0, p.stderr
    return json.loads(p.stdout)


def promtool(text):
    """What `promtool check metrics` finds wrong with the text."""
    assert shutil.which("promtool"), "promtool is not there (tools/packages.sh installs it)"
    p = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=PATIENCE)
    return p.returncode, p.stdout + p.stderr


def figures(node):
    """{(name, label value or None): value}"""
    return {(name, next(iter(labels.values()), None)): value
            for _, _, _, _, samples in openmetrics(node.run("metrics")[1]) for name, labels, value in samples}


def formats(t, a):
    with open(ROOT / "node/control/metric.h") as f:
        table = ["vizinho_" + n for n in re.findall(r'^\tX\([A-Z_]+, "(\w+)"', f.read(), re.M)]
    code, out, err = a.run("metrics")
    t.equal((code, err), (0, ""), "the command")
    families = openmetrics(out)
    names = [f[0] + {"counter": "_total", "info": "_info"}.get(f[1], "") for f in families]
    t.equal(sorted(names), sorted(table), "OpenMetrics has each metric of the table, once")
    t.check(len(table) > 50 and all(f[3].endswith(".") for f in families), "with its help")
    t.equal([f[0] for f in families if f[2] and not f[0].endswith("_" + f[2])], [], "and its unit is in its name")
    t.equal([f[0] for f in families if re.search(r"_(seconds|bytes)$", f[0]) and not f[2]], [], "each one's")
    partner = next(f for f in families if f[0] == "vizinho_partner")
    t.check(NAME in [labels["name"] for _, labels, _ in partner[4]], "a name with quotes and braces is read back")
    t.check(sum(len(f[4]) for f in families) < 200, "a node with two partners has few samples")

    code, classic, err = a.run("metrics", "--format", "prometheus")
    t.equal((code, err), (0, ""), "the other format")
    t.equal(promtool(classic), (0, ""), "promtool finds nothing")
    t.check(promtool(out)[0] != 0 and promtool(classic.replace("# HELP vizinho_up ", "# x "))[0] != 0,
            "it would: it does not take OpenMetrics, nor a metric without help")
    t.equal(sorted(re.findall(r"^# TYPE (\w+)", classic, re.M)), sorted(table), "the same metrics")
    code, out, err = a.run("--json", "metrics")
    t.equal(sorted(m["name"] for m in json.loads(out)["metrics"]), sorted(table), "and as JSON")
    code, out, err = a.run("metrics", "--format", "xml")
    t.check(code == 2 and out == "" and "openmetrics" in err, f"another format is refused: {err}")


def beside_status(t, c):
    """The numbers are those that other requests give."""
    a = c[0]
    f, status = figures(a), a.ctl("status")
    for name, key in (("members", "member_count"), ("partners", "partner_count"), ("links", "link_count"),
                      ("federation_limit_bytes", "federation_share_bytes"),
                      ("store_full", "store_full"), ("quarantine", "quarantine"), ("alone", "alone")):
        t.equal(f["vizinho_" + name, None], status[key], f"{name} is {key}")
    t.equal((f["vizinho_up", None], f["vizinho_ready", None], f["vizinho_build_info", status["version"]]), (1, 1, 1),
            "it is up, ready, and of this version")
    t.equal([f["vizinho_confined", x] for x in ("seccomp", "landlock")], [status["seccomp"], status["landlock"]],
            "what protects it")
    t.check(f["vizinho_store_rows", "records"] > 5 and f["vizinho_store_used_bytes", None] > 0 and
            f["vizinho_disk_free_bytes", None] > 0, "the store")
    size = status["store_used_bytes"] + status["store_room_bytes"]
    t.check(abs(f["vizinho_store_size_bytes", None] - size) < 1 << 20, f"what it may grow to {size}")
    for n in c:
        rss = int(next(x for x in open(f"/proc/{n.pid}/status") if x.startswith("VmRSS")).split()[1]) * 1024
        said = figures(n)["vizinho_resident_memory_bytes", None]
        t.check(rss / 2 < said < rss * 2, f"{n.name}: resident is {said:.0f}, of {rss}")


def moves(t, c, lead):
    a = c[0]
    holder = story.by_name(c, story.proposals(a, lead)[0])
    before, there = figures(a), figures(holder)
    t.equal((before["vizinho_leads", "choosing"], before["vizinho_leads", "delivered"]), (1, 0), "one lead chooses")
    story.choose(a, lead, holder.name)
    story.wait_state(a, lead, "delivered")
    story.wait_contact(holder, lead)
    after, here = figures(a), figures(holder)
    t.equal((after["vizinho_leads", "choosing"], after["vizinho_leads", "delivered"]), (0, 1), "and is delivered")
    t.equal((there["vizinho_inbox_waiting", None], here["vizinho_inbox_waiting", None]), (0, 1),
            "at the holder a person must call")
    t.equal(here["vizinho_inbox_offers", "awarded"], 1, "as it was chosen")
    wait_until(lambda: figures(a)["vizinho_cpu_seconds_total", None] > before["vizinho_cpu_seconds_total", None],
               "it has worked for a while")
    after = figures(a)
    for name in ("frames_received_total", "frames_sent_total", "network_received_bytes_total", "cpu_seconds_total",
                 "network_sent_bytes_total", "core_events_total", "batch_duration_seconds_count",
                 "batch_duration_seconds_sum", "control_requests_total", "uptime_seconds", "journal_entries_total"):
        t.check(after["vizinho_" + name, None] > before["vizinho_" + name, None] >= 0, f"{name} grows")
    t.equal(after["vizinho_batch_duration_seconds_bucket", "+Inf"], after["vizinho_batch_duration_seconds_count", None],
            "the last bucket has all batches")
    t.equal(after["vizinho_start_time_seconds", None], before["vizinho_start_time_seconds", None], "the start stays")


def ended(f):
    return sum(value for (name, _), value in f.items() if name == "vizinho_connections_closed_total")


def a_partner_goes(t, c):
    a, b = c[0], c[1]
    closed = ended(figures(a))
    t.equal(figures(a)["vizinho_partner_linked", b.id_hex], 1, "the partner is linked")
    b.stop()
    wait_until(lambda: figures(a)["vizinho_partner_linked", b.id_hex] == 0, "it is gone")
    f = figures(a)
    t.equal((f["vizinho_partners_wanted", None], f["vizinho_partners_linked", None], f["vizinho_links", None]), (2, 1, 1),
            "one of two is linked")
    t.check(ended(f) > closed, "and a connection has ended")


def file(t, a):
    """A reader never sees half of it."""
    path = os.path.join(a.state_dir, "vizinho.prom")
    t.equal(a.run("metrics", "--output", path), (0, "", ""), "into a file")
    t.equal(oct(os.stat(path).st_mode & 0o777), "0o644", "that others may read")
    seen, going = set(), threading.Event()

    def read():
        while not going.is_set():
            with open(path) as f:
                text = f.read()
            seen.add(text.startswith("# TYPE") and text.endswith("\n") and "vizinho_probing_alarms 0\n" in text)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(20):
        a.run("metrics", "--output", path)
    going.set()
    reader.join()
    t.equal(seen, {True}, "it is whole whenever it is read")
    with open(path) as f:
        t.equal(promtool(f.read()), (0, ""), "and in the format of node_exporter")
    t.check(not os.path.exists(path + ".part"), "nothing else is left")
    t.equal(json.loads(a.run("--json", "metrics", "--output", path)[1]), {"file": path}, "--json names it")
    code, out, err = a.run("metrics", "--output", path + "/x")
    t.check(code == 1 and err != "", f"where no file can be is an error: {err}")
    a.stop()
    code, out, err = a.run("metrics", "--output", path)
    with open(path) as f:
        text = f.read()
    t.equal((code, re.findall(r"^vizinho.*", text, re.M), promtool(text)), (3, ["vizinho_up 0"], (0, "")),
            "a node that is down: the file says so, and so does the status")
    code, out, err = a.run("metrics")
    t.equal((code, [f[0] for f in openmetrics(out)]), (3, ["vizinho_up"]), "in OpenMetrics too")
    t.equal(json.loads(a.run("--json", "metrics")[1])["error"]["code"], "no-daemon", "as JSON it is the error")


def main():
    t = Tap()
    with story.cluster(2, names=["Provedor A", "Provedor B", NAME]) as c:
        for n in c:
            n.id_hex = next((s["partner_id"] for x in c for m in x.ctl("metrics")["metrics"] if m["name"] == "vizinho_partner_info"
                             for s in m["samples"] if s["name"] == n.name), None)
        lead = story.offer(c[0])
        story.proposals(c[0], lead)
        formats(t, c[0])
        beside_status(t, c)
        moves(t, c, lead)
        a_partner_goes(t, c)
        file(t, c[0])
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
