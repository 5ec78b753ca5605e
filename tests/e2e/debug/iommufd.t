#!/bin/bash
# The device through iommufd, which Debian's kernels for s390x do not have: by its own character
# device, and by its group with an iommufd as container, under which the whole contract, hostile
# programs and the stress must be what they are with vfio_iommu_type1. Needs the debug kernel.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
programs=$((${HOSTILE_PROGRAMS:-100000} / 50))

cat > "$tap_dir/guest" <<'END_GUEST'
programs=$1
pins() { awk '/nr_foll_pin/ { n[++i] = $2 } END { print n[1] - n[2] }' /proc/vmstat; }
modprobe iommufd 2> /dev/null
vfio-ccw-bind --dev 0.0.1000 0.0.1007 > /tmp/l || exit
{ read -r S uuid dev; read -r T terminal dev; } < /tmp/l
before=$(pins)
vfio-iommufd "$uuid"
echo "rc=$? iommufd"
export VFIO_CONTAINER=/dev/iommu
vfio-contract "$uuid" > /tmp/o; echo "rc=$? contract"
grep -E '^(not ok|# |1\.\.)' /tmp/o | sed 's/^/contract: /'
vfio-hostile "$terminal" "$programs" 3 > /tmp/o; echo "rc=$? hostile"
sed -n 's/^region requests/hostile: requests/p; /DIFFERENT/p' /tmp/o
vfio-stress "$uuid" 10; echo "rc=$? stress"
echo "pinned pages: $(($(pins) - before))"
vfio-ccw-bind --release; rmmod vfio_ccw; echo "rc=$? rmmod"
END_GUEST
if [ "${VM_KERNEL-}" != debug ]; then
	skip "the device through iommufd" "the debug kernel has it: make check-debug"
	finish
fi
status "the guest's part ran, and the kernel log is clean" 0 "$top/tests/vm/run" --timeout 900 \
	"$tap_dir/guest" "$programs"
out=$tap_out
grep -E '^contract: ([^1]|1[^.])|rounds|DIFFERENT' <<< "$out" | sed 's/^/# /'
guest_tap "$(grep -v '^contract: ' <<< "$out")"
like "vfio-iommufd went to its end" "$out" 'rc=0 iommufd'
like "an iommufd as container: the contract" "$out" 'rc=0 contract'
ok "  all of it" test "$(sed -n 's/^contract: 1\.\.//p' <<< "$out")" -gt 150
like "  hostile programs" "$out" 'rc=0 hostile'
is "  as many as were asked for" "$(sed -n 's/^hostile: requests //p' <<< "$out")" "$programs"
like "  requests, commands, SET_IRQS, reset, unmap at once" "$out" 'rc=0 stress'
like "no page stays pinned" "$out" 'pinned pages: 0'
like "the driver can be unloaded" "$out" 'rc=0 rmmod'
finish
