#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lock files pin by hash and name no host to fetch from; no file names a folder of somebody's machine."""

import json
import re
from tree import TOP, files, finish, short

MACHINE = re.compile(r"(?<![\w.$}~-])/(home/[a-z]\w*|Users/\w+|root|work)/[\w.-]+")


def lock_complaints(path):
    text = path.read_text(encoding="utf-8")
    if '"resolved"' in text:
        yield f'{short(path)}: "resolved" names a registry: set omit-lockfile-registry-resolved=true in the .npmrc beside it'
    for name, package in json.loads(text)["packages"].items():
        if name and not package.get("link") and not package.get("inBundle") and "integrity" not in package:
            yield f"{short(path)}: {name} has no integrity hash"


def machine_complaints(path):
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, 1):
        found = MACHINE.search(line)
        if found and path.name != "clean.py":
            yield f"{short(path)}:{number}: {found.group()} is a folder of one machine"


def main():
    locks = [TOP / name for name in ("src/web/package-lock.json", "tests/package-lock.json") if (TOP / name).exists()]
    finish([c for path in locks for c in lock_complaints(path)] + [c for path in files() for c in machine_complaints(path)])


if __name__ == "__main__":
    main()
