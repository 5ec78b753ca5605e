# Channel-program translation, compiled for user space, against a fake guest and an oracle.
cp_test_SRCS := $(CP_SRCS) $(addprefix tests/unit/,cp_guest.c cp_oracle.c)

UNIT_TESTS += test_cp test_cp_keep test_cp_chain test_cp_bounds test_cp_why test_cp_random
test_cp_SRCS := tests/unit/test_cp.c $(cp_test_SRCS)
test_cp_PKGS := cmocka
test_cp_chain_SRCS := tests/unit/test_cp_chain.c $(cp_test_SRCS)
test_cp_chain_PKGS := cmocka
test_cp_bounds_SRCS := tests/unit/test_cp_bounds.c $(cp_test_SRCS)
test_cp_bounds_PKGS := cmocka
test_cp_random_SRCS := tests/unit/test_cp_random.c tests/unit/cp_gen.c $(cp_test_SRCS)
test_cp_random_PKGS := cmocka
test_cp_keep_SRCS := tests/unit/test_cp_keep.c $(cp_test_SRCS)
test_cp_keep_PKGS := cmocka
test_cp_why_SRCS := tests/unit/test_cp_why.c $(cp_test_SRCS)
test_cp_why_PKGS := cmocka
