#!/bin/bash
# Hercules' own trace of the CCWs it executes: they are those that the guest wrote.
. "$(dirname "$0")/../compare/compare.sh"
walk=$top/tests/e2e/hercules/walk

# NAME!N: the channel is to go no further than CCW N.
names="sense-id sense-id-format-0 no-prefetch nop basic-sense count-short-sli count-long-sli skip chain-3
	chain-32 chain-255 chain-256 ida-1 ida-2k ida-4k ida-format-0 ida-1-crossing ida-2k-crossing
	ida-4k-crossing direct-crossing ida-scattered ida-above-2g ida-list-crosses-page
	ida-list-last-in-memory data-last-bytes data-edge-2g data-edge-16m ccw-edge-2g ccw-last-in-memory
	ccw-last-in-memory-of-several ccw-crosses-page cpa-0 tic tic-segments-10 tic-segments-100
	tic-backward tic-high-bits-format-0 tic-last-in-memory tic-into-the-middle pci-twice
	write-track write-track-format-0 write-track-ida-1 write-track-ida-2k write-track-ida-4k
	write-track-data-chain write-track-data-chain-ida read-track read-track-ida-1 read-track-ida-2k
	read-track-ida-4k read-track-format-0 read-track-data-chain read-track-data-chain-ida
	seek-loop seek-loop-format-0 write-record read-record rdc rcd
	tic-segments-256
	command-unknown-second!2 data-not-mapped-second!2 ccw-chain-over-the-end!2 tic-not-mapped!2
	tic-misaligned!2 ida-list-not-mapped!1 data-over-the-end!1"

split_programs "$tap_dir/programs" "$here/dasd" "$here/common"
n=0
for name in $names; do
	name=${name%!*}
	printf 'ccw nop sli count=%d addr=0x4000\n' $((0x7000 + n)) > "$tap_dir/programs/mark-$n"
	read -r options < "$tap_dir/programs/$name.options"
	[ ! -s "$tap_dir/programs/$name" ] || options+=" -i $tap_dir/programs/$name"
	# shellcheck disable=SC2086  # words
	"$top/build/host/bin/ccwio" --dump --mem 64K $options > "$tap_dir/programs/$name.dump" ||
		bail "$name: ccwio --dump $options"
	n=$((n + 1))
done
tr -s ' \t\n' '\n' <<< "$names" > "$tap_dir/names"
sed -i '/^$/d' "$tap_dir/names"

cat > "$tap_dir/guest" <<'END_GUEST'
vfio-ccw-bind --dasd 1 > /tmp/l || exit
read -r S uuid dev < /tmp/l
n=0
cd /add/programs || exit
while read -r name; do
	name=${name%!*}
	ccwio -q -s "$S" -i mark-$n > /tmp/o 2>&1 || cat /tmp/o
	read -r options < "$name.options"
	if [ -s "$name" ]; then set -- -i "$name"; else set --; fi
	# shellcheck disable=SC2086  # words
	timeout -s KILL 60 ccwio --mem 64K -s "$S" $options "$@" > /tmp/o 2>&1
	n=$((n + 1))
done < /add/names
echo "$n programs"
END_GUEST
status "the guest's part ran" 0 "$top/tests/vm/run" --emulator hercules --dasd 1 --timeout 500 --rc t+0120 \
	--log "$tap_dir/log" --add "$tap_dir/programs" --add "$tap_dir/names" "$tap_dir/guest"
is "all programs ran" "$tap_out" "$n programs"
guest_tap "$("$walk" "$tap_dir/log" "$tap_dir/programs" "$tap_dir/names")"

# The comparison is one: with one flag or count of the guest's other than it was, or a CCW fewer, it fails.
mkdir "$tap_dir/wrong"
for change in 's/^  00001000  e4\(..\)/  00001000  e4ff/' 's/^  00001000  e4..00/  00001000  e42001/' '/^  00001008/d'; do
	for dump in "$tap_dir"/programs/*.dump; do
		sed "$change" "$dump" > "$tap_dir/wrong/${dump##*/}"
	done
	"$walk" "$tap_dir/log" "$tap_dir/wrong" "$tap_dir/names" > "$tap_dir/verdict"
	is "programs changed afterwards are found out: $change" $? 1
done
[ "$tap_failed" -eq 0 ] || [ -z "${ORACLE_KEEP-}" ] || cp -r "$tap_dir" "$ORACLE_KEEP"
finish
