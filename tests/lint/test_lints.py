#!/usr/bin/env python3
"""Each lint finds its mistake: it accepts a copy of the tree, and complains when one line is broken."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import contract  # noqa: E402
import control  # noqa: E402
import control_doc  # noqa: E402
import floors  # noqa: E402
import layers  # noqa: E402
import lowest  # noqa: E402
import operations  # noqa: E402
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
        for path, head in (('proto/x.h', '"crypto/hash.h"'), ('proto/geo/x.c', '"proto/record.h"'),
                           ('crypto/x.c', '"store/store.h"'),
                           ('crypto/x.c', '"node/node.h"'), ('store/x.c', '"crypto/hash.h"'),
                           ('node/x.c', '"node/host/loop.h"'), ('node/host/x.c', '"tools/vizinho/msg.h"'),
                           ('node/x.c', '<sodium.h>'), ('store/x.c', '<sodium.h>'), ('node/x.c', '<lmdb.h>'),
                           ('tools/vizinho/x.c', '<lmdb.h>'), ('tools/bench/x.c', '<lmdb.h>'), ('node/x.c', '<uv.h>'), ('proto/x.c', '<uv.h>'),
                           ('node/trust/x.c', '"node/link/net.h"'), ('node/lead/x.h', '"node/inbox/inbox.h"'),
                           ('node/inbox/x.c', '"node/lead/lead.h"'), ('node/control/x.c', '"node/state.h"'),
                           ('node/host/x.c', '"node/trust/member.h"'),
                           ('tools/import/x.c', '"tools/vizinho/msg.h"'), ('tools/text/x.c', '"tools/geo/place.h"'),
                           ('tools/geo/x.h', '"tools/analyze/text.h"'), ('tools/analyze/x.c', '"tools/vizinho/msg.h"'),
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

    def library(self, name, **sources):
        """A static library of one object for each source."""
        objects = []
        for stem, content in sources.items():
            self.put(stem + '.c', content)
            objects.append(os.path.join(self.root, stem + '.o'))
            subprocess.run(['cc', '-c', os.path.join(self.root, stem + '.c'), '-o', objects[-1]], check=True)
        path = os.path.join(self.root, name)
        if os.path.exists(path):
            os.remove(path)  # ar would add to it
        subprocess.run(['ar', 'rcsT', path] + objects, check=True)
        return path

    def test_circles(self):
        top = 'int low(void);\nint top(void);\nint top(void) { return low(); }\n'
        low = 'int low(void);\nint low(void) { return 1; }\n'
        middle = 'int low(void);\nint middle;\nint middles(void);\nint middles(void) { return low(); }\n'
        back = 'extern int middle;\nint low(void);\nint low(void) { return middle; }\n'
        own = 'static int low(void) { return 1; }\nint other(void);\nint other(void) { return low(); }\n'
        self.assertEqual(floors.circles(self.library('libfloors.a', top=top, low=low, own=own, middle=middle)), [])
        bad = floors.circles(self.library('libcircle.a', top=top, low=back, own=own, middle=middle))
        self.assertEqual(bad, ['libcircle.a: a circle of 2 objects: low.o -> middle.o (middle), '
                               'middle.o -> low.o (low)'])
        two = floors.circles_of([self.library('libcircle.a', low=back, middle=middle),
                                 self.library('libempty.a', alone='typedef int nothing;\n')])
        self.assertEqual(len(two), 2)
        self.assertIn('no symbols', two[1])

    def test_circles_apart(self):
        calls = {'a': {'b': 'f'}, 'b': {'c': 'g'}, 'c': {'a': 'h'}, 'd': {'a': 'f', 'e': 'i'}, 'e': {'d': 'j'}, 'f': {}}
        self.assertEqual(floors.groups(calls), [frozenset('abc'), frozenset('de')])

    def test_floors(self):
        calls = {'core_place.c': 'int viz_core_x(void);\nint viz_core_x(void) { return 1; }\n',
                 'lead_end.c': 'int viz_core_x(void);\nint viz_lead_x(void);\nint viz_lead_x(void) { return viz_core_x(); }\n',
                 'node.c': 'int viz_lead_x(void);\nint viz_node_x(void);\nint viz_node_x(void) { return viz_lead_x(); }\n'}
        good = self.library('libgood.a', **calls)
        self.assertEqual(floors.floors(good), [])
        calls['core_place.c'] = 'int viz_lead_x(void);\nint viz_core_x(void);\nint viz_core_x(void) { return viz_lead_x(); }\n'
        self.assertEqual(floors.floors(self.library('libup.a', **calls)),
                         ['core_place.c.o must not call lead_end.c.o (viz_lead_x)'])
        aside = 'int viz_lead_x(void);\nint viz_inbox_x(void);\nint viz_inbox_x(void) { return viz_lead_x(); }\n'
        self.assertEqual(floors.floors(self.library('libaside.a', **{'lead_end.c': calls['lead_end.c'],
                                                                     'inbox_row.c': aside})),
                         ['inbox_row.c.o must not call lead_end.c.o (viz_lead_x)'])

        apart = [self.library('libabove.a', **{'lead_end.c': calls['lead_end.c']}),
                 self.library('libbelow.a', **{'core_place.c': calls['core_place.c']})]
        self.assertEqual(floors.floors(*apart), ['core_place.c.o must not call lead_end.c.o (viz_lead_x)'])

    def test_closed(self):
        call = 'int %s(void);\nint %s(void);\nint %s(void) { return %s(); }\n'
        top = self.library('libtop.a', top=call % ('viz_top', 'viz_low', 'viz_top', 'viz_low'),
                           other=call % ('viz_other', 'viz_top', 'viz_other', 'viz_top'))
        empty = self.library('libempty.a', alone='typedef int nothing;\n')
        low = self.library('liblow.a', low=call % ('viz_low', 'getpid', 'viz_low', 'getpid'))
        self.assertEqual(floors.closed(top, low), [])
        self.assertEqual(floors.closed(top), ['libtop.a must not need viz_low'])
        self.assertEqual(floors.closed(empty, low), ['libempty.a: nm shows no symbols'])

    def test_floor_of_a_new_room(self):
        new = 'int viz_alliance_x(void);\nint viz_alliance_x(void) { return 1; }\n'
        self.assertEqual(floors.floors(self.library('libnew.a', **{'alliance_x.c': new})),
                         ['alliance_x.c.o: its room has no floor in FLOORS'])
        os.makedirs(os.path.join(self.root, 'node/alliance'))
        self.put('node/alliance/x.c', '#include "node/lead/lead.h"\n')
        self.finds(layers.include_graph, 'node/alliance/x.c', 'no floor')

    def misnamed(self, library, stem, *symbols):
        """Those of `symbols`, exported by one object, of which the lint complains."""
        one = 'int %s(void);\nint %s(void) { return 1; }\n'
        bad = floors.names(self.library(library, **{stem + '.c': ''.join(one % (s, s) for s in symbols)}))
        return [complaint.split()[1] for complaint in bad]

    def test_names(self):
        self.assertEqual(self.misnamed('node/libx.a', 'trust_member', 'viz_member', 'viz_trust_member_x', 'viz_member_x',
                                       'viz_trust_x', 'viz_members_x', 'viz_live_x'),
                         ['viz_live_x', 'viz_members_x', 'viz_trust_x'])
        self.assertEqual(self.misnamed('node/libx.a', 'lead_lead', 'viz_lead_x', 'viz_inbox_x'), ['viz_inbox_x'])
        self.assertEqual(self.misnamed('node/libx.a', 'init', 'viz_node_init', 'viz_node_x'), ['viz_node_x'])
        self.assertEqual(self.misnamed('store/libx.a', 'vault_wipe', 'viz_vault_wipe', 'viz_store_vault_wipe_x',
                                       'viz_vault_x'), ['viz_vault_x'])
        self.assertEqual(self.misnamed('proto/libx.a', 'geo_cell', 'viz_cell_x', 'viz_geo_cell_x', 'viz_geo_x'),
                         ['viz_geo_x'])
        self.assertEqual(self.misnamed('node/host/libx.a', 'core_thread', 'viz_host_core_thread_x', 'viz_host_x',
                                       'viz_core_thread_x'), ['viz_core_thread_x', 'viz_host_x'])

    def test_names_of_bodies(self):
        self.assertEqual(self.misnamed('proto/libx.a', 'statement', 'viz_lease_read', 'viz_statement_x',
                                       'viz_hello_read'), ['viz_hello_read'])
        self.assertEqual(self.misnamed('crypto/libx.a', 'statement', 'viz_lease_read'), ['viz_lease_read'])

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
        self.change('proto/record.c', '{VIZ_TYPE_LEASE, "LEASE", false, false, UINT64_MAX, 512}',
                    '{VIZ_TYPE_LEASE, "LEASE", false, false, UINT64_MAX, 513}')
        self.finds(contract.types, 'LEASE', '513')

    def test_kinds(self):
        self.change('proto/message.h', 'X(TREE, 18)', 'X(TREE, 22)')
        self.finds(contract.types, 'message TREE', '22 in the code')

    def test_kinds_of_mail(self):
        self.change(contract.DOC, '| 14 | LEASE_ASK |', '| 12 | LEASE_ASK |')
        self.finds(contract.types, 'mail LEASE_ASK')

    def test_last_kind_of_mail(self):
        self.change(contract.DOC, 'mail kind: uint 1-15', 'mail kind: uint 1-14')
        self.finds(contract.types, 'uint 1-N')

    def test_domains(self):
        self.in_order(contract.domains)
        self.put('node/x.c', 'const char *d = "vizinho/' + 'another";\n')
        self.finds(contract.domains, 'another')
        os.remove(os.path.join(self.root, 'node/x.c'))
        self.change(contract.DOC, '| `vizinho/view` |', '| `vizinho/order` |')
        self.assertEqual(len(contract.domains(self.root)), 2)

    def test_meta(self):
        self.in_order(contract.meta)
        self.change('store/meta.h', '"sweep-lead"', '"sweep-inbox"')
        self.finds(contract.meta, 'VIZ_META_SWEEP_INBOX')

    def test_meta_elsewhere(self):
        self.put('node/x.c', 'int f(void) { return get(VIZ_TABLE_META, (const uint8_t *)"mine", 4); }\n')
        self.finds(contract.meta, 'node/x.c:1')

    def test_counts(self):
        self.in_order(contract.counts)
        for call in ('viz_writer_array(w, 3)', 'viz_writer_array(w, 3u)', 'viz_writer_array(w, ENTRY_FIELDS)',
                     'viz_reader_array(r, 3, 3)', 'viz_reader_tuple(&r->x, a ? 2 : 1)', 'viz_writer_array(w, n)',
                     'viz_writer_array(w,\n\t\tsizeof(x))'):
            self.put('node/x.c', 'void f(void)\n{\n\tif (x)\n\t\ty = %s;\n}\n' % call)
            self.finds(contract.counts, 'node/x.c:4', 'by hand')
        self.put('node/x.c', 'void f(struct viz_writer *w)\n{\n\tviz_writer_array(w, 0 ENTRY(VIZ_FIELD_COUNT));\n}\n')
        self.in_order(contract.counts)
        self.change('proto/federation.c', 'viz_writer_array(w, 1 + PARAMETERS)', 'viz_writer_array(w, 29)')
        bad = contract.counts(self.root)
        self.assertEqual(len(bad), 2, bad)
        self.assertIn('29', bad[0])
        self.assertIn('take it out', bad[1])

    def test_refusals(self):
        path = os.path.join(self.root, 'tools/vizinho/texts.en.tsv')
        shutil.copy(os.path.join(ROOT, 'tools/vizinho/texts.en.tsv'), path)
        self.in_order(contract.refusals)
        codes = open(os.path.join(self.root, 'node/control/code.h')).read()
        self.put('node/control/code.h', codes.replace('X(ALONE, "alone")', 'X(ALONE, "alone") X(ODD_DAY, "odd-day")'))
        self.finds(contract.refusals, 'code.h', 'odd-day')
        self.put('node/control/code.h', codes.replace('X(ALONE, "alone")', ''))
        self.finds(contract.refusals, 'refusal_alone', 'no such code')

    def test_operations(self):
        path = 'node/core/events.tsv'
        os.makedirs(os.path.join(self.root, os.path.dirname(path)), exist_ok=True)
        shutil.copy(os.path.join(ROOT, path), os.path.join(self.root, path))
        self.in_order(operations.operations)
        for page in operations.PAGES:
            for row in ('| status | `alone` |', '| doctor | `swap` |', '| event | `clone` |'):
                self.change(page, row, '| none |')
                self.finds(operations.operations, page, row.split('`')[1])
                self.change(page, '| none |', row)

    def test_events(self):
        path = 'node/core/events.tsv'
        shutil.copy(os.path.join(ROOT, path), os.path.join(self.root, path))
        with open(os.path.join(ROOT, path), encoding='utf-8') as f:
            table = f.read()
        self.in_order(contract.kinds_of_events)
        for old, new, word in (('key\tnotice\t-\ta nossa chave mudou\tour', 'key\tnotice\t-\tour', 'columns'),
                               ('key\tnotice\t-', 'key\tloud\t-', 'loud'),
                               ('key\tnotice\t-', 'key\tnotice\tphone', 'phone'),
                               ('a nossa chave mudou', 'a chave de {peer} mudou', 'not among the fields'),
                               ('{peer} trocou a chave', 'a chave mudou', 'other fields'),
                               ('a nossa chave mudou', 'a nossa chave já mudou', 'CONTROL.md')):
            self.put(path, table.replace(old, new, 1))
            self.finds(contract.kinds_of_events, word)
        self.put(path, table)
        self.change('node/control/key.c', 'VIZ_NOTICE_KEY', 'VIZ_NOTICE_COVERAGE')
        self.finds(contract.kinds_of_events, 'key: it never happens')

    def test_control(self):
        def complaints(text):
            doc = control_doc.Doc(text)
            return control.against_code(doc, tables) + control.codes_given(doc) + control.one_vocabulary(doc) + \
                control.examples(doc)

        with open(os.path.join(ROOT, 'node/CONTROL.md'), encoding='utf-8') as f:
            text = f.read()
        doc = control_doc.Doc(text)
        tables = {'protocol': 1, 'codes': {'node': doc.node_codes, 'command': doc.command_codes}, 'requests': [
            {'name': n, **{k: r[k] for k in control.SAID}, 'fields': [
                {'name': f, 'type': kind, 'needed': needed} for f, (kind, needed) in doc.expanded(r['fields']).items()]}
            for n, r in doc.requests.items()]}
        self.assertEqual(complaints(text), [])
        self.assertGreater(len(doc.requests), 50)
        for old, new, what in (
                ('| `max?` | number 1..1000 |', '| `max?` | number 1..999 |', 'events: field max'),
                ('| `all?` | flag |', '| `every?` | flag |', 'inbox.list: field every'),
                ('### `doctor`', '### `nurse`', 'request doctor'),
                ('| `draw-over` |', '| `draw-gone` |', 'code of the node draw-over'),
                ('`suspicion-only`, ', '', 'suspicion-only: no request gives it'),
                ('| `created_at` | time |', '| `created_at` | text |', 'created_at: a time'),
                ('| `partners` | list of fared |', '| `partners` | number |', 'partners: has the types'),
                ('| `mail_count` | number |', '| `mail_count` | text |', 'mail_count'),
                ('Readers. Space', 'Space', 'consent.dossier privacy'),
                ('Roles: customer.', 'Roles: agent.', 'customer.show roles'),
                ('"op": "doctor"', '"op": "nurse"', 'doctor: an example')):
            self.assertIn(old, text)
            found = complaints(text.replace(old, new))
            self.assertTrue(any(what in c for c in found), (old, found))
        for result, what in (({'quarantine': 1}, 'is no flag'), ({}, 'is missing'),
                             ({'quarantine': True, 'x': 1}, 'is not described')):
            with self.assertRaisesRegex(control_doc.Wrong, what):
                doc.check('key.resume', result)
        doc.check('key.resume', {'quarantine': False})

    def test_texts(self):
        path = os.path.join(self.root, 'tests/hostile')
        os.makedirs(path, exist_ok=True)
        shutil.copy(os.path.join(ROOT, 'tests/hostile/test_free_text.c'), path)
        self.in_order(contract.texts)
        self.put('proto/x.c', '#define X(F) F(ID, id) F(TEXT, remark, 0)\n')
        self.finds(contract.texts, 'proto/x.c:1', 'x.c remark')

    def test_lowest(self):
        self.in_order(lowest.lowest)
        self.put('node/x.c', 'static void serves(struct viz_net *net)\n{\n\tg(net->trust->core);\n}\n\n'
                             'void h(struct viz_net *net)\n{\n\tserves(net);\n}\n')
        self.finds(lowest.lowest, 'node/x.c:1', 'serves takes viz_net', 'viz_core serves it')
        self.put('node/x.c', 'static void serves(struct viz_net *net)\n{\n\tg(net->trust->core);\n}\n\n'
                             'const struct row rows[] = {{serves}};\n')
        self.in_order(lowest.lowest)

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
