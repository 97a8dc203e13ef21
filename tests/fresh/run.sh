#!/bin/bash
# The two commands on a machine that has nothing: tests/fresh/run.sh [demo] [test], as root on Debian, with debootstrap.
# Each command gets a fresh Debian 12 root of its own (debootstrap minbase and `make`, nothing else installed by hand) with a
# checkout of the working tree (FRESH_REF=HEAD: of that commit), and ../shared beside it, read-only, when it is there.
# Where packages come from is read from this machine's apt when it runs. FRESH_FOLDER (default: under $TMPDIR) holds the
# roots and is removed at the end; KEEP=1 keeps it, and a base.tar found in it is used again.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
commands=("$@")
[ $# -gt 0 ] || commands=(demo test)

[ "$(id -u)" -eq 0 ] || { echo "fresh: a chroot needs root; run: sudo tests/fresh/run.sh" >&2; exit 1; }
command -v debootstrap > /dev/null || { echo "fresh: debootstrap is not installed; run: apt-get install debootstrap" >&2; exit 1; }

# All mounts live in a mount namespace of this script and go with it, however it ends.
if [ -z "${FRESH_INSIDE:-}" ]; then
	FRESH_INSIDE=yes exec unshare --mount --propagation private "$0" "$@"
fi

folder=${FRESH_FOLDER:-$(mktemp -d "${TMPDIR:-/tmp}/earshot-fresh-XXXXXX")}
mkdir -p "$folder"
machine=

clean_up() {
	[ -z "$machine" ] || umount -R -l "$machine"/{proc,dev,sys,shared} 2> /dev/null || true
	[ -n "${KEEP:-}" ] || rm -rf --one-file-system "$folder"
}
trap clean_up EXIT

mirror() {
	{ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null | sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\).*/\2/p'
	  sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2> /dev/null; } | grep -v security | head -1
}

make_base() {
	[ -s "$folder/base.tar" ] && return
	echo "fresh: debootstrap of a minimal Debian 12"
	debootstrap --variant=minbase --include=make bookworm "$folder/base" "$(mirror)" > "$folder/debootstrap.log" 2>&1 ||
		{ tail -20 "$folder/debootstrap.log" >&2; exit 1; }
	rm -rf "$folder/base/etc/apt/sources.list" "$folder/base/var/cache/apt/archives/"*.deb
	tar -C "$folder/base" -cf "$folder/base.tar" .
	rm -rf --one-file-system "$folder/base"
}

# What git would have, with changes that are not committed yet; a tree without git loses what was built.
copy_checkout() {
	mkdir -p "$1"
	if [ -n "${FRESH_REF:-}" ]; then
		git archive "$FRESH_REF"
	elif git rev-parse --git-dir > /dev/null 2>&1; then
		git ls-files -z -co --exclude-standard | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
			tar --null -T - -cf -
	else
		tar --exclude=./build --exclude=node_modules --exclude=__pycache__ -cf - .
	fi | tar -C "$1" -xf -
}

# The network's settings are those of this machine: apt's sources, names, certificates, npm's registry.
settle_in() {
	cp -L /etc/resolv.conf "$machine/etc/resolv.conf"
	cp /etc/hosts "$machine/etc/hosts"
	local file
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/apt.conf.d/*; do
		[ -f "$file" ] && install -D -m 644 "$file" "$machine$file"
	done
	cp -r /etc/apt/trusted.gpg.d /etc/apt/keyrings "$machine/etc/apt/" 2> /dev/null || true
	for file in "${NODE_EXTRA_CA_CERTS:-}" /usr/local/share/ca-certificates/*.crt; do
		[ -f "$file" ] && install -D -m 644 "$file" "$machine$file"
	done
	mount -t proc proc "$machine/proc"
	mount --rbind /dev "$machine/dev"
	mount --rbind /sys "$machine/sys"
	copy_checkout "$machine/src/earshot"
	if [ -d "$root/../shared" ]; then
		mkdir -p "$machine/src/shared"
		mount --bind "$root/../shared" "$machine/src/shared"
		mount -o remount,ro,bind "$machine/src/shared"
	fi
}

inside() {
	local pass=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-dumb}") name
	for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_EXTRA_CA_CERTS FUZZ_SECONDS; do
		[ -z "${!name:-}" ] || pass+=("$name=${!name}")
	done
	! command -v npm > /dev/null || pass+=("npm_config_registry=$(npm config get registry 2> /dev/null)")
	chroot "$machine" env -i "${pass[@]}" bash -c "cd /src/earshot && $1"
}

make_base
failed=0
for name in "${commands[@]}"; do
	machine=$folder/$name
	rm -rf --one-file-system "$machine"
	mkdir -p "$machine"
	tar -C "$machine" -xf "$folder/base.tar"
	settle_in
	echo "fresh: make $name, $(chroot "$machine" dpkg-query -f '.\n' -W | wc -l) packages installed before"
	started=$SECONDS
	if inside "make $name"; then
		echo "fresh: make $name: done in $((SECONDS - started)) s"
	else
		echo "fresh: make $name: FAILED after $((SECONDS - started)) s"
		failed=1
	fi
	umount -R -l "$machine"/{proc,dev,sys} "$machine/src/shared" 2> /dev/null || true
	machine=
done
exit $failed
