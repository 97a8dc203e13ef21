#!/usr/bin/env python3
"""Do the rules find what they are for? Plants one error after the other into a small clean tree; a rule that stays silent fails here."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

CLEAN = {
    'README.md': 'Start with `docs/tour.md`; `make test`; `earshot up`; the [tour](docs/tour.md).\n',
    'docs/tour.md': 'A post is read by `crawl_read()` in `crawler/crawl.c`, see `crawler/crawl.c:crawl_read` and `posted_ms`.\n',
    'Makefile': 'test: ## all\n',
    'crawler/crawl.c': '/* Reads. */\n#include "crawler/crawl.h"\n\n#include "common/base/str.h"\n\n'
                       'int crawl_read(int posted_ms)\n{\n\treturn posted_ms + M_fetches + EV_started;\n}\n',
    'crawler/crawl.h': '/* Reading. */\nint crawl_read(int posted_ms);\n',
    'common/base/str.h': '/* Slices. */\n',
    'common/store/keys.c': '/* Keys. */\nconst char *const key = "es:{cfg}:brands";\nint used = KEY_brands;\n',
    'include/earshot/keys.def': '/* Keys. */\nKEY(brands, "es:{cfg}:brands")\n',
    'include/earshot/metrics.def': '/* Metrics. */\nMETRIC(fetches, COUNTER, "fetches")\n',
    'include/earshot/events.def': '/* Events. */\nEVENT(started, "up")\n',
    'cli/earshot.c': '/* Commands. */\n#include <earshot/keys.def>\n#include <earshot/metrics.def>\n#include <earshot/events.def>\n\n'
                     'const struct command_row rows[] = {\n\t{ "up", "", "all", NULL, cmd_up },\n};\n',
}

# rule, file, what is put into it (None: at its end), what the message has to say
PLANTED = [
    ('layers.sh', 'common/base/str.h', '#include "crawler/crawl.h"\n', 'may not include "crawler/crawl.h"'),
    ('layers.sh', 'crawler/crawl.c', '#include "detector/judge.h"\n', 'may not include "detector/judge.h"'),
    ('layers.sh', 'crawler/crawl.c', '#include "crawl.h"\n', 'write the folder with it'),
    ('owners.py', 'crawler/crawl.c', '#include <hiredis/hiredis.h>\n', 'belongs to common/store/redis.c'),
    ('owners.py', 'crawler/crawl.c', '#include <foo/bar.h>\n', 'nobody owns <foo/bar.h>'),
    ('banned.py', 'crawler/crawl.c', 'void f(void)\n{\n\tstrcpy(a, b);\n}\n', 'strcpy() is banned'),
    ('banned.py', 'crawler/crawl.c', 'int g(void)\n{\n\treturn atoi ("1");\n}\n', 'atoi() is banned'),
    ('keystrings.py', 'crawler/crawl.c', 'const char *k = "es:{cfg}:x";\n', 'spells a Redis key'),
    ('functions.py', 'crawler/crawl.c', 'int long_one(void)\n{\n' + '\tx();\n' * 99 + '}\n', 'long_one has 102 lines'),
    ('functions.py', 'crawler/crawl.c', 'int wide(int a, int b, int c, int (*d)(int, int), int e,\n\tint f, int g)\n{\n}\n', 'wide has 7 parameters'),
    ('filesize.py', 'crawler/crawl.c', '\n' * 800, '800 are the most'),
    ('filesize.py', 'crawler/bare.c', 'int x;\n', 'does not say what it is for'),
    ('markers.py', 'crawler/crawl.c', '/* TO' + 'DO: later */\n', 'is left over'),
    ('machine.py', 'docs/tour.md', 'See /ro' + 'ot/src/x.\n', 'is true on one machine only'),
    ('machine.py', 'docs/tour.md', 'From https://registry.npm' + 'js.org/x\n', 'is true on one machine only'),
    ('tables.py', 'include/earshot/keys.def', 'KEY(nobody, "es:x")\n', 'KEY_nobody is used by no file'),
    ('tables.py', 'include/earshot/events.def', 'EVENT(never, "x")\n', 'EV_never is used by no file'),
    ('tables.py', 'crawler/lonely.h', '/* Alone. */\n', 'no file includes it'),
    ('documented.py', 'cli/earshot.c', '\t{ "down", "", "none", NULL, cmd_down },\n', 'command down is in no document'),
    ('documented.py', 'console/routes.def', '/* Routes. */\nROUTE("GET", "/api/x", api_x, JSON, "x")\n', 'address /api/x is in no document'),
    ('documented.py', 'notifier/channels.def', '/* Channels. */\nCHANNEL(channel_pigeon)\n', 'channel pigeon is in no document'),
    ('documented.py', 'crawler/sources.c', '/* Sources. */\n\t{ .name = "wings" },\n', 'option wings is in no document'),
    ('docnames.py', 'docs/tour.md', 'In `crawler/gone.c`.\n', 'there is no file or folder crawler/gone.c'),
    ('docnames.py', 'docs/tour.md', 'In `gone.c`.\n', 'there is no file or folder gone.c'),
    ('docnames.py', 'docs/tour.md', 'By `crawl_gone()`.\n', 'there is no function crawl_gone'),
    ('docnames.py', 'docs/tour.md', 'By `crawl_never_was`.\n', 'the name crawl_never_was does not occur'),
    ('docnames.py', 'docs/tour.md', 'At `cli/earshot.c:crawl_read`.\n', 'is not defined in cli/earshot.c but in crawler/crawl.c'),
    ('docnames.py', 'README.md', 'Type `earshot upp`.\n', 'there is no command "earshot upp"'),
    ('docnames.py', 'README.md', 'Type `make tset`.\n', 'there is no target "make tset"'),
    ('docnames.py', 'README.md', 'See [that](docs/gone.md).\n', 'leads nowhere'),
    ('format.sh', 'crawler/crawl.c', 'int  f (void) ;\n', 'not formatted'),
]


def plant_tree(folder):
    for path, text in CLEAN.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as f:
            f.write(text)
    shutil.copy(os.path.join(HERE, '..', '..', '.clang-format'), folder)


def run(rule, folder):
    done = subprocess.run([os.path.join(HERE, rule), folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        plant_tree(folder)
        for rule in sorted({row[0] for row in PLANTED}):
            code, out = run(rule, folder)
            if code != 0:
                print('%s: cries wolf in a clean tree: %s' % (rule, out.strip()))
                failed += 1
        for rule, path, text, message in PLANTED:
            full, before = os.path.join(folder, path), CLEAN.get(path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'w', encoding='utf-8') as f:
                f.write((before or '') + text)
            code, out = run(rule, folder)
            if code == 0 or message not in out:
                print('%s: did not find %r in %s; it said: %s' % (rule, text[:60], path, out.strip() or 'nothing'))
                failed += 1
            if before is None:
                os.remove(full)
            else:
                with open(full, 'w', encoding='utf-8') as f:
                    f.write(before)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
