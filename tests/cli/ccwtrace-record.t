#!/bin/bash
# Options of ccwtrace record, and refusals. Recording itself is in e2e/qemu/record.t.
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$tap_dir" || bail "no $tap_dir"

# refused NAME REGEX ARGUMENT...: bad usage, one line says why
refused()
{
	local name=$1 regex=$2

	shift 2
	status "$name: status 2" 2 "$ccwtrace" record "$@"
	like "$name: says why" "$tap_err" "^ccwtrace record: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
	is "$name: in one line" "$(wc -l <<< "$tap_err")" 1
}

for time in 0 -1 1x nan 1e9 inf 0x10 '' ' 1' 0s 1ss 1e99s 99999999999h; do
	refused "-d '$time'" "-d .*want seconds" -d "$time"
	refused "--flight '$time'" "--flight .*want a time" --flight "$time"
	refused "--on-latency '$time'" "--on-latency .*want a time" --flight 1s --on-latency "$time"
done
for size in 0 -1 63K 65535 1x 1KK nan '' 99999999T; do
	refused "--max-size '$size'" "--max-size .*want a size" --max-size "$size"
done
refused "--flight-memory 1023K" "--flight-memory .*want a size" --flight 1s --flight-memory 1023K
for n in 0 -1 1x 100001 ''; do
	refused "--max-files '$n'" "--max-files .*want a number" --max-size 1M --max-files "$n"
done
refused "--compress gzip" "--compress gzip: want zstd or none" --compress gzip
for kinds in '' none 'any,' ',any' unit-chec any,unit_check; do
	refused "--on-error '$kinds'" "--on-error .*want any" --flight 1s --on-error "$kinds"
done
# The expression may have spaces: all of it is one argument.
refused "--on-error: no such field" "--on-error colour == 1: want any, .* \(filter .*column 1: no such field" \
	--flight 1s --on-error 'colour == 1'
refused "--on-error: an expression behind kinds" "--on-error cc:dstat & XX: .*column 9: want device status" \
	--flight 1s --on-error 'cc:dstat & XX'
refused "--on-error: a time" "--on-error 5ms:cc: want any" --flight 1s --on-error 5ms:cc
refused "--on-latency: no expression" "--on-latency 5ms:: filter .*ends where" --flight 1s --on-latency 5ms:
refused "--on-latency: no time" "--on-latency cc: want a time" --flight 1s --on-latency cc
refused "--on-error: the second one" "--on-error nothing: want any" --flight 1s --on-error any --on-error nothing
for option in '--on-latency 1s' '--on-error any' '--flight-memory 1M'; do
	# shellcheck disable=SC2086  # words
	refused "$option without --flight" "--on-latency, .* are for --flight" $option
done
refused "--max-files alone" "--max-files is for" --max-files 3
refused "--flight and --max-size" "--flight or --max-size" --flight 1s --max-size 1M

finish
