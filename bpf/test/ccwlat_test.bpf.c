// SPDX-License-Identifier: GPL-2.0
/*
 * The programs of ccwlat.bpf.c, to be run by BPF_PROG_TEST_RUN: the kernel runs raw tracepoints so,
 * but not those with types (tp_btf). The same functions, called with what the test puts into input.
 */
#include "bpf/ccwlat.bpf.c"

SEC(".data.input") struct vfio_ccw_io_record input = {};

SEC("raw_tp")
int test_io(void *ctx)
{
	(void)ctx;
	return ____ccw_io_end(0, &input);
}
