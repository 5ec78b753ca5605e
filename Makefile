# Everything a person types starts here; `make help` lists it. How things are
# built is in mk/build.mk, what is built in the sub.mk of each directory.

.DEFAULT_GOAL := all

include mk/build.mk

-include driver/sub.mk
-include $(filter-out driver/sub.mk,$(sort $(wildcard */sub.mk */*/sub.mk */*/*/sub.mk)))

include mk/rules.mk

##@ Build
.PHONY: all
all:				## everything: modules, tools for this machine and for s390x

.PHONY: html
html: build/html/page.html	## the page of ccwtrace's HTML report; its plotting library comes from npm, once

.PHONY: install
install: install-programs	## tools, manual pages, completion of this machine's build into DESTDIR/PREFIX (/usr/local)
	$(Q)for p in $(PROGS); do \
		$(INSTALL) -D -m 755 build/$(INSTALL_FROM)/bin/$$p $(DESTDIR)$(PREFIX)/bin/$$p || exit; done
	$(Q)for m in $(MANPAGES); do \
		$(INSTALL) -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/} || exit; done
	$(Q)for p in $(PLUGINS); do \
		$(INSTALL) -D -m 644 build/$(INSTALL_FROM)/lib/traceevent/plugins/$$p.so $(DESTDIR)$(PLUGIN_DIR)/$$p.so && \
		$(INSTALL) -d $(DESTDIR)$(PERF_PLUGIN_DIR) && \
		ln -sf $(PLUGIN_DIR)/$$p.so $(DESTDIR)$(PERF_PLUGIN_DIR)/ || exit; done
	$(Q)for p in $(PROGS); do $(INSTALL) -D -m 644 tools/completion/vfio-ccw.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$p || exit; done
	$(Q)$(INSTALL) -D -m 644 tools/completion/_vfio-ccw \
		$(DESTDIR)$(PREFIX)/share/zsh/$(ZSH_SITE)/_vfio-ccw
	$(Q)$(INSTALL) -d $(DESTDIR)$(UNIT_DIR) && \
		sed 's:@bindir@:$(PREFIX)/bin:' tools/ccwtop/exporter/ccwtop-exporter.service.in \
		> $(DESTDIR)$(UNIT_DIR)/ccwtop-exporter.service
ifeq ($(INSTALL_ARCH),s390x)
	$(Q)$(INSTALL) -D -m 755 tools/bind/vfio-ccw-bind $(DESTDIR)$(PREFIX)/sbin/vfio-ccw-bind
	$(Q)sed 's:@sbindir@:$(PREFIX)/sbin:' tools/bind/vfio-ccw@.service.in > $(DESTDIR)$(UNIT_DIR)/vfio-ccw@.service
	$(Q)for o in $(BPF_OBJS); do \
		$(INSTALL) -D -m 644 $$o $(DESTDIR)$(PREFIX)/lib/ccwtools/bpf/$${o##*/} || exit; done
endif
	$(Q)for k in $(INSTALL_MODULES); do \
		$(INSTALL) -D -m 644 build/s390x/$$k.ko $(DESTDIR)/lib/modules/$(call krelease)/updates/$$k.ko || exit; done
	@echo "Installed into $(DESTDIR)$(PREFIX)"

# What DKMS builds the driver from, into DESTDIR/usr/src/vfio-ccw-VERSION
.PHONY: install-dkms
install-dkms:
	$(Q)d=$(DESTDIR)/usr/src/vfio-ccw-$(VERSION); \
	$(INSTALL) -d $$d && $(INSTALL) -m 755 driver/dkms/prepare $$d/ && $(INSTALL) -m 644 driver/dkms/Makefile $$d/ && \
	sed 's/#MODULE_VERSION#/$(VERSION)/' driver/dkms/dkms.conf > $$d/dkms.conf && \
	for f in $(VFIO_CCW_SRCS); do $(INSTALL) -D -m 644 $$f $$d/vfio_ccw/$${f##*/} || exit; done && \
	for f in trace/events/*.h; do $(INSTALL) -D -m 644 $$f $$d/$$f || exit; done

.PHONY: clean
clean:				## remove what was built, keep what was downloaded
	$(Q)find build -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} + 2>/dev/null || true

.PHONY: distclean
distclean:			## remove downloads as well
	$(Q)rm -rf build

##@ Package
.PHONY: deb
deb:				## Debian packages of the tools and, for DKMS, of the driver into build/deb; DEB_ARCH=s390x (default), amd64
	$(Q)mk/deps build bpf deb
	$(Q)mk/deb $(or $(DEB_ARCH),s390x)

##@ See it work
.PHONY: demo
demo: tools modules		## ccwtop in an emulated s390x guest with live channel I/O (q ends it)
	$(Q)tests/demo/demo

.PHONY: demo-dasd
demo-dasd: tools modules	## the same against emulated 3390 DASDs, recorded and reported
	$(Q)tests/demo/demo-dasd

##@ Test
.PHONY: check
check: check-build		## check-unit, check-screen, check-html, check-vm, check-dasd, check-stress and a client, then one summary line
	$(Q)UNIT_TESTS='$(UNIT_TEST_BINS)' tests/check unit cli screen html vm dasd client-qemu stress

.PHONY: check-unit
check-unit: check-build		## unit tests (ASan, UBSan) and command-line tests, on this machine
	$(Q)UNIT_TESTS='$(UNIT_TEST_BINS)' tests/check unit cli

.PHONY: check-screen
check-screen: check-build	## ccwtop's screens, in a terminal (tests/screen/README.md)
	$(Q)tests/check screen

.PHONY: check-html
check-html: check-build		## the HTML report, in a headless Chromium
	$(Q)tests/check html

.PHONY: check-vm
check-vm: check-build		## end to end, in an s390x guest under qemu
	$(Q)tests/check vm

.PHONY: check-dasd
check-dasd: check-build		## end to end, on emulated 3390 DASDs under hercules
	$(Q)tests/check dasd

.PHONY: check-client
check-client: check-build	## unmodified qemu as client: our guest on qemu's devices and on a 3390, a Linux; some minutes
	$(Q)tests/check client

.PHONY: check-stress
check-stress: check-build	## life cycle under load, a minute of it; STRESS_SECONDS=600 for longer
	$(Q)tests/check stress

.PHONY: check-debug
check-debug:			## end to end, on a kernel with KASAN, lockdep, kmemleak, faults; an hour
	$(Q)$(MAKE) KERNEL=debug check-debug-run

.PHONY: check-deb
check-deb: deb			## the Debian packages, in a Debian 13 on an emulated IBM Z; an hour or more
	$(Q)mk/deps vm check-deb
	$(Q)tests/check deb

# KERNEL=debug: modules for the debug kernel, and tests that boot it
.PHONY: check-debug-run
check-debug-run: all
	$(Q)tests/check $(or $(SUITES),debug-vm debug-dasd stress faults)

.PHONY: bench
bench: all			## instructions per I/O, repeatable; fails when a budget is exceeded
	$(Q)mk/deps bench
	$(Q)tests/bench/run
	$(Q)tests/bench/record
	$(Q)tests/bench/top/run
	$(Q)tests/bench/driver
	$(Q)tests/bench/trace/run
	$(Q)tests/bench/exporter
	$(Q)tests/bench/trace/agree

.PHONY: lint
lint: native modules		## text, shell scripts, spelling, documents against the tree; clang, cppcheck, sparse
	$(Q)mk/deps lint
	$(Q)mk/lint
	$(Q)mk/lint-docs
	$(Q)mk/lint-code

##@ Options
# KERNEL=7.2     modules for Debian's kernel 7.2, and tests with it (325 MB more to download)
# KERNEL=debug   the same for the debug kernel, which is built first; SUITES=faults: part of it
# V=1            show the commands
# WERROR=0       compiler warnings do not end the build
# CFLAGS=        replace -O2 -g
# PREFIX= DESTDIR=  for install
# PLUGIN_DIR=    where trace-cmd and KernelShark look for plugins (/usr/lib/TRIPLET/traceevent/plugins)
# UNIT_DIR=      where the service goes (PREFIX/lib/systemd/system)

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*##" } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*##/ { sub(/^[ \t]+/, "", $$2); printf "  make %-12s %s\n", $$1, $$2 } \
		opts && /^# / { print "  " substr($$0, 3) } \
		/^##@ Options/ { opts = 1 } \
		/^\.PHONY: help/ { opts = 0 }' Makefile
