#!/bin/bash
# A real Prometheus scrapes ccwtop --exporter; what it stored is what ccwtrace says of the same
# recording. And what docs/ has for Prometheus and Grafana: rules, their tests, the dashboard.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtop=$top/build/host/bin/ccwtop
ccwtrace=$top/build/host/bin/ccwtrace
prometheus=$top/build/cache/prometheus/prometheus
promtool=$top/build/cache/prometheus/promtool
recording=$top/tests/fixtures/qemu-mixed.dat
rules=$top/docs/prometheus
dashboard=$top/docs/grafana/ccwtop.json

[ -x "$ccwtop" ] || bail "$ccwtop is not built"
[ -x "$prometheus" ] || bail "no $prometheus (mk/fetch build/cache prometheus)"
cd "$tap_dir" || bail "no $tap_dir"
started=()
trap '[ ${#started[@]} -eq 0 ] || { kill "${started[@]}"; wait "${started[@]}"; } 2>/dev/null; rm -rf "$tap_dir"' EXIT

status "rules" 0 "$promtool" check rules "$rules/ccw.rules.yml"
status "configuration" 0 "$promtool" check config "$rules/prometheus.yml"
status "tests of the rules" 0 "$promtool" test rules "$rules/ccw.rules.test.yml"
# a test of rules that cannot fail is none
mkdir broken
sed 's/> 0\.01$/> 0.5/' "$rules/ccw.rules.yml" > broken/ccw.rules.yml
cp "$rules/ccw.rules.test.yml" broken/
status "... find a broken one" 1 "$promtool" test rules broken/ccw.rules.test.yml

# what docs/fleet.md shows for many machines, put together as one configuration
perl -0777 -ne 'sub out { my $t = shift; $t =~ s/^    //mg; $t }
	my ($relabel) = /^(    metric_relabel_configs:\n(?:      .*\n)+)/m;
	my ($federate) = /^    scrape_configs:\n((?:      .*\n)+)/m;
	my ($write) = /^(    remote_write:\n(?:      .*\n)+)/m;
	$relabel = out($relabel); $relabel =~ s/^/    /mg;
	print "scrape_configs:\n  - job_name: a\n    static_configs: [{targets: [localhost:1]}]\n$relabel",
		out($federate), out($write)' "$top/docs/fleet.md" > fleet.yml
is "examples of fleet.md: found" "$(grep -c '^  - job_name\|^remote_write\|metric_relabel' fleet.yml)" 4
status "... and valid" 0 "$promtool" check config fleet.yml

# --- scraped ---

"$ccwtop" --exporter :0 -i "$recording" --speed 0 > said 2>&1 &
started+=("$!")
for _ in {1..600}; do [ -s said ] && break; sleep 0.1; done
address=$(sed -n 's,^ccwtop: http://\([^/]*\)/.*,\1,p' said)
[ -n "$address" ] || bail "the exporter does not serve: $(cat said)"
sed -e "s/localhost:9488/$address/" -e 's/scrape_interval: 15s/scrape_interval: 1s\n  evaluation_interval: 1s/' \
	"$rules/prometheus.yml" > prometheus.yml
cp "$rules/ccw.rules.yml" .
for _ in 1 2 3 4 5; do
	port=$((20000 + RANDOM % 20000))
	"$prometheus" --config.file=prometheus.yml --web.listen-address=127.0.0.1:$port \
		--storage.tsdb.path=data > prometheus.log 2>&1 &
	pid=$!
	for _ in {1..600}; do
		curl -s "http://127.0.0.1:$port/-/ready" | grep -q -i ready && break 2
		kill -0 $pid 2>/dev/null || break
		sleep 0.1
	done
done
started+=("$pid")

# query PROMQL: LABELS... VALUE of each sample, sorted; the labels as a name=value list
query()
{
	curl -s "http://127.0.0.1:$port/api/v1/query" --data-urlencode "query=$1" |
		perl -MJSON::PP -0777 -ne 'my $d = decode_json($_); die $_ if $d->{status} ne "success";
			print map { my $m = $_->{metric}; my $v = $_->{value}[1];
				join(" ", (map { "$_=$m->{$_}" } grep { !/^(instance|job|__name__)$/ } sort keys %$m), $v) . "\n"
			} @{$d->{data}{result}}' | sort
}

for _ in {1..300}; do [ "$(query 'count(ccw_ios_total)')" = 40 ] && break; sleep 0.2; done
is "the target is up" "$(query 'up{job="ccwtop"}')" 1
is "it got every series of I/Os" "$(query 'count(ccw_ios_total)')" 40

"$ccwtrace" stat --format json "$recording" > stat.json
stat() { perl -MJSON::PP -0777 -e 'my $d = decode_json(<>); print sort map { my $s = $_; '"$1"' } @{$d->{subchannels}}' stat.json; }
is "I/Os of each subchannel are those of ccwtrace stat" \
	"$(query 'sum by (subchannel) (ccw_ios_total)')" "$(stat '"subchannel=$s->{subchannel} $s->{ios}\n"')"
is "failed ones" "$(query 'sum by (subchannel) (ccw_ios_total{result!="ok"})')" \
	"$(stat 'my $f = 0; $f += $_ for values %{$s->{failed}}; "subchannel=$s->{subchannel} $f\n"')"
for counter in bytes ccws segments idaws pages; do
	is "$counter" "$(query "ccw_io_${counter}_total")" "$(stat '"subchannel=$s->{subchannel} $s->{'$counter'}\n"')"
done
is "I/Os in the histogram" "$(query 'ccw_io_duration_seconds_count')" \
	"$(stat '"subchannel=$s->{subchannel} $s->{latency}{total}{ios}\n"')"
is "sum of their times, to the nanosecond" "$(query 'round(ccw_io_duration_seconds_sum * 1e9)')" \
	"$(stat '"subchannel=$s->{subchannel} $s->{latency}{total}{sum_ns}\n"')"
# a bucket is as wide as what is below it: the percentile of the histogram is off by less than 2
query 'histogram_quantile(0.5, ccw_io_duration_seconds_bucket) * 1e9' > p50
stat '"subchannel=$s->{subchannel} $s->{latency}{total}{p50_ns}\n"' > p50.stat
is "medians are those of ccwtrace stat, as good as the buckets" \
	"$(paste -d ' ' p50 p50.stat | awk '$1 != $3 || $2 / $4 > 2 || $4 / $2 > 2')" ""
is "there is one for each subchannel" "$(wc -l < p50)" 5
is "the state set" "$(query 'count by (ccw_state) (ccw_state == 1)')" "ccw_state=STANDBY 5"
is "Prometheus takes it for OpenMetrics" \
	"$(query 'ccw_exporter_scrapes_total{format="openmetrics"} > bool 0')" "format=openmetrics 1"
kinds=$(curl -s "http://127.0.0.1:$port/api/v1/metadata" | perl -MJSON::PP -0777 -ne 'my $d = decode_json($_)->{data};
	print join " ", map { "$_:$d->{$_}[0]{type}:$d->{$_}[0]{unit}" } grep { /^ccw_(io_duration|state|subchannel$|io_bytes)/ } sort keys %$d')
like "it knows types and units" "$kinds" 'ccw_io_bytes:counter:bytes ccw_io_duration_seconds:histogram:seconds ccw_state:stateset: ccw_subchannel:info:'
for _ in {1..300}; do
	health=$(curl -s "http://127.0.0.1:$port/api/v1/rules" | grep -o '"health":"[a-z]*"' | sort | uniq -c | tr -s ' ')
	[[ $health == *unknown* ]] || break
	sleep 0.2
done
is "every rule can be evaluated" "$health" " $(grep -c -e '- record:' -e '- alert:' "$rules/ccw.rules.yml") \"health\":\"ok\""

# --- names: what rules and dashboard ask for is there ---

curl -s "http://$address/metrics" > text
{
	grep -v '^#' text | sed 's/[{ ].*//'
	# of counters that come up with their first error
	sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' text
} | sort -u > there
asked()
{
	# names of recording rules and labels are not metrics
	grep -oE '[a-z_]+:[a-z_:0-9]+|(ccw|process)_[a-z_]+|by \([^)]*\)|"[a-z_]+"' "$@" |
		grep -E '^(ccw|process)_[a-z_]+$' | sort -u
}
perl -MJSON::PP -0777 -ne 'sub walk { my $x = shift; if (ref $x eq "HASH") {
		for (keys %$x) { print "$x->{$_}\n" if /^(expr|definition)$/; walk($x->{$_}) } }
	elsif (ref $x eq "ARRAY") { walk($_) for @$x } } walk(decode_json($_))' "$dashboard" > dashboard.promql
ok "the dashboard asks for something" [ "$(wc -l < dashboard.promql)" -gt 15 ]
sed -n '/^groups/,$p' "$rules/ccw.rules.yml" | grep -v 'description:\|which stage\|`ccwtop`\|humanize' > rules.promql
for what in rules dashboard; do
	ok "metrics of the $what: some" [ "$(asked $what.promql | wc -l)" -ge 5 ]
	is "metrics of the $what: each is served" "$(asked $what.promql | comm -23 - there)" ""
done
# each query of the dashboard, with its variables as Grafana would put them in
n=0 bad=''
while IFS= read -r expr; do
	[[ $expr != label_values* ]] || continue
	expr=$(sed -e 's/\$__rate_interval/1m/g; s/\$__interval/1m/g; s/\$__range/1h/g' \
		-e 's/\$instance/.*/g; s/\$subchannel/.*/g' <<< "$expr")
	n=$((n + 1))
	query "$expr" > /dev/null 2>&1 || bad+="$expr"$'\n'
	query "$expr" 2>&1 | grep -q 'error' && bad+="$expr"$'\n'
done < dashboard.promql
is "Prometheus takes each of the dashboard's $n queries" "$bad" ""
ok "manual has every metric" test -z "$(sed -n 's/^# TYPE \(ccw_[a-z]*_[a-z_]*\) .*/\1/p' text |
	grep -v '^ccw_exporter' | while read -r m; do grep -q "$m" "$top/docs/man/ccwtop-exporter.8.scd" || echo "$m"; done)"
finish
