#!/bin/bash
# docs/bpf.md: its commands work as they stand there, with Debian 13's tools, and say what it says.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
page=$top/docs/bpf.md

for tool in bpftool perf bpftrace; do
	"$top/mk/fetch" "$top/build/cache" $tool > /dev/null || bail "no $tool of Debian 13"
done
{
	cat <<-'END'
	mount -t bpf bpf /sys/fs/bpf
	modprobe vfio_ccw
	vfio-ccw-bind --virtio 1 > /dev/null || exit
	for t in bpftool perf bpftrace; do
		printf '#!/bin/sh\nexec /add/%s/lib/ld64.so.1 --library-path /add/%s/lib /add/%s/bin/%s "$@"\n' $t $t $t $t > /tmp/$t
		chmod +x /tmp/$t
	done
	PATH=/tmp:$PATH
	DIR=/lib/vfio_ccw
	END
	n=0
	while IFS= read -r command; do
		n=$((n + 1))
		printf 'echo "== %d"\n{ %s\n} 2>&1\n' $n "$command"
		printf 'echo "status $?"\n'
	done < <(sed -n 's/^    \$ //p' "$page")
	echo 'echo "== end"; rmmod vfio_ccw && echo unloaded'
} > "$tap_dir/guest"
status "the guest" 0 "$top/tests/vm/run" --timeout 900 --add "$top/build/cache/bpftool" \
	--add "$top/build/cache/perf" --add "$top/build/cache/bpftrace" "$tap_dir/guest"
said=$tap_out

# What the N-th command (1) with this in it printed.
of()
{
	local at

	at=$(sed -n 's/^    \$ //p' "$page" | grep -nF -- "$1" | sed -n "${2:-1}s/:.*//p")
	sed -n "/^== $at\$/,/^== /p" <<< "$said" | grep -v '^== '
}

commands=$(grep -c '^    \$ ' "$page")
ok "there are commands" [ "$commands" -ge 20 ]
is "each ends well" "$(grep -c '^status 0$' <<< "$said")" "$commands"
like "the map reads as the page says" "$(of '/"hist"/,$d')" '"key": 1,
.*"usual": 100,
.*"result": \[0,0,0,0,0,20,0,0
.*"ccws": 120,.*"irqs": 120,.*"dstat": \[0,20,0,'
is "the histogram has every I/O" "$(of 'ns and more' | awk '/ns and more/ { n += $NF } END { print n }')" 120
is "nothing was lost" "$(of ccw_lost | head -n 1)" 3
like "states have time" "$(of ccw_fsm)" '"ns": \[.*[1-9]'
like "any subchannel is counted" "$(of 'key|usual')" '"key": 1,
.*"usual": 100,
.*"irqs": 100,'
is "bpftrace: device time" "$(of device_ns | awk '/^\[/ { sub(/.*\)/, ""); n += $1 } END { print n }')" 20
like "bpftrace: who starts I/O" "$(of s390_cio_ssch)" '@ssch\[1, ccwio\]: 20'
like "perf stat" "$(of 'perf stat')" '20 +vfio_ccw:vfio_ccw_io.*20 +s390:s390_cio_ssch'
is "perf script" "$(of 'perf script' | grep -c 'vfio_ccw:vfio_ccw_io:.*device_ns=')" 20
like "nothing keeps the module" "$said" 'unloaded'
finish
