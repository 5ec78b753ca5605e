#!/bin/bash
# make install: what is installed works from there, and lies where trace-cmd, KernelShark, perf, man and
# the shells look.
# shellcheck disable=SC2317  # functions that `status` and `ok` call
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

root=$tap_dir/root
some=$top/tests/fixtures/s390x-programs.dat

# Of its own, whatever make runs this test.
install_to() # PREFIX
{
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u MAKEOVERRIDES make -s -C "$top" install DESTDIR="$root" PREFIX="$1"
}
status "make install" 0 install_to /usr
[ -d "$root/usr/bin" ] || bail "nothing was installed"

for program in ccwio ccwtop ccwtrace; do
	status "$program runs" 0 "$root/usr/bin/$program" --version
	ok "$program: manual page" grep -q "^.TH \"$program\"" "$root/usr/share/man/man1/$program.1"
	ok "$program: completion of bash" test -s "$root/usr/share/bash-completion/completions/$program"
done
for verb in $("$root/usr/bin/ccwtrace" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	ok "ccwtrace $verb: manual page" test -s "$root/usr/share/man/man1/ccwtrace-$verb.1"
done
ok "completion of zsh" test -n "$(find "$root/usr/share/zsh" -name _vfio-ccw -size +0)"

# where libtraceevent looks, for trace-cmd and KernelShark, is compiled into it
lib=$(ldconfig -p | sed -n 's/.*libtraceevent\.so\.1 .*=> //p' | head -n 1)
dir=$(grep -aoE '/usr/[a-z0-9_/.-]*traceevent/plugins' "$lib" | head -n 1)
like "libtraceevent names its directory" "$dir" '^/usr/.*traceevent/plugins$'
ok "the plugin is there" test -s "$root$dir/plugin_vfio_ccw.so"
link=$root/usr/lib/traceevent/plugins/plugin_vfio_ccw.so
is "... and where perf looks" "$([ -L "$link" ] && readlink "$link" || echo none)" "$dir/plugin_vfio_ccw.so"
if command -v trace-cmd > /dev/null; then
	is "trace-cmd has the text from there" \
		"$(TRACEEVENT_PLUGIN_DIR=$root$dir trace-cmd report -i "$some" 2> /dev/null | grep -cE '^ +0 00001000: e4 SENSE ID +count=64 addr=00005000 flags=SLI')" \
		"$(TRACEEVENT_PLUGIN_DIR=$root$dir trace-cmd report -i "$some" 2> /dev/null | grep -c 'vfio_ccw_ccw: .*cpa=00001000 first=0 total=1$')"
else
	skip "trace-cmd has the text from there" "trace-cmd is not installed"
fi

# another prefix takes the programs along, not the plugin: libtraceevent looks where it looks
rm -rf "$root"
status "make install PREFIX=/opt/ccw" 0 install_to /opt/ccw
status "... runs" 0 "$root/opt/ccw/bin/ccwtrace" info "$some"
ok "... the plugin is there" test -s "$root$dir/plugin_vfio_ccw.so"
finish
