#!/usr/bin/env python3
"""analyze_page.py VIZINHO-ANALYZE SAMPLE...: the page of `analyze --html` in a real browser.

At the width of a phone and of a desk the page does not run over its edge, shows its charts and its map, and
loads nothing from the network. Without a browser the test is skipped (77).
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
         "--disable-extensions", "--hide-scrollbars", "--disable-domain-reliability",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]

WRAPPER = """<!doctype html><meta charset="utf-8"><iframe id="f" style="width:%dpx;height:900px;border:0"></iframe>
<script>
const f = document.getElementById('f');
f.onload = () => {
  const d = f.contentDocument, w = f.contentWindow;
  const over = [...d.querySelectorAll('main *')].filter(
    e => !e.closest('svg') && e.getBoundingClientRect().right > w.innerWidth + 1);
  const box = s => { const e = d.querySelector(s); return e ? e.getBoundingClientRect() : {width: 0, height: 0}; };
  document.body.dataset.seen = JSON.stringify({
    wide: d.documentElement.scrollWidth, inner: w.innerWidth, over: over.length,
    over_what: over.slice(0, 3).map(e => e.outerHTML.slice(0, 80)),
    paths: d.querySelectorAll('svg.map path').length, counted: d.querySelectorAll('svg.map path title').length,
    bars: d.querySelectorAll('.bars .t i').length, columns: d.querySelectorAll('.cols .col').length,
    map: [box('svg.map').width, box('svg.map').height], sections: d.querySelectorAll('section').length,
    font: parseFloat(w.getComputedStyle(d.body).fontSize), lang: d.documentElement.lang,
  });
};
f.srcdoc = %s;
</script>"""


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    print("skipped: no browser")
    sys.exit(77)


def seen(name, html, width, work):
    """Facts that the page reports about itself at this width."""
    wrapper = os.path.join(work, "wrapper.html")
    with open(wrapper, "w", encoding="utf-8") as out:
        out.write(WRAPPER % (width, json.dumps(html).replace("</", "<\\/")))
    dom = subprocess.run([name, *FLAGS, f"--user-data-dir={work}/profile", "--virtual-time-budget=5000",
                          "--window-size=1400,1000", "--dump-dom", "file://" + wrapper],
                         capture_output=True, text=True, timeout=240, check=True).stdout
    found = re.search(r'data-seen="([^"]*)"', dom)
    assert found, "the page did not load"
    return json.loads(found.group(1).replace("&quot;", '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))


def requests(name, page, work):
    """Every address that the page loads. Requests of the browser itself have no origin."""
    log = os.path.join(work, "net.json")
    subprocess.run([name, *FLAGS, f"--user-data-dir={work}/profile2", f"--log-net-log={log}",
                    "--virtual-time-budget=3000", "--dump-dom", "file://" + page],
                   capture_output=True, timeout=240, check=True)
    with open(log, encoding="utf-8") as source:
        text = source.read()
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:  # the browser ended before it closed the list
        events = json.loads(text.rstrip().rstrip(",") + "]}")["events"]
    asked = [e["params"] for e in events if "url" in e.get("params", {}) and "initiator" in e["params"]]
    return [p["url"] for p in asked if p["initiator"] != "not an origin" and not p["url"].startswith("file:")
            and not p["url"].startswith("data:")]


def control(name, work):
    """A page that does load something is found. Otherwise the check above would prove nothing."""
    page = os.path.join(work, "control.html")
    with open(page, "w", encoding="utf-8") as out:
        out.write('<!doctype html><img src="http://127.0.0.1:9/canary.png">')
    assert any("canary" in url for url in requests(name, page, work)), "the log shows no requests"


def check(name, html, page, lang, work):
    for width in (390, 1280):
        s = seen(name, html, width, work)
        assert s["lang"] == lang, s
        assert s["wide"] <= s["inner"] + 1 and s["over"] == 0, s
        assert s["sections"] >= 8 and s["bars"] >= 20 and s["columns"] >= 12, s
        assert s["paths"] > s["counted"] >= 5, s
        assert s["map"][0] > width * 0.5 and s["map"][1] > 200, s
        assert s["font"] >= 15, s
        print(f"{lang} at {width}: {s['counted']} municipalities of {s['paths']} drawn, nothing runs over")
    asked = requests(name, page, work)
    assert not asked, asked
    print(f"{lang}: no request")


def main():
    program, samples = sys.argv[1], sys.argv[2:]
    name = browser()
    with tempfile.TemporaryDirectory(prefix="viz-browser-") as work:
        control(name, work)
        for lang in ("pt-BR", "en"):
            page = os.path.join(work, "page.html")
            subprocess.run([program, "--html", page, "--rejects", "none", "--today", "2026-01-15",
                            "--lang", lang, *samples], check=True, stdout=subprocess.DEVNULL)
            with open(page, encoding="utf-8") as source:
                html = source.read()
            assert not re.search(r"(?i)https?:|src=|url\(|@import|<script", html)
            check(name, html, page, lang, work)


if __name__ == "__main__":
    main()
