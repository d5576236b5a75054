#!/usr/bin/env python3
"""test_monitoring.py FOLDER: what make.py has written there for Prometheus, Grafana and Zabbix, and what lies beside it,
against what a real node says: each metric, each path and each key that they name is there. promtool reads all rules and
queries, and plays the alerts.

Neither Grafana nor a server of Zabbix runs here. The dashboard is checked by the structure that Grafana documents for
its JSON model, the templates by that of Zabbix' own exports and by a small JSONPath of our own (jsonpath.py). After a
change do by hand what is too heavy for each run: Debian's zabbix-server-pgsql and zabbix-frontend-php import both
templates, and have a value for each item (6.0.14 did); TypeScript takes the dashboard as the Dashboard of @grafana/schema
(13.2.3 did)."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "tools/packaging/monitoring")
MADE = os.path.abspath(sys.argv[1])
sys.path[:0] = [os.path.join(ROOT, "tests/e2e"), HERE]
import jsonpath  # noqa: E402
import make  # noqa: E402
import story  # noqa: E402
from nodes import PATIENCE, Tap  # noqa: E402

TESTS = os.path.join(ROOT, "tests/monitoring/vizinho.rules.test.yml")
TEMPLATES = ("zabbix-vizinho.en.xml", "zabbix-vizinho.pt-BR.xml")
FUNCTIONS = {"last", "min", "max", "avg", "sum", "changecount", "timeleft", "nodata"}
PREPROCESSING = {"JSONPATH": 1, "CHANGE_PER_SECOND": 0, "SIMPLE_CHANGE": 0, "DISCARD_UNCHANGED_HEARTBEAT": 1}


def read(name):
    with open(os.path.join(MADE, name), encoding="utf-8") as f:
        return f.read()


def promtool(*args):
    p = subprocess.run(["promtool", *args], capture_output=True, text=True, timeout=PATIENCE)
    return p.returncode == 0, " ".join((p.stdout + p.stderr).split())


def metrics_of(expr):
    """The metrics of this node that a query names, by the names of their samples."""
    return set(re.findall(r"\bvizinho_\w+", expr))


class Said:
    """What a node says."""

    def __init__(self, c):
        a = c[0]
        self.metrics = json.loads(a.run("--json", "metrics")[1])
        self.status = json.loads(a.run("--json", "status")[1])
        self.classic = a.run("metrics", "--format", "prometheus")[1]
        self.samples = set(re.findall(r"^(vizinho_\w+)", self.classic, re.M))
        self.labels = {}
        for name, labels in re.findall(r"^(vizinho_\w+)\{(.*?)\} ", self.classic, re.M):
            self.labels.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))


def alerts(t, said):
    ok, out = promtool("check", "rules", os.path.join(MADE, "vizinho.rules.yml"))
    t.check(ok and f"{len(make.ALERTS)} rules found" in out, f"promtool reads the rules: {out}")
    for name, expr, _, severity, _, *texts in make.ALERTS:
        t.check(metrics_of(expr) <= said.samples, f"{name}: the node has {metrics_of(expr)}")
        t.check(severity in ("critical", "warning", "info") and all(len(x) > 20 for x in texts) and texts[0] != texts[2],
                f"{name}: what is wrong and what to do, in both languages")
    with open(TESTS) as f:
        stories = f.read().split("\n  - name: ")[1:]
    for name, *_ in make.ALERTS:
        mine = next((s for s in stories if s.startswith(name + "\n")), "")
        t.check(f'alertname="{name}"' in mine and mine.count("exp_samples: []") >= 2,
                f"{name} has a story in which it is silent, fires, and is silent again")
    with tempfile.TemporaryDirectory() as d:
        for path in (TESTS, os.path.join(MADE, "vizinho.rules.yml")):
            shutil.copy(path, d)
        ok, out = promtool("test", "rules", os.path.join(d, os.path.basename(TESTS)))
    t.check(ok, f"promtool plays {len(stories)} stories: {out[-600:]}")


def dashboard(t, said):
    """https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/"""
    d = json.loads(read("grafana-vizinho.json"))
    t.equal((d["id"], d["title"], d["schemaVersion"] >= 36, bool(d["uid"])), (None, "vizinho", True, True),
            "it can be imported: no id of its own")
    t.check({"annotations", "editable", "panels", "templating", "time", "timezone", "version", "refresh"} <= set(d),
            "the parts of the model")
    t.equal([i["name"] for i in d["__inputs"]], ["DS_PROMETHEUS"], "the data source is asked for")
    t.equal({x["id"] for x in d["__requires"] if x["type"] == "panel"} | {"row"}, {p["type"] for p in d["panels"]},
            "the kinds of panels are said")
    t.equal(len({p["id"] for p in d["panels"]}), len(d["panels"]), "each panel has a number")
    seen, exprs = set(), [d["templating"]["list"][0]["query"]["query"]]
    for p in d["panels"]:
        g = p["gridPos"]
        cells = {(x, y) for x in range(g["x"], g["x"] + g["w"]) for y in range(g["y"], g["y"] + g["h"])}
        t.check(set(g) == {"x", "y", "w", "h"} and max(x for x, _ in cells) < 24 and not cells & seen,
                f"{p['title']}: lies on the grid, and on no other panel")
        seen |= cells
        if p["type"] == "row":
            continue
        exprs += [x["expr"] for x in p["targets"]]
        t.check(p["fieldConfig"]["defaults"]["unit"] and p["datasource"]["uid"] == "${DS_PROMETHEUS}" and
                len({x["refId"] for x in p["targets"]}) == len(p["targets"]) > 0, f"{p['title']}: unit, source, queries")
        for x in p["targets"]:
            for label in re.findall(r"{{(\w+)}}", x["legendFormat"]):
                t.check(any(label in said.labels.get(m, ()) for m in metrics_of(x["expr"])),
                        f"{p['title']}: a sample has the label {label}")
    t.equal({m for e in exprs for m in metrics_of(e)} - said.samples, set(), "the node has each metric that is asked for")
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as f:
        f.write("groups:\n- name: dashboard\n  rules:\n")
        for i, e in enumerate(exprs[1:]):
            f.write(f"  - record: query:number:{i}\n    expr: {make.quoted(e.replace('$instance', 'noc1'))}\n")
        f.flush()
        ok, out = promtool("check", "rules", f.name)
        t.check(ok and f"{len(exprs) - 1} rules found" in out, f"promtool reads each query: {out[-300:]}")


def item_value(item, said, macros):
    """What Zabbix would get of the item; None: nothing."""
    value = said.metrics if item.findtext("master_item/key") == "vizinho.metrics" else said.status
    for step in item.findall("preprocessing/step"):
        if step.findtext("type") == "JSONPATH":
            path = step.findtext("parameters/parameter")
            for macro, text in macros.items():
                path = path.replace(macro, text)
            try:
                value = jsonpath.find(value, path)
            except jsonpath.Nothing:
                return None
    return value


def steps(t, name, thing):
    for step in thing.findall("preprocessing/step"):
        kind, parameters = step.findtext("type"), [p.text or "" for p in step.findall("parameters/parameter")]
        if not (kind in PREPROCESSING and sum(map(bool, parameters)) == PREPROCESSING[kind]):
            t.check(False, f"{name}: {thing.findtext('key')}: a step {kind} with {parameters}")


def expressions(t, name, triggers, keys):
    for trigger in triggers:
        expression = trigger.findtext("expression")
        used = re.findall(r"(\w+)\(/vizinho/(vizinho\.\w+(?:\[\{#\w+\}\])?)[,)]", expression)
        t.check(used and all(f in FUNCTIONS and k in keys for f, k in used) and expression.count("/vizinho/") == len(used),
                f"{name}: {expression}: its items are there")
        t.check(len(trigger.findtext("name")) > 20 and trigger.findtext("description") and
                trigger.findtext("priority") in ("HIGH", "WARNING", "INFO"), f"{name}: with a name and what to do")


def zabbix(t, said, name):
    root = tree.fromstring(read(name))
    t.equal((root.tag, root.findtext("version")), ("zabbix_export", "6.0"), f"{name} is an export of 6.0")
    template = root.find("templates/template")
    items, rule = template.findall("items/item"), template.find("discovery_rules/discovery_rule")
    prototypes = rule.findall("item_prototypes/item_prototype")
    uuids = [u.text for u in root.iter("uuid")]
    t.check(all(re.fullmatch(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", u) for u in uuids) and
            len(set(uuids)) == len(uuids), f"{name}: {len(uuids)} UUIDs of version 4, each once")
    keys = [i.findtext("key") for i in items]
    t.equal(len(set(keys)), len(keys), f"{name}: each key once")
    masters = [i.findtext("key") for i in items if i.find("master_item") is None]
    with open(os.path.join(HERE, "zabbix-agent.conf")) as f:
        commands = dict(re.findall(r"^UserParameter=([\w.]+),(.*)$", f.read(), re.M))
    t.equal({k: commands.get(k) for k in masters},
            {"vizinho.metrics": "vizinho --json metrics", "vizinho.status": "vizinho --json status"},
            f"{name}: the masters are what the agent has")
    for item in items:
        steps(t, name, item)
        if item.find("master_item") is not None:
            value = item_value(item, said, {})
            wanted = str if item.findtext("value_type") == "CHAR" else (int, float)
            t.check(isinstance(value, wanted) and not isinstance(value, bool),
                    f"{name}: {item.findtext('key')} is {value!r}")
    found = item_value(rule, said, {})
    macros = {m.findtext("lld_macro"): m.findtext("path") for m in rule.findall("lld_macro_paths/lld_macro_path")}
    partners = [{macro: jsonpath.find(row, path) for macro, path in macros.items()} for row in found]
    t.equal(sorted(p["{#NAME}"] for p in partners), ["Provedor B", "Provedor C"], f"{name}: the partners are discovered")
    for partner in partners:
        for item in prototypes:
            value = item_value(item, said, partner)
            t.check(value == 1 if "linked" in item.findtext("key") else isinstance(value, int),
                    f"{name}: {item.findtext('key')} of {partner['{#NAME}']} is {value}")
    expressions(t, name, root.findall("triggers/trigger"), keys)
    expressions(t, name, rule.findall("trigger_prototypes/trigger_prototype"), [p.findtext("key") for p in prototypes])
    known = {(x.findtext("name"), x.findtext("expression")) for x in root.findall("triggers/trigger")}
    for x in root.iter("dependency"):
        t.check((x.findtext("name"), x.findtext("expression")) in known, f"{name}: what it depends on is there")
    t.equal(len(root.findall("triggers/trigger")) + len(list(root.iter("trigger_prototype"))),
            len([a for a in make.ALERTS if a[4]]), f"{name}: a trigger for each alert")
    return sorted(uuids)


def down(t, c):
    """A node that does not answer is 0 by the error that the agent gets, and nothing else is."""
    c[0].stop()
    said = Said.__new__(Said)
    said.metrics = json.loads(c[0].run("--json", "metrics")[1])
    items = tree.fromstring(read(TEMPLATES[0])).findall("templates/template/items/item")
    handlers = {i.findtext("key"): (i.findtext("preprocessing/step/error_handler"),
                                    i.findtext("preprocessing/step/error_handler_params"))
                for i in items if i.find("master_item") is not None}
    t.equal(handlers.pop("vizinho.up"), ("CUSTOM_VALUE", "0"), "without an answer the node is down")
    t.equal(set(handlers.values()), {("DISCARD_VALUE", None)}, "and no other item has a value, or an alarm of its own")
    up = next(i for i in items if i.findtext("key") == "vizinho.up")
    t.check("error" in said.metrics and item_value(up, said, {}) is None, "its path finds nothing in the error")


def units(t):
    unit, timer = (os.path.join(HERE, "vizinho-metrics." + x) for x in ("service", "timer"))
    with tempfile.TemporaryDirectory() as d:
        for path in (unit, timer):
            with open(path) as f, open(os.path.join(d, os.path.basename(path)), "w") as out:
                out.write(f.read().replace("/usr/bin/vizinho", "/bin/true"))
        p = subprocess.run(["systemd-analyze", "verify", "--man=no", os.path.join(d, "vizinho-metrics.timer"),
                            os.path.join(d, "vizinho-metrics.service")], capture_output=True, text=True, timeout=PATIENCE)
    wrong = [x for x in (p.stdout + p.stderr).splitlines() if "vizinho-metrics" in x]
    t.check(p.returncode == 0 and not wrong, f"systemd reads the timer and its service: {wrong}")


def main():
    t = Tap()
    units(t)
    with story.cluster(2) as c:
        story.proposals(c[0], story.offer(c[0]))
        said = Said(c)
        alerts(t, said)
        dashboard(t, said)
        t.equal(*(zabbix(t, said, name) for name in TEMPLATES), "both languages are one template")
        down(t, c)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
