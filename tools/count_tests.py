"""count_tests.py LOGS STATUS: counts the cases of a run of `meson test` and prints `N passed, M failed`.

LOGS is meson's folder of logs, STATUS the exit status of `meson test`. The counts come from testlog.json and not from
the JUnit log, which has only cases. It does not show a program that names no failed case and then fails, dies or takes
too long. Here each such program counts as one failed case."""
import json
import pathlib
import re
import sys

CASE = re.compile(r"^(not )?ok\b\s*(.*?)\s*(# *(?i:skip)\b.*)?$", re.M)
PLAN = re.compile(r"^1\.\.(\d+)", re.M)
SKIPPED = 77  # the exit status of a program without cases that cannot run here


def programs(log):
    """The entry of each program that has ended. The last line is cut off when meson died."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            return


def fell(program):
    return program["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")


def complaint(program, cases, plan):
    """Why a program without a failed case has failed; None: it passed."""
    status = program["returncode"]
    if fell(program):
        return f"{program['result'].lower()}, exit status {status}"
    if cases and plan is None:
        return "ended before it printed how many cases there are"
    if plan is not None and plan != cases:
        return f"{cases} of {plan} cases"
    if program["result"] == "SKIP" and plan is None and status != SKIPPED:
        return "named no case"
    return None


def count(program):
    """Returns (passed, failed, skipped) of a program. Prints the cases that did not pass."""
    passed = failed = skipped = cases = 0
    name = program["name"]
    plan = PLAN.search(program["stdout"])
    for bad, case, skip in CASE.findall(program["stdout"]):
        cases += 1
        if bad:
            failed += 1
            print(f"FAILED {name}: {case}")
        elif skip:
            skipped += 1
            print(f"skipped {name}: {case}")
        else:
            passed += 1
    why = None if failed else complaint(program, cases, int(plan[1]) if plan else None)
    if why:
        failed += 1
        print(f"FAILED {name}: {why}")
    elif not cases and program["result"] == "SKIP":
        skipped += 1
        print(f"skipped {name}")
    elif not cases:
        passed += 1
    return passed, failed, skipped


def main(logs, status):
    passed = failed = skipped = bad = ran = 0
    for program in programs(pathlib.Path(logs) / "testlog.json"):
        one = count(program)
        passed, failed, skipped = passed + one[0], failed + one[1], skipped + one[2]
        bad += fell(program)
        ran += 1
    # meson's status is the number of failed programs, and another number when meson itself fails
    if status != bad % 256 or not ran:
        failed += 1
        print(f"FAILED meson test: exit status {status}, {ran} programs ran")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
