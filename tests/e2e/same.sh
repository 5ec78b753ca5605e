# shellcheck shell=bash disable=SC2154  # sourced after tests/tap.sh, $ccwtrace is the sourcing test's
# What every verb says of a recording on the machine that made it, and on this one.
#
#   in the guest, after `. /add/same.sh`:      verbs_there FILE...     writes FILE.VERB
#   here, after `. "$top/tests/e2e/same.sh"`:  verbs_same_here FILE... in the directory that has them

same_verbs="report stat hist errors slow show_--io export"

verb_csv() # CCWTRACE VERB FILE
{
	case $2 in
	show_--io) "$1" show --io -q --format csv "$3" ;;
	*) "$1" "$2" -q --format csv "$3" ;;
	esac
}

verbs_there()
{
	for file; do
		for verb in $same_verbs; do
			verb_csv ccwtrace "$verb" "$file" > "$file.$verb"
			echo "status $?" >> "$file.$verb"
		done
	done
}

verbs_same_here()
{
	for file; do
		for verb in $same_verbs; do
			is "$file: $verb: the same there and here" \
				"$(verb_csv "$ccwtrace" "$verb" "$file" 2>&1; echo "status $?")" "$(cat "$file.$verb")"
		done
		ok "$file: it says something" test "$(wc -l < "$file.show_--io")" -gt 2 # names of columns, an I/O, the status
	done
}
