#!/usr/bin/env python3
"""The texts that people read, in every language, as C.

texts.py languages OUT_H TAG...             the languages as an enum, in this order
texts.py compile NAME OUT_H OUT_C FILE...   the texts of a program: enum viz_NAME and one table

A program has one file for each language, NAME.TAG.tsv: a key, a tab, the text. Lines that begin with a
tab go on with the text above in a new line; a key that stands alone has its text in such lines only. Blank
lines count where the text goes on behind them. '#' begins a line of comment.

The files have the same keys in the same order. Their texts take the same arguments: conversions of printf
in the same order; or, with --braces, the same {1} to {9} ({1?one:many} chooses by whether {1} is 1); or, with
--mustache, the same {{values}} of a page (tools/web/template.h). A text whose key begins with "date_" is a format
of strftime. --keys: also a table of the keys, for texts that are looked up by name. --formats: also KEY_FORMAT, the
conversions of each text, with which proto/text_check.h lets the compiler look at the arguments. --tags: also a table
of the languages' tags, for a library that has no enum of them.
"""
import os
import re
import sys

KEY = re.compile(r"[a-z][a-z0-9_-]*$")
CONVERSION = re.compile(r"%(?:%|[-+#0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?[diouxXcsfegp])")
FILL = re.compile(r"\{([1-9])(?:\?[^:{}]*:[^:{}]*)?\}")
VALUE = re.compile(r"\{\{([a-z][a-z0-9_.]*)\}\}")


class Wrong(Exception):
    """A fault of a file, as one sentence for the developer."""


def tag_of(path):
    return os.path.basename(path).split(".")[-2]


def constant(name):
    return name.upper().replace("-", "_")


def read(path):
    """{key: text} in the order of the file."""
    texts, key, blanks = {}, None, 0
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f.read().split("\n"), 1):
            where = f"{path}:{number}"
            if line.startswith("\t"):
                if key is None:
                    raise Wrong(f"{where}: no key above")
                texts[key] = ([] if texts[key] is None else texts[key]) + [""] * blanks + [line[1:]]
            elif line and not line.startswith("#"):
                key, tab, text = line.partition("\t")
                if not KEY.match(key):
                    raise Wrong(f"{where}: {key!r} is no key")
                if key in texts:
                    raise Wrong(f"{where}: {key} stands here twice")
                texts[key] = [text] if tab else None
            blanks = 0 if line else blanks + 1
    empty = [key for key, lines in texts.items() if not "".join(lines or [])]
    if empty:
        raise Wrong(f"{path}: no text for {', '.join(empty)}")
    return {key: "\n".join(lines) for key, lines in texts.items()}


def arguments(text, braces, mustache=False):
    """What a text takes, or None when it has a sign that takes nothing."""
    if mustache:
        return None if re.search(r"[{}]", VALUE.sub("", text)) else {m[1] for m in VALUE.finditer(text)}
    if braces:
        return None if re.search(r"[{}]", FILL.sub("", text)) else {m[1] for m in FILL.finditer(text)}
    return None if "%" in CONVERSION.sub("", text) else [c for c in CONVERSION.findall(text) if c != "%%"]


def load(paths, braces=False, mustache=False):
    """[(key, [text of each language])]; raises Wrong where the languages do not agree."""
    files = [read(path) for path in paths]
    for path, texts in zip(paths[1:], files[1:]):
        missing = [key for key in files[0] if key not in texts]
        extra = [key for key in texts if key not in files[0]]
        if missing:
            raise Wrong(f"{path}: no text for {', '.join(missing)}")
        if extra:
            raise Wrong(f"{paths[0]}: no text for {', '.join(extra)}")
        for one, other in zip(files[0], texts):
            if one != other:
                raise Wrong(f"{path}: {other} stands where {paths[0]} has {one}")
    if len({constant(key) for key in files[0]}) != len(files[0]):
        raise Wrong(f"{paths[0]}: two keys differ in '-' and '_' only")
    for key, text in files[0].items():
        wanted = arguments(text, braces, mustache)
        for path, texts in zip(paths, files):
            got = arguments(texts[key], braces, mustache)
            if key.startswith("date_"):
                continue
            if got is None:
                raise Wrong(f"{path}: {key} has a {'brace' if braces or mustache else '%'} that takes nothing")
            if got != wanted:
                raise Wrong(f"{path}: {key} takes {got}, and in {paths[0]} {wanted}")
    return [(key, [texts[key] for texts in files]) for key in files[0]]


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def languages(header, tags):
    out = ["#ifndef VIZ_NODE_HOST_LANGUAGES_H", "#define VIZ_NODE_HOST_LANGUAGES_H", "enum viz_lang {"]
    out += [f"\tVIZ_LANG_{tag.split('-')[0].upper()}," for tag in tags]
    out += ["\tVIZ_LANGS", "};", "#define VIZ_LANG_TAGS " + ", ".join(map(c_string, tags)),
            "#define VIZ_LANG_LIST " + c_string("|".join(tags)), "#endif", ""]
    return {header: "\n".join(out)}


def compiled(name, header, code, paths, options):
    rows = load(paths, "--braces" in options, "--mustache" in options)
    prefix, size = f"VIZ_{constant(name)}", len(paths)
    tables = [(f"const char *const viz_{name}_texts[{prefix}_COUNT][{size}]",
               [f"[{prefix}_{constant(key)}] = {{{', '.join(map(c_string, texts))}}}" for key, texts in rows])]
    if "--keys" in options:
        tables.append((f"const char *const viz_{name}_keys[{prefix}_COUNT]", [c_string(key) for key, _ in rows]))
    if "--tags" in options:
        tables.append((f"const char *const viz_{name}_tags[{size}]", [c_string(tag_of(path)) for path in paths]))
    out = [f"#ifndef {prefix}_TEXTS_H", f"#define {prefix}_TEXTS_H", f"enum viz_{name} {{"]
    out += [f"\t{prefix}_{constant(key)}," for key, _ in rows] + [f"\t{prefix}_COUNT", "};"]
    out += [f"extern {declaration};" for declaration, _ in tables]
    if "--formats" in options:
        out += [f"#define {prefix}_{constant(key)}_FORMAT {c_string(' '.join(arguments(texts[0], False)) or ' ')}"
                for key, texts in rows if not key.startswith("date_")]
    out += ["#endif", ""]
    body = [f'#include "{os.path.basename(header)}"', ""]
    for declaration, values in tables:
        body += [declaration + " = {"] + [f"\t{value}," for value in values] + ["};", ""]
    return {header: "\n".join(out), code: "\n".join(body)}


def main(argv):
    words = [a for a in argv if not a.startswith("--")]
    try:
        if words[0] == "languages":
            made = languages(words[1], words[2:])
        else:
            made = compiled(words[1], words[2], words[3], words[4:], argv)
    except Wrong as wrong:
        sys.exit(str(wrong))
    for path, content in made.items():
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)


if __name__ == "__main__":
    main(sys.argv[1:])
