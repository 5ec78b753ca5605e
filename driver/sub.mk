# Kernel modules, built out of the tree: sources are linked into $(KMOD), where kbuild
# leaves its products.

KMOD := $(KOUT)/kmod

# kbuild, quiet unless V=1. CROSS_COMPILE is empty on s390x. It leaves alone what it finds
# up to date, hence the touch after each. Tools newer than this machine's come as a root to build in.
KBUILD = $(if $(wildcard $(KERNEL_DIR)/.root),$(if $(filter $(KERNEL_DIR)/%,$(KDIR)),mk/kbuild-root $(KERNEL_DIR) $(KOUT),$(MAKE)),$(MAKE))
kbuild = $(KBUILD) -C "$$(realpath $(KDIR))" ARCH=s390 CROSS_COMPILE=$(CROSS_COMPILE) M=$(CURDIR)/$(1) $(if $(Q),-s) modules

# $(call link-sources,DIR,FILES): DIR holds links to exactly FILES, beside kbuild's products.
link-sources = mkdir -p $(1) && find $(1) -maxdepth 1 -type l -delete && ln -sr $(2) $(1)/

# --- mdev: Debian's s390x kernel leaves it out. Taken from its own source package. ---

MODULES += mdev

$(KMOD)/mdev/mdev.ko: $(KERNEL_READY) driver/sub.mk
	$(call say,KMOD,$@)
	$(Q)$(call link-sources,$(@D),$(KSRC)/drivers/vfio/mdev/*)
	$(Q)+$(call kbuild,$(@D)) CONFIG_VFIO_MDEV=m
	$(Q)touch $@

# --- vfio_ccw: this project's ---

ifneq ($(wildcard driver/Kbuild),)
MODULES += vfio_ccw

# The translation, which tests compile for user space as well.
CP_SRCS := $(addprefix driver/,cp.c cp_walk.c cp_pages.c cp_fill.c)
VFIO_CCW_SRCS := $(wildcard driver/*.c driver/*.h driver/Kbuild)

# Internal headers of the common I/O layer (cio.h, css.h, ...) are in the kernel's source only.
$(KMOD)/vfio_ccw/vfio_ccw.ko: $(VFIO_CCW_SRCS) $(wildcard trace/events/*.h) $(KMOD)/mdev/mdev.ko driver/sub.mk
	$(call say,KMOD,$@)
	$(Q)$(call link-sources,$(@D),$(VFIO_CCW_SRCS))
	$(Q)+$(call kbuild,$(@D)) CONFIG_VFIO_CCW=m \
		KBUILD_EXTRA_SYMBOLS=$(CURDIR)/$(KMOD)/mdev/Module.symvers \
		KCFLAGS="-I$(CURDIR) -I$(KSRC)/drivers/s390/cio -I$(KSRC)/drivers/vfio/mdev"
	$(Q)touch $@
endif

$(foreach m,$(MODULES),$(eval $(KOUT)/$(m).ko: $(KMOD)/$(m)/$(m).ko))
$(MODULES:%=$(KOUT)/%.ko):
	$(Q)cp $< $@

# --- vfio_ccw: the kernel's own, for comparison (tests/vm/run --driver distro). Not part of all. ---

DISTRO := $(KOUT)/distro

.PHONY: distro
distro: $(DISTRO)/vfio_ccw.ko $(KOUT)/mdev.ko	## the kernel's own driver, for comparison

$(DISTRO)/kmod/vfio_ccw.ko: $(KMOD)/mdev/mdev.ko driver/sub.mk
	$(call say,KMOD,$@)
	$(Q)$(call link-sources,$(@D),$(KSRC)/drivers/s390/cio/vfio_ccw_*.c $(KSRC)/drivers/s390/cio/*.h)
	$(Q)cd $(@D) && printf '%s\n' 'obj-m := vfio_ccw.o' "vfio_ccw-y := $$(echo vfio_ccw_*.c | sed 's/\.c/.o/g')" \
		'CFLAGS_vfio_ccw_trace.o := -I$$(src)' > Kbuild
	$(Q)+$(call kbuild,$(@D)) KBUILD_EXTRA_SYMBOLS=$(CURDIR)/$(KMOD)/mdev/Module.symvers
	$(Q)touch $@

$(DISTRO)/vfio_ccw.ko: $(DISTRO)/kmod/vfio_ccw.ko
	$(Q)cp $< $@
