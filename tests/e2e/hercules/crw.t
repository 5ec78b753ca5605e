#!/bin/bash
# A 3390 that is detached and attached again, and one that asks for attention: what user space sees.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
modules=$top/build/s390x
[ "${VM_KERNEL:-6.12}" = 6.12 ] || modules+=/$VM_KERNEL

cat > "$tap_dir/guest" <<'END_GUEST'
insmod /add/hold_mcck.ko || exit
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
vfio-crw attention "$uuid" 'i 0120'
echo "rc=$? attention"
vfio-crw --rescan gone "$uuid" "$S" 'detach 0120' 'attach 0120 3390 dasd0 nosyncio'
echo "rc=$? gone"
rmmod vfio_ccw; echo "rc=$? rmmod"
dmesg | grep -iE 'warning|bug:|oops|call trace|leak|stays pinned' | head -n 5 | sed 's/^/kernel: /'
END_GUEST
status "the guest's part ran" 0 "$top/tests/vm/run" --emulator hercules --dasd 1 --host --timeout 500 \
	--log "${CRW_LOG:-$tap_dir/log}" --add "$modules/test/hold_mcck.ko" "$tap_dir/guest"
out=$tap_out
guest_tap "$out"
rest=$(grep -vE '^(not )?ok ' <<< "$out")
like "vfio-crw attention went to its end" "$rest" 'rc=0 attention'
like "vfio-crw gone went to its end" "$rest" 'rc=0 gone'
like "the driver can be unloaded" "$rest" 'rc=0 rmmod'
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$rest")" ''
[ "$tap_failed" -eq 0 ] || printf '%s\n' "$rest" | sed 's/^/# /'
finish
