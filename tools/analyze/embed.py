#!/usr/bin/env python3
"""embed.py NAME IN OUT: the file IN as a C array NAME with its length NAME_len."""
import sys

name, source, target = sys.argv[1:4]
data = open(source, "rb").read()
with open(target, "w", encoding="ascii") as out:
    out.write("#include <stddef.h>\n")
    out.write(f"extern const char {name}[];\nextern const size_t {name}_len;\n")
    out.write(f"const char {name}[] = {{\n")
    for i in range(0, len(data), 16):
        out.write("\t" + ", ".join(f"(char)0x{b:02x}" for b in data[i:i + 16]) + ",\n")
    out.write("\t0,\n};\n")
    out.write(f"const size_t {name}_len = {len(data)};\n")
