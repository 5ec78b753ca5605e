#!/bin/bash
# ccwtrace diff on recordings: changes, threshold
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
	status "$name: status 2" 2 "$ccwtrace" diff "$@"
	like "$name: says why" "$tap_err" "^ccwtrace diff: .*$regex"
	is "$name: nothing on stdout" "$tap_out" ""
}

status "text" 0 "$ccwtrace" diff s390x-detail.dat s390x-ccwtrace.dat
like "all of it" "$tap_out" 'all +I/Os +120 +88 +-26\.7%'
status "the same twice" 0 "$ccwtrace" diff --threshold 0 s390x-detail.dat s390x-detail.dat
is "the same twice: no changes" "$(grep -c '^0\.\|^all' <<< "$tap_out")" 0
status "--all" 0 "$ccwtrace" diff --all s390x-detail.dat s390x-detail.dat
ok "--all: every number" test "$(grep -c '^all ' <<< "$tap_out")" -eq 19
status "over the threshold: status 4" 4 "$ccwtrace" diff --threshold 50 s390x-detail.dat s390x-ccwtrace.dat
like "over the threshold: which" "$tap_out" 'total mean .*over the threshold'
is "what got better is not over it" "$("$ccwtrace" diff --threshold 0 s390x-ccwtrace.dat s390x-detail.dat | grep -c -e '-[0-9.]*% .*over the threshold')" 0
status "csv" 0 "$ccwtrace" diff --format csv s390x-detail.dat s390x-ccwtrace.dat
for sch in 0.0.0001 all; do
	is "csv: $sch: means are those of stat" "$(awk -F, -v s=$sch '$1 == s && $2 == "total mean" { printf "%.0f %.0f\n", $3, $4 }' <<< "$tap_out")" \
		"$(for f in s390x-detail.dat s390x-ccwtrace.dat; do "$ccwtrace" stat --format csv $f | awk -F, -v s=$sch '$1 == s && $15 == "total" { printf "%.0f ", $17 / $16 }'; done | sed 's/ $//')"
done
status "json" 4 "$ccwtrace" diff --threshold 50 --format json s390x-detail.dat s390x-ccwtrace.dat
like "json: over the threshold" "$tap_out" '"over_threshold": ?true'
status "other subchannels" 0 "$ccwtrace" diff -s 0.0.0001,0.0.0008 --format csv s390x-stock.dat s390x-kernel-driver.dat
like "other subchannels: gone" "$tap_out" '0\.0\.0008,I/Os,2\.00,0\.00,-100'
like "other subchannels: new" "$tap_out" '0\.0\.0001,I/Os,0\.00,50\.00,,'
status "one that is not complete" 3 "$ccwtrace" diff --threshold 1 s390x-detail.dat s390x-lost.dat
refused "one recording" "want two recordings" s390x-detail.dat
refused "three recordings" "want two recordings" a b c
for percent in -1 x '' nan; do
	refused "threshold '$percent'" "want percent" --threshold "$percent" a b
done
status "no such file" 1 "$ccwtrace" diff nowhere.dat s390x-detail.dat

finish
