"""The tree: its top level, lengths of files, no trace of a machine, and no default in a switch over an enum."""
import os
import re
import subprocess

from sources import bare, code, files, text

TOP = {'node', 'proto', 'crypto', 'store', 'tests', 'tools', 'meson.build', 'README.md', 'LICENSE'}
LINES_MAX = 600
TEST_LINES_MAX = 700

# Written in pieces, so that the lint does not find them in this file.
TRACES = [re.compile(p) for p in (
    '/wor' 'k/', '/tmp/' 'w-', '/ro' 'ot/', '/ho' 'me/[a-z]', r'\bhub' r'\.git\b', '/opt/' 'wheels',
    'index' '-url', '"resol' 'ved"', r'https?://(10\.\d+|192\.168)[.:\d]*/',
    r'\b\w+\.inter' r'nal\b[:/]')]


def top_level(root):
    names = {p.split('/')[0] for p in files(root)}
    bad = ['%s: not one of the top level' % n for n in sorted(names - TOP) if not n.startswith('.')]
    return bad + ['%s is missing' % n for n in sorted(TOP - names)]


def lengths(root):
    bad = []
    for path, source in code(root, ('.c', '.h', '.py', '.mjs', '.sh')):
        most = TEST_LINES_MAX if path.startswith('tests/') else LINES_MAX
        n = source.count('\n')
        if n > most:
            bad.append('%s: %d lines, at most %d' % (path, n, most))
    return bad


def traces(root):
    bad = []
    for path in files(root):
        if '/corpus/' in path or path.endswith(('.gz', '.png', '.zip', '.kmz')):
            continue
        for line, content in enumerate(text(root, path).split('\n'), 1):
            for pattern in TRACES:
                if pattern.search(content):
                    bad.append('%s:%d: %s' % (path, line, pattern.search(content)[0]))
    return bad


def enum_names(root):
    """Names of variables and fields whose every declaration is an enum of the project."""
    enums, others = set(), set()
    for _, source in code(root):
        source = bare(source)
        enums |= set(re.findall(r'\benum viz_\w+ \*?(\w+)\s*[;,)=]', source))
        others |= set(re.findall(
            r'\b(?:u?int(?:8|16|32|64)_t|unsigned|int|size_t|char|long) \*?(\w+)\s*[;,)=\[]', source))
    return enums - others


def block(source, at):
    """The text between the braces that open at `at` or after it, without nested switches."""
    depth, start = 0, source.index('{', at)
    for i in range(start, len(source)):
        depth += {'{': 1, '}': -1}.get(source[i], 0)
        if depth == 0:
            return source[start + 1:i]
    return source[start + 1:]


def defaults(root):
    """-Wswitch-enum finds a missing case. This lint finds a default that would hide it; it may miss some."""
    names, bad = enum_names(root), []
    for path, source in code(root, folders=('proto', 'crypto', 'store', 'node', 'tools')):
        source = bare(source)
        for m in re.finditer(r'\bswitch \((.*)\) \{', source):
            last = re.search(r'(\w+)$', m[1])
            if not m[1].startswith('(enum viz_') and not (last and last[1] in names):
                continue
            inner = re.sub(r'\bswitch \(.*\) \{[^{}]*\}', '', block(source, m.start()))
            if re.search(r'^\s*default:', inner, flags=re.M):
                bad.append('%s:%d: default in a switch over an enum' % (path, source.count('\n', 0, m.start()) + 1))
    return bad


def layout(root):
    """None when clang-format 14 is missing, which makes this layout."""
    try:
        version = subprocess.run(['clang-format', '--version'], capture_output=True, text=True).stdout
    except OSError:
        version = ''
    if ' 14.' not in version:
        return None
    paths = [os.path.join(root, p) for p, _ in code(root)]
    bad = []
    for at in range(0, len(paths), 50):
        out = subprocess.run(['clang-format', '--dry-run', '--style=file'] + paths[at:at + 50],
                             capture_output=True, text=True).stderr
        bad += sorted({line.split(':')[0] for line in out.split('\n') if 'clang-format-violations' in line})
    return ['%s: not as clang-format lays it out' % os.path.relpath(p, root) for p in bad]
