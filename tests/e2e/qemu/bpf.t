#!/bin/bash
# The BPF objects load on Debian's kernel and count what was run, to the last I/O.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 > /dev/null
cat > /tmp/load <<'EOT'
ccwio -q -s 0.0.0001,0.0.0002 nop-chain 5 -n 300 > /dev/null
ccwio -q -s 0.0.0001 rdc -n 20 --expect uc > /dev/null
EOT
for object in ccwlat ccwcio ccwfsm; do
	echo "$object:"
	bpf-count /lib/vfio_ccw/$object.bpf.o sh /tmp/load | sort
done
END
status "the objects load, attach and count" 0 "$top/tests/vm/run" --smp 2 "$tap_dir/guest"
all=$tap_out

# What object NAME printed.
of()
{
	sed -n "/^$1:\$/,/^[a-z]*:\$/p" <<< "$all" | grep -v '^[a-z]*:$'
}

is "ccwlat: every I/O, CCW, interrupt and failure is counted, on two CPUs" \
	"$(of ccwlat | sed 's/ [a-z_]*ns=[1-9][0-9]*$//' | grep -v '^event')" \
"0.0.0001 ios=320 unit check=20 ccws=1520 bytes=1280 irqs=320 hist=320
0.0.0002 ios=300 ccws=1500 bytes=0 irqs=300 hist=300
lost: 0 0 0"
# A slow I/O would be told as well, and an emulator may be slow.
of ccwlat | grep '^event' | grep -v 'dstat=0c' > "$tap_dir/told"
is "ccwlat: each failure is told once" "$(grep -c 'rc=0 cc=0 dstat=02 cstat=00' "$tap_dir/told")" 20
is "ccwlat: with its request number" "$(sed 's/.* seq=\([0-9]*\) .*/\1/' "$tap_dir/told" | sort -n | uniq | wc -l)" 20
is "ccwlat: and nothing else" "$(wc -l < "$tap_dir/told")" 20

is "ccwcio: the same I/Os by the common I/O layer's events" \
	"$(of ccwcio | sed 's/ [a-z_]*ns=[1-9][0-9]*$//' | grep -E '^0.0.000[12] ')" \
"0.0.0001 ios=320 unit check=20 ccws=0 bytes=0 irqs=320 hist=320
0.0.0002 ios=300 ccws=0 bytes=0 irqs=300 hist=300"
is "ccwcio: nothing lost" "$(of ccwcio | grep '^lost')" "lost: 0 0 0"
is "ccwcio: each failure is told" "$(of ccwcio | grep -c '^event 0.0.0001 .*dstat=02')" 20

is "ccwfsm: transitions of every request" "$(of ccwfsm | grep '^fsm' | grep -E ' (IO_REQ|START|FINAL) ')" \
"fsm 0.0.0001 ACTIVE FINAL 320 refused 0
fsm 0.0.0001 IDLE IO_REQ 320 refused 0
fsm 0.0.0001 TRANSLATE START 320 refused 0
fsm 0.0.0002 ACTIVE FINAL 300 refused 0
fsm 0.0.0002 IDLE IO_REQ 300 refused 0
fsm 0.0.0002 TRANSLATE START 300 refused 0"
is "ccwfsm: time in the states that were passed" \
	"$(of ccwfsm | grep -cE '^state 0.0.000[12] (IDLE|TRANSLATE|ACTIVE) [1-9]')" 6
finish
