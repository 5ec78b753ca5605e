# The load of tests/bench/top/run.
GUEST_PROGS += top-cost
top-cost_SRCS := tests/bench/top/top_cost.c
top-cost_PKGS := libbpf
top-cost_LIBS := ccw
