#!/bin/bash
# shellcheck disable=SC2016  # perl's variables
# ccwtop's output for programs: csv, json, jsonl.
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtop=$top/build/host/bin/ccwtop
ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
recording=$fixtures/qemu-mixed.dat

[ -x "$ccwtop" ] || bail "$ccwtop is not built"
cd "$tap_dir" || bail "no $tap_dir"

# json FILE EXPRESSION: what perl makes of the document $d; dies if it is none
json()
{
	perl -MJSON::PP -0777 -e 'open my $f, "<", shift or die; my $d = decode_json(<$f>);
		my @r = eval shift; die $@ if $@; print join(" ", map { $_ // "null" } @r), "\n"' "$@"
}

# lines FILE EXPRESSION: the same for each line
lines()
{
	perl -MJSON::PP -e 'my $e = pop; while (<>) { my $d = decode_json($_); my @r = eval $e;
		die $@ if $@; print join(" ", map { $_ // "null" } @r), "\n" }' "$@"
}

# csv FILE FIELD...: these fields of each line by the names in the first one; no quoted commas
csv()
{
	awk -F, -v want="${*:2}" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(want, w, " "); next }
		{ s = ""; for (i = 1; i <= n; i++) s = s (i > 1 ? " " : "") (w[i] in at ? $at[w[i]] : "none")
		  print s }' "$1"
}

for bad in xml JSON ''; do
	status "format '$bad'" 2 "$ccwtop" -i "$recording" --format "$bad"
	like "format '$bad': says which there are" "$tap_err" '^ccwtop: --format .*text, csv, json or jsonl'
done

# --- one interval over a whole recording: the same as ccwtrace stat ---

"$ccwtrace" stat --format json "$recording" > stat.json
stat=$(json stat.json 'map { my $l = $_->{latency}{total}; my $f = 0; $f += $_ for values %{$_->{failed}};
	@$_{"subchannel", "ios"}, $f, @$l{"p50_ns", "p99_ns", "max_ns"} } @{$d->{subchannels}}')
like "ccwtrace stat has subchannels" "$stat" '^0\.0\.0001 160 '
for f in csv json jsonl; do
	status "$f" 0 "$ccwtop" --format $f -d 3600 --sort sch -i "$recording"
	is "$f: nothing to complain" "$tap_err" ""
	printf '%s\n' "$tap_out" > "whole.$f"
done
row='map { @$_{qw(subchannel ios failed p50_ns p99_ns max_ns)} } @{$x->{rows}}'
is "json agrees with ccwtrace stat" "$(json whole.json 'my $x = $d->[0]; '"$row")" "$stat"
is "jsonl agrees with ccwtrace stat" "$(lines whole.jsonl 'my $x = $d; '"$row")" "$stat"
is "csv agrees with ccwtrace stat" "$(csv whole.csv subchannel ios failed p50_ns p99_ns max_ns | paste -sd ' ')" "$stat"
is "rates are I/Os by seconds" \
	"$(json whole.json 'map { sprintf "%.2f", $_->{ios_per_s} } @{$d->[0]{rows}}')" \
	"$(json whole.json 'map { sprintf "%.2f", $_->{ios} / $d->[0]{interval_s} } @{$d->[0]{rows}}')"

# --- the same numbers in every form, and as many intervals as text has blocks ---

for f in csv json jsonl; do
	"$ccwtop" --format $f -d 0.5 --sort sch -i "$recording" > "half.$f" 2>err
done
blocks=$("$ccwtop" -b -d 0.5 -i "$recording" | grep -c ^SUBCH)
is "json: an object for each block of text" "$(json half.json 'scalar @$d')" "$blocks"
is "jsonl: a line for each block of text" "$(wc -l < half.jsonl)" "$blocks"
is "csv: one line of titles" "$(grep -c subchannel half.csv)" 1
fields=$(head -n 1 whole.csv | tr , '\n' | sed 1,7d)
values='map { my $r = $_; map { $r->{$_} // "" } qw('$fields') } @{$x->{rows}}'
is "json and jsonl say the same" "$(json half.json 'map { my $x = $_; '"$values"' } @$d')" \
	"$(lines half.jsonl 'my $x = $d; '"$values" | paste -sd ' ')"
# shellcheck disable=SC2086  # words
is "csv and json say the same" "$(csv half.csv $fields | paste -sd ' ')" \
	"$(json half.json 'map { my $x = $_; '"$values"' } @$d')"
is "every name of a number has its unit or is a count" "$(tr , '\n' < <(head -n 1 whole.csv) |
	grep -Evx '.*_(s|ns|per_s|per_io|ratio|lost|error)|time|source|driver|idle|subchannel|state|ios|failed')" ""
is "numbers in json are numbers" "$(grep -oE '"[a-z0-9_]+_(ns|s|per_s|ratio|per_io)":[^0-9n]' half.json)" ""
is "ratios of the stages are 1 together" "$(json whole.json 'map { sprintf "%.3f",
	$_->{translate_ratio} + $_->{start_ratio} + $_->{device_ratio} + $_->{deliver_ratio} } @{$d->[0]{rows}}')" \
	"1.000 1.000 1.000 1.000 1.000"
is "a recording has no time of day" "$(json whole.json '$d->[0]{time}')" null

# --- what nobody knows is null or empty, not 0 ---

other=$fixtures/trace-cmd-other-driver.dat
"$ccwtop" --format json -d 100 -i "$other" > other.json
is "a driver that tells less: null" "$(json other.json 'map { @$_{qw(ccws_per_io bytes_per_s translate_ratio state)} }
	@{$d->[0]{rows}}')" "null null null null null null null null"
is "... and in the total" "$(json other.json '$d->[0]{total}{bytes_per_s}, $d->[0]{total}{ios}')" "null 6"
"$ccwtop" --format csv -d 100 -i "$other" > other.csv
is "... and empty in csv" "$(csv other.csv ccws_per_io bytes_per_s state | tr -d ' \n')" ""
like "what it does tell is there" "$(csv other.csv ios irqs_per_io)" '^3 1'

# --- options ---

status "columns" 0 "$ccwtop" --format csv --columns p99,sch -d 3600 -i "$recording"
is "csv has the columns asked for" "$(head -n 1 <<< "$tap_out")" \
	"time,elapsed_s,interval_s,source,driver,events_lost,idle,p99_ns,subchannel"
status "-n" 0 "$ccwtop" --format jsonl -n 2 -d 0.5 -i "$recording"
is "jsonl ends after so many" "$(wc -l <<< "$tap_out")" 2
status "nothing to show" 0 "$ccwtop" --format json -s 0.0.ffff -i "$recording"
printf '%s' "$tap_out" > none.json
is "is a document all the same" "$(json none.json 'scalar @$d, scalar @{$d->[0]{rows}}')" "4 0"

# --- losses ---

status "lost events: status 3" 3 "$ccwtop" --format json -d 3600 -i "$fixtures/s390x-lost.dat"
printf '%s' "$tap_out" > lost.json
like "lost events: their number" "$(json lost.json '$d->[0]{events_lost}')" '^[1-9][0-9]*$'

# --- the reader goes, a signal comes, the disk is full ---

for f in csv json jsonl; do
	"$ccwtop" --format $f -d 0.1 -i "$recording" 2>err | head -n 1 > /dev/null
	is "$f: a reader that stops is no error" "${PIPESTATUS[0]} $(< err)" "0 "
	status "$f: a full disk is one" 1 sh -c '"$1" --format "$2" -i "$3" > /dev/full' - "$ccwtop" $f "$recording"
	like "$f: a full disk is named" "$tap_err" 'No space left'
done
for sig in INT:0 TERM:143; do
	"$ccwtop" --format json -d 0.5 --speed 0.5 -i "$recording" > cut.json 2>err &
	pid=$!
	for _ in {1..300}; do [ "$(wc -l < cut.json)" -ge 1 ] && break; sleep 0.1; done
	kill "-${sig%:*}" $pid
	wait $pid
	is "SIG${sig%:*}: its status" "$?" "${sig#*:}"
	like "SIG${sig%:*}: the document is whole" "$(json cut.json 'scalar @$d')" '^[0-9]+$'
done

# --- no terminal gets a batch; a format is one on a terminal, too ---

status "no terminal" 0 "$ccwtop" -d 3600 -i "$recording"
like "gets text" "$tap_out" '^ccwtop 00:'
rm -f typescript
TERM=xterm script -qefc "$ccwtop --format csv -d 3600 -i $recording" typescript < /dev/null > /dev/null 2>&1
like "a format on a terminal" "$(tr -d '\r' < typescript)" 'time,elapsed_s,'
finish
