# shellcheck shell=bash disable=SC2154  # variables of tests/tap.sh
# Channel programs through this driver and through the kernel's own, one after the other, in the
# same kind of machine. Whatever differs must be in the table of docs/interface.md, and what is in the
# table must differ. On the debug kernel runs this driver alone; what it is compared with comes from 6.12.
#
#   compare MACHINE EMULATOR-OPTIONS -- BIND-OPTION DEVICE FILE...

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
. "$top/tests/tap.sh"

# split_programs DIR FILE...: DIR/NAME, DIR/NAME.options, and their names in DIR.names
split_programs()
{
	local dir=$1

	shift
	mkdir -p "$dir"
	awk -v dir="$dir" '
		/^== / {
			if (name) { close(name); close(name ".options") }
			print $2 > (dir ".names")
			name = dir "/" $2
			sub(/^== [^ ]+ */, "")
			print > (name ".options")
			printf "" > name
			next
		}
		name && !/^#/ && !/^$/ { print > name }' "$@"
}

# run_driver DRIVER: results to $tap_dir/DRIVER. A program that takes the machine with it has that as its
# result, and a new machine goes on behind it.
run_driver()
{
	local driver=$1 left=$tap_dir/left last rc deaths=0 kernel=${VM_KERNEL:-6.12}

	[ "$driver" != distro ] || kernel=$series
	cp "$tap_dir/programs.names" "$left"
	: > "$tap_dir/$driver"
	while :; do
		"$top/tests/vm/run" "${vm_options[@]}" --kernel "$kernel" --driver "$driver" --timeout "${COMPARE_TIMEOUT:-500}" \
			--add "$tap_dir/programs" --add "$left" --log "$tap_dir/console" \
			"$here/guest" /add/programs /add/left "${device[@]}" \
			> "$tap_dir/part" 2> "$tap_dir/said"
		rc=$?
		last=$(sed -n 's/^== //p' "$tap_dir/part" | tail -n 1)
		cat "$tap_dir/part" >> "$tap_dir/$driver"
		if [ "$last" = end ]; then
			[ "$driver" = distro ] || [ $rc -eq 0 ] || bail "status $rc: $(cat "$tap_dir/said")"
			break
		fi
		grep -qxF -- "${last:-.}" "$left" ||
			bail "$driver: the guest did not begin: $(cat "$tap_dir/part" "$tap_dir/said")"
		echo "died: status $rc" >> "$tap_dir/$driver"
		sed "s/^/# $driver: $last: /" "$tap_dir/said"
		sed -i "0,/^$last\$/d" "$left"
		deaths=$((deaths + 1))
		[ $deaths -lt 8 ] || bail "$driver: the guest died $deaths times"
		[ -s "$left" ] || break
	done
}

compare()
{
	local machine=$1 series=${VM_KERNEL:-6.12}

	[ "$series" != debug ] || series=6.12
	shift
	vm_options=() device=()
	while [ "$1" != -- ]; do
		vm_options+=("$1")
		shift
	done
	device=("$2" "$3")
	shift 3
	split_programs "$tap_dir/programs" "$@"
	run_driver distro
	run_driver ours
	[ -z "${COMPARE_KEEP-}" ] || cp -r "$tap_dir/programs" "$tap_dir/distro" "$tap_dir/ours" "$COMPARE_KEEP/"
	"$here/differences" "$machine" "$series" "$tap_dir/distro" "$tap_dir/ours" "$top/docs/interface.md"
}
