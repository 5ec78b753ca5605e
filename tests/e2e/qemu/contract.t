#!/bin/bash
# The contract of vfio-ccw, call by call: the program runs in the guest and speaks TAP.
top=$(cd "$(dirname "$0")/../../.." && pwd)
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat > "$script" <<'END'
uuid=$(vfio-ccw-bind --virtio 1 | cut -d' ' -f2)
vfio-contract "$uuid"
END
"$top/tests/vm/run" "$script"
