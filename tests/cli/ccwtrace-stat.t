#!/bin/bash
# ccwtrace stat on recordings: filters, threads, losses, agreement with trace-cmd
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
	status "$name: status 2" 2 "$ccwtrace" stat "$@"
	like "$name: says why" "$tap_err" "^ccwtrace stat: .*$regex"
	is "$name: nothing on stdout" "$tap_out" ""
}

# --- against an awk over trace-cmd report ---

# every I/O as "sch device translate start deliver"
ios()
{
	trace-cmd report -t -i "$1" 2> /dev/null | awk '/ vfio_ccw_io: / {
		delete v
		for (i = 1; i <= NF; i++) { n = index($i, "="); if (n) v[substr($i, 1, n - 1)] = substr($i, n + 1) }
		print v["sch"], v["seq"], v["translate_ns"], v["start_ns"], v["device_ns"], v["deliver_ns"], v["bytes"], v["ccws"], v["rc"] }'
}

for file in s390x-ccwtrace.dat s390x-detail.dat qemu-mixed.dat trace-cmd-3.1.6-v6.dat trace-cmd-3.3.1-v7.dat; do
	status "$file: csv" 0 "$ccwtrace" stat --format csv $file
	if ! command -v trace-cmd >/dev/null; then
		skip "$file: against trace-cmd" "trace-cmd is not installed"
		continue
	fi
	is "$file: I/Os, bytes, CCWs, latencies are those of an awk over trace-cmd report" \
		"$(awk -F, 'NR > 1 && $1 != "all" && $15 == "translate" { print $1, $2, $6, $4, $17, $18, $23 }' <<< "$tap_out")" \
		"$(ios $file | awk '{ n[$1]++; bytes[$1] += $7; ccws[$1] += $8; sum[$1] += $3
			if (!($1 in min) || $3 < min[$1]) min[$1] = $3
			if ($3 > max[$1]) max[$1] = $3 }
			END { for (s in n) print s, n[s], bytes[s], ccws[s], sum[s], min[s], max[s] }' | sort)"
	# nearest rank of the sorted values, and 3.2 % around it
	is "$file: percentiles are within 3.2 %" "$(ios $file | sort -n -k3 | awk -F' ' -v csv="$(grep '^all,' <<< "$tap_out" | grep ,translate,)" '
		{ v[NR] = $3 }
		END { split(csv, c, ","); p[19] = 50; p[20] = 90; p[21] = 99; p[22] = 99.9
			for (k in p) { r = p[k] * NR / 100; r = r == int(r) ? r : int(r) + 1
				off = (c[k] - v[r]) / v[r]; if (off < 0) off = -off
				if (off > 0.032) print p[k], c[k], v[r] } }')" ""
done

# --- the machine ---

status "json" 0 "$ccwtrace" stat --format json s390x-ccwtrace.dat
like "json: a total" "$tap_out" '"total"'
status "csv" 0 "$ccwtrace" stat --format csv s390x-ccwtrace.dat
is "all is the sum" "$(awk -F, '$15 == "total" { if ($1 == "all") all = $2; else sum += $2 } END { print (all == sum && all > 0) }' <<< "$tap_out")" 1

# --- threads ---

one=$("$ccwtrace" stat -v --threads 1 qemu-mixed.dat)
for threads in 2 7 16; do
	is "$threads threads: the same bytes" "$("$ccwtrace" stat -v --threads $threads qemu-mixed.dat)" "$one"
done
refused "no threads" "want a number" --threads 0
refused "too many threads" "want a number" --threads 17

# --- less of it ---

count()
{
	"$ccwtrace" stat --format csv "$@" | awk -F, '$1 == "all" { print $2; exit }'
}
is "filter: unit checks" "$(count --filter 'dstat & UC' s390x-detail.dat)" "$("$ccwtrace" report --format csv s390x-detail.dat | awk -F, '$15 == "total" { n += $12 } END { print n }')"
is "filter and its opposite are all" "$(($(count --filter 'bytes > 100' s390x-detail.dat) + $(count --filter '!(bytes > 100)' s390x-detail.dat)))" 120
is "two filters are one with &&" "$(count --filter 'bytes > 0' --filter 'ccws == 1' s390x-detail.dat)" "$(count --filter 'bytes > 0 && ccws == 1' s390x-detail.dat)"
is "-s and sch == are the same" "$(count -s 0.0.0002 s390x-detail.dat)" "$(count --filter 'sch == 0.0.0002' s390x-detail.dat)"
is "time: before and after are all" "$(($(count --until 0.1 s390x-detail.dat) + $(count --since 0.100000001 s390x-detail.dat)))" 120
ok "time: it takes some away" test "$(count --since 0.1 s390x-detail.dat)" -lt 120
refused "filter: column" "column 9" --filter 'dstat & XX' s390x-detail.dat
refused "filter: unknown field" "column 1: no such field" --filter 'nonsense == 1' s390x-detail.dat
refused "time" "is no time" --since yesterday s390x-detail.dat

# --- losses ---

status "lost events: status 3" 3 "$ccwtrace" stat s390x-lost.dat
like "lost events: where" "$tap_out" 'before 3\.338364506 s: CPU 1, 1633 events'
like "lost events: said" "$tap_err" 'events were lost'
status "lost events: json" 3 "$ccwtrace" stat -q --format json s390x-lost.dat
like "lost events: where, in json" "$tap_out" '"lost_at":[^]]*"events": ?1633'
is "-q: nothing on stderr" "$tap_err" ""

finish
