#!/bin/bash
# ccwtrace export: perfetto, decoded by protoc with the published schema; chrome, csv, ndjson.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
some=$fixtures/s390x-ccwtrace.dat
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$tap_dir" || bail "no $tap_dir"

export_as()
{
	"$ccwtrace" export -q --format "$1" -o "out.$1" "$2"
}

# --- csv and ndjson: the rows of show --io ---

status "csv" 0 export_as csv "$some"
ok "csv: as show --io has it" cmp out.csv <("$ccwtrace" show --io --format csv "$some")
status "ndjson" 0 export_as ndjson "$some"
ok "ndjson: as show --io has it" cmp out.ndjson <("$ccwtrace" show --io --format json "$some")
status "a choice" 0 "$ccwtrace" export --format csv --filter 'cmd == 0xff' -s 0.0.0001 --since 0.01 "$some"
is "a choice: those alone" "$(awk -F, 'NR > 1 { print $3, $10 }' <<< "$tap_out" | sort -u)" "0.0.0001 ff"
status "a choice and html" 2 "$ccwtrace" export --format html --since 1 "$some"
status "to standard output" 0 "$ccwtrace" export --format csv -o - "$some"
is "to standard output: the same" "$(md5sum <<< "$tap_out")" "$(md5sum < out.csv)"

# --- perfetto ---

# decoded FILE: a line for each packet: kind, time, track, name, value, flow
decoded()
{
	protoc -I "$top/tests/cli" --decode perfetto.protos.Trace "$top/tests/cli/perfetto.proto" < "$1" > text || return
	# a field that the schema does not have is printed as its number
	! grep -E '^ *[0-9]+[:{ ]' text || return
	perl -0777 -ne 'for (split /^packet \{$/m) {
		my %f;
		while (/(\w+): (?:"((?:[^"\\]|\\.)*)"|(\S+))/g) { $f{$1} //= $2 // $3 }
		next unless %f;
		my ($named) = /^    name: "(.*)"$/m;
		print join("\t", $f{type} // (exists $f{uuid} ? "TRACK" : "FIRST"), $f{timestamp} // 0,
			$f{track_uuid} // $f{uuid} // 0, $named // "", $f{counter_value} // "", $f{flow_ids} // "",
			$f{trusted_packet_sequence_id}), "\n" }' text
}
status "perfetto" 0 export_as perfetto "$some"
if command -v protoc > /dev/null; then
	status "perfetto: protoc decodes it" 0 decoded out.perfetto
	echo "$tap_out" > packets
	is "perfetto: one sequence" "$(cut -f7 packets | sort -u)" 1
	is "perfetto: state is cleared first, once" "$(awk -F'\t' '$1 == "FIRST" { print NR }' packets)" 1
	is "perfetto: a track before its events" "$(awk -F'\t' '$1 == "TRACK" { known[$3] = 1; next } $1 != "FIRST" && !known[$3]' packets)" ""
	is "perfetto: tracks" "$(awk -F'\t' '$1 == "TRACK" { print $4 }' packets | sort | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' ')" \
		"1 0.0.0001 1 0.0.0002 1 0.0.0003 3 bytes 3 channel 3 latency "
	# Slices of a track nest, and what is left is every I/O with its time and its stages.
	cat > nest.awk <<'EOF'
BEGIN { FS = "\t" }
$1 == "TYPE_SLICE_BEGIN" { d = depth[$3]++; from[$3, d] = $2; name[$3, d] = $4; if (d) { if ($2 < from[$3, d - 1]) print "begins before its parent" } }
$1 == "TYPE_SLICE_END" {
	d = --depth[$3]
	if (d < 0) { print "an end without a begin"; exit }
	if ($2 < from[$3, d]) print "ends before it begins"
	if (d == 0 && $3 % 256 == 0) { ios++; total += $2 - from[$3, d] }
	if (d == 1) sum[name[$3, d]] += $2 - from[$3, d]
	if ($3 % 256 == 1) device += $2 - from[$3, d]
}
END {
	for (t in depth) if (depth[t]) print "a slice without an end"
	printf "ios %d total %.0f stages %.0f %.0f %.0f %.0f device %.0f\n", ios, total, sum["translate"], sum["start"], sum["device"], sum["deliver"], device
}
EOF
	is "perfetto: slices nest and have the times of the recording" "$(awk -f nest.awk packets)" \
		"$(awk -F, 'NR > 1 { n++; t += $5; s += $6; d += $7; e += $8 } END { printf "ios %d total %.0f stages %.0f %.0f %.0f %.0f device %.0f\n", n, t + s + d + e, t, s, d, e, d }' out.csv)"
	is "perfetto: an instant for each error" "$(grep -c ^TYPE_INSTANT packets)" "$(awk -F, 'NR > 1 && $28 != "ok"' out.csv | wc -l)"
	is "perfetto: latency is a counter" "$(awk -F'\t' '$1 == "TYPE_COUNTER" && $3 % 256 == 2 { s += $5 } END { printf "%.0f", s }' packets)" \
		"$(awk -F, 'NR > 1 { s += $9 } END { printf "%.0f", s }' out.csv)"
	is "perfetto: a flow goes by way of the device" "$(awk -F'\t' '$6 { n[$6]++; if ($3 % 256 == 1) dev[$6]++ } END { for (f in n) { all++; if (n[f] != 3 || dev[f] != 1) bad++ } print bad + 0, all }' packets)" \
		"0 $(awk -F, 'NR > 1 && $7 > 0' out.csv | wc -l)"
	export_as perfetto "$fixtures/s390x-stock.dat"
	status "perfetto of stock events" 0 decoded out.perfetto
	is "perfetto of stock events: device time alone" "$(awk -f nest.awk <<< "$tap_out" | sed -E 's/.*stages ([0-9]+) ([0-9]+) .* ([0-9]+) device.*/\1 \2 \3/')" "0 0 0"
	export_as perfetto "$fixtures/s390x-lost.dat"
	status "perfetto with losses" 0 decoded out.perfetto
	like "perfetto with losses: marked" "$tap_out" 'TYPE_INSTANT.*CPU 1: 1633 events lost'
else
	skip "perfetto: decoded" "protoc is not installed"
fi

# --- chrome ---

status "chrome" 0 export_as chrome "$some"
is "chrome: slices, errors, names" "$(perl -MJSON::PP -0777 -ne 'my $j = decode_json($_); my %n;
	$n{$_->{ph} . ($_->{cat} // "")}++ for @{$j->{traceEvents}}; print join " ", map { "$_=$n{$_}" } grep { !/stage/ } sort keys %n' out.chrome)" \
	"M=3 Xio=88 ierror=$(awk -F, 'NR > 1 && $28 != "ok"' out.csv | wc -l)"
is "chrome: microseconds" "$(perl -MJSON::PP -0777 -ne 'my $s = 0; for (@{decode_json($_)->{traceEvents}}) { $s += $_->{dur} if ($_->{cat} // "") eq "io" } printf "%.0f", $s' out.chrome)" \
	"$(awk -F, 'NR > 1 { s += $9 } END { printf "%.0f", s / 1000 }' out.csv)"

# --- what is not whole ---

for format in perfetto chrome csv ndjson; do
	status "$format: events were lost: status 3" 3 "$ccwtrace" export --format $format -o lost.$format "$fixtures/s390x-lost.dat"
	ok "$format: ... and the file is there" test -s lost.$format
	status "$format: no such recording" 1 "$ccwtrace" export --format $format -o none.$format nothing.dat
	ok "$format: ... and no file" test -z "$(echo none*| grep -v '\*')"
	status "$format: a full disk" 1 sh -c "'$ccwtrace' export --format $format '$some' > /dev/full"
done
finish
