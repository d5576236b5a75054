"""Texts for people. Every program has them in every language, each is used, and no code chooses between
languages by itself."""
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


def recipes(root):
    """{path without language: (name, braces, mustache)} of the tables that the build makes."""
    found = {}
    for path in files(root):
        if not path.endswith('meson.build'):
            continue
        for m in re.finditer(r"files\('([\w/]+)\.' \+ tag.*?'compile', '(\w+)'(.*?)\)", text(root, path), re.S):
            found[os.path.join(os.path.dirname(path), m[1])] = (
                m[2], '--braces' in m[3], '--mustache' in m[3])
    return found


def script_keys(root, stem):
    """The keys of a script's texts that the shell script which starts it names (tools/demo)."""
    shell = stem.rsplit('_', 1)[0]
    source = re.sub(r'^\s*#.*', '', text(root, shell), flags=re.M) if shell in files(root) else ''
    return set(re.findall(r'\b(?:text|wrong) (\w+)', source))


def unused(root, stem, name, keys):
    if name is None:  # a script, which names its keys
        source, called = text(root, stem + '.py'), script_keys(root, stem)
        return [key for key in keys if '"%s"' % key not in source and key not in called]
    prefix, folder = 'VIZ_%s_' % name.upper(), os.path.dirname(stem)
    source = '\n'.join(bare(s) for path, s in code(root) if path.startswith(folder + '/'))
    named = set(re.findall(r'\b%s(\w+)' % prefix, source))
    # Keys that are computed from another text of the group, looked up by a part, or pasted together.
    begins = {m + '_' for m in re.findall(r'\b%s([A-Z0-9]+)_\w+ \+' % prefix, source)}
    begins |= {texts.constant(part) for part in re.findall(r'"([a-z_]+_)"', source)}
    begins |= set(re.findall(r'\b%s([A-Z_]+_)##' % prefix, source))
    # Templates of pages: {{t.key}}
    for path in files(root):
        if path.startswith(folder + '/') and path.endswith('.html'):
            named |= {texts.constant(key) for key in re.findall(r'\{\{t\.(\w+)\}\}', text(root, path))}
    constants = {key: texts.constant(key) for key in keys}
    return [key for key, c in constants.items() if c not in named and not c.startswith(tuple(begins))]


def languages(root):
    bad, tags, made = [], wanted(root), recipes(root)
    for stem, found in sorted(programs(root).items()):
        bad += ['%s.%s.tsv is missing' % (stem, tag) for tag in sorted(set(tags) - set(found))]
        bad += ['%s.%s.tsv: no such language in meson.build' % (stem, tag) for tag in sorted(set(found) - set(tags))]
        paths = [os.path.join(root, '%s.%s.tsv' % (stem, tag)) for tag in tags if tag in found]
        name, braces, mustache = made.get(stem, (None, True, False))
        try:
            rows = texts.load(paths, braces, mustache)
        except texts.Wrong as wrong:
            bad.append(str(wrong))
            continue
        left = unused(root, stem, name, [key for key, _ in rows])
        bad += ['%s: nobody uses the text %s' % (stem, key) for key in left]
        if name is None:
            called = script_keys(root, stem) | set(re.findall(r'\.(?:text|say|chapter)\("(\w+)"', text(root, stem + '.py')))
            bad += ['%s: there is no text %s' % (stem, key) for key in sorted(called - {key for key, _ in rows})]
    return bad + chosen(root)


def chosen(root):
    """Code that compares the language. A default is allowed."""
    bad = []
    for path, source in code(root, folders=('tools', 'node')):
        for line, content in enumerate(bare(source).split('\n'), 1):
            if re.search(r'[!=]= *VIZ_LANG_[A-Z]+|\bcase VIZ_LANG_|"pt(-BR)?"|\bpt \?', content):
                bad.append('%s:%d: a choice between languages belongs in a text' % (path, line))
    return bad
