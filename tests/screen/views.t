#!/bin/bash
# Errors, channel paths, log, and the panels of the detail view, of recordings played to their end.
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/screen/screen.sh"

ccwtop=$top/build/host/bin/ccwtop
[ -x "$ccwtop" ] || bail "$ccwtop is not built"

# play SIZE RECORDING OPTION...
play()
{
	local size=$1 file=$2

	shift 2
	screen_start "$size" "$ccwtop" -i "$top/tests/fixtures/$file" --speed 0 "$@"
	screen_shows "$file, $size: the end is reached" 'end of recording'
}

for size in 80x24 132x43; do
	play $size qemu-mixed.dat --slow 200us -d 0.2 --sort errors
	screen_keys 3
	screen_is "errors-$size"
	screen_keys 4
	screen_is "paths-recording-$size"
	screen_keys 5
	screen_is "log-$size"
	screen_keys Down Down
	screen_is "log-scrolled-$size"
	screen_keys 1 Enter
	screen_is "detail-time-$size"
	for panel in states errors slow histogram; do
		screen_keys v
		screen_is "detail-$panel-$size"
	done
	screen_keys Tab
	screen_shows "$size: Tab goes to the next view" 'THE LAST ONE, AND WHAT'
	screen_keys BTab BTab
	screen_shows "$size: and Shift-Tab back" '^SUBCH .*SPLIT'
	screen_keys q
	screen_ends "$size: q" 0
done

# With the channel programs of slow I/Os and of those that failed.
play 132x43 s390x-programs.dat --slow 1us
screen_keys Enter v v v
screen_is detail-programs-132x43
screen_keys q
screen_ends "programs: q" 0

# What a source cannot know is said: the common I/O layer's events have no states, no CCWs.
play 132x43 s390x-stock.dat --slow 1us
screen_keys Enter
screen_shows "stock kernel: states are not known" 'not known: only this project'
screen_keys Right
screen_shows "stock kernel: nor is a stage" 'not measured by this source'
screen_keys v v v
screen_shows "stock kernel: nor are CCWs" 'CCWs: only with this project.s driver'
screen_keys q
screen_ends "stock kernel: q" 0

# A terminal without these characters.
screen_env=(LC_ALL=C)
play 80x24 qemu-mixed.dat -d 0.2
screen_keys Enter
screen_is detail-ascii-80x24
screen_keys q
screen_ends "ASCII: q" 0
finish
