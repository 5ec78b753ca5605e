// SPDX-License-Identifier: GPL-2.0
/* The programs of ccwcio.bpf.c, see ccwlat_test.bpf.c. */
#include "bpf/ccwcio.bpf.c"

struct cio_input {
	u64 schid;
	s32 cc;
	u32 tpi[3]; /* as struct tpi_info, its first word the subchannel's */
	u32 irb[24];
};

SEC(".data.input") struct cio_input input = {};

SEC("raw_tp")
int test_ssch(void *ctx)
{
	(void)ctx;
	return ____ccw_ssch(0, input.schid, 0, input.cc);
}

SEC("raw_tp")
int test_hsch(void *ctx)
{
	(void)ctx;
	return ____ccw_hsch(0, input.schid, input.cc);
}

SEC("raw_tp")
int test_csch(void *ctx)
{
	(void)ctx;
	return ____ccw_csch(0, input.schid, input.cc);
}

SEC("raw_tp")
int test_xsch(void *ctx)
{
	(void)ctx;
	return ____ccw_xsch(0, input.schid, input.cc);
}

SEC("raw_tp")
int test_interrupt(void *ctx)
{
	(void)ctx;
	return ____ccw_interrupt(0, (const struct tpi_info *)input.tpi);
}

SEC("raw_tp")
int test_tsch(void *ctx)
{
	(void)ctx;
	return ____ccw_tsch(0, input.schid, (const struct irb *)input.irb, input.cc);
}
