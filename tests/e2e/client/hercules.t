#!/bin/bash
# An unmodified qemu-system-s390x as the client of a 3390: its guest reads and writes records. The
# kernel's dasd driver then finds them on the disk.
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/guest/client.sh"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
cat /proc/uptime

# qemu wants the type of each channel path, which this channel subsystem does not give: a tree
# that has it, over the kernel's own.
css=/sys/devices/css0
mkdir /tmp/css0
mount --bind $css /tmp/css0
mount -t tmpfs none $css
for d in /tmp/css0/0.*; do
	mkdir "$css/${d##*/}"
	mount --bind "$d" "$css/${d##*/}"
done
for id in $(cat /tmp/css0/$S/chpids); do
	mkdir -p "$css/chp0.$id"
	echo 1b > "$css/chp0.$id/type"
done

ccwtrace record -q -e detail -o /out/run.dat -s "$S" -- /add/inner run run "$uuid"
echo "recorded: $?"
cat /proc/uptime
cp /tmp/*.tap /out
umount $css/0.* $css

vfio-ccw-bind --release && echo released
ccw=/sys/bus/ccw/devices/$dev
n=0
until [ -e $ccw/online ] || [ $((n += 1)) -gt 100 ]; do sleep 0.2; done
echo 1 > $ccw/online
until [ -d $ccw/block ] || [ $((n += 1)) -gt 200 ]; do sleep 0.2; done
dd if=/dev/$(ls $ccw/block) bs=48k skip=100 count=10 2>/dev/null | md5sum
rmmod vfio_ccw && echo unloaded
dmesg | grep -iE 'warning|bug:|oops|call trace|leaked|suspected memory leak|rcu.*stall' | head -n 5 | sed 's/^/kernel: /'
END
client_run --emulator hercules --dasd 1 --timeout "${CLIENT_TIMEOUT:-900}" "$tap_dir/guest"
like "qemu ran, recorded" "$client_said" 'recorded: 0'
client_tap run "inner guest" 40
like "the inner guest knew the 3390" "$(cat "$client_out/run.tap")" 'ok [0-9]+ - 10 tracks'
client_counted
# The pattern of dasd.c, ten tracks from track 100 on.
pattern=$(perl -e 'for my $track (100 .. 109) {
	my $x = ($track * 2654435761 + 1) & 0xffffffff;
	for (1 .. 12 * 4096) { $x = ($x * 1664525 + 1013904223) & 0xffffffff; print chr($x >> 24) } }' | md5sum)
like "the dasd driver reads what the inner guest wrote" "$client_said" "$pattern"
like "the device goes back to its driver" "$client_said" released
like "the driver can be unloaded" "$client_said" unloaded
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$client_said")" ''
[ "$tap_failed" -eq 0 ] || printf '%s\n' "$client_said" | sed 's/^/# /'
finish
