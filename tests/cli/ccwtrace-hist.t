#!/bin/bash
# ccwtrace hist on recordings: bars, map, buckets
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$fixtures" || bail "$fixtures is missing"

# refused NAME REGEX ARGUMENT...: bad usage, said in one line
refused()
{
	local name=$1 regex=$2

	shift 2
	status "$name: status 2" 2 "$ccwtrace" hist "$@"
	like "$name: says why" "$tap_err" "^ccwtrace hist: .*$regex"
	is "$name: nothing on stdout" "$tap_out" ""
}

status "text" 0 "$ccwtrace" hist --ascii --width 80 s390x-ccwtrace.dat
is "bars: I/Os of all lines" "$(awk '/^ +[0-9.]+[nmu]?s +[0-9]+ +[0-9.]+%/ { n += $2 } END { print n }' <<< "$tap_out")" 88
like "the last line is all of them" "$tap_out" '100\.00%'
like "a map" "$tap_out" 'total OVER TIME'
ok "no line is wider than asked for" test "$(awk '/\|/ && length($0) > w { w = length($0) } END { print w }' <<< "$tap_out")" -le 80
is "--ascii: no other characters" "$(LC_ALL=C grep -c '[^ -~]' <<< "$tap_out")" 0
status "blocks in an UTF-8 locale" 0 env LC_ALL=C.UTF-8 "$ccwtrace" hist s390x-ccwtrace.dat
like "blocks" "$tap_out" '█'
status "none in another" 0 env LC_ALL=C "$ccwtrace" hist s390x-ccwtrace.dat
is "no blocks" "$(LC_ALL=C grep -c '[^ -~]' <<< "$tap_out")" 0
COLUMNS=50 status "COLUMNS" 0 "$ccwtrace" hist --ascii s390x-ccwtrace.dat
for columns in 40 61 80 132; do
	COLUMNS=$columns status "COLUMNS=$columns" 0 "$ccwtrace" hist --ascii --stage all s390x-ccwtrace.dat
	is "COLUMNS=$columns: no line is wider" "$(tail -n +2 <<< "$tap_out" | awk -v n=$columns 'length > n')" ""
done
status "json" 0 "$ccwtrace" hist --width 60 --format json s390x-ccwtrace.dat
is "map: every I/O is in a cell" "$(tr -d ' \n' <<< "$tap_out" | sed 's/.*"heat"//' | grep -oE '"ios":\[[0-9,]*\]' | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n }')" 88
status "csv" 0 "$ccwtrace" hist --stage all --format csv s390x-ccwtrace.dat
for stage in translate device total; do
	is "csv: $stage counts are those of stat" "$(awk -F, -v s=$stage '$2 == s { n[$1] += $5 } END { for (k in n) print k, n[k] }' <<< "$tap_out" | sort)" \
		"$("$ccwtrace" stat --format csv s390x-ccwtrace.dat | awk -F, -v s=$stage '$15 == s && $1 != "all" { print $1, $16 }')"
done
is "csv: buckets do not overlap" "$(awk -F, 'NR > 1 { if ($1 $2 == last && $3 <= high) bad++; last = $1 $2; high = $4 } END { print bad + 0 }' <<< "$tap_out")" 0
status "without vfio_ccw_io: device" 0 "$ccwtrace" hist --ascii s390x-kernel-driver.dat
like "without vfio_ccw_io: says which" "$tap_out" 'device OVER TIME'
status "a stage that is not known" 0 "$ccwtrace" hist --stage deliver s390x-kernel-driver.dat
like "a stage that is not known: said" "$tap_out" 'does not tell the stage deliver'
status "lost events" 3 "$ccwtrace" hist --ascii s390x-lost.dat
like "lost events: marked on the time line" "$tap_out" 'lost \| +!'
status "filtered to nothing" 0 "$ccwtrace" hist --filter 'seq == 999999' s390x-ccwtrace.dat
like "filtered to nothing: said" "$tap_out" 'No I/Os'
refused "stage" "no stage 'x'" --stage x
refused "width" "want" --width 10
refused "width" "want a number" --width abc

finish
