# The plugin of libtraceevent: vfio_ccw and s390_cio events in trace-cmd, KernelShark and perf. It
# brings the name tables along, hidden, and takes libtraceevent from whoever loads it.
PLUGINS += plugin_vfio_ccw
plugin_vfio_ccw_SRCS := $(wildcard trace/plugin/*.c) trace/names.c trace/raw.c trace/text.c
plugin_vfio_ccw_CFLAGS := -fPIC -fvisibility=hidden
plugin_vfio_ccw_PKGS := libtraceevent
