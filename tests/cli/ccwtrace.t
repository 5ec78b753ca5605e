#!/bin/bash
# ccwtrace on this machine: options, recordings of every kind, reports. Recording itself is in
# e2e/qemu/trace.t.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
[ -s "$fixtures/s390x-ccwtrace.dat" ] || bail "$fixtures/s390x-ccwtrace.dat is missing"
cp "$fixtures"/*.dat "$fixtures"/*.report "$tap_dir" || bail "cannot copy the recordings"
cd "$tap_dir" || bail "no $tap_dir"

# refused NAME STATUS REGEX ARGUMENT...: one line says why, nothing on stdout
refused()
{
	local name=$1 wanted=$2 regex=$3

	shift 3
	status "$name: status $wanted" "$wanted" "$ccwtrace" "$@"
	like "$name: says why" "$tap_err" "^ccwtrace[a-z ]*: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
	is "$name: in one line" "$(wc -l <<< "$tap_err")" 1
}

# --- verbs and options ---

status "no verb" 2 "$ccwtrace"
like "no verb: help on stderr" "$tap_err" 'Usage: ccwtrace VERB'
status "help" 0 "$ccwtrace" --help
like "help lists the verbs" "$tap_out" '  report +rates'
status "version" 0 "$ccwtrace" -V
like "version is one" "$tap_out" '^ccwtrace [0-9]'
refused "unknown verb" 2 "no verb 'play': record, report" play
for verb in record report stat hist errors fsm slow diff export replay; do
	status "$verb -h" 0 "$ccwtrace" $verb -h
	like "$verb -h: usage" "$tap_out" "^Usage: ccwtrace $verb"
	is "$verb -h: in lines of 80 columns" "$(grep -cE '.{81}' <<< "$tap_out")" 0
	# every option has its paragraph, and every paragraph its option
	is "$verb: options of the help are those of the manual" \
		"$(grep -oE '^ +(-., )? *--[a-z]+' <<< "$tap_out" | grep -oE -- '--[a-z]+' | sort)" \
		"$(grep -oE '^\*?(\*-.\*, )?\*--[a-z]+' "$top/docs/man/ccwtrace-$verb.1.scd" | grep -oE -- '--[a-z]+' | sort)"
	refused "$verb: unknown letter" 2 "no option -Z" $verb -Z
	refused "$verb: unknown option" 2 "no option --nonsense" $verb --nonsense
	refused "$verb: option without its value" 2 "-s wants an argument" $verb -s
	for sch in '' 3 0.0.12345 0.0.0004-0.0.0003 'x*'; do
		refused "$verb: subchannel '$sch'" 2 "'.*' is no subchannel" $verb -s "$sch"
	done
done
for seconds in 0 -1 abc 1x nan 1e99 ''; do
	refused "record: duration '$seconds'" 2 "-d .*want seconds" record -d "$seconds"
done
for kib in 0 -1 7 abc 1x 99999999999 ''; do
	refused "record: buffer '$kib'" 2 "-b .*want KiB" record -b "$kib"
done
refused "record: no name of a file" 2 "-o wants the name" record -o ''
refused "report: format" 2 "no format 'xml': want text, csv or json" report --format xml
status "report: the recording as an operand" 0 "$ccwtrace" report s390x-ccwtrace.dat
refused "report: two of them" 2 ".*is too much" report s390x-ccwtrace.dat s390x-lost.dat
refused "report: -i and an operand" 2 ".*is too much" report -i s390x-ccwtrace.dat s390x-lost.dat

# --- recording where it cannot be done ---

if [ ! -e /sys/kernel/tracing/events/vfio_ccw/vfio_ccw_io ]; then
	refused "record: no driver or no tracefs" 1 \
		".*(not loaded|mount -t tracefs|run as root|no instances|own driver|Read-only)" record -o x.dat -d 0.1
	ok "... leaves nothing" test ! -e x.dat
fi
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	status "record without rights: status 1" 1 \
		setpriv --reuid 65534 --regid 65534 --clear-groups "$ccwtrace" record -o x.dat -d 0.1
	like "record without rights: says what to do" "$tap_err" '^ccwtrace: cannot trace: .*run as root'
fi

# --- recordings that cannot be reported ---

refused "missing file" 1 'nothing-here: no such file' report -i nothing-here
refused "no -i: the default name" 1 'ccwtrace.dat: no such file' report
: > empty
refused "empty file" 1 'empty: empty' report -i empty
refused "foreign file" 1 '.*tap.sh: not a recording' report -i "$top/tests/tap.sh"
refused "directory" 1 '.*not a regular file' report -i .
mkfifo pipe
refused "pipe" 1 'pipe: not a regular file' report -i pipe
head -c 100 s390x-ccwtrace.dat > stub
refused "cut in its header" 1 'stub: cut off' report -i stub
head -c 6000 s390x-ccwtrace.dat > stub
refused "cut in its formats" 1 'stub: cut off .*event formats' report -i stub

# --- without vfio_ccw_io: I/Os out of the kernel's own events ---

# joined FILE: "subchannel I/Os with-device-time sum", by an awk of its own over trace-cmd's output:
# an I/O is an SSCH with cc 0 and the next interrupt, or the one before if it has none yet
joined()
{
	trace-cmd report -t -i "$1" 2> /dev/null | awk '
		function ns(t, x) { split(t, x, "[.:]"); return x[1] * 1000000000 + x[2] }
		{ for (i = 1; i <= NF; i++) if ($i ~ /^schid=/) sch = substr($i, 7) }
		/ s390_cio_interrupt: / { irq[sch] = ns($3) }
		/ s390_cio_ssch: / { ssch[sch] = ns($3) }
		/ s390_cio_tsch: / && / stctl=0x[13579bdf]/ && / actl=0x0 / && / fctl=0x4 / {
			ios[sch]++
			if (irq[sch] >= ssch[sch]) { known[sch]++; sum[sch] += irq[sch] - ssch[sch] } }
		/ vfio_ccw_fsm_io_request: / && / errno=-/ { ios[sch]++ }
		END { for (sch in ios) print sch, ios[sch], known[sch] + 0, sum[sch] + 0 }' | sort
}

for file in s390x-stock.dat s390x-kernel-driver.dat; do
	status "$file: report" 0 "$ccwtrace" report -i $file
	like "$file: says what it is made of" "$tap_out" "NOTE: .*the kernel's own events, which tell the time from SSCH to interrupt alone"
	is "$file: no rows of what is not known" "$(grep -cE '^[0-9a-z. ]+ (translate|start|deliver|total) ' <<< "$tap_out")" 0
	status "$file: csv" 0 "$ccwtrace" report -i $file --format csv
	is "$file: device times alone" "$(cut -d, -f15 <<< "$tap_out" | sort -u | tr '\n' ' ')" 'device stage '
	if command -v trace-cmd >/dev/null; then
		is "$file: I/Os and device times are those of an awk over trace-cmd report" \
			"$(awk -F, 'NR > 1 { print $1, $2, $16, $17 }' <<< "$tap_out" | sort)" "$(joined $file)"
	else
		skip "$file: against trace-cmd" "trace-cmd is not installed"
	fi
done
status "the kernel's driver alone" 0 "$ccwtrace" report -i trace-cmd-other-driver.dat
like "... tells the time from request to end" "$tap_out" 'from request to end alone'
like "... and nothing else" "$tap_out" '0.0.0001   total +3 '
status "both drivers' events" 0 "$ccwtrace" report -i s390x-detail.dat --format csv
is "... by request number, from vfio_ccw_io" "$(awk -F, '$15 == "deliver" { n += $16 } END { print n }' <<< "$tap_out")" 120
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	chmod 755 . && cp s390x-ccwtrace.dat secret.dat && chmod 600 secret.dat
	status "no right to read: status 1" 1 \
		setpriv --reuid 65534 --regid 65534 --clear-groups "$ccwtrace" report -i secret.dat
	like "no right to read: says so" "$tap_err" 'secret.dat: cannot open: Permission denied'
fi

# --- reports ---

for name in s390x-ccwtrace s390x-lost; do
	"$ccwtrace" report -v -q -i $name.dat > $name.here
	ok "$name: the report is what it was, byte for byte" diff -u $name.report $name.here
done
status "a recording that lost events has status 3" 3 "$ccwtrace" report -i s390x-lost.dat
like "... and says it on stderr" "$tap_err" 'events were lost'
like "... and how many, and where" "$tap_out" 'CPU 1 lost 1633 events'
status "-q: no warning, the same status" 3 "$ccwtrace" report -q -i s390x-lost.dat
is "-q: nothing on stderr" "$tap_err" ""

# The same I/Os in both byte orders and both versions of the format.
for order in le be; do
	"$ccwtrace" report -v -i synthetic-$order.dat | tail -n +2 > $order.text
	"$ccwtrace" report --format csv -i synthetic-$order.dat > $order.csv
done
ok "little and big endian: the same report" diff -u le.text be.text
ok "little and big endian: the same numbers" diff -u le.csv be.csv

# json SOURCE EXPRESSION: value of a perl expression about $j, the parsed text in SOURCE
json()
{
	perl -MJSON::PP -0777 -e 'my $j = decode_json(<STDIN>); print eval $ARGV[0]; die $@ if $@' "$2" <<< "$1"
}
status "json" 3 "$ccwtrace" report --format json -i s390x-lost.dat
is "json: I/Os" "$(json "$tap_out" '$j->{subchannels}[0]{ios}')" 265
is "json: losses" "$(json "$tap_out" '"$j->{lost}[0]{cpu} $j->{lost}[0]{events} $j->{lost}[0]{exact}"')" '1 1633 1'
is "json: not complete" "$(json "$tap_out" '$j->{complete} ? 1 : 0')" 0
cp s390x-ccwtrace.dat 'a "name".dat'
status "json of an odd name" 0 "$ccwtrace" report --format json -i 'a "name".dat'
is "json: the name" "$(json "$tap_out" '$j->{file}')" 'a "name".dat'
is "json: errors" "$(json "$tap_out" 'join ",", map { "$_->{kind} $_->{ios}" } @{$j->{errors}}')" \
	'unit check 6,refused 2,channel check 2,unit check 6,channel check 2,unit check 5'
is "json: stages add up" "$(json "$tap_out" 'my $n = 0; for (@{$j->{subchannels}}) { my $l = $_->{latency};
	$n += $l->{$_}{sum_ns} for qw(translate start device deliver); $n -= $l->{total}{sum_ns} } $n')" 0
like "... which is not empty" "$(cat le.text)" '0.1.0003 +25'

for name in trace-cmd-3.1.6-v6 trace-cmd-3.1.6-v7 trace-cmd-3.3.1-v7 trace-cmd-3.3.1-v7-zstd; do
	status "$name is read" 0 "$ccwtrace" report -i $name.dat
	like "$name: every I/O is there" "$(head -n 1 <<< "$tap_out")" ': 60 I/Os of 2 subchannels'
done

status "-s takes a part" 0 "$ccwtrace" report -s 0.0.0003 -i s390x-ccwtrace.dat
like "-s: one subchannel" "$(head -n 1 <<< "$tap_out")" ': 5 I/Os of 1 subchannel '
is "-s: nothing of others" "$(grep -cE '0\.0\.000[12]' <<< "$tap_out")" 0
status "-s with nothing behind it" 0 "$ccwtrace" report -s 0.3.ffff -i s390x-ccwtrace.dat
like "... says that there is none" "$tap_out" ': 0 I/Os of 0 subchannels'

# Columns are where their titles are: every number ends below the end of its title.
is "columns are aligned" "$("$ccwtrace" report -v -i s390x-ccwtrace.dat | awk '
	/^(TRAFFIC|LATENCY)$/ { getline; n = 0; s = $0
		for (at = 0; match(s, /[^ ]+( CCWS)?/); ) { at += RSTART + RLENGTH - 1; end[++n] = at; s = substr(s, RSTART + RLENGTH) }
		on = 1; next }
	!NF { on = 0 }
	on { for (i = 3; i <= n; i++) if (end[i] && substr($0, end[i] + 1, 1) !~ /^ ?$/) bad++ }
	END { print bad + 0 }')" 0

# --- cut off behind its header: what is left, and status 3 ---

size=$(stat -c %s s390x-ccwtrace.dat)
head -c $((size - 5000)) s390x-ccwtrace.dat > short.dat
status "short file: status 3" 3 "$ccwtrace" report -i short.dat
like "short file: what is left" "$(head -n 1 <<< "$tap_out")" ': [1-9][0-9]* I/Os'
like "short file: noted in the report" "$tap_out" 'NOTE: cut off: 5000 bytes'
like "short file: said on stderr" "$tap_err" '^ccwtrace: short.dat: not complete: cut off'
cp s390x-ccwtrace.dat damaged.dat
printf '\377' | dd of=damaged.dat bs=1 seek=$((size - 4096 + 13)) conv=notrunc 2> /dev/null
printf '\377\377' | dd of=damaged.dat bs=1 seek=$((size - 4096 + 14)) conv=notrunc 2> /dev/null
status "damaged page: status 3" 3 "$ccwtrace" report -i damaged.dat
like "damaged page: said" "$tap_err" '1 damaged page left out'

# --- names of files and texts in them that a terminal would obey ---

strange=$'s\e[31m\n.dat'
cp s390x-detail.dat "$strange"
for verb in report stat hist errors fsm info slow; do
	status "$verb: a name with escape sequences" 0 "$ccwtrace" $verb -q "$strange"
	is "$verb: ... none reaches the terminal" "$(grep -c $'\e' <<< "$tap_out$tap_err")" 0
done
like "... but the rest of the name does" "$tap_out" '^s\?\[31m\?\.dat: the 10 slowest'
status "a name with escape sequences in an error" 1 "$ccwtrace" report $'\e[31mnone'
is "... is tame there" "$(grep -c $'\e' <<< "$tap_err")" 0
status "... and in an operand too many" 2 "$ccwtrace" report a $'\e[31mb'
is "... is tame there as well" "$(grep -c $'\e' <<< "$tap_err")" 0
status "... and in a verb" 2 "$ccwtrace" $'\e[31mb'
is "... as there" "$(grep -c $'\e' <<< "$tap_err")" 0

# --- options and the recording in any order ---

status "an option after the recording" 0 "$ccwtrace" report s390x-ccwtrace.dat -s 0.0.0003
like "... counts" "$tap_out" ' of 1 subchannel '
status "a file whose name begins with a dash" 1 "$ccwtrace" report -- -s
like "... is named after --" "$tap_err" '-s: no such file'
refused "an option after the recording that is none" 2 "no option --nonsense" report s390x-ccwtrace.dat --nonsense
for verb in report stat hist errors fsm slow "show --io" "export --format csv"; do
	# shellcheck disable=SC2086  # options
	refused "$verb: --since after --until" 2 ".*--since is later than --until" $verb --since 2 --until 1.5s s390x-ccwtrace.dat
done

# --- a narrow terminal ---

for verb in report stat slow fsm; do
	for columns in 80 132; do
		script -qec "stty cols $columns; '$ccwtrace' $verb --since 0 s390x-detail.dat" /dev/null < /dev/null | tr -d '\r' > screen
		# what an event says is as long as it is
		is "$verb: no table is wider than $columns columns" "$(grep -vE '^      |^NOTE|[ (]sense=|PGMCHK cmd=' screen | awk -v n=$columns 'length > n')" ""
		ok "$verb: ... of a table" test "$(wc -l < screen)" -gt 10
	done
	status "$verb: no terminal" 0 "$ccwtrace" $verb --since 0 s390x-detail.dat
	is "$verb: a wide terminal has all that a file has" "$(cat screen)" "$tap_out"
done

# --- who reads our output may stop ---

unread() # COMMAND...: into a pipe that nobody reads
{
	exec 3> >(:)
	wait $!
	"$@" >&3
}

for verb in report stat hist errors fsm slow show "show --io" info "export --format csv" "export --format perfetto" \
	"diff s390x-ccwtrace.dat" "report --format json" -h "report -h"; do
	[[ $verb == *-h ]] || verb+=" s390x-ccwtrace.dat"
	# shellcheck disable=SC2086  # options
	status "$verb | head" 0 unread "$ccwtrace" $verb
	is "$verb | head: nothing said" "$tap_err" ""
done

# --- output that cannot be written ---

if [ -w /dev/full ]; then
	status "full standard output: status 1" 1 sh -c "'$ccwtrace' report -i s390x-ccwtrace.dat > /dev/full"
	like "full standard output: said" "$tap_err" 'cannot write to standard output'
	for verb in show "show --io" "export --format csv" slow info; do
		# shellcheck disable=SC2086  # options
		status "$verb: full standard output: status 1" 1 sh -c "'$ccwtrace' $verb s390x-ccwtrace.dat > /dev/full"
		like "$verb: full standard output: why" "$tap_err" 'cannot write to standard output: No space left'
	done
fi

# --- trace-cmd reads what we write ---

if command -v trace-cmd > /dev/null; then
	status "trace-cmd reads our file" 0 trace-cmd report -i s390x-ccwtrace.dat
	is "trace-cmd finds every I/O" "$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")" 88
	is "trace-cmd finds every event" "$(grep -c ' vfio_ccw_[a-z_]*: ' <<< "$tap_out")" 637
	like "trace-cmd knows the commands" "$tap_out" ' ccwio-[0-9]+ '
	status "trace-cmd sees what was lost" 0 trace-cmd report -i s390x-lost.dat
	like "... and how much" "$tap_out" 'CPU:1 \[1633 EVENTS DROPPED\]'
else
	skip "trace-cmd reads our file" "trace-cmd is not installed"
fi

finish
