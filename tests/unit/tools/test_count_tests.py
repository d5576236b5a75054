"""The last line of tools/test for programs that pass, fail, die, hang or print nothing, for a build that fails,
and for a `meson test` that dies. Each case is a small project that meson really runs."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parents[3] / "tools"

# name: (protocol, what `sh -c` runs, passed, failed, skipped, words of the line about it)
PROGRAMS = {
    "cases": ("tap", "echo 1..2; echo ok 1 - a; echo ok 2 - b", 2, 0, 0, ""),
    "case-failed": ("tap", "echo 1..2; echo ok 1 - a; echo not ok 2 - b; exit 1", 1, 1, 0, "- b"),
    "case-failed-status-0": ("tap", "echo 1..1; echo not ok 1 - a", 0, 1, 0, "- a"),
    "case-skipped": ("tap", "echo 1..2; echo 'ok 1 - a # SKIP x'; echo ok 2 - b", 1, 0, 1, "- a"),
    "all-skipped": ("tap", "echo '1..0 # SKIP none'", 0, 0, 1, ""),
    "status-after-cases": ("tap", "echo 1..1; echo ok 1 - a; exit 1", 1, 1, 0, "exit status 1"),
    "exception": ("tap", "exec python3 -c 'print(\"ok 1 - a\", flush=True); assert False'", 1, 1, 0, "exit status 1"),
    "signal-after-cases": ("tap", "echo 1..1; echo ok 1 - a; kill -SEGV $$", 1, 1, 0, "-11"),
    "hang-after-cases": ("tap", "echo 1..1; echo ok 1 - a; exec sleep 1000", 1, 1, 0, "timeout"),
    "status-alone": ("tap", "exit 1", 0, 1, 0, "exit status 1"),
    "status-77": ("tap", "exit 77", 0, 1, 0, "exit status 77"),
    "signal-alone": ("tap", "kill -SEGV $$", 0, 1, 0, "-11"),
    "hang-alone": ("tap", "exec sleep 1000", 0, 1, 0, "timeout"),
    "silent": ("tap", ":", 0, 1, 0, "no case"),
    "bail-out": ("tap", "echo 1..1; echo ok 1 - a; echo Bail out!", 1, 1, 0, "error"),
    "too-few": ("tap", "echo 1..3; echo ok 1 - a", 1, 1, 0, "error"),
    "too-few-skipped": ("tap", "echo 1..3; echo 'ok 1 - a # SKIP x'", 0, 1, 1, "1 of 3"),
    "none-of-the-plan": ("tap", "echo 1..3", 0, 1, 0, "0 of 3"),
    "too-many": ("tap", "echo 1..1; echo ok 1 - a; echo ok 2 - b", 2, 1, 0, "error"),
    "no-plan": ("tap", "echo ok 1 - a", 1, 1, 0, "how many"),
    "code-0": ("exitcode", "echo OK", 1, 0, 0, ""),
    "code-1": ("exitcode", "exit 1", 0, 1, 0, "exit status 1"),
    "code-77": ("exitcode", "exit 77", 0, 0, 1, ""),
    "code-99": ("exitcode", "exit 99", 0, 1, 0, "exit status 99"),
    "code-signal": ("exitcode", "kill -ABRT $$", 0, 1, 0, "-6"),
    "code-hang": ("exitcode", "exec sleep 1000", 0, 1, 0, "timeout"),
}
GOOD = "test('good', sh, args: ['-c', 'echo 1..1; echo ok 1 - a'], protocol: 'tap')\n"
count = failures = 0


def check(true, what, printed=""):
    global count, failures
    count += 1
    failures += not true
    print(f"{'ok' if true else 'not ok'} {count} - {what}", flush=True)
    if not true:
        print("# " + str(printed).replace("\n", "\n# "), flush=True)


class Project:
    def __init__(self, dir, tests):
        self.dir = pathlib.Path(dir)
        (self.dir / "tools").mkdir()
        for name in ("test", "count_tests.py"):
            shutil.copy(TOOLS / name, self.dir / "tools")
        (self.dir / "tools/packages.sh").write_text("packages_test=\ninstall_packages() { :; }\n")
        (self.dir / "tests").mkdir()
        (self.dir / "tests/development.ini").touch()
        self.write(tests)

    def write(self, tests):
        (self.dir / "meson.build").write_text("project('p')\nsh = find_program('sh')\n" + tests)

    def run(self, *args):
        """(the last line, exit status, everything)"""
        env = {k: v for k, v in os.environ.items() if k not in ("VIZINHO_BUILD", "MESON_TESTTHREADS")}
        p = subprocess.run([self.dir / "tools/test", *args], stdin=subprocess.DEVNULL, capture_output=True,
                           text=True, env=env)
        lines = p.stdout.splitlines()
        return lines[-1] if lines else "", p.returncode, p.stdout + p.stderr

    def ends(self, line, status, what, *args):
        last, code, printed = self.run(*args)
        check((last, bool(code)) == (line, status), what, f"{last!r}, exit status {code}\n{printed}")


def each_program(project):
    tests = ""
    for name, (protocol, script, *_) in PROGRAMS.items():
        script = script.replace("\\", "\\\\").replace("'", "\\'")
        limit = 2 if "hang" in name else 300
        tests += f"test('{name}', sh, args: ['-c', '{script}'], protocol: '{protocol}', timeout: {limit})\n"
    project.write(tests)
    last, code, printed = project.run()
    for name, (_, _, passed, failed, skipped, words) in PROGRAMS.items():
        lines = [line for line in printed.splitlines() if line.split(":")[0] in (f"FAILED {name}", f"skipped {name}")]
        check([sum(line.startswith(kind) for line in lines) for kind in ("FAILED", "skipped")] == [failed, skipped]
              and words in "".join(lines), name, printed)
    passed, failed, skipped = (sum(p[i] for p in PROGRAMS.values()) for i in (2, 3, 4))
    check(last == f"{passed} passed, {failed} failed, {skipped} skipped" and code == 1, "the sum of them", last)


def main():
    with tempfile.TemporaryDirectory(prefix="viz-count-") as dir:
        project = Project(dir, GOOD)
        project.ends("1 passed, 0 failed", False, "a good program")
        each_program(project)
        project.ends("2 passed, 0 failed", False, "one program by its name", "cases")
        project.ends("0 passed, 0 failed, 1 skipped", False, "one that cannot run here", "all-skipped")
        project.ends("0 passed, 1 failed", True, "a name that no program has", "nobody")

        broken = project.dir / "broken"
        broken.write_bytes(b"\x7fELF, and no more")
        broken.chmod(0o755)
        project.write(GOOD + "test('broken', files('broken'))\n")
        last, code, printed = project.run()
        check(last.endswith(" passed, 1 failed") and code != 0, "a program that cannot start ends meson", printed)

        project.write(GOOD + "custom_target('x', output: 'x', command: ['false'], build_by_default: true)\n")
        project.ends("0 passed, 1 failed", True, "a build that fails")
        shutil.rmtree(project.dir / "build-test")
        project.write("nonsense\n")
        project.ends("0 passed, 1 failed", True, "a project that cannot be set up")
        (project.dir / "tools/packages.sh").write_text("packages_test=\ninstall_packages() { return 1; }\n")
        project.ends("0 passed, 1 failed", True, "packages that cannot be installed")
    print(f"1..{count}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
