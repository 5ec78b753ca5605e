#!/bin/bash
# The same I/Os seen by BPF, through tracefs and in a recording give the same numbers.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 3 > /dev/null || exit
# the driver knows everything since it was opened, the tools since they began: both see all
show="-b -d 0.5 --sort sch --columns sch,ios,failed,ccws,idaws,pages,irqs,p50,p99,p999,max,split,last"
for source in bpf tracefs; do
	ccwtop $show --source $source > /tmp/$source &
	eval $source=$!
done
ccwtrace record -q -o /out/dat &
record=$!
for source in bpf tracefs; do
	until grep -q SUBCH /tmp/$source; do sleep 0.1; done
done
# recording is on when its instance is there and the event in it
until grep -qs 1 /sys/kernel/tracing/instances/ccw-$record-*/events/vfio_ccw/vfio_ccw_io/enable ||
	! kill -0 $record; do sleep 0.1; done
cat > /tmp/invalid <<'EOT'
ccw 0xff sli count=1 data=none
data none size=1
EOT
ccwio -q -s 0.0.0001,0.0.0002 -n 400 nop-chain 7 || exit
ccwio -q -s 0.0.0002 -n 30 sense-id || exit
ccwio -q -s 0.0.0003 -n 20 --expect uc -i /tmp/invalid || exit
for source in bpf tracefs; do
	n=$(grep -c SUBCH /tmp/$source)
	until [ "$(grep -c SUBCH /tmp/$source)" -ge $((n + 3)) ]; do sleep 0.1; done
done
kill -INT $bpf $tracefs $record
wait
ccwtop -b -d 3600 -i /out/dat ${show#-b -d 0.5} > /tmp/file
for source in bpf tracefs file; do
	awk 'BEGIN { RS = "" } { block = $0 } END { print block }' /tmp/$source |
		sed -n "s/^0\.0\.000/$source &/p"
	head -n 1 /tmp/$source | grep -o 'nothing lost$'
done
END
status "the guest" 0 "$top/tests/vm/run" --smp 2 --timeout 600 --out "$tap_dir/out" "$tap_dir/guest"
said=$tap_out

of()
{
	sed -n "s/^$1 //p" <<< "$said"
}

like "BPF counted" "$(of bpf)" '^0\.0\.0001 +400 +0 .*
0\.0\.0002 +430 +0 .*
0\.0\.0003 +20 +20 .*UNIT CHECK'
is "tracefs has the same counts, percentiles, shares and errors" "$(of tracefs)" "$(of bpf)"
is "and so has the recording" "$(of file)" "$(of bpf)"
is "nothing was lost" "$(grep -c 'nothing lost' <<< "$said")" 3
finish
