#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Manual pages format without a warning, greenroom.conf(5) has every setting, greenroomctl(1) every command and option."""

import os
import re
import subprocess
from tree import TOP, files, finish, short

SETTING = re.compile(r'^  \{ "([a-z]+)", "([a-z-]+)", GR_SETTING_', re.M)
COMMAND = re.compile(r'^  \{ "([a-z ]+)", "[^"]*", \d, \d,', re.M)
OPTION = re.compile(r'^  \{ "([a-z-]+)", (?:\'\w\'|0), 0, G_OPTION_ARG_', re.M)


def warnings(page):
    shown = subprocess.run(["man", "--warnings", "--local-file", str(page)], capture_output=True, text=True,
                           env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "120", "MANROFFSEQ": ""})
    return [f"{short(page)}: {line}" for line in shown.stderr.splitlines()] + (
        [f"{short(page)}: man ended with {shown.returncode}"] if shown.returncode else [])


def text(name):
    return (TOP / name).read_text(encoding="utf-8")


def main():
    complaints = [complaint for page in files(".1", ".5", ".8", under="data/man") for complaint in warnings(page)]

    settings = SETTING.findall(text("src/base/settings.c"))
    parts = re.split(r"^\.SH \[([a-z]+)\]$", text("data/man/greenroom.conf.5").replace("\\-", "-"), flags=re.M)
    documented = {(section, key) for section, body in zip(parts[1::2], parts[2::2])
                  for key in re.findall(r"^\.TP\n\.B ([a-z-]+)$", body, re.M)}
    complaints += [] if settings else ["src/base/settings.c: no settings were found"]
    complaints += [f"greenroom.conf.5: {key} in [{section}] is missing" for section, key in settings
                   if (section, key) not in documented]
    complaints += [f"greenroom.conf.5: there is no {key} in [{section}]" for section, key in sorted(documented - set(settings))]

    source, page = text("src/ctl/greenroomctl.c"), text("data/man/greenroomctl.1").replace("\\-", "-")
    words = [name for name in COMMAND.findall(source)] + [f"--{name}" for name in OPTION.findall(source)]
    complaints += [] if words else ["src/ctl/greenroomctl.c: no commands were found"]
    complaints += [f"greenroomctl.1: {word} is missing" for word in words
                   if not re.search(rf'^\..*(?<![a-z-]){re.escape(word)}(?![a-z-])', page, re.M)]
    finish(complaints)


if __name__ == "__main__":
    main()
