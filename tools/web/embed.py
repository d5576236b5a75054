#!/usr/bin/env python3
"""The templates and files of vizinho-web as C, after a look at all of them.

embed.py OUT_TEMPLATES OUT_ASSETS PAGES_DIR ASSETS_DIR TEXTS...

It refuses what template.c cannot render or the Content-Security-Policy would stop: a tag that does not end, a
section that is not closed, an unknown text, partial or file, {{{name}}} for anything but a picture (_svg), a value in
an attribute without quotes, script and style within a page.
"""
import hashlib
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../text"))
import texts  # noqa: E402

TAG = re.compile(r"\{\{(\{)?([#^/>]?)([a-z0-9_.:/-]+|\.)\}\}(\})?")
NAME = re.compile(r"\.$|[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".png": "image/png", ".ico": "image/vnd.microsoft.icon"}
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|javascript:", re.I)


class Wrong(Exception):
    """A fault of a file, as one sentence for the developer."""


def files(folder):
    """{path below the folder: bytes}, sorted."""
    found = {}
    for at, folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = f.read()
    return dict(sorted(found.items()))


def address(name, data):
    stem, ext = os.path.splitext(name)
    return f"/a/{stem}.{hashlib.sha256(data).hexdigest()[:16]}{ext}"


def tags(where, source):
    """The tags of a template: (kind, name). Every brace pair must be one."""
    if re.search(r"\{\{|\}\}", TAG.sub("", source)):
        line = TAG.sub(lambda m: "\n" * m[0].count("\n"), source)
        at = line[:re.search(r"\{\{|\}\}", line).start()].count("\n") + 1
        raise Wrong(f"{where}:{at}: braces that are no tag")
    for m in TAG.finditer(source):
        triple, kind, name, end = m.groups()
        if bool(triple) != bool(end) or (triple and kind):
            raise Wrong(f"{where}: {m[0]}")
        yield ("{" if triple else kind), name


def look(where, source, known_texts, pages, addresses):
    """Raises Wrong; returns the texts that it uses."""
    used, opened = set(), []
    for kind, name in tags(where, source):
        if kind == ">":
            if name + ".html" not in pages:
                raise Wrong(f"{where}: no template {name}")
        elif name.startswith("asset:"):
            if name[6:] not in addresses or kind:
                raise Wrong(f"{where}: no file {name[6:]} in assets")
        elif name.startswith("t."):
            if kind or name[2:] not in known_texts:
                raise Wrong(f"{where}: no text {name[2:]}")
            used.add(name[2:])
        elif not NAME.match(name):
            raise Wrong(f"{where}: {name} is no name of a value")
        elif kind == "{" and not name.endswith("_svg"):
            raise Wrong(f"{where}: {{{{{{{name}}}}}}}: only a picture is put in as it is")
        elif kind in ("#", "^"):
            opened.append(name)
        elif kind == "/":
            if not opened or opened.pop() != name:
                raise Wrong(f"{where}: {{{{/{name}}}}} closes nothing")
    if opened:
        raise Wrong(f"{where}: {{{{#{opened[-1]}}}}} is not closed")
    if re.search(r"<[^<>]*\s[\w-]+=(?!\")", re.sub(r'"[^"]*"', '""', source)):
        raise Wrong(f"{where}: an attribute without quotes")
    if INLINE.search(source):
        raise Wrong(f"{where}: script or style within the page: {INLINE.search(source)[0]!r}")
    return used


def look_at_texts(paths):
    """The keys. A text may have tags of values and nothing else."""
    rows = texts.load(paths, mustache=True)
    for key, all_of_it in rows:
        for text in all_of_it:
            for kind, name in tags(key, text):
                if kind or name.startswith(("t.", "asset:")) or not NAME.match(name):
                    raise Wrong(f"text {key}: {name}: only values")
    return {key for key, _ in rows}


def templates_c(pages, addresses):
    out = ['#include "tools/web/template.h"', "", "const struct viz_web_template viz_web_templates[] = {"]
    for path, data in pages.items():
        source = data.decode("utf-8")
        source = re.sub(r"\{\{asset:([^}]+)\}\}", lambda m: addresses[m[1]], source)
        out.append("\t{%s, %s}," % (texts.c_string(path[:-5]), texts.c_string(source)))
    return "\n".join(out + ["\t{NULL, NULL},", "};", ""])


def assets_c(assets, addresses):
    out = ['#include "tools/web/asset.h"', ""]
    for i, data in enumerate(assets.values()):
        out.append("static const unsigned char file%d[] = {" % i)
        out += ["\t" + "".join("%d," % b for b in data[at:at + 24]) for at in range(0, len(data), 24)]
        out.append("\t0,\n};")
    out.append("const struct viz_web_asset viz_web_assets[] = {")
    for i, (name, data) in enumerate(assets.items()):
        kind = TYPES[os.path.splitext(name)[1]]
        out.append("\t{%s, %s, file%d, %d}," % (texts.c_string(addresses[name]), texts.c_string(kind), i, len(data)))
    return "\n".join(out + ["\t{NULL, NULL, NULL, 0},", "};", ""])


def main(argv):
    to_templates, to_assets, pages_dir, assets_dir = argv[:4]
    pages, assets = files(pages_dir), files(assets_dir)
    try:
        known = look_at_texts(argv[4:])
        addresses = {name: address(name, data) for name, data in assets.items()}
        for name in assets:
            if os.path.splitext(name)[1] not in TYPES:
                raise Wrong(f"{name}: no type for it in embed.py")
        for path, data in pages.items():
            if not path.endswith(".html"):
                raise Wrong(f"{path}: no template")
            look(path, data.decode("utf-8"), known, pages, addresses)
    except (Wrong, texts.Wrong) as wrong:
        sys.exit(str(wrong))
    for path, content in ((to_templates, templates_c(pages, addresses)), (to_assets, assets_c(assets, addresses))):
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)


if __name__ == "__main__":
    main(sys.argv[1:])
