"""Chromium, driven by playwright-core (browser.mjs). Without Chromium, Node.js or the packages of npm a test that asks
for one is skipped (77): tools/packages.sh has what it needs.

    with Chromium() as c:
        tab = c.open(width=360, lang="pt-BR")
        tab.goto(url)
        tab.click("button", "Sim, sou eu")     # by its role and what is written on it
        tab.axe()                              # [] when axe-core finds nothing
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NPM = os.environ.get("VIZINHO_NPM") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "vizinho-tests")


class Wrong(Exception):
    """The browser could not do it."""


class Tab:
    def __init__(self, browser, number):
        self.browser, self.number = browser, number

    def __getattr__(self, method):
        return lambda *args: self.browser.call(method, list(args), self.number)


class Chromium:
    def __init__(self):
        program = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
        if not program or not shutil.which("node") or not os.path.isdir(os.path.join(NPM, "node_modules")):
            print(f"1..0 # SKIP no browser: {program}, node, {NPM}")
            sys.exit(77)
        self.process = subprocess.Popen(["node", str(HERE / "browser.mjs")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, encoding="utf-8",
                                        env={**os.environ, "VIZINHO_NPM": NPM, "CHROMIUM": program})

    def call(self, method, args, tab=None):
        self.process.stdin.write(json.dumps({"method": method, "args": args, "tab": tab}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Wrong(f"the browser ended at {method} {args}")
        reply = json.loads(line)
        if "error" in reply:
            raise Wrong(f"{method} {args}: {reply['error']}")
        return reply["result"]

    def open(self, width=360, lang="pt-BR", js=True):
        return Tab(self, self.call("open", [{"width": width, "lang": lang, "js": js}]))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.process.stdin.close()
        self.process.wait()
