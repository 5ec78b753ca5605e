# A program for the bare machine, loaded by qemu -kernel.

GUEST_SRCS := $(wildcard tests/guest/*.c) tests/guest/start.S
GUEST := build/s390x/guest/ccwguest

# No floating-point registers: nobody has enabled them. Address 0 is the lowcore.
$(GUEST): $(GUEST_SRCS) $(wildcard tests/guest/*.h) tests/guest/guest.ld tests/guest/sub.mk | deps
	$(call say,GUEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CROSS_COMPILE)gcc $(BASE_CFLAGS) -O2 -g -I. -march=z10 -msoft-float -ffreestanding \
		-fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fno-delete-null-pointer-checks \
		-nostdlib -static -no-pie -Wl,--build-id=none,--no-warn-rwx-segments -Wl,-T,tests/guest/guest.ld -o $@ $(GUEST_SRCS)

# Debian's qemu for s390x, which runs it there
CLIENT_READY := $(CACHE)/client/.complete
$(CLIENT_READY): | deps
	$(Q)mk/fetch $(CACHE) client

# qemu for s390x, and the program that it runs in the guest
.PHONY: client
client: $(GUEST) $(CLIENT_READY)
check check-client: client
