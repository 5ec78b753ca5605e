#!/bin/bash
# ccwtrace info: what it says of recordings whose contents are known.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
[ -x "$ccwtrace" ] || bail "$ccwtrace is not built"
cd "$tap_dir" || bail "no $tap_dir"

status "format" 2 "$ccwtrace" info --format xml
like "format: says why" "$tap_err" "no format 'xml': want text or json"
status "two recordings" 2 "$ccwtrace" info a b
status "not there" 1 "$ccwtrace" info a
like "not there: says so" "$tap_err" 'a: no such file'

status "version 6" 0 "$ccwtrace" info "$fixtures/s390x-ccwtrace.dat"
like "version 6: form" "$tap_out" 'trace.dat version 6, big endian, not compressed, 32.0KiB'
like "version 6: machine" "$tap_out" 'machine +Linux guest 6.12.*s390x'
like "version 6: clock and CPUs" "$tap_out" 'clock mono, pages of 4096 bytes: CPU 0 12.0KiB CPU 1 12.0KiB'
like "version 6: events" "$tap_out" '88 +vfio_ccw:vfio_ccw_io'
like "version 6: subchannels" "$tap_out" '40 +0.0.0003'
status "zero sizes" 0 "$ccwtrace" info "$fixtures/trace-cmd-3.3.1-v7-zstd-instances.dat"
like "zero sizes: said, with the way out" "$tap_out" "its sizes are 0.*ccwtrace repair"
like "zero sizes: both instances" "$tap_out" 'buffer +second, clock mono'
status "little endian" 0 "$ccwtrace" info "$fixtures/synthetic-le.dat"
like "little endian: said" "$tap_out" 'version 6, little endian'
status "lost events: status 3" 3 "$ccwtrace" info "$fixtures/s390x-lost.dat"
like "lost events: how many" "$tap_out" 'lost +1633 events'
head -c 24000 "$fixtures/s390x-ccwtrace.dat" > cut.dat
status "cut off: status 3" 3 "$ccwtrace" info cut.dat
like "cut off: how much" "$tap_out" 'note +cut off: 8768 bytes'

# json: the sums agree, in every recording there is
for file in "$fixtures"/*.dat; do
	"$ccwtrace" info -q --format json "$file" > info.json
	is "${file##*/}: kinds add up to all, which are as many as show has" \
		"$(perl -MJSON::PP -0777 -ne 'my $j = decode_json($_); my $s = 0; $s += $_ for values %{$j->{events}}; print "$s $j->{records}"' info.json)" \
		"$("$ccwtrace" show -q --format csv "$file" | awk -F, 'NR > 1 && $NF == "" { n++ } END { print n, n }')"
done
finish
