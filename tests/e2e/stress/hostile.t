#!/bin/bash
# Hostile programs against the driver, for a minute on two CPUs. STRESS_SECONDS=600 for longer,
# SEED=N for other programs.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)
seconds=${STRESS_SECONDS:-60}
seed=${SEED:-1}

cat > "$tap_dir/guest" <<'END'
seconds=$1 seed=$2
pins() { awk '/nr_foll_pin/ { n[++i] = $2 } END { print n[1] - n[2] }' /proc/vmstat; }
before=$(pins)

echo "== hostile"
vfio-ccw-bind --dev 0.0.1007 > /tmp/t && read -r T terminal rest < /tmp/t
timeout -s KILL $((seconds + 60)) vfio-hostile $terminal $seconds $seed
echo "rc=$? vfio-hostile"
sleep 1
echo "pinned pages: $before before, $(pins) after"
vfio-ccw-bind --release
echo "== log"
dmesg | grep -iE 'warning|bug:|oops|call trace|stays pinned|leak|refcount' | head -n 20
END
status "the guest's part ran" 0 "$top/tests/vm/run" --smp 2 --timeout $((seconds * 2 + 180)) \
	"$tap_dir/guest" "$seconds" "$seed"
out=$tap_out
grep -E '^[0-9]+ programs' <<< "$out" | sed 's/^/# /'

part() { sed -n "/^== $1\$/,/^== /p" <<< "$out"; }
hostile=$(part hostile)
like "hostile programs: the driver's counters are what was submitted and what came back" "$hostile" 'rc=0 vfio-hostile'
ok "  hundreds of them a second" test "$(awk '/ programs,/ { print $1 }' <<< "$hostile")" -gt $((seconds * 200))
like "  no page stays pinned" "$hostile" 'pinned pages: 0 before, 0 after'
is "the kernel log is clean" "$(sed '1,/^== log$/d' <<< "$out")" ""
finish
