# shellcheck shell=bash disable=SC2154  # variables of tests/tap.sh and of the test
# What the tests of the harness have in common. $emulator is set by the test.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
command -v pgrep >/dev/null || bail "pgrep is not installed (procps)"
mkdir "$tap_dir/tmp"
export TMPDIR=$tap_dir/tmp

run()
{
	"$top/tests/vm/run" --emulator "$emulator" "$@" </dev/null
}

# guest_script NAME: standard input becomes the script $tap_dir/NAME
guest_script()
{
	cat > "$tap_dir/$1"
}

# The script "pass", with arguments, files in and out, large output and a status.
passes_through()
{
	echo "good morning" > "$tap_dir/greeting"
	mkdir "$tap_dir/dir" && echo "deep down" > "$tap_dir/dir/deep"
	run "$@" --add "$tap_dir/greeting" --add "$tap_dir/dir" --out "$tap_dir/brought" \
		"$tap_dir/pass" "a b" "it's" > "$tap_dir/stdout" 2> "$tap_dir/stderr"
	is "the script's exit status is returned" $? 7
	is "arguments arrive as given" "$(sed -n 1p "$tap_dir/stdout")" "arguments: a b|it's"
	is "files and directories arrive in /add" "$(sed -n 2,3p "$tap_dir/stdout")" $'good morning\ndeep down'
	is "stderr of the script comes with its output" "$(sed -n 4p "$tap_dir/stdout")" "to stderr"
	is "large output comes without loss" "$(tail -n +5 "$tap_dir/stdout" | md5sum)" "$(cat "$tap_dir/brought/sum")"
	is "/out comes back with its directories" "$(md5sum < "$tap_dir/brought/sub/file")" \
		"$(tail -n +5 "$tap_dir/stdout" | head -c 300000 | md5sum)"
	is "nothing on stderr" "$(cat "$tap_dir/stderr")" ""
}

# names_log NAME REGEX: the message of the last `status` names a log that is there and matches
names_log()
{
	local log=${tap_err##*console log: }

	log=${log%%$'\n'*}
	ok "$1" grep -q -e "$2" "$log"
	rm -f "$log"
}

# two_at_once SCRIPT OUTPUT STATUS OPTIONS  SCRIPT OUTPUT STATUS OPTIONS
two_at_once()
{
	local first second

	# shellcheck disable=SC2086  # words
	run $4 --log "$tap_dir/log1" "$tap_dir/$1" > "$tap_dir/stdout1" 2>/dev/null &
	first=$!
	# shellcheck disable=SC2086
	run $8 --log "$tap_dir/log2" "$tap_dir/$5" > "$tap_dir/stdout2" 2>/dev/null &
	second=$!
	wait $first
	is "two at once: status of $1 ($4)" $? "$3"
	wait $second
	is "two at once: status of $5 ($8)" $? "$7"
	is "two at once: output of $1" "$(cat "$tap_dir/stdout1")" "$2"
	is "two at once: output of $5" "$(cat "$tap_dir/stdout2")" "$6"
	ok "two at once: a log each" test -s "$tap_dir/log1" -a -s "$tap_dir/log2"
}

usage_errors()
{
	say()
	{
		status "$1: status" 120 run "${@:3}"
		like "$1: says what is wrong" "$tap_err" "$2"
	}
	say "unknown option" "unknown option '--colour'" --colour
	say "unreadable script" "cannot read .*/none" "$tap_dir/none"
	say "no script" "no SCRIPT"
	say "unknown driver" "no driver 'mine'" --driver mine "$0"
	say "unknown kernel" "no kernel '5.4'" --kernel 5.4 "$0"
	say "number wanted" "wants a number, not 'two'" --smp two "$0"
	say "shell without a terminal" "wants a terminal" --shell
}

# A TERM while the guest runs: the emulator goes with the harness.
ended_by_signal()
{
	local pid n=0

	# not through run: the signal has to reach the harness, not a subshell around it
	"$top/tests/vm/run" --emulator "$emulator" --driver none --log "$tap_dir/log" \
		"$tap_dir/hang" </dev/null >/dev/null 2>&1 &
	pid=$!
	while ! grep -q 'Linux version' "$tap_dir/log" 2>/dev/null && [ $n -lt 300 ]; do
		n=$((n + 1))
		sleep 0.1
	done
	ok "an emulator is running" pgrep -f "$tap_dir/tmp/run"
	kill -TERM $pid
	wait $pid
	is "ended by a signal" $? 143
}

# To be called last: no process and no file of any run above.
leaves_nothing()
{
	is "no process is left" "$(pgrep -a -f "$tap_dir/tmp/run")" ""
	is "no temporary file is left" "$(ls "$tap_dir/tmp")" ""
}
