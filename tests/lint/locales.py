#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's languages have the same keys and the same {{places}}; plural forms may differ, as languages do.

A language is a TypeScript file that exports one literal of nested objects and strings; nothing else is understood here.
"""

import re
from tree import TOP, finish

FOLDER = TOP / "src/web/locales"
REFERENCE, OTHERS = "en.ts", ("uk.ts", "ru.ts")
PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")
TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)"""
                   r"""|(?P<word>[A-Za-z_$][\w$]*)|(?P<mark>[{}:,+])""", re.DOTALL)


def texts(source):
    """{key without its plural form: the names of its places}"""
    path, key, found, value = [], None, {}, False
    for token in TOKEN.finditer(source[source.index("export default") + len("export default"):]):
        mark, text = token["mark"], token["text"] and token["text"][1:-1]
        if mark == "{":
            path.append(key)
            value = False
        elif mark == "}":
            if len(path) == 1:
                break
            path.pop()
        elif mark == ":":
            value = True
        elif mark == ",":
            value = False
        elif text is not None and value:
            name = ".".join([*path[1:], PLURAL.sub("", key)])
            found.setdefault(name, set()).update(re.findall(r"\{\{-?\s*([\w.]+)", text))
        elif not value and (text or token["word"]):
            key = text or token["word"]
    return found


def main():
    if not (FOLDER / REFERENCE).exists():
        finish([f"src/web/locales/{REFERENCE} is not there"])
    wanted = texts((FOLDER / REFERENCE).read_text(encoding="utf-8"))
    complaints = [] if wanted else [f"{REFERENCE}: no texts found"]
    for language in OTHERS:
        have = texts((FOLDER / language).read_text(encoding="utf-8"))
        complaints += [f"{language}: {key} is missing" for key in sorted(wanted.keys() - have.keys())]
        complaints += [f"{language}: {key} is not in {REFERENCE}" for key in sorted(have.keys() - wanted.keys())]
        complaints += [f"{language}: {key} has the places {sorted(have[key])}, {REFERENCE} {sorted(wanted[key])}"
                       for key in sorted(wanted.keys() & have.keys()) if wanted[key] - {"count"} != have[key] - {"count"}]
    finish(complaints)


if __name__ == "__main__":
    main()
