#!/bin/bash
# The driver on a channel that works on its own: active, halted, cleared, suspended, resumed,
# cancelled and killed programs on a 3390, and READ BACKWARD on a tape. Counters of the statistics
# region, of debugfs and of the events are those of what was done.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END_GUEST'
pins() { awk '/nr_foll_pin/ { n[++i] = $2 } END { print n[1] - n[2] }' /proc/vmstat; }
before=$(pins)
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
r() { "$@" > /tmp/r 2>&1; echo "rc=$? $*"; sed 's/^/  /' /tmp/r; }

echo "== ccwio"
r ccwio -s $S -i /add/loop --halt-after 100ms --expect halt
r ccwio -s $S -i /add/loop --clear-after 100ms --expect clear
r ccwio -s $S -i /add/loop --reset-after 100ms --timeout 2s --expect timeout
r ccwio -s $S -i /add/loop --cancel-after 100ms --clear-after 200ms --expect clear --expect cancel
r ccwio -s $S -i /add/loop --no-wait
r ccwio -s $S sense-id
r ccwio -s $S -i /add/suspend --resume-after 50ms
r ccwio -s $S -i /add/suspend --resume-after 50ms -n 3

# After ccwio: what vfio-driver leaves suspended or looping when it is closed, Hercules may remember,
# and go on with that at the next RESUME.
echo "== calls"
timeout -s KILL 240 vfio-driver $uuid $S
echo "rc=$? vfio-driver"
echo $S > /sys/bus/css/drivers/vfio_ccw/bind
vfio-ccw-bind $S > /dev/null

echo "== counters"
cd /sys/kernel/tracing
echo 4096 > buffer_size_kb
echo 1 > events/vfio_ccw/vfio_ccw_io/enable
r ccwio -q -s $S mixed --errors 30 --tracks 15-20 -n 400 --stats
echo 0 > events/vfio_ccw/vfio_ccw_io/enable
grep vfio_ccw_io: trace > /out/events
cat /sys/kernel/debug/vfio_ccw/$S/stats > /out/debugfs
cp /tmp/r /out/region
cd /

echo "== tape"
vfio-ccw-bind --dev 0.0.0580 > /tmp/t && read -r T tape rest < /tmp/t &&
	timeout -s KILL 60 vfio-driver $tape tape
echo "rc=$? tape"

echo "== end"
vfio-ccw-bind --release
rmmod vfio_ccw; echo "rc=$? rmmod"
modprobe vfio_ccw; echo "rc=$? modprobe"
vfio-ccw-bind $S > /dev/null && r ccwio -q -s $S sense-id
sleep 1
echo "pinned pages: $before before, $(pins) after"
dmesg | grep -iE 'warning|bug:|oops|call trace|leaked|suspected memory leak|stays pinned' | head -n 5
END_GUEST
cat > "$tap_dir/loop" <<'END'
a: ccw nop sli,cc count=1 data=x
tic b
at 0x4000
b: ccw nop sli,cc count=1 data=x
tic a
data x size=1
END
cat > "$tap_dir/suspend" <<'END'
orb spnd=1
ccw nop sli,cc count=1 data=x
a: ccw nop sli,cc,suspend count=1 data=x
b: ccw nop sli,cc,suspend count=1 data=x
c: ccw sense sli count=8 data=x
data x size=8
on-resume a+1 60
on-resume n=2 b+1 60
on-resume n=2 c e4
END
hetinit -d "$tap_dir/tape" TAP001 > "$tap_dir/hetinit" 2>&1 || bail "hetinit: $(cat "$tap_dir/hetinit")"

status "the guest's part ran" 0 "$top/tests/vm/run" --emulator hercules --dasd 1 --timeout 480 \
	--conf "IODELAY 20000" --conf "0580 3480 $tap_dir/tape" \
	--add "$tap_dir/loop" --add "$tap_dir/suspend" --out "$tap_dir/out" "$tap_dir/guest"
out=$tap_out

# What vfio-driver found, line by line.
guest_tap "$out"
like "vfio-driver went to its end" "$out" $'rc=0 vfio-driver'
like "and so it did on the tape" "$out" 'rc=0 tape'

like "ccwio: HALT ends an endless program" "$out" 'rc=0 ccwio [^'$'\n'']*--halt-after'
like "  CLEAR" "$out" 'rc=0 ccwio [^'$'\n'']*/add/loop --clear-after'
like "  reset" "$out" 'rc=0 ccwio [^'$'\n'']*--reset-after'
like "  CANCEL does not, or came before it ran" "$out" 'rc=0 ccwio [^'$'\n'']*--cancel-after.*(CANCEL SUBCHANNEL gave condition code 2|taken back by CANCEL)'
like "  left alone" "$out" 'rc=0 ccwio [^'$'\n'']*--no-wait'
like "  the device works afterwards" "$out" 'rc=0 ccwio [^'$'\n'']*sense-id'
like "suspended twice, changed and resumed" "$out" \
	'rc=0 ccwio [^'$'\n'']*--resume-after 50ms'$'\n''.*suspended 2 times, resumed 2 times.*  ff3990'
like "  each I/O begins with the program as written" "$out" 'rc=0 ccwio [^'$'\n'']*--resume-after 50ms -n 3'

# The three views of one run: events, region, debugfs.
events=$tap_dir/out/events region=$tap_dir/out/region debugfs=$tap_dir/out/debugfs
like "a mixed load with errors" "$out" 'rc=0 ccwio [^'$'\n'']*mixed'
is "one event for each request" "$(wc -l < "$events")" 400
# field NAME: the counter in debugfs; sum NAME: over the events
field() { sed -n "s/^$1 //p" "$debugfs"; }
sum() { grep -oE " $1=[0-9]+" "$events" | awk -F= '{ s += $2 } END { printf "%.0f\n", s }'; }
having() { grep -cE "$1" "$events"; }
is "requests" "$(field requests)" 400
for f in bytes ccws segments idaws pages; do
	is "$f: the events' sum" "$(field $f)" "$(sum $f)"
done
is "interrupts" "$(field interrupts)" "$(sum irqs)"
is "refused" "$(grep '^refused_' "$debugfs" | awk '{ s += $2 } END { print s + 0 }')" "$(having ' rc=-')"
is "unit checks" "$(field unit_check)" "$(having ' dstat=[A-Z|]*UC')"
is "bad programs" "$(field bad_programs)" "$(having ' flags=[A-Z0-9|]*BADCCW')"
is "channel checks" "$(field channel_check)" "$(having ' cstat=[A-Z|]*CHK')"
ok "  there were some of each" test "$(field unit_check)" -gt 0 -a "$(field channel_check)" -gt 0
for f in translate start device deliver; do
	is "time of stage $f: the events' sum" \
		"$(sed -n "s/^${f}_ns sum \([0-9]*\) .*/\1/p" "$debugfs")" "$(sum ${f}_ns)"
done
is "the histogram of the device stage, class by class" \
	"$(sed -n 's/^device_ns .* log2 //p' "$debugfs")" \
	"$(grep -oE ' device_ns=[0-9]+' "$events" | awk -F= '
		{ b = 0; for (v = $2; v >= 2; v = int(v / 2)) b++; n[b]++ }
		END { for (b = 0; b < 40; b++) if (n[b]) printf "%s%d:%d", s++ ? " " : "", b, n[b] }')"
for f in requests unit_check channel_check bytes ccws interrupts; do
	is "the region says the same: $f" "$(awk -v f="$f" '$1 == f { print $2 }' "$region")" "$(field $f)"
done

like "the module is removed" "$out" 'rc=0 rmmod'
like "  and loaded again" "$out" 'rc=0 modprobe'
like "  and works" "$out" 'rc=0 modprobe.*rc=0 ccwio'
like "no page stays pinned" "$out" 'pinned pages: 0 before, 0 after'
is "the kernel log is clean" "$(sed '1,/^pinned pages:/d' <<< "$out")" ""
finish
