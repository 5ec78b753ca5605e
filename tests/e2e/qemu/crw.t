#!/bin/bash
# Devices that go and come back, channel paths that are varied off and on: what user space sees of it.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END_GUEST'
echo "== paths"
# The only device with a channel path of its own: on the path of the others is this script's output.
vfio-ccw-bind --dev 0.0.1007 > /tmp/l || exit
read -r S uuid dev < /tmp/l
vfio-crw paths "$uuid" "0.$(cut -c1-2 /sys/bus/css/devices/$S/chpids)"
echo "rc=$? paths"
echo "== gone"
vfio-ccw-bind --dev 0.0.1000 > /tmp/l || exit
read -r S uuid dev < /tmp/l
vfio-crw gone "$uuid" "$S" 'device_del v1000' 'device_add virtio-rng-ccw,id=v1000,devno=fe.0.1000'
echo "rc=$? gone"
echo "driver: $(basename "$(readlink /sys/bus/css/devices/$S/driver)")"
vfio-ccw-bind --release; rmmod vfio_ccw; echo "rc=$? rmmod"
dmesg | grep -iE 'warning|bug:|oops|call trace|leak|stays pinned' | head -n 5 | sed 's/^/kernel: /'
END_GUEST
status "the guest's part ran" 0 "$top/tests/vm/run" --host --timeout 400 "$tap_dir/guest"
out=$tap_out
guest_tap "$out"
rest=$(grep -vE '^(not )?ok ' <<< "$out")
like "vfio-crw paths went to its end" "$rest" 'rc=0 paths'
like "vfio-crw gone went to its end" "$rest" 'rc=0 gone'
like "the device that came back has its normal driver" "$rest" 'driver: io_subchannel'
like "the driver can be unloaded" "$rest" 'rc=0 rmmod'
is "qemu had nothing to say" "$tap_err" ''
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$out")" ''
[ "$tap_failed" -eq 0 ] || printf '%s\n' "$rest" | sed 's/^/# /'
finish
