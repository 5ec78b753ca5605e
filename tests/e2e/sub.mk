# Programs that test the driver from inside the guest.
GUEST_PROGS += vfio-contract bpf-count
vfio-contract_SRCS := tests/e2e/contract.c
bpf-count_SRCS := tests/e2e/bpf_count.c
bpf-count_PKGS := libbpf
