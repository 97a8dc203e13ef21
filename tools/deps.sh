#!/bin/bash
# Installs what tools/packages.txt names and this machine lacks: tools/deps.sh [--check] GROUP…
# As root with apt; else (and with --check) it prints the one command to type, and ends with 1. Says nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

only_check=
if [ "${1:-}" = --check ]; then
	only_check=yes
	shift
fi

installed() {
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing=()
while read -r group package command; do
	[[ $group == \#* || -z $group || " $* " != *" $group "* ]] && continue
	[ -n "$command" ] && command -v "$command" >/dev/null && continue
	installed "$package" || missing+=("$package")
done < tools/packages.txt

[ ${#missing[@]} -eq 0 ] && exit 0

command="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
	echo "earshot is built on Debian 12 or later; this system has no apt. It needs what Debian calls: ${missing[*]}" >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ] || [ -n "$only_check" ]; then
	echo "Not installed yet: ${missing[*]}" >&2
	echo "Install them with:" >&2
	echo "  sudo apt-get update && sudo $command" >&2
	exit 1
fi

echo "Installing ${#missing[@]} packages with apt: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# policy-rc.d keeps Debian from starting services (a redis-server on its usual port) on behalf of a test.
policy=/usr/sbin/policy-rc.d
[ -e $policy ] && policy=
clean_up() {
	rm -f "$log" $policy
}
trap clean_up EXIT
[ -z $policy ] || install -m 755 <(printf '#!/bin/sh\nexit 101\n') $policy
if ! { $command || { apt-get update && $command; }; } > "$log" 2>&1; then
	tail -30 "$log" >&2
	echo "apt could not install them (see above). With a working network or mirror, try again: make deps" >&2
	exit 1
fi
