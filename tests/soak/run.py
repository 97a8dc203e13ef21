#!/usr/bin/env python3
"""The long forms of the tests (`make soak`): many rounds of kills and power losses, and 120,000 posts through the roles."""
import os
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LONG = [('flow/test_memory.py', '--posts', '120000'), ('fault/test_kill.py', '--rounds', '10', '--seed', '100'), ('fault/test_torn.py', '--rounds', '10', '--seed', '100')]


def main():
    code = 0
    for path, *arguments in LONG:
        code |= subprocess.run([sys.executable, os.path.join(TESTS, path), *arguments], check=False).returncode
    return code


if __name__ == '__main__':
    sys.exit(main())
