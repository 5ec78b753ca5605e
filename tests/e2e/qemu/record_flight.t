#!/bin/bash
# The flight recorder: reasons to write a file, what is in it, what comes too soon, memory, a full
# disk. Recorded in the guest, read here.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
out=$tap_dir/out

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 >/dev/null || exit
cd /out

load()
{
	ccwio -q -s $1 sense-id -n $2 > /dev/null
}

# until_said FILE REGEX: 60 s at most
until_said()
{
	n=0
	until grep -q "$2" $1 2> /dev/null || [ $n -gt 600 ]; do n=$((n + 1)); sleep 0.1; done
}

background()
{
	err=$1
	shift
	ccwtrace record -v "$@" 2> $err &
	until_said $err 'recording in'
	recorder=$!
}

# end NAME: Ctrl-C
end()
{
	kill -INT $recorder
	wait $recorder
	echo "$1: $?"
}

errors='ccwio -q -s 0.0.0002 mixed --errors 100 -n 5'

# --- asked for, and an error; what comes too soon after it; asked for again ---
background flight.err --flight 10m --on-error unit-check,channel -o flight.dat
load 0.0.0001 100
ls flight.dat.* 2> /dev/null
kill -USR1 $recorder
until_said flight.err 'flight.dat.1: asked for'
load 0.0.0001 20
end "asked" # and what was asked for alone is no threshold

background error.err --flight 10m --on-error unit-check,channel -o error.dat
load 0.0.0001 100
$errors > /dev/null 2>&1
until_said error.err 'error.dat.1: '
$errors > /dev/null 2>&1
load 0.0.0001 10
sleep 1
kill -USR1 $recorder
until_said error.err 'error.dat.2: asked for'
end "error"

# --- an expression: errors of the other subchannel are no reason ---
background expr.err --flight 10m --on-error 'unit-check,channel:sch == 0.0.0002' \
	--on-latency '1ns:ccws == 7' -o expr.dat
ccwio -q -s 0.0.0001 mixed --errors 100 -n 10 > /dev/null 2>&1
sleep 1
ls expr.dat.* 2> /dev/null
$errors > /dev/null 2>&1
until_said expr.err 'expr.dat.1: '
end "expr"
background chain.err --flight 10m --on-error 'sch == 0.0.0002' --on-latency '1ns:ccws == 7' -o chain.dat
load 0.0.0001 10
ls chain.dat.* 2> /dev/null
ccwio -q -s 0.0.0001 nop-chain 7 > /dev/null
until_said chain.err 'chain.dat.1: '
end "chain"

# --- nothing happens ---
ccwtrace record --flight 2s --on-error unit-check -o none.dat -- ccwio -q -s 0.0.0001 sense-id -n 50 > /dev/null 2> none.err
echo "nothing: $? $(ls none.dat* 2> /dev/null | wc -l) files"

# --- everything is too slow: a file in each period ---
ccwtrace record --flight 1s --on-latency 1us --max-files 2 -o slow.dat -- sh -c '
	for i in 1 2 3 4; do ccwio -q -s 0.0.0001 sense-id -n 20 > /dev/null; sleep 1.5; done' 2> slow.err
echo "slow: $? $(ls slow.dat* | tr '\n' ' ')"

# --- more comes than the memory holds ---
background memory.err -e detail --flight 1h --flight-memory 1M -o memory.dat
ccwio -q -s 0.0.0001,0.0.0002 sense-id -n 1200 > /dev/null
kill -USR1 $recorder
until_said memory.err 'memory.dat.1: '
end "memory"

# --- older than it keeps ---
background old.err --flight 8s -o old.dat
load 0.0.0001 100
sleep 12
load 0.0.0002 10
kill -USR1 $recorder
until_said old.err 'old.dat.1: '
end "old"

# --- no room for its file; room again ---
mkdir /tmp/small && mount -t tmpfs -o size=3400k none /tmp/small
background full.err --flight 10m -o /tmp/small/full.dat
load 0.0.0001 50
dd if=/dev/zero of=/tmp/small/filler bs=64k 2> /dev/null
kill -USR1 $recorder
sleep 3
ls -A /tmp/small > full.ls
rm /tmp/small/filler
kill -USR1 $recorder
until_said full.err 'full.dat.[12]: asked for'
end "full"
cp /tmp/small/full.dat.* . || ls -lA /tmp/small
umount /tmp/small

# --- an event that it needs is not recorded ---
ccwtrace record --flight 1s --on-latency 1s -e vfio_ccw_fsm -o no.dat 2> no.err
echo "no event: $?"
echo "instances left: $(ls /sys/kernel/tracing/instances | wc -l)"
END
status "in the guest" 0 "$top/tests/vm/run" --smp 2 --timeout 900 --out "$out" "$tap_dir/guest"
said=$tap_out
cd "$out" || bail "nothing came back"

# ios FILE [SUBCHANNEL]: how many I/Os the report of a recording has
ios()
{
	"$ccwtrace" report -q --format csv -i "$1" | awk -F, -v s="${2-}" \
		'$1 ~ /^0\./ && !seen[$1]++ && (!s || s == $1) { n += $2 } END { print n + 0 }'
}

is "asked for: no file before" "$(grep flight.dat <<< "$said")" ""
like "asked for: status 0" "$said" 'asked: 0'
is "asked for: the I/Os before it" "$(ios flight.dat.1)" 100
status "asked for: the file is complete" 0 "$ccwtrace" report -i flight.dat.1

like "an error: status 4" "$said" 'error: 4'
like "an error: why" "$(cat error.err)" 'error.dat.1: 0.0.0002: I/O [0-9]+ ended with (unit|channel) check'
is "an error: the I/Os before it, on the other subchannel" "$(ios error.dat.1 0.0.0001)" 100
like "an error: and it" "$("$ccwtrace" report -i error.dat.1)" '(unit|channel) check'
like "an error: those too soon are counted" "$(cat error.err)" '[1-9][0-9]* more I/Os were reasons'
is "an error: the second file holds all" "$(ios error.dat.2)" 120
ok "an error: no third" test ! -e error.dat.3
if command -v trace-cmd >/dev/null; then
	status "trace-cmd reads it" 0 trace-cmd report -i error.dat.2
	is "... every I/O" "$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")" 120
fi
is "an expression: no file before" "$(grep 'expr.dat\|chain.dat' <<< "$said")" ""
like "an expression: status 4" "$said" 'expr: 4'
like "an expression: why" "$(cat expr.err)" 'expr.dat.1: 0.0.0002: I/O [0-9]+ ended with (unit|channel) check'
is "an expression: the others' errors are in it" "$(ios expr.dat.1 0.0.0001)" 10
like "an expression with a latency: status 4" "$said" 'chain: 4'
like "an expression with a latency: why" "$(cat chain.err)" 'chain.dat.1: 0.0.0001: I/O [0-9]+ took'
is "an expression with a latency: all of it" "$(ios chain.dat.1)" 11
like "nothing happens: status 0, no file" "$said" 'nothing: 0 0 files'
like "slow: status 4, files in a ring" "$said" 'slow: 4 slow.dat.1 slow.dat.2'
like "slow: why" "$(cat slow.err)" 'slow.dat.1: 0.0.0001: I/O [0-9]+ took [0-9.]+(us|ms|s)'
ok "slow: several, not one for each" test "$(grep -c 'took' slow.err)" -ge 2 -a "$(grep -c 'took' slow.err)" -le 8
like "memory: status 0" "$said" 'memory: 0'
like "memory: says how far it reaches back" "$(cat memory.err)" 'memory.dat.1: .* reaches back [0-9.]+(ms|s) only'
ok "memory: is kept to" test "$(stat -c %s memory.dat.1)" -le $((1048576 + 65536))
ok "memory: is used" test "$(stat -c %s memory.dat.1)" -ge 700000
last=$("$ccwtrace" report -q -i memory.dat.1 | head -n 1)
like "memory: the latest are there" "$last" '[1-9][0-9,]* I/Os'
like "old: status 0" "$said" 'old: 0'
is "old: what is older is left out" "$(ios old.dat.1 0.0.0001)" 0
is "old: what is not is there" "$(ios old.dat.1 0.0.0002)" 10
like "full disk: status 3" "$said" 'full: 3'
like "full disk: says why" "$(cat full.err)" 'No space left'
is "full disk: nothing half-written" "$(cat full.ls)" filler
is "full disk: the next file is there" "$(for f in full.dat.*; do ios "$f"; done)" 50
like "without vfio_ccw_io: refused" "$said" 'no event: 1'
like "... and says why" "$(cat no.err)" 'vfio_ccw_io is not recorded'
like "nothing is left" "$said" 'instances left: 0'

finish
