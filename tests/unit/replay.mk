UNIT_TESTS += test_replay
test_replay_SRCS := tests/unit/test_replay.c $(addprefix tools/ccwtrace/, replay_areas.c replay_memory.c replay_pace.c)
test_replay_LIBS := ccwdev
test_replay_PKGS := cmocka
UNIT_TESTS += test_replay_load
test_replay_load_SRCS := tests/unit/test_replay_load.c tools/ccwtrace/replay_load.c
test_replay_load_LIBS := ccw ccwdev
test_replay_load_PKGS := cmocka
