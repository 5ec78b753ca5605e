#!/bin/bash
# Terminals of several kinds and sizes, and what happens to them while ccwtop runs.
# shellcheck disable=SC1003,SC2016,SC2317  # a backslash is a key; for another shell; functions that `ok` calls
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/screen/screen.sh"

ccwtop=$top/build/host/bin/ccwtop
recording=$top/tests/fixtures/qemu-mixed.dat
[ -x "$ccwtop" ] || bail "$ccwtop is not built"
cd "$tap_dir" || bail "no $tap_dir"
usual=("${screen_env[@]}")

# begin SIZE ARGUMENT...: at the end of the recording
begin()
{
	local size=$1

	shift
	screen_start "$size" "$ccwtop" -i "$recording" --speed 0 "$@"
	screen_poll screen_matches '^end of recording' || bail "the end of the recording is not seen"
}

# sgr NAME REGEX: test: the screen has such attributes
sgr()
{
	like "$1" "$(screen_colors | cat -v)" "$2"
}

no_colors()
{
	is "$1" "$(screen_colors | grep -acE $'\e\\[([0-9;]*;)?[34][0-7](;|m)')" 0
}

quit()
{
	screen_keys q
	screen_ends "$1" 0
}

# --- characters ---

begin 80x24 --seek 0
screen_keys Enter
screen_is utf8-80x24
quit "UTF-8"
screen_env=(-u NO_COLOR XDG_CONFIG_HOME=/nonexistent LC_ALL=C)
begin 80x24 --seek 0
screen_keys Enter
screen_is ascii-80x24
is "LC_ALL=C: ASCII alone" "$(screen_now | LC_ALL=C grep -c '[^ -~]')" 0
quit "LC_ALL=C"
screen_env=("${usual[@]}")
begin 80x24 --ascii
screen_keys Enter
screen_is ascii-80x24
quit "--ascii"

# --- colours ---

begin 80x24
sgr "default: a banner on blue" '\^\[\[[0-9;]*44m'
sgr "default: titles on green" '\^\[\[[0-9;]*42m'
quit "default"
begin 80x24 --theme dark
sgr "dark: on black" '\^\[\[[0-9;]*40m'
quit "dark"
begin 80x24 --theme light
sgr "light: on white" '\^\[\[[0-9;]*47m'
screen_keys t
screen_shows "t goes on to mono" '^colours: mono'
no_colors "mono has none"
quit "light"
begin 80x24 --theme mono
no_colors "--theme mono has no colours"
sgr "... but reversed text" '\^\[\[([0-9;]*;)?7m'
screen_is table-80x24
quit "mono"
screen_env=(XDG_CONFIG_HOME=/nonexistent LC_ALL=C.UTF-8 NO_COLOR=1)
begin 80x24
no_colors "NO_COLOR: none"
quit "NO_COLOR"
begin 80x24 --theme light
sgr "NO_COLOR, but --theme" '\^\[\[[0-9;]*47m'
quit "NO_COLOR and --theme"
for term in vt100 xterm-mono vt220; do
	screen_env=("${usual[@]}" "TERM=$term")
	begin 80x24
	no_colors "TERM=$term: no colours"
	screen_is table-80x24
	screen_keys Down Enter
	screen_shows "TERM=$term: arrows" '^0\.0\.0001 .*STANDBY'
	quit "TERM=$term"
done
screen_env=("${usual[@]}" TERM=linux)
begin 80x24
sgr "TERM=linux: colours" '\^\[\[[0-9;]*44m'
screen_is table-80x24
quit "TERM=linux"
screen_env=("${usual[@]}")

# --- sizes, while it waits ---

begin 80x24
screen_resize 132x43
screen_is table-132x43
screen_resize 30x5
screen_shows "too small is said" '^30x5 is too small,$'
screen_resize 1x1
screen_poll screen_still
screen_resize 40x8
screen_is table-40x8
screen_keys 2
screen_shows "a small detail view" '^0\.0\.0001 '
for size in 41x9 40x10 40x11 60x12 60x13 60x14 60x15 60x16 60x17 129x18 140x19 40x8; do
	screen_resize $size
	screen_poll screen_still
done
screen_shows "... of any height" '^0\.0\.0001 '
for key in 3 4 5 '?' q w Escape '\' Escape; do
	screen_keys "$key"
done
screen_resize 42x9
screen_keys 1
screen_shows "drawn again" "^SUBCH"
screen_resize 500x100
screen_shows "very wide" '^SUBCH'
screen_keys 2
screen_shows "very wide details" 'HISTOGRAM|OVER TIME'
screen_resize 80x24
screen_keys 1
screen_is table-80x24
quit "resized"

# --- the terminal goes, the input goes, it is stopped ---

# ended PID: it has gone, or is a zombie of somebody who does not care
ended()
{
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.*Z' "/proc/$1/status"
}

# the same, before long; there is no tmux any more to ask
ends()
{
	local i

	for ((i = 0; i < 10 * screen_wait; i++)); do
		! ended "$1" || return 0
		sleep 0.1
	done
	return 1
}

screen_start 80x24 bash -c 'echo $$ > pid; exec "$@"' - "$ccwtop" -i "$recording" --speed 0.01
screen_poll screen_matches '^SUBCH'
pid=$(cat pid)
screen_stop
ok "a terminal that is closed ends it" ends "$pid"
screen_start 80x24 bash -c 'echo $$ > pid; exec "$@"' - "$ccwtop" -i "$recording" --speed 0.01
screen_poll screen_matches '^SUBCH'
kill -STOP "$(cat pid)"
sleep 2
screen_resize 132x43
kill -CONT "$(cat pid)"
screen_keys +
screen_shows "stopped, resized and continued: the new size" '^every 2\.0 s.*100\.[0-9]+|^every 2\.0 s, 0\.01 times as fast .*source file'
screen_keys q
screen_ends "stopped and continued" 0
screen_start 80x24 bash -c '"$@" <&-' - "$ccwtop" -i "$recording" --speed 0.01
screen_shows "input closed: keys come from the terminal" '^SUBCH'
quit "input closed"
screen_start 80x24 bash -c '"$@" < /dev/null' - "$ccwtop" -i "$recording" --speed 0.01
screen_shows "input from elsewhere: keys come from the terminal" '^SUBCH'
quit "input from elsewhere"
screen_start 80x24 bash -c '"$@" | head -n 2 | cut -c 1-30; exit ${PIPESTATUS[0]}' - "$ccwtop" -i "$recording"
screen_shows "output is no terminal: a batch" '^ccwtop 00:00:0'
screen_poll screen_ended
is "... and whoever stops reading is no error" "$(cat "$tap_dir/screen.status")" 0
screen_stop
setsid -w "$ccwtop" -i "$recording" --theme light < /dev/null > out 2> err
is "no terminal at all: a batch, status" $? 0
like "... with its titles" "$(cat out)" $'\nSUBCH +STATE'
is "... and nothing of a screen" "$(grep -c $'\e' out)$(cat err)" 0
finish
