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
	tests/unit/cp_guest.c tests/unit/cp_oracle.c driver/cp.c
vfio-hostile_LDLIBS := -pthread
GUEST_PROGS += vfio-limits
vfio-limits_SRCS := tests/e2e/limits.c tests/e2e/client.c
