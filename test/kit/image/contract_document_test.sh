#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# contract_document_test.sh RULES DOCUMENT: every rule of the table is in the document, and every
# rule of the document in the table.
set -u
in_table=$(grep -oE '^    \{"[a-z0-9-]+"' "$1" | tr -d ' {"' | sort)
in_document=$(grep -E '^\| `' "$2" | cut -d'|' -f2 | grep -oE '`[^`]+`' | tr -d '`' | sort)
[[ -n $in_table ]] || { echo "no rules found in $1"; exit 1; }
diff <(echo "$in_table") <(echo "$in_document") ||
    { echo "< only in $1, > only in $2"; exit 1; }
