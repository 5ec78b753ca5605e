// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-program translation under libFuzzer. The input is one to four programs of one guest,
 * built by the generator of the random test or taken as they are, the bounds they have to keep
 * and what else happens: memory that changes while it is read, pages that move or go, reads and
 * allocations that fail, pages that stay pinned for the next program. What is wrong is what the
 * oracle and the guest's ledger say. Ends with a line that says what was tried.
 */
#include <stdio.h>

#include "tests/unit/cp_gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RAW 0x2000u

/* The first byte: what the input is about. */
enum {
	TIGHT = 0x01, /* bounds that programs meet */
	AS_IT_IS = 0x02, /* CCWs and IDAWs are the input's bytes */
	BOUNDS = 0x04, /* bounds of the input's choice */
	SEVERAL = 0x08,
	KEEP = 0x10,
	SCARCE = 0x20, /* an allocation fails */
	READ_FAILS = 0x40,
	LOG = 0x80, /* of the CCWs, for those who trace */
};

static const struct cp_limits wide = {
	.segments = 256, .ccws = 4096, .idaws = 16384, .pages = 8192
};
static const struct cp_limits tight = { .segments = 5, .ccws = 300, .idaws = 40, .pages = 12 };

static struct {
	unsigned long programs, compared, resumed, refused, no_memory;
	unsigned long restless, bound, kept;
	unsigned long format[2], idal[3]; /* of CCWs; format 1, format 2 with 2K and with 4K */
} tally;

static void say_tally(void)
{
	fprintf(stderr,
		"fuzz_cp: %lu programs: %lu compared, %lu resumed, %lu refused, "
		"%lu without memory, %lu changing, %lu at a bound, %lu kept; "
		"CCWs format 0 %lu, 1 %lu; IDAWs format 1 %lu, 2 of 2K %lu, 2 of 4K %lu\n",
		tally.programs, tally.compared, tally.resumed, tally.refused, tally.no_memory,
		tally.restless, tally.bound, tally.kept, tally.format[0], tally.format[1],
		tally.idal[0], tally.idal[1], tally.idal[2]);
}

static void count(const struct guest *g, const struct gen_result *res)
{
	if (!tally.programs++)
		atexit(say_tally);
	tally.compared += res->compared;
	tally.resumed += res->resumed;
	tally.refused += res->rc == -EINVAL;
	tally.no_memory += res->rc == -ENOMEM;
	tally.restless += res->restless;
	tally.bound += res->bound;
	tally.kept += g->keep;
	tally.format[g->fmt1]++;
	tally.idal[g->ida64 ? 1 + !g->ida2k : 0]++;
}

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

static u32 bound(struct bytes *b, u32 usual)
{
	static const u32 special[] = { 0, 1, 2, 255, 256, 257, 0xffffffff };
	u32 n = bytes_take(b, 16);

	return n < 7 ? special[n] : n < 10 ? usual : bytes_take(b, 600);
}

static struct cp_limits bounds(struct bytes *b, u32 mode)
{
	struct cp_limits max = mode & TIGHT ? tight : wide;

	if (mode & BOUNDS) {
		max.segments = bound(b, max.segments);
		max.ccws = bound(b, max.ccws);
		max.idaws = bound(b, max.idaws);
		max.pages = bound(b, max.pages);
	}
	return max;
}

/* Between two programs: the guest or its host does something to a page, with the driver's leave. */
static void between(struct bytes *b, struct guest *g, struct cp *cp)
{
	u64 at = 0x10000 + bytes_take(b, 24) * GUEST_PAGE;

	switch (bytes_take(b, 8)) {
	case 0:
		if (cp_uses(cp, at, GUEST_PAGE))
			cp_release(cp);
		guest_unmap(g, at);
		break;
	case 1:
		guest_move(g, at);
		break;
	case 2:
		cp_release(cp);
		break;
	case 3:
		g->keep = !g->keep;
		if (!g->keep)
			cp_release(cp);
		break;
	}
}

/* What the events would tell of the program. */
static void read_log(struct cp *cp)
{
	u8 params[16];
	u64 first;
	u32 i;

	for (i = 0; i < cp->log.n; i++)
		if (cp_logged_data(cp, i, params, sizeof(params), &first) > sizeof(params))
			abort();
}

static const char *programs(struct bytes *b, u32 mode, struct guest *g, struct cp *cp,
			    struct cp *next)
{
	unsigned int n = mode & SEVERAL ? 2 + bytes_take(b, 3) : 1;
	const char *wrong = NULL;
	struct gen_result res;
	u32 cpa;

	g->keep = mode & KEEP;
	cp->logging = mode & LOG;
	if (mode & READ_FAILS)
		g->read_fails_at = bytes_take(b, 32);
	while (n-- && !wrong) {
		cpa = mode & AS_IT_IS ? raw_program(b, g) : gen_program(b, g);
		wrong = gen_check(b, g, cp, next, cpa, &res);
		count(g, &res);
		read_log(cp);
		if (n)
			between(b, g, cp);
	}
	cp_release(cp);
	return wrong ? wrong : g->error ? g->error : g->pinned ? "pages stay pinned" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cp used, next; /* by every input before */
	struct bytes b = { .p = data, .n = size };
	struct cp fresh, *cp = &used;
	struct cp_limits max;
	const char *wrong = NULL;
	struct guest *g;
	u32 mode;

	if (size < 2)
		return 0;
	mode = bytes_take(&b, 256);
	max = bounds(&b, mode);
	g = guest_new();
	if (!used.ops && (cp_init(&used, &guest_keep_ops, g, &max) ||
			  cp_init(&next, &guest_keep_ops, g, &max)))
		abort();
	used.max = next.max = max;
	used.ctx = next.ctx = g;
	if (mode & SCARCE) {
		cp_user_allocs = bytes_take(&b, 24);
		cp = &fresh;
		if (cp_init(cp, &guest_keep_ops, g, &max))
			goto out; /* it was the one that fails */
	}
	wrong = programs(&b, mode, g, cp, &next);
	if (cp == &fresh)
		cp_destroy(cp);
out:
	cp_user_allocs = -1;
	guest_free(g);
	if (wrong) {
		fprintf(stderr, "fuzz_cp: %s\n", wrong);
		abort();
	}
	return 0;
}
