#!/bin/bash
# ccwtrace fsm on recordings: times and transitions
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
	status "$name: status 2" 2 "$ccwtrace" fsm "$@"
	like "$name: says why" "$tap_err" "^ccwtrace fsm: .*$regex"
	is "$name: nothing on stdout" "$tap_out" ""
}

status "text" 0 "$ccwtrace" fsm s390x-detail.dat
like "a transition" "$tap_out" 'ACTIVE +FINAL +IDLE +40 +0'
status "csv" 0 "$ccwtrace" fsm --format csv s390x-detail.dat
if command -v trace-cmd >/dev/null; then
	is "transitions are those of trace-cmd report" "$(awk -F, 'NR > 1 { print $1, $2, $3, $4, $5 }' <<< "$tap_out" | sort)" \
		"$(trace-cmd report -i s390x-detail.dat 2>/dev/null | awk '/ vfio_ccw_fsm: / {
			for (i = 1; i <= NF; i++) { n = index($i, "="); if (n) v[substr($i, 1, n - 1)] = substr($i, n + 1) }
			c[v["sch"] " " v["from"] " " v["event"] " " v["to"]]++ } END { for (k in c) print k, c[k] }' | sort)"
	is "time in ACTIVE is that of trace-cmd report" "$(awk -F, '$1 == "0.0.0001" && $2 == "ACTIVE" { print $7; exit }' <<< "$tap_out")" \
		"$(trace-cmd report -t -i s390x-detail.dat 2>/dev/null | awk '/ vfio_ccw_fsm: .*sch=0.0.0001/ { split($3, t, "[.:]"); ts = t[1] * 1e9 + t[2]
			if (/from=ACTIVE/) n += ts - last; last = ts } END { print n }')"
else
	skip "against trace-cmd" "trace-cmd is not installed"
fi
status "json" 0 "$ccwtrace" fsm --format json s390x-detail.dat
is "json: the times of a subchannel are the whole recording" "$(tr -d ' \n' <<< "$tap_out" | grep -oE '"state_ns":\{[^}]*\}' | while read -r l; do
	grep -oE ':[0-9]+' <<< "$l" | tr -d : | awk '{ n += $1 } END { print n }'; done | sort -u | wc -l)" 1
status "-s" 0 "$ccwtrace" fsm -s 0.0.0002 --format csv s390x-detail.dat
is "-s: that one alone" "$(awk -F, 'NR > 1 { print $1 }' <<< "$tap_out" | sort -u)" 0.0.0002
status "without the event" 0 "$ccwtrace" fsm s390x-stock.dat
like "without the event: says so" "$tap_out" 'vfio_ccw_fsm was not recorded'
status "lost events" 3 "$ccwtrace" fsm s390x-lost.dat

finish
