#!/bin/bash
# ccwtrace replay --device: recorded, run again on another subchannel while recording, and the same
# programs are in both recordings: CCWs, addresses, IDAWs, parameters. trace-cmd prints them, which
# knows nothing of our reader.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"
ccwtrace=$top/build/host/bin/ccwtrace
out=$tap_dir/out

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
command -v trace-cmd >/dev/null || bail "trace-cmd is not installed"

# No virtio device knows SEEK, but its parameters are fetched, and recorded.
cat > "$tap_dir/seek" <<'END'
ccw nop sli,cc count=1 data=none
tic far
ccw nop
far:
ccw seek sli count=6 data=where
data none size=1
data where 000000010002
END
cat > "$tap_dir/write" <<'END'
ccw 0x01 sli count=16 data=x
data x size=16
END
cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 > /tmp/l || exit
read -r S1 uuid rest < /tmp/l
cd /out
events="-e vfio_ccw_ccw -e vfio_ccw_io"
ccwtrace record -q -o rec.dat $events -- sh -c '
	ccwio -q -s 0.0.0001 -n 10 sense-id
	ccwio -q -s 0.0.0001 -n 3 nop-chain 250
	ccwio -q -s 0.0.0001 -n 3 --ida 1 sense-id
	ccwio -q -s 0.0.0001 -n 3 --ida 2k sense-id
	ccwio -q -s 0.0.0001 -n 3 --ida 4k --rate 10 sense-id
	ccwio -q -s 0.0.0001 -n 3 --data-chain 4 sense-id
	ccwio -q -s 0.0.0001 -n 3 --ccw-format 0 segments 20
	ccwio -q -s 0.0.0001 -n 3 --expect uc -i /add/seek' > /dev/null
echo "record: $?"
ccwtrace record -q -o again.dat $events -- ccwtrace replay --device 0.0.0002 rec.dat > again.text
echo "again: $?"
ccwtrace record -q -o flat.dat $events -- ccwtrace replay --device $uuid --speed max --format json rec.dat > flat.json
echo "flat: $?"
ccwtrace replay --device 0.0.0002 --speed 2 --format json rec.dat > paced.json
echo "paced: $?"
ccwtrace replay --device /sys/bus/mdev/devices/$uuid --speed max -n 5 rec.dat > five.text
echo "five: $?"

ccwtrace replay --device 0.0.0002 --speed max --filter 'dstat & UC' rec.dat > filter.text
echo "filter: $?"

refused()
{
	name=$1
	shift
	"$@" > /dev/null 2> refused.$name
	echo "refused $name: $?"
}
ccwtrace record -q -o two.dat $events -- ccwio -q -s 0.0.0001,0.0.0002 -n 2 sense-id > /dev/null
refused several ccwtrace replay --device 0.0.0001 two.dat
ccwtrace replay --device 0.0.0001 -s 0.0.0002 two.dat > one.text
echo "one: $?"
ccwtrace record -q -o write.dat $events -- ccwio -q -s 0.0.0001 -n 2 --expect uc -i /add/write > /dev/null
refused write ccwtrace replay --device 0.0.0001 write.dat
refused skip ccwtrace replay --skip --device 0.0.0001 write.dat
ccwtrace replay --allow-writes --device 0.0.0001 write.dat > write.text
echo "write: $?"
ccwtrace record -q -o none.dat -e vfio_ccw_io -- ccwio -q -s 0.0.0001 sense-id > /dev/null
refused none ccwtrace replay --device 0.0.0001 none.dat
refused absent ccwtrace replay --device 0.0.0003 rec.dat
refused name ccwtrace replay --device nothing rec.dat
ccwio -q -s 0.0.0002 -d 60 --rate 1 sense-id > /dev/null 2>&1 &
until [ -n "$(ls -l /proc/$!/fd 2> /dev/null | grep vfio)" ]; do sleep 0.1; done
refused busy ccwtrace replay --device 0.0.0002 rec.dat
kill $!
wait $!
# one time and another: a program is whole or not there
at=@$(ccwtrace show -e vfio_ccw_ccw rec.dat |
	sed -n 's/.* \([0-9]*\.[0-9]*\): vfio_ccw_ccw .* first=96 .*/\1/p' | head -n 1)
ccwtrace replay --device 0.0.0002 --speed max --until $at rec.dat > until.text
echo "until: $?"
ccwtrace replay --device 0.0.0002 --speed max --since $at rec.dat > since.text
echo "since: $?"
# the device goes in the middle
stats=/sys/kernel/debug/vfio_ccw/0.0.0002/stats
ccwtrace replay --device 0.0.0002 --speed 0.05 --format json rec.dat > gone.json 2> gone.err &
until [ -n "$(ls -l /proc/$!/fd 2> /dev/null | grep vfio)" ] && [ "$(sed -n 's/^requests //p' $stats)" -gt 1 ]; do
	sleep 0.1
	kill -0 $! || break
done
vm-host device_del v1001
wait $!
echo "gone: $?"
ls /sys/kernel/tracing/instances | wc -l > instances
END
status "in the guest" 0 "$top/tests/vm/run" --host --timeout 600 --add "$tap_dir/seek" --add "$tap_dir/write" --out "$out" "$tap_dir/guest"
said=$tap_out
cd "$out" || bail "nothing came back"

# programs FILE: what trace-cmd prints of them, without subchannel and number
programs()
{
	trace-cmd report -i "$1" -F vfio_ccw:vfio_ccw_ccw 2>/dev/null |
		sed -n 's/.* vfio_ccw_ccw: *sch=[^ ]* seq=[0-9]* //p'
}
like "recorded" "$said" 'record: 0'
programs rec.dat > rec.programs
is "recorded: every program" "$(grep -c 'first=0' rec.programs)" 31
ok "recorded: chains of several records" grep -q 'first=[1-9].*total=250' rec.programs
ok "recorded: parameters" grep -q 'data=00 02 00 06 00 00 00 01 00 02' rec.programs
like "run again" "$said" 'again: 0'
programs again.dat > again.programs
ok "the same programs, to the byte" cmp rec.programs again.programs
like "flat out" "$said" 'flat: 0'
programs flat.dat > flat.programs
ok "the same programs" cmp rec.programs flat.programs
is "on the other subchannel" "$(trace-cmd report -i again.dat 2>/dev/null | grep -c 'vfio_ccw_ccw: *sch=0.0.0002')" "$(wc -l < rec.programs)"

text=$(cat again.text)
like "text: what was run" "$text" 'rec.dat: 31 of 31 programs of 0.0.0001 run on 0.0.0002 in '
like "text: the schedule" "$text" 'schedule: speed 1, [0-9]+ late'
like "text: measured by the driver" "$text" $'\n''translate +[0-9.]+[mun]?s .*\| +[0-9.]+[mun]?s'
like "text: ended as recorded" "$text" $'\n''ok +25 +25'$'\n''channel check +3 +3'$'\n''unit check +3 +3'
ok "text: nothing ended otherwise" test -z "$(grep otherwise <<< "$text")"
# the rate of 10 a second is in it: 0.2 s at least
# json NAME...: of flat.json, or of $of
json()
{
	perl -MJSON::PP -0777 -e 'my $v = decode_json(<STDIN>); $v = $v->{$_} for @ARGV; print $v' "$@" < "${of-flat.json}"
}
is "json: started" "$(json started)" 31
is "json: replayed as many as recorded" "$(json replayed ios),$(json recorded ios)" 31,31
is "json: ended as recorded" "$(json ended_otherwise),$(json replayed ended 'unit check')" 0,3
ok "json: recorded with its pauses, flat out without" test "$(json recorded_ns)" -gt "$(json replayed_ns)"
# The plan is absolute: however late each program was, the last one is as late as all took too long.
like "twice as fast" "$said" 'paced: 0'
plan=$(($(of=paced.json json recorded_ns) / 2)) took=$(of=paced.json json replayed_ns)
ok "twice as fast: not faster than that" test "$took" -ge "$plan"
drift=$((took - plan - $(of=paced.json json end_late_ns)))
ok "twice as fast: the drift is that from the plan" test "${drift#-}" -le 1000
ok "twice as fast: no drift is worse than the worst" \
	test "$(of=paced.json json most_late_ns)" -ge "$(of=paced.json json end_late_ns)"
like "-n" "$said" 'five: 0'
like "-n: five" "$(cat five.text)" '5 of 5 programs'
like "--filter" "$said" 'filter: 0'
like "--filter: the three that had a unit check" "$(cat filter.text)" 'rec.dat: 3 of 31 programs.*unit check +3 +3'
like "one of two subchannels" "$said" 'one: 0'
like "one of two subchannels: that one" "$(cat one.text)" '2 of 2 programs of 0.0.0002 run on 0.0.0001'
like "allowed to write" "$said" 'write: 0'
like "allowed to write: run" "$(cat write.text)" '2 of 2 programs'

like "--until" "$said" 'until: 0'
like "--until: what was begun before, whole" "$(cat until.text)" '11 of 11 programs of 0.0.0001'
like "--since" "$said" 'since: 0'
like "--since: what was begun then, whole" "$(cat since.text)" '20 of 20 programs of 0.0.0001'
like "the device goes: status 1" "$said" 'gone: 1'
like "the device goes: said" "$(cat gone.err)" '^ccwtrace: 0.0.0002: the device is gone'
json_gone()
{
	of=gone.json json "$@"
}
like "the device goes: what was run until then is in the json" "$(json_gone started)" '^[1-9][0-9]?$'
ok "the device goes: not all of it" test "$(json_gone started)" -lt 31
like "the device goes: the json says so as well" "$(json_gone error)" 'the device is gone'

refusal()
{
	like "$1: status 1" "$said" "refused $1: 1"
	like "$1: says why" "$(cat "refused.$1")" "^ccwtrace: $2"
}
refusal several 'programs of several subchannels \(0.0.000[12], 0.0.000[12]\): choose one with -s'
refusal write 'program #1 changes what is on the device \(command 01\): --allow-writes .*--skip'
refusal skip 'none of the 2 programs can be run: .* 2 write'
refusal none 'none.dat: no channel programs in it: record them with .*-e vfio_ccw_ccw'
refusal absent '0.0.0003: no mediated device'
refusal name "'nothing' is neither a subchannel"
refusal busy '0.0.0002: cannot open .*another process has the device'
is "no tracing instance is left" "$(cat instances)" 0
finish
