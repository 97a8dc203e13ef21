#!/bin/bash
# The demo: a small site on loopback, `earshot up` on a folder of its own, and the story of a crisis told while it happens.
# `make demo` calls it. Ends by itself within a minute; KEEP=1 leaves everything running until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
earshot=${EARSHOT:-$root/build/earshot}
folder=$(mktemp -d "${TMPDIR:-/tmp}/earshot-demo-XXXXXX")
web= up=

clean_up() {
	trap '' INT TERM
	[ -z "$up" ] || kill -TERM "$up" 2>/dev/null || true
	[ -z "$up" ] || wait "$up" 2>/dev/null || true
	[ -z "$web" ] || kill -TERM "$web" 2>/dev/null || true
	[ -z "$web" ] || wait "$web" 2>/dev/null || true
	rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder/rules" "$folder/feeds" "$folder/secrets" "$folder/data"
chmod 700 "$folder/secrets"

python3 tests/support/fakeweb.py --port 0 --port-file "$folder/port" --script tests/demo/site/posts.jsonl > "$folder/web.log" 2>&1 &
web=$!
for _ in $(seq 100); do
	[ -s "$folder/port" ] && break
	sleep 0.1
done
[ -s "$folder/port" ] || { echo "demo: the small site did not start:" >&2; cat "$folder/web.log" >&2; exit 1; }
site=http://127.0.0.1:$(cat "$folder/port")

# A key of this run for the signed webhook, and a token for the chat group.
echo "whsec_$(python3 -c 'import base64, os; print(base64.b64encode(os.urandom(24)).decode())')" > "$folder/secrets/pr-desk"
echo demo-group-token > "$folder/secrets/pr-group"
chmod 600 "$folder/secrets/"*

cat > "$folder/earshot.conf" <<END
[earshot]
rules = $root/rules, $root/tests/demo/rules, rules
feeds = feeds
data = data
contact = the demo of earshot
[console]
port = 0
[tick]
every = 5s
END

for feed in news.xml:news blog.json:blog forum.xml:forum; do
	cat >> "$folder/feeds/demo.conf" <<END
[source demo-${feed#*:}]
url = $site/${feed%:*}
family = ${feed#*:}
every = 2s
delay = 200ms
allow_cidr = 127.0.0.0/8
END
done

cat > "$folder/rules/routes.conf" <<END
# The PR desk's own receiver, in English, signed; a chat group in Chinese; and the shipped log file.
[target pr-desk]
channel = webhook
lang = en
url = $site/sink/pr
secret_file = $folder/secrets/pr-desk
allow_cidr = 127.0.0.0/8

[target pr-group]
channel = wecom
lang = zh
url = $site/sink/wecom-pr
token_file = $folder/secrets/pr-group
allow_cidr = 127.0.0.0/8

[route everything]
brands = *
level = blue
events = *
targets = log, pr-desk, pr-group
END

# The crisis begins with the start of earshot, not with that of the site.
python3 -c 'import sys, urllib.request as u; u.urlopen(u.Request(sys.argv[1] + "/clock", method="PUT", data=b""), timeout=5)' "$site"
"$earshot" up --config "$folder/earshot.conf" --data "$folder/data" > "$folder/up.out" 2> "$folder/up.log" &
up=$!
EARSHOT=$earshot python3 tests/demo/story.py "$folder" "$site" "$up"

if [ -n "${KEEP:-}" ]; then
	echo "Everything stays up: the console is at $(cat "$folder/data/console.url"). Ctrl-C ends it."
	wait "$up"
fi
