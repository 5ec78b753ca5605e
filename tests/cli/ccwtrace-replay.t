#!/bin/bash
# ccwtrace replay: options, text at the recorded pace, refusals. On devices: tests/e2e.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
mixed=$fixtures/qemu-mixed.dat
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

refused()
{
	local name=$1 wanted=$2 regex=$3

	shift 3
	status "$name: status $wanted" "$wanted" "$ccwtrace" replay "$@"
	like "$name: says why" "$tap_err" "^ccwtrace[a-z ]*: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
}
for n in 0 -1 x 1x ''; do
	refused "count '$n'" 2 "-n .*want a number" -n "$n"
done
for speed in 0 -1 x 1x nan inf '' fast; do
	refused "speed '$speed'" 2 "--speed .*want a number, more than 0, or max" --speed "$speed"
done
for seconds in -1 x 1x nan ''; do
	refused "seek '$seconds'" 2 "--seek .*want seconds" --seek "$seconds"
done
refused "timeout" 2 "--timeout 0: want seconds" --device 0.0.0001 --timeout 0
refused "format" 2 "no format 'csv': want text or json" --device 0.0.0001 --format csv
for option in --allow-writes --skip "--timeout 3" "--format json"; do
	# shellcheck disable=SC2086  # words
	refused "$option without --device" 2 "${option%% *} goes with --device" $option "$mixed"
done
refused "two recordings" 2 "'b' is too much: one recording" a b
refused "an option after the recording" 2 "--speed.*x" "$mixed" --speed x
refused "no recording" 1 ".*none.dat: no such file" /nowhere/none.dat
refused "no programs in it" 1 ".*qemu-mixed.dat: no channel programs in it: record them with -e" --device 0.0.0001 "$mixed"

# what is refused before a device is looked for
programs=$fixtures/programs.dat
refused "programs of several subchannels" 1 "programs of several subchannels" --device 0.0.0001 "$programs"
refused "programs of other times" 1 ".*programs.dat: its channel programs are of other subchannels or times" \
	--device 0.0.0001 --seek 50 "$programs"
refused "programs of other subchannels" 1 ".*its channel programs are of other" --device 0.0.0001 -s 0.0.0009 "$programs"

# --- text ---

status "flat out" 0 "$ccwtrace" replay --speed max "$mixed"
is "every I/O" "$(wc -l <<< "$tap_out")" 344
is "in order of time" "$(md5sum <<< "$tap_out")" "$(sort -n -s -k1,1 <<< "$tap_out" | md5sum)"
like "a line" "$tap_out" ' 0.0.0003 #1 03 NOP  1.29ms \(translate 902us, start 132us, device 67.6us, deliver 191us\)  100 CCWs, 0 bytes  ok'
is "failed ones" "$(grep -c 'UNIT CHECK\|PGMCHK' <<< "$tap_out")" 17
all=$tap_out
status "one subchannel" 0 "$ccwtrace" replay --speed max -s 0.0.0003 -i "$mixed"
is "one subchannel: its I/Os" "$(grep -c ' 0.0.0003 #' <<< "$tap_out"),$(wc -l <<< "$tap_out")" 40,40
status "the first ones" 0 "$ccwtrace" replay --speed max -n 5 "$mixed"
is "the first ones: five" "$tap_out" "$(head -n 5 <<< "$all")"
status "from a time on" 0 "$ccwtrace" replay --speed max --seek 2 "$mixed"
is "from a time on: those" "$tap_out" "$(awk '$1 >= 2' <<< "$all")"
status "from behind the end on" 0 "$ccwtrace" replay --speed max --seek 1e9 "$mixed"
is "from behind the end on: none" "$tap_out" ""
like "from behind the end on: says so" "$tap_err" 'nothing to show: --seek 1e\+09 is past its end, it is 4\.07'
status "from the last record on" 0 "$ccwtrace" replay --speed max --seek 4 "$mixed"
is "from the last record on: not a word" "$tap_err" ""

status "--since and --until" 0 "$ccwtrace" replay --speed max --since 2 --until 3 "$mixed"
is "--since and --until: those" "$tap_out" "$(awk '$1 >= 2 && $1 <= 3' <<< "$all")"
status "--filter" 0 "$ccwtrace" replay --speed max --filter 'dstat & UC' "$mixed"
is "--filter: those" "$tap_out" "$(grep 'UNIT CHECK' <<< "$all")"
refused "--filter: nonsense" 2 "--filter colour == 1: " --filter 'colour == 1' "$mixed"

# paced ARGUMENT...: milliseconds that it took, and it shows the same lines
paced()
{
	local begin

	begin=$(date +%s%3N)
	"$ccwtrace" replay "$@" "$mixed" > "$tap_dir/lines"
	echo $(($(date +%s%3N) - begin))
}
# from 3 s to the last I/O at 4.03 s; upper bounds would depend on the machine
ok "the recorded pace: not faster" test "$(paced --seek 3)" -ge 1000
is "the recorded pace: the same lines" "$(cat "$tap_dir/lines")" "$(awk '$1 >= 3' <<< "$all")"
ok "half as fast: not faster" test "$(paced --seek 3.5 --speed 0.5)" -ge 1000
# eleven hours would pass
"$ccwtrace" replay --speed 0.0001 "$mixed" > "$tap_dir/slow" &
until [ $((0x$(awk '/^SigCgt/ { print $2 }' /proc/$!/status) & 2)) -ne 0 ]; do sleep 0.1; done
kill -INT $!
wait $!
is "Ctrl-C: status 0" $? 0
status "events were lost: status 3" 3 "$ccwtrace" replay --speed max "$fixtures/s390x-lost.dat"
like "events were lost: marked where" "$tap_out" '--- 1633 events lost on CPU [0-9]+ ---'
like "events were lost: said" "$tap_err" 'events are missing'
ok "a full disk: an error" test "$("$ccwtrace" replay --speed max "$mixed" 2>&1 >/dev/full; echo $?)" != 0
finish
