"""What `earshot score --batch` says of the rows of a table: dicts with text and, if they like, id and brand."""
import csv
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EARSHOT = os.environ.get('EARSHOT') or os.path.join(ROOT, 'build/earshot')


def table(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def verdicts(rows, *folders):
    """`folders` of rules behind the shipped ones."""
    lines = ''.join(json.dumps({'id': row.get('id') or str(i), 'text': row['text'], 'brand': row.get('brand', '')}) + '\n' for i, row in enumerate(rows))
    argv = [EARSHOT, 'score', '--batch', '--rules', 'rules', *(part for folder in folders for part in ('--rules', folder))]
    done = subprocess.run(argv, cwd=ROOT, input=lines.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    if done.returncode:
        sys.exit('earshot score ended with %d: %s' % (done.returncode, done.stderr.decode()[-500:]))
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def brands_file(folder, names):
    """A brands.conf with these names; they are their own aliases."""
    with open(os.path.join(folder, 'brands.conf'), 'w', encoding='utf-8') as f:
        for i, name in enumerate(sorted(names)):
            f.write('[brand b%d]\nname = """%s"""\naliases = """%s"""\n' % (i, name, name))
