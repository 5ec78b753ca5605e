#!/bin/bash
# ccwtop's screen on live I/O, at three sizes: what is on it, recordings, filters, a program that was
# stopped for a while.
# shellcheck disable=SC1003  # a backslash is a key
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/screen/screen.sh"

screen_wait=150 # an emulator boots, others may want the machine

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 2 >/dev/null || exit
ccwio -q -s 0.0.0001 -d 100000 --rate 50 sense-id > /dev/null 2>&1 &
ccwio -q -s 0.0.0002 -d 100000 --rate 20 --errors 20 mixed > /dev/null 2>&1 &
cd /tmp
for size in '24 80 1.0' '43 132 1.5' '60 200 2.0'; do # the delay tells which one is seen
	set -- $size
	stty rows $1 cols $2
	ccwtop --sort sch -d $3
	echo "ended $2x$1: $?"
done
# whoever is stopped comes back
(sleep 6; kill -STOP $(pidof ccwtop); sleep 15; kill -CONT $(pidof ccwtop)) &
ccwtop --sort sch --source tracefs -d 1
echo "ended after a stop: $?"
for f in one two; do
	ccwtrace stat $f.dat > $f.stat 2>&1
	echo "$f: $? $(grep -o '^0\.0\.000[12]' $f.stat | sort -u | wc -l) subchannels"
done
echo "instances left: $(ls /sys/kernel/tracing/instances | wc -l)."
sleep 1000
END

# What differs from one time to the next: numbers, the split, states, how many blanks are between.
mask='1s/20[0-9-]+ [0-9:]+$/TIME/; 1s/ [0-9]+[0-9a-z.+-]* s390x/ KERNEL s390x/; s/ +/ /g
	s/ (IDLE|ACTIVE|TRANSLATE|STANDBY|QUIESCE|START) / STATE /; s/ [TSDL?]{3,} / SPLIT /
	s/^0\.0\.000([12])\b/sch\1/; s/\b[0-9][0-9.]*(us|ms|ns|s|k|M|[KMG]?i?B)?\b/N/g; s/\bN%/N/g
	s/(UNIT CHECK|PGMCHK|INCORRECT LENGTH|UNIT EXCEPTION|refused).*/ERROR/'

screen_start 80x24 "$top/tests/vm/run" --shell "$tap_dir/guest"
for size in 80x24:1.0 132x43:1.5 200x60:2.0; do
	delay=${size#*:} size=${size%:*}
	screen_shows "$size: live" "^every ${delay/./\\.} s .*sorted by SUBCH  source bpf \(vfio_ccw\)"
	screen_shows "$size: I/O on one" '^0\.0\.0001 .*[1-9][0-9]* '
	screen_shows "$size: on the other" '^0\.0\.0002 .*[1-9][0-9]* '
	screen_is "live-$size" "$mask"
	if [ "$size" = 80x24 ]; then
		screen_keys R C-u
		screen_text one.dat
		screen_keys Enter
		screen_shows "R records" ' REC [1-9][0-9]* s '
		screen_keys R
		screen_shows "R ends it, and says what there is" \
			'^recorded [1-9][0-9]* events, .*, nothing lost: one\.dat'
		screen_keys '\'
		screen_text 'result != ok'
		screen_keys Enter
		screen_shows "a filter reads every I/O" 'only result != ok .*tracefs|source tracefs'
		screen_shows "... and counts what it says" '^0\.0\.0002 .*[1-9]'
		screen_keys '\' C-u Enter
		screen_shows "without it sums are enough" 'source bpf'
		screen_keys R C-u
		screen_text two.dat
		screen_keys Enter
		screen_shows "R records again" ' REC [1-9][0-9]* s '
	fi
	case $size in
	80x24)	screen_resize 132x43 ;;
	132x43)	screen_resize 200x60 ;;
	*)	screen_resize 80x24 ;;
	esac
	screen_keys q
done
screen_resize 200x60
screen_shows "stopped for 15 s, continued: on the screen again" 'source tracefs'
sleep 25
screen_keys q
screen_shows "... ends with q; what was lost is said, and told by the status" '^ended after a stop: [03]'
screen_shows "q while it records: the file is there" '^two: 0 2 subchannels'
screen_shows "a recording has both" '^one: 0 2 subchannels'
screen_shows "no tracing instance is left" '^instances left: 0\.'
screen_stop
finish
