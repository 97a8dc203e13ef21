#!/bin/bash
# Generated documents are those that the binary prints today. Without a binary there is nothing to compare with.
cd "${1:-$(dirname "$0")/../..}" || exit 1
exec tools/docs.sh --check
