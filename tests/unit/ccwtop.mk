UNIT_TESTS += test_top_table test_top_model test_top_sysfs test_top_gather
test_top_table_SRCS := tests/unit/test_top_table.c tools/ccwtop/table.c
test_top_table_LIBS := ccw
test_top_table_PKGS := cmocka
test_top_model_SRCS := tests/unit/test_top_model.c tools/ccwtop/model.c tools/ccwtop/sysfs.c
test_top_model_LIBS := ccw
test_top_model_PKGS := cmocka
test_top_sysfs_SRCS := tests/unit/test_top_sysfs.c tools/ccwtop/sysfs.c
test_top_sysfs_LIBS := ccw
test_top_sysfs_PKGS := cmocka
test_top_gather_SRCS := tests/unit/test_top_gather.c tests/unit/gen.c tests/unit/gen_pack.c tools/ccwtop/gather.c
test_top_gather_LIBS := ccwbpf ccw
test_top_gather_PKGS := cmocka

UNIT_TESTS += test_bpf_sum
test_bpf_sum_SRCS := tests/unit/test_bpf_sum.c
test_bpf_sum_LIBS := ccwbpf ccw
test_bpf_sum_PKGS := cmocka
