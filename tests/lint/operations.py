"""Both pages for operators have a row for each problem, each check of the doctor, and each event that is an alarm."""
import os
import re
import sys

from sources import text

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../tools/text'))
import events  # noqa: E402

PAGES = ('tools/packaging/OPERATIONS.md', 'tools/packaging/OPERACOES.md')
THE_COMMANDS = ['no-daemon', 'no-access', 'broken']  # when the node does not answer: node/CONTROL.md


def alarms(root):
    """Kind of alarm -> its codes."""
    _, kinds = events.read(os.path.join(root, 'node/core/events.tsv'))
    doctor = text(root, 'node/control/doctor.c')
    return {
        'status': THE_COMMANDS + re.findall(r'X\(\w+, "([a-z-]+)"', text(root, 'node/control/health.h')),
        'doctor': re.findall(r'\bcheck(?:_peer)?\((?:&d|d), "([a-z-]+)"', doctor),
        'event': [k['code'] for k in kinds if k['level'] in ('error', 'warning')],
    }


def operations(root):
    bad = []
    for where, codes in alarms(root).items():
        if len(codes) < 10:
            bad.append('%s: only %d codes found' % (where, len(codes)))
        for page in PAGES:
            doc = text(root, page)
            have = re.findall(r'^\| %s \| `([a-z-]+)` \| \S' % where, doc, flags=re.M)
            bad += ['%s: no row "| %s | `%s` |"' % (page, where, c) for c in sorted(set(codes) - set(have))]
            bad += ['%s: %s %s: there is none' % (page, where, c) for c in sorted(set(have) - set(codes))]
    return bad
