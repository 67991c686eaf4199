#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""C files are laid out as .clang-format says."""

import subprocess
import sys
from tree import files


def main():
    sources = [str(path) for path in files(".c", ".h")]
    if sources:
        sys.exit(subprocess.run(["clang-format", "--dry-run", "-Werror", "--ferror-limit=3", *sources]).returncode)


if __name__ == "__main__":
    main()
