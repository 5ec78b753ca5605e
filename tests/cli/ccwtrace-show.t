#!/bin/bash
# ccwtrace show: every event as trace-cmd prints it, every I/O, choices of both.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
some=$fixtures/s390x-ccwtrace.dat
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$tap_dir" || bail "no $tap_dir"

refused()
{
	local name=$1 wanted=$2 regex=$3

	shift 3
	status "$name: status $wanted" "$wanted" "$ccwtrace" show "$@"
	like "$name: says why" "$tap_err" "^ccwtrace[a-z ]*: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
}
refused "format" 2 "no format 'xml'" --format xml "$some"
refused "--since" 2 "--since x: .*want seconds" --since x "$some"
refused "--until" 2 "--until 5parsec: .*want seconds" --until 5parsec "$some"
refused "-n" 2 "-n 0: want a number" -n 0 "$some"
refused "--io and -e" 2 "--io shows I/Os, -e chooses events" --io -e x "$some"
refused "two recordings" 2 "'b' is too much" a b
refused "not there" 1 "a.dat: no such file" --format csv a.dat

# The same events as trace-cmd finds, with the same process, time and text.
ours()
{
	"$ccwtrace" show -q "$1" | grep -v 'EVENTS LOST' |
		sed -E 's/ ([0-9]+)\.([0-9]{9}): / \1\2: /; s/ +/ /g; s/ $//; s/^ //'
}
theirs()
{
	# nanoseconds, without the offset to the time of day; 3.3 has a column of latency letters
	trace-cmd report --raw-ts -i "$1" 2> /dev/null | grep -E '^ *[^ ].*-[0-9]+ +\[[0-9]{3}\] ' |
		sed -E 's/(\[[0-9]{3}\]) +[^ ]{4,5} +([0-9]+:)/\1 \2/; s/ +/ /g; s/ $//; s/^ //; s/( [0-9]+: [^: ]*):/\1/'
}
if command -v trace-cmd > /dev/null; then
	for name in s390x-ccwtrace s390x-stock s390x-kernel-driver trace-cmd-3.1.6-v7 synthetic-le; do
		ours "$fixtures/$name.dat" > ours
		theirs "$fixtures/$name.dat" > theirs
		ok "$name: some events" test "$(wc -l < theirs)" -gt 10
		if [ -z "$(find /usr/lib -path '*traceevent/plugins*' -name '*ccw*' 2> /dev/null)" ]; then
			ok "$name: the events of trace-cmd, letter by letter" diff -u theirs ours
		fi
	done
else
	skip "against trace-cmd" "trace-cmd is not installed"
fi

# Arrays of bytes are no text, whatever libtraceevent takes them for: guests choose them.
status "channel programs" 0 "$ccwtrace" show -e vfio_ccw_ccw -n 1 "$fixtures/programs.dat"
like "channel programs: in hexadecimal" "$tap_out" ' first=0 total=1 flags=0 addr=00001000 ccw=e420004000001008 data=$'
status "channel programs, json" 0 "$ccwtrace" show --format json "$fixtures/programs.dat"
like "channel programs, json: in hexadecimal" "$tap_out" '"addr":"00001000","ccw":"e420004000001008"'
is "channel programs, json: plain characters" "$(LC_ALL=C grep -cP '[^\x20-\x7e]' <<< "$tap_out")" 0

status "csv" 0 "$ccwtrace" show --format csv "$some"
is "csv: a line for each event and one above" "$(wc -l <<< "$tap_out")" 638
is "csv: header" "$(head -n 1 <<< "$tap_out")" "time_ns,cpu,pid,comm,system,event,text,lost"
status "json" 0 "$ccwtrace" show --format json "$some"
is "json: each line is an object" "$(perl -MJSON::PP -ne '$n += ref decode_json($_) eq "HASH"; END { print $n }' <<< "$tap_out")" 637
is "json: fields are there" "$(perl -MJSON::PP -ne 'my $e = decode_json($_); $s += $e->{fields}{bytes} if $e->{event} eq "vfio_ccw_io"; END { print $s }' <<< "$tap_out")" \
	"$("$ccwtrace" report --format csv -i "$some" | awk -F, '!($1 in seen) && $1 != "all" && NR > 1 { seen[$1] = 1; s += $6 } END { print s }')"
status "-e NAME" 0 "$ccwtrace" show -e vfio_ccw_io "$some"
is "-e NAME: those" "$(wc -l <<< "$tap_out")" 88
status "-e with patterns" 0 "$ccwtrace" show -e 'vfio_ccw:*_io,nothing' "$some"
is "-e with patterns: those" "$(wc -l <<< "$tap_out")" 88
status "-s" 0 "$ccwtrace" show -s 0.0.0003 "$some"
is "-s: that one alone" "$(grep -v '0\.0\.0003' <<< "$tap_out")" ""
status "-n" 0 "$ccwtrace" show -n 7 "$some"
is "-n: so many" "$(wc -l <<< "$tap_out")" 7
first=$("$ccwtrace" show --format csv -n 1 "$some" | tail -n 1 | cut -d, -f1)
status "--since --until" 0 "$ccwtrace" show --format csv --since 0.02 --until 160ms "$some"
is "--since --until: those of the time" "$tap_out" \
	"$("$ccwtrace" show --format csv "$some" | awk -F, -v a=$((first + 20000000)) -v b=$((first + 160000000)) 'NR == 1 || ($1 >= a && $1 <= b)')"
ok "--since --until: some of them" test "$(wc -l <<< "$tap_out")" -gt 10

# I/Os
status "--io" 0 "$ccwtrace" show --io --format csv "$some"
is "--io: every I/O" "$(wc -l <<< "$tap_out")" 89
is "--io: stages add up" "$(awk -F, 'NR > 1 && $5 + $6 + $7 + $8 != $9' <<< "$tap_out")" ""
is "--io: sums are those of the report" "$(awk -F, 'NR > 1 { s += $9 } END { printf "%.0f", s }' <<< "$tap_out")" \
	"$("$ccwtrace" report --format csv -i "$some" | awk -F, '$15 == "total" && $1 != "all" { s += $17 } END { printf "%.0f", s }')"
status "--io of stock events" 0 "$ccwtrace" show --io --format json "$fixtures/s390x-stock.dat"
like "--io of stock events: what is not known is null" "$tap_out" '"translate_ns":null'
status "--io as text" 0 "$ccwtrace" show --io "$some"
like "--io as text: an error is said" "$tap_out" 'UNIT CHECK cmd=ff'

# losses stand where they happened
status "lost events: status 3" 3 "$ccwtrace" show "$fixtures/s390x-lost.dat"
like "lost events: said" "$tap_err" 'events were lost'
like "lost events: marked" "$tap_out" '\[001\] +29\.[0-9]+: \[1633 EVENTS LOST before this\]'
is "lost events: between an earlier and a later one" "$(awk '/LOST/ { t = $2 + 0; if (last <= t) good = 1; next } { last = $3 + 0 } t && !after { after = $3 + 0; if (after < t) good = 0 } END { print good + 0 }' <<< "$tap_out")" 1
is "lost events: in csv" "$("$ccwtrace" show -q --format csv "$fixtures/s390x-lost.dat" | awk -F, '$NF != "" && NR > 1 { print $2, $NF; n = NF } END { print n }' | tr '\n' ' ')" "1 1633 8 "
is "lost events: in csv of I/Os" "$("$ccwtrace" show -q --io --format csv "$fixtures/s390x-lost.dat" | awk -F, '{ print NF }' | sort -u)" 29
like "lost events: in json" "$("$ccwtrace" show -q --format json "$fixtures/s390x-lost.dat")" '"cpu":1,"lost":1633'

# several instances in one file
for file in "$fixtures"/*-instances.dat; do
	is "${file##*/}: events of both" "$("$ccwtrace" show -q --format csv "$file" | cut -d, -f6 | sort | uniq -c | awk '{ print $2, $1 }' | tr '\n' ' ')" \
		"event 1 s390_cio_interrupt 40 s390_cio_ssch 40 vfio_ccw_io 40 "
done
status "an output that is full" 1 sh -c "'$ccwtrace' show '$some' > /dev/full"
finish
