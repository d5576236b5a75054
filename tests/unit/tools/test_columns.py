"""The compiler of column headings: its output for valid tables, and the errors for others."""
import pathlib
import subprocess
import sys
import tempfile

COMPILER = pathlib.Path(__file__).resolve().parents[3] / "tools" / "text" / "columns.py"

# name: (table, words of the error; with + in front: words of the output)
TABLES = {
    "one role": ("# a comment\n\ncep\tall\tcep zip\n", '+"cep zip"'),
    "uses": ("cep\tcoverage,postcodes\tcep\n", '+VIZ_HEADING_COVERAGE | VIZ_HEADING_POSTCODES'),
    "one name in two uses": ("a\tcoverage\tnome\nb\tcancellations\tnome\n", '+"nome"'),
    "one name twice": ("a\tall\tnome\nb\tcoverage\tnome\n", "2: nome stands under a already"),
    "one name twice in a role": ("a\tall\tnome x nome\n", "1: nome stands under a already"),
    "a role in two places": ("a\tall\tx\nb\tall\ty\na\tall\tz\n", "3: the lines of a must stand together"),
    "an unknown use": ("a\tpostcode\tx\n", "1: no use 'postcode'"),
    "a name that is not folded": ("a\tall\tx São\n", "1: 'São': expected lower-case"),
    "two blanks": ("a\tall\tx  y\n", "1: '': expected lower-case"),
    "no uses": ("a\tx y\n", "1: expected ROLE, USES and names"),
}


def run(table, work):
    source, target = work / "in.tsv", work / "out.c"
    source.write_text(table, encoding="utf-8")
    target.unlink(missing_ok=True)
    made = subprocess.run([sys.executable, "-B", str(COMPILER), str(source), str(target)], capture_output=True,
                          text=True)
    return made.returncode, made.stderr, target.read_text() if target.exists() else ""


def main():
    failed = 0
    print("1..%d" % len(TABLES), flush=True)
    with tempfile.TemporaryDirectory(prefix="viz-columns-") as folder:
        for number, (name, (table, want)) in enumerate(TABLES.items(), 1):
            status, output, written = run(table, pathlib.Path(folder))
            ok = status == 0 and want[1:] in written if want[0] == "+" else status != 0 and want in output and not written
            failed += not ok
            print("%s %d - %s" % ("ok" if ok else "not ok", number, name))
            if not ok:
                print("# status %d: %s" % (status, output.strip()))
    return 1 if failed else 0


sys.exit(main())
