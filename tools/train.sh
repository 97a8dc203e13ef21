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
plain='zh_htl_train zh_waimai_train zh_shop10_train zh_smp_binary_train zh_chnsenticorp_train en_airline_train en_sst2_train'
for name in $plain; do
	zcat "$data/$name.tsv.gz" > "$work/$name.tsv"
done

# six emotions; surprise is neither
zcat "$data/zh_smp_emotion6_virus_train.tsv.gz" | awk -F'\t' -v OFS='\t' '
	NR == 1 { print "label", "text"; next }
	$1 == "happy" { print "positive", $NF }
	$1 == "neutral" { print "neutral", $NF }
	$1 == "angry" || $1 == "fear" || $1 == "sad" { print "negative", $NF }' > "$work/emotion.tsv"

# ratings of -4 to 4; those near nothing are left out
zcat "$data/en_vader_amazon.tsv.gz" | awk -F'\t' -v OFS='\t' '
	NR == 1 { print "label", "text"; next }
	$1 >= 1 { print "positive", $3 }
	$1 <= -1 { print "negative", $3 }' > "$work/amazon.tsv"

without=()
for file in "$data"/*_dev.tsv.gz "$data"/zh_eprstmt_fewshot.tsv.gz; do
	name=$(basename "$file" .tsv.gz)
	zcat "$file" > "$work/$name.tsv"
	without+=(--without "$work/$name.tsv")
done
"$earshot" train --out "$out" --name earshot-1 "${without[@]}" $(printf "$work/%s.tsv " $plain) "$work/emotion.tsv" "$work/amazon.tsv"
