#!/bin/bash
# 1,000 tracks of a 3390 through our driver, bit for bit: read back through vfio-ccw, through the
# kernel's dasd driver, and the other way round. Recorded: the report's figures must add up.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
ccwtrace=$top/build/host/bin/ccwtrace
. "$top/tests/e2e/same.sh"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
r() { "$@"; echo "rc=$? $*"; }
sums() { md5sum < "$1" | cut -d' ' -f1; }
tracing=/sys/kernel/tracing

ccwtrace record -q -o /out/dasd.dat -- sh -c "
	ccwio -q -s $S --tracks 15-1014 --seed 7 write-track || exit
	ccwio -q -s $S --tracks 15-1014 --seed 7 verify-track || exit
	ccwio -q -s $S -n 5 --expect uc -i /add/invalid || exit" > /tmp/rec.log 2>&1
echo "rc=$? written, verified, recorded"
tail -n 5 /tmp/rec.log
. /add/same.sh
cd /out && verbs_there dasd.dat

# The other formats and IDALs, on a few tracks: all must read what was written.
for how in "--ccw-format 0" "--ida 1" "--ida 2k" "--ida 4k" "--data-chain 3" "--ccw-format 0 --ida 1 --data-chain 2"; do
	r ccwio -q -s $S --tracks 100-102 --seed 7 $how verify-track
done
r ccwio -q -s $S --tracks 20-20 --record 12 seek-loop

ccwio --pattern --tracks 15-1014 --seed 7 -o /tmp/pattern > /dev/null
vfio-ccw-bind --release
# 0.0.0200 is the harness's own disk, so the block device is looked up by its device number.
ccw=/sys/bus/ccw/devices/$dev
n=0
while [ ! -e $ccw/online ] && [ $((n += 1)) -lt 100 ]; do sleep 0.2; done
echo 1 > $ccw/online
while [ ! -d $ccw/block ] && [ $((n += 1)) -lt 200 ]; do sleep 0.2; done
disk=/dev/$(ls $ccw/block) || exit
dd if=$disk of=/tmp/read bs=48k skip=15 count=1000 2>/dev/null
[ "$(sums /tmp/pattern)" = "$(sums /tmp/read)" ] && echo "the dasd driver reads what was written"
stat -c '%s bytes' /tmp/read
# The other way: written by the dasd driver, read through vfio-ccw.
ccwio --pattern --tracks 1500-1509 --seed 9 -o /tmp/other > /dev/null
dd if=/tmp/other of=$disk bs=48k seek=1500 conv=fsync 2>/dev/null
echo 0 > $ccw/online
vfio-ccw-bind --dev $dev > /dev/null
r ccwio -q -s $S --tracks 1500-1509 --seed 9 verify-track
r ccwio -q -s $S --tracks 1500-1500 --seed 8 verify-track
dmesg | grep -iE 'warning|bug:|oops|call trace|leaked|suspected memory leak' | head -n 3
END
cat > "$tap_dir/invalid" <<'END'
ccw 0xff sli count=1 data=x
data x size=16
END
status "the guest's part ran" 0 "$top/tests/vm/run" --emulator hercules --dasd 1 --timeout 600 \
	--add "$tap_dir/invalid" --add "$top/tests/e2e/same.sh" --out "$tap_dir/out" "$tap_dir/guest"
out=$tap_out
like "1,000 tracks written and verified through vfio-ccw while recording" "$out" 'rc=0 written, verified, recorded'
like "read by the dasd driver, bit for bit" "$out" 'the dasd driver reads what was written'
like "  all of them" "$out" '49152000 bytes'
for how in "--ccw-format 0" "--ida 1" "--ida 2k" "--ida 4k" "--data-chain 3" \
	"--ccw-format 0 --ida 1 --data-chain 2"; do
	like "verified with $how" "$out" "rc=0 ccwio -q -s [0-9.a-f]+ --tracks 100-102 --seed 7 $how verify-track"
done
like "SEEK, SEARCH, TIC, READ" "$out" 'rc=0 [^'$'\n'']*seek-loop'
like "what the dasd driver wrote is read through vfio-ccw" "$out" 'rc=0 [^'$'\n'']*--seed 9 verify-track'
like "a wrong pattern would have been noticed" "$out" 'rc=1 [^'$'\n'']*--seed 8 verify-track'
is "the kernel log is clean" "$(grep -ciE 'warning|bug:|oops|call trace' <<< "$out")" 0

status "the recording is whole: no lost events" 0 "$ccwtrace" report -i "$tap_dir/out/dasd.dat"
like "the report counts every I/O and names the unit check" "$tap_out" 'UNIT CHECK'
status "trace-cmd reads it" 0 trace-cmd report -i "$tap_dir/out/dasd.dat"
events=$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")
is "  2,000 tracks and 5 errors, one event each" "$events" 2005
cd "$tap_dir/out" && verbs_same_here dasd.dat
# Independent of our reader: the stages of trace-cmd's text, added up, must be what the driver was asked.
bad=$(grep ' vfio_ccw_io: ' <<< "$tap_out" | grep -vcE 'translate_ns=[1-9][0-9]* start_ns=[1-9][0-9]* device_ns=[1-9][0-9]* deliver_ns=[1-9]')
is "  every stage of every I/O was measured" "$bad" 0
finish
