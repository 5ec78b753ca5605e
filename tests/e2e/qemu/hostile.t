#!/bin/bash
# A hundred thousand hostile programs against the driver, on two CPUs, while another thread changes
# what is being translated. What the client submitted and got back, the statistics region, debugfs,
# the vfio_ccw_io event (counted by a histogram trigger) and a BPF program on it must agree to the
# last one; nothing is lost, leaked, or said in the kernel log.
#
# HOSTILE_PROGRAMS=N for another number, SEED=N for other programs. A tenth on the debug kernel.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
debug=$([ "${VM_KERNEL-}" != debug ] || echo 1)
programs=${HOSTILE_PROGRAMS:-100000}
[ -z "$debug" ] || programs=$((programs / 10))
seed=${SEED:-1}

cat > "$tap_dir/guest" <<'END'
programs=$1 seed=$2
event=/sys/kernel/tracing/events/vfio_ccw/vfio_ccw_io
# each CPU counts for itself for a while
pins() {
	echo 1 > /proc/sys/vm/stat_refresh
	awk '/nr_foll_pin/ { print $2 }' /proc/vmstat | tr '\n' ' '
}
free() {
	sync
	echo 3 > /proc/sys/vm/drop_caches
	sleep 2
	awk '/^(MemFree|Slab):/ { print $2 }' /proc/meminfo | tr '\n' ' '
}

vfio-ccw-bind --dev 0.0.1007 > /tmp/t && read -r T terminal rest < /tmp/t
# what is allocated once and for all
vfio-hostile $terminal 2000 $((seed + 1)) > /dev/null; echo "warm-up $?"
echo 'hist:keys=rc:vals=ccws,bytes' > $event/trigger
echo "memory $(free)"
echo "pins $(pins)"
bpf-count /lib/vfio_ccw/ccwlat.bpf.o sh -c "vfio-hostile $terminal $programs $seed; echo client \$?" > /tmp/out 2>&1
sed 's/^0\..* ios=/bpf ios=/' /tmp/out
echo "pins $(pins)"
echo "memory $(free)"
sed 's/^/debugfs /' /sys/kernel/debug/vfio_ccw/$T/stats
sed -n 's/[{}:,]/ /g; /hitcount\|Hits\|Dropped/s/^/event /p' $event/hist
echo "!hist:keys=rc:vals=ccws,bytes" > $event/trigger
vfio-ccw-bind --release
dmesg | grep -iE 'warning|bug:|oops|call trace|stays pinned|leaked|suspected memory leak|refcount' | head -n 20 | sed 's/^/log /'
END
status "the guest's part ran" 0 "$top/tests/vm/run" --smp 2 --timeout $((programs / 100 + 600)) \
	"$tap_dir/guest" "$programs" "$seed"
out=$tap_out
grep -E '^[0-9]+ programs|DIFFERENT|^no status|none of the guest' <<< "$out" | sed 's/^/# /'

# of KIND: its lines; field KIND NAME: the number behind NAME
of() { sed -n "s/^$1 //p" <<< "$out"; }
field() { of "$1" | sed -n "s/.*\b$2[ =]*\([0-9]*\).*/\1/p"; }

is "what was submitted and came back is what the driver counted" "$(of client)" 0
is "$programs programs" "$(field region requests)" "$programs"
is "debugfs has the region's counters" "$(of debugfs | grep -F -x -f <(of region) | wc -l)" \
	"$(of region | wc -l)"
ok "  all of them" test "$(of region | wc -l)" -gt 20

is "an event for every program" "$(field event Hits)" "$programs"
is "  none dropped" "$(field event Dropped)" 0
sum() { of event | awk -v name="$1" '{ for (i = 1; i < NF; i++) if ($i == name) n += $(i + 1) } END { printf "%.0f", n }'; }
is "  with the CCWs" "$(sum ccws)" "$(field region ccws)"
is "  and the bytes" "$(sum bytes)" "$(field region bytes)"
# -EINVAL, as the histogram prints it
refused=$(of event | sed -n 's/.*rc *\(-22\|18446744073709551594\) .*hitcount *\([0-9]*\).*/\2/p')
is "  and the programs refused" "$refused" "$(field region refused_EINVAL)"
ok "  some, not all" test "${refused:-0}" -gt $((programs / 100)) -a "${refused:-0}" -lt $((programs / 2))
is "a BPF program counts as many" "$(field bpf ios) $(field bpf ccws) $(field bpf bytes)" \
	"$programs $(field region ccws) $(field region bytes)"

read -r a1 r1 a2 r2 <<< "$(of pins | tr '\n' ' ')"
is "no page stays pinned" "$((a2 - r2))" "$((a1 - r1))"
ok "  of as many as were" test $((a2 - a1)) -gt "$programs"
read -r free1 slab1 free2 slab2 <<< "$(of memory | tr '\n' ' ')"
echo "# free $free1 -> $free2 KiB, slab $slab1 -> $slab2 KiB, pinned and unpinned $((a2 - a1)) pages"
if [ -n "$debug" ]; then
	skip "free memory is what it was" "KASAN holds back what is freed; kmemleak looks instead"
else
	# 40 bytes a program
	ok "free memory is what it was, within 4 MiB" test $((free1 - free2)) -lt 4096
	ok "  and the kernel's own, within 2 MiB" test $((slab2 - slab1)) -lt 2048
fi
is "the kernel log is clean" "$(of log)" ""
finish
