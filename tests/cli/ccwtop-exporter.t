#!/bin/bash
# ccwtop --exporter on this machine, playing recordings: what it says, to whom, and what clients can
# do to it. Live, with exactly the rights of the service, in e2e/qemu/exporter.t.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtop=$top/build/host/bin/ccwtop
ccwtrace=$top/build/host/bin/ccwtrace
promtool=$top/build/cache/prometheus/promtool
recording=$top/tests/fixtures/qemu-mixed.dat
unit=$top/tools/ccwtop/exporter/ccwtop-exporter.service.in

[ -x "$ccwtop" ] || bail "$ccwtop is not built"
[ -x "$promtool" ] || bail "no $promtool (mk/fetch build/cache prometheus)"
cd "$tap_dir" || bail "no $tap_dir"
servers=()
trap '[ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null; rm -rf "$tap_dir"' EXIT

# serve ARGUMENT...: starts one; $pid, $url and $port of it
serve()
{
	: > said
	"$ccwtop" --exporter :0 "$@" > said 2> said.err &
	pid=$!
	servers+=("$pid")
	for _ in {1..600}; do
		[ -s said ] && break
		kill -0 $pid 2>/dev/null || break
		sleep 0.1
	done
	url=$(sed -n 's,^ccwtop: \(http://[^ ]*\)\, .*,\1,p' said)
	port=${url#http://127.0.0.1:}
	port=${port%/metrics}
	[ -n "$url" ] || bail "the exporter does not serve: $(cat said said.err)"
}

get()
{
	curl -sS --max-time 120 "$@"
}

# value METRIC FILE: of a line that begins so
value()
{
	awk -v m="$1" 'index($0, m " ") == 1 { print $2 }' "$2"
}

# --- options ---

# refused NAME REGEX ARGUMENT...
refused()
{
	local name=$1 regex=$2

	shift 2
	status "$name: status 2" 2 timeout 20 "$ccwtop" "$@"
	like "$name: says why" "$tap_err" "^ccwtop: $regex"
}

for bad in '' : :x :70000 localhost:1 ::1:80 '[::1' ; do
	refused "address '$bad'" '--exporter .*want :PORT' --exporter "$bad"
done
refused "a batch" '--exporter serves until' --exporter :0 -b
refused "a format" '--exporter serves until' --exporter :0 --format json
refused "a sandbox of nothing" '--no-sandbox is for --exporter' --no-sandbox

# --- what it says agrees with ccwtrace stat ---

serve -i "$recording" --speed 0
like "it says where" "$(< said)" '^ccwtop: http://127\.0\.0\.1:[0-9]+/metrics, file \(vfio_ccw\)$'
get -D head.text "$url" > text
get -D head.open -H 'Accept: application/openmetrics-text; version=1.0.0' "$url" > open
like "text by default" "$(< head.text)" 'Content-Type: text/plain; version=0\.0\.4; charset=utf-8'
like "OpenMetrics if asked for" "$(< head.open)" 'Content-Type: application/openmetrics-text; version=1\.0\.0'
is "OpenMetrics ends with its mark" "$(tail -n 1 open)" "# EOF"
is "text has none" "$(grep -c EOF text)" 0
status "promtool has nothing to say" 0 "$promtool" check metrics < text
is "... not a word" "$tap_out$tap_err" ""
is "no series twice" "$(grep -v '^#' open | sed 's/ [^ ]*$//' | sort | uniq -d)" ""
is "families are not torn apart" "$(grep '^# TYPE' open | awk '{ print $3 }' | sort | uniq -d)" ""

"$ccwtrace" stat --format json "$recording" > stat.json
# NAME VALUE of each counter, from the report and from the metrics
perl -MJSON::PP -0777 -e 'my $d = decode_json(<>);
	for my $s (@{$d->{subchannels}}) {
		my $n = $s->{subchannel};
		my $bad = 0; $bad += $_ for values %{$s->{failed}};
		print "ok $n ", $s->{ios} - $bad, "\n";
		print "$_ $n $s->{failed}{$_}\n" for keys %{$s->{failed}};
		print "$_ $n $s->{$_}\n" for qw(bytes ccws segments idaws pages irqs missing);
		for my $l (keys %{$s->{latency}}) {
			print "$l.count $n $s->{latency}{$l}{ios}\n$l.sum $n $s->{latency}{$l}{sum_ns}\n";
		}
	}' stat.json | sort > wanted
perl -ne 'next unless /^(\w+)\{subchannel="([^"]+)"(?:,(?:result|stage)="(\w+)")?\} (\S+)/;
	my ($m, $n, $l, $v) = ($1, $2, $3, $4);
	sub ns { my ($s, $f) = split /\./, shift; $s * 1000000000 + ($f // 0) }
	print "$l $n $v\n" if $m eq "ccw_ios_total";
	print "$1 $n $v\n" if $m =~ /^ccw_io_(bytes|ccws|segments|idaws|pages)_total/;
	print "irqs $n $v\n" if $m eq "ccw_io_interrupts_total";
	print "missing $n $v\n" if $m eq "ccw_ios_missing_total";
	print "total.$1 $n ", $1 eq "sum" ? ns($v) : $v, "\n" if $m =~ /^ccw_io_duration_seconds_(count|sum)/;
	print "$l.$1 $n ", $1 eq "sum" ? ns($v) : $v, "\n" if $m =~ /^ccw_io_stage_duration_seconds_(count|sum)/;
	' open | sort > got
is "every counter and every sum is that of ccwtrace stat" "$(diff wanted got)" ""
ok "and there are many" [ "$(wc -l < got)" -gt 100 ]
# buckets: never less than the one before, the last is the count
is "buckets add up" "$(perl -ne 'if (/^(\w+)_bucket\{(.*),le="([^"]+)"\} (\d+)/) {
		my ($k, $le, $v) = ("$1 $2", $3, $4); print "$k $le\n" if $v < ($last{$k} // 0); $last{$k} = $v }
	elsif (/^(\w+_seconds)_count\{(.*)\} (\d+)/) { print "$1 $2\n" if $last{"$1 $2"} != $3 }' open)" ""
# one by one: how many I/Os were translated in less than 2^18 ns
below=$("$ccwtrace" show --format csv "$recording" | grep -o ' translate_ns=[0-9]*' |
	awk -F= '$2 < 262144 { n++ } END { print n + 0 }')
is "a bucket has the I/Os below its bound" \
	"$(awk '/^ccw_io_stage_duration_seconds_bucket.*stage="translate",le="0.000262143"/ { n += $2 } END { print n + 0 }' open)" "$below"
ok "and these are some" [ "$below" -gt 10 ]
is "the state after the last transition" "$(value 'ccw_state{subchannel="0.0.0001",ccw_state="STANDBY"}' text)" 1

# --- HTTP ---

code()
{
	get -o /dev/null -w '%{http_code}' "$@"
}
base=${url%/metrics}
is "another path" "$(code "$base/nothing")" 404
is "the root says where to go" "$(get "$base/")" "ccwtop: the metrics are at /metrics"
is "HEAD" "$(get -I "$url" | head -n 1 | tr -d '\r')" "HTTP/1.1 200 OK"
for method in POST PUT DELETE OPTIONS NONSENSE; do
	is "$method" "$(code -X $method "$url")" 405
done
is "a body that nobody asked for" "$(code -X POST --data-binary "@$recording" "$url")" 405
is "an old client" "$(get --http1.0 "$url" | grep -c '^ccw_ios_total')" 40

# --- rights ---

rights=$(cat /proc/$pid/status)
for set in CapInh CapPrm CapEff CapAmb; do
	like "$set is empty" "$rights" "$set:[[:space:]]0000000000000000"
done
[ "$(id -u)" -ne 0 ] || like "so is what it could get" "$rights" 'CapBnd:[[:space:]]0000000000000000'
like "no new rights" "$rights" 'NoNewPrivs:[[:space:]]1'
like "a seccomp filter" "$rights" 'Seccomp:[[:space:]]2'

# --- clients that do not behave: python's sockets, because they can be told to be slow ---

cat > clients.py <<'END'
import socket, sys, time
port, what, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
end = time.time() + seconds
def new():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.settimeout(2)
    s.connect(("127.0.0.1", port))
    return s
keep = []
def some(n, data):
    for i in range(n):
        try:
            s = new()
            if data: s.sendall(data)
            keep.append(s)
        except OSError:
            pass
get = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
if what == "slow":      # asks 40 times and never reads
    some(25, get * 40)
elif what == "silent":  # connects, and that is all
    some(25, b"")
elif what == "drip":    # a header, a byte at a time
    some(5, b"GET /metrics HTTP/1.1\r\nX: ")
    while time.time() < end:
        for s in keep:
            try: s.sendall(b"y")
            except OSError: sys.exit(7)
        time.sleep(0.5)
elif what == "many":    # more than there is room for
    some(200, get)
elif what == "garbage":
    import random
    r = random.Random(1)
    for i in range(300):
        try:
            s = new()
            s.sendall(bytes(r.randrange(256) for _ in range(r.randrange(1, 3000))))
            s.close()
        except OSError:
            pass
    for junk in (b"\0" * 70000, b"GET " + b"a" * 100000, b"GET / HTTP/9.9\r\n" + b"A: b\r\n" * 20000,
                 b"GET /metrics HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 b"GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                 b"\r\n" * 30000):
        try:
            s = new()
            s.sendall(junk)
            s.close()
        except OSError:
            pass
    sys.exit(0)
print("ready", flush=True)
time.sleep(max(0, end - time.time()))
END

get "$url" > before
: > clients.out
for what in slow silent garbage; do
	python3 clients.py "$port" $what 60 > clients.out 2>&1 &
	clients=$!
	if [ $what = garbage ]; then
		wait $clients
	else
		for _ in {1..300}; do grep -q ready clients.out && break; sleep 0.1; done
	fi
	get "$url" > during
	is "$what clients: others get all of it" "$(grep '^ccw_io' during)" "$(grep '^ccw_io' before)"
	kill $clients 2>/dev/null
	wait $clients 2>/dev/null
done
python3 clients.py "$port" many 60 > clients.out 2>&1 &
clients=$!
for _ in {1..300}; do grep -q ready clients.out && break; sleep 0.1; done
ok "too many clients: no more descriptors than there is room for" \
	[ "$(ls /proc/$pid/fd | wc -l)" -le 80 ]
kill $clients
wait $clients 2>/dev/null
# drips for longer than any request may take
python3 clients.py "$port" drip 60 > clients.out 2>&1 &
clients=$!
wait $clients
is "a request that never ends is ended" $? 7
get "$url" > after
ok "... and counted" [ "$(value ccw_exporter_connections_cut_total after)" -ge 1 ]
is "nobody is left" "$(value ccw_exporter_connections after)" 1
is "no descriptor is left" "$(value process_open_fds after)" "$(value process_open_fds before)"
grown=$(($(value process_resident_memory_bytes after) - $(value process_resident_memory_bytes before)))
ok "memory is bounded (grew by $grown)" [ "$grown" -lt 8388608 ]
for _ in {1..100}; do get "$url" > last; done
more=$(($(value process_resident_memory_bytes last) - $(value process_resident_memory_bytes after)))
ok "a hundred scrapes allocate nothing (grew by $more)" [ "$more" -le 65536 ]

# --- the end ---

kill -INT $pid
wait $pid
is "SIGINT ends it" $? 0
serve -i "$recording" --speed 0
held=$port
status "a port that is taken: status 1" 1 timeout 20 "$ccwtop" --exporter ":$held" -i "$recording"
like "a port that is taken: says so" "$tap_err" "^ccwtop: cannot listen on 127\.0\.0\.1:$held: Address already in use \("
kill $pid
wait $pid
is "SIGTERM kills it" $? 143
status "a file that is none" 1 timeout 20 "$ccwtop" --exporter :0 -i "$top/tests/tap.sh"

# a recording is played as it was: the counters grow
serve -i "$recording" --speed 1 -d 0.1
sleep 1
sum() { get "$url" | awk '/^ccw_ios_total/ { n += $2 } END { print n + 0 }'; }
first=$(sum)
for _ in {1..300}; do
	last=$(sum)
	[ "$last" -ge 344 ] && break
	sleep 0.2
done
ok "a recording is played in time" [ "$first" -lt "$last" ]
is "to its end" "$last" 344
kill $pid

# what the events do not tell has no metric
serve -i "$top/tests/fixtures/trace-cmd-other-driver.dat" --speed 0
get "$url" > other
is "unknown is left out" "$(grep -c '^ccw_io_bytes\|^ccw_io_ccws\|stage="translate"\|^ccw_state{' other)" 0
is "what is known is there" "$(awk '/^ccw_ios_total/ { n += $2 } END { print n }' other)" 6
kill $pid
serve -i "$top/tests/fixtures/s390x-lost.dat" --speed 0
get "$url" > lost
ok "losses are told" [ "$(value ccw_source_lost_events_total lost)" -gt 0 ]
is "... and that numbers are too low" "$(value ccw_source_incomplete lost)" 1
kill $pid

# --- the service ---

sed -e "s:@bindir@:$(dirname "$ccwtop"):" -e /^Documentation/d "$unit" > ccwtop-exporter.service
status "systemd-analyze verify" 0 systemd-analyze verify ./ccwtop-exporter.service
is "verify has nothing to say" "$tap_err" ""
# 0 to 100, tenths; half of what is left is what BPF and an address to listen on take
status "systemd-analyze security" 0 systemd-analyze security --offline=yes --threshold=25 ./ccwtop-exporter.service
finish
