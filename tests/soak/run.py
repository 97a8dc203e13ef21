#!/usr/bin/env python3
"""The long forms of the tests (`make soak`): many rounds of kills and power losses, 120,000 posts through the roles,
200,000 queries against the oracle, a hundred changes of rules under load, a backtest of a week against its replay, a crawler's memory
over a million fetches, models that judge shops of a kind they have never seen."""
import os
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LONG = [('flow/test_memory.py', '--posts', '120000'), ('flow/test_rules_live.py', 'changes'), ('flow/test_rules_test.py',), ('fault/test_kill.py', '--rounds', '10', '--seed', '100'), ('fault/test_polite.py', '--seconds', '600', '--seed', '100'),
        ('fault/test_crawler_kill.py', '--kills', '100', '--freeze', '30', '--twins', '15', '--seed', '100'),
        ('fault/test_backpressure.py', '--seconds', '20'), ('soak/memory_crawler.py',), ('soak/unseen_shops.py',),
        ('fault/test_torn.py', '--rounds', '10', '--seed', '100')]


def oracle():
    """200,000 random query x post pairs against the naive evaluator."""
    subprocess.run(['make', '--quiet', 'build/unit/test_query_oracle'], cwd=os.path.dirname(TESTS), check=True)
    return subprocess.run(['build/unit/test_query_oracle'], cwd=os.path.dirname(TESTS), env=dict(os.environ, QUERY_ORACLE_PAIRS='200000'), check=False).returncode


def main():
    code = oracle()
    for path, *arguments in LONG:
        code |= subprocess.run([sys.executable, os.path.join(TESTS, path), *arguments], env=dict(os.environ, SOAK='1', CHANGES='100'), check=False).returncode
    return code


if __name__ == '__main__':
    sys.exit(main())
