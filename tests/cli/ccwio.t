#!/bin/bash
# ccwio as far as it goes without a device: usage, program texts and their errors, the bytes that
# are assembled. Devices: tests/e2e.

root=$(cd "$(dirname "$0")/../.." && pwd)
ccwio=${CCWIO:-$root/build/host/bin/ccwio}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
tests=0

# report STATUS NAME: a TAP line, with what the last command printed when it is not ok
report() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		sed 's/^/# /' out err
	fi
}

# run STATUS TEXT [ARG...]: exit status and, on stdout or stderr, a text (fixed string)
run() {
	local want=$1 text=$2 status
	shift 2
	timeout -k 5 60 "$ccwio" "$@" >out 2>err </dev/null
	status=$?
	[ "$status" = "$want" ] && cat out err | grep -qF -- "$text"
	report $? "ccwio $*: $want, ${text:-anything}"
}

# program STATUS TEXT LINE...: the lines as a program, dumped
program() {
	local want=$1 text=$2 status
	shift 2
	printf '%s\n' "$@" >prog
	timeout -k 5 60 "$ccwio" --dump -i prog >out 2>err
	status=$?
	[ "$status" = "$want" ] && cat out err | grep -qF -- "$text"
	report $? "${*//$'\n'/ / }: $text"
}

# has TEXT NAME: the last output contains it
has() {
	grep -qF -- "$1" out
	report $? "$2"
}

if [ ! -x "$ccwio" ]; then
	echo "Bail out! $ccwio is missing: make tools"
	exit 1
fi

# --- usage ---
run 0 "Usage: ccwio" --help
run 0 "nop-chain N" -h
sed -n 's/^  .*--\([a-z-]*\) .*/\1/p' out >options
while read -r option; do
	grep -q -- "--$option\*" "$root/docs/man/ccwio.1.scd"
	report $? "--$option has its paragraph in ccwio(1)"
done <options
for name in $("$ccwio" -h | sed -n '/^Programs/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
	grep -q "\*$name\*" "$root/docs/man/ccwio.1.scd"
	report $? "$name has its paragraph in ccwio(1)"
	run 0 "ccws format 1" "$name" --tracks 3 --dump
	run 0 "ccw " "$name" --tracks 3 --print
done
run 0 "ccwio " -V
run 2 "no program: name one"
run 2 "no program 'senseid'" senseid
run 2 "unknown option '-x'" -x
run 2 "'--nonsense'" --nonsense nop
run 2 "needs an argument" -s
run 2 "needs an argument" nop --rate
run 2 "--count '0': allowed is a number from 1" nop -n 0
run 2 "--count '-5'" nop -n -5
run 2 "--duration '0'" nop -d 0
run 2 "--duration '5h'" nop -d 5h
run 2 "--rate '0'" nop --rate 0
run 2 "--rate 'nan'" nop --rate nan
run 2 "--ccw-format '2'" nop --ccw-format 2
run 2 "--ida '8k': allowed are none, 1, 2k and 4k" nop --ida 8k
run 2 "--base '100': allowed is a multiple of 4096" nop --base 100
run 2 "--mem '0'" nop --mem 0
run 2 "--mem '2G'" nop --mem 2G
run 2 "--tracks '5-4'" read-track --tracks 5-4
run 2 "--tracks '1-x'" read-track --tracks 1-x
run 2 "--tracks '99999999'" read-track --tracks 99999999
run 2 "--tracks excludes" read-track --tracks 5 --cyl 1
run 2 "--record 13: a track has 12" read-record --record 13
run 2 "no track holds that much" read-track --blocksize 57344
run 2 "overwrites data" write-track
run 2 "overwrites data" format-track
run 2 "overwrites data" mixed --writes 5
run 2 "--errors '101'" mixed --errors 101
run 2 "--verify goes with" nop --verify
run 2 "takes no argument" nop 5
run 2 "is too much" nop-chain 5 6
run 2 "nop-chain '0': allowed is a number from 1" nop-chain 0
run 2 "exclude each other" -i prog nop
run 2 "only one of --list" --list --info
run 2 "--stats goes with a program" --stats --list
run 2 "--stats goes with a program" nop --stats --json
run 2 "--cancel-after '0'" nop --cancel-after 0
run 2 "--resume-after 'x'" nop --resume-after x
run 2 "leave 'nop' away" --list nop
run 2 "--pattern needs" --pattern
run 2 "expected status 'what' is unknown" nop --expect what
run 2 "expected status 'rc=-EWHAT' is unknown" nop --expect rc=-EWHAT
run 2 "go with one subchannel" nop -s 0.0.0001,0.0.0002 -o x
run 2 "no subchannel in ','" nop -s ,
run 2 "needs --data-base" nop --data-size 1M

# --- no device ---
if [ -d /sys/bus/css/devices ]; then
	echo "# this machine has a channel subsystem: the tests without one are left out"
else
	run 1 "no channel subsystem" --list
	run 1 "no channel subsystem" nop
	run 1 "no channel subsystem" -s 0.0.0003 nop
fi
run 1 "neither a subchannel" -s 0.0.xyz nop
run 1 "neither a subchannel" -s 00000000-0000-4000-8000-00000000000g nop
run 1 "cannot open /does/not/exist: No such file" -i /does/not/exist
run 1 "/ is a directory" -i / --dump

# --- program texts ---
program 1 "prog:1: no statement 'cww'" "cww nop"
program 1 "prog:1: on-resume needs an address" "on-resume"
program 1 "prog:1: on-resume needs hex digits" "on-resume 0x1000"
program 1 "prog:1: on-resume: '4' is not an even number" "on-resume 0x1000 4"
program 1 "prog:1: on-resume n=0" "on-resume n=0 0x1000 40"
program 1 "prog:1: on-resume: more than 64" "on-resume 0x1000 $(printf '00%.0s' {1..65})"
program 1 "prog:2: 'b' is not defined" "a: ccw nop" "on-resume b 40"
program 1 "prog:2: on-resume: 0xffffff and its 2 bytes" "ccw nop" "on-resume 0xffffff 4040"
program 0 "ccws format 1" "a: ccw nop suspend" "on-resume n=2 a+1 40 00"
program 1 "prog:3: ccw: no flag 'slii'" "# two good lines" "ccw nop" "ccw nop slii"
program 1 "prog:2: 'x' is not defined" "ccw nop" "tic x"
program 1 "prog:2: data x: '0x12' is neither" "ccw nop" "data x 0x12"
program 1 "prog:2: 'a' is already defined in line 1" "a: ccw nop" "a: tic a"
program 1 "prog: no ccw in it" "# nothing"
program 1 "addresses up to 0xffffff" "orb fmt=0" "ccw nop addr=0x1000000"
head -c 4096 /dev/urandom >prog
timeout 60 "$ccwio" --dump -i prog >out 2>err
[ $? = 1 ] && grep -q '^ccwio: prog:[0-9]*: ' err
report $? "random bytes are refused with a line number"
head -c 17000000 /dev/zero | tr '\0' '#' >prog
timeout 60 "$ccwio" --dump -i prog >out 2>err
[ $? = 1 ] && grep -q 'more than 16 MiB of text' err
report $? "a text of 17 MB is refused"
printf 'ccw nop' | timeout 60 "$ccwio" --dump -i - >out 2>err && grep -q '03000000 00000000' out
report $? "a text from standard input"

# --- exact bytes ---
run 0 "" sense-id --dump
has "orb 00000000 00c0ff00 00001000  cpa=0x00001000 fmt=1" "ORB of sense-id"
has "00001000  e4200040 00001008  sense-id" "CCW of sense-id, format 1"
run 0 "e4001008 20000040" sense-id --ccw-format 0 --dump
run 0 "orb 00000000 0042ff00" sense-id --ccw-format 0 --ida 4k --dump
run 0 "orb 00000000 00c3ff00" sense-id --ida 2k --dump
run 0 "orb 00000000 00c08000" sense-id --lpm 0x80 --dump
run 0 "  00001048  0000000000001008" sense-id --ida 2k --dump
run 0 "  00001048  00001008 (id)" sense-id --ida 1 --dump
run 0 "000010" sense-id --data-base 0x180000000 --ida 4k --dump
has "0000000180000000 (id)" "data above 2 GiB through a format-2 IDAW"
run 1 "use ida" sense-id --data-base 0x180000000 --dump
run 1 "only format-2 IDAWs" sense-id --data-base 0x180000000 --ida 1 --dump
run 0 "" sense-id --data-chain 3 --dump
has "e4a00015 00001018" "first of three data-chained CCWs"
has "e4a00015 0000102d" "second"
has "e4200016 00001042" "third, the rest of the count"
run 0 "" seek-loop --cyl 2 --head 3 --record 4 --dump
has "08000000 00001008  tic" "TIC back to the search"
run 0 "" write-track --tracks 17 --dump
has "80c01000 00000000 00010002 00010002" "DEFINE EXTENT for track 17"
has "0180000c 00010002 00010002 01ff1000" "LOCATE RECORD for 12 writes"
has "43435750 00000011 00000001 00000000" "pattern of track 17 record 1"
grep -c ' write-mt ' out | grep -qx 12
report $? "12 WRITEs"
run 0 "" seek-loop --cyl 2 --head 3 --record 4 --dump
has "00000002 0003" "SEEK argument"
has "00020003 04" "SEARCH argument"
run 0 "00100000  e4200040 00100008" sense-id --base 0x100000 --mem 16K --dump
has "mem 0x00100000-0x00103fff  16K" "--base and --mem"

# --- a text of every statement, dumped ---
cat >prog <<'E'
mem 0x10000 64K
mem 0x100000000 64K data
orb c64=1 lpm=0x40 key=2 intparm=0xcafe cpa=begin
scsw fctl=4
region offset=0 length=124
begin: ccw sense-id sli,cc,ida count=64 data=buf+8
loop:	ccw 0x31 cc count=5 addr=0x7fffffff
	tic loop
at 0x1fff8
	ccw nop count=1 addr=begin
data buf size=8192 fill=0xee 00 112233 @bytes
idal list fmt=1 at=0x11001 0x12345678 begin+4
expect uc
E
printf '\377\376' >bytes
timeout 60 "$ccwio" --dump -i prog >out 2>err
report $? "a text of every statement"
has "orb 0000cafe 20c24000 00010000" "its ORB"
has "e4640040" "its first CCW"
has "31400005 7fffffff" "a raw address"
has "08000000 00010008" "its TIC"
has "0001fff8  03000001 00010000" "a CCW as the last bytes of memory"
has "0000000100000008 (buf+8)" "an IDAW above 4 GiB"
has "00011001  12345678" "an IDAL off its boundary"
has "00112233 fffeeeee" "hex, file and fill"

# --- round trips ---
for name in nop-chain segments read-track mixed; do
	"$ccwio" $name --tracks 3 --print >prog 2>err &&
		"$ccwio" -i prog --dump >out 2>>err &&
		"$ccwio" $name --print --tracks 3 | "$ccwio" -i - --dump | cmp - out >>err
	report $? "$name --print is a program text"
done

"$ccwio" --pattern --tracks 5-6 --seed 9 -o a && "$ccwio" --pattern --tracks 6 --seed 9 -o b
tail -c 49152 a | cmp - b >out 2>err && [ "$(stat -c %s a)" = 98304 ]
report $? "--pattern: 12 records of 4096 bytes a track, each track by itself"
"$ccwio" --pattern --tracks 6 --seed 8 -o a
! cmp -s a b
report $? "another seed is another pattern"
run 1 "cannot create /does/not/exist" --pattern --tracks 1 -o /does/not/exist
if [ -c /dev/full ]; then
	run 1 "cannot write /dev/full" --pattern --tracks 1 -o /dev/full
	timeout 60 "$ccwio" -h >/dev/full 2>err
	[ $? = 1 ] && grep -q 'cannot write to standard output' err
	report $? "a full standard output is an error"
fi

echo "1..$tests"
