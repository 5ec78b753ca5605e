#!/bin/bash
# Allocations that fail, and copies from and to user space: each in turn by vfio-faults, then many at
# random under ccwio. Errors come back as errors, nothing leaks, and the driver works afterwards.
# Needs the debug kernel (make check-debug); tests/vm/run has kmemleak look for what was lost.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END'
debug=/sys/kernel/debug
pins() { awk '/nr_foll_pin/ { n[++i] = $2 } END { print n[1] - n[2] }' /proc/vmstat; }
# A group that cannot be registered is released with what vfio warns of there.
echo 'at drivers/vfio/group.c:[0-9]+ vfio_group_release' > /tmp/known-complaints
vfio-ccw-bind --dev 0.0.1007 > /tmp/t && read -r sch uuid rest < /tmp/t

for f in failslab fail_page_alloc fail_usercopy; do
	echo 0 > $debug/$f/probability
	echo 0 > $debug/$f/verbose	# a stack for each would fill the log
	echo -1 > $debug/$f/times
	[ ! -e $debug/$f/ignore-gfp-wait ] || echo N > $debug/$f/ignore-gfp-wait
done
echo N > $debug/fail_page_alloc/ignore-gfp-highmem
echo 0 > $debug/fail_page_alloc/min-order

echo "== each"
vfio-faults $uuid $sch
echo "rc=$? vfio-faults"
echo "pinned pages: $(pins)"

echo "== random"
# Only what the driver asks for: the program that asks for the I/O is not the one to be tested.
eval $(awk '$1 == "vfio_ccw" { print "size=" $2, "start=" $6 }' /proc/modules)
for f in failslab fail_page_alloc; do
	echo $start > $debug/$f/require-start
	printf '0x%x\n' $((start + size)) > $debug/$f/require-end
	echo 16 > $debug/$f/stacktrace-depth
	echo Y > $debug/$f/task-filter
	echo 20 > $debug/$f/probability
done
good=0 bad=0 odd=0
for i in $(seq 60); do
	# 1 / -> the process and what it becomes
	timeout -s KILL 600 sh -c 'echo 1 > /proc/self/make-it-fail
		exec ccwio -q -s '$sch' -n 20 nop-chain '$((i * 4)) > /tmp/said 2>&1
	case $? in
	0)	good=$((good + 1)) ;;
	1|3)	bad=$((bad + 1)) ;;
	*)	odd=$((odd + 1)); echo "rc=$?"; cat /tmp/said ;;
	esac
done
for f in failslab fail_page_alloc; do
	echo 0 > $debug/$f/probability
done
echo "$good without an error, $bad with one, $odd otherwise"
sort -u /tmp/said | head -n 3
ccwio -q -s $sch -n 20 sense-id; echo "rc=$? afterwards"
echo "pinned pages: $(pins)"
vfio-ccw-bind --release
rmmod vfio_ccw && echo "unloaded"
END
if [ "${VM_KERNEL-}" != debug ]; then
	skip "failing allocations" "the debug kernel has them: make check-debug"
	finish
fi
status "the guest's part ran, and the kernel log is clean" 0 "$top/tests/vm/run" --timeout 600 "$tap_dir/guest"
out=$tap_out
part() { sed -n "/^== $1\$/,/^== /p" <<< "$out"; }
each=$(part each)
grep '^#' <<< "$each"
is "each possible failure: nothing is wrong" "$(grep '^not ok' <<< "$each")" ""
like "  all of them" "$each" 'rc=0 vfio-faults'
like "  no page stays pinned" "$each" 'pinned pages: 0'
random=$(part random)
grep ' with one, ' <<< "$random" | sed 's/^/# /'
like "at random: errors, and no errors" "$random" '^.*[1-9][0-9]* without an error, [1-9][0-9]* with one, 0 otherwise'
like "  all works afterwards" "$random" 'rc=0 afterwards'
like "  no page stays pinned" "$random" 'pinned pages: 0'
like "  the module can go" "$random" 'unloaded'
finish
