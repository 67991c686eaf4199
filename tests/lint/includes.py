#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A folder includes only what its row of the table in README.md allows.

Include paths cannot forbid: a relative or a system header compiles anywhere. The table is the rule, and this reads it.
"""

import re
from tree import TOP, files, finish, short

# The words of the table and the headers they stand for. The C library and the system are everybody's.
LIBRARIES = {
    "GLib": r"glib\.h|glib-object\.h|glib-unix\.h|gmodule\.h|glib/gi18n\.h|glib/gstdio\.h|gobject/.*",
    "GIO": r"gio/.*",
    "json-glib": r"json-glib/.*",
    "libsodium": r"sodium\.h",
    "SQLite": r"sqlite3\.h",
    "libpq": r"libpq-fe\.h",
    "libsoup": r"libsoup/.*",
    "GDBus": r"gio/.*",
    "GMime": r"gmime/.*",
    "libcurl": r"curl/.*",
    "hiredis": r"hiredis/.*",
    "libvips": r"vips/.*",
    "GStreamer": r"gst/.*",
    "OpenSSL": r"openssl/.*",
    "libyuv": r"libyuv(/.*)?\.h",
    "Pango": r"pango/.*",
    "Cairo": r"cairo\.h",
}
SYSTEM = (r"(assert|ctype|errno|fcntl|float|ifaddrs|inttypes|limits|locale|math|netdb|poll|pwd|sched|signal|stdarg|stdatomic"
          r"|stdbool|stddef|stdint|stdio|stdlib|string|strings|syslog|termios|time|unistd)\.h"
          r"|(arpa|linux|net|netinet|sys)/[a-z_/0-9-]+\.h")
# What the build makes from schemas/.
GENERATED = r"(schemas/|generated/)?(contract|migrations|[a-z0-9-]*generated|[a-z0-9-]*dbus)\.h"

INCLUDE = re.compile(r'^\s*#\s*(?:include|import)\s*([<"])([^">]+)[">]')


def table():
    """{folder: text of its cell}, from the README."""
    rows = {}
    inside = False
    for line in (TOP / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells == ["folder", "may include"]:
            inside = True
        elif inside and not line.startswith("|"):
            break
        elif inside and not set(cells[0]) <= {"-", ":"}:
            for folder in cells[0].split(","):
                rows[folder.strip()] = cells[1]
    return rows


def allowed(rows, folder):
    """Patterns of the headers that code in @folder may include. A row that names a folder brings what that one may."""
    if folder == "app.c":
        return {r".*"}
    rule = rows[folder].split(";")[0]
    patterns = {SYSTEM, rf"{folder}/.*", rf"{folder}-resources\.h"}
    for word in re.findall(r"domain ports|[\w'-]+", rule):
        if word == "domain ports":
            patterns.add(r"domain/ports/.*")
        elif word == "plugins'":
            patterns.add(r"plugins/.*")
        elif word == "generated":
            patterns.add(GENERATED)
        elif word in LIBRARIES:
            patterns.add(LIBRARIES[word])
        elif word in rows and word != folder:
            patterns |= allowed(rows, word)
    return patterns


def room(path):
    """The row of the table that speaks for @path."""
    parts = short(path).split("/")
    if parts[0] == "src":
        return parts[1] if len(parts) > 2 else "app.c"
    return parts[0]


def main():
    rows = table()
    complaints = [] if rows else ["README.md: the include table is not there"]
    for path in files(".c", ".h"):
        folder = room(path)
        if folder == "tests":
            patterns = {r".*"}
        elif folder in rows:
            patterns = allowed(rows, folder)
        else:
            complaints.append(f"{short(path)}: its folder has no row in README.md's include table")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            if found is None:
                continue
            mark, header = found.groups()
            if ".." in header.split("/"):
                complaints.append(f"{short(path)}:{number}: relative include of {header}: write it from src/")
            elif not any(re.fullmatch(pattern, header) for pattern in patterns):
                complaints.append(f"{short(path)}:{number}: {folder} may not include {header} (README.md: {rows[folder]})")
    finish(complaints)


if __name__ == "__main__":
    main()
