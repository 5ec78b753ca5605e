#!/bin/bash
# This driver against the kernel's own, on qemu's machine.
. "$(dirname "$0")/../compare/compare.sh"
compare qemu -- --dev 0.0.1004 "$here/qemu" "$here/common"
