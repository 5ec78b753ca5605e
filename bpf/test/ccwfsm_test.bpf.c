// SPDX-License-Identifier: GPL-2.0
/* The program of ccwfsm.bpf.c, see ccwlat_test.bpf.c. */
#include "bpf/ccwfsm.bpf.c"

struct fsm_input {
	u64 schid;
	u32 seq;
	s32 rc;
	u8 from, event, to;
};

SEC(".data.input") struct fsm_input input = {};

SEC("raw_tp")
int test_fsm(void *ctx)
{
	(void)ctx;
	return ____ccw_fsm_step(0, input.schid, input.seq, input.from, input.event, input.to,
				input.rc);
}
