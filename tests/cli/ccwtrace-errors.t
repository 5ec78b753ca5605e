#!/bin/bash
# ccwtrace errors on recordings: kinds, times, meanings
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
	status "$name: status 2" 2 "$ccwtrace" errors "$@"
	like "$name: says why" "$tap_err" "^ccwtrace errors: .*$regex"
	is "$name: nothing on stdout" "$tap_out" ""
}

status "text" 0 "$ccwtrace" errors -v s390x-detail.dat
like "kinds" "$tap_out" '24|unit check'
like "status is explained" "$tap_out" 'dstat UC +unit check: '
like "sense is explained" "$tap_out" 'sense 0\.80 +command reject: '
like "channel checks are explained" "$tap_out" 'cstat PGMCHK +program check: '
like "-v: the last one" "$tap_out" 'last: seq=[0-9]+ cpu=[01] flags='
status "refusals" 0 "$ccwtrace" errors s390x-ccwtrace.dat
like "an errno is explained" "$tap_out" '-EACCES +no path of the ORB'
status "csv" 0 "$ccwtrace" errors --format csv s390x-detail.dat
is "csv: as many as report says" "$(awk -F, 'NR > 1 { n += $2 } END { print n }' <<< "$tap_out")" \
	"$("$ccwtrace" report --format csv s390x-detail.dat | awk -F, '$15 == "total" { n += $8 + $9 + $10 + $11 + $12 + $13 + $14 } END { print n }')"
if command -v trace-cmd >/dev/null; then
	is "csv: unit checks, first and last time are those of trace-cmd report" \
		"$(awk -F, '$3 == "unit check" { n[$1] += $2; if (!f[$1] || $11 < f[$1]) f[$1] = $11; if ($12 > l[$1]) l[$1] = $12 }
			END { for (s in n) print s, n[s], l[s] - f[s] }' <<< "$tap_out" | sort)" \
		"$(trace-cmd report -t -i s390x-detail.dat 2>/dev/null | awk '/ vfio_ccw_io: .*dstat=[A-Z|]*UC/ {
			match($0, /sch=[0-9a-f.]+/); s = substr($0, RSTART + 4, RLENGTH - 4); split($3, t, "[.:]"); ts = t[1] * 1e9 + t[2]
			n[s]++; if (!f[s]) f[s] = ts; l[s] = ts } END { for (s in n) print s, n[s], l[s] - f[s] }' | sort)"
else
	skip "against trace-cmd" "trace-cmd is not installed"
fi
status "json" 0 "$ccwtrace" errors --format json s390x-detail.dat
like "json: meanings" "$tap_out" '"means":[^]]*command reject'
status "nothing failed" 0 "$ccwtrace" errors --filter 'result == ok' s390x-detail.dat
like "nothing failed: said" "$tap_out" 'Nothing failed'
status "without vfio_ccw_io" 0 "$ccwtrace" errors s390x-kernel-driver.dat
like "without vfio_ccw_io: sense" "$tap_out" 'UNIT CHECK sense=80'
is "without vfio_ccw_io: no command is made up" "$(grep -c cmd= <<< "$tap_out")" 0
status "lost events" 3 "$ccwtrace" errors s390x-lost.dat

finish
