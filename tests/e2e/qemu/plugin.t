#!/bin/bash
# The plugin of libtraceevent: trace-cmd in the s390x guest and trace-cmd here show the same decoded
# text of the same recordings, blocks of the common I/O layer and channel programs included.
# shellcheck disable=SC2154  # variables of tests/tap.sh
top=$(cd "$(dirname "$0")/../../.." && pwd)
. "$top/tests/tap.sh"

fixtures=$top/tests/fixtures
"$top/mk/fetch" "$top/build/cache" perf > /dev/null || bail "no perf of Debian 13"
mkdir "$tap_dir/plugin"
cp "$top/build/s390x/lib/traceevent/plugins/plugin_vfio_ccw.so" "$tap_dir/plugin/" || bail "the plugin is not built"
cp "$fixtures"/s390x-{stock,kernel-driver,detail}.dat "$tap_dir/plugin/"
cat > "$tap_dir/plugin/program" <<'END'
orb c64=1
ccw 0x47 cc,sli count=3 data=p
ccw sense-id sli,ida count=4104 data=a
data p 0a0b0c at=0x5000
data a size=8192 at=0x6000
END
cat > "$tap_dir/guest" <<'END'
d=/usr/lib/s390x-linux-gnu/traceevent/plugins
mkdir -p $d
cp /add/plugin/*.so $d
vfio-ccw-bind --virtio 1 > /dev/null || exit
cd /out
trace-cmd record --compression none -e vfio_ccw -e s390 -o live.dat \
	ccwio -q -s 0.0.0001 -i /add/plugin/program --expect uc > record.log 2>&1 || exit
for f in live.dat /add/plugin/*.dat; do
	n=${f##*/}
	trace-cmd report -i $f > ${n%.dat}.there 2> report.err || exit
done
# perf finds it in the same place
perf()
{
	/add/perf/lib/ld64.so.1 --library-path /add/perf/lib /add/perf/bin/perf "$@"
}
perf record -q -a -e vfio_ccw:vfio_ccw_io -e s390:s390_cio_interrupt -o perf.data \
	ccwio -q -s 0.0.0001 sense-id -n 3 > perf.log 2>&1 || exit
perf script -i perf.data > perf.there 2>> perf.log || exit
rm perf.data
END
status "recorded and reported in the guest" 0 "$top/tests/vm/run" --smp 2 --add "$tap_dir/plugin" \
	--add "$top/build/cache/perf" --out "$tap_dir/out" \
	"$tap_dir/guest"
cd "$tap_dir/out" || exit
cp "$tap_dir"/plugin/*.dat .
export TRACEEVENT_PLUGIN_DIR=$top/build/host/lib/traceevent/plugins

# Task, CPU and time are trace-cmd's, and differ from version to version.
events()
{
	sed -n 's/^.*: \(\(s390_cio\|vfio_ccw\)_[a-z_]*: *\)/\1/p; /^ *[0-9]* [0-9a-f]*: /p' "$1" | tr -s ' '
}
for f in live s390x-stock s390x-kernel-driver s390x-detail; do
	status "$f: reported here" 0 trace-cmd report -i $f.dat
	printf '%s\n' "$tap_out" > $f.here
	events $f.here > here
	events $f.there > there
	ok "$f: there is something" test "$(wc -l < here)" -gt 20
	ok "$f: the same text" cmp here there
done

has() { like "$1" "$(events "$2.here")" "$3"; }
has "START SUBCHANNEL: its ORB" live 's390_cio_ssch: schid=0.0.0001 cc=0 intparm=[0-9a-f]{8} key=0 lpm=80 flags=FMT1\|PFCH\|C64 cpa=[0-9a-f]{7}[08]'
has "TEST SUBCHANNEL: its IRB with sense" live 's390_cio_tsch: schid=0.0.0001 cc=0 fctl=START actl=0 stctl=ALERT\|PRIMARY\|SECONDARY\|PENDING .* dstat=UC cstat=0 .* erwf=CONS sense=CMDREJ:80'
has "interrupt: its code" live 's390_cio_interrupt: schid=0.0.0001 id=00010001 intparm=[0-9a-f]{8} a=0 isc=3 type=0'
has "STORE SUBCHANNEL: its SCHIB" live 's390_cio_stsch: schid=0.0.0001 cc=0 intparm=[0-9a-f]{8} dev=[0-9a-f]{4} isc=3 pmcw=(ENA\|)?DNV lpm=80 .* fctl='
has "adapter interrupt" s390x-stock 's390_cio_adapter_int: adapter id=[0-9a-f]{8} intparm=[0-9a-f]{8} a=1 isc=3 '
has "an event of the kernel's own driver" s390x-kernel-driver 'vfio_ccw_fsm_event: schid=0.0.0001 state=STANDBY event=OPEN'
has "one I/O" live 'vfio_ccw_io: sch=0.0.0001 seq=1 .* cmd=47\(LOCATE\) ccws=2 .* fctl=START actl=0 .* dstat=UC cstat=0 .*\(CMDREJ\)'
has "the program: header" live 'vfio_ccw_ccw: sch=0.0.0001 seq=1 orb1=00c2ff00 key=0 lpm=ff flags=FMT1\|PFCH\|C64 cpa=00001000 first=0 total=2'
has "the program: a control command" live ' 0 00001000: 47 LOCATE count=3 addr=00005000 flags=CC\|SLI param=0a0b0c'
has "the program: an IDAL" live ' 1 00001008: e4 SENSE ID count=4104 addr=[0-9a-f]{8} flags=SLI\|IDA idaw=0000000000006000'
is "no number is left without its name" "$(events live.here | grep -E '(dstat|cstat|event|state|action|why|function)=([0-9]|\?)' |
	grep -v -E '[cd]stat=0 ')" ""

# Without the plugin nothing of that is there, and with it the events say what they said.
TRACEEVENT_PLUGIN_DIR=/nowhere trace-cmd report -i live.dat 2>/dev/null > plain
is "trace-cmd alone does not decode the ORB" "$(grep -c 's390_cio_ssch.*lpm' plain)" 0
for e in cp ssch deliver region pin fsm; do
	# names instead of numbers where the kernel's format prints numbers
	events plain | sed -n "s/^vfio_ccw_$e: //p" | sed 's/ rc=-[0-9]*/ rc=-E/; s/ cmd=\(..\)/ cmd=\1/' > a
	events live.here | sed -n "s/^vfio_ccw_$e: //p" | sed 's/ rc=-[A-Z0-9]*/ rc=-E/; s/ cmd=\(..\)([^)]*)/ cmd=\1/' > b
	ok "vfio_ccw_$e: the words of the kernel's own format" cmp a b
done
is "perf script: commands in words" "$(grep -c 'vfio_ccw_io:.* cmd=e4(SENSE ID)' perf.there)" 3
is "perf script: what Debian prints as numbers alone" "$(grep -c 's390_cio_interrupt:.*intparm=' perf.there)" 3
finish
