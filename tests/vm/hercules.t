#!/bin/bash
# The harness itself, on hercules.
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=harness.sh
. "$(dirname "$0")/harness.sh"
export emulator=hercules

guest_script pass <<'END'
#!/bin/sh
echo "arguments: $1|$2"
cat /add/greeting /add/dir/deep
dd if=/dev/urandom bs=64k count=8 2>/dev/null | od -An -v -tx1 > /tmp/large
echo "$(md5sum < /tmp/large)" > /out/sum
mkdir /out/sub && head -c 300000 /tmp/large > /out/sub/file
echo "to stderr" >&2
cat /tmp/large
sleep 1000 &
exit 7
END
passes_through --driver none

guest_script panic <<'END'
echo before
sleep 10 # the guest's clock is this machine's: what carries the word may have to wait for a CPU
echo c > /proc/sysrq-trigger
END
guest_script dasd <<'END'
set -e
for d in 0.0.0120 0.0.0121 0.0.0122; do
	echo 1 > /sys/bus/ccw/devices/$d/online
	disk=$(ls /sys/bus/ccw/devices/$d/block)
	dd if=/dev/zero of=/dev/$disk bs=4k seek=100 count=1 oflag=direct 2>/dev/null
	# 512-byte sectors: 200 cylinders of 15 tracks of 12 records of 4 KiB
	echo "$d $(cat /sys/block/$disk/size)"
done
nproc
END
two_at_once panic 'before' 122 "--driver none" \
	dasd $'0.0.0120 288000\n0.0.0121 288000\n0.0.0122 288000\n2' 0 "--driver none --dasd 3 --smp 2"

status "a hang ends at the timeout" 123 run --driver none --timeout 4 "$tap_dir/pass"
names_log "the hang's console log is named" 'Hercules'

leaves_nothing
finish
