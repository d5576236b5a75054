#!/usr/bin/env python3
"""The compiler of texts refuses wrong tables, and the lint finds missing and unused texts."""
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
import languages  # noqa: E402
from sources import files  # noqa: E402
from languages import texts  # noqa: E402

COMPILER = os.path.join(ROOT, 'tools/text/texts.py')


class Scratch(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix='viz-texts-')
        self.addCleanup(shutil.rmtree, self.root)

    def put(self, path, content):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(content)
        return path

    def get(self, path):
        with open(os.path.join(self.root, path), encoding='utf-8') as f:
            return f.read()


class Compiler(Scratch):
    def test_values_of_pages(self):
        options = ('--mustache',)
        self.refuses('a\tum {{x}}\n', 'a\tone {{y}}\n', "{'y'}", options=options)
        self.refuses('a\tum {{x}\n', 'a\tone {{x}\n', 'a brace that takes nothing', options=options)
        self.assertEqual(self.compile('a\t{{x.y}} 1%\n', 'a\t1% {{x.y}}\n', *options)[0], 0)

    def compile(self, one, other, *options):
        paths = [self.put('texts.pt-BR.tsv', one), self.put('texts.en.tsv', other)]
        out = [os.path.join(self.root, name) for name in ('texts.h', 'texts.c')]
        for path in out:
            if os.path.exists(path):
                os.remove(path)
        run = subprocess.run([sys.executable, '-B', COMPILER, 'compile', 'x', *out, *paths, *options],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode == 0, os.path.exists(out[0]) and os.path.exists(out[1]), run.stderr)
        return run.returncode, run.stderr

    def refuses(self, one, other, *words, options=()):
        status, said = self.compile(one, other, *options)
        self.assertEqual(status, 1)
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn('Traceback', said)

    def test_missing(self):
        self.refuses('a\tum\nb\tdois\n', 'a\tone\n', 'texts.en.tsv', 'no text for b')
        self.refuses('a\tum\n', 'a\tone\nb\ttwo\n', 'texts.pt-BR.tsv', 'no text for b')
        self.refuses('a\tum\nb\tdois\n', 'a\tone\nb\t\n', 'texts.en.tsv', 'no text for b')
        self.refuses('a\tum\nb\tdois\n', 'a\tone\nb\n\t\n', 'texts.en.tsv', 'no text for b')

    def test_arguments(self):
        self.refuses('a\t%s de %u\n', 'a\t%u of %s\n', 'a takes')
        self.refuses('a\t%s\n', 'a\tnone\n', 'a takes')
        self.refuses('a\t%zu\n', 'a\t%u\n', 'a takes')
        self.refuses('a\t100 % claro\n', 'a\t100 %% clear\n', 'a has a %')
        self.refuses('a\t{1} e {2}\n', 'a\t{1}\n', 'a takes', options=['--braces'])
        self.refuses('a\t{um}\n', 'a\t{1}\n', 'a has a brace', options=['--braces'])
        self.assertEqual(self.compile('date_a\t%d/%m\na\t100 %%\n', 'date_a\t%m-%d\na\t%%\n')[0], 0)
        self.assertEqual(self.compile('a\t{2} {1?x:y}\n', 'a\t{1} {2}\n', '--braces')[0], 0)

    def test_keys(self):
        self.refuses('a\tum\na\tdois\n', 'a\tone\n', 'texts.pt-BR.tsv:2', 'twice')
        self.refuses('a\tum\nb\tdois\n', 'b\ttwo\na\tone\n', 'b stands where')
        self.refuses('a-b\tum\na_b\tdois\n', 'a-b\tone\na_b\ttwo\n', "'-' and '_'")
        self.refuses('A b\tum\n', 'a\tone\n', 'no key')
        self.refuses('\tum\n', 'a\tone\n', 'texts.pt-BR.tsv:1', 'no key above')

    def test_lines(self):
        many = '# comment\n\na\tum\n\tdois\n\n\ttrês "\\\n\nb\n\n\tfim\n'
        path = self.put('texts.pt-BR.tsv', many)
        self.assertEqual(texts.read(path), {'a': 'um\ndois\n\ntrês "\\', 'b': '\nfim'})
        self.assertEqual(self.compile(many, 'a\tone\nb\ttwo\n', '--keys', '--tags', '--formats')[0], 0)
        self.assertIn('[VIZ_X_A] = {"um\\ndois\\n\\ntrês \\"\\\\", "one"},', self.get('texts.c'))
        self.assertIn('{"pt-BR", "en"}', ' '.join(self.get('texts.c').split()).replace('{ ', '{').replace(', }', '}'))
        self.assertIn('extern const char *const viz_x_texts[VIZ_X_COUNT][2];', self.get('texts.h'))

    def test_languages(self):
        out = os.path.join(self.root, 'languages.h')
        subprocess.run([sys.executable, '-B', COMPILER, 'languages', out, 'pt-BR', 'en', 'es'], check=True)
        self.assertIn('VIZ_LANG_EN,\n\tVIZ_LANG_ES,\n\tVIZ_LANGS\n', self.get('languages.h'))


class Lint(Scratch):
    def setUp(self):
        super().setUp()
        for path in files(ROOT):
            if (path.endswith('.tsv') or path.startswith(('tools/', 'node/')) and path.endswith(
                    ('.c', '.h', '.py', '.html', 'meson.build')) or path in ('meson.build', 'tools/demo')):
                os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
                shutil.copy(os.path.join(ROOT, path), os.path.join(self.root, path))
        self.assertEqual(languages.languages(self.root), [])

    def finds(self, *words):
        bad = languages.languages(self.root)
        self.assertEqual(len(bad), 1, bad)
        for word in words:
            self.assertIn(word, bad[0])

    def test_a_third_language(self):
        """A language is a tag in meson.build and a complete file for each program."""
        build = self.get('meson.build')
        self.put('meson.build', build.replace("languages = ['pt-BR', 'en']", "languages = ['pt-BR', 'en', 'es']"))
        stems = sorted(languages.programs(self.root))
        self.assertEqual(languages.languages(self.root), ['%s.es.tsv is missing' % stem for stem in stems])
        self.assertEqual(len(stems), 11)
        for stem in stems:
            self.put(stem + '.es.tsv', self.get(stem + '.en.tsv'))
        self.assertEqual(languages.languages(self.root), [])
        self.put('tools/geo/texts.es.tsv', self.get('tools/geo/texts.es.tsv').replace('place_empty', 'x_empty'))
        self.finds('tools/geo/texts.es.tsv', 'place_empty')

    def test_unused(self):
        for tag in ('pt-BR', 'en'):
            path = 'tools/vizinho/texts.%s.tsv' % tag
            self.put(path, self.get(path) + 'never_printed\tx\n')
        self.finds('tools/vizinho/texts', 'never_printed')

    def test_unused_in_a_page(self):
        self.put('tools/web/pages/start.html', self.get('tools/web/pages/start.html').replace('{{t.start_body}}', ''))
        self.finds('tools/web/texts', 'start_body')

    def test_unused_in_a_script(self):
        for tag in ('pt-BR', 'en'):
            path = 'tools/demo_story.%s.tsv' % tag
            self.put(path, self.get(path) + 'never_printed\tx\n')
        self.finds('tools/demo_story', 'never_printed')

    def test_absent_in_a_script(self):
        self.put('tools/demo', self.get('tools/demo').replace('wrong bad_lang "$word"', 'wrong bad_lnag "$word"'))
        self.finds('tools/demo_story', 'bad_lnag')

    def test_absent_in_python(self):
        path = 'tools/demo_story.py'
        self.put(path, self.get(path) + 'story.text("tilte")\n')
        self.finds('tools/demo_story', 'tilte')

    def test_choices(self):
        self.put('tools/geo/x.c', 'int x(enum viz_lang lang)\n{\n\treturn lang == VIZ_LANG_PT ? 1 : 2;\n}\n')
        self.finds('tools/geo/x.c:3')
        os.remove(os.path.join(self.root, 'tools/geo/x.c'))
        self.put('node/control/x.c', 'int x(const char *lang)\n{\n\treturn strcmp(lang, "pt-BR");\n}\n')
        self.finds('node/control/x.c:3')


if __name__ == '__main__':
    unittest.main(verbosity=2)
