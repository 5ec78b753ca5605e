#!/bin/bash
# ccwtrace record on a 3390, where the channel is asynchronous: with the kernel's own vfio_ccw, and
# without any, of Linux' own DASD driver; chosen without being asked. Recorded there, reported here.
# With this project's driver: dasd.t, replay.t.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/e2e/same.sh"

ccwtrace=$top/build/host/bin/ccwtrace
out=$tap_dir/out

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
echo "subchannel $S $dev"
cd /out
ccwio -q -s $S --tracks 15-24 --seed 7 write-track > /dev/null
ccwtrace record -o distro.dat -- sh -c "
	ccwio -q -s $S --tracks 15-24 --seed 7 verify-track || exit
	ccwio -q -s $S -n 5 --expect uc -i /add/invalid" > /dev/null 2> distro.err
echo "distro: $?"

vfio-ccw-bind --release > /dev/null
rmmod vfio_ccw
ccw=/sys/bus/ccw/devices/$dev
n=0
while [ ! -e $ccw/online ] && [ $((n += 1)) -lt 200 ]; do sleep 0.2; done
echo 1 > $ccw/online
while [ ! -d $ccw/block ] && [ $((n += 1)) -lt 400 ]; do sleep 0.2; done
disk=/dev/$(ls $ccw/block) || exit
ccwtrace record -s $S -o stock.dat -- dd if=$disk of=/dev/null iflag=direct bs=48k skip=15 count=10 \
	2> stock.err
echo "stock: $?"
ccwtrace report -q -i stock.dat > stock.there
. /add/same.sh
verbs_there distro.dat stock.dat
echo 0 > $ccw/online
echo "instances left: $(ls /sys/kernel/tracing/instances | wc -l)"
END
cat > "$tap_dir/invalid" <<'END'
ccw 0xff sli count=1 data=x
data x size=1
END
status "in the guest" 0 "$top/tests/vm/run" --emulator hercules --driver distro --dasd 1 --timeout 900 \
	--add "$tap_dir/invalid" --add "$top/tests/e2e/same.sh" --out "$out" "$tap_dir/guest"
said=$tap_out
cd "$out" || bail "nothing came back"
read -r sch dev < <(sed -n 's/^subchannel //p' <<< "$said")

# column FILE NAME: of the subchannel's line in the report
column()
{
	"$ccwtrace" report -q --format csv -i "$1" |
		awk -F, -v s="$sch" -v name="$2" '/^subchannel|^sch/ { for (i = 1; i <= NF; i++) c[$i] = i }
		$1 == s && !n++ { print $c[name] }'
}

like "the kernel's own driver: ends well" "$said" 'distro: 0'
like "the kernel's own driver: says what it records" "$(head -n 1 distro.err)" \
	"^ccwtrace: the kernel's own vfio_ccw: 7 events of s390, [0-9]+ events of vfio_ccw$"
is "the kernel's own driver: every I/O" "$(column distro.dat ios)" 15
status "the kernel's own driver: errors" 0 "$ccwtrace" errors distro.dat
like "the kernel's own driver: errors are known" "$tap_out" '5 .*unit check|unit check.* 5'
status "the kernel's own driver: I/Os" 0 "$ccwtrace" show --io --format csv distro.dat
is "the kernel's own driver: the device's time of each" \
	"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 { n += $c["device_ns"] > 0 } END { print n }' <<< "$tap_out")" 15

like "no vfio_ccw: ends well" "$said" 'stock: 0'
is "no vfio_ccw: says what it records" "$(head -n 1 stock.err)" "ccwtrace: no vfio_ccw driver: 7 events of s390"
# a read of 48 KiB is an I/O or, where the kernel splits it, several
ok "no vfio_ccw: every I/O of the DASD driver" test "$(column stock.dat ios)" -ge 10
status "no vfio_ccw: reported here" 0 "$ccwtrace" report -q -i stock.dat
is "no vfio_ccw: the same there" "$tap_out" "$(cat stock.there)"
like "no vfio_ccw: the device is known" "$(grep -a "^device $sch " stock.dat)" "devno=$dev cu=3990/.* dev=3390/"
status "no vfio_ccw: the subchannel alone" 0 "$ccwtrace" show --io --format csv stock.dat
is "no vfio_ccw: the subchannel alone is in it" \
	"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 { print $c["subchannel"] }' <<< "$tap_out" | sort -u)" "$sch"
like "nothing is left" "$said" 'instances left: 0'
verbs_same_here distro.dat stock.dat
finish
