# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the lints share: the files of the project, and one way to end."""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

# Written by tools, or by people for tools: no lint reads them as prose or code of ours.
MADE = ("package-lock.json",)


def files(*suffixes, under=""):
    """Tracked files, and new ones that are not ignored, with one of these suffixes."""
    listed = subprocess.run(
        ["git", "-C", str(TOP), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", under or "."],
        check=True, capture_output=True, text=True).stdout
    for name in sorted(set(filter(None, listed.split("\0")))):
        path = TOP / name
        if path.is_file() and (not suffixes or path.suffix in suffixes) and path.name not in MADE:
            yield path


def short(path):
    return path.relative_to(TOP).as_posix()


def finish(complaints):
    complaints = list(complaints)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
