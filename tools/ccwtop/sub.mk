PROGS += ccwtop
ccwtop_SRCS := $(addprefix tools/ccwtop/, main.c options.c gather.c sysfs.c sysfs_device.c holder.c \
	model.c table.c view.c batch.c format.c fields.c terminal.c win.c win_main.c win_detail.c win_help.c) tools/json.c
ccwtop_SRCS += $(addprefix tools/ccwtop/exporter/, exporter.c http.c text.c families.c line.c store.c buf.c \
	accept.c process.c listen.c sandbox.c notify.c)
ccwtop_LIBS := ccwbpf ccw
ccwtop_PKGS := ncursesw json-c libmicrohttpd libseccomp libcap-ng
# what the screen looks back at, and its views
ccwtop_SRCS += $(addprefix tools/ccwtop/, past.c history.c log.c faults.c told.c notice.c tap.c paths.c \
	view_paths.c win_views.c win_hist.c win_time.c win_states.c win_slow.c win_errors.c win_paths.c \
	win_log.c) tools/units.c
# what a person does with it
ccwtop_SRCS += $(addprefix tools/ccwtop/, keys.c act.c act_write.c mouse.c prompt.c marks.c sieve.c theme.c \
	config.c newfile.c recorder.c)
ccwtop_LDLIBS := -lm
