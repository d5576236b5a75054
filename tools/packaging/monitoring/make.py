#!/usr/bin/env python3
"""make.py FOLDER: writes the rules of Prometheus, the templates of Zabbix (English, Portuguese) and the dashboard of
Grafana there."""
import json
import os
import sys

from alerts import ALERTS
from grafana import dashboard
from zabbix import template

HEAD = """# Alerts for Prometheus, on what `vizinho metrics` prints. Each says what to do, in English (summary,
# description) and Portuguese (resumo, o_que_fazer). Severities: critical wakes somebody, warning is for the next day,
# info is for a dashboard.
groups:
  - name: vizinho
    rules:
"""
WORDS = {"host": "{{ $labels.instance }}", "name": "{{ $labels.name }}", "protection": "{{ $labels.protection }}",
         "value": "{{ humanize $value }}", "seconds": "{{ humanizeDuration $value }}"}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def rules():
    out = [HEAD]
    for name, expr, during, severity, _, what, todo, what_pt, todo_pt in ALERTS:
        out.append(f"      - alert: {name}\n        expr: {quoted(expr)}\n")
        if during:
            out.append(f"        for: {during}\n")
        out.append(f"        labels:\n          severity: {severity}\n        annotations:\n")
        for key, text in (("summary", what), ("description", todo), ("resumo", what_pt), ("o_que_fazer", todo_pt)):
            out.append(f"          {key}: {quoted(text.format(**WORDS))}\n")
    return "".join(out)


def main():
    files = {"vizinho.rules.yml": rules(),
             "zabbix-vizinho.en.xml": template(0),
             "zabbix-vizinho.pt-BR.xml": template(1),
             "grafana-vizinho.json": json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"}
    for name, content in files.items():
        with open(os.path.join(sys.argv[1], name), "w", encoding="utf-8") as f:
            f.write(content)


if __name__ == "__main__":
    main()
