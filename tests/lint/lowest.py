"""A function of the core takes the lowest struct that serves it: viz_core, viz_trust or viz_net."""
import re

from sources import bare, code

LEVELS = {'core': 1, 'trust': 2, 'net': 3}
# A definition as clang-format lays it out: its head and its braces begin in column 0.
FUNCTION = re.compile(r'^((?:static |const |struct |enum |unsigned |signed )*\w[^\n;{}=]*\([^;{}]*\))\n\{\n(.*?)^\}', re.M | re.S)
PARAMETER = re.compile(r'struct viz_(core|trust|net) \*(\w+)')


def needed(body, name):
    """The highest floor that the body uses through the parameter `name`. The bare parameter is its own floor."""
    own, most = LEVELS[name], 0
    for use in re.finditer(r'(?<![\w>.])%s\b((?:->(?:core|trust)\b)*)' % name, body):
        path = re.findall(r'core|trust', use[1])
        most = max(most, LEVELS[path[-1]] if path else own)
    return most


def lowest(root):
    found, sources = [], {}
    for path, source in code(root, folders=('node',)):
        if path.endswith('.c') and not path.startswith('node/host/'):
            sources[path] = bare(source)
    # names without a call: they are given to a table or another function, which requires their type
    given = set(re.findall(r'(?<![\w.>])(\w+)\b(?!\s*\()', '\n'.join(sources.values())))
    for path, source in sources.items():
        for m in FUNCTION.finditer(source):
            parameter = PARAMETER.search(m[1])
            if not parameter or parameter[1] != parameter[2] or parameter[1] == 'core':
                continue
            name = re.search(r'(\w+)\($', m[1][:m[1].index('(') + 1])[1]
            if name in given:
                continue
            most = needed(m[2], parameter[1])
            if most < LEVELS[parameter[1]]:
                lower = [n for n, level in LEVELS.items() if level == max(most, 1)][0]
                found.append('%s:%d: %s takes viz_%s, and viz_%s serves it' % (
                    path, source.count('\n', 0, m.start()) + 1, name, parameter[1], lower))
    return found
