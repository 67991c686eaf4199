#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shell scripts parse, and stop at the first failure unless they are sourced."""

import subprocess
from tree import files, finish, short


def main():
    complaints = []
    for path in files():
        first = path.read_bytes()[:64].split(b"\n")[0]
        script = first.startswith(b"#!") and b"sh" in first.rsplit(b"/", 1)[-1]
        if not script and path.suffix != ".sh":
            continue
        checked = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True)
        if checked.returncode != 0:
            complaints.append(checked.stderr.strip())
        if script and "\nset -euo pipefail\n" not in path.read_text(encoding="utf-8"):
            complaints.append(f"{short(path)}: set -euo pipefail is missing")
    finish(complaints)


if __name__ == "__main__":
    main()
