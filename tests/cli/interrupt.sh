# shellcheck shell=bash disable=SC2154  # sourced after tests/tap.sh
# A verb that is ended while it writes to a file.

# long_recording FROM TO: one of version 6, big endian, its last CPU's pages again and again: 80 MB
long_recording()
{
	local at size offset

	at=$(($(grep -abo -m 1 flyrecord "$1" | head -n 1 | cut -d: -f1) + 10 + 16))
	offset=$((16#$(od -An -tx1 -j $at -N 8 "$1" | tr -d ' \n')))
	size=$((16#$(od -An -tx1 -j $((at + 8)) -N 8 "$1" | tr -d ' \n')))
	[ $((offset + size)) -eq "$(stat -c %s "$1")" ] || return
	cp "$1" "$2"
	tail -c "$size" "$1" > "$2.pages"
	while [ "$(stat -c %s "$2.pages")" -lt 10000000 ]; do
		cat "$2.pages" "$2.pages" > "$2.more" && mv "$2.more" "$2.pages"
	done
	cat "$2.pages" "$2.pages" "$2.pages" "$2.pages" "$2.pages" "$2.pages" >> "$2"
	size=$(printf %016x $((size + 6 * $(stat -c %s "$2.pages"))))
	# shellcheck disable=SC2059  # bytes
	printf "$(sed 's/../\\x&/g' <<< "$size")" | dd of="$2" bs=1 seek=$((at + 8)) conv=notrunc 2> /dev/null
	rm "$2.pages"
}

# interrupted SIGNAL OUTPUT COMMAND...: COMMAND writes to OUTPUT, and SIGNAL comes while it does
interrupted()
{
	local signal=$1 output=$2 pid try got

	shift 2
	# The machine may be so busy that the command is done before the signal comes.
	for ((try = 0; try < 10; try++)); do
		rm -f "$output"*
		# in the background bash has SIGINT ignored
		perl -e '$SIG{$_} = "DEFAULT" for qw(INT QUIT HUP); exec @ARGV' "$@" > .out 2> .err &
		pid=$!
		until compgen -G "$output.??????" > /dev/null || ! kill -0 $pid 2> /dev/null; do
			:
		done
		kill -s "$signal" $pid 2> /dev/null
		wait $pid 2> /dev/null
		got=$?
		[ $got -eq 0 ] || break
	done
	is "$signal: ends it" "$(kill -l $got 2> /dev/null || echo "status $got")" "$signal"
	is "$signal: no file is left" "$(compgen -G "$output*")" ""
}
