#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's languages have the same keys and the same {{places}}; plural forms may differ, as languages do.

A language is TypeScript files, each of which exports one literal of nested objects and strings; nothing else is understood here.
"""

import re
from tree import TOP, finish

FOLDER = TOP / "src/web/locales"
PARTS = ("{}.ts", "{}-studio.ts")
REFERENCE, OTHERS = "en", ("uk", "ru")
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


def differences(part, language):
    """What a language's file says otherwise than the reference."""
    reference, other = part.format(REFERENCE), part.format(language)
    wanted, have = (texts((FOLDER / name).read_text(encoding="utf-8")) for name in (reference, other))
    yield from () if wanted else [f"{reference}: no texts found"]
    yield from (f"{other}: {key} is missing" for key in sorted(wanted.keys() - have.keys()))
    yield from (f"{other}: {key} is not in {reference}" for key in sorted(have.keys() - wanted.keys()))
    yield from (f"{other}: {key} has the places {sorted(have[key])}, {reference} {sorted(wanted[key])}"
                for key in sorted(wanted.keys() & have.keys()) if wanted[key] - {"count"} != have[key] - {"count"})


def main():
    expected = {part.format(language) for part in PARTS for language in (REFERENCE, *OTHERS)}
    there = {path.name for path in FOLDER.glob("*.ts") if path.name not in ("index.ts", "locales.test.ts")}
    if expected != there:
        finish([f"src/web/locales: {name} is missing or not expected here" for name in sorted(expected ^ there)])
    finish(complaint for part in PARTS for language in OTHERS for complaint in differences(part, language))


if __name__ == "__main__":
    main()
