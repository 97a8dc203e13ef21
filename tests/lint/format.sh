#!/bin/bash
# Formatting: every C file is as clang-format leaves it.
cd "${1:-$(dirname "$0")/../..}" || exit 1
mapfile -t files < <(find include common crawler detector notifier console cli tools tests/unit tests/fuzz tests/support -name '*.[ch]' \
	-not -path '*/node_modules/*' 2>/dev/null | sort)
[ ${#files[@]} -eq 0 ] && exit 0
clang-format --dry-run -Werror --ferror-limit=1 "${files[@]}" 2>&1 | sed -n 's/^\([^: ]*:[0-9]*\):.*/\1: not formatted; run: make format/p' | grep . || exit 0
exit 1
