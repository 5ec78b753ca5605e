#!/bin/bash
# ccwtrace slow on recordings: order, events, programs
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures

[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$fixtures" || bail "$fixtures is missing"

# refused NAME REGEX ARGUMENT...: bad usage, said in one line
refused()
{
	local name=$1 regex=$2

	shift 2
	status "$name: status 2" 2 "$ccwtrace" slow "$@"
	like "$name: says why" "$tap_err" "^ccwtrace slow: .*$regex"
	is "$name: nothing on stdout" "$tap_out" ""
}

status "text" 0 "$ccwtrace" slow -n 2 s390x-detail.dat
like "events between" "$tap_out" '- +[0-9.]+[um]s +CPU [01] +s390_cio_ssch +cc=0'
like "transitions by name" "$tap_out" 'vfio_ccw_fsm +from=IDLE event=IO_REQ to=TRANSLATE'
is "two I/Os" "$(grep -cE '^ +[0-9]+  0\.0\.' <<< "$tap_out")" 2
# of one I/O: five vfio_ccw_fsm and the events of the kernel, none of another request
is "transitions of these alone" "$(grep -c 'vfio_ccw_fsm  ' <<< "$tap_out")" 6
for stage in translate device total; do
	case $stage in translate) column=4 ;; device) column=6 ;; total) column=8 ;; esac
	status "by $stage" 0 "$ccwtrace" slow -n 7 --stage $stage --format csv s390x-detail.dat
	if command -v trace-cmd >/dev/null; then
		is "by $stage: those of trace-cmd report" "$(awk -F, -v c=$column 'NR > 1 { print $c }' <<< "$tap_out")" \
			"$(trace-cmd report -i s390x-detail.dat 2>/dev/null | awk -v stage=$stage '/ vfio_ccw_io: / {
				for (i = 1; i <= NF; i++) { n = index($i, "="); if (n) v[substr($i, 1, n - 1)] = substr($i, n + 1) }
				print stage == "total" ? v["translate_ns"] + v["start_ns"] + v["device_ns"] + v["deliver_ns"] : v[stage "_ns"] }' | sort -rn | head -n 7)"
	else
		skip "by $stage: against trace-cmd" "trace-cmd is not installed"
	fi
done
status "json" 0 "$ccwtrace" slow -n 1 --format json s390x-detail.dat
like "json: events" "$tap_out" '"event": ?"vfio_ccw_fsm"'
status "without vfio_ccw_io" 0 "$ccwtrace" slow -n 1 s390x-kernel-driver.dat
like "without vfio_ccw_io: from its SSCH on" "$tap_out" $'ok\n +- +[0-9.]+[um]s +CPU [01] +s390_cio_ssch'
is "without vfio_ccw_io: no stage is made up" "$(grep -cE '0\.0\.000[123] .* - +- +[0-9.]+us +- +- ' <<< "$tap_out")" 1
status "--no-events" 0 "$ccwtrace" slow --no-events s390x-detail.dat
is "--no-events: a line each" "$(wc -l <<< "$tap_out")" 13
status "a filter" 0 "$ccwtrace" slow --format csv --filter 'cmd == 0xe4' s390x-detail.dat
is "a filter: what it selects" "$(awk -F, 'NR > 1 { print $9 }' <<< "$tap_out" | sort -u)" 228
# the program that the guest wrote, of each I/O its own
status "programs" 0 "$ccwtrace" slow -n 20 s390x-programs.dat
is "programs: a CCW as the guest wrote it" "$(grep -cE ' ccw +0 at 00001000: cmd=e4 \(SENSE ID\) count=64 cda=00005000 SLI$' <<< "$tap_out")" \
	"$(awk '/ ccw +0 at 00001000/ && /cmd=e4/' <<< "$tap_out" | wc -l)"
# I/O NUMBER AT: CMD COUNT CDA, a line for each CCW
of_slow()
{
	awk '/^ +[0-9]+  0\.0\./ { io = $2 " " $3 }
		/ ccw  / { sub(".* ccw  ", ""); sub(":", "", $3)
			for (i = 4; i <= NF; i++) { n = index($i, "="); if (n) v[substr($i, 1, n - 1)] = substr($i, n + 1) }
			print io, $1, $3, v["cmd"], v["count"], v["cda"] }' <<< "$tap_out" | sort
}
of_plugin()
{
	TRACEEVENT_PLUGIN_DIR=$top/build/host/lib/traceevent/plugins trace-cmd report -i s390x-programs.dat 2> /dev/null |
		awk '/ vfio_ccw_ccw: / { for (i = 1; i <= NF; i++) { if ($i ~ /^sch=/) s = substr($i, 5); if ($i ~ /^seq=/) n = substr($i, 5) }; ours = 1; next }
			/\[[0-9]+\]/ { ours = 0 }
			ours { sub(":", "", $2); at = $2; cmd = $3
				for (i = 4; i <= NF; i++) { if ($i ~ /^count=/) c = substr($i, 7); if ($i ~ /^addr=/) a = substr($i, 6) }
				print s, n, $1, at, cmd, c, a }' | sort
}
if command -v trace-cmd > /dev/null; then
	of_slow > "$tap_dir/slow"
	of_plugin > "$tap_dir/plugin"
	is "programs: those that the plugin prints" "$(diff "$tap_dir/slow" "$tap_dir/plugin")" ""
	is "programs: of every I/O" "$(cut -d' ' -f1,2 "$tap_dir/slow" | sort -u | wc -l)" 13
else
	skip "programs: those that the plugin prints" "trace-cmd is not installed"
fi
status "programs, json" 0 "$ccwtrace" slow -n 20 --format json -s 0.0.0003 s390x-programs.dat
is "programs, json: 20 of a chain of 20" "$(grep -oE '"event": ?"ccw"' <<< "$tap_out" | wc -l)" 20
refused "-n 0" "want a number" -n 0
refused "-n 1001" "want a number" -n 1001
refused "stage" "no stage" --stage x

# Events without a number of the request, among those that have one: those of its time alone.
status "detail" 0 "$ccwtrace" slow -n 1 -s 0.0.0004 --filter 'cstat != 0' "$top/docs/samples/bad-programs.dat"
is "detail: one request of the kernel's own event, not those of before" \
	"$(grep -c 'vfio_ccw_fsm_event .*event=IO_REQ' <<< "$tap_out")" 1
like "detail: why, in words" "$tap_out" 'why=PAGE'
like "detail: the program" "$tap_out" 'cmd=e4 \(SENSE ID\) count=64 cda=7f000000'

finish
