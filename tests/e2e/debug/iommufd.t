#!/bin/bash
# The device through iommufd, which Debian's kernels for s390x do not have: for the debug kernel.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END_GUEST'
modprobe iommufd 2> /dev/null
vfio-ccw-bind --dev 0.0.1000 > /tmp/l || exit
read -r S uuid dev < /tmp/l
vfio-iommufd "$uuid"
echo "rc=$? iommufd"
vfio-ccw-bind --release; rmmod vfio_ccw; echo "rc=$? rmmod"
dmesg | grep -iE 'warning|bug:|oops|call trace|leak|stays pinned' | head -n 5 | sed 's/^/kernel: /'
END_GUEST
status "the guest's part ran" 0 "$top/tests/vm/run" --timeout 600 "$tap_dir/guest"
out=$tap_out
guest_tap "$out"
like "vfio-iommufd went to its end" "$out" 'rc=0 iommufd'
like "the driver can be unloaded" "$out" 'rc=0 rmmod'
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$out")" ''
finish
