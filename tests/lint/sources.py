"""The files of the tree that the lints read, without build directories."""
import os
import re
import subprocess

CODE = ('proto', 'crypto', 'store', 'node', 'tools', 'tests')


def files(root):
    """All paths of the tree, relative to its root and sorted."""
    if os.path.exists(os.path.join(root, '.git')):
        out = subprocess.run(['git', '-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                             capture_output=True)
        if out.returncode == 0:
            names = [n for n in out.stdout.decode().split('\0') if n]
            return sorted(n for n in names if os.path.isfile(os.path.join(root, n)))
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [d for d in folders if not d.startswith(('build', '.git', '__pycache__'))]
        found += [os.path.relpath(os.path.join(folder, n), root) for n in names]
    return sorted(found)


def text(root, path):
    with open(os.path.join(root, path), 'rb') as f:
        return f.read().decode('utf-8', 'replace')


def code(root, suffixes=('.c', '.h'), folders=CODE):
    """(path, text) of the sources in these folders."""
    for path in files(root):
        if path.split('/')[0] in folders and path.endswith(suffixes):
            yield path, text(root, path)


def bare(source):
    """C without comments, with the same line numbers."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                  lambda m: m[0] if m[0][0] == '"' else re.sub(r'[^\n]', ' ', m[0]), source, flags=re.S)
