#!/bin/bash
# What the events tell of programs that are active: PCI interrupts one by one, RESUME SUBCHANNEL,
# a DMA unmap of their pages, and the instructions with which the driver takes a program back. On a
# 3390, since qemu's channel is done with a program before START SUBCHANNEL returns.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

cases="tic-first tic-to-tic pci pci-many resume unmap clear cancel halt"
cat > "$tap_dir/guest" <<'END_GUEST'
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
t=/sys/kernel/tracing
echo 4096 > $t/buffer_size_kb
for e in io ssch irq deliver pin cp fsm; do
	echo 1 > $t/events/vfio_ccw/vfio_ccw_$e/enable
done
for c; do
	echo > $t/trace
	timeout -s KILL 200 vfio-told $uuid $c
	echo "rc=$? $c"
	# io etc., what it says of this subchannel
	sed -n "s/.*: vfio_ccw_\([a-z]*\): sch=$S \(.*\)/\1 \2/p" $t/trace > /out/$c
done
dmesg | grep -iE 'warning|bug:|oops|call trace|stays pinned' | head -n 5 | sed 's/^/kernel: /'
END_GUEST
# shellcheck disable=SC2086  # words
status "the guest's part ran" 0 "$top/tests/vm/run" --emulator hercules --dasd 1 --timeout 500 \
	--conf "IODELAY 20000" --out "$tap_dir/out" "$tap_dir/guest" $cases
said=$tap_out
guest_tap "$said"
for c in $cases; do
	like "$c: went to its end" "$said" "rc=0 $c"
done
is "the kernel log is clean" "$(grep '^kernel: ' <<< "$said")" ''
cd "$tap_dir/out" || bail "nothing came back"

# field FILE EVENT FIELD: of each such event of the first request
field() { sed -n "s/^$2 seq=1 \(.* \)\{0,1\}$3=\([^ ]*\).*/\2/p" "$1"; }
words() { tr '\n' ' ' | sed 's/ $//'; }
# numbers FROM TO STEP, eight hexadecimal digits each
numbers() { seq "$1" "$3" "$2" | xargs printf '%08x '; }

# --- a TIC where none may be ---
is "TIC first: told why" "$(sed -n 's/^cp .* \(rc=.*\)/\1/p' tic-first)" \
	"rc=0 why=TIC_FIRST bad=1 ccw=00001000 addr=1000"
like "TIC first: program check at it" "$(grep '^irq' tic-first)" ' cpa=00001008 dstat= cstat=PGMCHK '
like "TIC first: the request is told so" "$(grep '^io' tic-first)" 'flags=FMT1\|PFCH\|BADCCW\|'
like "TIC to TIC: program check at the second" "$(grep '^irq' tic-to-tic)" ' cpa=00002008 dstat= cstat=PGMCHK '

# --- PCI ---
# The channel merges what the CPU leaves pending, so there may be fewer, on a machine that is busy.
n=$(grep -c '^irq seq=1 final=0 ' pci)
ok "PCI: an interrupt for each" test "$n" -ge 5 -a "$n" -le 20
is "PCI: each says so and nothing else" "$(grep -c '^irq seq=1 final=0 scsw0=008040[ce]9 .* dstat= cstat=PCI ' pci)" "$n"
is "PCI: each at its own CCW, in order" "$(grep '^irq seq=1 final=0' pci | grep -o 'cpa=[0-9a-f]*' | sort -uc 2>&1)" ''
if [ "$n" -eq 20 ]; then
	is "PCI: at each CCW" "$(field pci irq cpa | words)" "$(numbers $((0x1008)) $((0x10a8)) 8 | words)"
else
	is "PCI: the last at the end" "$(field pci irq cpa | tail -n 1)" 000010a8
fi
like "PCI: the final status is the last" "$(grep '^irq' pci | tail -n 1)" '^irq seq=1 final=1 .* cpa=000010a8 dstat=CE\|DE '
is "PCI: one final status" "$(grep -c '^irq seq=1 final=1' pci)" 1
is "PCI: each is signalled, one more waits" "$(field pci deliver depth | words)" "$(seq $((n + 1)) | words)"
is "PCI: right behind its interrupt" "$(grep -E '^(irq|deliver) seq=1' pci | cut -d' ' -f1 | paste - - | sort | uniq -c | words)" \
	"$(printf '%7d irq\tdeliver' $((n + 1)))"
is "PCI: the transitions" "$(sed -n 's/^fsm seq=1 from=ACTIVE event=\([A-Z]*\) .* rc=0/\1/p' pci | uniq -c | awk '{ print $1, $2 }' | words)" \
	"$n INTERRUPT 1 FINAL"
is "PCI: the request counts them" "$(field pci io irqs)" $((n + 1))

n=$(grep -c '^irq seq=1' pci-many)
ok "many PCIs: more interrupts than the queue holds" test "$n" -gt 34
is "many PCIs: the queue's depth ends at 32" "$(field pci-many deliver depth | words)" \
	"$({ seq 32; for ((i = 32; i < n; i++)); do echo 32; done; } | words)"

# --- RESUME SUBCHANNEL ---
like "RESUME: suspended" "$(grep '^irq' resume | head -n 1)" '^irq seq=1 final=0 scsw0=08c04029 cpa=00001010 '
is "RESUME: three translations, of one request" "$(sed -n 's/^cp seq=1 .*\(resumed=.*\)/\1/p' resume)" \
	"resumed=0 rc=0 why=NONE bad=0 ccw=00000000 addr=0
resumed=1 rc=-22 why=RUN_LENGTH bad=0 ccw=00008000 addr=8000
resumed=1 rc=0 why=NONE bad=0 ccw=00000000 addr=0"
is "RESUME: of what comes from the CCW it is suspended at" \
	"$(sed -n 's/^cp seq=1 \(.*\) reused=.* resumed=1 rc=0 .*/\1/p' resume)" \
	"cpa=00001008 cmd=08 ccws=5 segments=2 idaws=1 pages=1"
is "RESUME: the instructions" "$(sed -n 's/^ssch seq=1 \(.*\)/\1/p' resume)" \
	"function=SSCH cc=0 lpm=80 cpa=00001000
function=RSCH cc=0 lpm=00 cpa=00001008"
like "RESUME: the request is one, and was suspended" "$(grep '^io' resume)" '^io seq=1 .*\|SUSPENDED\|.* irqs=2 '
is "RESUME: its pages are pinned for it" "$(sed -n 's/^pin seq=1 action=\(PIN iova=[0-9a-f]*\) .*/\1/p' resume | words)" \
	"PIN iova=5000 PIN iova=6000"

# --- who takes a program back ---
# taken FILE SEQ: what the driver did from the first START of that number to its end, in order
taken()
{
	sed -nE -e "s/^ssch seq=$2 function=([A-Z]*) cc=(.) .*/\1:\2/p" \
		-e "s/^pin seq=$2 action=UNMAP iova=([0-9a-f]*) count=([0-9]*) .*/UNMAP:\1+\2/p" \
		-e "s/^irq seq=$2 final=(.) scsw0=....(.).*/irq:\2:\1/p" -e "s/^io seq=$2 .*flags=([^ ]*) .*/io:\1/p" "$1" | words
}
pages() { sed -n "s/^pin .* *action=$2 iova=\([0-9a-f]*\) count=\([0-9]*\) .* rc=0/\1 \2/p" "$1" | sort; }

is "unmap: the page, CANCEL too late, HALT, its interrupt" "$(taken unmap 1)" \
	"SSCH:0 UNMAP:200000+1 XSCH:2 HSCH:0 irq:6:1 io:FMT1|PFCH|ABORTED|STARTED|ENDED"
is "unmap: two pages were pinned" "$(pages unmap PIN | words)" "200000 1 5000 1"
is "unmap: both are given back" "$(pages unmap UNPIN)" "$(pages unmap PIN)"
is "unmap: not before the program's end" "$(sed -nE 's/^(pin seq=1 action=(UNPIN)|(io)) .*/\2\3/p' unmap | words)" "io UNPIN UNPIN"
is "unmap: the status is delivered" "$(grep -c '^deliver seq=1 irq=IO' unmap)" 1

is "a program that runs: CANCEL too late, HALT, its interrupt" "$(taken halt 1)" \
	"SSCH:0 XSCH:2 HSCH:0 irq:6:1 io:FMT1|PFCH|ABORTED|STARTED|ENDED"
is "a reset keeps that to itself" "$(grep -c '^deliver' halt)" 0
is "the transitions" "$(sed -n 's/^fsm seq=1 from=\([A-Z]*\) event=\([A-Z_]*\) to=\([A-Z]*\) .*/\1+\2>\3/p' halt | head -n 4 | words)" \
	"IDLE+IO_REQ>TRANSLATE TRANSLATE+START>ACTIVE ACTIVE+RESET>QUIESCE QUIESCE+FINAL>IDLE"

# Those whose start was pending still: over with condition code 0, no interrupt, no HALT.
early=$(sed -n 's/^ssch seq=\([0-9]*\) function=XSCH cc=0 .*/\1/p' cancel | sed '/^0$/d')
ok "CANCEL came in time for some" test "$(wc -w <<< "$early")" -gt 0
wrong=$(for seq in $early; do
	[ "$(taken cancel "$seq")" = "SSCH:0 XSCH:0 io:FMT1|PFCH|CANCELLED|ABORTED|STARTED" ] || echo "$seq $(taken cancel "$seq")"
done)
is "  and there was nothing else of them" "$wrong" ""
is "the others were halted" "$(grep -c '^ssch .*function=XSCH cc=2' cancel)" "$(grep -c '^ssch .*function=HSCH' cancel)"

# Where the gentle way led nowhere: at most four rounds of it, then CLEAR, whose status is the end.
hard=$(sed -n 's/^ssch seq=\([0-9]*\) function=CSCH cc=0 .*/\1/p' clear)
ok "CLEAR was needed for some" test "$(wc -w <<< "$hard")" -gt 0
wrong=$(for seq in $hard; do
	rounds=$(sed -n "1,/^ssch seq=$seq function=CSCH/s/^fsm seq=$seq .*event=RESET to=\(QUIESCE\) .*/\1/p" clear | grep -c .)
	[[ "$rounds $(taken clear "$seq")" =~ ^[1-4]\ SSCH:0\ .*CSCH:0\ irq:1:1\ io:FMT1\|PFCH(\|HALTED)?\|ABORTED\|STARTED\|ENDED$ ]] ||
		echo "$seq $rounds $(taken clear "$seq")"
done)
is "  in time, and its status is the end" "$wrong" ""
[ -z "${EVENTS_KEEP-}" ] || cp -r "$tap_dir/out" "$EVENTS_KEEP"
finish
