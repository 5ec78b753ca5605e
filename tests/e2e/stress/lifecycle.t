#!/bin/bash
# A life that no device should have, for a minute on two CPUs: open and close, kill -9, SET_IRQS,
# DMA unmap, bind and unbind, mdev create and remove, module reload, all under load.
# STRESS_SECONDS=600 for longer.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
seconds=${STRESS_SECONDS:-60}
# the debug kernel takes so many times as long
debug=$([ "${VM_KERNEL-}" != debug ] || echo 1)
slow=${debug:+6}

cat > "$tap_dir/guest" <<'END'
seconds=$1 slow=$2
css=/sys/bus/css
pins() { awk '/nr_foll_pin/ { n[++i] = $2 } END { print n[1] - n[2] }' /proc/vmstat; }
free() { sync; echo 3 > /proc/sys/vm/drop_caches; sleep 1; awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }
before=$(pins)

# Where everybody is, when a round does not end: on the console, which is kept with a timeout.
watch() {
	while sleep 5; do
		if [ -e /tmp/beat ] && [ $(($(date +%s) - $(stat -c %Y /tmp/beat))) -gt $((180 * slow)) ]; then
			echo "stuck: $(cat /tmp/beat)" > /dev/console
			echo l > /proc/sysrq-trigger
			echo w > /proc/sysrq-trigger
			echo t > /proc/sysrq-trigger
			return
		fi
	done
}
beat() { echo "round $rounds, $*" > /tmp/beat; }
watch &
watch=$!

# One round: six subchannels, each with a fate of its own, then the module goes and comes.
killed() { # kill -9 of a client under load
	while [ ! -e /tmp/end ]; do
		ccwio -q -s 0.0.0002 -d 100 nop-chain 50 > /dev/null 2>&1 &
		p=$!
		usleep 150000
		kill -9 $p
		wait $p
		echo k >> /tmp/kills
	done 2> /dev/null
}
bound() { # the driver comes and goes, and an I/O each time it is there
	while [ ! -e /tmp/end ]; do
		vfio-ccw-bind 0.0.0003 > /dev/null || echo "bind failed"
		ccwio -q -s 0.0.0003 sense-id || echo "no I/O after bind"
		vfio-ccw-bind --release 0.0.0003 || echo "release failed"
		echo b >> /tmp/binds
	done
}
mdevs() { # the mediated device comes and goes, sometimes while it is open
	n=0
	while [ ! -e /tmp/end ]; do
		ccwio -q -s 0.0.0004 -d 100 sense-id > /dev/null 2>&1 &
		p=$!
		usleep 50000
		# removing waits for the close
		(usleep 20000; kill -9 $p) &
		echo 1 > $css/devices/0.0.0004/00000000-0000-4000-8000-000000000004/remove
		wait $p
		echo 00000000-0000-4000-8000-000000000004 \
			> $css/devices/0.0.0004/mdev_supported_types/vfio_ccw-io/create
		echo m >> /tmp/mdevs
	done 2> /dev/null
}
unbound() { # unbinding while a client that does not mind is killed
	while [ ! -e /tmp/end ]; do
		vfio-ccw-bind 0.0.0005 > /dev/null
		ccwio -q -s 0.0.0005 -d 100 nop-chain 20 > /dev/null 2>&1 &
		p=$!
		usleep 50000
		(usleep 30000; kill -9 $p) &
		vfio-ccw-bind --release 0.0.0005
		wait $p
		echo u >> /tmp/unbinds
	done 2> /dev/null
}
contended() { # bound and unbound by one, made, used and removed by another
	vfio-ccw-bind 0.0.0006 > /dev/null
	id=00000000-0000-4000-8000-000000000006
	while [ ! -e /tmp/end ]; do
		echo 0.0.0006 > $css/drivers/vfio_ccw/unbind
		echo 0.0.0006 > $css/drivers/vfio_ccw/bind
		echo c >> /tmp/contends
	done &
	p=$!
	while [ ! -e /tmp/end ]; do
		echo $id > $css/devices/0.0.0006/mdev_supported_types/vfio_ccw-io/create
		ccwio -q -s 0.0.0006 -n 3 sense-id
		echo 1 > $css/devices/0.0.0006/$id/remove
	done > /dev/null
	wait $p
} 2> /dev/null
echo "== life"
rounds=0
memory=
end=$(($(date +%s) + seconds))
# how often each of them came around
turns() { cat /tmp/$1 2>/dev/null | wc -l; }
few() { [ $rounds -lt 2 ] || [ $(turns binds) -lt 6 ] || [ $(turns unbinds) -lt 6 ]; }
# As long as asked for; on a slow machine longer, until it says something.
while [ $(date +%s) -lt $end ] || few; do
	rm -f /tmp/end
	beat start
	vfio-ccw-bind 0.0.0001 0.0.0002 0.0.0004 > /dev/null || echo "bind failed"
	pids=
	for w in killed bound mdevs unbound contended; do
		$w &
		pids="$pids $!"
	done
	timeout -s KILL $((300 * slow)) vfio-stress 00000000-0000-4000-8000-000000000001 8; echo "rc=$? vfio-stress"
	beat workers end
	touch /tmp/end
	wait $pids
	beat I/O to each
	vfio-ccw-bind 0.0.0003 0.0.0005 0.0.0006 > /dev/null || echo "bind failed"
	for s in 1 2 3 4 5 6; do
		ccwio -q -s 0.0.000$s sense-id || echo "0.0.000$s does not work"
	done
	beat release
	vfio-ccw-bind --release || echo "release failed"
	beat rmmod
	rmmod vfio_ccw || echo "rmmod failed"
	beat modprobe
	modprobe vfio_ccw || echo "modprobe failed"
	rounds=$((rounds + 1))
	beat memory
	[ -n "$memory" ] || memory=$(free)
done
kill $watch
for w in kills binds mdevs unbinds contends; do echo "$w $(turns $w)"; done
sleep 1
echo "rounds: $rounds"
echo "pinned pages: $before before, $(pins) after"
echo "memory: $memory $(free)"
echo "== log"
dmesg | grep -iE 'warning|bug:|oops|call trace|stays pinned|leaked|suspected memory leak|refcount' | head -n 20
END
status "the guest's part ran" 0 "$top/tests/vm/run" --smp 2 --timeout $((seconds * 3 + 600)) \
	"$tap_dir/guest" "$seconds" "${slow:-1}"
out=$tap_out
grep -E '^([a-z]+ [0-9]+|rounds|memory|[0-9]+ rounds)' <<< "$out" | sed 's/^/# /'

part() { sed -n "/^== $1\$/,/^== /p" <<< "$out"; }
life=$(part life)
is "life cycle: every round ends with a device that works" "$(grep -c 'rc=0 vfio-stress' <<< "$life")" \
	"$(sed -n 's/^rounds: //p' <<< "$life")"
ok "  more than one" test "$(sed -n 's/^rounds: //p' <<< "$life")" -gt 1
for w in kills binds mdevs unbinds contends; do
	ok "  $w, several a round" test "$(awk -v w=$w '$1 == w { print $2 }' <<< "$life")" -gt 5
done
is "  nothing failed" "$(grep -E 'fail|not work|no I/O|differ' <<< "$life")" ""
like "  no page stays pinned" "$life" 'pinned pages: 0 before, 0 after'
read -r _ was now <<< "$(grep '^memory:' <<< "$life")"
if [ -n "$debug" ]; then
	skip "  no memory is lost" "KASAN holds back what is freed; kmemleak looks instead"
else
	ok "  no memory is lost: 4 MiB at most between the first round and the last" \
		test "${was:-99999999}" -lt $((${now:-0} + 4096))
fi
is "the kernel log is clean" "$(sed '1,/^== log$/d' <<< "$out")" ""
finish
