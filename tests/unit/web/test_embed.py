#!/usr/bin/env python3
"""embed.py refuses what could not be rendered, or what the Content-Security-Policy would stop."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

EMBED = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../tools/web/embed.py')


class Embed(unittest.TestCase):
    def setUp(self):
        dir = tempfile.TemporaryDirectory(prefix='viz-embed-')
        self.addCleanup(dir.cleanup)
        self.root = dir.name
        self.put('a.pt-BR.tsv', 'hello\tOlá {{name}}\n')
        self.put('a.en.tsv', 'hello\tHello {{name}}\n')
        self.put('assets/style.css', 'a{}')
        self.put('pages/part.html', '<b>{{x}}</b>')

    def put(self, path, content):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(content)

    def embed(self, page):
        self.put('pages/p.html', page)
        out = [os.path.join(self.root, name) for name in ('templates.c', 'assets.c')]
        run = subprocess.run([sys.executable, '-B', EMBED, *out, self.root + '/pages', self.root + '/assets',
                              self.root + '/a.pt-BR.tsv', self.root + '/a.en.tsv'], capture_output=True, text=True)
        self.assertNotIn('Traceback', run.stderr)
        return run.returncode, run.stderr

    def refuses(self, page, word):
        status, said = self.embed(page)
        self.assertEqual(status, 1, page)
        self.assertIn(word, said)

    def test_right(self):
        status, said = self.embed('<a href="/x?y={{a.b}}" title="{{c}}">{{t.hello}}</a>{{>part}}\n'
                                  '{{#l}}{{.}}{{#m}}x{{/m}}{{/l}}{{^l}}{{/l}}{{{qr_svg}}}<link href="{{asset:style.css}}">')
        self.assertEqual((status, said), (0, ''))
        with open(self.root + '/templates.c', encoding='utf-8') as f:
            made = f.read()
        self.assertRegex(made, r'/a/style\.[0-9a-f]{16}\.css')
        with open(self.root + '/assets.c', encoding='utf-8') as f:
            self.assertIn(re.search(r'/a/style\.[0-9a-f]{16}\.css', made)[0], f.read())

    def test_wrong(self):
        for page, word in (('{{x', 'braces'), ('x}}', 'braces'), ('{{ x }}', 'braces'), ('{{#x}}', 'not closed'),
                           ('{{/x}}', 'closes nothing'), ('{{#x}}{{#y}}{{/x}}{{/y}}', 'closes nothing'),
                           ('{{t.bye}}', 'no text bye'), ('{{>none}}', 'no template none'),
                           ('{{asset:none.css}}', 'no file none.css'), ('{{{x}}}', 'only a picture'),
                           ('{{{x_svg}}', 'x_svg'), ('<a href={{x}}>', 'without quotes'),
                           ("<a href='{{x}}'>", 'without quotes'), ('<script>x</script>', 'script or style'),
                           ('<style>x</style>', 'script or style'), ('<p style="x">', 'script or style'),
                           ('<p onclick="x">', 'script or style'), ('<a href="javascript:x">', 'script or style'),
                           ('{{a..b}}', 'no name'), ('{{A}}', 'braces')):
            with self.subTest(page):
                self.refuses(page, word)

    def test_texts(self):
        self.put('a.en.tsv', 'hello\tHello {{other}}\n')
        self.refuses('x', 'hello')
        self.put('a.pt-BR.tsv', 'hello\tOlá {{#x}}\n')
        self.refuses('x', 'hello')

    def test_assets(self):
        self.put('assets/x.exe', 'x')
        self.refuses('x', 'x.exe')


if __name__ == '__main__':
    unittest.main()
