#!/usr/bin/env python3
"""control.py ROOT TABLES: node/CONTROL.md says what the tables of node/control/ say, and in one vocabulary. TABLES
prints them as JSON (tests/unit/node/control/print_tables.c)."""
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import control_doc  # noqa: E402

# In a request a person names these; in a reply they are objects.
NAMED = {'draft', 'lead', 'peer', 'finding', 'invite', 'link'}
# The customer's proof has the names of PROTOCOL.md, section 10. The names of checks are those of what is checked.
# The codes of problems are words, as those of errors.
OF_ITS_OWN = {'lead.proof', 'customer.proof', 'proof_checks', 'consent_checks', 'problem', 'check'}
TIMES = re.compile(r'(_at|_until|_from|^time|^since|^until|^now)$')
SIZES = {'_count': 'number', '_ms': 'number', '_bytes': 'number', '_cents': 'number', '_mbps': 'number',
         '_share': 'share', '_id': 'bytes'}
# What a section says of its request beside its fields.
SAID = ('space', 'privacy', 'roles')
# Text ids: how a lead is called, and nothing else.
TEXT_IDS = {'inbox_id', 'external_id'}


def compare(what, here, there):
    return ['%s %s: %s in CONTROL.md, %s in the code' % (what, k, here.get(k), there.get(k))
            for k in sorted(set(here) | set(there)) if here.get(k) != there.get(k)]


def against_code(doc, tables):
    requests = {r['name']: r for r in tables['requests']}
    bad = ['no requests in the code'] if not requests else []
    bad += ['the version of the protocol is another'] if '**%d**' % tables['protocol'] not in doc.text else []
    bad += compare('request', {n: True for n in doc.requests}, {n: True for n in requests})
    for name in sorted(set(doc.requests) & set(requests)):
        here, there = doc.requests[name], requests[name]
        bad += compare('%s: field' % name, doc.expanded(here['fields']),
                       {f['name']: (f['type'], f['needed']) for f in there['fields']})
        bad += compare(name, {k: here[k] for k in SAID}, {k: there[k] for k in SAID})
    for who, here in (('node', doc.node_codes), ('command', doc.command_codes)):
        bad += compare('code of the %s' % who, {c: True for c in here}, {c: True for c in tables['codes'][who]})
    return bad


def codes_given(doc):
    """Each code of a request is one of the node's, and each of these is given by some request."""
    given = set(doc.common) | {c for r in doc.requests.values() for c in r['errors']}
    return ['%s: no code of the node' % c for c in sorted(given - set(doc.node_codes))] + \
           ['%s: no request gives it' % c for c in sorted(set(doc.node_codes) - given)]


def plain(kind):
    """The type of a field, without its bounds; all kinds of text are one."""
    kind = re.sub(r' -?\d+\.\.\d+', '', kind)
    kind = re.sub(r'(free text|read|one of \S+)', 'text', kind)
    return re.sub(r'list of (\w+)', r'list of \1', kind)


def one_vocabulary(doc):
    """One name has one type, and the name says the unit."""
    kinds = {}
    for where, fields in [(n, o) for n, o in doc.objects.items()] + [(n, r['reply']) for n, r in doc.requests.items()] + \
            [('request', {k: v for k, v in r['fields'].items() if k not in NAMED}) for r in doc.requests.values()]:
        if where not in OF_ITS_OWN:
            for name, (kind, _) in fields.items():
                kinds.setdefault(name, set()).add(plain(kind))
    bad = []
    for name, found in sorted(kinds.items()):
        families = {SAME.get(k, k) for k in found}
        if len(families) > 1:
            bad.append('%s: has the types %s' % (name, sorted(found)))
        if (found == {'time'}) != bool(TIMES.search(name)):
            bad.append('%s: a time is called so, and nothing else' % name)
        for end, kind in SIZES.items():
            if name.endswith(end) and found != {kind} and name not in TEXT_IDS:
                bad.append('%s: %s is a %s' % (name, end, kind))
    return bad


# Objects that are a kind of another, with more of its fields.
SAME = {'list of labelled': 'list of node', 'list of asked': 'list of node', 'list of serving': 'list of node',
        'list of member': 'list of node', 'list of advertiser': 'list of node', 'list of advertised': 'list of node',
        'list of fared': 'list of node', 'list of neighbour': 'list of node', 'list of vouched': 'list of node', 'list of named': 'list of node', 'lead_ref': 'lead', 'member': 'node',
        'origin': 'node', 'consent_checks': 'checks', 'proof_checks': 'checks', 'list of check': 'checks', 'texts': 'consent'}


def examples(doc):
    """Each request has one example, of its fields alone and with all that are needed."""
    bad = []
    for name, r in doc.requests.items():
        m = re.findall(r'^```json\n(.*)\n```', r['text'], flags=re.M)
        sent = json.loads(m[0]) if len(m) == 1 else {}
        args = sent.get('args', {})
        needed = {f for f, (_, optional) in r['fields'].items() if not optional}
        if sent.get('op') != name or set(args) - set(r['fields']) or needed - set(args):
            bad.append('%s: an example with its fields, once' % name)
    return bad


def inputs(root, doc):
    """The fuzzer begins with each request."""
    there = set(os.listdir(os.path.join(root, 'tests/fuzz/corpus/ctl')))
    return ['%s: no input in tests/fuzz/corpus/ctl' % n for n in sorted(set(doc.requests) - there)]


def complaints(root, tables):
    doc = control_doc.read(os.path.join(root, 'node/CONTROL.md'))
    return against_code(doc, tables) + codes_given(doc) + one_vocabulary(doc) + examples(doc) + inputs(root, doc)


def main():
    out = subprocess.run([sys.argv[2]], capture_output=True, text=True, check=True).stdout
    bad = complaints(sys.argv[1], json.loads(out))
    for complaint in bad:
        print(complaint)
    print('control: %s' % ('%d complaints' % len(bad) if bad else 'in order'))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
