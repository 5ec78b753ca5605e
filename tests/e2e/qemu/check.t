#!/bin/bash
# ccwtrace check in the guest: with this driver, with the kernel's own, with none, with a device
# passed through, and without rights. Each line has to follow what was done.
# shellcheck disable=SC2154  # variables of tests/tap.sh
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

cat > "$tap_dir/guest" <<'END'
check()
{
	ccwtrace check > /out/$1
	echo $? > /out/$1.code
}
check loaded
vfio-ccw-bind --virtio 2 > /dev/null || exit
check bound
ccwtrace check --format json > /out/json
ccwtrace check -q > /out/quiet
echo 'nobody:x:65534:65534::/:/bin/sh' >> /etc/passwd
chmod 755 /out
su -s /bin/sh nobody -c 'ccwtrace check' > /out/user 2>&1
umount /sys/kernel/debug/tracing /sys/kernel/tracing 2>/dev/null
umount /sys/kernel/debug 2>/dev/null
check untraced
mount -t tracefs tracefs /sys/kernel/tracing
vfio-ccw-bind --release
rmmod vfio_ccw
check unloaded
exit 0
END
line() # NAME FILE PATTERN
{
	grep -qE -- "$3" "$2"
	is "$1" $? 0 || sed 's/^/# /' "$2"
}

run()
{
	"$top/tests/vm/run" --out "$tap_dir/$1" "${@:2}" "$tap_dir/guest"
}

status "with this driver" 0 run ours
cd "$tap_dir/ours" || exit
line "kernel" loaded '^good  kernel +[67]\.[0-9.]+.* s390x$'
line "subchannels" loaded '^good  subchannels +[1-9]'
line "driver" loaded '^good  driver +vfio_ccw of this project$'
line "mdev" loaded '^good  mdev '
line "vfio" loaded '^good  vfio +type 1'
line "nothing bound" loaded '^note  passed through +0 subchannels bound to vfio_ccw, 0 mdevs$'
line "tracefs" loaded '^good  tracefs +/sys/kernel/tracing$'
line "BTF" loaded '^good  BTF '
line "rights" loaded '^good  rights +user 0, CAP_BPF, CAP_PERFMON$'
line "no JIT" loaded '^good  BPF +without JIT$'
is "all good: status" "$(cat loaded.code)" 0
line "bound" bound '^good  passed through +2 subchannels bound to vfio_ccw, 2 mdevs$'
is "json agrees with text" "$(perl -MJSON::PP -0777 -ne 'printf "%-4s  %-14s  %s\n", @$_{qw(verdict name value)} for @{decode_json($_)->{checks}}' json)" \
	"$(grep -v '^ ' bound)"
is "quiet: nothing is bad" "$(cat quiet)" ""
line "user: tracefs" user '^bad   tracefs +no rights$'
line "user: BPF" user '^bad   rights +user [1-9]'
line "no tracefs" untraced '^bad   tracefs +not mounted$'
line "no tracefs: the way out" untraced '-> mount -t tracefs'
is "no tracefs: status" "$(cat untraced.code)" 4
line "no driver" unloaded '^bad   driver +vfio_ccw is not loaded$'
line "no driver: the way out" unloaded '-> modprobe vfio_ccw'
is "no driver: status" "$(cat unloaded.code)" 4

status "with the kernel's driver" 0 run distro --driver distro
line "kernel's: said" "$tap_dir/distro/loaded" '^note  driver +vfio_ccw of the kernel$'
line "kernel's: bound" "$tap_dir/distro/bound" '^good  passed through +2 subchannels'
finish
