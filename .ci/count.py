#!/usr/bin/env python3
"""count.py EVENTS STATUS: prints how many test targets passed and failed in one Bazel run.

EVENTS is the run's --build_event_json_file, STATUS its exit status. A run that failed counts
at least one failure, and so does one in which no test ran.
"""

import json
import sys


def main():
    path, status = sys.argv[1], int(sys.argv[2])
    tests, results, skipped = set(), {}, set()
    try:
        with open(path, encoding="utf-8") as events:
            for line in events:
                event = json.loads(line)
                identity = event.get("id", {})
                if "configured" in event and "testSize" in event["configured"]:
                    tests.add(identity["targetConfigured"]["label"])
                elif "testSummary" in event:
                    results[identity["testSummary"]["label"]] = event["testSummary"]["overallStatus"]
                elif event.get("aborted", {}).get("reason") == "SKIPPED":
                    skipped.update(i["label"] for i in identity.values() if "label" in i)
    except (OSError, ValueError) as error:
        print("count.py: %s: %s" % (path, error), file=sys.stderr)

    # Passed at a second try, which .bazelrc allows where the emulator is to blame.
    for label, result in sorted(results.items()):
        if result == "FLAKY":
            print("count.py: flaky: %s" % label, file=sys.stderr)
    passed = sum(r in ("PASSED", "FLAKY") for r in results.values())
    failed = len(results) - passed
    # A test that did not get as far as a result has not passed.
    for label in sorted(tests - set(results) - skipped):
        print("count.py: no result of %s" % label, file=sys.stderr)
        failed += 1
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1
    print(passed, failed)


if __name__ == "__main__":
    main()
