"""proto <- {crypto, store} <- node core <- node host <- tools: which file includes which, and the undefined symbols
of the pure libraries."""
import re
import subprocess

from floors import FLOORS, may_name
from sources import bare, code

# In proto/ too: codec (base, text, reader, writer, fields) <- geo <- proto (records and messages).
PROTO = {'codec', 'geo', 'proto'}
MAY = {
    'codec': {'codec'},
    'geo': {'codec', 'geo'},
    'proto': PROTO,
    'crypto': PROTO | {'crypto'},
    'store': PROTO | {'store'},
    'rules': PROTO | {'crypto', 'rules'},
    'core': PROTO | {'crypto', 'store', 'rules', 'core'},
    'host': PROTO | {'crypto', 'store', 'rules', 'core', 'host'},
    'tools': PROTO | {'crypto', 'store', 'rules', 'core', 'host', 'tools'},
}

# The files of the core that need no node (rules_lib in node/meson.build).
RULES = re.compile(r'node/(core/ids|offer/(commitment|draw)|audit/(rules(_\w+)?|suspicion))\.[ch]$')

# header: the layers (or path prefixes) that may include it
SYSTEM = {
    'sodium.h': ('crypto/',),
    # bench_store measures LMDB alone, which the store is compared with, and memory_lmdb stands in for it in the
    # simulator. No part of the program needs that.
    'lmdb.h': ('store/', 'tools/bench/bench_store.c', 'tests/sim/memory_lmdb.c', 'tests/procs/held.c'),
    'msgpack.h': ('proto/writer.c',),
    'zlib.h': ('proto/', 'store/', 'tools/', 'tests/'),
    'uv.h': ('node/host/', 'tools/', 'tests/'),
    'microhttpd.h': ('tools/web/',),
    'gnutls/crypto.h': ('tools/web/',),
    'gnutls/gnutls.h': ('tools/web/',),
    'pthread.h': ('node/host/', 'tools/', 'tests/'),
    'sys/socket.h': ('node/host/', 'tools/', 'tests/'),
    'sys/random.h': ('node/host/', 'tools/', 'tests/'),
}

FORBIDDEN = re.compile(
    r'^(clock|clock_\w+|gettimeofday|time|times|ftime|nanosleep|u?sleep|alarm|setitimer|timer_\w+|'
    r's?rand(om)?(_r)?|[dejlmn]rand48|getrandom|getentropy|arc4random\w*|randombytes\w*|'
    r'socket(pair)?|connect|bind|listen|accept4?|send(to|msg|mmsg)?|recv(from|msg|mmsg)?|getaddrinfo|'
    r'poll|ppoll|select|epoll_\w+|eventfd|uv_\w+|MHD_\w+|curl_\w+|pthread_create|thrd_create|fork|vfork|'
    r'exec\w+|posix_spawn\w*|system|popen|getenv|secure_getenv|setlocale|localtime(_r)?|mktime|signal|sigaction)$')


def layer(path):
    top = path.split('/')[0]
    if path.startswith('proto/geo/'):
        return 'geo'
    if re.match(r'proto/(base|text|reader|writer|fields)\.', path):
        return 'codec'
    if RULES.match(path):
        return 'rules'
    if top == 'node':
        return 'host' if path.startswith('node/host/') else 'core'
    return top


# The headers of the core that the host may include.
DOORS = {'node/node.h', 'node/core/event.h', 'node/core/figures.h', 'node/core/ids.h'}


def core_room(path):
    """The room of a file of the core: trust for node/trust/member.c, node for node/node.c."""
    parts = path.split('/')
    return parts[1] if len(parts) > 2 else 'node'


def arrow_up(path, name):
    """Whether a file of node/ includes one above it."""
    if layer(name) not in ('rules', 'core'):
        return False
    if layer(path) == 'host':
        return name not in DOORS
    return layer(path) in ('rules', 'core') and not may_name(core_room(path), core_room(name))


# A room of tools: the rooms of tools that it may include.
TOOLS = {'text': set(), 'geo': {'text'}, 'health': {'text'}, 'import': {'geo', 'text'}, 'analyze': {'import', 'geo', 'text'},
         'vizinho': {'analyze', 'import', 'health', 'geo', 'text'}, 'web': {'vizinho', 'health', 'geo', 'text'},
         'erp': {'vizinho', 'import', 'geo', 'text'}, 'bench': {'geo', 'text'}}


def tools_wrong(path, name):
    """Whether a file of tools/ includes a room that it must not."""
    if not path.startswith('tools/') or not name.startswith('tools/'):
        return False
    room, other = path.split('/')[1], name.split('/')[1]
    return other != room and other not in TOOLS.get(room, set())


def include_graph(root):
    bad = []
    for path, source in code(root):
        if layer(path) in ('rules', 'core') and core_room(path) not in FLOORS:
            bad.append('%s: its room has no floor in floors.py' % path)
            continue
        for line, head in enumerate(bare(source).split('\n'), 1):
            m = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', head)
            if not m:
                continue
            own, name = m[1] == '"', m[2]
            where = '%s:%d: ' % (path, line)
            if own and path.split('/')[0] != 'tests' and layer(name) not in MAY[layer(path)]:
                bad.append(where + '%s must not include %s' % (layer(path), name))
            if own and arrow_up(path, name):
                bad.append(where + '%s stands below %s, or apart from it' % (path, name))
            if own and tools_wrong(path, name):
                bad.append(where + 'this room of tools must not include %s' % name)
            if not own and name in SYSTEM and not path.startswith(SYSTEM[name]):
                bad.append(where + '<%s> belongs to %s' % (name, ', '.join(SYSTEM[name])))
    return bad


def judge_symbols(library, names):
    only = {'libvizcrypto.a': ('crypto_', 'sodium_'), 'libvizstore.a': ('mdb_',)}
    bad = []
    for name in names:
        if FORBIDDEN.match(name):
            bad.append('%s: %s: a pure library has no clock, random source, socket, thread or environment'
                       % (library, name))
        for owner, prefixes in only.items():
            if name.startswith(prefixes) and library != owner:
                bad.append('%s: %s belongs to %s' % (library, name, owner))
    return bad


def symbols(libraries):
    bad = []
    for path in libraries:
        out = subprocess.run(['nm', '-u', path], capture_output=True, text=True, check=True).stdout
        names = sorted(set(re.findall(r'^\s+U (\w+)', out, flags=re.M)))
        if len(names) < 3:
            bad.append('%s: nm shows no symbols' % path)
        bad += judge_symbols(path.split('/')[-1], [n.split('@')[0] for n in names])
    return bad
