"""Texts that people read: every program has them in every language, none is left over, and no code
chooses between languages by itself."""
import os
import re
import sys

from sources import bare, code, files, text

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../tools/text'))
import texts  # noqa: E402


def wanted(root):
    return re.findall(r"'([\w-]+)'", re.search(r'^languages = \[(.*)\]', text(root, 'meson.build'), re.M)[1])


def programs(root):
    """{path without language: [language]}"""
    found = {}
    for path in files(root):
        m = re.match(r'((?:tools|node)/.+)\.([a-z]{2}(?:-[A-Z]{2})?)\.tsv$', path)
        if m:
            found.setdefault(m[1], []).append(m[2])
    return found


def used(key, prefix, source):
    """Whether C names the key, counts on from another of its group, or looks it up by a part of its name."""
    name, group = texts.constant(key), texts.constant(key).split('_')[0]
    return (re.search(r'\b%s_%s\b' % (prefix, name), source) or
            re.search(r'\b%s_%s_\w+ \+' % (prefix, group), source) or
            any(name.startswith(texts.constant(part)) for part in re.findall(r'"([a-z_]+_)"', source)) or
            any(name.startswith(part) for part in re.findall(r'\b%s_([A-Z_]+_)##' % prefix, source)))


def unused(root, stem, keys):
    folder = os.path.dirname(stem)
    build = re.search(r"'compile', '(\w+)'.*", text(root, folder + '/meson.build')) if folder != 'tools' else None
    if build is None: # a script: it names its keys
        source = text(root, stem + '.py')
        return [key for key in keys if '"%s"' % key not in source]
    prefix = 'VIZ_' + build[1].upper()
    source = '\n'.join(bare(s) for path, s in code(root) if path.startswith(folder + '/'))
    return [key for key in keys if not used(key, prefix, source)]


def languages(root):
    bad, tags = [], wanted(root)
    for stem, found in sorted(programs(root).items()):
        missing = sorted(set(tags) - set(found))
        bad += ['%s.%s.tsv is missing' % (stem, tag) for tag in missing]
        bad += ['%s.%s.tsv: no such language in meson.build' % (stem, tag) for tag in sorted(set(found) - set(tags))]
        paths = [os.path.join(root, '%s.%s.tsv' % (stem, tag)) for tag in tags if tag in found]
        build = os.path.join(root, os.path.dirname(stem), 'meson.build')
        braces = stem != 'tools/demo_story' and "'--braces'" in open(build, encoding='utf-8').read()
        try:
            rows = texts.load(paths, braces)
        except texts.Wrong as wrong:
            bad.append(str(wrong))
            continue
        bad += ['%s: nobody uses the text %s' % (stem, key) for key in unused(root, stem, [k for k, _ in rows])]
    return bad + chosen(root)


def chosen(root):
    """Code that asks which language it is; a default is allowed."""
    bad = []
    for path, source in code(root, folders=('tools',)):
        for line, content in enumerate(bare(source).split('\n'), 1):
            if re.search(r'[!=]= *VIZ_LANG_[A-Z]+|\bcase VIZ_LANG_|"pt(-BR)?"|\bpt \?', content):
                bad.append('%s:%d: a choice between languages belongs in a text' % (path, line))
    return bad
