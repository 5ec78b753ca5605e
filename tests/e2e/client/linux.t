#!/bin/bash
# A Linux with a device passed through, in qemu-system-s390x inside the guest: it sees the device as
# the guest saw it before, and drives it.
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/guest/client.sh"

kernel=$top/build/cache/kernel-6.12/vmlinuz
busybox=$top/build/cache/sysroot/usr/bin/busybox

cat > "$tap_dir/list" <<'END'
# Each channel device: number, control unit, device, paths of its subchannel.
for d in /sys/bus/ccw/devices/*; do
	s=$d/..
	[ -e "$d/cutype" ] && echo "${d##*/} $(cat $d/cutype) $(cat $d/devtype) $(cat $s/chpids) $(cat $s/pimpampom)"
done
END

root=$tap_dir/root
mkdir -p "$root/bin" "$root/proc" "$root/sys"
cp "$busybox" "$root/bin/busybox"
cp "$tap_dir/list" "$root/list"
cat > "$root/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
echo "booted"
sh /list | sed 's/^/listed: /'
cat /sys/bus/ccw/devices/0.0.0100/online
dmesg | grep -iE 'warning|bug:|oops|call trace' | head -n 5 | sed 's/^/kernel: /'
echo "uptime: $(cat /proc/uptime)"
poweroff -f
END
chmod 755 "$root/init"
(cd "$root" && find . -mindepth 1 | cpio --quiet -o -H newc -R 0:0) > "$tap_dir/inner.cpio"

cat > "$tap_dir/guest" <<'END'
sh /add/list | sed 's/^/outer: /'
vfio-ccw-bind --dev 0.0.1007 > /tmp/l || exit
read -r S uuid dev < /tmp/l
ccwtrace record -q -e detail -o /out/run.dat -s "$S" -- /add/inner run run "$uuid" -m 256M \
	-kernel /add/vmlinuz -initrd /add/inner.cpio -append 'console=ttysclp0 quiet cryptomgr.notests nokaslr'
echo "recorded: $?"
cp /tmp/*.tap /out
cat /proc/uptime
vfio-ccw-bind --release && echo released
rmmod vfio_ccw && echo unloaded
dmesg | grep -iE 'warning|bug:|oops|call trace|leaked|suspected memory leak|rcu.*stall' | head -n 5 | sed 's/^/kernel: /'
END
client_run --timeout "${CLIENT_TIMEOUT:-900}" --add "$kernel" --add "$tap_dir/inner.cpio" --add "$tap_dir/list" \
	"$tap_dir/guest"
console=$(tr -d '\r' < "$client_out/run.tap")
like "qemu ran, recorded" "$client_said" 'recorded: 0'
like "Linux started" "$console" booted
device=$(sed -n 's/^outer: 0\.0\.1007 //p' <<< "$client_said")
ok "the guest had the device" test -n "$device"
is "the inner Linux sees the device, and no other" "$(sed -n 's/^listed: //p' <<< "$console")" "0.0.0100 $device"
is "its kernel log is clean" "$(grep '^kernel: ' <<< "$console")" ''
status "the report" 0 "$top/build/host/bin/ccwtrace" report -i "$client_out/run.dat"
like "its I/O went through the driver" "$tap_out" ': [1-9][0-9]* I/Os? of 1 subchannel'
like "the device goes back to its driver" "$client_said" released
like "the driver can be unloaded" "$client_said" unloaded
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$client_said")" ''
[ "$tap_failed" -eq 0 ] || printf '%s\n' "$client_said" "$console" "$tap_out" | sed 's/^/# /'
finish
