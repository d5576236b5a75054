#!/usr/bin/env python3
"""vectors.py FOLDER: each make_NAME.py makes the same bytes as NAME.json."""
import os
import subprocess
import sys

folder, failed = sys.argv[1], 0
for script in sorted(n for n in os.listdir(folder) if n.startswith('make_') and n.endswith('.py')):
    kept = os.path.join(folder, script[5:-3] + '.json')
    made = subprocess.run([sys.executable, '-B', script], cwd=folder, capture_output=True)
    with open(kept, 'rb') as f:
        same = made.returncode == 0 and made.stdout == f.read()
    print('%s: %s' % (script, 'the same bytes' if same else 'other bytes\n' + made.stderr.decode()[-500:]))
    failed += not same
sys.exit(1 if failed else 0)
