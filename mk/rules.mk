# Rules for what the fragments named. See mk/build.mk for the variables.

# --- packages and downloads -------------------------------------------------

# What the goals on the command line need, asked for together. Cheap when nothing is missing;
# order-only everywhere, so that nothing is rebuilt for it.
PURPOSES := build bpf \
	$(if $(filter demo check check-vm check-client check-stress bench,$(MAKECMDGOALS)),vm) \
	$(if $(filter demo-dasd check check-dasd check-client,$(MAKECMDGOALS)),dasd) \
	$(if $(HTML_WANTED),$(if $(HTML_CACHED),,html)) \
	$(if $(filter check check-html,$(MAKECMDGOALS)),browser) \
	$(if $(filter check check-% unit-tests build/host-asan/%,$(MAKECMDGOALS)),check) \
	$(if $(filter debug,$(KERNEL)),debug vm dasd)

.PHONY: deps
deps:
	$(Q)mk/deps $(PURPOSES)

# Its list of packages is in mk/fetch.
$(SYSROOT_READY): mk/fetch | deps
	$(Q)mk/fetch $(CACHE) sysroot

$(CACHE)/kernel-%/.complete: | deps
	$(Q)mk/fetch $(CACHE) kernel $*

$(CACHE)/source-%/.complete: | deps
	$(Q)mk/fetch $(CACHE) source $*

$(CACHE)/prometheus/.complete: | deps
	$(Q)mk/fetch $(CACHE) prometheus

# Tools of Debian 13 that docs/bpf.md shows, for the guest.
GUEST_TOOLS := $(foreach t,bpftool perf bpftrace,$(CACHE)/$(t)/.complete)
$(GUEST_TOOLS): $(CACHE)/%/.complete: | deps
	$(Q)mk/fetch $(CACHE) $*

# Built here rather than fetched.
$(CACHE)/kernel-debug/.complete: mk/kernel-debug mk/kernel-debug.config $(CACHE)/source-6.12/.complete | deps
	$(Q)mk/kernel-debug $(CACHE) '$(CROSS_COMPILE)'

ifeq ($(HOST_ARCH),s390x)
build/host:
	$(Q)mkdir -p build && ln -sfn s390x $@
endif

# --- programs and libraries -------------------------------------------------

# Internal libraries of $(1) in link order, those of the libraries included. Static libraries
# may not form a circle; a library may be named twice.
all_libs = $(foreach l,$($(1)_LIBS),$(l) $(call all_libs,$(l)))
# pkg-config names of $(1) and of its libraries
all_pkgs = $(sort $($(1)_PKGS) $(foreach l,$(call all_libs,$(1)),$($(l)_PKGS)))
# Asked when a recipe runs, that is, when the packages are there.
pkg_cflags = $(if $(call all_pkgs,$(1)),$(shell $(PKGCONF.$(2)) --cflags $(call all_pkgs,$(1)) || echo -DNO_PKGS))
pkg_libs = $(if $(call all_pkgs,$(1)),$(shell $(PKGCONF.$(2)) --libs $(call all_pkgs,$(1)) || echo -lNO_PKGS))

# What sets the flags of $(1)
fragments = mk/build.mk mk/rules.mk $(wildcard $(sort $(addsuffix sub.mk,$(dir $($(1)_SRCS)))))

objs = $(patsubst %.c,build/$(2)/obj/$(1)/%.o,$($(1)_SRCS))
archives = $(foreach l,$(call all_libs,$(1)),build/$(2)/lib/lib$(l).a)

# $(call compile,NAME,DIR): objects of one program or library. An object belongs to one name,
# because the flags do.
define compile
build/$(2)/obj/$(1)/%.o: %.c $$(call fragments,$(1)) | $$(READY.$(2))
	$$(call say,CC,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC.$(2)) $$(BASE_CFLAGS) $$(CFLAGS) $$(CFLAGS.$(2)) $$($(1)_CFLAGS) \
		$$(BASE_CPPFLAGS) $$(CPPFLAGS) $$($(1)_CPPFLAGS) $$(call pkg_cflags,$(1),$(2)) \
		-MMD -MP -c -o $$@ $$<
-include $$(patsubst %.o,%.d,$$(call objs,$(1),$(2)))
endef

define library
$(call compile,$(1),$(2))
build/$(2)/lib/lib$(1).a: $$(call objs,$(1),$(2)) $$(call fragments,$(1))
	$$(call say,AR,$$@)
	$$(Q)mkdir -p $$(@D) && rm -f $$@
	$$(Q)$$(AR.$(2)) rcs $$@ $$(call objs,$(1),$(2))
endef

# $(call program,NAME,DIR,SUBDIR)
define program
$(call compile,$(1),$(2))
build/$(2)/$(3)/$(1): $$(call objs,$(1),$(2)) $$(call archives,$(1),$(2)) $$(call fragments,$(1))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC.$(2)) $$(CFLAGS) $$(LDFLAGS) $$(LDFLAGS.$(2)) -o $$@ $$(call objs,$(1),$(2)) \
		$$(call archives,$(1),$(2)) $$(call pkg_libs,$(1),$(2)) $$($(1)_LDLIBS)
endef

# What the loading program has is left open, as in the distribution's own plugins.
define plugin
$(call compile,$(1),$(2))
build/$(2)/lib/traceevent/plugins/$(1).so: $$(call objs,$(1),$(2)) $$(call fragments,$(1))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$$(CC.$(2)) $$(CFLAGS) $$(LDFLAGS) $$(LDFLAGS.$(2)) -shared -o $$@ $$(call objs,$(1),$(2))
endef

$(foreach d,$(TOOL_DIRS),$(foreach p,$(sort $(PLUGINS)),$(eval $(call plugin,$(p),$(d)))))
$(foreach d,$(TOOL_DIRS) host-asan,$(foreach l,$(sort $(LIBS)),$(eval $(call library,$(l),$(d)))))
$(foreach d,$(TOOL_DIRS),$(foreach p,$(sort $(PROGS)),$(eval $(call program,$(p),$(d),bin))))
$(foreach p,$(sort $(GUEST_PROGS)),$(eval $(call program,$(p),s390x,bin)))
$(foreach t,$(sort $(UNIT_TESTS)),$(eval $(call program,$(t),host-asan,test)))

TOOLS := $(foreach d,$(TOOL_DIRS),$(PROGS:%=build/$(d)/bin/%)) $(GUEST_PROGS:%=build/s390x/bin/%)
PLUGIN_OBJS := $(foreach d,$(TOOL_DIRS),$(PLUGINS:%=build/$(d)/lib/traceevent/plugins/%.so))
UNIT_TEST_BINS := $(UNIT_TESTS:%=build/host-asan/test/%)

# --- BPF --------------------------------------------------------------------

ifneq ($(BPF),)
build/s390x/bpf/vmlinux.h: $(CACHE)/kernel-$(DEFAULT_KERNEL)/.complete | deps
	$(call say,BTF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)PATH=$$PATH:/usr/sbin bpftool btf dump file $(BTF_KERNEL)/vmlinux format c > $@.tmp && mv $@.tmp $@

build/s390x/bpf/%.bpf.o: bpf/%.bpf.c build/s390x/bpf/vmlinux.h mk/rules.mk | $(READY.s390x)
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)clang -target bpfeb -D__TARGET_ARCH_s390 -g -O2 -Wall $(if $(filter-out 0,$(WERROR)),-Werror) \
		-I. -Ibuild/s390x/bpf $(if $(CROSS_COMPILE),-isystem $(SYSROOT)/usr/include) \
		-MMD -MP -MF build/s390x/bpf/$*.d -c -o $@ $<
	$(Q)llvm-strip -g $@

-include $(BPF:%=build/s390x/bpf/%.d) $(BPF_TESTS:%=build/s390x/bpf/test/%.d)
endif
BPF_OBJS := $(BPF:%=build/s390x/bpf/%.bpf.o)
BPF_TEST_OBJS := $(BPF_TESTS:%=build/s390x/bpf/test/%.bpf.o)

# --- manual pages, from docs/man/NAME.SECTION.scd ------------------------------

MANPAGES := $(patsubst docs/man/%.scd,build/man/%,$(wildcard docs/man/*.scd))

$(MANPAGES): build/man/%: docs/man/%.scd | deps
	$(call say,MAN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)scdoc < $< > $@

# --- what the commands need -------------------------------------------------

.PHONY: native install-programs tools modules bpf man unit-tests check-build
install-programs: $(PROGS:%=build/$(INSTALL_FROM)/bin/%) $(PLUGINS:%=build/$(INSTALL_FROM)/lib/traceevent/plugins/%.so) man \
	$(if $(filter s390x,$(INSTALL_ARCH)),$(BPF_OBJS)) $(INSTALL_MODULES:%=build/s390x/%.ko)
native: $(foreach p,$(PROGS),build/$(NATIVE)/bin/$(p)) $(PLUGINS:%=build/$(NATIVE)/lib/traceevent/plugins/%.so) $(if $(filter s390x,$(NATIVE)),modules)
tools: $(TOOLS) $(PLUGIN_OBJS)
modules: $(MODULES:%=$(KOUT)/%.ko)
bpf: $(BPF_OBJS)
man: $(MANPAGES)
all: tools modules bpf man
unit-tests: $(UNIT_TEST_BINS)
check-build: all unit-tests distro $(CACHE)/prometheus/.complete $(GUEST_TOOLS) $(BPF_TEST_OBJS)
