#!/usr/bin/env python3
"""Each lint finds what it is for: a copy of the tree is in order, and with one thing broken it is not."""
import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import contract  # noqa: E402
import layers  # noqa: E402
import tree  # noqa: E402
from sources import files  # noqa: E402


class Lints(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix='viz-lint-')
        self.addCleanup(shutil.rmtree, self.root)
        for path in files(ROOT):
            if path.endswith(('.c', '.h', '.md', 'meson.build', 'LICENSE', '.clang-format')):
                target = os.path.join(self.root, path)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy(os.path.join(ROOT, path), target)

    def put(self, path, content):
        with open(os.path.join(self.root, path), 'w') as f:
            f.write(content)

    def change(self, path, old, new):
        with open(os.path.join(self.root, path)) as f:
            content = f.read()
        self.assertIn(old, content, path)
        self.put(path, content.replace(old, new, 1))

    def finds(self, lint, *words):
        bad = lint(self.root)
        self.assertEqual(len(bad), 1, bad)
        for word in words:
            self.assertIn(word, bad[0])

    def in_order(self, lint):
        self.assertEqual(lint(self.root), [])

    def test_include_graph(self):
        self.in_order(layers.include_graph)
        for path, head in (('proto/x.h', '"crypto/hash.h"'), ('crypto/x.c', '"store/store.h"'),
                           ('crypto/x.c', '"node/node.h"'), ('store/x.c', '"crypto/hash.h"'),
                           ('node/x.c', '"node/host_loop.h"'), ('node/host_x.c', '"tools/vizinho/msg.h"'),
                           ('node/x.c', '<sodium.h>'), ('store/x.c', '<sodium.h>'), ('node/x.c', '<lmdb.h>'),
                           ('tools/vizinho/x.c', '<lmdb.h>'), ('node/x.c', '<uv.h>'), ('proto/x.c', '<uv.h>'),
                           ('node/x.c', '<microhttpd.h>'), ('node/x.c', '<msgpack.h>')):
            self.put(path, '#include %s\n' % head)
            self.finds(layers.include_graph, path, head.strip('<>"'))
            os.remove(os.path.join(self.root, path))
        self.put('node/x.c', '/* #include <uv.h>\n#include <lmdb.h> */\n')
        self.in_order(layers.include_graph)

    def test_symbols(self):
        self.assertEqual(layers.judge_symbols('libvizcore.a', ['memcpy', 'viz_hash_init', 'timegm', 'strftime']), [])
        for name in ('clock_gettime', 'gettimeofday', 'time', 'rand', 'random', 'getrandom', 'randombytes_buf', 'socket',
                     'connect', 'send', 'sendto', 'recvmsg', 'uv_run', 'pthread_create', 'sleep', 'nanosleep',
                     'getenv'):
            self.assertEqual(len(layers.judge_symbols('libvizcore.a', [name])), 1, name)
        self.assertTrue(layers.judge_symbols('libvizstore.a', ['crypto_sign_detached']))
        self.assertTrue(layers.judge_symbols('libvizcore.a', ['mdb_get']))
        self.assertEqual(layers.judge_symbols('libvizcrypto.a', ['crypto_sign_detached']), [])

    def test_limits(self):
        self.in_order(contract.limits)
        self.change('proto/limits.h', '#define VIZ_NAME_MAX      80', '#define VIZ_NAME_MAX 81')
        self.finds(contract.limits, 'VIZ_NAME_MAX', '80', '81')
        self.change('proto/limits.h', '#define VIZ_NAME_MAX 81', '#define VIZ_NAME_MAX 80\n#define VIZ_NEW_MAX 1')
        self.finds(contract.limits, 'VIZ_NEW_MAX', 'None')

    def test_times(self):
        self.in_order(contract.times)
        self.change(contract.DOC, '| lease_ms | 900000 |', '| lease_ms | 900001 |')
        self.finds(contract.times, 'lease_ms')

    def test_types(self):
        self.in_order(contract.types)
        self.change('proto/record.c', '{VIZ_TYPE_PLEDGE, "PLEDGE", true, false, 0, 512}',
                    '{VIZ_TYPE_PLEDGE, "PLEDGE", true, false, 0, 513}')
        self.finds(contract.types, 'PLEDGE', '513')

    def test_domains(self):
        self.in_order(contract.domains)
        self.put('node/x.c', 'const char *d = "vizinho/' + 'another";\n')
        self.finds(contract.domains, 'another')
        os.remove(os.path.join(self.root, 'node/x.c'))
        self.change(contract.DOC, '| `vizinho/view` |', '| `vizinho/order` |')
        self.assertEqual(len(contract.domains(self.root)), 2)

    def test_top_level(self):
        self.in_order(tree.top_level)
        self.put('meson_options.txt', '')
        self.finds(tree.top_level, 'meson_options.txt')
        os.remove(os.path.join(self.root, 'meson_options.txt'))
        os.remove(os.path.join(self.root, 'LICENSE'))
        self.finds(tree.top_level, 'LICENSE')

    def test_lengths(self):
        self.in_order(tree.lengths)
        self.put('node/x.c', '\n' * (tree.LINES_MAX + 1))
        self.finds(tree.lengths, 'node/x.c')

    def test_traces(self):
        self.in_order(tree.traces)
        for trace in ('/wor' 'k/shared', '/tmp/' 'w-x', '/ro' 'ot/x', 'http://10' '.0.0.1:4873/x', '"resol' 'ved": ""'):
            self.put('README.md', 'see ' + trace + '\n')
            self.finds(tree.traces, 'README.md:1')

    def test_defaults(self):
        self.in_order(tree.defaults)
        for head in ('(enum viz_type)type', 'ev->kind_of_it'):
            self.put('node/x.c', 'struct s { enum viz_type kind_of_it; };\nvoid f(void)\n{\n\tswitch (%s) {\n'
                     '\tcase VIZ_TYPE_NODE:\n\t\tbreak;\n\tdefault:\n\t\tbreak;\n\t}\n}\n' % head)
            self.finds(tree.defaults, 'node/x.c:4')

    def test_layout(self):
        if tree.layout(self.root) is None:
            self.skipTest('clang-format 14 is not there')
        before = len(tree.layout(self.root))
        self.put('node/x.c', 'int  x ;\n')
        self.assertEqual(len(tree.layout(self.root)), before + 1)


if __name__ == '__main__':
    unittest.main()
