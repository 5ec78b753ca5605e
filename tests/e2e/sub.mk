# Programs that test the driver from inside the guest.
GUEST_PROGS += vfio-contract bpf-count
vfio-contract_SRCS := tests/e2e/contract.c
bpf-count_SRCS := tests/e2e/bpf_count.c
bpf-count_PKGS := libbpf
bpf-count_LIBS := ccw
GUEST_PROGS += vfio-driver
vfio-driver_SRCS := tests/e2e/driver.c tests/e2e/client.c
GUEST_PROGS += vfio-stress vfio-hostile
vfio-stress_SRCS := tests/e2e/stress.c tests/e2e/client.c
vfio-stress_LDLIBS := -pthread
vfio-hostile_SRCS := tests/e2e/hostile.c tests/e2e/client.c tests/unit/cp_gen.c \
	tests/unit/cp_guest.c tests/unit/cp_oracle.c $(CP_SRCS)
vfio-hostile_LDLIBS := -pthread
GUEST_PROGS += vfio-limits
vfio-limits_SRCS := tests/e2e/limits.c tests/e2e/client.c
GUEST_PROGS += vfio-crw
vfio-crw_SRCS := tests/e2e/crw.c tests/e2e/client.c
GUEST_PROGS += vfio-told
vfio-told_SRCS := tests/e2e/told.c tests/e2e/client.c
# iommufd: the kernel's headers of it are newer than Debian 12's. Only these two; they need nothing
# that the installed ones do not have.
UAPI := build/s390x/uapi
GUEST_PROGS += vfio-iommufd
vfio-iommufd_SRCS := tests/e2e/iommufd.c tests/e2e/client.c
vfio-iommufd_CPPFLAGS := -I$(UAPI)
$(UAPI)/linux/%.h: $(CACHE)/kernel-$(DEFAULT_KERNEL)/.complete
	$(Q)mkdir -p $(@D) && sed 's/\<__user\>//' $(CACHE)/kernel-$(DEFAULT_KERNEL)/usr/src/linux-headers-*-common/include/uapi/linux/$*.h > $@
$(patsubst %.c,build/s390x/obj/vfio-iommufd/%.o,$(vfio-iommufd_SRCS)): $(UAPI)/linux/iommufd.h $(UAPI)/linux/vfio.h
# A kernel module for a test alone: not installed with the others.
HOLD_MCCK := $(KOUT)/test/hold_mcck.ko
$(HOLD_MCCK): tests/e2e/hold_mcck.c $(KERNEL_READY) tests/e2e/sub.mk
	$(call say,KMOD,$@)
	$(Q)$(call link-sources,$(@D),tests/e2e/hold_mcck.c)
	$(Q)echo 'obj-m := hold_mcck.o' > $(@D)/Kbuild
	$(Q)+$(call kbuild,$(@D))
	$(Q)touch $@
check-build check-debug-run: $(HOLD_MCCK)
GUEST_PROGS += vfio-faults
vfio-faults_SRCS := tests/e2e/faults.c tests/e2e/client.c
GUEST_PROGS += with-caps
with-caps_SRCS := tests/e2e/with_caps.c
with-caps_PKGS := libcap-ng
GUEST_PROGS += bpf-unit
bpf-unit_SRCS := tests/e2e/bpf_unit.c
bpf-unit_PKGS := libbpf
bpf-unit_LIBS := ccw
