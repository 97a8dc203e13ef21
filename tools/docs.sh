#!/bin/bash
# Writes the generated documents: tools/docs.sh [--check]. The table says which, and the command that prints each.
set -euo pipefail
cd "$(dirname "$0")/.."
earshot=${EARSHOT:-build/earshot}

table='
docs/keys.md keys --format docs
'

[ -x "$earshot" ] || { echo "no $earshot yet; run: make" >&2; [ "${1:-}" = --check ] && exit 0; exit 1; }
new=$(mktemp)
trap 'rm -f "$new"' EXIT
stale=0
while read -r document command; do
	[ -n "$document" ] || continue
	# shellcheck disable=SC2086 # the command is words
	"$earshot" $command > "$new"
	if cmp -s "$new" "$document"; then
		continue
	elif [ "${1:-}" = --check ]; then
		echo "$document: is not what \"earshot $command\" prints; run: make docs"
		stale=1
	else
		cp "$new" "$document"
		echo "wrote $document"
	fi
done <<< "$table"
exit $stale
