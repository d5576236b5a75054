#!/usr/bin/env python3
"""bench_analyze.py [--rows N] [--build DIR] [--duckdb DIR]: compares `vizinho analyze` with DuckDB and mawk.

All read the same generated file on one core. The least processor time of three runs counts. What each does:

  vizinho   reads, checks, classifies the reasons, looks up destinations, sums, writes JSON
  duckdb    reads the file and joins destinations with the table of municipalities, one thread
  mawk      splits the lines and counts the reasons; no look-up

DuckDB comes from npm: run `npm install @duckdb/node-api` in some directory and give it as --duckdb. A
program that is not installed is skipped, and the output says so.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

DUCKDB = """
const {DuckDBInstance} = require('@duckdb/node-api');
(async () => {
  const db = await DuckDBInstance.create(':memory:');
  const c = await db.connect();
  await c.run('SET threads = 1');
  await c.run(`CREATE TABLE m AS SELECT m.codigo_ibge, m.nome, e.uf
    FROM read_csv('${process.argv[3]}/municipios.csv') m
    JOIN read_csv('${process.argv[3]}/estados.csv') e USING (codigo_uf)`);
  const r = await c.runAndReadAll(`SELECT m.codigo_ibge, count(*) AS n
    FROM read_csv('${process.argv[2]}', delim=';', header=true, all_varchar=true) b
    JOIN m ON b.cidade_novo = m.nome AND b.uf_novo = m.uf GROUP BY 1`);
  let n = 0n;
  for (const row of r.getRows()) n += row[1];
  console.log(String(n));
})();
"""


def measured(command, **kw):
    """Seconds of processor time, the largest resident size in MB, and the output, best of three."""
    best = None
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)
        out, err = process.communicate()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode != 0:
            return None, None, err.decode(errors="replace").strip().split("\n")[-1]
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if best is None or spent < best[0]:
            best = (spent, after.ru_maxrss / 1024, out)
    return best


def analyze_command(build):
    for name in ("tools/analyze/vizinho-analyze", "tools/vizinho/vizinho"):
        path = os.path.join(build, name)
        if os.path.exists(path):
            return [path] if name.endswith("analyze") else [path, "analyze"]
    sys.exit(f"{build}: not built: ninja -C {build}")


def duckdb_command(directory, data, work):
    node = shutil.which("node")
    module = os.path.join(directory or ".", "node_modules", "@duckdb", "node-api")
    if not node or not os.path.isdir(module):
        return None
    script = os.path.join(work, "duckdb.js")
    with open(script, "w", encoding="utf-8") as out:
        out.write(DUCKDB)
    return [node, script, data, os.path.join(ROOT, "tools", "data")]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000000)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--duckdb", help="a directory with node_modules/@duckdb/node-api")
    parser.add_argument("--keep", help="write the generated file there, or use it when it is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vizinho-bench-") as work:
        data = options.keep or os.path.join(work, "cancelamentos.csv")
        if not os.path.exists(data):
            subprocess.run([sys.executable, os.path.join(ROOT, "tools/analyze/make_sample.py"),
                            "--bench", "--rows", str(options.rows), data], check=True)
        size = os.path.getsize(data)
        print(f"{options.rows:,} rows, {size / 1e6:.0f} MB; one core, best of three by processor time")
        one_core = ["taskset", "-c", "0"] if shutil.which("taskset") else []
        peers = [
            ("vizinho", one_core + analyze_command(options.build) +
             ["--json", "--rejects", "none", data], {}),
            ("duckdb", duckdb_command(options.duckdb, data, work),
             {"env": dict(os.environ, NODE_PATH=os.path.join(options.duckdb or ".", "node_modules"))}),
            ("mawk", one_core + ["mawk", "-F;", "{c[$3]++} END {for (k in c) n += c[k]; print n}", data]
             if shutil.which("mawk") else None, {}),
        ]
        base = None
        for name, command, kw in peers:
            if command is None:
                print(f"{name:8} skipped: not installed")
                continue
            if name == "duckdb" and one_core:
                command = one_core + command
            seconds, memory, out = measured(command, **kw)
            if seconds is None:
                print(f"{name:8} skipped: {out}")
                continue
            base = base or seconds
            print(f"{name:8} {seconds:6.2f} s  {options.rows / seconds / 1e6:6.2f} M rows/s  "
                  f"{size / seconds / 1e6:5.0f} MB/s  {seconds / base:5.2f} x the time of vizinho")
        # a tenth of the file should need as much memory as all of it
        if base:
            small = os.path.join(work, "small.csv")
            with open(data, "rb") as source, open(small, "wb") as out:
                out.write(source.read(size // 10))
            for label, path in (("a tenth", small), ("all", data)):
                result = subprocess.run(["/usr/bin/time", "-f", "%M"] + analyze_command(options.build) +
                                        ["--json", "--rejects", "none", path],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False) \
                    if os.path.exists("/usr/bin/time") else None
                if result:
                    print(f"memory   {int(result.stderr.split()[-1]) / 1024:.1f} MB for {label} of the file")


if __name__ == "__main__":
    main()
