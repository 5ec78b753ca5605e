#!/bin/bash
# The views of a recording at three sizes. Played to its end the numbers are always the same.
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/screen/screen.sh"

ccwtop=$top/build/host/bin/ccwtop
[ -x "$ccwtop" ] || bail "$ccwtop is not built"

for size in 80x24 132x43 200x60; do
	screen_start $size "$ccwtop" -i "$top/tests/fixtures/qemu-mixed.dat" --speed 0
	screen_shows "$size: the end is reached" 'end of recording'
	screen_is "table-$size"
	screen_keys '>'
	screen_is "table-sorted-$size"
	screen_keys r
	screen_is "table-reversed-$size"
	screen_keys Down Down Enter
	screen_is "detail-$size"
	screen_keys Left
	screen_is "detail-stage-$size"
	screen_keys Escape
	screen_is "table-selected-$size"
	screen_keys '?'
	screen_is "help-$size"
	screen_keys q q
	screen_ends "$size: q" 0
done
finish
