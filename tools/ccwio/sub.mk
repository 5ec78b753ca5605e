PROGS += ccwio
ccwio_SRCS := $(addprefix tools/ccwio/,main.c options.c run.c text.c \
	program.c layout.c emit.c parse.c parse_ccw.c parse_data.c commands.c number.c dump.c show.c drvstats.c \
	expect.c stats.c stats_json.c builtin.c dasd.c mixed.c pattern.c) tools/json.c
ccwio_PKGS := json-c
ccwio_LIBS := ccw ccwdev
ccwio_LDLIBS := -lm -pthread
