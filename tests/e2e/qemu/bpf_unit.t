#!/bin/bash
# Each BPF program with each kind of event, by BPF_PROG_TEST_RUN in Debian's kernel.
. "$(dirname "$0")/../../tap.sh"
top=$(cd "$(dirname "$0")/../../.." && pwd)

echo 'modprobe vfio_ccw; bpf-unit /add/test' > "$tap_dir/guest"
status "the guest" 0 "$top/tests/vm/run" --add "$top/build/s390x/bpf/test" "$tap_dir/guest"
guest_tap "$tap_out"
finish
