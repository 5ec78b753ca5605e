#!/bin/bash
# The packages in a real Debian 13 on an emulated IBM Z, as an administrator has it: the driver is
# built there by DKMS, loaded at boot, a device passed through and looked at; upgraded; removed and
# purged, after which nothing is left. Two boots; an hour or more, most of it the compiler's.
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/tap.sh"

packages=("$top"/build/deb/{ccwtools,vfio-ccw-dkms}_*_s390x.deb)
[ -e "${packages[0]}" ] && [ -e "${packages[1]}" ] || bail "no packages in build/deb (make deb)"
cd "$tap_dir" || exit
disk=$tap_dir/disk

# What a machine has, but for what changes by itself.
cat > common <<'END'
files()
{
	find / -xdev \( -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/log -o -path /var/cache -o -path /tmp \
		-o -path /root -o -path /var/lib/systemd -o -path /boot \) -prune -o -print | sort
}
say()
{
	echo "== $*"
}
install()
{
	apt-get install -y -q --no-install-recommends "$@" > /root/apt.log 2>&1
	code=$?
	[ $code = 0 ] || tail -n 40 /root/apt.log
	return $code
}
END

cat > first <<'END'
. /add/common
apt-get update -q > /dev/null 2>&1
install linux-headers-s390x dkms || exit
files > /root/before
say no source
apt-get install -y -q --no-install-recommends /add/vfio-ccw-dkms_*.deb 2>&1
say source
install linux-source-6.12 || exit
dkms autoinstall 2>&1
dpkg --configure -a
say status
dkms status
find /lib/modules/*/updates -name '*.ko*' | sed 's/.*updates/updates/' | sort
install /add/ccwtools_*.deb || exit
say tools
for p in ccwtop ccwtrace ccwio; do $p --version; done
ls /usr/share/man/man1/ccwtrace-record.1.gz /usr/share/bash-completion/completions/ccwtrace /usr/lib/ccwtools/bpf/ccwlat.bpf.o
say not loaded
ccwtrace check | grep driver
END

cat > second <<'END'
. /add/common
say loaded
ccwtrace check
say passed
systemctl enable -q --now vfio-ccw@0.0.1000 || exit
set -- $(vfio-ccw-bind --dev 0.0.1000)
s=$1 uuid=$2
test -e /sys/bus/mdev/devices/$uuid && echo "mdev"
ccwio -s $s sense-id
ccwtop -b -n 1 -d 2 --columns sch,state,ios &
sleep 1
ccwio -q -s $s sense-id -n 20
wait
systemctl disable -q --now vfio-ccw@0.0.1000
echo "back: $(basename "$(readlink /sys/bus/css/devices/$s/driver)")"
say upgraded
install /add/*_0.9_*.deb || exit
dpkg-query -W ccwtools vfio-ccw-dkms
dkms status
ls -d /usr/src/vfio-ccw-*
say removed
apt-get remove -y -q ccwtools vfio-ccw-dkms > /root/apt.log 2>&1 || tail -n 30 /root/apt.log
dkms status
find /lib/modules -name 'vfio_ccw*' -o -name 'mdev.ko*'
apt-get purge -y -q ccwtools vfio-ccw-dkms > /root/apt.log 2>&1 || tail -n 30 /root/apt.log
apt-get autoremove -y -q > /dev/null 2>&1
say left
files > /root/after
comm -13 /root/before /root/after | grep -iE 'ccw|mdev'
say end
END

part() # NAME: of the output that tap_out has
{
	awk -v n="== $1" '/^== / { on = $0 == n; next } on' <<< "$out"
}

"$top/tests/deb/image" "$top/build/cache" || bail "no disk image"
status "first boot" 0 "$top/tests/deb/run" "$disk" first common "${packages[@]}"
out=$tap_out
like "without the kernel's source: says which package" "$(part 'no source')" 'apt-get install linux-source-6\.12'
like "built by DKMS" "$(part status)" 'vfio-ccw/[0-9.]+, 6\.12[^ ]*, s390x: installed'
is "modules" "$(part status | grep '^updates' | sed 's/\.ko.*//')" $'updates/dkms/mdev\nupdates/dkms/vfio_ccw'
like "tools" "$(part tools)" 'ccwtop [0-9].*ccwtrace [0-9].*ccwio [0-9]'
like "not loaded before the next boot" "$(part 'not loaded')" 'modprobe|not loaded|of this project'

DEB_VERSION=0.9 "$top/mk/deb" s390x > deb.log 2>&1 || bail "no packages of a later version: $(cat deb.log)"
mv "$top"/build/deb/*_0.9_* .
status "second boot" 0 "$top/tests/deb/run" "$disk" second common ./*_0.9_s390x.deb
out=$tap_out
like "loaded at boot" "$(part loaded)" 'good  driver +vfio_ccw of this project'
like "nothing bad" "$(part loaded | grep -c ^bad)" 0
like "a program on a passed-through device" "$(part passed)" 'cc=0 dstat=CE\|DE'
like "a service makes the mdev at boot" "$(part passed)" 'mdev'
like "and gives the device back" "$(part passed)" 'back: io_subchannel'
like "ccwtop sees it" "$(part passed)" '0\.0\.[0-9a-f]{4} +[A-Z]+ +2[01]'
like "upgraded" "$(part upgraded)" 'ccwtools.0\.9.*vfio-ccw-dkms.0\.9'
like "upgraded: built" "$(part upgraded)" 'vfio-ccw/0\.9, 6\.12[^ ]*, s390x: installed'
is "upgraded: the old source is gone" "$(part upgraded | grep ^/usr/src)" /usr/src/vfio-ccw-0.9
is "removed: no module" "$(part removed)" ""
is "purged: nothing left" "$(part left)" ""
finish
