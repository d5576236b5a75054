"""No circle among the objects of a library: who defines a symbol, who needs it, as nm tells."""
import re
import subprocess

DEFINED = 'ABCDGRSTVWiu'
UNDEFINED = 'Uvw'


def objects(library):
    """{object: (symbols that it gives to others, symbols that it needs)} of a static library."""
    out = subprocess.run(['nm', '-P', library], capture_output=True, text=True, check=True).stdout
    found = {}
    given = needed = None
    for line in out.split('\n'):
        head = re.match(r'.*\[(.+)\]:$', line)
        if head:
            given, needed = found.setdefault(head[1].split('/')[-1], (set(), set()))
            continue
        words = line.split()
        if given is None or len(words) < 2:
            continue
        if words[1] in DEFINED:
            given.add(words[0])
        elif words[1] in UNDEFINED:
            needed.add(words[0])
    return found


def arrows(found):
    """{object: {object that it calls: a symbol of it}}."""
    owner = {symbol: name for name, (given, _) in found.items() for symbol in given}
    calls = {name: {} for name in found}
    for name, (_, needed) in found.items():
        for symbol in sorted(needed):
            if owner.get(symbol, name) != name:
                calls[name].setdefault(owner[symbol], symbol)
    return calls


def reached(calls, start):
    """All that `start` reaches by one arrow or more."""
    seen, ahead = set(), list(calls[start])
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(calls[name])
    return seen


def groups(calls):
    """The sets of objects that reach each other, the largest first."""
    reach = {name: reached(calls, name) for name in calls}
    found = {frozenset(other for other in reach[name] if name in reach[other])
             for name in calls if name in reach[name]}
    return sorted(found, key=lambda group: (-len(group), sorted(group)))


def circles(library):
    """One complaint for each circle: the objects in it, and by which symbols they hold each other."""
    found = objects(library)
    short = library.split('/')[-1]
    if not any(given for given, _ in found.values()):
        return ['%s: nm shows no symbols' % short]
    calls, bad = arrows(found), []
    for group in groups(calls):
        held = ['%s -> %s (%s)' % (a, b, calls[a][b]) for a in sorted(group) for b in sorted(group) if b in calls[a]]
        bad.append('%s: a circle of %d objects: %s' % (short, len(group), ', '.join(held)))
    return bad


def circles_of(libraries):
    return [complaint for library in libraries for complaint in circles(library)]
