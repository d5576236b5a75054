"""Reads node/CONTROL.md: its requests, objects and codes; and compares a reply with them."""
import re

TIME = re.compile(r'20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ')
PLAIN = {
    'text': lambda v: isinstance(v, str) and v != '',
    'number': lambda v: isinstance(v, int) and not isinstance(v, bool),
    'real': lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    'flag': lambda v: isinstance(v, bool),
    'time': lambda v: isinstance(v, str) and TIME.fullmatch(v) is not None,
    'bytes': lambda v: isinstance(v, str) and re.fullmatch(r'([0-9a-f]{2})*', v) is not None,
    'range': lambda v: isinstance(v, list) and len(v) == 2 and v[0] <= v[1],
}


class Wrong(Exception):
    """The document cannot be read, or a reply is another than it says."""


def table(part, head):
    """The rows {name: (type, optional)} of the table whose first column is called so."""
    m = re.search(r'^\| %s \| type \| \|\n\| --- \| --- \| --- \|\n((?:\|.*\n)*)' % head, part, flags=re.M)
    rows = {}
    for line in (m[1] if m else '').splitlines():
        name, kind = [c.strip() for c in line.split('|')[1:3]]
        name = name.strip('`')
        if name.rstrip('?') in rows:
            raise Wrong('%s twice' % name)
        rows[name.rstrip('?')] = (kind, name.endswith('?'))
    return rows


def sections(doc, title, head):
    """{name: text} of the sections of third order below `title`."""
    m = re.search(r'^## %s\n(.*?)(?=^## |\Z)' % title, doc, flags=re.M | re.S)
    parts = re.split(r'^### %s`([\w.-]+)`\n' % head, m[1] if m else '', flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def codes_below(doc, words):
    m = re.search(r'^%s[^\n]*\n\n\| code \| \|\n\| --- \| --- \|\n((?:\|.*\n)*)' % re.escape(words), doc, flags=re.M)
    return re.findall(r'^\| `([a-z-]+)` \|', m[1] if m else '', flags=re.M)


class Doc:
    def __init__(self, text):
        self.text = text
        self.objects = {n: table(p, 'field') for n, p in sections(text, 'Objects in replies', '').items()}
        self.taken = {n: table(p, 'field') for n, p in sections(text, 'Objects in requests', 'request ').items()}
        self.requests = {}
        for name, part in sections(text, 'Requests', '').items():
            said = re.sub(r'\s+', ' ', part)
            errors = re.search(r'Errors: (.*?)\. ', said)
            self.requests[name] = {
                'fields': table(part, 'field'), 'reply': table(part, 'reply'), 'text': part,
                'errors': re.findall(r'`([a-z-]+)`', errors[1]) if errors else [],
                'roles': re.findall(r'\w+', (re.findall(r'Roles: ([\w, ]+)\.', said) or [''])[0]),
                'space': (re.findall(r'Space: (\w+)\.', said) or ['none'])[0],
                'privacy': 'takes' if 'Brings persons.' in said else 'asked' if 'Readers, when' in said else
                           'gives' if 'Readers.' in said else 'none'}
        self.node_codes = codes_below(text, 'Of the node')
        self.command_codes = codes_below(text, 'Of the command')
        m = re.search(r'Each request may give these: (.*?)\. ', re.sub(r'\s+', ' ', text))
        self.common = re.findall(r'`([a-z-]+)`', m[1] if m else '')

    def expanded(self, fields, at=''):
        """Fields of a request with those of the objects in it: {path: (type, needed)}."""
        out = {}
        for name, (kind, optional) in fields.items():
            of = kind.split(' of ')[-1]
            entry = kind.startswith('list ') and of in self.taken
            inner = self.taken.get(kind) or (self.taken[of] if entry else None)
            out[at + name] = ((kind[:-len(of)] + 'object') if entry else 'object' if inner else kind, not optional)
            if inner:
                out.update(self.expanded(inner, at + name + ('[].' if entry else '.')))
        return out

    # replies

    def check(self, op, result, seen=None):
        """Raises Wrong when the result has what the document does not say, or lacks what it says."""
        if op not in self.requests:
            raise Wrong('%s is not described' % op)
        self.check_fields(op, self.requests[op]['reply'], result, op, seen)

    def check_fields(self, where, fields, value, path, seen):
        if not isinstance(value, dict):
            raise Wrong('%s is no object: %r' % (path, value))
        for name in value:
            if name not in fields:
                raise Wrong('%s.%s is not described' % (path, name))
        for name, (kind, optional) in fields.items():
            if name in value:
                if seen is not None:
                    seen.add((where, name))
                self.check_value(kind, value[name], '%s.%s' % (path, name), seen)
            elif not optional:
                raise Wrong('%s.%s is missing' % (path, name))

    def check_value(self, kind, value, path, seen):
        if kind.startswith('list of '):
            if not isinstance(value, list):
                raise Wrong('%s is no list: %r' % (path, value))
            for i, v in enumerate(value):
                self.check_value(kind[8:], v, '%s[%d]' % (path, i), seen)
        elif kind in self.objects:
            self.check_fields(kind, self.objects[kind], value, path, seen)
        elif kind not in PLAIN:
            raise Wrong('%s: no type is called %s' % (path, kind))
        elif not PLAIN[kind](value):
            raise Wrong('%s is no %s: %r' % (path, kind, value))

    def all_fields(self):
        """All (request or object, field) of replies."""
        return {(n, f) for n, r in self.requests.items() for f in r['reply']} | \
               {(n, f) for n, o in self.objects.items() for f in o}


def read(path):
    with open(path, encoding='utf-8') as f:
        return Doc(f.read())
