#!/usr/bin/env python3
"""Named characters in pages are decoded as the list of HTML 5 has them, of which Python keeps a copy of its own.
Run alone: python3 tests/flow/test_entities.py"""
import html.entities
import json
import os
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
EARSHOT = os.environ.get('EARSHOT', os.path.join(ROOT, 'build', 'earshot'))


def main():
    names = sorted(html.entities.html5)
    lines = ''.join(json.dumps({'html': '<p>a&%s 乙</p>' % name}) + '\n' for name in names)
    answers = subprocess.run([EARSHOT, 'case', 'html'], input=lines.encode(), capture_output=True, check=True).stdout.decode().splitlines()
    wrong = [name for name, answer in zip(names, answers)
             if '"a%s 乙"' % html.entities.html5[name] not in json.loads(answer)['tree']]
    fine = len(answers) == len(names) and not wrong
    print('%sok - %d named characters are decoded%s' % ('' if fine else 'not ', len(names), '' if fine else ': %d answers, wrong: %s' % (len(answers), ', '.join(wrong[:20]))))
    return 0 if fine else 1


if __name__ == '__main__':
    sys.exit(main())
