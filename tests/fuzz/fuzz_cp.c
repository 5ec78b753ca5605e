// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-program translation under libFuzzer. The input is a program, built by the generator of
 * the random test or taken as it is; what is wrong is what the oracle says.
 */
#include <stdio.h>

#include "tests/unit/cp_gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RAW 0x2000u

static u32 raw_program(struct bytes *b, struct guest *g)
{
	u32 how = bytes_take(b, 256);
	u64 at;

	g->fmt1 = how & 1;
	g->ida64 = how & 2;
	g->ida2k = how & 4;
	g->suspend = how & 8;
	guest_map(g, 0, 1);
	for (at = 0x10000; at < 0x80000; at += 2 * GUEST_PAGE)
		guest_map(g, at, 1);
	guest_map_ro(g, 0x100000, 1);
	/* Last, so that the program ends where the mapping does, or at an end of its own. */
	guest_write(g, how & 16 ? RAW + GUEST_PAGE - (b->n & 0xff8) : RAW, b->p,
		    b->n < GUEST_PAGE ? b->n : GUEST_PAGE);
	return how & 16 ? RAW + GUEST_PAGE - (b->n & 0xff8) : RAW;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cp_limits max[] = {
		{ .segments = 256, .ccws = 4096, .idaws = 16384, .pages = 8192 },
		{ .segments = 5, .ccws = 300, .idaws = 40, .pages = 12 },
	};
	static struct cp cps[2];
	struct bytes b = { .p = data, .n = size };
	const char *wrong;
	struct guest *g;
	struct cp *cp;
	u32 mode, cpa;
	bool same;

	if (size < 2)
		return 0;
	mode = bytes_take(&b, 4);
	cp = &cps[mode & 1];
	if (!cp->ops && cp_init(cp, &guest_ops, NULL, &max[mode & 1]))
		abort();
	g = guest_new();
	cp->ctx = g;
	cpa = mode & 2 ? raw_program(&b, g) : gen_program(&b, g);
	wrong = gen_check(&b, g, cp, cpa, &same);
	guest_free(g);
	if (wrong) {
		fprintf(stderr, "fuzz_cp: %s\n", wrong);
		abort();
	}
	return 0;
}
