#!/bin/bash
# Completion in a real bash and a real zsh, and manual pages: every option of every verb.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

[ -x "$top/build/host/bin/ccwtrace" ] || bail "ccwtrace is not built"
PATH=$top/build/host/bin:$PATH
cd "$tap_dir" || bail "no $tap_dir"
mkdir sub && touch one.dat two.dat

# bash_offers WORD...: what a bash offers for the last word
bash_offers()
{
	bash --norc -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
		_vfio_ccw; printf "%s\n" "${COMPREPLY[@]}"' bash "$top/tools/completion/vfio-ccw.bash" "$@" | sort | tr '\n' ' '
}
# zsh_offers: the same of a zsh, with its completion system, on a terminal of its own
zsh_offers()
{
	python3 "$top/tests/cli/zsh-complete" "$top/tools/completion" "$@" | sort | tr '\n' ' '
}
table=$(ccwtrace --dump-options)
verbs=$(cut -f1 <<< "$table" | sort -u | tr '\n' ' ')
options_of()
{
	awk -F'\t' -v v="$1" '$1 == v && NF > 1 { print $3; if ($2 != "-") print $2 }' <<< "$table" | sort | tr '\n' ' '
}

is "bash: verbs" "$(bash_offers ccwtrace '')" "$(tr ' ' '\n' <<< "$verbs--help --version" | sort | tr '\n' ' ')"
is "bash: a verb begun" "$(bash_offers ccwtrace repo)" "report "
for verb in $verbs; do
	is "bash: options of $verb" "$(bash_offers ccwtrace "$verb" -)" "$(options_of "$verb")"
done
is "bash: words of an option" "$(bash_offers ccwtrace export --format '')" "chrome csv html ndjson perfetto "
is "bash: a word begun" "$(bash_offers ccwtrace export --format p)" "perfetto "
is "bash: files of an option" "$(bash_offers ccwtrace report -i o)" "one.dat "
is "bash: a recording as operand" "$(bash_offers ccwtrace show t)" "two.dat "
like "bash: a command after --" "$(bash_offers ccwtrace record -- tru)" '(^| )true '
for tool in ccwtop ccwio; do
	for option in $($tool --help | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		like "bash: $tool $option" "$(bash_offers $tool "$option")" "(^| )$option "
	done
done

if command -v zsh > /dev/null && [ -n "$(python3 -c 'print(1)' 2> /dev/null)" ]; then
	is "zsh: verbs" "$(zsh_offers ccwtrace '')" "$(tr ' ' '\n' <<< "$verbs--help --version" | sort | tr '\n' ' ')"
	is "zsh: options of record" "$(zsh_offers ccwtrace record -)" "$(options_of record)"
	is "zsh: words of an option" "$(zsh_offers ccwtrace export --format '')" "chrome csv html ndjson perfetto "
	is "zsh: options of ccwtop begin alike" "$(zsh_offers ccwtop --ba)" "--batch "
else
	skip "zsh" "zsh or python3 is not installed"
fi

# --- every option has its paragraph in the manual, and every paragraph its option ---

for verb in $verbs; do
	is "manual: options of $verb" \
		"$(grep -oE '^\*?(\*-.\*, )?\*--[a-z-]+' "$top/docs/man/ccwtrace-$verb.1.scd" | grep -oE -- '--[a-z-]+' | sort -u | tr '\n' ' ')" \
		"$(awk -F'\t' -v v="$verb" '$1 == v && NF > 1 { print $3 }' <<< "$table" | sort -u | tr '\n' ' ')"
	like "manual: $verb is in ccwtrace(1)" "$(cat "$top/docs/man/ccwtrace.1.scd")" "ccwtrace-$verb"
done
for tool in ccwtop ccwio; do
	for option in $($tool --help | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		ok "manual: $tool $option" grep -qE "^[*](-.*[*])?${option}[*]" "$top/docs/man/$tool.1.scd"
	done
done
finish
