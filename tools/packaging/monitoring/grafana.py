"""The dashboard of Grafana, as its JSON model (schema 36: Grafana 9 and later). It asks for the data source when it is
imported, and shows the machine that is chosen above."""

# title, kind of panel, unit, width, [(PromQL, legend)]
PANELS = [
    ("Is it well", None, None, 24, []),
    ("Answers", "stat", "bool_yes_no", 3, [('vizinho_up{instance="$instance"}', "")]),
    ("May sign", "stat", "bool_yes_no", 3, [('vizinho_ready{instance="$instance"}', "")]),
    ("Up for", "stat", "s", 3, [('vizinho_uptime_seconds{instance="$instance"}', "")]),
    ("Partners linked", "stat", "short", 3, [('vizinho_partners_linked{instance="$instance"}', "linked"),
                                             ('vizinho_partners_wanted{instance="$instance"}', "of")]),
    ("To be done", "stat", "short", 3, [('vizinho_inbox_waiting{instance="$instance"}', "waits"),
                                        ('vizinho_inbox_overdue{instance="$instance"}', "overdue")]),
    ("Store", "gauge", "percentunit", 3,
     [('vizinho_store_used_bytes{instance="$instance"} / vizinho_store_size_bytes{instance="$instance"}', "")]),
    ("Disk free", "stat", "bytes", 3, [('vizinho_disk_free_bytes{instance="$instance"}', "")]),
    ("Version", "stat", "string", 3, [('vizinho_build_info{instance="$instance"}', "{{version}}")]),
    ("Leads", None, None, 24, []),
    ("Leads of this node, by state", "timeseries", "short", 12,
     [('vizinho_leads{instance="$instance"} > 0', "{{state}}")]),
    ("Offers of partners, by state", "timeseries", "short", 12,
     [('vizinho_inbox_offers{instance="$instance"} > 0', "{{state}}")]),
    ("Partners", None, None, 24, []),
    ("Links", "timeseries", "short", 8, [('vizinho_links{instance="$instance"}', "links"),
                                         ('vizinho_members{instance="$instance"}', "members")]),
    ("Partners without a link", "timeseries", "short", 8,
     [('(vizinho_partner_linked{instance="$instance"} == 0) + on (instance, partner_id) group_left (name) '
       'vizinho_partner_info{instance="$instance"}', "{{name}}")]),
    ("Mail that waits", "timeseries", "short", 8,
     [('vizinho_partner_mail{instance="$instance"} * on (instance, partner_id) group_left (name) '
       'vizinho_partner_info{instance="$instance"} > 0', "{{name}}")]),
    ("Network", None, None, 24, []),
    ("Bytes a second", "timeseries", "Bps", 8,
     [('rate(vizinho_network_received_bytes_total{instance="$instance"}[5m])', "in"),
      ('rate(vizinho_network_sent_bytes_total{instance="$instance"}[5m])', "out")]),
    ("Frames a second", "timeseries", "short", 8,
     [('rate(vizinho_frames_received_total{instance="$instance"}[5m])', "in"),
      ('rate(vizinho_frames_sent_total{instance="$instance"}[5m])', "out")]),
    ("Connections that ended a second, by reason", "timeseries", "short", 8,
     [('rate(vizinho_connections_closed_total{instance="$instance"}[5m]) > 0', "{{reason}}")]),
    ("Records that came a second", "timeseries", "short", 8,
     [('rate(vizinho_records_received_total{instance="$instance"}[5m])', "{{result}}")]),
    ("Signatures checked a second", "timeseries", "short", 8,
     [('rate(vizinho_signature_checks_total{instance="$instance"}[5m])', "checked"),
      ('vizinho_signature_checks_waiting{instance="$instance"}', "waiting")]),
    ("Queues", "timeseries", "short", 8, [('vizinho_queue_messages{instance="$instance"}', "messages for the core"),
                                          ('vizinho_verify_queue{instance="$instance"}', "signatures for a thread")]),
    ("Machine", None, None, 24, []),
    ("A batch takes", "timeseries", "s", 8,
     [('histogram_quantile(0.5, rate(vizinho_batch_duration_seconds_bucket{instance="$instance"}[5m]))', "half"),
      ('histogram_quantile(0.99, rate(vizinho_batch_duration_seconds_bucket{instance="$instance"}[5m]))', "99 %")]),
    ("Processor", "timeseries", "percentunit", 8,
     [('rate(vizinho_cpu_seconds_total{instance="$instance"}[5m])', "of one")]),
    ("Memory", "timeseries", "bytes", 8, [('vizinho_resident_memory_bytes{instance="$instance"}', "resident")]),
    ("Store", "timeseries", "bytes", 8, [('vizinho_store_used_bytes{instance="$instance"}', "used"),
                                         ('vizinho_store_size_bytes{instance="$instance"}', "limit"),
                                         ('vizinho_federation_used_bytes{instance="$instance"}', "federation")]),
    ("Rows, by table", "timeseries", "short", 8, [('vizinho_store_rows{instance="$instance"}', "{{table}}")]),
    ("Clock", "timeseries", "s", 8, [('vizinho_clock_offset_seconds{instance="$instance"}', "ahead of a peer"),
                                     ('vizinho_last_signed_ahead_seconds{instance="$instance"}', "signed ahead")]),
    ("Audit", None, None, 24, []),
    ("Findings", "timeseries", "short", 12, [('vizinho_audit_findings{instance="$instance"}', "{{verdict}}"),
                                             ('vizinho_audit_unchecked_offers{instance="$instance"}', "unchecked")]),
    ("Hook, runs in five minutes", "timeseries", "short", 12,
     [('increase(vizinho_hook_runs_total{instance="$instance"}[5m])', "{{result}}")]),
]
SOURCE = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}


def steps(title):
    """From which value on it is red: of what is bad when it is little, and when it is much."""
    if title in ("Answers", "May sign"):
        return [{"color": "red", "value": None}, {"color": "green", "value": 1}]
    if title == "Store":
        return [{"color": "green", "value": None}, {"color": "orange", "value": 0.7}, {"color": "red", "value": 0.9}]
    return [{"color": "green", "value": None}]


def panel(number, title, kind, unit, width, targets, x, y):
    place = {"h": 1 if kind is None else 8 if kind == "timeseries" else 4, "w": width, "x": x, "y": y}
    if kind is None:
        return {"collapsed": False, "gridPos": place, "id": number, "panels": [], "title": title, "type": "row"}
    options = {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
               "tooltip": {"mode": "multi", "sort": "desc"}} if kind == "timeseries" else {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "orientation": "auto"}
    if kind == "stat":
        options.update(colorMode="value", graphMode="none", justifyMode="auto",
                       textMode="name" if unit == "string" else "auto")
    return {"datasource": SOURCE, "gridPos": place, "id": number, "title": title, "type": kind, "options": options,
            "fieldConfig": {"defaults": {"unit": unit, **({"min": 0, "max": 1} if kind == "gauge" else {}),
                                         "thresholds": {"mode": "absolute", "steps": steps(title)}}, "overrides": []},
            "targets": [{"datasource": SOURCE, "expr": expr, "legendFormat": legend or "__auto", "range": True,
                         "refId": "ABCDEFGH"[i]} for i, (expr, legend) in enumerate(targets)]}


def panels():
    out, x, y, height = [], 0, 0, 0
    for title, kind, unit, width, targets in PANELS:
        if x + width > 24:
            x, y, height = 0, y + height, 0
        out.append(panel(len(out) + 1, title, kind, unit, width, targets, x, y))
        x, height = x + width, max(height, out[-1]["gridPos"]["h"])
    return out


def dashboard():
    instance = {"name": "instance", "label": "Machine", "type": "query", "datasource": SOURCE, "multi": False,
                "includeAll": False, "refresh": 2, "sort": 1, "hide": 0, "options": [], "regex": "",
                "query": {"query": "label_values(vizinho_up, instance)", "refId": "instance"}}
    return {"__inputs": [{"name": "DS_PROMETHEUS", "label": "Prometheus", "description": "", "type": "datasource",
                          "pluginId": "prometheus", "pluginName": "Prometheus"}],
            "__requires": [{"type": "grafana", "id": "grafana", "name": "Grafana", "version": "9.0.0"},
                           {"type": "datasource", "id": "prometheus", "name": "Prometheus", "version": "1.0.0"}] +
            [{"type": "panel", "id": kind, "name": name, "version": ""}
             for kind, name in (("gauge", "Gauge"), ("stat", "Stat"), ("timeseries", "Time series"))],
            "annotations": {"list": []}, "editable": True, "graphTooltip": 1, "id": None, "links": [],
            "panels": panels(), "refresh": "1m", "schemaVersion": 36, "tags": ["vizinho"],
            "templating": {"list": [instance]}, "time": {"from": "now-24h", "to": "now"}, "timepicker": {},
            "timezone": "", "title": "vizinho", "uid": "vizinho", "version": 1, "weekStart": ""}
