# Channel-program translation, compiled for user space, against a fake guest and an oracle.
cp_test_SRCS := driver/cp.c $(addprefix tests/unit/,cp_guest.c cp_oracle.c cp_gen.c)

UNIT_TESTS += test_cp_random
test_cp_random_SRCS := tests/unit/test_cp_random.c $(cp_test_SRCS)
test_cp_random_PKGS := cmocka
