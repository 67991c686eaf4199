#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every file that can carry a comment names its licence within its first three lines."""

from tree import files, finish, short

TAG = "SPDX-License-Identifier: LGPL-2.1-or-later"
SUFFIXES = (".c", ".h", ".py", ".sh", ".ts", ".tsx", ".css", ".html", ".sql", ".xml", ".yaml", ".yml", ".conf", ".service",
            ".socket", ".build", ".launch")
NAMES = ("meson.build", "meson_options.txt", "Caddyfile")


def carries_comments(path):
    return path.suffix in SUFFIXES or path.name in NAMES or path.read_bytes()[:2] == b"#!"


def main():
    finish(f"{short(path)}: no line with {TAG}" for path in files() if carries_comments(path)
           and "/seeds/" not in short(path)
           and TAG not in "\n".join(path.read_text(encoding="utf-8").splitlines()[:3]))


if __name__ == "__main__":
    main()
