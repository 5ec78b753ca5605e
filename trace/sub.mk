# libccw: sources of events, decoding, statistics, names. Internal, static.
LIBS += ccw
ccw_SRCS := $(addprefix trace/,hist.c stat.c stats.c names.c text.c)
ccw_PKGS := libtracefs libtraceevent
