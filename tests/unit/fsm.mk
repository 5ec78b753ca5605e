# The driver's state machine and its actions, in every order of events.
UNIT_TESTS += test_fsm
test_fsm_SRCS := tests/unit/test_fsm.c driver/fsm.c driver/channel.c
test_fsm_CPPFLAGS := -Itests/unit/kshim
test_fsm_CFLAGS := -Wno-unused-parameter
test_fsm_PKGS := cmocka

# What a user sees of the channel's status, on the same code.
UNIT_TESTS += test_status
test_status_SRCS := tests/unit/test_status.c driver/fsm.c driver/channel.c
test_status_CPPFLAGS := -Itests/unit/kshim
test_status_CFLAGS := -Wno-unused-parameter
test_status_PKGS := cmocka
