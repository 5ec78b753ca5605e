ccwio_program_UNIT := $(addprefix tools/ccwio/,program.c layout.c emit.c parse.c \
	parse_ccw.c parse_data.c commands.c number.c)
UNIT_TESTS += ccwio_parse ccwio_program ccwio_builtin ccwio_expect
ccwio_parse_SRCS := tests/unit/ccwio_parse.c $(ccwio_program_UNIT)
ccwio_parse_LIBS := ccwdev
ccwio_parse_PKGS := cmocka
ccwio_program_SRCS := tests/unit/ccwio_program.c tests/unit/ccwio_channel.c $(ccwio_program_UNIT)
ccwio_program_LIBS := ccwdev
ccwio_program_PKGS := cmocka
ccwio_builtin_SRCS := tests/unit/ccwio_builtin.c tests/unit/ccwio_channel.c $(ccwio_program_UNIT) \
	$(addprefix tools/ccwio/,builtin.c dasd.c mixed.c pattern.c)
ccwio_builtin_LIBS := ccwdev
ccwio_builtin_PKGS := cmocka
ccwio_expect_SRCS := tests/unit/ccwio_expect.c $(addprefix tools/ccwio/,expect.c stats.c stats_json.c) tools/json.c \
	$(ccwio_program_UNIT)
ccwio_expect_LIBS := ccw ccwdev
ccwio_expect_PKGS := cmocka json-c
ccwio_expect_LDLIBS := -lm
