#!/bin/bash
# Makes models/earshot.model from the labelled texts of ../shared/data/text: tools/train.sh EARSHOT [OUT]
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

without=()
for file in "$data"/*_dev.tsv.gz "$data"/zh_eprstmt_fewshot.tsv.gz; do
	name=$(basename "$file" .tsv.gz)
	zcat "$file" > "$work/$name.tsv"
	without+=(--without "$work/$name.tsv")
done
"$earshot" train --out "$out" --name earshot-1 "${without[@]}" $(printf "$work/%s.tsv " $plain) \
	"$work"/{emotion,airline,sst2,amazon}.tsv
