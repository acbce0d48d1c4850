#!/usr/bin/env python3
"""Makes the lists of this folder from CLDR's annotations. See README.md."""

import json
import pathlib
import re

HERE = pathlib.Path(__file__).parent
PACKAGES = [("cldr-annotations-full", "annotations"), ("cldr-annotations-derived-full", "annotationsDerived")]


def annotations(locale):
    found = {}
    for package, key in PACKAGES:
        path = pathlib.Path(package) / "package" / key / locale / "annotations.json"
        found |= json.loads(path.read_text())[key]["annotations"]
    return found


def words(locale):
    own = annotations(locale)
    if locale != "pt":
        return {one: (of["tts"][0], of.get("default", [])) for one, of in own.items() if "tts" in of}
    portugal = annotations("pt-PT")
    said = {}
    for one in own.keys() | portugal.keys():
        first, second = portugal.get(one, {}), own.get(one, {})
        names = first.get("tts") or second.get("tts")
        if names:
            said[one] = (names[0], first.get("default", []) + second.get("default", []))
    return said


for locale in ["fr", "es", "de", "it", "pt"]:
    path = HERE / f"{locale}.txt"
    known, lines = words(locale), []
    # Which ones, and in which order: as the list stands. A new emoji is a new line with nothing behind it.
    for line in path.read_text().splitlines():
        emoji = line.split("\t")[0]
        found = known.get(emoji) or known.get(emoji.replace("\ufe0f", ""))
        if not found:
            continue
        name, keywords = found[0].lower(), []
        seen = set(re.findall(r"\w+", name))
        for word in re.findall(r"[\w'’-]+", " ".join(found[1]).lower()):
            if word not in seen and len(word) > 1:
                seen.add(word)
                keywords.append(word)
        lines.append(f"{emoji}\t{name}" + (f"|{' '.join(keywords)}" if keywords else ""))
    path.write_text("\n".join(lines) + "\n")
