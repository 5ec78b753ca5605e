#!/bin/bash
# shellcheck disable=SC2317  # functions that `status` and `ok` call
# ccwtop on this machine: options, recordings, terminals. The live view is in e2e/qemu/top.t.
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtop=$top/build/host/bin/ccwtop
fixtures=$top/tests/fixtures
recording=$fixtures/qemu-mixed.dat

[ -x "$ccwtop" ] || bail "$ccwtop is not built"
[ -s "$recording" ] || bail "$recording is missing"
cd "$tap_dir" || bail "no $tap_dir"

# refused NAME STATUS REGEX ARGUMENT...: one line says why, nothing on stdout
refused()
{
	local name=$1 wanted=$2 regex=$3

	shift 3
	status "$name: status $wanted" "$wanted" "$ccwtop" "$@"
	like "$name: says why" "$tap_err" "^ccwtop: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
	is "$name: in one line" "$(grep -vc "^Try 'ccwtop --help'" <<< "$tap_err")" 1
}

# --- options ---

status "help" 0 "$ccwtop" -h
like "help names the columns" "$tap_out" 'p99 +P99'
manual=$top/docs/man/ccwtop.1.scd
for word in $(grep -o -e '--[a-z][a-z-]*' <<< "$tap_out" | sort -u) \
	$(sed '1,/^Columns:/d;/^$/,$d' <<< "$tap_out" | awk '{ print $1 }'); do
	ok "the manual has $word" grep -q -e "^\*.*\*$word\*" -e "^\*$word\*" "$manual"
done
# Keys are what the table in keys.c says: the help and the screen come from it, the manual is compared.
status "help again" 0 "$ccwtop" -h
labels=$(sed '1,/^Keys:/d;/^$/,$d' <<< "$tap_out" | cut -c3-15 | sed 's/ *$//')
ok "there are keys" [ "$(wc -l <<< "$labels")" -gt 20 ]
is "the manual has these keys, in this order" "$(sed '1,/^# KEYS/d;/^Where a line/,$d' "$manual" |
	grep '^[*]' | sed 's/[*]\([^ ]*\)[*]/\1/g; s/\\\\/\\/')" "$labels"
status "version" 0 "$ccwtop" --version
like "version is one" "$tap_out" '^ccwtop [0-9]'
refused "unknown letter" 2 '.*invalid option -- .x' -x
refused "unknown option" 2 '.*unrecognized option .--nonsense' --nonsense
refused "option without its value" 2 '.*requires an argument' -d
for delay in 0 -1 abc 1x nan 1e9 ''; do
	refused "delay '$delay'" 2 '-d .*seconds' -d "$delay"
done
for count in 0 -1 1.5 x 99999999999999999999 ''; do
	refused "count '$count'" 2 '-n .*intervals' -n "$count"
done
for sch in '' 3 0.0.12345 0.0.0004-0.0.0003 '0.0.0003,' 'x*'; do
	refused "subchannel '$sch'" 2 '-s .*not a subchannel' -s "$sch"
done
refused "sort column" 2 '--sort .nonsense' --sort nonsense
refused "columns" 2 '--columns .nonsense' --columns sch,nonsense
refused "columns twice" 2 '--columns .sch' --columns sch,p50,sch
refused "a file without -i" 2 '.*opened with -i' "$recording"
refused "speed without -i" 2 '--speed' --speed 2
refused "seek without -i" 2 '--seek' --seek 2
refused "seek" 2 '--seek' -i "$recording" --seek -1
refused "speed" 2 '--speed' -i "$recording" --speed -1

# --- files ---

refused "missing file" 1 '.*nothing-here: no such file \(.*\)' -b -i "$tap_dir/nothing-here"
: > empty
refused "empty file" 1 '.*empty' -b -i "$tap_dir/empty"
refused "foreign file" 1 '.*/tap.sh' -b -i "$top/tests/tap.sh"
refused "directory" 1 '.*' -b -i "$tap_dir"
head -c 100 "$recording" > stub
refused "file cut in its header" 1 '.*stub' -b -i "$tap_dir/stub"
head -c $(($(stat -c %s "$recording") - 6000)) "$recording" > short.dat
status "file cut in its data: status 3" 3 "$ccwtop" -b -i short.dat
like "file cut in its data: what there is, is shown" "$tap_out" '0\.0\.0001 '
like "file cut in its data: said so" "$tap_err" '^ccwtop: short\.dat ends early: .'
if [ "$(id -u)" -eq 0 ]; then
	install -m 000 "$recording" locked
	chmod 711 "$tap_dir"
	status "file without rights: status 1" 1 \
		setpriv --reuid 65534 --regid 65534 --clear-groups "$ccwtop" -b -i locked
	like "file without rights: said so" "$tap_err" '^ccwtop: .*locked.*Permission denied'
else
	install -m 000 "$recording" locked
	refused "file without rights" 1 '.*locked.*Permission denied' -b -i locked
fi

status "compressed file" 0 "$ccwtop" -b -i "$fixtures/trace-cmd-3.3.1-v7-zstd.dat"
like "... is played" "$tap_out" '0\.0\.0001 '
status "the kernel's own driver's events" 0 "$ccwtop" -b -i "$fixtures/trace-cmd-other-driver.dat"
like "... show its subchannels" "$tap_out" '0\.0\.0002'
status "lost events: status 3" 3 "$ccwtop" -b -d 3600 -i "$fixtures/s390x-lost.dat"
like "lost events: in the block" "$(head -n 1 <<< "$tap_out")" '[0-9]+ events lost$'
like "lost events: said so" "$tap_err" '^ccwtop: [0-9]+ events lost: '
status "big endian, version 7" 0 "$ccwtop" -b -i "$fixtures/synthetic-be.dat"
big=$tap_out
status "little endian, version 6" 0 "$ccwtop" -b -i "$fixtures/synthetic-le.dat"
is "the same I/Os give the same text in either byte order" "$tap_out" "$big"

# --- batch ---

status "batch" 0 "$ccwtop" -b -i "$recording"
first=$tap_out
is "nothing to complain" "$tap_err" ""
status "batch again" 0 "$ccwtop" -i "$recording" # no terminal: batch by itself
is "the same recording gives the same text" "$tap_out" "$first"
like "titles" "$first" 'SUBCH +STATE +IO/S +P50 +P99 +P99.9 +MAX +SPLIT .* LAST ERROR'
like "an error is named" "$first" 'UNIT CHECK cmd=ff'
is "no blanks at the ends of lines" "$(grep -c ' $' <<< "$first")" 0

# counted in one interval, in many, and by column 2 of the last block of each subchannel
sum()
{
	"$ccwtop" -b -i "$recording" --columns sch,ios "$@" |
		awk '/^0\./ { n[$1] = $2 } END { for (s in n) sum += n[s]; print sum + 0 }'
}
whole=$(sum -d 3600)
ok "there are I/Os" [ "$whole" -gt 100 ]
is "as many in intervals of 0.1 s" "$(sum -d 0.1)" "$whole"
is "as many in intervals of 0.7 s" "$(sum -d 0.7)" "$whole"

status "one interval" 0 "$ccwtop" -b -n 1 -i "$recording" -d 0.5
is "is one block" "$(grep -c ^SUBCH <<< "$tap_out")" 1
like "of its length" "$tap_out" 'interval 0\.500 s'
status "one subchannel" 0 "$ccwtop" -b -i "$recording" -d 3600 -s 0.0.0004
is "is one row" "$(grep -c '^0\.' <<< "$tap_out")" 1
status "no such subchannel" 0 "$ccwtop" -b -i "$recording" -d 3600 -s 0.0.ffff
like "says that there is none" "$tap_out" 'no I/O in this recording on the chosen subchannels'

status "columns" 0 "$ccwtop" -b -i "$recording" -d 3600 --columns p99,sch --sort sch
is "are those asked for" "$(sed -n 2p <<< "$tap_out")" "   P99 SUBCH"
is "in the order asked for" "$(awk '/0\.0\./ { print $2 }' <<< "$tap_out")" \
	"$(awk '/0\.0\./ { print $2 }' <<< "$tap_out" | sort)"
status "sorted backwards" 0 "$ccwtop" -b -i "$recording" -d 3600 --columns p99,sch --sort=-sch
is "is the reverse" "$(awk '/0\.0\./ { print $2 }' <<< "$tap_out")" \
	"$(awk '/0\.0\./ { print $2 }' <<< "$tap_out" | sort -r)"

"$ccwtop" -b -i "$recording" -d 0.1 2>err | head -n 1 >/dev/null
is "a reader that stops is no error" "${PIPESTATUS[0]}" 0
is "and no message" "$(cat err)" ""
# shellcheck disable=SC2016  # for the other shell
status "a full disk is one" 1 sh -c '"$1" -b -i "$2" >/dev/full' - "$ccwtop" "$recording"
like "a full disk is named" "$tap_err" 'No space left'

begin=$(date +%s%N)
"$ccwtop" -b -i "$recording" --speed 1 -n 2 -d 0.5 >/dev/null
ok "--speed 1 takes its time" [ $(($(date +%s%N) - begin)) -ge 950000000 ]

# --- terminals: script(1) makes one ---

# terminal COLS ROWS COMMAND: what a terminal gets to see
terminal()
{
	rm -f typescript
	script -qefc "stty cols $1 rows $2; $3" typescript </dev/null >/dev/null 2>&1
	local rc=$?
	sed -e '1{/^Script started/d}' -e '${/^Script done/d}' typescript > seen
	tr -d '\n' < seen | cat -v > shown
	return "$rc"
}

# visible: without control sequences
visible()
{
	sed 's/\x1b[[(][0-9;?]*[A-Za-z]//g' seen | tr -d '\r\016\017'
}

# until_seen REGEX: the terminal shows it, or half a minute went by and the test will say so
until_seen()
{
	local i

	for ((i = 0; i < 300; i++)); do
		[ -f typescript ] && tr -d '\n' < typescript > seen && [[ $(visible) =~ $1 ]] && return
		sleep 0.1
	done
}

play="$ccwtop -i $recording --speed 0 -n 1"
status "no TERM" 1 terminal 80 24 "env -u TERM $play"
like "no TERM is told" "$(visible)" '^ccwtop: .*TERM is not set.*-b'
status "TERM=dumb" 1 terminal 80 24 "TERM=dumb $play"
like "TERM=dumb is told" "$(visible)" '^ccwtop: .*TERM is dumb'
status "unknown TERM" 1 terminal 80 24 "TERM=nonsense $play"
like "unknown TERM is told" "$(visible)" '^ccwtop: .*TERM is nonsense'
status "a small terminal" 1 terminal 30 6 "TERM=xterm $play"
like "a small terminal is told" "$(visible)" '^ccwtop: .*30x6.*40x8'

# restored NAME: the other screen was left and the cursor made visible again
restored()
{
	ok "$1: the screen is given back" grep -q '\^\[\[?1049h.*\^\[\[?1049l' shown
	ok "$1: the cursor is back" grep -q '\^\[\[?25l.*\^\[\[?\(12;\)\?25h' shown
}

status "a screen" 0 terminal 80 24 "TERM=xterm $play"
like "has the titles" "$(visible)" \
	'SUBCH +STATE +IO/S +P50 +P99 .*SPLIT +.*CCW/IO BYTES/S ERR/S'
like "has rows" "$(visible)" '0\.0\.0001'
ok "has colours" grep -q '\^\[\[[0-9;]*3[0-7]m' shown
restored "after the last interval"
status "NO_COLOR" 0 terminal 80 24 "NO_COLOR=1 TERM=xterm $play"
is "has none" "$(grep -c '\^\[\[[0-9;]*[34][0-7]m' shown)" 0

# Keys; Ctrl-L (\x0c) draws everything anew, or only what changed would be seen.
for keys in 'sort, >:>\x0c:sorted by P50' 'sort, <:<\x0c:sorted by STATE' \
	'reverse:r\x0c:sorted by IO/S reversed' 'pause:p\x0c:PAUSED' 'help:?:keys and columns' \
	'twice as fast:}\x0c:0\.2 times as fast' 'half as fast:{\x0c:0\.05 times as fast' \
	'longer interval:+\x0c:every 2\.0 s' 'details:\r:STAGE.*OVER TIME' \
	'no such key:~\x0c:sorted by IO/S.*sorted by IO/S' ; do
	IFS=: read -r name key seen <<< "$keys"
	# the first q may be needed to leave the help
	rm -f typescript
	(until_seen '0\.0\.0001'; printf "$key"; until_seen "$seen"; printf q; sleep 0.3
		printf q 2>/dev/null; sleep 0.3) |
		TERM=xterm timeout -k 5 90 script -qefc "stty cols 80 rows 24; $ccwtop -i $recording --speed 0.1" \
		typescript > /dev/null 2>&1
	is "key for $name: then q ends it" "${PIPESTATUS[1]}" 0
	tr -d '\n' < typescript > seen
	like "key for $name: does it" "$(visible)" "$seen"
done

# Seek: to the end, where the numbers are those of what is left, and back to the begin.
rm -f typescript
(until_seen '0\.0\.0001'; printf ']]]]]]]]]]]]]]]]]]]]'; until_seen 'end of recording'
	printf '\x1b[H'; until_seen 'end of recording.*every 1\.0 s'; printf q; sleep 0.3) |
	TERM=xterm timeout -k 5 90 script -qefc "stty cols 80 rows 24; $ccwtop -i $recording --speed 0.1" \
	typescript > /dev/null 2>&1
is "keys to seek: then q ends it" "${PIPESTATUS[1]}" 0
tr -d '\n' < typescript > seen
like "] goes to the end, Home to the begin" "$(visible)" 'end of recording.*every 1\.0 s'

# --seek: what was before is not counted.
status "--seek" 0 "$ccwtop" -b -i "$recording" --seek 2 --columns sch,ios
like "--seek: begins there" "$tap_out" '^ccwtop 00:00:03\.000 of 00:00:04\.077'
like "--seek: counts from there" "$tap_out" $'\n''0\.0\.0001 +40'$'\n'
status "--seek behind the end" 0 "$ccwtop" -b -i "$recording" --seek 100
like "--seek behind the end: says so" "$tap_out" 'no I/O: the recording ends at 00:00:04\.077, where --seek begins'

# Signals: INT ends it, TERM and HUP kill it, all restore.
for sig in INT:0 TERM:143 HUP:129; do
	cat > signalled <<-END
	TERM=xterm $ccwtop -i $recording -d 0.2 --speed 0.01 &
	for i in {1..300}; do ! grep -q SUBCH typescript || break; sleep 0.1; done
	kill -${sig%:*} \$!
	wait \$!
	END
	# a shell of its own: without job control a job in the background may use the terminal
	status "SIG${sig%:*}" "${sig#*:}" terminal 80 24 "bash signalled"
	restored "SIG${sig%:*}"
done

# --- the running kernel, which has no driver of ours here ---

if [ -d /sys/bus/css ]; then
	skip "no driver: status 1" "this machine may have the driver"
	skip "no driver: says why" "this machine may have the driver"
else
	status "no driver: status 1" 1 "$ccwtop" -b -n 1
	like "no driver: says why" "$tap_err" '^ccwtop: .*\(.*\)$'
fi
finish
