#!/usr/bin/env python3
"""The demo runs to its end in both languages."""
import json
import os
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
bad = subprocess.run([str(ROOT / "tools/demo"), "--nonsense"], capture_output=True, text=True)
tap.check(bad.returncode == 2 and "--nonsense" in bad.stderr, "a wrong word is refused, before anything is done")
sys.exit(tap.done())
