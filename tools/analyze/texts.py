#!/usr/bin/env python3
"""texts.py IN OUT_H OUT_C: the table of texts as an enum and two arrays of strings."""
import re
import sys

source, header, code = sys.argv[1:4]
rows = []
for number, line in enumerate(open(source, encoding="utf-8"), 1):
    line = line.rstrip("\n")
    if not line or line.startswith("#"):
        continue
    parts = line.split("\t")
    if len(parts) != 3:
        sys.exit(f"{source}:{number}: expected KEY, pt-BR and en")
    if {c for c in "123456789" if "{" + c + "}" in parts[1]} != \
            {c for c in "123456789" if "{" + c + "}" in parts[2]}:
        sys.exit(f"{source}:{number}: the languages fill in different things")
    for text in parts[1:]:
        if re.search(r"[{}]", re.sub(r"\{[1-9](\?[^:{}]*:[^:{}]*)?\}", "", text)):
            sys.exit(f"{source}:{number}: braces that fill in nothing")
    rows.append(parts)


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\\\\n", "\\n") + '"'


with open(header, "w", encoding="utf-8") as out:
    out.write("#ifndef VIZ_ANALYZE_TEXTS_TABLE_H\n#define VIZ_ANALYZE_TEXTS_TABLE_H\nenum viz_text {\n")
    for key, _, _ in rows:
        out.write(f"\tVIZ_TEXT_{key.upper()},\n")
    out.write(f"}};\n#define VIZ_TEXTS {len(rows)}\n#endif\n")
with open(code, "w", encoding="utf-8") as out:
    out.write(f'#include "{header.split("/")[-1]}"\n')
    out.write("extern const char *const viz_texts[VIZ_TEXTS][2];\n")
    out.write("const char *const viz_texts[VIZ_TEXTS][2] = {\n")
    for key, pt, en in rows:
        out.write(f"\t[VIZ_TEXT_{key.upper()}] = {{{c_string(pt)}, {c_string(en)}}},\n")
    out.write("};\n")
