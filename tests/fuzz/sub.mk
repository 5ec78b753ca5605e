# Fuzz targets: libFuzzer where clang has it, else the same target behind a simple driver, so that
# `make check-unit` runs something of each everywhere. FUZZ_SECONDS=60 make fuzz: longer.

FUZZ := fuzz_cp fuzz_dat
fuzz_cp_SRCS := tests/fuzz/fuzz_cp.c tests/unit/cp_gen.c tests/unit/cp_guest.c \
	tests/unit/cp_oracle.c $(CP_SRCS)
# the whole library: it may not print or exit either
fuzz_dat_SRCS := tests/fuzz/fuzz_dat.c $(filter-out trace/bpf%,$(wildcard trace/*.c))
fuzz_dat_PKGS := libtracefs libtraceevent libzstd zlib

FUZZ_SAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FUZZ_FLAGS = $(BASE_CPPFLAGS) -std=gnu11 -O1 -g $(FUZZ_SAN)

define fuzz_target
build/host-fuzz/$(1): $$($(1)_SRCS) tests/fuzz/standalone.c tests/fuzz/sub.mk \
		$$(wildcard driver/*.h tests/unit/*.h trace/*.h trace/*/*.h) | deps
	$$(call say,FUZZ,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)clang $$(FUZZ_FLAGS) $$(call pkg_cflags,$(1),host) -fsanitize=fuzzer -o $$@ \
			$$($(1)_SRCS) $$(call pkg_libs,$(1),host) 2>/dev/null || \
		$$(CC.host) $$(FUZZ_FLAGS) $$(call pkg_cflags,$(1),host) -o $$@ \
			$$($(1)_SRCS) tests/fuzz/standalone.c $$(call pkg_libs,$(1),host)

# A test among the unit tests.
build/host-asan/test/$(1): build/host-fuzz/$(1) tests/fuzz/run
	$$(Q)mkdir -p $$(@D)
	$$(Q)printf '#!/bin/sh\nexec "$$$$(dirname "$$$$0")"/../../../tests/fuzz/run $(1)\n' > $$@
	$$(Q)chmod +x $$@
endef
$(foreach f,$(FUZZ),$(eval $(call fuzz_target,$(f))))

unit-tests: $(FUZZ:%=build/host-asan/test/%)

.PHONY: fuzz
fuzz: $(FUZZ:%=build/host-fuzz/%)
	$(Q)set -e; for f in $(FUZZ); do tests/fuzz/run $$f; done
