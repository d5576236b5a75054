"""Counts the cases of a meson test run from its JUnit log and prints `N passed, M failed`."""
import sys
import xml.etree.ElementTree as tree


def main(path):
    passed = failed = skipped = 0
    for suite in tree.parse(path).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                print(f"FAILED {suite.get('name')} {case.get('name')}")
            elif case.find("skipped") is not None:
                skipped += 1
                print(f"skipped {suite.get('name')} {case.get('name')}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
