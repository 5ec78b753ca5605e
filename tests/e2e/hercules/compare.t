#!/bin/bash
# This driver against the kernel's own, on a 3390 of hercules.
. "$(dirname "$0")/../compare/compare.sh"
compare dasd --emulator hercules --dasd 1 -- --dasd 1 "$here/dasd" "$here/common"
