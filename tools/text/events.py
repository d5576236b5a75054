#!/usr/bin/env python3
"""The kinds of events (node/core/events.tsv), as C and as a table of the documentation.

events.py compile OUT_H OUT_C FILE TAG...   enum viz_notice and viz_notice_kinds, with the texts in these languages
events.py table FILE                        the rows for node/CONTROL.md

A fault of the file is one sentence, with its line: a kind that lacks a column, a level or a field that there is not, a
text that takes what is not among the fields, or whose other language takes something else.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from texts import Wrong, c_string, constant  # noqa: E402

LEVELS = {"error": 3, "warning": 4, "notice": 5, "info": 6}
FIELDS = ["lead", "their-lead", "peer", "about", "who", "origin"]
FILL = re.compile(r"\{(\w+)\}")
CODE_MAX, TEXT_MAX = 31, 160  # VIZ_JOURNAL_WORD_MAX; without what is filled in


def read_row(where, names, line):
    cells = line.split("\t")
    if len(cells) != len(names) or not all(cells):
        raise Wrong(f"{where}: expected {len(names)} columns: {', '.join(names)}")
    row = dict(zip(names, cells))
    row["fields"] = [] if row["fields"] == "-" else row["fields"].split(",")
    if not re.fullmatch(r"[a-z][a-z-]*", row["code"]) or len(row["code"]) > CODE_MAX:
        raise Wrong(f"{where}: {row['code']!r} is no code")
    if row["level"] not in LEVELS:
        raise Wrong(f"{where}: level {row['level']!r}: expected one of {', '.join(LEVELS)}")
    if not set(row["fields"]) <= set(FIELDS) or {"lead", "their-lead"} <= set(row["fields"]):
        raise Wrong(f"{where}: fields {','.join(row['fields'])}: expected some of {', '.join(FIELDS)}; one lead")
    filled = {"lead" if f == "their-lead" else f for f in row["fields"]}
    takes = {tag: set(FILL.findall(row[tag])) for tag in names[3:]}
    for tag, taken in takes.items():
        if taken - filled or re.search(r"[{}]", FILL.sub("", row[tag])):
            raise Wrong(f"{where}: {tag} takes what is not among the fields: {row[tag]}")
        if taken != takes[names[3]]:
            raise Wrong(f"{where}: {tag} takes other fields than {names[3]}")
        if len(row[tag].encode()) > TEXT_MAX:
            raise Wrong(f"{where}: {tag} is longer than {TEXT_MAX} bytes")
    return row


def read(path):
    """([language], [{code, level, fields, TAG: text}]) in the order of the file."""
    names, rows = None, []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f.read().split("\n"), 1):
            if not line or line.startswith("#"):
                continue
            if names is None:
                names = line.split("\t")
                if names[:3] != ["code", "level", "fields"]:
                    raise Wrong(f"{path}:{number}: expected code, level, fields and the languages")
                continue
            row = read_row(f"{path}:{number}", names, line)
            if row["code"] in [r["code"] for r in rows]:
                raise Wrong(f"{path}:{number}: {row['code']} stands here twice")
            rows.append(row)
    return names[3:] if names else [], rows


def compiled(header, code, path, tags):
    had, rows = read(path)
    missing = [tag for tag in tags if tag not in had]
    if missing:
        raise Wrong(f"{path}: no column for {', '.join(missing)}")
    h = ["#ifndef VIZ_NODE_CORE_EVENTS_TABLE_H", "#define VIZ_NODE_CORE_EVENTS_TABLE_H", "",
         "/* In the order of node/core/events.tsv. */", "enum viz_notice {"]
    h += [f"\tVIZ_NOTICE_{constant(r['code'])}," for r in rows] + ["\tVIZ_NOTICE_COUNT", "};", "",
         f"#define VIZ_NOTICE_LANGUAGES {len(tags)}",
          f"#define VIZ_NOTICE_ENGLISH {tags.index('en')} /* the language of the log, for everybody */", "", "/* Bits: what an event of the kind names. */",
         "enum viz_notice_field {"]
    h += [f"\tVIZ_NOTICE_HAS_{constant(f)} = {1 << i}," for i, f in enumerate(FIELDS)] + ["};", ""]
    h += ["struct viz_notice_kind {", "\tconst char *code;", "\tconst char *level;",
          "\tint priority; /* of syslog */", "\tunsigned fields;",
          "\tconst char *text[VIZ_NOTICE_LANGUAGES];", "};", "",
          "extern const struct viz_notice_kind viz_notice_kinds[VIZ_NOTICE_COUNT];",
          "/* The languages of the texts. */",
          "extern const char *const viz_notice_kinds_tags[VIZ_NOTICE_LANGUAGES];", "#endif", ""]
    c = [f'#include "{os.path.basename(header)}"', "",
         "const char *const viz_notice_kinds_tags[VIZ_NOTICE_LANGUAGES] = {" + ", ".join(map(c_string, tags)) + "};", "",
         "const struct viz_notice_kind viz_notice_kinds[VIZ_NOTICE_COUNT] = {"]
    for r in rows:
        bits = " | ".join("VIZ_NOTICE_HAS_" + constant(f) for f in r["fields"]) or "0"
        texts = ", ".join(c_string(r[tag]) for tag in tags)
        c.append(f"\t{{{c_string(r['code'])}, {c_string(r['level'])}, {LEVELS[r['level']]}, {bits}, {{{texts}}}}},")
    return {header: "\n".join(h), code: "\n".join(c + ["};", ""])}


def table(path):
    """The lines of the table of node/CONTROL.md."""
    tags, rows = read(path)
    out = ["| code | level | fields | " + " | ".join(tags) + " |", "| --- " * (3 + len(tags)) + "|"]
    for r in rows:
        fields = ", ".join(f"`{f}`" for f in r["fields"])
        out.append("| " + " | ".join([f"`{r['code']}`", r["level"], fields] + [r[tag] for tag in tags]) + " |")
    return out


def main(argv):
    try:
        if argv[0] == "table":
            print("\n".join(table(argv[1])))
            return
        made = compiled(argv[1], argv[2], argv[3], argv[4:])
    except Wrong as wrong:
        sys.exit(str(wrong))
    for path, content in made.items():
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)


if __name__ == "__main__":
    main(sys.argv[1:])
