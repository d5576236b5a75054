"""reason_hints.tsv is what learn_hints.py makes of the labelled texts."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
ANALYZE = ROOT / "tools" / "analyze"


def main():
    print("1..1", flush=True)
    made = subprocess.run([sys.executable, "-B", str(ANALYZE / "learn_hints.py"), str(ROOT / "tests" / "vectors")],
                          capture_output=True, text=True, check=True).stdout
    ok = made == (ANALYZE / "reason_hints.tsv").read_text(encoding="utf-8")
    print(("ok" if ok else "not ok") + " 1 - the hints are learned from the texts as they are")
    sys.exit(not ok)


main()
