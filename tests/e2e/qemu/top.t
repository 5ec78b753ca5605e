#!/bin/bash
# ccwtop on a machine with channel I/O: what it counts is what was run, to the last I/O.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

run()
{
	"$top/tests/vm/run" "$@"
}

# column TITLE SUBCHANNEL BLOCK: of a block made with --columns, all of whose cells are one word
column()
{
	awk -v title="$1" -v sch="$2" '
		$1 == "SUBCH" { for (i = 1; i <= NF; i++) if ($i == title) col = i }
		$1 == sch { print $col }' <<< "$3"
}

# --- batch ---

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 4 >/dev/null || exit
ccwtop -b -n 1 -d 0.3 > /out/idle || exit
ccwtop -b -n 1 -d 0.1 -s 0.0.0099 > /out/elsewhere || exit

columns=sch,device,state,ios,failed,ccws,bytes,rate,p50,p99,max,busy,last,split
ccwtop -b -d 0.5 --columns $columns > /out/batch &
top=$!
until grep -q SUBCH /out/batch; do sleep 0.1; done
cat > /tmp/invalid <<'EOT'
ccw 0xff sli count=1 data=none
data none size=1
EOT
ccwio -q -s 0.0.0001 -n 300 sense-id || exit
ccwio -q -s 0.0.0002 -n 50 nop-chain 10 || exit
ccwio -q -s 0.0.0003 -n 20 --expect uc -i /tmp/invalid || exit
# a block that begins after the last I/O is certain to have all of them
sleep 0.6
n=$(grep -c SUBCH /out/batch)
until [ "$(grep -c SUBCH /out/batch)" -ge $((n + 2)) ]; do sleep 0.1; done
kill -INT $top
wait $top
echo "after INT: $?"

ccwio -q -s 0.0.0001 -d 120 --rate 100 sense-id > /dev/null &
load=$!
ccwtop -b -d 1 -n 2 --columns sch,rate,p50,p99,max,state > /out/rate
kill -INT $load
wait
ccwtop -b -d 0.1 | head -n 1 > /out/head
ccwtop -b -d 0.1 > /dev/null & # the terminal goes away
kill -HUP $!
wait $!
echo "after HUP: $?"
echo 'nobody:x:65534:65534::/:/bin/sh' >> /etc/passwd
su -s /bin/sh nobody -c 'ccwtop -b -n 1' 2> /out/no-rights
echo "without rights: $?"
echo "instances left: $(ls /sys/kernel/tracing/instances | wc -l)"
END
status "batch in the guest" 0 run --out "$tap_dir/out" "$tap_dir/guest"
said=$tap_out
like "Ctrl-C is a way to quit" "$said" 'after INT: 0'
like "a hangup ends it" "$said" 'after HUP: 129'
like "without rights it ends" "$said" 'without rights: 1'
like "and says what to do" "$(< "$tap_dir/out/no-rights")" '^ccwtop: .*\(.*root.*\)'
is "in one line" "$(wc -l < "$tap_dir/out/no-rights")" 1
like "no tracing instance is left" "$said" 'instances left: 0'

idle=$(< "$tap_dir/out/idle")
is "bound subchannels are listed before they have I/O" "$(grep -c '^0\.0\.000[1-4] ' <<< "$idle")" 4
like "it says what it waits for" "$idle" 'no I/O yet; waiting for a request'
like "also if the chosen ones are not bound" "$(< "$tap_dir/out/elsewhere")" \
	'waiting for a subchannel of those chosen'

last=$(awk 'BEGIN { RS = "" } { block = $0 } END { print block }' "$tap_dir/out/batch")
is "every I/O is counted" "$(column IOS 0.0.0001 "$last") $(column IOS 0.0.0002 "$last") \
$(column IOS 0.0.0003 "$last") $(column IOS 0.0.0004 "$last")" "300 50 20 0"
is "every failure is counted" "$(column FAILED 0.0.0001 "$last") \
$(column FAILED 0.0.0002 "$last") $(column FAILED 0.0.0003 "$last")" "0 0 20"
is "CCWs of a chain" "$(column CCW/IO 0.0.0002 "$last")" 10
is "the state after closing" "$(column STATE 0.0.0001 "$last")" STANDBY
like "an invalid command is a unit check" "$(grep ^0.0.0003 <<< "$last")" 'UNIT CHECK cmd=ff'
like "the source is named" "$(head -n 1 <<< "$last")" 'bpf \(vfio_ccw\)'
like "nothing was lost" "$(head -n 1 <<< "$last")" 'nothing lost$'
like "bytes were counted while they flowed" "$(grep '^0\.0\.0001 ' "$tap_dir/out/batch")" \
	'[1-9][0-9.]*(B|KiB|MiB) '
like "a stage has a letter" "$(grep ^0.0.0001 <<< "$last")" ' T*S*D+L*$| T+S*D*L*$'

rate=$(column IO/S 0.0.0001 "$(tail -n 6 "$tap_dir/out/rate")")
ok "100 I/Os a second are about that (here: $rate)" \
	awk -v r="$rate" 'BEGIN { exit !(r >= 20 && r <= 400) }'
like "times have units" "$(column P50 0.0.0001 "$(< "$tap_dir/out/rate")")" '^[0-9.]+(us|ms)'
like "a reader that stops" "$(< "$tap_dir/out/head")" '^ccwtop 2'

# --- without our driver ---

# A stock kernel: the common I/O layer's events, for every subchannel.
cat > "$tap_dir/guest" <<'END'
ccwtop -b -d 1 -n 4 --columns sch,ios,split > /tmp/top &
top=$!
until grep -q SUBCH /tmp/top; do sleep 0.1; done
cu=$(cat /sys/bus/ccw/devices/0.0.1001/cutype)
# sets the device online: the channel subsystem senses and starts it
for i in 1 2 3; do
	echo 0 > /sys/bus/ccw/devices/0.0.1001/online
	echo 1 > /sys/bus/ccw/devices/0.0.1001/online
done
wait $top
echo "status $? $cu"
cat /tmp/top
ccwtop -b --source tracefs -n 1
echo "tracefs status $?"
END
for driver in none distro; do
	status "without our driver ($driver)" 0 run --driver $driver "$tap_dir/guest"
	like "$driver: status 0" "$tap_out" $'\nstatus 0|^status 0'
	like "$driver: says where the numbers come from" "$tap_out" 'bpf \(s390_cio\)'
	like "$driver: shows I/O of a device that is nobody's guest" "$tap_out" \
		$'\n0\\.0\\.[0-9a-f]{4} +[1-9][0-9]* +'
	like "$driver: but not by our events" "$tap_out" 'tracefs status 1'
	like "$driver: and one line that says what to do" "$tap_err$tap_out" 'ccwtop: [^
]*vfio_ccw[^
]*\(.*\)'
done

# --- the screen: `make demo` in a terminal of script(1), q typed when the last load is seen ---

cd "$tap_dir" || bail "no $tap_dir"
mkfifo keys
(
	exec 3> keys
	for _ in $(seq 240); do
		sleep 0.5
		grep -q '0\.0\.0006' typescript 2>/dev/null && break
	done
	sleep 3
	printf '\x1bOB\r' >&3 # down, Enter: details
	sleep 2
	printf 'q' >&3
	for _ in $(seq 120); do
		sleep 0.5
		[ -e ended ] && break
	done
) &
TERM=xterm timeout -k 5 200 \
	script -qefc "stty cols 80 rows 24; '$top/tests/demo/demo'; echo \"demo \$?\"; stty -a" \
	typescript < keys > /dev/null 2>&1
: > ended
wait
screen=$(tr -d '\r' < typescript | cat -v)
like "the demo ends with q" "$screen" 'demo 0'
for n in 1 2 3 4 5 6; do
	like "subchannel 0.0.000$n is on the screen" "$screen" "0\.0\.000$n"
done
like "titles are on the screen" "$screen" 'IO/S.*P50.*P99.*SPLIT'
like "details are on the screen" "$screen" 'translate.*OVER TIME'
after=${screen##*'demo 0'}
like "the terminal is as it was" "$after" ' icanon .* echo '
ok "the other screen was left, the cursor is visible" \
	grep -q '?1049h.*?25l.*?25h.*?1049l.*demo 0' <<< "$(tr -d '\n' <<< "$screen")"
finish
