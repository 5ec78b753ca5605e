# shellcheck shell=bash disable=SC2034  # variables for the tests
# TAP for shell tests: source it, state what is expected, end with `finish`.
#
#   ok NAME COMMAND...             COMMAND succeeds
#   is NAME GOT WANTED             equal strings
#   like NAME GOT REGEX            extended regular expression
#   status NAME WANTED COMMAND...  exit status; its output is in $tap_out, stderr in $tap_err
#   guest_tap OUTPUT               the TAP in there becomes part of this test's
#   skip NAME REASON
#   bail REASON                    nothing further makes sense
#
# $tap_dir is a directory that goes away with the test.

tap_count=0
tap_failed=0
tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/tap.XXXXXX")
tap_out='' tap_err=''
trap 'rm -rf "$tap_dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# tap_result STATUS NAME [DIAGNOSTIC]
tap_result()
{
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
		return 0
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
	return 1
}

ok()
{
	local name=$1

	shift
	if "$@" >"$tap_dir/.out" 2>&1; then
		tap_result 0 "$name"
	else
		tap_result 1 "$name" "status $? of: $*
$(tail -n 20 "$tap_dir/.out")"
	fi
}

is()
{
	[ "$2" = "$3" ]
	tap_result $? "$1" "got:    $2
wanted: $3"
}

like()
{
	[[ $2 =~ $3 ]]
	tap_result $? "$1" "got: $2
no match for: $3"
}

status()
{
	local name=$1 wanted=$2 got

	shift 2
	"$@" >"$tap_dir/.out" 2>"$tap_dir/.err"
	got=$?
	tap_out=$(tr -d '\0' < "$tap_dir/.out")
	tap_err=$(tr -d '\0' < "$tap_dir/.err")
	[ "$got" = "$wanted" ]
	tap_result $? "$name" "exit status $got, wanted $wanted, of: $*
$(tail -n 10 "$tap_dir/.out")
$(tail -n 10 "$tap_dir/.err")"
}

# guest_tap OUTPUT: TAP of programs in a guest, each line a test here
guest_tap()
{
	local line

	while IFS= read -r line; do
		case $line in
		"ok "*)		tap_result 0 "${line#* - }" ;;
		"not ok "*)	tap_result 1 "${line#* - }" ;;
		"# "*)		echo "$line" ;;
		esac
	done <<< "$1"
}

skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

bail()
{
	echo "Bail out! $*"
	exit 255
}

finish()
{
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
