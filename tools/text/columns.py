#!/usr/bin/env python3
"""columns.py IN OUT: the table of column headings as C. A name that means two things in one use fails."""
import re
import sys

USES = {"cancellations": "VIZ_HEADING_CANCELLATIONS", "coverage": "VIZ_HEADING_COVERAGE",
        "postcodes": "VIZ_HEADING_POSTCODES"}

source, target = sys.argv[1:3]
rows, seen, roles = [], {}, []
for number, line in enumerate(open(source, encoding="utf-8"), 1):
    line = line.rstrip("\n")
    if not line or line.startswith("#"):
        continue
    parts = line.split("\t")
    if len(parts) != 3:
        sys.exit(f"{source}:{number}: expected ROLE, USES and names")
    role, uses, names = parts[0], list(USES) if parts[1] == "all" else parts[1].split(","), parts[2].split(" ")
    if role in roles[:-1]:
        sys.exit(f"{source}:{number}: the lines of {role} must stand together")
    if role not in roles:
        roles.append(role)
    for name in names:
        if not re.fullmatch("[a-z0-9]+", name):
            sys.exit(f"{source}:{number}: {name!r}: expected lower-case letters and digits")
        for use in uses:
            if use not in USES:
                sys.exit(f"{source}:{number}: no use {use!r}")
            if (use, name) in seen:
                sys.exit(f"{source}:{number}: {name} stands under {seen[use, name]} already")
            seen[use, name] = role
    rows.append((role, " | ".join(USES[use] for use in uses), " ".join(names)))

with open(target, "w", encoding="ascii") as out:
    out.write('#include "tools/text/heading_table.h"\n\nconst struct viz_heading_names viz_heading_table[] = {\n')
    for role, uses, names in rows:
        out.write(f'\t{{"{role}", {uses},\n\t "{names}"}},\n')
    out.write("};\n\nconst size_t viz_heading_table_n = sizeof viz_heading_table / sizeof *viz_heading_table;\n")
