#!/bin/bash
# ccwtop's views, live, from either source: what runs and what happens to the machine is on the screen.
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"
. "$top/tests/screen/screen.sh"
screen_wait=${SCREEN_WAIT:-150} # an emulated machine on a busy one

cat > "$tap_dir/guest" <<'END'
vfio-ccw-bind --virtio 3 > /dev/null || exit
cat > /tmp/invalid <<'EOT'
ccw 0xff sli count=1 data=none
data none size=1
EOT
ccwio -q -s 0.0.0001 -d 100000 --rate 20 sense-id > /dev/null &
ccwio -q -s 0.0.0002 -d 100000 --rate 5 --expect uc -i /tmp/invalid > /dev/null &
# a device that nobody uses comes and goes, and so does a path that only a terminal is on
while sleep 6; do
	echo off > /sys/devices/css0/chp0.01/status
	echo 0.0.0003 > /sys/bus/css/drivers/vfio_ccw/unbind
	sleep 12
	echo on > /sys/devices/css0/chp0.01/status
	echo 0.0.0003 > /sys/bus/css/drivers/vfio_ccw/bind
done 2> /dev/null &
trap : INT
ccwtop --slow 1us --sort sch
bpf="bpf: $? instances $(ls /sys/kernel/tracing/instances | wc -l)"
ccwtop --slow 1us --sort sch --source tracefs
echo "$bpf"
echo "tracefs: $? instances $(ls /sys/kernel/tracing/instances | wc -l)"
END

# look NAME: from the table on
look()
{
	screen_shows "$1: I/O is on the screen" '^0\.0\.0001 .* [1-9][0-9.]* '
	screen_keys Down Enter
	screen_shows "$1: of a subchannel the stages" '^T translate +[0-9.]+%'
	screen_shows "$1: states and transitions" 'IDLE +IO_REQ +[0-9]'
	screen_shows "$1: what it does over time" '^IO/S +[^ ]+.* [0-9]'
	screen_shows "$1: slow I/Os" '[0-9]us e4 SENSE ID'
	screen_shows "$1: with their channel programs" '[0-9a-f]{8} e4 SENSE ID +count='
	screen_keys 3
	screen_shows "$1: what fails" '^0\.0\.0002 +unit check +[1-9]'
	screen_shows "$1: and what that means" 'command reject: an unknown command'
	screen_keys 4
	screen_shows "$1: which paths a subchannel has" '^0\.0\.0001 +80 +80 +ff +0\.00'
	screen_shows "$1: a path that is varied off" '^0\.01 .*varied off'
	screen_keys 5
	screen_shows "$1: that is in the log" 'path .*channel path 0\.01 is offline'
	screen_shows "$1: and so is a device that went" '^.*0\.0\.0003 +device .*unbound from vfio_ccw'
	screen_shows "$1: or came back" '^.*0\.0\.0003 +device .* bound to vfio_ccw'
	screen_shows "$1: and what failed, in a line" '0\.0\.0002 +error +[1-9][0-9.k]*x'
	screen_keys q
}

screen_start 132x43 "$top/tests/vm/run" --shell --timeout 900 "$tap_dir/guest"
look bpf
screen_shows "the other source" 'source tracefs'
look tracefs
screen_shows "bpf: q ends it, nothing stays" 'bpf: 0 instances 0'
screen_shows "tracefs: q ends it, nothing stays" 'tracefs: 0 instances 0'
screen_stop
finish
