#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A source file that passes 700 lines wants a second room."""

from tree import files, finish, short

LIMIT = 700


def main():
    counts = ((path, len(path.read_text(encoding="utf-8").splitlines()))
              for path in files(".c", ".h", ".py", ".sh", ".ts", ".tsx", ".sql"))
    finish(f"{short(path)}: {lines} lines, more than {LIMIT}" for path, lines in counts if lines > LIMIT)


if __name__ == "__main__":
    main()
