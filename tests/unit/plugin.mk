# The channel subsystem's blocks as text, and the plugin that prints them.
UNIT_TESTS += test_raw
test_raw_SRCS := tests/unit/test_raw.c $(wildcard trace/plugin/*.c) trace/names.c trace/raw.c trace/text.c
test_raw_PKGS := cmocka libtraceevent
