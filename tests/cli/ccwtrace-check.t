#!/bin/bash
# ccwtrace check: options, and what it says of a machine that is no IBM Z. What it says of one is in
# tests/e2e/qemu/check.t.
# shellcheck disable=SC2154  # variables of tests/tap.sh
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"

status "format" 2 "$ccwtrace" check --format xml
like "format: says why" "$tap_err" "no format 'xml': want text or json"
status "operand" 2 "$ccwtrace" check file
like "operand: says why" "$tap_err" "'file' is too much"
if [ -e /sys/bus/css ]; then
	finish
	exit
fi
status "no IBM Z: nothing is bad" 0 "$ccwtrace" check
like "no IBM Z: said" "$tap_out" "note  kernel +$(uname -r) $(uname -m)"
like "no IBM Z: what for it is good" "$tap_out" '-> no IBM Z: recordings'
is "no IBM Z: nothing else" "$(echo "$tap_out" | wc -l)" 2
status "quiet" 0 "$ccwtrace" check -q
is "quiet: nothing" "$tap_out" ""
status "json" 0 "$ccwtrace" check --format json
is "json" "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); print "$j->{good} $j->{checks}[0]{name} $j->{checks}[0]{verdict}"' <<< "$tap_out")" "1 kernel note"
status "full disk" 1 sh -c "$ccwtrace check > /dev/full"
finish
