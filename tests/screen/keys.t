#!/bin/bash
# What keys and the mouse do, on a recording. Expected screens where all of it matters, else the line that
# a key changes.
# shellcheck disable=SC1003,SC2317  # a backslash is a key; functions that `ok` calls
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/screen/screen.sh"

ccwtop=$top/build/host/bin/ccwtop
recording=$top/tests/fixtures/qemu-mixed.dat
[ -x "$ccwtop" ] || bail "$ccwtop is not built"
cd "$tap_dir" || bail "no $tap_dir"
mkdir home
screen_env=(-u XDG_CONFIG_HOME -u NO_COLOR LC_ALL=C.UTF-8 HOME="$tap_dir/home")

# begin SIZE ARGUMENT...: at the end of the recording
begin()
{
	local size=$1

	shift
	screen_start "$size" "$ccwtop" -i "$recording" --speed 0 "$@"
	screen_poll screen_matches '^end of recording' || bail "the end of the recording is not seen"
}

# row N: the subchannel in it, from 1
row()
{
	screen_now | grep -E '^0\.0\.' | sed -n "${1}s/[* ].*//p"
}

row_is()
{
	[ "$(row "$1")" = "$2" ]
}

# first NAME SUBCHANNEL: test: it comes to be the first row
first()
{
	screen_poll row_is 1 "$2"
	is "$1" "$(row 1)" "$2"
}

begin 80x24 --theme mono

# --- order ---

screen_keys '>'
screen_shows "> sorts by the column to the right" 'sorted by P50 '
screen_keys '<' '<'
screen_shows "< sorts by the column to the left" 'sorted by STATE '
screen_keys '.'
screen_shows ". is another >" 'sorted by IO/S '
first "most I/Os first" 0.0.0001
screen_keys r
screen_shows "r reverses" 'sorted by IO/S reversed'
first "fewest I/Os first" 0.0.0005
screen_keys o
screen_shows "o asks for a column" '^sort by column, -column reversed: -rate$'
screen_keys C-u
screen_text sch
screen_keys Enter
screen_shows "... and sorts by it" 'sorted by SUBCH '
first "by name" 0.0.0001
screen_keys o C-u
screen_text -max # not on a screen of this size
screen_keys Enter
screen_shows "... and by one that is not shown, reversed" 'sorted by MAX reversed'
screen_keys o C-u
screen_text nonsense
screen_keys Enter
screen_shows "no such column is said" "^no column 'nonsense'"
screen_keys o Escape
screen_shows "Escape asks no more" 'Table.*Detail'
screen_shows "... and the order stays" 'sorted by MAX reversed'
screen_keys o C-u
screen_text rate
screen_keys Enter

# --- marks ---

screen_keys Down Space
screen_shows "Space marks" '^0\.0\.0001\*'
screen_keys Down Space # Space went to the next row
screen_shows "... several" '^0\.0\.0004\*'
screen_keys m
screen_is marked-80x24
screen_keys Down Down Down Space
screen_shows "a mark is taken away by Space" '^0\.0\.0001\*'
screen_lacks "... and its row is not shown" '^0\.0\.0004'
screen_keys u
screen_shows "u takes all away, and shows all" '^0\.0\.0005 '
screen_lacks "... unmarked" '^0\.0\.0001\*'
screen_keys m
screen_keys m
screen_shows "nothing marked is said" '^no subchannel is marked'

# --- search ---

# selected: the row that is drawn in reverse
selected()
{
	screen_colors | grep -aE $'\e\\[[0-9;]*7[m;]' | grep -aoE '0\.0\.[0-9a-f]{4}' | head -n 1
}

selected_is()
{
	[ "$(selected)" = "$1" ]
}

# chosen NAME SUBCHANNEL: test: it comes to be the selected row
chosen()
{
	screen_poll selected_is "$2"
	is "$1" "$(selected)" "$2"
}

screen_keys Escape /
screen_shows "/ asks what to search" '^search:$'
screen_text 0005
screen_keys Enter
chosen "... and selects it" 0.0.0005
screen_keys /
screen_text 'unit check'
screen_keys Enter
chosen "text of a column that is not shown, in any case" 0.0.0001
screen_keys n
chosen "n goes to the next" 0.0.0004
screen_keys n
chosen "... around the end" 0.0.0001
screen_keys N
chosen "N goes back" 0.0.0004
screen_keys /
screen_text nonsense
screen_keys Enter
screen_shows "not there is said" "^no row has 'nonsense'"
chosen "... and the selection stays" 0.0.0004

# --- views ---

screen_keys Enter
screen_shows "Enter shows details" '^0\.0\.0004 .*STANDBY'
screen_keys Up
screen_shows "Up is the row above" '^0\.0\.0002 .*STANDBY'
screen_keys Tab
screen_shows "Tab goes to the next view" 'KIND  *FAILED'
screen_keys 5
screen_shows "a number chooses" '^TIME .*WHAT HAPPENED'
screen_keys BTab
screen_shows "back Tab goes back" '^CHANNEL PATHS'
screen_keys e
screen_shows "e shows errors" 'KIND  *FAILED'
screen_keys F1
screen_shows "F1 is help" '^ccwtop: keys and columns'
screen_keys q
screen_shows "q leaves the help" 'KIND  *FAILED'
screen_keys Escape
screen_shows "Escape goes to the table" '^SUBCH .*IO/S'

# --- filter ---

screen_keys '\'
screen_text 'total_ns > 200us && result == ok'
screen_keys Enter
screen_shows "a filter is named" 'only total_ns > 200us && result == ok'
screen_is filtered-80x24
screen_keys '\'
screen_shows "it can be edited" '^filter: total_ns > 200us && result == ok$'
screen_keys C-u
screen_text 0.0.0004
screen_keys Enter
screen_shows "subchannels besides" 'only 0\.0\.0004  total_ns > 200us'
screen_lacks "... and no others" '^0\.0\.0001'
screen_keys '\' C-u Enter
screen_lacks "nothing typed: no filter" ' only '
screen_is unfiltered-80x24
screen_keys '\'
screen_text 'total_ns >'
screen_keys Enter
screen_shows "a mistake is said" 'column [0-9]+|expect|want|value'
screen_lacks "... and nothing filtered" ' only '

# --- time ---

screen_keys +
screen_keys d
screen_shows "+ and d: the interval" '^interval, seconds: 2$'
screen_keys C-u
screen_text 0.3
screen_keys Enter d
screen_shows "... as typed" '^interval, seconds: 0\.3$'
screen_keys C-u
screen_text 99999
screen_keys Enter
screen_shows "a wrong one is said" "^'99999' is no interval"

# --- snapshots ---

screen_keys w C-u
screen_text snapshot.txt
screen_keys Enter
screen_shows "w writes the screen" '^written: snapshot\.txt$'
is "... as a batch has it" "$(sed -n 2,7p snapshot.txt)" \
	"$("$ccwtop" -b -d 3600 -i "$recording" | sed -n 2,7p)"
echo mine > snapshot.txt
screen_keys w C-u
screen_text snapshot.txt
screen_keys Enter
screen_shows "a file that is there is not overwritten" '^snapshot\.txt is there already'
is "... indeed" "$(cat snapshot.txt)" mine
screen_keys w C-u
screen_text none/snapshot.txt
screen_keys Enter
screen_shows "what cannot be written is said" '^cannot write none/snapshot\.txt: No such file'
screen_keys 3 w C-u
screen_text errors.txt
screen_keys Enter
screen_shows "another view" '^written: errors\.txt$'
like "... as it is on the screen" "$(sed -n 4p errors.txt)" 'KIND +FAILED'
is "nothing half written is left" "$(find . -maxdepth 1 -name '.*.txt*')" ""
screen_keys R
screen_shows "a recording is not recorded" '^this is a recording'
screen_keys 1

# --- configuration ---

screen_keys t
screen_shows "t: another colour scheme" '^colours: default$'
screen_keys W
screen_shows "W writes the configuration" '^written: .*/home/\.config/ccwtop/ccwtoprc'
is "... of what was chosen" "$(grep -v '^#' home/.config/ccwtop/ccwtoprc)" \
	$'delay = 0.3\nsort = rate\ntheme = default\nmouse = yes'
screen_keys q
screen_ends "q" 0

begin 80x24
screen_keys d
screen_shows "the next time it is so" '^interval, seconds: 0\.3$'
screen_keys Escape q
screen_ends "q again" 0
printf 'theme = dark\nnonsense = 1\n' > rc
screen_start 80x24 "$ccwtop" -i "$recording" --config rc
screen_shows "a mistake in the configuration has its line" "^ccwtop: rc:2: no setting 'nonsense'"
screen_ends "... and ends" 2
screen_start 80x24 "$ccwtop" -i "$recording" --config none
screen_shows "a file that was named must be there" '^ccwtop: none: cannot be read: No such file'
screen_ends "... or it ends" 1

# --- nothing is written ---

begin 80x24 --readonly
for key in w W R; do
	screen_keys $key
	screen_shows "--readonly: not $key" "^key $key is off: --readonly"
	screen_keys 1
done
screen_keys q
screen_ends "--readonly" 0
echo 'readonly = yes' > rc
begin 80x24 --config rc
screen_keys W
screen_shows "... nor by the configuration" '^key W is off'
is "... which is as it was" "$(cat rc)" 'readonly = yes'
screen_keys q
screen_ends "readonly" 0

# --- mouse ---

SCREEN_TERM=xterm-256color begin 80x24
screen_mouse 0 30 4
screen_shows "a click on a title sorts" 'sorted by P50 '
screen_mouse 0 30 4
screen_shows "... another reverses" 'sorted by P50 reversed'
screen_mouse 0 3 4
screen_shows "... another title" 'sorted by SUBCH '
screen_mouse 0 10 7
screen_keys Enter
screen_shows "a click on a row selects it" '^0\.0\.0003 .*STANDBY'
screen_mouse 0 1 1
screen_shows "a click on the first line goes back" '^SUBCH .*IO/S'
screen_mouse 0 10 9 2
screen_shows "a double click shows details" '^0\.0\.0005 .*STANDBY'
screen_mouse 64 10 9
screen_shows "the wheel goes up" '^0\.0\.0004 .*STANDBY'
screen_mouse 65 10 9
screen_shows "the wheel goes down" '^0\.0\.0005 .*STANDBY'
screen_keys q
screen_ends "mouse" 0
SCREEN_TERM=xterm-256color begin 80x24 --no-mouse
is "--no-mouse leaves it to the terminal" "$(screen_tmux display -p -t screen '#{mouse_any_flag}')" 0
screen_keys q
screen_ends "--no-mouse" 0
finish
