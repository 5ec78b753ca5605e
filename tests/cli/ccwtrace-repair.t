#!/bin/bash
# ccwtrace repair: what it writes says the same, to us and to trace-cmd.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/cli/interrupt.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$tap_dir" || bail "no $tap_dir"

refused()
{
	local name=$1 wanted=$2 regex=$3

	shift 3
	status "$name: status $wanted" "$wanted" "$ccwtrace" repair "$@"
	like "$name: says why" "$tap_err" "^ccwtrace[a-z ]*: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
}
some=$fixtures/s390x-ccwtrace.dat
refused "no recording" 2 "which recording" -o x.dat
refused "no output" 2 "-o FILE is missing" "$some"
refused "standard output" 2 "-o FILE is missing" -o - "$some"
refused "two recordings" 2 "'b' is too much" -o x.dat a b
refused "not there" 1 "a.dat: no such file" -o x.dat a.dat
refused "not a recording" 1 ".*not a recording" -o x.dat "$fixtures/README.md"
ok "a refused one leaves nothing" test -z "$(ls)"
cp "$some" same.dat
ln same.dat link.dat
refused "onto itself" 2 "-o link.dat is the recording itself" -o link.dat same.dat
ok "... is as it was" cmp same.dat "$some"
refused "no directory" 1 "cannot create nowhere/x: No such file" -o nowhere/x same.dat
rm -f ./*

# Whatever form it came in: the same events, for ccwtrace and for trace-cmd.
for file in "$fixtures"/*.dat; do
	name=${file##*/}
	status "$name" 0 "$ccwtrace" repair -o "$name" "$file"
	"$ccwtrace" show -q "$file" > old
	"$ccwtrace" show -q "$name" > new
	ok "$name: every event is there" cmp old new
	ok "$name: which are some" test "$(wc -l < new)" -gt 10
	"$ccwtrace" report -v -q -i "$file" | tail -n +2 > old
	"$ccwtrace" report -v -q -i "$name" | tail -n +2 > new
	ok "$name: the same report" cmp old new
	command -v trace-cmd > /dev/null || { skip "$name: trace-cmd" "trace-cmd is not installed"; continue; }
	is "$name: trace-cmd reads every event" \
		"$(trace-cmd report -i "$name" 2> /dev/null | grep -cE '^ *[^ ].*-[0-9]+ +\[[0-9]{3}\] ')" \
		"$("$ccwtrace" show -q --format csv "$file" | awk -F, 'NR > 1 && $NF == ""' | wc -l)"
done
if command -v trace-cmd > /dev/null; then
	is "trace-cmd reads nothing of what its version 3.3 wrote on s390x" \
		"$(trace-cmd report -i "$fixtures/trace-cmd-3.3.1-v7-zstd.dat" 2> /dev/null | grep -c vfio_ccw)" 0
fi
status "zero sizes" 0 "$ccwtrace" repair -o z.dat "$fixtures/trace-cmd-3.3.1-v7-zstd.dat"
like "zero sizes are told" "$tap_out" '246 records in 4 pages, sizes that were 0 put right'

# cut off: what is whole
head -c 24000 "$some" > cut.dat
status "cut off: status 3" 3 "$ccwtrace" repair -o mended.dat cut.dat
like "cut off: says how much" "$tap_err" 'cut.dat: cut off: 8768 bytes'
status "cut off: the new one says that it lacks some" 3 "$ccwtrace" show mended.dat
like "cut off: ... of CPU 1" "$tap_err" 'of CPU 1 it holds 0 of the 320 events'
ok "cut off: its events are those that were left" cmp <("$ccwtrace" show -q cut.dat) <("$ccwtrace" show -q mended.dat)

# a damaged page: the rest, and the mark that something is missing
cp "$some" bad.dat
dd if=/dev/zero of=bad.dat bs=1 count=200 seek=13288 conv=notrunc 2> /dev/null
status "damaged: status 3" 3 "$ccwtrace" repair -o mended.dat bad.dat
like "damaged: says so" "$tap_err" '1 damaged page left out or cut short'
is "damaged: all that was read before is there" \
	"$("$ccwtrace" show -q --format csv mended.dat | awk -F, '$NF == ""' | wc -l)" \
	"$("$ccwtrace" show -q --format csv bad.dat | awk -F, '$NF == ""' | wc -l)"
is "damaged: the gap is marked" "$("$ccwtrace" show -q mended.dat | grep -c 'EVENTS LOST before this')" 1
# ended on the way
long_recording "$some" long.dat || bail "no long recording"
for signal in INT TERM HUP; do
	interrupted $signal whole.dat "$ccwtrace" repair -o whole.dat long.dat
done
finish
