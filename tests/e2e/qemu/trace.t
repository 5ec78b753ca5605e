#!/bin/bash
# ccwtrace on a machine with channel I/O: every I/O that was run is in the recording, the report
# is the same bytes there and here, trace-cmd reads the file, and nothing is left behind.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
out=$tap_dir/out

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 3 >/dev/null || exit
cd /out
instances=/sys/kernel/tracing/instances

# --- a load with errors, counted by ccwio as well ---
ccwtrace record -v -e detail -o load.dat -- ccwio -q --json -s 0.0.0001,0.0.0002,0.0.0003 mixed --errors 20 -n 300 \
	> ccwio.json 2> record.err
echo "record: $?"
for format in text csv; do
	ccwtrace report -i load.dat --format $format > load.$format
	echo "report $format: $?"
done
ccwtrace report -v -i load.dat > load.verbose
for verb in stat hist errors fsm slow; do
	ccwtrace $verb --format csv load.dat > load.$verb
	echo "$verb: $?"
done

# --- less of it ---
ccwtrace record -q -o part.dat -s 0.0.0002-0.0.0003 -e vfio_ccw_io -- \
	ccwio -q -s 0.0.0001,0.0.0002,0.0.0003 sense-id -n 20 > /dev/null
echo "part: $?"
ccwtrace report -i part.dat > part.text

ccwtrace record -q -e all -o all.dat -s '0.0.000[12]' -- \
	ccwio -q -s 0.0.0001,0.0.0002,0.0.0003 sense-id -n 20 > /dev/null
echo "all: $?"
ccwtrace report -v -i all.dat > all.text
ccwtrace record -q -o other.dat -e s390:s390_cio_ssch -e fsm_none -d 0.1 2> /dev/null
echo "other event: $?"
ccwtrace record -o cio.dat -e 's390:s390_cio_[st]*' -- ccwio -q -s 0.0.0001 sense-id -n 20 > /dev/null 2> cio.err
echo "cio: $?"

# --- for a time, ended by a signal ---
start=$(date +%s)
ccwtrace record -q -d 1.5 -o time.dat
echo "time: $? $(($(date +%s) - start >= 1))"
ccwtrace record -v -o int.dat 2> int.err &
until grep -q recording int.err; do sleep 0.1; done
ccwio -q -s 0.0.0001 sense-id -n 10 > /dev/null
kill -INT $!
wait $!
echo "int: $?"
ccwtrace report -i int.dat > int.text

# --- more than the buffer holds, while nobody takes it out ---
ccwtrace record -v -b 16 -o lost.dat 2> lost.err &
until grep -q recording lost.err; do sleep 0.1; done
kill -STOP $!
ccwio -q -s 0.0.0001 sense-id -n 1000 > /dev/null
kill -CONT $!
sleep 1
ccwio -q -s 0.0.0001 sense-id > /dev/null
kill -INT $!
wait $!
echo "lost: $?"
ccwtrace report -i lost.dat > lost.text 2> lost.report.err
echo "lost report: $?"

# --- a full disk ---
mkdir /tmp/small && mount -t tmpfs -o size=3400k none /tmp/small
ccwtrace record -e detail -o /tmp/small/full.dat -- ccwio -q -s 0.0.0001 nop-chain 2 -n 6000 > /dev/null 2> full.err
echo "full: $?"
cp /tmp/small/full.dat . && ls -A /tmp/small > full.ls
ccwtrace report -i full.dat > full.text 2> full.report.err
echo "full report: $?"
umount /tmp/small

# --- killed: nothing under the name, and the next one cleans up ---
ccwtrace record -q -o killed.dat &
until [ -n "$(ls $instances)" ]; do sleep 0.1; done
kill -KILL $!
wait $!
echo "killed: $(ls -A /out | grep -c killed) file, $(ls $instances | wc -l) instance"
ccwtrace record -q -o after.dat -d 0.1
echo "after: $? $(ls $instances | wc -l) instances"

# --- refusals ---
refused()
{
	name=$1
	shift
	"$@" > /dev/null 2> refused.$name
	echo "refused $name: $?"
}
refused command ccwtrace record -o none.dat -- /nowhere/to/be/found
refused directory ccwtrace record -o /nowhere/none.dat -d 1
refused isdir ccwtrace record -o /tmp -d 1
refused event ccwtrace record -o none.dat -e no_such_event -d 1
refused pattern ccwtrace record -o none.dat -s '0.3.*' -d 1
[ -e none.dat ] && echo "a refused recording left a file"
vfio-ccw-bind --release > /dev/null
rmmod vfio_ccw
refused driver ccwtrace record -o none.dat -e vfio_ccw_io -d 1
echo "instances left: $(ls $instances 2> /dev/null | wc -l)"
END
status "in the guest" 0 "$top/tests/vm/run" --smp 2 --out "$out" "$tap_dir/guest"
said=$tap_out

# --- everything is in it ---

like "record ends well" "$said" 'record: 0'
like "record says what it does" "$(cat "$out/record.err")" 'recording in tracing instance'
like "record says what it did" "$(cat "$out/record.err")" '[0-9]+ events, .* in load.dat'
like "report ends well" "$said" 'report text: 0'
like "csv ends well" "$said" 'report csv: 0'
is "900 I/Os of 3 subchannels" "$(head -n 1 "$out/load.text" | grep -o '900 I/Os of 3 subchannels')" \
	'900 I/Os of 3 subchannels'
for sch in 0.0.0001 0.0.0002 0.0.0003; do
	is "$sch: every I/O" "$(awk -F, -v s=$sch '$1 == s { print $2; exit }' "$out/load.csv")" 300
done

# sum_of COLUMN: over the subchannels
sum_of()
{
	awk -F, -v title="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == title) col = i }
		NR > 1 && !seen[$1]++ { sum += $col } END { print sum + 0 }' "$out/load.csv"
}
uc=$(sum_of unit_check) check=$(sum_of channel_check)
ok "the load had unit checks" test "$uc" -gt 0
ok "the load had channel checks" test "$check" -gt 0
like "report names the unit checks" "$(cat "$out/load.text")" 'unit check +UNIT CHECK cmd=ff sense=80'
like "report names the program checks" "$(cat "$out/load.text")" 'channel check +PGMCHK'
like "status bits with -v" "$(cat "$out/load.verbose")" 'dstat.UC='
is "nothing else failed" "$(sum_of refused),$(sum_of condition_code),$(sum_of aborted)" 0,0,0
is "no request without a record" "$(sum_of missing)" 0
ok "nothing lost" test -z "$(grep MISSING "$out/load.text")"
is "the parts of every latency add up to the total" "$(awk -F, '
	NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "sum_ns") sum = i; if ($i == "stage") st = i } next }
	$st == "total" { total += $sum; next }
	{ parts += $sum }
	END { if (total == parts && total > 0) print "yes"; else print total, parts }' "$out/load.csv")" yes

# --- the same here ---

cd "$out" || bail "nothing came back"
for format in text csv; do
	status "report --format $format here" 0 "$ccwtrace" report -i load.dat --format "$format"
	is "... is that of the guest, byte for byte" "$(md5sum <<< "$tap_out")" "$(md5sum < "load.$format")"
done
for verb in stat hist errors fsm slow; do
	like "$verb there: ends well" "$said" "$verb: 0"
	status "$verb here" 0 "$ccwtrace" $verb --format csv load.dat
	is "... is that of the guest, byte for byte" "$(md5sum <<< "$tap_out")" "$(md5sum < "load.$verb")"
done
if command -v trace-cmd >/dev/null; then
	status "trace-cmd reads it" 0 trace-cmd report -i load.dat
	is "trace-cmd finds every I/O" "$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")" 900
	events=$(grep -c ' vfio_ccw_[a-z_]*: ' <<< "$tap_out")
	like "and every event" "$(cat record.err)" "$events events"
	like "with names" "$tap_out" 'from=ACTIVE event=FINAL to=IDLE'
	like "with the commands that caused them" "$tap_out" ' ccwio-[0-9]+ '
	status "trace-cmd reads one that lost events" 0 trace-cmd report -i lost.dat
	like "and says so" "$tap_out" 'EVENTS DROPPED'
else
	skip "trace-cmd reads it" "trace-cmd is not installed"
fi

# --- less of it ---

like "part: ends well" "$said" 'part: 0'
is "part: what -s names" "$(awk '/^TRAFFIC/ { on = 1 } /^LATENCY/ { on = 0 } on && /^0\./ { print $1, $2 }' part.text)" \
	$'0.0.0002 20\n0.0.0003 20'
like "-s with all events: ends well" "$said" 'all: 0'
is "-s with all events: what the pattern names" "$(awk '/^TRAFFIC/ { on = 1 } /^LATENCY/ { on = 0 } on && /^0\./ { print $1, $2 }' all.text)" \
	$'0.0.0001 20\n0.0.0002 20'
like "-s with all events: transitions, too" "$(cat all.text)" 'transitions of the state machine: [1-9]'
like "one event of two unknown: refused" "$said" 'other event: 1'
like "events of another system" "$said" 'cio: 0'
like "events of another system: recorded" "$(cat cio.err)" '[1-9][0-9]* events'
like "time: -d ends it" "$said" 'time: 0 1'
like "Ctrl-C ends it well" "$said" 'int: 0'
like "and what came is there" "$(cat int.text)" '10 I/Os of 1 subchannel'

# --- losses ---

like "lost: status 3" "$said" 'lost: 3'
like "lost: how many, where, what to do" "$(cat lost.err)" '[0-9]+ events were lost \(CPU [0-9].*-b'
like "lost: report has status 3" "$said" 'lost report: 3'
like "lost: report says so" "$(cat lost.report.err)" 'events were lost'
like "lost: and which requests" "$(cat lost.text)" '0.0.0001: no record of [0-9]+ requests'
recorded=$(awk '$1 == "0.0.0001" { print $2; exit }' lost.text)
missing=$(sed -n 's/.*: no record of \([0-9]*\) requests*/\1/p' lost.text)
# what was lost before the first record that is left cannot be counted by number
ok "lost: not more than was run" test $((recorded + missing)) -le 1001
is "lost: report and recorder agree" "$(awk '/^CPU [0-9]+ lost [0-9]/ { n += $4 } END { print n + 0 }' lost.text)" \
	"$(sed -n 's/.*: \([0-9]*\) events were lost.*/\1/p' lost.err)"

# --- a full disk ---

like "full: status 3" "$said" 'full: 3'
like "full: says why" "$(cat full.err)" 'No space left'
like "full: how many were not written" "$(cat full.err)" 'events were lost \(CPU [0-9]: [0-9]+ (not written|left in the buffer)'
is "full: the recording alone is left" "$(cat full.ls)" full.dat
like "full: what fitted can be read, with status 3" "$said" 'full report: 3'
like "full: report says that there was more" "$(cat full.report.err)" 'it holds [0-9]+ of the [0-9]+ events'
ok "full: and is worth it" test "$(sed -n '1s/.*: \([0-9,]*\) I\/Os.*/\1/p' full.text | tr -d ,)" -gt 500

# --- endings and refusals ---

like "killed: no file, its instance is left" "$said" 'killed: 0 file, 1 instance'
like "the next recording removes that" "$said" 'after: 0 0 instances'
refusal()
{
	like "$1: status 1" "$said" "refused $1: 1"
	like "$1: says why" "$(cat "refused.$1")" "^ccwtrace: $2"
}
refusal command 'cannot run /nowhere/to/be/found: No such file'
refusal directory 'cannot write to directory /nowhere: No such file.*-o'
refusal isdir '/tmp: not a regular file'
refusal event 'no such event: vfio_ccw:no_such_event'
refusal pattern 'no subchannel matches'
refusal driver 'the driver vfio_ccw is not loaded'
ok "a refused recording leaves no file" test -z "$(grep 'left a file' <<< "$said")"
like "no tracing instance is left" "$said" 'instances left: 0'

finish
