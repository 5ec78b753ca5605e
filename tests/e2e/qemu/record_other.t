#!/bin/bash
# ccwtrace record with the kernel's own vfio_ccw driver: its events and those of the common I/O
# layer, chosen without being asked; recorded there, reported here. Without any vfio_ccw: record.t.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/e2e/same.sh"

ccwtrace=$top/build/host/bin/ccwtrace
out=$tap_dir/out

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 > /dev/null || exit
cd /out
load='ccwio -q -s 0.0.0001,0.0.0002 sense-id -n 100'
ccwtrace record -o usual.dat -- $load > /dev/null 2> usual.err
echo "usual: $?"
ccwtrace record -q -e default -s 0.0.0002 -o one.dat -- $load > /dev/null
echo "one: $?"
ccwtrace record -q -o errors.dat -- ccwio -q -s 0.0.0001 -n 20 --expect uc -i /add/seek > /dev/null
echo "errors: $?"
refused()
{
	name=$1
	shift
	ccwtrace record -o none.dat "$@" > /dev/null 2> refused.$name
	echo "refused $name: $?"
}
refused program -e program
refused fsm -e fsm
refused event -e vfio_ccw_io
refused latency --flight 1s --on-latency 1ms
ls none.dat* 2> /dev/null

# a flight recorder, asked: what the kernel's own driver does is in it
ccwtrace record -v --flight 10m -o flight.dat 2> flight.err &
n=0
until grep -q 'recording in' flight.err || [ $n -gt 600 ]; do n=$((n + 1)); sleep 0.1; done
ccwio -q -s 0.0.0001 sense-id -n 50 > /dev/null
kill -USR1 $!
until grep -q 'flight.dat.1: asked' flight.err || [ $n -gt 1200 ]; do n=$((n + 1)); sleep 0.1; done
kill -INT $!
wait $!
echo "flight: $?"
echo "instances left: $(ls /sys/kernel/tracing/instances | wc -l)"
. /add/same.sh
verbs_there usual.dat errors.dat flight.dat.1
END
cat > "$tap_dir/seek" <<'END'
ccw seek sli count=6 data=where
data where 000000010002
END
status "in the guest" 0 "$top/tests/vm/run" --driver distro --smp 2 --timeout 600 \
	--add "$tap_dir/seek" --add "$top/tests/e2e/same.sh" --out "$out" "$tap_dir/guest"
said=$tap_out
cd "$out" || bail "nothing came back"

# ios FILE SUBCHANNEL: I/Os in the report, "-" none
ios()
{
	"$ccwtrace" report -q --format csv -i "$1" | awk -F, -v s="$2" '$1 == s && !n++ { print $2 } END { if (!n) print "-" }'
}

like "usual: ends well" "$said" 'usual: 0'
like "usual: says what it records" "$(head -n 1 usual.err)" \
	"^ccwtrace: the kernel's own vfio_ccw: 7 events of s390, [0-9]+ events of vfio_ccw$"
is "usual: every I/O" "$(ios usual.dat 0.0.0001) $(ios usual.dat 0.0.0002)" "100 100"
status "usual: reported here" 0 "$ccwtrace" report -i usual.dat
like "usual: the time of the device" "$tap_out" $'\n''0\.0\.0001 .*[0-9](us|ms)'
status "usual: every I/O, one by one" 0 "$ccwtrace" show --io --format csv usual.dat
# of some the interrupt is stamped before the START SUBCHANNEL, on another CPU: their time is unknown
read -r n timed others < <(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { n++; timed += $c["device_ns"] > 0; others += $c["translate_ns"] $c["deliver_ns"] != "" }
	END { print n, timed, others + 0 }' <<< "$tap_out")
is "usual: one by one: all of them" "$n" 200
ok "usual: one by one: the device's time" test "$timed" -gt 20
is "usual: one by one: no other time" "$others" 0
if command -v trace-cmd > /dev/null; then
	status "usual: trace-cmd reads it" 0 trace-cmd report -i usual.dat
	is "usual: trace-cmd finds every start" "$(grep -c ' s390_cio_ssch: .*schid=0.0.000[12]' <<< "$tap_out")" 200
	ok "usual: and the driver's own events" grep -q ' vfio_ccw_fsm_' <<< "$tap_out"
fi
like "-s, -e default: ends well" "$said" 'one: 0'
is "-s, -e default: that one alone" "$(ios one.dat 0.0.0001) $(ios one.dat 0.0.0002)" "- 100"
like "errors: ends well" "$said" 'errors: 0'
status "errors: reported here" 0 "$ccwtrace" errors errors.dat
like "errors: what they were" "$tap_out" '20 .*unit check|unit check.* 20'
for set in program fsm; do
	like "-e $set: refused" "$said" "refused $set: 1"
	like "-e $set: says why" "$(cat refused.$set)" "^ccwtrace: -e $set: the loaded vfio_ccw has no event vfio_ccw_.*the kernel's own"
done
like "-e vfio_ccw_io: refused" "$said" 'refused event: 1'
like "-e vfio_ccw_io: says why" "$(cat refused.event)" "the loaded vfio_ccw has no event vfio_ccw_io: it is the kernel's own"
like "--on-latency: refused" "$said" 'refused latency: 1'
like "--on-latency: says why" "$(cat refused.latency)" 'vfio_ccw_io is not recorded'
ok "refused: no file" test ! -e none.dat -a ! -e none.dat.1
like "flight recorder: status 0" "$said" 'flight: 0'
is "flight recorder: every I/O" "$(ios flight.dat.1 0.0.0001)" 50
like "nothing is left" "$said" 'instances left: 0'
verbs_same_here usual.dat errors.dat flight.dat.1
finish
