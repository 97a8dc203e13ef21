#!/bin/bash
# Makes models/earshot.model from the labelled texts of ../shared/data/text (the mood) and of models/texts (nature, category, urgency,
# label toward the brand): tools/train.sh EARSHOT [OUT]
# This is the recipe: which sets, how their labels are read, and which texts are kept for measuring (any text of a *_dev file
# stays out wherever it stands). The texts do not travel with earshot, the weights do; models/CARD.md says what they are.
set -euo pipefail
earshot=$1
out=${2:-models/earshot.model}
data=../shared/data/text
[ -d "$data" ] || { echo "tools/train.sh: $data is not there; the model in models/ stays as it is" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# label and text are columns already
plain='zh_htl_train zh_waimai_train zh_shop10_train zh_smp_binary_train zh_chnsenticorp_train'
for name in $plain; do
	zcat "$data/$name.tsv.gz" > "$work/$name.tsv"
done

# English sets say what kind of texts they hold
with_kind() { # COLUMN of the label, COLUMN of the text, KIND
	awk -F'\t' -v OFS='\t' -v label="$1" -v text="$2" -v kind="$3" 'NR == 1 { print "label", "kind", "text"; next } { print $label, kind, $text }'
}
zcat "$data/en_airline_train.tsv.gz" | with_kind 4 6 service > "$work/airline.tsv"
zcat "$data/en_sst2_train.tsv.gz" | with_kind 1 3 review > "$work/sst2.tsv"

# six emotions; surprise is neither
zcat "$data/zh_smp_emotion6_virus_train.tsv.gz" | awk -F'\t' -v OFS='\t' '
	NR == 1 { print "label", "text"; next }
	$1 == "happy" { print "positive", $NF }
	$1 == "neutral" { print "neutral", $NF }
	$1 == "angry" || $1 == "fear" || $1 == "sad" { print "negative", $NF }' > "$work/emotion.tsv"

# ratings of -4 to 4: near nothing is neutral, between is left out
zcat "$data/en_vader_amazon.tsv.gz" | awk -F'\t' -v OFS='\t' '
	NR == 1 { print "label", "kind", "text"; next }
	$1 >= 1 { print "positive", "review", $3 }
	$1 <= -1 { print "negative", "review", $3 }
	$1 >= -0.3 && $1 <= 0.3 { print "neutral", "review", $3 }' > "$work/amazon.tsv"

# Classes are learnt beside the words of rules/. The model in the binary is left out of it: after a change of its format or name it
# could not be read; so the protected posts are counted beside the words alone, which know some of them by heart: look at the report.
cp -r rules "$work/rules"
sed -i 's/^model = .*/model = none/' "$work/rules/scoring.conf"
printf '[earshot]\nrules = %s\n' "$work/rules" > "$work/train.conf"

# Reviews and posts to airlines as what is said toward a brand: a few are kept from the mood, so that the classes learn how far
# they can trust it. Who gives one star complains, who gives five praises; what a neutral post does is not said.
toward() { # TABLE, EVERY: takes every so manyth row out of the table and writes it as classes
	awk -F'\t' -v OFS='\t' -v every="$2" -v rest="$1.rest" '
		NR == 1 { print > rest; next }
		NR % every != 0 { print > rest; next }
		$1 == "0" || $1 == "negative" { print "complaint", "negative", "", $3 }
		$1 == "1" || $1 == "positive" { print "praise", "positive", "", $3 }
		$1 == "neutral" { print "-", "neutral", "", $3 }' "$1"
	mv "$1.rest" "$1"
}
{
	printf 'nature\tsentiment\tbrand\ttext\n'
	toward "$work/zh_htl_train.tsv" 6
	toward "$work/zh_waimai_train.tsv" 8
	toward "$work/zh_shop10_train.tsv" 10
	toward "$work/airline.tsv" 25
} > "$work/toward.tsv"

without=()
for file in "$data"/*_dev.tsv.gz "$data"/zh_eprstmt_fewshot.tsv.gz; do
	name=$(basename "$file" .tsv.gz)
	zcat "$file" > "$work/$name.tsv"
	without+=(--without "$work/$name.tsv")
done
"$earshot" train --config "$work/train.conf" --alone --force --out "$out" --name earshot-2 "${without[@]}" $(printf "$work/%s.tsv " $plain) \
	"$work"/{emotion,airline,sst2,amazon}.tsv models/texts/posts_{zh,en,daily_zh,daily_en,phrases_zh,phrases_en,plain}.tsv "$work/toward.tsv"

# Texts that name two brands: our own ones (scenes: wry; hard: irony, scenery, wrong suspicion; daily: in common words; phrases: the commonest ones; plain: put together
# from lists; trades: trade by trade in its own words; variety: as many ways to say it as there are; voices: by people of all kinds), and our posts as texts that name one. Some five minutes.
two=$(LC_ALL=C ls models/texts/two_*.tsv)
"$earshot" train --config "$work/train.conf" --stance --out "$(dirname "$out")/stance.model" $two models/texts/posts_{zh,en,daily_zh,daily_en,phrases_zh,phrases_en}.tsv
