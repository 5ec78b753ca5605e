# bash completion for ccwtrace, ccwtop and ccwio                              -*- shell-script -*-
# shellcheck shell=bash
# The commands themselves say what options they have: ccwtrace --dump-options prints its option
# tables, the help of the others has a line for each option.

# A line for each option: VERB LETTER LONG ARG VALUES, by tabs; "-" for what there is not.
_vfio_ccw_table()
{
	if [ "${1##*/}" = ccwtrace ]; then
		"$1" --dump-options 2>/dev/null
		return
	fi
	"$1" --help 2>/dev/null | sed -nE \
		-e 's/^ +(-.), (--[a-z-]+)[ =]([A-Z][A-Z,.-]*).*/-\t\1\t\2\t\3\t-/p;t' \
		-e 's/^ +(-.), (--[a-z-]+).*/-\t\1\t\2\t-\t-/p;t' \
		-e 's/^ +(--[a-z-]+)[ =]([A-Z][A-Z,.-]*).*/-\t-\t\1\t\2\t-/p;t' \
		-e 's/^ +(--[a-z-]+).*/-\t-\t\1\t-\t-/p'
}

_vfio_ccw_values()
{
	case $1 in
	subchannel | LIST | SUBCHANNEL)
		(cd /sys/bus/css/devices 2>/dev/null && printf '%s\n' 0.*.*) ;;
	device)
		ls /sys/bus/mdev/devices 2>/dev/null ;;
	event)
		sed -nE 's/^(vfio_ccw|s390):/\1:/p' /sys/kernel/tracing/available_events 2>/dev/null ;;
	*\|*)
		printf '%s\n' "$1" | tr '|' '\n' ;;
	max)
		echo max ;;
	esac
}

_vfio_ccw()
{
	local cmd=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local table verb=- values verbs

	COMPREPLY=()
	# readline has taken "--format=x" apart
	[ "$cur" = = ] && cur=
	[ "$prev" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}
	table=$(_vfio_ccw_table "$cmd")
	if [ "${cmd##*/}" = ccwtrace ]; then
		verbs=$(cut -f1 <<<"$table" | sort -u)
		if [ "$COMP_CWORD" = 1 ]; then
			mapfile -t COMPREPLY < <(compgen -W "$verbs --help --version" -- "$cur")
			return
		fi
		verb=${COMP_WORDS[1]}
	fi
	if [[ " ${COMP_WORDS[*]:0:COMP_CWORD} " == *" -- "* ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
	fi
	# the value of the option before
	values=$(awk -F'\t' -v v="$verb" -v o="$prev" '$1 == v && NF > 1 && $4 != "-" && ($2 == o || $3 == o) {
		print $5 == "-" ? "=" $4 : $5; exit }' <<<"$table")
	case $values in
	file | =FILE)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames 2>/dev/null; return ;;
	dir | =DIR)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur"); compopt -o filenames 2>/dev/null; return ;;
	command)
		mapfile -t COMPREPLY < <(compgen -c -- "$cur"); return ;;
	?*)
		mapfile -t COMPREPLY < <(compgen -W "$(_vfio_ccw_values "${values#=}")" -- "$cur"); return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(awk -F'\t' -v v="$verb" '$1 == v && NF > 1 {
			print $3; if ($2 != "-") print $2 }' <<<"$table")" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
	fi
}

complete -F _vfio_ccw ccwtrace ccwtop ccwio
