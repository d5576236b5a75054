"""Which object defines a symbol and which one needs it, by nm: no circle among the objects of a library, no call
up the floors of the core, and names that begin with the name of their file."""
import os
import re
import subprocess

DEFINED = 'ABCDGRSTVWiu'
UNDEFINED = 'Uvw'
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def objects(library):
    """{object: (symbols that it gives to others, symbols that it needs)} of a static library."""
    out = subprocess.run(['nm', '-P', library], capture_output=True, text=True, check=True).stdout
    found = {}
    given = needed = None
    for line in out.split('\n'):
        head = re.match(r'.*\[(.+)\]:$', line)
        if head:
            name = re.sub(r'^meson-generated_\.\._', '', head[1].split('/')[-1])
            given, needed = found.setdefault(name, (set(), set()))
            continue
        words = line.split()
        # a sanitizer adds a symbol to each variable
        if given is None or len(words) < 2 or words[0].startswith('__odr_asan.'):
            continue
        if words[1] in DEFINED:
            given.add(words[0])
        elif words[1] in UNDEFINED:
            needed.add(words[0])
    return found


def arrows(found):
    """{object: {object that it calls: a symbol of the called object}}"""
    owner = {symbol: name for name, (given, _) in found.items() for symbol in given}
    calls = {name: {} for name in found}
    for name, (_, needed) in found.items():
        for symbol in sorted(needed):
            if owner.get(symbol, name) != name:
                calls[name].setdefault(owner[symbol], symbol)
    return calls


def reached(calls, start):
    """All objects that `start` calls, directly or through others."""
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
    """One complaint for each circle: its objects, and the symbols by which they call each other."""
    found = objects(library)
    short = library.split('/')[-1]
    if not any(given for given, _ in found.values()):
        return ['%s: nm shows no symbols' % short]
    calls, bad = arrows(found), []
    for group in groups(calls):
        held = ['%s -> %s (%s)' % (a, b, calls[a][b]) for a in sorted(group) for b in sorted(group) if b in calls[a]]
        bad.append('%s: a circle of %d objects: %s' % (short, len(group), ', '.join(held)))
    return bad


# The floors of the node's core: a room calls and includes rooms on lower floors, and itself.
# lead and inbox are on one floor and do not name each other. node/DESIGN.md has the picture.
FLOORS = {'core': 1, 'trust': 2, 'link': 3, 'gossip': 4, 'self': 5, 'coverage': 6, 'offer': 7, 'lead': 8,
          'inbox': 8, 'audit': 9, 'control': 10, 'node': 11}


def may_name(caller, callee):
    return caller == callee or FLOORS[caller] > FLOORS[callee]


TOP_FLOOR = {'node.c.o', 'handlers.c.o', 'init.c.o', 'retention.c.o', 'restore.c.o'}


def room_of(name):
    """The room of an object: meson names node/trust/member.c `trust_member.c.o`. None: it has no floor."""
    room = name.split('_')[0]
    return 'node' if name in TOP_FLOOR else room if room in FLOORS else None


def floors(*libraries):
    """Calls between the objects of the core that do not go down."""
    calls, bad = arrows({name: symbols for library in libraries for name, symbols in objects(library).items()}), []
    for caller in sorted(calls):
        if room_of(caller) is None:
            bad.append('%s: its room has no floor in FLOORS' % caller)
            continue
        for callee, symbol in sorted(calls[caller].items()):
            if room_of(callee) and not may_name(room_of(caller), room_of(callee)):
                bad.append('%s must not call %s (%s)' % (caller, callee, symbol))
    return bad


def bodies(room, file):
    """The structs that proto/FILE.h defines: bodies of the wire, of which one file has several."""
    path = os.path.join(ROOT, room, file + '.h')
    if room != 'proto' or not os.path.exists(path):
        return []
    with open(path) as f:
        return re.findall(r'^struct viz_(\w+) \{', f.read(), flags=re.M)


def names(library):
    """An exported name is viz_FILE or viz_ROOM_FILE, and a verb after it. In the host it is viz_host_FILE. A body
    of the wire is read and written by viz_BODY. The build names the table of texts of a program."""
    bad, folder = [], os.path.basename(os.path.dirname(os.path.abspath(library)))
    for name, (given, _) in sorted(objects(library).items()):
        if name == 'texts.c.o':
            continue
        file = re.sub(r'(\.c)?\.o$', '', name)
        words = [file, '%s_%s' % (folder, file)] + bodies(folder, file)
        if folder == 'host':
            words = ['host_%s' % file]
        elif folder == 'node' and room_of(name) not in (None, 'node'):
            words = [file, file[len(room_of(name)) + 1:]]
        elif file.startswith('geo_'):
            words.append(file[len('geo_'):])
        for symbol in sorted(given):
            if not (symbol + '_').startswith(tuple('viz_%s_' % word for word in words)):
                bad.append('%s: %s does not begin with %s' % (name, symbol, ' or '.join('viz_' + w for w in words)))
    return bad


def closed(library, *others):
    """The symbols of the project that a library needs, and that neither it nor the others define."""
    needed = {symbol for _, symbols in objects(library).values() for symbol in symbols}
    given = {symbol for each in (library, *others) for symbols, _ in objects(each).values() for symbol in symbols}
    if not needed:
        return ['%s: nm shows no symbols' % library.split('/')[-1]]
    return ['%s must not need %s' % (library.split('/')[-1], symbol) for symbol in sorted(needed - given)
            if symbol.startswith('viz_')]


def of_each(lint):
    return lambda libraries: [complaint for library in libraries for complaint in lint(library)]


circles_of, names_of = of_each(circles), of_each(names)
