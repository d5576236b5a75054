"""PROTOCOL.md and the code agree on limits, times, types and the domains of H."""
import os
import re
import sys

from sources import bare, code, text

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../tools/text'))
import events  # noqa: E402

DOC = 'proto/PROTOCOL.md'


def section(doc, number):
    m = re.search(r'^## %d .*?(?=^## |\Z)' % number, doc, flags=re.M | re.S)
    return m[0] if m else ''


def rows(part):
    """Rows of tables as lists of cells."""
    out = []
    for line in part.split('\n'):
        if line.startswith('|') and not line.startswith('| ---'):
            out.append([c.strip() for c in re.split(r'(?<!\\)\|', line)[1:-1]])
    return out


def differences(what, here, there):
    bad = []
    for key in sorted(set(here) | set(there)):
        if here.get(key) != there.get(key):
            bad.append('%s %s: %s in PROTOCOL.md, %s in the code' % (what, key, here.get(key), there.get(key)))
    if not there:
        bad.append('%s: none found in the code' % what)
    return bad


def defined(source):
    values = {}
    for name, value in re.findall(r'^#define (VIZ_\w+)[ \t]+(\S.*?)[ \t]*$', bare(source), flags=re.M):
        values[name] = eval(re.sub(r'\b(\d+)u\b', r'\1', value), {'__builtins__': {}}, dict(values))
    return values


def limits(root):
    here = {r[0]: int(r[1]) for r in rows(section(text(root, DOC), 14)) if r[0].startswith('VIZ_')}
    return differences('limit', here, defined(text(root, 'proto/limits.h')))


def times(root):
    here = {r[0]: tuple(map(int, r[1:4])) for r in rows(section(text(root, DOC), 5)) if r[0].endswith(('_ms', '_max'))}
    found = re.findall(r'X\((\w+), (\d+), (\d+), (\d+)\)', text(root, 'proto/federation.h'))
    bad = differences('time', here, {n: tuple(map(int, v)) for n, *v in found})
    if list(here) != [n for n, *_ in found]:
        bad.append('times: another order in PROTOCOL.md than in the encoding')
    return bad


def types(root):
    doc = text(root, DOC)
    here = {}
    for r in rows(section(doc, 7)):
        if r[0].isdigit() and len(r) == 7:
            here[r[1]] = (int(r[0]), int(r[5]), r[6] == 'yes', r[2] == 'write-once')
    for r in rows(section(doc, 10)):
        if r[0].isdigit() and int(r[0]) >= 64:
            here[r[1]] = (int(r[0]), int(r[3]), False, False)
    numbers = dict(re.findall(r'VIZ_TYPE_(\w+) = (\d+)', text(root, 'proto/record.h')))
    values = defined(text(root, 'proto/limits.h'))
    there = {}
    for name, once, beat, most in re.findall(
            r'\{\s*VIZ_TYPE_(\w+),\s*"\w+",\s*(\w+),\s*(\w+),\s*\w+,\s*([^}]+)\}', text(root, 'proto/record.c')):
        size = eval(most, {'__builtins__': {}}, dict(values))
        there[name] = (int(numbers[name]), size, beat == 'true', once == 'true')
    return differences('type', here, there) + kinds(root, section(doc, 11))


def kinds(root, doc):
    """The kinds of messages and of mail, and the range of the latter."""
    source = text(root, 'proto/message.h')
    bad = []
    for what, head in (('message', 'elements'), ('mail', 'payload')):
        table = re.search(r'^\| kind \| name \| %s .*?(?=^$|\Z)' % head, doc, flags=re.M | re.S)
        here = {r[1]: int(r[0]) for r in rows(table[0] if table else '') if r[0].isdigit()}
        listed = re.search(r'VIZ_%s_KINDS\(X\)(.*?[^\\])\n' % what.upper(), source, flags=re.S)
        there = {n: int(v) for n, v in re.findall(r'X\((\w+), (\d+)', listed[1] if listed else '')}
        bad += differences(what, here, there)
    last = re.search(r'mail kind: uint 1-(\d+)', doc)
    if not last or int(last[1]) != max(there.values(), default=0):
        bad.append('MAIL: "mail kind: uint 1-N" in PROTOCOL.md must end with the last kind of mail')
    return bad


def domains(root):
    doc = section(text(root, DOC), 2)
    listed = [m[1] for m in re.finditer(r'^\| `(vizinho/[a-z-]+)` \|', doc, flags=re.M)]
    used = {}
    for path, source in code(root, folders=('proto', 'crypto', 'store', 'node', 'tools')):
        for name in re.findall(r'"(vizinho/[^"]*)"', bare(source)):
            used.setdefault(name, set()).add(path)
    bad = ['%s stands in PROTOCOL.md twice' % n for n in sorted(set(listed)) if listed.count(n) > 1]
    bad += ['%s: used in %s, and not in PROTOCOL.md section 2' % (n, ', '.join(sorted(used[n])))
            for n in sorted(set(used) - set(listed))]
    bad += ['%s: in PROTOCOL.md, and not used' % n for n in sorted(set(listed) - set(used))]
    for name in sorted(used):
        print('# %s: %s' % (name, ', '.join(sorted(used[name]))))
    return bad


def meta(root):
    """store/meta.h has each key of VIZ_TABLE_META once, and no other file spells one out."""
    keys, bad = {}, []
    for name, key in re.findall(r'^#define (VIZ_META_\w+)\s+"([^"]+)"', text(root, 'store/meta.h'), flags=re.M):
        if key in keys:
            bad.append('store/meta.h: %s and %s are one key, "%s"' % (keys[key], name, key))
        keys[key] = name
    if not keys:
        bad.append('store/meta.h: no keys found')
    for path, source in code(root, folders=('store', 'node')):
        for m in re.finditer(r'VIZ_TABLE_META,\s*\(const uint8_t \*\)"', bare(source)):
            bad.append('%s:%d: a key of META belongs to store/meta.h' % (path, source.count('\n', 0, m.start()) + 1))
    return bad


# Arrays whose length varies, or whose elements no list of fields has: {file: (why, its calls)}.
VARIABLE = {
    'proto/fields.h': ('the kinds of fields that are arrays', {
        'viz_writer_array(w, (s)->n)', 'viz_reader_array(r, 0, sizeof(s)->m / sizeof *(s)->m)',
        'viz_reader_array(r, min, sizeof(s)->m / sizeof *(s)->m)'}),
    'proto/reader.c': ('any array, to be skipped', {'viz_reader_array(r, 0, SIZE_MAX)'}),
    'proto/message.c': ('the kind, which is inside, says how many', {'viz_reader_array(r, 1, sizeof(union longest))'}),
    'proto/offer.c': ('the beginning of a body', {
        'viz_reader_array(&r, 0 POSITION(VIZ_FIELD_COUNT), UINT16_MAX)',
        'viz_reader_array(&r, 0 OFFER_NAMED(VIZ_FIELD_COUNT), UINT16_MAX)'}),
    'tools/vizinho/evidence_parts.c': ('any array, to find a field in it', {'viz_reader_array(&r, 0, SIZE_MAX)'}),
    'proto/trust.c': ('a body without elements', {'viz_writer_array(w, 0)', 'viz_reader_tuple(r, 0)'}),
    'proto/federation.c': ('the name, and what the table of times counts', {
        'viz_writer_array(w, 1 + PARAMETERS)', 'viz_reader_tuple(r, 1 + PARAMETERS)'}),
    'proto/geo/geometry_code.c': ('polygons, their rings, the points of a ring, circles', {
        'viz_writer_array(w, 2 * n)', 'viz_writer_array(&w, g->polygons_n)',
        'viz_writer_array(&w, g->polygon_end[p] - ring)', 'viz_writer_array(&w, g->circles_n)',
        'viz_reader_array(r, 6, 2 * (size_t)VIZ_GEOMETRY_VERTICES_MAX)',
        'viz_reader_array(&r, 0, VIZ_GEOMETRY_POLYGONS_MAX)', 'viz_reader_array(&r, 1, VIZ_GEOMETRY_RINGS_MAX)',
        'viz_reader_array(&r, 0, VIZ_GEOMETRY_CIRCLES_MAX)'}),
    'node/coverage/plan.c': ('the plans that there are', {
        'viz_writer_array(&w, viz_store_stat_entries(core->store, VIZ_TABLE_PLAN))'}),
    'node/coverage/plant.c': ('a kind of field: numbers on the heap', {'viz_reader_array(r, 0, max)'}),
}


def counted(source):
    """(line, call) of each call that counts the elements of an array; declarations are none."""
    for m in re.finditer(r'\bviz_(?:writer_array|reader_array|reader_tuple)\((?!struct )', source):
        depth, end = 1, m.end()
        while depth > 0 and end < len(source):
            depth += {'(': 1, ')': -1}.get(source[end], 0)
            end += 1
        yield source.count('\n', 0, m.start()) + 1, re.sub(r'[\s\\]+', ' ', source[m.start():end])


def counts(root):
    """The elements of a body or a row are counted by its list of fields (proto/fields.h), never by hand."""
    bad, left = [], {(path, call) for path, (_, calls) in VARIABLE.items() for call in calls}
    for path, source in code(root, folders=('proto', 'crypto', 'store', 'node', 'tools')):
        for line, call in counted(bare(source)):
            left.discard((path, call))
            if not re.search(r', 0 \w+\(VIZ_FIELD_COUNT\)\)$', call) and call not in VARIABLE.get(path, ('', ()))[1]:
                bad.append('%s:%d: the elements are counted by hand: %s' % (path, line, call))
    return bad + ['%s has no %s: take it out of VARIABLE' % one for one in sorted(left)]


# Codes that a person does not meet: the command sends no such request, or prints the state itself.
PROGRAMS_ONLY = {'bad-request', 'bad-bytes', 'bad-flag', 'bad-list', 'bad-object', 'bad-range', 'not-now'}


def texts(root):
    """Each text in a body of the wire stands in the table of the test that no person's data goes out by it."""
    table = 'tests/hostile/test_free_text.c'
    named = set(re.findall(r'"(\w+\.c \w+)"', text(root, table)))
    found = {}
    for path, source in code(root, folders=('proto',)):
        for m in re.finditer(r'F\((?:TEXT|OPTIONAL|TEXTS), (\w+)', bare(source)):
            found['%s %s' % (path.rsplit('/', 1)[-1], m[1])] = '%s:%d' % (path, source.count('\n', 0, m.start()) + 1)
    bad = ['no texts found'] if not found else []
    return bad + ['%s: %s is not in %s' % (found[name], name, table) for name in sorted(set(found) - named)]


def kinds_of_events(root):
    """node/CONTROL.md has the kinds of events as node/core/events.tsv has them, and each of them happens."""
    path = os.path.join(root, 'node/core/events.tsv')
    try:
        table, (_, kinds) = events.table(path), events.read(path)
    except events.Wrong as wrong:
        return [str(wrong)]
    bad = [] if '\n'.join([''] + table + ['']) in text(root, 'node/CONTROL.md') else \
        ['node/CONTROL.md: other kinds of events than events.tsv: tools/text/events.py table node/core/events.tsv']
    source = '\n'.join(bare(s) for _, s in code(root, folders=('node',)))
    for kind in (k['code'] for k in kinds):
        read = re.search(r'viz_journal_accessed\([^;]*"%s"' % kind[5:], source) if kind.startswith('view-') else None
        if not read and not re.search(r'\bVIZ_NOTICE_%s\b' % events.constant(kind), source):
            bad.append('events.tsv: %s: it never happens' % kind)
    return bad


def node_codes(root):
    """The codes by which the node refuses a request, in the order of the table."""
    table = re.search(r'#define VIZ_CODES_NODE\(X\)(.*?[^\\])\n', text(root, 'node/control/code.h'), flags=re.S)
    return re.findall(r'X\(\w+, "([a-z-]+)"\)', table[1] if table else '')


def refusals(root):
    """Each code by which a request is refused has a text for people, in every language."""
    known = re.findall(r'^refusal_([a-z-]+)\t', text(root, 'tools/vizinho/texts.en.tsv'), flags=re.M)
    codes = node_codes(root)
    bad = ['no refusals found'] if not codes else []
    bad += ['code.h: "%s" has no text refusal_%s' % (c, c) for c in sorted(set(codes) - set(known) - PROGRAMS_ONLY)]
    return bad + ['refusal_%s: code.h has no such code' % c for c in sorted(set(known) - set(codes))]
