# shellcheck shell=bash disable=SC2034  # variables for the tests
# For tests with qemu-system-s390x inside the guest as the client of vfio-ccw: source it.
#
#   client_run OPTION... SCRIPT    tests/vm/run with all that is needed; output in $client_said,
#                                  what the script left in /out in $client_out
#   client_tap NAME TITLE MIN      what the inner guest said in /out/NAME.tap, each line a test
#                                  here, at least MIN of them and as many as it planned
#   client_counted                 functions the inner guest of run.tap started, halted and cleared,
#                                  against the recording run.dat
. "$top/tests/tap.sh"

client_out=$tap_dir/out
client_said=''

for client_file in s390x/guest/ccwguest cache/client/.complete host/bin/ccwtrace; do
	[ -e "$top/build/$client_file" ] || bail "build/$client_file is missing: run 'make all client'"
done

client_run()
{
	status "in the guest" 0 "$top/tests/vm/run" --out "$client_out" --add "$top/build/cache/client" \
		--add "$top/build/s390x/guest/ccwguest" --add "$top/tests/guest/inner" "$@"
	client_said=$tap_out
}

client_tap()
{
	local file=$client_out/$1.tap line

	if ! [ -s "$file" ]; then
		tap_result 1 "$2: the inner guest ran"
		return
	fi
	# the console ends lines as consoles do
	tr -d '\r' < "$file" > "$tap_dir/inner"
	while read -r line; do
		case $line in
		'ok '*'# SKIP '*)
			skip "$2:${line#*-}" "inner guest" ;;
		'ok '*)
			tap_result 0 "$2:${line#*-}" ;;
		'not ok '*|'Bail out'*)
			tap_result 1 "$2:${line#*-}" ;;
		'#'*)
			echo "$line" ;;
		esac
	done < "$tap_dir/inner"
	like "$2: all of its tests" "$(grep -c '^ok\|^not ok' "$tap_dir/inner"),$(sed -n 's/^1\.\.//p' "$tap_dir/inner")" \
		'^([0-9]+),\1$'
	ok "$2: at least $3 tests" test "$(grep -c '^ok\|^not ok' "$tap_dir/inner")" -ge "$3"
}

client_counted()
{
	local functions start halt clear

	functions=$(tr -d '\r' < "$client_out/run.tap" | grep '^# functions')
	start=${functions##*start=} halt=${functions##*halt=} clear=${functions##*clear=}
	status "trace-cmd reads the recording" 0 trace-cmd report -i "$client_out/run.dat"
	is "every START SUBCHANNEL was the driver's" "$(grep -c ' vfio_ccw_io: ' <<< "$tap_out")" "${start%% *}"
	is "every HALT SUBCHANNEL" "$(grep -c ' vfio_ccw_fsm_async_request: .*command=.*1' <<< "$tap_out")" "${halt%% *}"
	is "every CLEAR SUBCHANNEL" "$(grep -c ' vfio_ccw_fsm_async_request: .*command=.*2' <<< "$tap_out")" "${clear%% *}"
	like "they were qemu's" "$(grep ' vfio_ccw_ssch: .*function=SSCH' <<< "$tap_out" | head -n 1)" '^ *(ld64|qemu|CPU)'
	status "the report" 0 "$top/build/host/bin/ccwtrace" report -i "$client_out/run.dat"
	like "the report counts them" "$tap_out" ": ${start%% *} I/Os of 1 subchannel"
}
