PROGS += ccwio
ccwio_SRCS := $(addprefix tools/ccwio/,main.c options.c run.c io.c vfio.c mdev.c program.c parse.c \
	commands.c number.c dump.c show.c expect.c stats.c builtin.c dasd.c mixed.c pattern.c error.c)
ccwio_LIBS := ccw
ccwio_LDLIBS := -lm -pthread
