#!/bin/bash
# The HTML report in a real browser: no errors, plots that are drawn, the numbers of `ccwtrace
# report`, and nothing of a recording that acts as markup or script.
top=$(cd "$(dirname "$0")/../.." && pwd)
ccwtrace=$top/build/host/bin/ccwtrace
fixtures=$top/tests/fixtures
dir=$(mktemp -d "${TMPDIR:-/tmp}/html.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# A name as unkind as a name can be.
hostile='<img src=x onerror="document.title=1">&amp;--><script>'$'\xff'
cp "$fixtures/qemu-mixed.dat" "$dir/mixed.dat" &&
	cp "$fixtures/s390x-lost.dat" "$dir/lost.dat" &&
	cp "$fixtures/s390x-ccwtrace.dat" "$dir/$hostile" &&
	cd "$dir" || { echo "Bail out! cannot copy the recordings"; exit 255; }
make_page()
{
	"$ccwtrace" export -q --format html -i "$1" -o "$2.html"
	"$ccwtrace" report --format json -i "$1" > "$2.json" 2>/dev/null
	[ -s "$2.html" ] && [ -s "$2.json" ] ||
		{ echo "Bail out! no page of $1: see above"; exit 255; }
}
make_page mixed.dat mixed
make_page lost.dat lost
make_page "$hostile" hostile
node "$top/tests/html/report.js" "$dir"
