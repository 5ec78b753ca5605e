#!/bin/bash
# The events of the driver: what docs/events.md says of them is what the kernel has; a program that
# is refused, or holds a CCW that is, tells why and where; pins and unpins balance; programs that
# may not be prefetched are told as such and do the same.
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

mkdir "$tap_dir/p"
cd "$tap_dir/p" || exit
put() { cat > "$1"; }

# name, and what vfio_ccw_cp has to say: rc why bad ccw addr. The memory is 16 MiB from 0.
expected="\
transport rc=-95 why=TRANSPORT bad=0 ccw=00001000 addr=1000
fctl-0 rc=-95 why=FCTL bad=0 ccw=00001000 addr=1000
fctl-halt rc=-95 why=FCTL bad=0 ccw=00001000 addr=1000
cpa-align rc=-22 why=CPA_ALIGN bad=0 ccw=00001004 addr=1004
cpa-range rc=-22 why=CPA_RANGE bad=0 ccw=80000000 addr=80000000
cpa-range-0 rc=-22 why=CPA_RANGE bad=0 ccw=01000000 addr=1000000
first-ccw rc=-22 why=CCW_FETCH bad=0 ccw=02000000 addr=2000000
later-ccw rc=0 why=CCW_FETCH bad=1 ccw=01000000 addr=1000000
tic-nowhere rc=0 why=CCW_FETCH bad=1 ccw=02000000 addr=2000000
run-length rc=-22 why=RUN_LENGTH bad=0 ccw=00001000 addr=1000
max-ccws rc=-22 why=MAX_CCWS bad=0 ccw=00001000 addr=1000
max-segments rc=-22 why=MAX_SEGMENTS bad=0 ccw=00001068 addr=1068
max-idaws rc=-22 why=MAX_IDAWS bad=0 ccw=00001000 addr=1000
max-pages rc=-22 why=MAX_PAGES bad=0 ccw=00001000 addr=1000
count-0 rc=0 why=COUNT_0 bad=1 ccw=00001008 addr=1008
command rc=0 why=COMMAND bad=1 ccw=00001008 addr=1008
mida rc=0 why=MIDA bad=1 ccw=00001008 addr=1008
tic-flags rc=0 why=TIC_FLAGS bad=1 ccw=00001008 addr=1008
tic-align rc=0 why=TIC_ALIGN bad=1 ccw=00001008 addr=2001
tic-range rc=0 why=TIC_RANGE bad=1 ccw=00001008 addr=80000000
tic-first rc=0 why=TIC_FIRST bad=1 ccw=00001000 addr=1000
data-range rc=0 why=DATA_RANGE bad=1 ccw=00001008 addr=80000000
idal-align rc=0 why=IDAL_ALIGN bad=1 ccw=00001008 addr=3004
idal-fetch rc=0 why=IDAL_FETCH bad=1 ccw=00001008 addr=2000000
idaw-range rc=0 why=IDAW bad=1 ccw=00001008 addr=3000
page rc=0 why=PAGE bad=1 ccw=00001008 addr=2000010
page-2 rc=0 why=PAGE bad=1 ccw=00001008 addr=1000000"

refuse() { printf 'expect rc=%s\n' "$1"; cat; }
check() { printf 'expect cstat=pgmchk\nccw nop cc\n'; cat; }
refuse -EOPNOTSUPP <<< $'orb tm=1\nccw nop' | put transport
refuse -EOPNOTSUPP <<< $'scsw fctl=0\nccw nop' | put fctl-0
refuse -EOPNOTSUPP <<< $'scsw fctl=2\nccw nop' | put fctl-halt
refuse -EINVAL <<< $'orb cpa=0x1004\nccw nop' | put cpa-align
refuse -EINVAL <<< $'orb cpa=0x80000000\nccw nop' | put cpa-range
refuse -EINVAL <<< $'orb cpa=0x1000000 fmt=0\nccw nop count=1' | put cpa-range-0
refuse -EINVAL <<< $'orb cpa=0x2000000\nccw nop' | put first-ccw
put later-ccw <<< $'expect cstat=pgmchk\nat 0xfffff8\nccw nop cc'
check <<< 'tic 0x2000000' | put tic-nowhere
refuse -EINVAL <<< $'ccw nop cc times=256\nccw nop' | put run-length
refuse -EINVAL <<< $'ccw nop cc times=10\nccw nop' | put max-ccws
refuse -EINVAL <<< $'orb c64=1\nccw sense-id sli,ida count=65535 data=a\ndata a size=65536 align=4096' | put max-idaws
cp max-idaws max-pages
put wide <<< "$(sed '/^expect/d' max-idaws)"
{ printf 'orb fmt=0\n'; check <<< 'ccw nop count=0' | sed 's/nop cc/nop cc count=1/'; } | put count-0
check <<< 'ccw 0x18 sli count=8 addr=0x2000' | put command
check <<< 'ccw sense-id sli,mida count=8 addr=0x2000' | put mida
check <<< 'ccw 0x08 sli count=1 addr=0x2000' | put tic-flags
check <<< 'tic 0x2001' | put tic-align
check <<< 'tic 0x80000000' | put tic-range
put tic-first <<< $'expect cstat=pgmchk\ntic 0x1008\nccw nop'
check <<< 'ccw sense-id sli count=8 addr=0x80000000' | put data-range
check <<< $'orb c64=1\nccw sense-id sli flags=4 count=8 addr=0x3004' | put idal-align
check <<< $'orb c64=1\nccw sense-id sli flags=4 count=8 addr=0x2000000' | put idal-fetch
check <<< $'ccw sense-id sli count=8 idal=l\nidal l fmt=1 at=0x3000 0x80000000' | put idaw-range
check <<< 'ccw sense-id sli count=8 addr=0x2000010' | put page
put page-2 <<< $'expect ok\nccw nop cc\nccw sense-id sli count=8192 addr=0xfff000'
# Control commands have their parameters told, READs nothing; the device knows none of them.
put control <<< $'ccw 0x47 count=3 data=p\ndata p 0a0b0c at=0x5000\nexpect uc'
put sense <<< $'ccw sense-id sli count=8 data=a\ndata a fill=0x5a size=8 at=0x6000'
{ echo 'orb pfch=0'; cat sense; } | put unprefetched

put guest <<'EOT'
cd /add/p
vfio-ccw-bind --virtio 1 > /dev/null || exit
t=/sys/kernel/tracing
for e in $t/events/vfio_ccw/*/format; do
	n=${e%/format}
	n=${n##*/}
	sed -n "s/^	field:\(.*\);	offset.*/format $n \1/p" $e
done
echo 1 > $t/events/vfio_ccw/enable
m=/sys/module/vfio_ccw/parameters
run()
{
	name=$1
	shift
	echo > $t/trace
	ccwio -q -s 0.0.0001 "$@" > /tmp/out 2>&1
	echo "ccwio $name $?"
	cat /tmp/out >> /out/ccwio
	# what is kept pinned goes at close; nothing of ours is left in another's CPU
	sed -n "s/.*: vfio_ccw_\([a-z]*\): sch=0.0.0001 \(.*\)/\1 $name \2/p" $t/trace | tee -a /out/all |
		grep -E "^(cp|irq) "
}
for p in *; do
	old=
	case $p in
	guest|control|sense|unprefetched|wide)	continue ;;
	max-*)	parameter=$m/max_${p#max-}
		old=$(cat $parameter)
		echo 8 > $parameter ;;
	esac
	run $p -i $p
	[ -z "$old" ] || echo $old > $parameter
done
old=$(cat $m/max_segments)
echo 5 > $m/max_segments
run max-segments segments 10 --expect rc=-EINVAL
echo $old > $m/max_segments
run control -i control
run wide -i wide
run sense -i sense -o /out/sense
run unprefetched -i unprefetched -o /out/unprefetched
run many nop-chain 300 --expect rc=-EINVAL
run chain nop-chain 250
run reused -i sense -n 50
run functions -i sense --halt-after 1us --timeout 20
EOT
cd "$top" || exit

status "the guest runs" 0 "$top/tests/vm/run" --add "$tap_dir/p" --out "$tap_dir/out" "$tap_dir/p/guest"
printf '%s\n' "$tap_out" > "$tap_dir/log"
all=$tap_dir/out/all

# --- docs/events.md and the format files, both ways ---
# "EVENT FIELD" for each documented field; what is common stands before the first event.
awk -F'|' '
/^## / { event = $0; sub(/^## /, "", event); table = 0 }
/^\| (common )?field \| unit \| meaning \|$/ { table = 1; next }
/^\|---/ { next }
!/^\|/ { table = 0 }
table {
	n = split($2, f, /[ ,]+/)
	for (i = 1; i <= n; i++)
		if (f[i] != "")
			print (event ? event : "common"), f[i]
	if ($3 !~ /[A-Za-z0-9]/ || $4 !~ /[A-Za-z0-9]/)
		print "no unit or meaning:", $2
}' docs/events.md > "$tap_dir/documented"
sed -n 's/^format \([a-z_]*\) .*[] ]\([a-z_0-9]*\)\(\[[^]]*\]\)\{0,1\}$/\1 \2/p' "$tap_dir/log" |
	grep -v ' common_' > "$tap_dir/format"
ok "the kernel has our events" test "$(cut -d' ' -f1 "$tap_dir/format" | sort -u | wc -l)" -ge 14
common=$(sed -n 's/^common //p' "$tap_dir/documented")
grep -v '^common ' "$tap_dir/documented" | sort > "$tap_dir/a"
awk -v common="$common" 'BEGIN { n = split(common, c); while (n) is[c[n--]] = 1 } !($2 in is)' \
	"$tap_dir/format" | sort > "$tap_dir/b"
is "every documented field exists" "$(comm -23 "$tap_dir/a" "$tap_dir/b")" ""
is "every field is documented" "$(comm -13 "$tap_dir/a" "$tap_dir/b")" ""
is "no field is a pointer or a bit-field" "$(grep '^format .*\(\*\|:\)' "$tap_dir/log")" ""
is "every event begins with the subchannel" "$(awk '$1 == "format" && !/common_/ && n[$2]++ < 3 { print $NF }' "$tap_dir/log" |
	sort | uniq -c | awk '{ print $2 }' | tr '\n' ' ')" "cssid sch_no schno ssid "

# --- why a program is refused ---
while read -r name want; do
	like "$name: runs as expected" "$(cat "$tap_dir/log")" "ccwio $name 0"
	is "$name: vfio_ccw_cp" "$(sed -n "s/^cp $name .* \(rc=.*\)/\1/p" "$tap_dir/log")" "$want"
	case $name,$want in
	page-2,*) ;; # the device does not come that far
	tic-nowhere,*) # the TIC is what fails
		like "$name: the interrupt names the TIC" "$(cat "$tap_dir/log")" \
			"irq $name [^"$'\n'"]* cpa=00001010 dstat=[^"$'\n'"]* cstat=PGMCHK " ;;
	*,rc=0*) ccw=${want##*ccw=}
		is "$name: the interrupt names that CCW" \
			"$(sed -n "s/^irq $name .* cpa=\([0-9a-f]*\) dstat=.* cstat=PGMCHK .*/\1/p" "$tap_dir/log")" \
			"$(printf %08x $((0x${ccw%% *} + 8)))" ;;
	*)	is "$name: no interrupt" "$(grep "^irq $name " "$tap_dir/log")" "" ;;
	esac
done <<< "$expected"

# --- the program itself ---
is "a control command's parameters are told" \
	"$(sed -n 's/^ccw control .* \(first=.*\)/\1/p' "$all")" \
	"first=0 total=1 flags=0 addr={0x1000} ccw=47 00 00 03 00 00 50 00 data=00 00 00 03 0a 0b 0c"
is "nothing of what a READ moves" "$(sed -n 's/^ccw sense .* \(ccw=.*\)/\1/p' "$all")" \
	"ccw=e4 20 00 08 00 00 60 00 data="
is "a long program is told in records" \
	"$(sed -n 's/^ccw chain .* \(first=[0-9]* total=[0-9]*\) .*/\1/p' "$all" | tr '\n' ' ')" \
	"first=0 total=250 first=96 total=250 first=192 total=250 "
is "each CCW once" "$(sed -n 's/^ccw chain .* ccw=\(.*\) data=$/\1/p' "$all" | tr ' ' '\n' | grep -c .)" 2000

# --- programs that may not be prefetched ---
is "prefetch allowed: told so" "$(grep -c '^\(cp\|io\) sense .*flags=FMT1|PFCH' "$all")" 2
is "not allowed: told what was done" \
	"$(grep '^\(cp\|io\) unprefetched ' "$all" | grep -v PFCH | grep -c 'flags=FMT1.*|COPIED')" 2
ok "and the program does the same" cmp "$tap_dir/out/sense" "$tap_dir/out/unprefetched"
ok "which is something" test "$(stat -c %s "$tap_dir/out/sense")" -eq 8

# --- pages, regions, instructions, signals ---
pages() { sed -n "s/^pin .* action=$1 iova=[0-9a-f]* count=\([0-9]*\) .* rc=0\$/\1/p" "$all" | awk '{ n += $1 } END { print n + 0 }'; }
ok "pages were pinned" test "$(pages PIN)" -gt 20
is "every page that was pinned was given back" "$(pages UNPIN)" "$(pages PIN)"
ok "pages were used again" test "$(pages REUSE)" -gt 0
ok "a page that cannot be pinned is told" grep -q '^pin page .*action=PIN iova=2000000 count=1 .*rc=-' "$all"
is "a region write for each I/O" "$(grep -c '^region reused .*region=0 WRITE offset=0 .*rc=124$' "$all")" 50
is "an instruction for each" "$(grep -c '^ssch reused .*function=SSCH cc=0 lpm=80 cpa=00001000$' "$all")" 50
is "an interrupt for each" "$(grep -c '^irq reused .*final=1 .*dstat=CE|DE ' "$all")" 50
is "a signal for each" "$(grep -c '^deliver reused .*irq=IO listened=1 depth=1$' "$all")" 50
is "all with the numbers of their requests" "$(for e in region ssch irq deliver cp io; do
	sed -n "s/^$e reused seq=\([1-9][0-9]*\) .*/\1/p" "$all" | sort -n | uniq | wc -l
	done | uniq)" 50
finish
