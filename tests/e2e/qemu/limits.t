#!/bin/bash
# Programs at the bounds and beyond them: refused or run as they should be, in bounded host time
# (instructions of the request and of unpinning), kernel stack and memory. The instructions are
# counted, not timed: the guest runs with -icount.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
most=100000000

cat > "$tap_dir/guest" <<'END'
T=/sys/kernel/tracing
# Stack between the system call and the deepest function of vfio's or ours that was entered.
stack() {
	awk '$1 ~ /^[0-9]+\)$/ { if (!top) top = $2; if ($4 ~ /^vfs_write/) print top - $2 }' $T/stack_trace
}
uuid=$(vfio-ccw-bind --virtio 1 | cut -d' ' -f2)
vfio-limits "$uuid"
[ -e $T/stack_trace ] || exit 0
echo '*:mod:vfio_ccw' > $T/stack_trace_filter
echo 'vfio_*' >> $T/stack_trace_filter
echo 1 > /proc/sys/kernel/stack_tracer_enabled
for p in "ccwio -q -s 0.0.0001 sense-id" "vfio-limits $uuid"; do
	echo 0 > $T/stack_max_size
	$p > /dev/null || echo "failed: $p"
	echo "stack $(stack)"
done
echo 0 > /proc/sys/kernel/stack_tracer_enabled
sed 's/^/deepest /' $T/stack_trace
END
# -icount and checkers are too slow together
debug=$([ "${VM_KERNEL-}" != debug ] || echo 1)
count=(--icount)
[ -z "$debug" ] || count=()
status "the guest's part ran" 0 "$top/tests/vm/run" "${count[@]}" --timeout 600 "$tap_dir/guest"
out=$tap_out
grep -E '^(# |not ok|stack|deepest|failed)' <<< "$out" | sed 's/^[^#]/# &/'
like "every program is refused, or started and ends, as it should" "$out" $'\n1\.\.3[0-9]\n'
is "  none otherwise" "$(grep -E '^(not ok|failed)' <<< "$out")" ""

if [ -n "$debug" ]; then
	skip "costs and stack" "with the checkers they are others"
	finish
fi
costly=$(awk -v most=$most '/^# .* request / {
	n++
	for (i = 1; i < NF; i++)
		if ($i == "all" && $(i + 1) + 0 > most)
			print
} END { if (n < 10) print "only", n }' <<< "$out")
is "none takes more than $most instructions of the host" "$costly" ""

read -r usual worst <<< "$(sed -n 's/^stack //p' <<< "$out" | tr '\n' ' ')"
ok "the stack that a request takes is known" test "${usual:-0}" -gt 500
is "  the same for the worst program" "$worst" "$usual"
ok "  at most 2.5 KiB, vfio's own included" test "${worst:-9999}" -le 2560
finish
