#!/bin/bash
# The harness itself, on qemu.
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=harness.sh
. "$(dirname "$0")/harness.sh"
export emulator=qemu

usage_errors

guest_script pass <<'END'
#!/bin/sh
echo "arguments: $1|$2"
cat /add/greeting /add/dir/deep
dd if=/dev/urandom bs=1M count=3 2>/dev/null | od -An -v -tx1 > /tmp/large
echo "$(md5sum < /tmp/large)" > /out/sum
mkdir /out/sub && head -c 300000 /tmp/large > /out/sub/file
echo "to stderr" > /dev/stderr
cat /tmp/large
sleep 1000 &
exit 7
END
passes_through --driver none

# A reader that is late: all of it comes nevertheless.
guest_script late <<'END'
head -c 2000000 /dev/urandom > /out/file
md5sum < /out/file
echo now
sleep 2
exit 9
END
run --driver none --out "$tap_dir/late-out" "$tap_dir/late" > "$tap_dir/stdout" 2> "$tap_dir/stderr" &
pid=$!
until grep -qs now "$tap_dir/stdout" || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
reader=$(pgrep -f "tests/vm/channel $tap_dir/tmp/run")
kill -STOP "$reader"
sleep 8
kill -CONT "$reader"
wait $pid
is "a host that is slow to read: the status" $? 9
is "  and the files" "$(md5sum < "$tap_dir/late-out/file")" "$(sed -n 1p "$tap_dir/stdout")"

guest_script nohost <<'END'
vm-host info status
sleep 1
END
status "vm-host goes with --host" 0 run --driver none "$tap_dir/nohost"
is "  and says so without" "$tap_err" "vm-host: tests/vm/run needs --host"

guest_script panic <<'END'
echo before
sleep 5
echo c > /proc/sysrq-trigger
END
status "a panic has a status of its own" 122 run --driver none "$tap_dir/panic"
like "output before the panic came" "$tap_out" before
names_log "the panic's console log is named" 'sysrq triggered crash'

guest_script hang <<'END'
sleep 1000
END
status "a hang ends at the timeout" 123 run --driver none --timeout 3 "$tap_dir/hang"
names_log "the hang's console log is named" ''

guest_script lost <<'END'
poweroff -f
sleep 1000
END
status "a guest that goes away is lost" 124 run --driver none "$tap_dir/lost"
names_log "its console log is named" 'Linux version'

guest_script killed <<'END'
nproc
kill -TERM $$
END
guest_script icount <<'END'
a=$(cut -d. -f1 /proc/uptime)
sleep 60
b=$(cut -d. -f1 /proc/uptime)
[ $((b - a)) -ge 60 ] && echo "slept in guest time"
END
two_at_once killed '2' 143 "--driver none --smp 2" \
	icount 'slept in guest time' 0 "--driver none --icount --timeout 55"

guest_script devices <<'END'
set -e
vfio-ccw-bind --virtio | sort > /out/bound
ls /sys/bus/mdev/devices | wc -l
vfio-ccw-bind --release
ls /sys/bus/mdev/devices | wc -l
# the normal drivers come back when they like
n=0
until [ -e /sys/bus/ccw/devices/0.0.1000/driver ] && [ -e /sys/bus/ccw/devices/0.0.1004/driver ]; do
	[ $n -lt 100 ]
	n=$((n + 1))
	sleep 0.1
done
END
status "eight devices go to the kernel's own vfio_ccw and back" 0 \
	run --driver distro --out "$tap_dir/out" "$tap_dir/devices"
is "eight mdevs, then none" "$tap_out" $'8\n0'
is "their UUIDs are known beforehand" "$(sed -n 2p "$tap_dir/out/bound")" \
	"0.0.0002 00000000-0000-4000-8000-000000000002 0.0.1001"

ended_by_signal
leaves_nothing
finish
