UNIT_TESTS += test_replay
test_replay_SRCS := tests/unit/test_replay.c tools/ccwtrace/replay_areas.c tools/ccwtrace/replay_memory.c
test_replay_LIBS := ccwdev
test_replay_PKGS := cmocka
