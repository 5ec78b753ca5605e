# what looks back, which the gatherer feeds
ccwtop_past := $(addprefix tools/ccwtop/,past.c history.c log.c faults.c told.c notice.c)
TOP_SYSFS := tools/ccwtop/sysfs.c tools/ccwtop/sysfs_device.c tools/ccwtop/holder.c
UNIT_TESTS += test_top_table test_top_model test_top_sysfs test_top_gather
test_top_table_SRCS := tests/unit/test_top_table.c tools/ccwtop/table.c
test_top_table_LIBS := ccw
test_top_table_PKGS := cmocka
test_top_model_SRCS := tests/unit/test_top_model.c tools/ccwtop/model.c $(TOP_SYSFS)
test_top_model_LIBS := ccw
test_top_model_PKGS := cmocka
test_top_sysfs_SRCS := tests/unit/test_top_sysfs.c $(TOP_SYSFS)
test_top_sysfs_LIBS := ccw
test_top_sysfs_PKGS := cmocka
test_top_gather_SRCS := tests/unit/test_top_gather.c tests/unit/gen.c tests/unit/gen_pack.c tools/ccwtop/gather.c $(ccwtop_past)
test_top_gather_LIBS := ccwbpf ccw
test_top_gather_PKGS := cmocka

UNIT_TESTS += test_bpf_sum
test_bpf_sum_SRCS := tests/unit/test_bpf_sum.c
test_bpf_sum_LIBS := ccwbpf ccw
test_bpf_sum_PKGS := cmocka

UNIT_TESTS += test_top_past test_top_paths
test_top_past_SRCS := tests/unit/test_top_past.c $(ccwtop_past)
test_top_past_LIBS := ccw
test_top_past_PKGS := cmocka
test_top_past_LDLIBS := -lm
test_top_paths_SRCS := tests/unit/test_top_paths.c tools/ccwtop/paths.c
test_top_paths_LIBS := ccw
test_top_paths_PKGS := cmocka
UNIT_TESTS += test_exporter
test_exporter_SRCS := tests/unit/test_exporter.c $(addprefix tools/ccwtop/exporter/, accept.c listen.c \
	store.c text.c families.c line.c buf.c sandbox.c)
test_exporter_LIBS := ccw
test_exporter_PKGS := cmocka libseccomp libcap-ng


UNIT_TESTS += test_top_input test_top_config
test_top_input_SRCS := $(addprefix tools/ccwtop/,prompt.c marks.c sieve.c) tests/unit/test_top_input.c
test_top_input_LIBS := ccw
test_top_input_PKGS := cmocka ncursesw
test_top_config_SRCS := $(addprefix tools/ccwtop/,config.c newfile.c theme.c table.c) tests/unit/test_top_config.c
test_top_config_LIBS := ccw
test_top_config_PKGS := cmocka ncursesw
