#!/bin/bash
# ccwtrace record in a machine with channel I/O: sets of events, several files, compression, CPUs
# that come and go, what is missing and why, what is left behind. Recorded there, read here.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/e2e/same.sh"

ccwtrace=$top/build/host/bin/ccwtrace
out=$tap_dir/out

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 >/dev/null || exit
cd /out
instances=/sys/kernel/tracing/instances

# load SUBCHANNEL N
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

# background ERR ARGUMENT...: recording has begun when this returns; $! is the recorder
background()
{
	err=$1
	shift
	ccwtrace record -v "$@" 2> $err &
	until_said $err 'recording in'
}

# --- sets ---
for set in default fsm program detail all; do
	ccwtrace record -e $set -o set-$set.dat -- ccwio -q -s 0.0.0001 sense-id -n 10 > /dev/null 2> set-$set.err
	echo "set $set: $?"
done
ccwtrace record -o usual.dat -- ccwio -q -s 0.0.0001 sense-id -n 10 > /dev/null 2> usual.err
echo "usual: $?"
ls /sys/kernel/tracing/events/vfio_ccw | grep vfio_ccw_ | sort > events.ls
echo "busid $(cat /sys/bus/css/devices/0.0.0001/dev_busid)"

# --- what the recorder does itself is not recorded ---
ccwtrace record -q -e raw_syscalls:sys_enter -o own.dat -- ccwio -q -s 0.0.0001 sense-id -n 50 > /dev/null
echo "own: $?"

# --- under load from the first moment on: all events begin together ---
ccwio -q -s 0.0.0001,0.0.0002 -d 300 --rate 200 sense-id > /dev/null 2>&1 &
load=$!
ccwtrace record -q -e program -d 2 -o begin.dat
echo "begin: $?"
kill $load
wait $load

# --- several files, of 64 KiB and a little more each ---
ccwtrace record -v -e detail --max-size 64K --max-files 3 -o ring.dat -- \
	ccwio -q -s 0.0.0001,0.0.0002 sense-id -n 1200 > /dev/null 2> ring.err
echo "ring: $?"
ls -A | grep '^\.*ring.dat' > ring.ls
# At most a file a wake-up: the load goes on until there were some.
ccwtrace record -q -e detail -b 8192 --max-size 64K --max-files 1000 -o long.dat -- sh -c '
	n=0
	until [ -e long.dat.3 ] || [ $n -ge 100 ]; do
		ccwio -q -s 0.0.0001,0.0.0002 sense-id -n 100 || break
		n=$((n + 1))
		echo $n > long.n
	done' > /dev/null
echo "long: $?"

# --- compressed ---
ccwtrace record -q -e detail --compress zstd -o packed.dat -- \
	ccwio -q -s 0.0.0001,0.0.0002 mixed --errors 10 -n 100 > /dev/null
echo "packed: $?"
trace-cmd report -i packed.dat 2> packed.report.err | grep -c vfio_ccw_io: > packed.ios
mkdir /tmp/small && mount -t tmpfs -o size=3300k none /tmp/small
ccwtrace record -e detail --compress zstd -o /tmp/small/full.dat -- \
	ccwio -q -s 0.0.0001 nop-chain 2 -n 1500 > /dev/null 2> packed-full.err
echo "packed full: $?"
cp /tmp/small/full.dat packed-full.dat
ls -A /tmp/small > packed-full.ls
umount /tmp/small

# --- a CPU goes and comes while recording ---
cpu1=/sys/devices/system/cpu/cpu1/online
background cpu.err -o cpu.dat
recorder=$!
for i in 1 2 3; do
	load 0.0.0001 60
	echo 0 > $cpu1 || echo "cpu1 stays"
	load 0.0.0001 60
	echo 1 > $cpu1 || echo "cpu1 does not come"
	taskset 2 ccwio -q -s 0.0.0002 sense-id -n 60 > /dev/null || echo "no load on cpu1"
done
kill -INT $recorder
wait $recorder
echo "cpu: $?"
echo 0 > $cpu1
background late.err -o late.dat
recorder=$!
load 0.0.0001 20
echo 1 > $cpu1
taskset 2 ccwio -q -s 0.0.0001 sense-id -n 60 > /dev/null
kill -INT $recorder
wait $recorder
echo "cpu late: $?"

# --- tracefs goes while recording ---
background gone.err -o gone.dat
recorder=$!
load 0.0.0001 20
umount -l /sys/kernel/tracing
load 0.0.0001 20
kill -INT $recorder
wait $recorder
echo "tracefs gone: $?"
mount -t tracefs tracefs /sys/kernel/tracing 2> /dev/null
echo "tracefs gone: $(ls $instances | wc -l) instances"

# --- killed; the next one removes what it left, and nothing else ---
background other.err -o other.dat
other=$!
background killed.err --max-size 64K -o killed.dat
recorder=$!
load 0.0.0001 20
kill -KILL $recorder
wait $recorder
echo "killed: $(ls $instances | wc -l) instances, $(ls -A | grep -c killed.dat) files"
mkdir $instances/ccw-1-1-0 $instances/ccw-mine
ccwtrace record -q -d 0.1 -o after.dat
echo "after: $? $(ls $instances | sed "s/ccw-$other-[0-9]*-0/the other/" | sort | tr '\n' ' ')"
load 0.0.0002 20
kill -INT $other
wait $other
echo "other: $? $(ls $instances | tr '\n' ' ')"
rmdir $instances/ccw-mine

# --- the driver goes while recording ---
background unload.err -o unload.dat
recorder=$!
load 0.0.0001 20
sleep 2
vfio-ccw-bind --release > /dev/null
rmmod vfio_ccw
until_said unload.err 'unloaded'
wait $recorder
echo "unload: $?"

# --- any subchannel, without the driver ---
device=$(ls -d /sys/bus/ccw/drivers/virtio_ccw/0.0.100* | tail -n 1)
ccwtrace record -o stock.dat -- sh -c "echo 0 > $device/online; echo 1 > $device/online" 2> stock.err
echo "stock: $?"
. /add/same.sh
verbs_there stock.dat
ccwtrace record -q -e cio -s 0.0.0001 -o cio.dat -d 0.1
echo "cio: $?"
echo "stock device $(basename $device) $(basename $(dirname $(readlink -f $device)))"
echo "instances left: $(ls $instances | wc -l)"
END
status "in the guest" 0 "$top/tests/vm/run" --smp 2 --timeout 900 --add "$top/tests/e2e/same.sh" --out "$out" "$tap_dir/guest"
said=$tap_out
cd "$out" || bail "nothing came back"

# ios FILE: how many I/Os the report of a recording has, and its status
ios()
{
	local text code

	text=$("$ccwtrace" report -q -i "$1")
	code=$?
	sed -n '1s/.*: \([0-9,]*\) I\/Os.*/\1/p' <<< "$text" | tr -d ,
	return $code
}

# events FILE: names of the events that it describes; all of them are recorded
events()
{
	grep -ao 'name: vfio_ccw_[a-z0-9_]*' "$1" | sed 's/name: //' | sort
}

# --- sets ---

like "no -e: ends well" "$said" 'usual: 0'
is "no -e: says what it records" "$(head -n 1 usual.err)" \
	"ccwtrace: this project's vfio_ccw: vfio_ccw_chp_event, vfio_ccw_crw, vfio_ccw_io"
everyday=$'vfio_ccw_chp_event\nvfio_ccw_crw\nvfio_ccw_io'
is "no -e: that" "$(events usual.dat)" "$everyday"
is "no -e: every I/O" "$(ios usual.dat)" 10
for set in default fsm program detail all; do
	like "-e $set: ends well" "$said" "set $set: 0"
	is "-e $set: every I/O" "$(ios set-$set.dat)" 10
done
is "-e default is that" "$(events set-default.dat)" "$everyday"
is "-e all" "$(events set-all.dat)" "$(cat events.ls)"
is "-e detail" "$(events set-detail.dat)" "$(grep -vx vfio_ccw_ccw events.ls)"
is "-e fsm" "$(events set-fsm.dat)" "$(sort <<< "$everyday"$'\nvfio_ccw_fsm')"
is "-e program" "$(events set-program.dat)" \
	"$( (cat <<< "$everyday"; grep -x vfio_ccw_ccw events.ls) | sort)"
busid=$(sed -n 's/^busid //p' <<< "$said")
like "the device is in it" "$(grep -a '^device 0.0.0001' usual.dat)" \
	"devno=$busid cu=3832/[0-9a-f]+ mdev=00000000-0000-4000-8000-000000000001 driver=vfio_ccw"
if command -v trace-cmd >/dev/null; then
	status "trace-cmd passes over that" 0 trace-cmd report -i usual.dat
	is "... and reads the rest" "$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")" 10
	is "... without a word" "$(grep -v '^ *cpus=\|^CPU ' <<< "$tap_err")" ""
fi

like "own: ends well" "$said" 'own: 0'
"$ccwtrace" show own.dat > own.text
ok "own: system calls of the command" test "$(grep -c ' ccwio-[0-9]' own.text)" -gt 100
is "own: none of the recorder" "$(grep -c ' ccwtrace-[0-9]' own.text)" 0

like "begin: ends well" "$said" 'begin: 0'
# ended: of each program its I/O comes after it; before the first there may be some of older ones
"$ccwtrace" show --format json begin.dat | perl -MJSON::PP -ne '
	my $e = decode_json($_); my $k = "$e->{fields}{schno} $e->{fields}{seq}";
	$open{$k} = 1, $n++ if $e->{event} eq "vfio_ccw_ccw";
	delete $open{$k} if $e->{event} eq "vfio_ccw_io";
	END { print "$n ", scalar keys %open, "\n" }' > begin.text
read -r programs open < begin.text
ok "begin: programs" test "$programs" -gt 20
ok "begin: at most the last of each subchannel has no end" test "$open" -le 2

# --- several files ---

like "ring: ends well" "$said" 'ring: 0'
is "ring: three files and nothing else" "$(sort ring.ls)" $'ring.dat.1\nring.dat.2\nring.dat.3'
for n in 1 2 3; do
	status "ring.dat.$n is read" 0 "$ccwtrace" report -i ring.dat.$n
done
like "ring: says which is the last" "$(cat ring.err)" 'in [0-9]+ files, the last is ring.dat.[123]'
ok "ring: more files than are left" test "$(sed -n 's/.* in \([0-9]*\) files, .*/\1/p' ring.err)" -gt 3
like "long: ends well" "$said" 'long: 0'
n=0 sum=0 bad=''
while n=$((n + 1)); [ -e long.dat.$n ]; do
	sum=$((sum + $(ios long.dat.$n))) || bad+=" $n"
done
ok "long: several files" test $n -gt 3
is "long: nothing is lost between them" "$sum" $((200 * $(< long.n)))
is "long: each is complete" "$bad" ""

# --- compressed ---

like "packed: ends well" "$said" 'packed: 0'
is "packed: version 7, zstd" "$(head -c 23 packed.dat | tail -c 13 | tr -d '\0\1\10\20')" 7zstd
is "packed: trace-cmd there reads every I/O" "$(cat packed.ios)" 200
is "packed: we do" "$(ios packed.dat)" 200
if command -v trace-cmd >/dev/null; then
	status "packed: trace-cmd here" 0 trace-cmd report -i packed.dat
	is "packed: trace-cmd here reads every I/O" "$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")" 200
fi
like "packed, full disk: status 3" "$said" 'packed full: 3'
like "packed, full disk: how many are missing" "$(cat packed-full.err)" 'events were lost \(CPU [0-9]: [0-9]+ (not written|left)'
is "packed, full disk: nothing else is left" "$(cat packed-full.ls)" full.dat
got=$(ios packed-full.dat)
is "packed, full disk: report has status 3" $? 3
ok "packed, full disk: what fitted" test "${got:-0}" -gt 50

# --- CPUs, tracefs ---

is "cpu1 can go and come" "$(grep -c cpu1 <<< "$said")" 0
like "cpu: ends well" "$said" 'cpu: 0'
is "cpu: every I/O" "$(ios cpu.dat)" 540
like "cpu late: ends well" "$said" 'cpu late: 0'
is "cpu late: every I/O" "$(ios late.dat)" 80
like "tracefs gone: ends well" "$said" 'tracefs gone: 0'
is "tracefs gone: every I/O" "$(ios gone.dat)" 40
like "tracefs gone: its instance too" "$said" 'tracefs gone: 0 instances'

# --- what is left behind ---

like "killed: its instance is left, no file" "$said" 'killed: 2 instances, 0 files'
like "the next one removes it, not that of a living process" "$said" 'after: 0 ccw-mine the other '
like "... which goes on" "$said" 'other: 0 ccw-mine '
is "... and has every I/O" "$(ios other.dat)" 40
like "unload: status 3" "$said" 'unload: 3'
like "unload: says why" "$(cat unload.err)" 'is gone: its driver was unloaded'
status "unload: the file is there" 0 "$ccwtrace" report -q -i unload.dat
like "nothing is left" "$said" 'instances left: 0'

# --- stock ---

like "stock: ends well" "$said" 'stock: 0'
is "stock: says so" "$(head -n 1 stock.err)" "ccwtrace: no vfio_ccw driver: 7 events of s390"
like "stock: has events" "$(cat stock.err)" '[1-9][0-9]* events, '
read -r devno sch < <(sed -n 's/^stock device //p' <<< "$said")
like "stock: names the device" "$(grep -a "^device $sch " stock.dat)" "devno=$devno cu=3832/"
if command -v trace-cmd >/dev/null; then
	status "stock: trace-cmd reads it" 0 trace-cmd report -i stock.dat
	ok "stock: starts on that subchannel" grep -q " s390_cio_ssch: .*schid=$sch" <<< "$tap_out"
fi
verbs_same_here stock.dat
like "cio with -s: events without a subchannel are left out" "$said" 'cio: 0'

finish
