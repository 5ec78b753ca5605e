# Settings. Fragments (sub.mk) are included after this and fill the lists below;
# mk/rules.mk turns the lists into rules.
#
#   LIBS  += ccw              static library, internal: build/ARCH/lib/libccw.a
#   PROGS += ccwio            program: build/ARCH/bin/ccwio
#   UNIT_TESTS += test_x      cmocka program for this machine, with sanitizers: build/host-asan/test/test_x
#   PLUGINS += plugin_x       shared object for libtraceevent: build/ARCH/lib/traceevent/plugins/plugin_x.so
#   GUEST_PROGS += name       program for s390x only: build/s390x/bin/name
#   MODULES += vfio_ccw       kernel module, $(KOUT)/vfio_ccw.ko (the fragment has the rule)
#   BPF += x                  bpf/x.bpf.c: build/s390x/bpf/x.bpf.o
#   BPF_TESTS += x_test       bpf/test/x_test.bpf.c: build/s390x/bpf/test/x_test.bpf.o
#
#   NAME_SRCS     sources, relative to the top
#   NAME_PKGS     pkg-config names
#   NAME_LIBS     internal libraries; what they need in turn is inherited
#   NAME_CFLAGS NAME_CPPFLAGS NAME_LDLIBS    further flags

SHELL := /bin/bash
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

LIBS :=
PROGS :=
UNIT_TESTS :=
GUEST_PROGS :=
PLUGINS :=
MODULES :=
BPF :=
BPF_TESTS :=

HOST_ARCH := $(shell uname -m)
# Debian's kernel series that modules are built for, and that the tests run with
DEFAULT_KERNEL := 6.12
KERNEL ?= $(DEFAULT_KERNEL)
ifeq ($(filter $(KERNEL),6.12 7.2 debug),)
$(error No kernel series '$(KERNEL)': KERNEL=6.12 (default), KERNEL=7.2 or KERNEL=debug)
endif
# tests/vm/run boots the kernel that the modules are for.
export VM_KERNEL := $(KERNEL)

VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)

PREFIX ?= /usr/local
UNIT_DIR ?= $(PREFIX)/lib/systemd/system
INSTALL ?= install
# Compiled into libtraceevent, wherever this is installed; perf has a libtraceevent's path of its own.
PLUGIN_DIR ?= /usr/lib/$(shell $(CC) -print-multiarch)/traceevent/plugins
PERF_PLUGIN_DIR ?= /usr/lib/traceevent/plugins
CFLAGS ?= -O2 -g
WERROR ?= 1

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif

# V=1 shows commands; otherwise one short line each.
ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n' $(1) '$(2)'
MAKEFLAGS += --no-print-directory
endif

BASE_CFLAGS := -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	$(if $(filter-out 0,$(WERROR)),-Werror)
BASE_CPPFLAGS := -I. -D_GNU_SOURCE -DCCW_VERSION='"$(VERSION)"'

CACHE := build/cache
SYSROOT := $(CURDIR)/$(CACHE)/sysroot
KERNEL_DIR := $(CURDIR)/$(CACHE)/kernel-$(KERNEL)
SYSROOT_READY := $(CACHE)/sysroot/.complete
KERNEL_READY := $(CACHE)/kernel-$(KERNEL)/.complete
# Modules for another than the default series lie in a directory of its own.
KOUT := build/s390x$(if $(filter-out $(DEFAULT_KERNEL),$(KERNEL)),/$(KERNEL))

# Compilers and flags, by build directory. "host-asan" carries the unit tests.
CC.host := $(CC)
AR.host := $(AR)
PKGCONF.host := pkg-config
READY.host := deps
CC.host-asan := $(CC)
AR.host-asan := $(AR)
PKGCONF.host-asan := pkg-config
READY.host-asan := deps
CFLAGS.host-asan := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS.host-asan := -fsanitize=address,undefined

ifeq ($(HOST_ARCH),s390x)
# One build: host is another name of s390x.
TOOL_DIRS := s390x
NATIVE := s390x
CROSS_COMPILE :=
CC.s390x := $(CC)
AR.s390x := $(AR)
PKGCONF.s390x := pkg-config
READY.s390x := deps build/host
else
TOOL_DIRS := host s390x
NATIVE := host
CROSS_COMPILE := s390x-linux-gnu-
TRIPLET := s390x-linux-gnu
# Debian's cross compiler looks into /usr/s390x-linux-gnu before --sysroot: every path is named.
CC.s390x := $(CROSS_COMPILE)gcc --sysroot=$(SYSROOT) -B$(SYSROOT)/usr/lib/$(TRIPLET)
AR.s390x := $(CROSS_COMPILE)ar
CFLAGS.s390x := -isystem $(SYSROOT)/usr/include/$(TRIPLET) -isystem $(SYSROOT)/usr/include
LDFLAGS.s390x := -L$(SYSROOT)/usr/lib/$(TRIPLET) -Wl,-rpath-link,$(SYSROOT)/usr/lib/$(TRIPLET)
PKGCONF.s390x := PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) \
	PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(TRIPLET)/pkgconfig:$(SYSROOT)/usr/share/pkgconfig pkg-config
READY.s390x := deps $(SYSROOT_READY)
endif

# make install: programs of this build directory; modules, on an s390x that builds for itself
INSTALL_FROM ?= $(NATIVE)
INSTALL_ARCH := $(if $(filter host,$(INSTALL_FROM)),$(HOST_ARCH),$(INSTALL_FROM))
INSTALL_MODULES ?= $(if $(filter s390x,$(HOST_ARCH)),$(MODULES))
# where zsh looks: what a distribution installs has another place
ZSH_SITE := $(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)

# Kernel to build modules for: on s390x the running one if its headers are installed and it is
# of the series that we fetch internal headers for, else Debian's, fetched.
ifeq ($(HOST_ARCH),s390x)
KDIR ?= $(if $(filter $(KERNEL).%,$(shell uname -r)),$(wildcard /lib/modules/$(shell uname -r)/build))
endif
ifeq ($(KDIR),)
KDIR := $(KERNEL_DIR)/headers
endif
KSRC := $(KERNEL_DIR)/source
# BPF objects find fields by name when they are loaded: those of the default series serve all.
ifeq ($(KERNEL),$(DEFAULT_KERNEL))
BTF_KERNEL := $(KDIR)
else
BTF_KERNEL := $(CURDIR)/$(CACHE)/kernel-$(DEFAULT_KERNEL)/headers
endif
krelease = $(shell $(MAKE) -s -C $(KDIR) kernelrelease)
