"""reason_weights.tsv is what learn_reasons.py makes of the labelled texts, and what it learns without the last part of
reasons_notes_more.tsv and two files of others holds on these."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
ANALYZE = ROOT / "tools" / "analyze"
HELD = ["d2", "reasons_notes_blind.tsv", "reasons_notes_fresh.tsv"]
# for d2 and for the mean of all, below what was measured, so that a phrase can change
LEAST = {"accuracy": 0.88, "move-precision": 0.93, "move-recall": 0.92}


def run(*more):
    return subprocess.run([sys.executable, "-B", ANALYZE / "learn_reasons.py", sys.argv[1], ROOT / "tests" / "vectors",
                           *more], capture_output=True, text=True, check=True).stdout


def main():
    print("1..2", flush=True)
    same = run() == (ANALYZE / "reason_weights.tsv").read_text(encoding="utf-8")
    print(("ok" if same else "not ok") + " 1 - the weights are learned from the texts as they are", flush=True)
    held = [line for line in run("--hold", ",".join(HELD)).splitlines() if not line.startswith("#")]
    print("\n".join("# " + line for line in held))
    notes = {name: [float(value) for value in re.findall(name + r" (\d\.\d+)", "\n".join(held))] for name in LEAST}
    holds = all(min(notes[name][0], sum(notes[name]) / len(HELD)) >= least for name, least in LEAST.items())
    print(("ok" if holds else "not ok") + " 2 - notes that were left out are understood")
    sys.exit(not (same and holds))


main()
