#!/bin/bash
# ccwtrace export: options, files, refusals. What a browser makes of the page is in tests/html.
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
	status "$name: status $wanted" "$wanted" "$ccwtrace" export "$@"
	like "$name: says why" "$tap_err" "^ccwtrace[a-z ]*: $regex"
	is "$name: nothing on stdout" "$tap_out" ""
}
refused "no format" 2 "--format is missing" -i "$fixtures/qemu-mixed.dat"
refused "unknown format" 2 "no format 'pdf': want .*html" --format pdf
refused "no recording" 1 "none.dat: no such file" --format html none.dat
refused "not a recording" 1 ".*README.md" --format html "$fixtures/README.md"
refused "no directory" 1 "cannot create nowhere/x.html: No such file.*-o" --format html -o nowhere/x.html "$fixtures/qemu-mixed.dat"
refused "subchannel" 2 "'x' is no subchannel" --format html -s x
refused "two recordings" 2 "'b' is too much" --format html a b

status "html to a file" 0 "$ccwtrace" export --format html -o page.html "$fixtures/qemu-mixed.dat"
is "html: nothing said" "$tap_out$tap_err" ""
is "html: no other file is left" "$(echo page.html*)" page.html
is "html: readable for others as the umask says" "$(stat -c %a page.html)" "$(printf %o $((0666 & ~$(umask))))"
is "html: whole" "$(tail -n 1 page.html)" "</html>"
ok "html: its plots need nothing from anywhere" test -z "$(grep -oE '(src|href)="?(https?:)?//' page.html)"
status "html to standard output" 0 "$ccwtrace" export --format html -i "$fixtures/qemu-mixed.dat"
is "html: the same bytes" "$(md5sum <<< "$tap_out")" "$(md5sum < page.html)"
status "html of one subchannel" 0 "$ccwtrace" export --format html -s 0.0.0003 "$fixtures/qemu-mixed.dat"
like "html: that one" "$tap_out" '40 I/Os of 1 subchannel '
ok "html: no other" test -z "$(grep -o 'data-key="0.0.000[12]"' <<< "$tap_out")"
status "events were lost: status 3" 3 "$ccwtrace" export --format html -o lost.html "$fixtures/s390x-lost.dat"
like "events were lost: said" "$tap_err" 'events were lost'
ok "events were lost: the page is there" test -s lost.html
head -c 40000 "$fixtures/qemu-mixed.dat" > cut.dat
status "a file that ends early: status 3" 3 "$ccwtrace" export -q --format html -o cut.html cut.dat
is "a file that ends early: -q says nothing" "$tap_err" ""
ok "a full disk: an error" test "$("$ccwtrace" export --format html "$fixtures/qemu-mixed.dat" 2>&1 >/dev/full; echo $?)" != 0

long_recording "$fixtures/s390x-ccwtrace.dat" long.dat || bail "no long recording"
for signal in INT TERM HUP; do
	interrupted $signal long.csv "$ccwtrace" export --format csv -o long.csv long.dat
done
( trap '' HUP; "$ccwtrace" export --format csv -o kept.csv "$fixtures/s390x-ccwtrace.dat" & kill -HUP $!; wait $! )
ok "a signal that is ignored (nohup) ends nothing" test -s kept.csv
finish
