#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the cases of a suite: count.py STATUS REPORT… prints "passed failed skipped" and names failures on stderr.

STATUS is the exit status of what ran the suite, each REPORT a JUnit file or the .json log that meson writes beside its
own. A runner that fails without a failed case (a crash, a leak found at exit, a time-out) counts as one failure, and so does a
suite in which nothing passed: no report is greener than its runner, and no suite is empty by mistake.
"""

import json
import re
import sys
import xml.etree.ElementTree as xml


# Not allowed in XML 1.0: the colours of a failure's message, which Node copies into its report as they are.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def junit(path):
    with open(path, encoding="utf-8") as report:
        cases = xml.fromstring(CONTROLS.sub("", report.read()).encode())
    for case in cases.iter("testcase"):
        name = " ".join(filter(None, [case.get("classname"), case.get("name")]))
        if case.find("failure") is not None or case.find("error") is not None:
            yield name, "failed"
        elif case.find("skipped") is not None:
            yield name, "skipped"
        else:
            yield name, "passed"


def meson_failures(path):
    """Tests that failed as a whole, whatever their cases said."""
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL"):
                yield test["name"], test["result"]


def main():
    status, reports = int(sys.argv[1]), sys.argv[2:]
    count = {"passed": 0, "failed": 0, "skipped": 0}
    named = set()

    for path in reports:
        if path.endswith(".json"):
            continue
        try:
            for name, result in junit(path):
                count[result] += 1
                if result == "failed":
                    named.add(name)
                    print(f"  failed: {name}", file=sys.stderr)
        except (OSError, xml.ParseError) as error:
            print(f"  no report: {error}", file=sys.stderr)
            status = status or 1

    whole = [failure for path in reports if path.endswith(".json") for failure in meson_failures(path)]
    for name, result in whole:
        if not any(name in case for case in named):
            print(f"  failed: {name} ({result.lower()})", file=sys.stderr)

    # A failed meson test whose cases all passed (a leak found at exit, say) is in the log but not in the JUnit file.
    count["failed"] = max(count["failed"], len(whole))
    if count["failed"] == 0 and (status != 0 or count["passed"] == 0):
        count["failed"] = 1
    print(count["passed"], count["failed"], count["skipped"])


if __name__ == "__main__":
    main()
