#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The locales of the client have the same keys and the same {{places}}; plural forms may differ, as languages do."""

import json
import re
from tree import TOP, files, finish, short

PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")


def leaves(value, path=""):
    """{key without its plural form: the names of its places}"""
    if isinstance(value, dict):
        found = {}
        for key, inner in value.items():
            for name, places in leaves(inner, f"{path}.{key}" if path else key).items():
                found[name] = found.get(name, set()) | places
        return found
    return {PLURAL.sub("", path): set(re.findall(r"\{\{\s*([\w.]+)", str(value)))}


def main():
    locales = {path: leaves(json.loads(path.read_text(encoding="utf-8"))) for path in files(".json", under="src/web/locales")}
    reference = TOP / "src/web/locales/en.json"
    complaints = []
    if locales and reference not in locales:
        complaints.append("src/web/locales/en.json is not there")
    else:
        for path, keys in locales.items():
            wanted = locales[reference]
            complaints += [f"{short(path)}: {key} is missing" for key in sorted(wanted.keys() - keys.keys())]
            complaints += [f"{short(path)}: {key} is not in en.json" for key in sorted(keys.keys() - wanted.keys())]
            complaints += [f"{short(path)}: {key} has the places {sorted(keys[key])}, en.json {sorted(wanted[key])}"
                           for key in sorted(keys.keys() & wanted.keys()) if keys[key] - {"count"} != wanted[key] - {"count"}]
    finish(complaints)


if __name__ == "__main__":
    main()
