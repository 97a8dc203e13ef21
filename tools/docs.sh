#!/bin/bash
# Writes the generated documents: tools/docs.sh [--check]. The table says which, and the command of the build folder that prints each.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}

table='
docs/keys.md      earshot keys --format docs
docs/options.md   gen_docs options
docs/api.md       gen_docs api
docs/lint.md      gen_docs lint
docs/metrics.md   gen_docs metrics
'

new=$(mktemp)
trap 'rm -f "$new"' EXIT
wrong=0
while read -r document program arguments; do
	[ -n "$document" ] || continue
	if [ ! -x "$build/$program" ]; then
		# A check of a tree that is not built has nothing to compare with.
		[ "${1:-}" = --check ] && continue
		echo "there is no $build/$program; run: make docs" >&2
		exit 1
	fi
	# shellcheck disable=SC2086 # the arguments are words
	"$build/$program" $arguments > "$new"
	if cmp -s "$new" "$document"; then
		continue
	elif [ "${1:-}" = --check ]; then
		echo "$document: is not what \"$program $arguments\" prints; run: make docs"
		wrong=1
	else
		cp "$new" "$document"
		echo "wrote $document"
	fi
done <<< "$table"
exit $wrong
