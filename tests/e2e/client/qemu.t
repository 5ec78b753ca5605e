#!/bin/bash
# An unmodified qemu-system-s390x as the client: inside the guest it runs a guest of its own with a
# device passed through. What the inner guest started, halted and cleared is what the driver saw.
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/guest/client.sh"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 3 > /tmp/l || exit
{ read -r S first dev; read -r s second dev; read -r s third dev; } < /tmp/l
ccwtrace record -q -e detail -o /out/run.dat -s "$S" -- /add/inner run run "$first"
echo "recorded: $?"
/add/inner unplug monitor "$second" monitor
/add/inner unplug host "$third" host
# The device with a channel path of its own
vfio-ccw-bind --dev 0.0.1007 > /tmp/l || exit
read -r s fourth dev < /tmp/l
/add/inner path path "$fourth" "0.$(cut -c1-2 "/sys/bus/css/devices/$s/chpids")"
vfio-ccw-bind --dev 0.0.1003 > /tmp/l || exit
read -r s fifth dev < /tmp/l
/add/inner device device "$fifth" 'device_del v1003' 'device_add virtio-rng-ccw,id=v1003,devno=fe.0.1003'
cp /tmp/*.tap /out
vfio-ccw-bind --release && echo released
rmmod vfio_ccw && echo unloaded
dmesg | grep -iE 'warning|bug:|oops|call trace|leaked|suspected memory leak|rcu.*stall' | head -n 5 | sed 's/^/kernel: /'
END
client_run --host --timeout 500 "$tap_dir/guest"
like "qemu ran, recorded" "$client_said" 'recorded: 0'
client_tap run "inner guest" 35
client_counted
client_tap monitor "device_del" 39
like "device_del: qemu ended well" "$client_said" 'monitor: qemu ended with 0'
client_tap host "mdev removed" 39
like "the host has it back while qemu runs on" "$client_said" 'host: mdev removed'
like "mdev removed: qemu ended well" "$client_said" 'host: qemu ended with 0'
client_tap path "channel path" 39
like "channel path: qemu ended well" "$client_said" 'path: qemu ended with 0'
client_tap device "device" 39
like "device: qemu ended well" "$client_said" 'device: qemu ended with 0'
like "the devices go back to their driver" "$client_said" released
like "the driver can be unloaded" "$client_said" unloaded
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$client_said")" ''
[ "$tap_failed" -eq 0 ] || printf '%s\n' "$client_said" | sed 's/^/# /'
finish
