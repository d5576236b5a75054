#!/usr/bin/env python3
"""The demo runs to its end in both languages."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes import PATIENCE, ROOT, Tap  # noqa: E402

STEPS = {"nodes", "trust", "coverage", "kept", "no_neighbour", "single"}

tap = Tap()
for lang in ("pt-BR", "en"):
    run = subprocess.run([sys.executable, str(ROOT / "tools/demo_story.py"), "--json", "--lang", lang],
                         capture_output=True, text=True, timeout=2 * PATIENCE)
    lines = run.stdout.splitlines()
    result = json.loads(lines[-1]) if lines else {}
    if not tap.check(run.returncode == 0 and result.get("ok") is True, f"{lang}: every step happens"):
        print("# " + "\n# ".join((run.stdout + run.stderr).splitlines()[-30:]))
    tap.check(STEPS <= set(result.get("steps", {})), f"{lang}: {len(result.get('steps', {}))} steps are reported")
    words = {"pt-BR": "viável", "en": "yes"}
    told = run.stdout.split('{"steps"')[0]
    tap.check(words[lang] in told and (lang == "en" or not re.search(r"\b(yes|kept)\b", told)),
              f"{lang}: the answers are in the language")
    mark, other = {"pt-BR": ",.", "en": ".,"}[lang]
    tap.check(re.search(r"R\$ \d+\%s\d\d\n" % mark, told) and re.search(r" \d+\%s\d s\n" % mark, told)
              and not re.search(r"\d\%s\d" % other, told.split("==")[-1]),
              f"{lang}: its numbers too")
for program in ("sh tools/demo", f"{sys.executable} tools/demo_story.py"):
    for lang, words in (("pt_BR.UTF-8", "não há o idioma"), ("C", "there is no language")):
        bad = subprocess.run([*program.split(), "--lang", "xx"], cwd=ROOT, capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": lang}, timeout=PATIENCE)
        tap.check(bad.returncode == 2 and words in bad.stderr and "en pt-BR" in bad.stderr,
                  f"{program.split('/')[-1]}: an unknown language is refused, with the known ones ({lang})")
for lang, word in (("pt-BR", "uso:"), ("en", "usage:")):
    shown = subprocess.run([str(ROOT / "tools/demo"), "--lang", lang, "--help"], capture_output=True, text=True)
    tap.check(shown.returncode == 0 and shown.stdout.startswith(word) and "\n\n  --json" in shown.stdout,
              f"the usage in {lang}")
for lang, usage in (("pt_BR.UTF-8", "uso:"), ("C.UTF-8", "usage:")):
    for name in ("demo", "test"):
        shown = subprocess.run([str(ROOT / "tools" / name), "--help"], capture_output=True, text=True,
                               env={**os.environ, "LC_ALL": lang})
        tap.check(shown.returncode == 0 and shown.stdout.startswith(f"{usage} tools/{name}") and
                  f"  tools/{name} --" in shown.stdout and max(map(len, shown.stdout.split("\n"))) <= 80,
                  f"tools/{name} --help in {lang}: synopsis, example, within 80 columns")
bad = subprocess.run([str(ROOT / "tools/demo"), "--nonsense"], capture_output=True, text=True)
tap.check(bad.returncode == 2 and "--nonsense" in bad.stderr, "a wrong word is refused, before anything is done")
sys.exit(tap.done())
