#!/bin/bash
# Layers: the table says what each folder may include besides <earshot/…> and itself; a file name stands for that one header.
# `gen/` is what the build makes. The vocabulary is made of slices, option lists and networks, so three headers of common/base
# (which use nothing of it but outcome.h) are open to include/earshot.
cd "${1:-$(dirname "$0")/../..}" || exit 1

table='
include/earshot  common/base/str.h common/base/conf.h common/base/http.h
common/base
common/text      common/base
common/store     common/base
common/rules     common/base common/text common/store
crawler          common/base common/text common/store common/rules
detector         common/base common/text common/store common/rules
notifier         common/base common/store
console          common/base common/text common/store detector/judge.h detector/backtest.h detector/integrity_read.h
cli              common/base common/text common/store common/rules crawler detector notifier console
'

check() { # folder, then what it may include
	local folder=$1
	shift
	find "$folder" -name '*.[ch]' -o -name '*.def' 2>/dev/null | sort | while read -r file; do
		grep -n '^[ \t]*#[ \t]*include[ \t]*"' "$file" /dev/null | while IFS= read -r line; do
			target=${line#*\"}
			target=${target%%\"*}
			for allowed in "$folder" gen "$@"; do
				[[ $target == "$allowed" || ${target%/*} == "$allowed" ]] && continue 2
			done
			place=${line%%:#*}
			if [[ $target != */* ]]; then
				echo "$place: includes \"$target\"; write the folder with it, as \"$folder/$target\""
			else
				echo "$place: $folder may not include \"$target\"; it may use: <earshot/…> $folder $*. Move what is needed to the left, or see the table in tests/lint/layers.sh"
			fi
		done
	done
}

found=$(while read -r -a row; do
	[ ${#row[@]} -gt 0 ] && check "${row[@]}"
done <<< "$table")
[ -z "$found" ] && exit 0
echo "$found"
exit 1
