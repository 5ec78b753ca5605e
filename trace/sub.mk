# libccw: sources of events, decoding, statistics, names. Internal, static.
LIBS += ccw
ccw_SRCS := $(addprefix trace/,hist.c stat.c stats.c names.c io_error.c raw.c text.c filter.c ring.c decode.c decode_cio.c join.c merge.c \
	source.c tep.c instance.c tracefs.c file.c file_write.c file_write_v7.c device.c)
ccw_PKGS := libtracefs libtraceevent libzstd zlib
# recording the running kernel
ccw_SRCS += $(addprefix trace/,record.c record_count.c record_events.c record_file.c record_flight.c \
	record_sets.c record_worker.c)
# recordings as files
ccw_SRCS += $(addprefix trace/,dat.c dat_v6.c dat_v7.c dat_section.c unpack.c pages.c)
# statistics of whole recordings
ccw_SRCS += $(addprefix trace/,scan.c tally.c select.c select_field.c explain.c residency.c)

# The live source whose sums are made in the kernel. Apart, so that only who uses it needs libbpf.
LIBS += ccwbpf
ccwbpf_SRCS := trace/bpf.c trace/bpf_fsm.c trace/bpf_sum.c trace/bpf_objects.c
ccwbpf_LIBS := ccw
ccwbpf_PKGS := libbpf
build/s390x/obj/ccwbpf/trace/bpf_objects.o: build/s390x/bpf/ccwlat.bpf.o build/s390x/bpf/ccwcio.bpf.o build/s390x/bpf/ccwfsm.bpf.o
# other people's recordings
ccw_SRCS += $(addprefix trace/,event.c event_check.c repair.c file_map.c recording.c)
