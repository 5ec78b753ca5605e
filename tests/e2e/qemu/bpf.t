#!/bin/bash
# The BPF object loads on Debian's kernel and counts what was run, to the last I/O.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 > /dev/null
cat > /tmp/load <<'EOT'
ccwio -q -s 0.0.0001,0.0.0002 nop-chain 5 -n 300 > /dev/null
ccwio -q -s 0.0.0001 rdc -n 20 --expect uc > /dev/null
EOT
bpf-count /lib/vfio_ccw/ccwlat.bpf.o sh /tmp/load | sort | sed 's/ total_ns=[1-9][0-9]*$//'
END
status "the object loads, attaches and counts" 0 "$top/tests/vm/run" --smp 2 "$tap_dir/guest"
is "every I/O, CCW, interrupt and failure is counted, on two CPUs" "$tap_out" \
"0.0.0001 ios=320 refused=0 failed=20 aborted=0 ccws=1520 bytes=1280 irqs=320 hist=320
0.0.0002 ios=300 refused=0 failed=0 aborted=0 ccws=1500 bytes=0 irqs=300 hist=300"
finish
