#!/bin/bash
# ccwtop --exporter in a guest, as another user with exactly the rights of the service: what it
# serves, under load and with clients that do not behave; then with fewer rights, and as root.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

promtool=$top/build/cache/prometheus/promtool
unit=$top/tools/ccwtop/exporter/ccwtop-exporter.service.in
caps=$(sed -n 's/^AmbientCapabilities=//p' "$unit" | sed 's/CAP_//g; s/ /,/g')
[ -x "$promtool" ] || bail "no $promtool (mk/fetch build/cache prometheus)"

cat > "$tap_dir/guest" <<END
caps=${caps,,}
END
cat >> "$tap_dir/guest" <<'END'
ifconfig lo up
vfio-ccw-bind --virtio 4 >/dev/null || exit
# As the service sees it (ProtectProc=, ProcSubset=, ProtectKernelTunables=), but for /dev.
mount -t proc -o subset=pid,hidepid=2 proc /mnt && umount /mnt && small=1
serve() # USER CAPABILITIES OPTION...
{
	user=$1 with=$2
	shift 2
	: > /tmp/said
	unshare -m sh -c 'mount -o remount,ro,bind /sys 2>/dev/null || mount -o bind,ro /sys /sys
		'${small:+'mount -t proc -o subset=pid,hidepid=2 proc /proc;'}'
		exec "$@"' - with-caps $user $with ccwtop --exporter 127.0.0.1:9488 "$@" > /tmp/said 2>&1 &
	pid=$!
	i=0
	until [ -s /tmp/said ] || [ $i -gt 300 ]; do sleep 0.1; i=$((i + 1)); done
	cat /tmp/said
}
get() { wget -q -O "$1" http://127.0.0.1:9488/metrics; }

echo "small proc: ${small-0}"
serve 65534 $caps --source bpf
get /out/idle
ccwio -q -s 0.0.0001 -n 300 sense-id > /tmp/load1 &
load1=$!
ccwio -q -s 0.0.0002 -n 50 nop-chain 10 > /tmp/load2 &
load2=$!
cat > /tmp/invalid <<'EOT'
ccw 0xff sli count=1 data=none
data none size=1
EOT
# clients: silent ones, garbage, and some that ask and do not read
for i in 1 2 3 4 5 6 7 8; do
	sleep 300 | nc 127.0.0.1 9488 > /dev/null &
	(head -c 3000 /dev/urandom | nc 127.0.0.1 9488 > /dev/null) &
	(for k in $(seq 30); do printf 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'; done; sleep 300) |
		nc 127.0.0.1 9488 | sleep 300 &
done
ccwio -q -s 0.0.0003 -n 20 --expect uc -i /tmp/invalid > /tmp/load3
for i in 1 2 3 4 5; do get /out/loaded || echo "get failed"; done
wait $load1 $load2
sleep 1.2
get /out/metrics
wget -q -O /out/openmetrics --header 'Accept: application/openmetrics-text;version=1.0.0' http://127.0.0.1:9488/metrics
grep -i '^cap\|^seccomp:\|^nonew\|^uid' /proc/$pid/status
kill -INT $pid
wait $pid
echo "after INT: $?"

echo "fewer rights:"
for cap in $(echo $caps | tr , ' '); do
	less=$(echo $caps | tr , '\n' | grep -vx $cap | paste -sd ,)
	serve 65534 $less --source bpf > /dev/null
	echo "without $cap: $(cat /tmp/said)"
	if kill -0 $pid 2>/dev/null && get /tmp/m; then
		echo "without $cap: states $(grep -c '^ccw_state{' /tmp/m)"
		kill $pid
	fi
	wait $pid
done
serve 65534 none --source bpf > /dev/null
echo "none: $(cat /tmp/said)"
wait $pid

echo "as root:"
: > /tmp/said
ccwtop --exporter :9488 --source tracefs > /tmp/said 2>&1 &
pid=$!
until [ -s /tmp/said ]; do sleep 0.1; done
cat /tmp/said
ccwio -q -s 0.0.0004 -n 100 sense-id > /dev/null
sleep 1.2
get /out/tracefs
kill $pid
wait $pid
echo "after TERM: $?"
echo "instances left: $(ls /sys/kernel/tracing/instances | wc -l)"
# a driver that comes later
rmmod vfio_ccw
: > /tmp/said
ccwtop --exporter :9488 > /tmp/said 2>&1 &
pid=$!
until [ -s /tmp/said ]; do sleep 0.1; done
cat /tmp/said
modprobe vfio_ccw
wait $pid
echo "driver came: $? $(tail -n 1 /tmp/said)"
exit 0
END
status "in the guest" 0 "$top/tests/vm/run" --out "$tap_dir/out" --timeout 500 "$tap_dir/guest"
said=$tap_out
cd "$tap_dir/out" || bail "nothing came out"
value()
{
	awk -v m="$1" 'index($0, m " ") == 1 { print $2 }' "$2"
}

like "it serves our driver's events" "$said" 'http://127\.0\.0\.1:9488/metrics, bpf \(vfio_ccw\)'
like "with /proc as the service has it" "$said" 'small proc: 1'
for set in CapPrm CapEff CapInh CapAmb CapBnd; do
	like "$set is empty after the start" "$said" "$set:[[:space:]]0000000000000000"
done
like "it is another user" "$said" 'Uid:[[:space:]]65534[[:space:]]65534[[:space:]]65534'
like "seccomp is on" "$said" 'Seccomp:[[:space:]]2'
like "no new rights" "$said" 'NoNewPrivs:[[:space:]]1'
like "SIGINT ends it" "$said" 'after INT: 0'
is "counters are there before the first I/O" "$(grep -c '^ccw_ios_total.* 0$' idle)" 32
is "and no histogram" "$(grep -c '^ccw_io_duration' idle)" 0
is "every I/O is counted" "$(for n in 1 2 3 4; do value "ccw_ios_total{subchannel=\"0.0.000$n\",result=\"ok\"}" metrics; done | paste -sd ' ')" \
	"300 50 0 0"
is "every failure" "$(value 'ccw_ios_total{subchannel="0.0.0003",result="unit_check"}' metrics)" 20
is "and in detail" "$(value 'ccw_io_device_status_total{subchannel="0.0.0003",status="unit_check"}' metrics)" 20
is "CCWs" "$(value 'ccw_io_ccws_total{subchannel="0.0.0002"}' metrics)" 500
is "times" "$(value 'ccw_io_duration_seconds_count{subchannel="0.0.0001"}' metrics)" 300
is "each stage" "$(grep -c '^ccw_io_stage_duration_seconds_count{subchannel="0.0.0001".* 300$' metrics)" 4
is "states, without the right to look any more" \
	"$(grep '^ccw_state.* 1$' metrics | sed 's/.*ccw_state="\(.*\)".*/\1/' | sort | uniq -c | tr -s ' ')" " 4 STANDBY"
like "names" "$(grep '^ccw_subchannel_info{subchannel="0.0.0001"' metrics)" \
	'devno="1000".*cu="3832/0.".*mdev="[0-9a-f-]{36}"'
is "nothing lost" "$(value ccw_source_incomplete metrics)" 0
is "clients that do not behave keep nobody out" "$(grep -c 'get failed' <<< "$said")" 0
status "promtool has nothing to say" 0 "$promtool" check metrics < metrics
is "... not a word" "$tap_out$tap_err" ""
is "OpenMetrics is whole" "$(tail -n 1 openmetrics)" "# EOF"
# what each right is for
like "without SYS_ADMIN: it says what is missing" "$said" 'without sys_admin: ccwtop: BPF is not permitted: .*CAP_SYS_ADMIN'
like "without DAC_READ_SEARCH: no states" "$said" 'without dac_read_search: states 0'
like "without any, too" "$said" 'none: ccwtop: BPF is not permitted: .*CAP_SYS_ADMIN'
like "tracefs as a source" "$said" 'tracefs \(vfio_ccw\)'
is "its I/Os" "$(value 'ccw_ios_total{subchannel="0.0.0004",result="ok"}' tracefs)" 100
like "no tracing instance is left" "$said" 'instances left: 0'
like "a driver that comes later ends it, so that it can be started again" "$said" \
	'driver came: 1 ccwtop: vfio_ccw was loaded'
finish
