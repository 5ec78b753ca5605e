# libccwdev: a vfio-ccw device and one I/O on it, for ccwio and ccwtrace replay. Internal, static.
LIBS += ccwdev
ccwdev_SRCS := $(addprefix tools/dev/,vfio.c mdev.c io.c error.c)
