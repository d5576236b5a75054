#!/usr/bin/env python3
"""test_install.py MESON BUILD SAMPLE CHECK_UNIT: `meson install` puts each file in its place, and they work there."""
import os
import re
import subprocess
import sys
import tempfile

MESON, BUILD, SAMPLE, CHECK_UNIT = sys.argv[1:]
count, failed = 0, 0


def ok(condition, what):
    global count, failed
    count += 1
    failed += not condition
    print(f"{'ok' if condition else 'not ok'} {count} - {what}")


def found(root):
    """{path below the root: (octal mode, bytes)}"""
    files = {}
    for dir, _, names in os.walk(root):
        for name in names:
            path = os.path.join(dir, name)
            files[path[len(root):]] = (os.stat(path).st_mode & 0o777, os.path.getsize(path))
    return files


def option(name):
    out = subprocess.run([MESON, "introspect", "--buildoptions", BUILD], capture_output=True, text=True,
                         check=True).stdout
    return re.search(r'"name": "%s", "value": "([^"]*)"' % name, out)[1]


def run(*args, **env):
    return subprocess.run(args, capture_output=True, text=True, timeout=240, env={**os.environ, **env}, check=False)


with tempfile.TemporaryDirectory(prefix="viz-install-") as root:
    r = run(MESON, "install", "--no-rebuild", "--quiet", "-C", BUILD, DESTDIR=root)
    ok(r.returncode == 0, "meson install")
    prefix = option("prefix")
    at = {name: os.path.join(prefix, option(name)) for name in
          ("bindir", "sbindir", "sysconfdir", "datadir", "mandir")}
    wanted = {
        f"{at['bindir']}/vizinho": 0o755,
        f"{at['bindir']}/vizinho-analyze": 0o755,
        f"{at['sbindir']}/vizinhod": 0o755,
        f"{at['sysconfdir']}/vizinho/vizinho.conf": 0o644,
        f"{prefix}/lib/systemd/system/vizinhod.service": 0o644,
        f"{at['sbindir']}/vizinho-webhook": 0o755,
        f"{prefix}/lib/systemd/system/vizinho-webhook.service": 0o644,
        f"{at['sbindir']}/vizinho-web": 0o755,
        f"{prefix}/lib/systemd/system/vizinho-web.service": 0o644,
        f"{at['sysconfdir']}/vizinho/web.conf": 0o644,
        f"{at['datadir']}/vizinho/web.conf": 0o644,
        **{f"{prefix}/lib/sysusers.d/{name}.conf": 0o644 for name in ("vizinho", "vizinho-web", "vizinho-erp")},
        **{f"{prefix}/lib/tmpfiles.d/{name}.conf": 0o644 for name in ("vizinho", "vizinho-web")},
        f"{at['datadir']}/bash-completion/completions/vizinho": 0o644,
        f"{at['datadir']}/vizinho/gazetteer.bin": 0o644,
        f"{at['datadir']}/vizinho/vizinho.conf": 0o644,
        f"{at['sbindir']}/vizinho-erp": 0o755,
        f"{at['sysconfdir']}/vizinho/erp.conf": 0o644,
        f"{at['datadir']}/vizinho/erp.conf": 0o644,
        **{f"{prefix}/lib/systemd/system/vizinho-erp{unit}": 0o644 for unit in (".service", "-once.service", "-once.timer")},
        **{f"{at['datadir']}/vizinho/{name}": 0o755 for name in ("hook-whatsapp", "send-link")},
        **{f"{at['datadir']}/vizinho/monitoring/{name}": 0o644 for name in (
            "grafana-vizinho.json", "vizinho-metrics.service", "vizinho-metrics.timer", "vizinho.rules.yml",
            "zabbix-agent.conf", "zabbix-vizinho.en.xml", "zabbix-vizinho.pt-BR.xml")},
        **{f"{at['datadir']}/doc/vizinho/{page}": 0o644 for page in ("OPERATIONS.md", "OPERACOES.md")},
        **{f"{at['mandir']}/{language}man{page[-1]}/{page}": 0o644 for language in ("", "pt_BR/") for page in (
            "vizinho.1", "vizinho.conf.5", "vizinhod.8", "vizinho-web.8", "vizinho-webhook.8", "vizinho-erp.8")},
    }
    files = found(root)
    for path, mode in wanted.items():
        ok(path in files and files[path][0] == mode and files[path][1] > 0, f"{path} {mode:o}")
    ok(set(files) == set(wanted), f"and nothing else: {sorted(set(files) - set(wanted))}")

    vizinho, vizinhod = root + f"{at['bindir']}/vizinho", root + f"{at['sbindir']}/vizinhod"
    ok(re.fullmatch(r"vizinho \d+\.\d+\.\d+\n", run(vizinho, "--version").stdout), "vizinho --version")
    ok(re.fullmatch(r"vizinhod \d+\.\d+\.\d+\n", run(vizinhod, "--version").stdout), "vizinhod --version")
    conf = root + f"{at['sysconfdir']}/vizinho/vizinho.conf"
    r = run(vizinhod, "--config", conf, "--check")
    ok(r.returncode == 0 or "name" in r.stderr, "the configuration is read, at most its name is missing")
    with open(conf, "a", encoding="utf-8") as own:
        own.write("# the operator's own line\n")
    r = run(MESON, "install", "--no-rebuild", "--quiet", "-C", BUILD, DESTDIR=root)
    with open(conf, encoding="utf-8") as own:
        ok(r.returncode == 0 and "the operator's own line" in own.read(), "an upgrade keeps the configuration")
    hook = root + f"{at['datadir']}/vizinho/hook-whatsapp"
    r = subprocess.run([hook], input='{"event": "close", "lead": "20261123-1", "peer": null}', capture_output=True,
                       text=True, check=False)
    ok(r.returncode == 0 and r.stderr == "", "the example of a hook passes over what nobody has to know")
    r = subprocess.run([hook], input='{"event": "handoff", "lead": {"id": "20261123-1"}, "peer": {"name": "B"}}',
                       capture_output=True, text=True, check=False, env={**os.environ, "VIZINHO_WHATSAPP": "/none"})
    ok(r.returncode != 0, "and says that it could not send, so that the event comes again")
    with tempfile.TemporaryDirectory(prefix="viz-secret-") as secrets:
        with open(secrets + "/whatsapp.json", "w", encoding="utf-8") as f:
            f.write('{"url": "http://127.0.0.1:1/", "token": "t", "to": []}')
        r = subprocess.run([hook], input='{"event": "handoff", "lead": {"id": "20261123-1"}, "peer": {"name": "B"}}',
                           capture_output=True, text=True, check=False,
                           env={**os.environ, "CREDENTIALS_DIRECTORY": secrets})
    ok(r.returncode == 0 and r.stderr == "", "but takes its secret from systemd's credentials, where it is there")
    # The program looks for the map below the prefix, which is not under the test's root.
    with open(vizinho, "rb") as program:
        ok(f"{at['datadir']}/vizinho\0".encode() in program.read(), "the map is looked for where it is")
    r = run(vizinho, "analyze", "--rejects", "none", SAMPLE,
            VIZINHO_GAZETTEER=root + f"{at['datadir']}/vizinho/gazetteer.bin")
    ok(r.returncode == 0 and len(r.stdout) > 500, "vizinho analyze, of the sample")

    unit = root + f"{prefix}/lib/systemd/system/vizinhod.service"
    with open(unit, encoding="utf-8") as text:
        start = re.search(r"^ExecStart=(\S+) --config (\S+)", text.read(), flags=re.M)
    ok(start and start[1] in files and start[2] in files, "the unit names what is installed")
    with open(unit.replace("vizinhod", "vizinho-webhook"), encoding="utf-8") as text:
        start = re.search(r"^ExecStart=(\S+) --config (\S+)", text.read(), flags=re.M)
    ok(start and start[1] in files and start[2] in files, "and so does that of the webhook")
    with open(unit.replace("vizinhod", "vizinho-web"), encoding="utf-8") as text:
        start = re.search(r"^ExecStart=(\S+) --config (\S+)", text.read(), flags=re.M)
    ok(start and start[1] in files and start[2] in files, "and that of the pages")
    r = run(root + f"{at['sbindir']}/vizinho-web", "--config", root + f"{at['sysconfdir']}/vizinho/web.conf", "--check")
    ok(r.returncode == 0, f"whose configuration is right as it is installed {r.stderr}")
    r = run("sh", CHECK_UNIT, unit)
    ok(r.returncode == 0 and "not ok" not in r.stdout, "systemd finds nothing wrong with it")
print(f"1..{count}")
sys.exit(1 if failed else 0)
