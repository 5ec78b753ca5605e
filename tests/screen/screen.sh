# shellcheck shell=bash disable=SC2154  # tap_dir is of tests/tap.sh
# Screens in a real terminal, tmux's: source it after tests/tap.sh.
#
#   screen_start COLSxROWS COMMAND...   runs COMMAND in a terminal of that size; one at a time
#   screen_keys KEY...                  types; names are tmux's: Enter, Down, F1, C-l, ...
#   screen_text TEXT                    types TEXT as it is
#   screen_mouse BUTTON COL ROW [N]     N clicks: 0 left, 1 middle, 2 right, 64 and 65 the wheel; from 1
#   screen_resize COLSxROWS
#   screen_shows NAME REGEX             test: a line of the screen matches REGEX before long
#   screen_lacks NAME REGEX             test: none does, before long
#   screen_is NAME [SED]                test: the screen is tests/screen/expected/NAME.txt, before long; SED
#                                       masks what differs from run to run
#   screen_now, screen_colors           what is on the screen; with its attributes as escape sequences
#   screen_ends NAME STATUS             test: the command ended with STATUS, and gave the terminal back
#   screen_stop                         whatever runs
#
# With RENEW=1 in the environment screen_is writes what it sees, after it stood still for a while, and
# passes; tests/screen/renew does that and shows the difference.

screen_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
screen_dir=$screen_top/tests/screen/expected
screen_wait=${SCREEN_WAIT:-60} # seconds; a machine may be busy

command -v tmux >/dev/null || bail "tmux is not installed"

# A server of our own, and nobody's configuration.
screen_tmux()
{
	env -u TMUX LC_ALL=C.UTF-8 tmux -u -f /dev/null -S "$tap_dir/tmux" "$@"
}

# shellcheck disable=SC2016  # for the shell in the terminal
screen_start()
{
	local cols=${1%x*} rows=${1#*x}

	shift
	screen_stop
	rm -f "$tap_dir/screen.status"
	# The shell that notes the status also shows that lines come out whole again behind the command.
	screen_tmux start-server \; set -g default-terminal "${SCREEN_TERM:-screen-256color}" \; \
		set -g escape-time 0 \; set -g status off \; \
		set -g default-size "${cols}x$rows" \; \
		new-session -d -x "$cols" -y "$rows" -s screen -c "$PWD" -- \
		bash -c '"${@:2}"; echo $? > "$1.new"; stty -a > "$1.stty"; mv "$1.new" "$1"; exec sleep 1000' \
		bash "$tap_dir/screen.status" env "${screen_env[@]}" "$@" \; \
		set window-size manual || bail "tmux cannot start"
}
# Whoever runs this may have settings of their own.
screen_env=(-u NO_COLOR XDG_CONFIG_HOME=/nonexistent LC_ALL=C.UTF-8)

screen_keys()
{
	screen_tmux send-keys -t screen -- "$@"
}

screen_text()
{
	screen_tmux send-keys -t screen -l -- "$1"
}

# As xterm's mode 1006 tells it.
screen_mouse()
{
	local n text=

	for ((n = 0; n < ${4:-1}; n++)); do
		text+=$'\e'"[<$1;$2;$3M"
		[ "$1" -ge 64 ] || text+=$'\e'"[<$1;$2;$3m"
	done
	screen_text "$text"
}

screen_resize()
{
	screen_tmux resize-window -t screen -x "${1%x*}" -y "${1#*x}"
}

screen_now()
{
	screen_tmux capture-pane -p -t screen | sed 's/ *$//'
}

screen_colors()
{
	screen_tmux capture-pane -p -e -t screen
}

# screen_poll COMMAND...: until it succeeds, or for screen_wait
screen_poll()
{
	local end=$((SECONDS + screen_wait))

	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		screen_tmux has-session -t screen || bail "tmux has gone"
		sleep 0.1
	done
}

screen_matches()
{
	screen_now | grep -qE -e "$1"
}

screen_shows()
{
	screen_poll screen_matches "$2"
	tap_result $? "$1" "no line of the screen matches: $2
$(screen_now)"
}

screen_misses()
{
	! screen_matches "$1"
}

screen_lacks()
{
	screen_poll screen_misses "$2"
	tap_result $? "$1" "a line of the screen matches: $2
$(screen_now)"
}

screen_equals()
{
	screen_now | sed -E -e "$2" > "$tap_dir/screen.now"
	cmp -s "$tap_dir/screen.now" "$1"
}

# Twice the same, half a second apart.
screen_still()
{
	screen_now > "$tap_dir/screen.then"
	sleep 0.5
	screen_now | cmp -s - "$tap_dir/screen.then"
}

screen_is()
{
	local file=$screen_dir/$1.txt mask=${2-}

	if [ -n "${RENEW-}" ]; then
		screen_poll screen_still
		[ -s "$tap_dir/screen.then" ] || bail "nothing on the screen"
		screen_equals "$file" "$mask" || cp "$tap_dir/screen.now" "$file"
		tap_result 0 "screen $1, renewed"
		return
	fi
	screen_poll screen_equals "$file" "$mask"
	tap_result $? "screen $1" "- is expected, + is seen (renew: see tests/screen/README.md):
$(diff -u "$file" "$tap_dir/screen.now" | sed 1,2d)"
}

screen_ended()
{
	[ -e "$tap_dir/screen.status" ]
}

screen_ends()
{
	screen_poll screen_ended
	is "$1: status" "$(cat "$tap_dir/screen.status" 2>/dev/null)" "$2"
	like "$1: the terminal is given back" "$(tr '\n' ' ' < "$tap_dir/screen.status.stty")" ' icanon .* echo '
	is "$1: the screen, the cursor and the mouse are" \
		"$(screen_tmux display -p -t screen '#{alternate_on}#{cursor_flag}#{mouse_any_flag}')" 010
	screen_stop
}

screen_stop()
{
	[ ! -S "$tap_dir/tmux" ] || screen_tmux kill-server 2>/dev/null
	rm -f "$tap_dir/tmux"
}
trap 'screen_stop; rm -rf "$tap_dir"' EXIT
