// SPDX-License-Identifier: GPL-2.0
/* Channel-program translation: bounds, failures, and guests that mean harm. */
#include <time.h>

#include "tests/unit/cp_fixture.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* n CCWs in a row, the last of them not chaining. */
static void row(struct fx *f, u32 at, unsigned int n)
{
	while (n--)
		at = guest_ccw(f->g, at, 0x01, n ? CC : 0, 1, DATA);
}

static void chain_of_256(void **state)
{
	struct fx *f = *state;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		u32 at = PROG + i * 0x7f8; /* 256 CCWs within a page, and across */

		row(f, at, 256);
		fx_translate(f, at);
		fx_shape(f, 256, 1, 256, 1, 256);
		fx_run(f, at, NULL);
		row(f, at, 257);
		fx_refused(f, at, at);
		/* A TIC as the last one ends it too. */
		guest_tic(f->g, at + 255 * 8, at);
		fx_translate(f, at);
		assert_int_equal(f->cp.shape.bad_ccws, 0);
		guest_ccw(f->g, at + 255 * 8, 0x01, CD, 1, DATA);
		guest_tic(f->g, at + 256 * 8, at);
		fx_refused(f, at, at);
	}
	/* By way of a TIC. */
	row(f, PROG + 0x1000, 257);
	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_tic(f->g, PROG + 8, PROG + 0x1000);
	fx_refused(f, PROG, PROG + 0x1000);
}

/* Too long, but only a status modifier leads there: no error of the program. */
static void long_chain_behind_a_search(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x31, CC, 5, DATA);
	guest_tic(f->g, PROG + 8, PROG);
	row(f, PROG + 16, 400);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_survives(f);
}

static int setup_small(void **state)
{
	static const struct cp_limits max = { .segments = 4, .ccws = 20, .idaws = 40, .pages = 6 };

	return fx_setup_with(state, &max);
}

static void bound_of_segments(void **state)
{
	struct fx *f = *state;
	unsigned int n, i;

	for (n = 1; n < 8; n++) {
		for (i = 0; i < n; i++)
			if (i + 1 < n) {
				guest_ccw(f->g, PROG + i * 0x100, 0x03, CC, 1, 0);
				guest_tic(f->g, PROG + i * 0x100 + 8, PROG + (i + 1) * 0x100);
			} else {
				guest_ccw(f->g, PROG + i * 0x100, 0x03, 0, 1, 0);
			}
		if (n <= 4) {
			fx_translate(f, PROG);
			fx_shape(f, 2 * n - 1, n, 0, 0, 0);
		} else {
			fx_refused(f, PROG, PROG + 3 * 0x100 + 8);
		}
	}
	/* Spare ones do not count against the program. */
	guest_ccw(f->g, PROG, 0x31, CC, 1, DATA);
	guest_tic(f->g, PROG + 8, PROG + 0x100);
	guest_ccw(f->g, PROG + 16, 0x31, CC, 1, DATA);
	guest_tic(f->g, PROG + 24, PROG + 0x800);
	for (i = 1; i < 4; i++) {
		guest_ccw(f->g, PROG + i * 0x100, 0x31, CC, 1, DATA);
		guest_tic(f->g, PROG + i * 0x100 + 8, i < 3 ? PROG + (i + 1) * 0x100 : PROG);
	}
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_survives(f);
}

static void bound_of_ccws(void **state)
{
	struct fx *f = *state;

	row(f, PROG, 20);
	fx_translate(f, PROG);
	row(f, PROG, 21);
	fx_refused(f, PROG, PROG);
	/* In the second segment. */
	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_tic(f->g, PROG + 8, PROG + 0x100);
	row(f, PROG + 0x100, 19);
	fx_refused(f, PROG, PROG + 0x100);
	row(f, PROG + 0x100, 18);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
}

/* Beyond the bound where only a status modifier leads: given up, and no error. */
static void spare_ccws_beyond_the_bound(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x31, CC, 1, DATA);
	guest_tic(f->g, PROG + 8, PROG);
	row(f, PROG + 16, 19);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_shape(f, 2, 2, 1, 1, 1);
	fx_survives(f);
	row(f, PROG + 16, 18);
	fx_translate(f, PROG);
	fx_shape(f, 20, 2, 19, 1, 19);
}

/* The program itself leads to what was spare until then: now it counts. */
static void spare_segment_claimed_at_the_bound(void **state)
{
	struct fx *f = *state;
	unsigned int i;

	guest_ccw(f->g, PROG, 0x31, CC, 1, DATA);
	guest_tic(f->g, PROG + 8, PROG + 0x100);
	guest_ccw(f->g, PROG + 16, 0x03, 0, 1, 0);
	for (i = 1; i < 4; i++)
		guest_tic(f->g, PROG + i * 0x100, i < 3 ? PROG + (i + 1) * 0x100 : PROG + 16);
	fx_refused(f, PROG, PROG + 0x300);
	guest_tic(f->g, PROG + 0x200, PROG + 16);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
}

static void bound_of_idaws(void **state)
{
	struct fx *f = *state;

	f->g->ida2k = true;
	guest_ccw(f->g, PROG, 0x01, CC, 4096, DATA);
	guest_ccw(f->g, PROG + 8, 0x01, CC, 16384, DATA);
	guest_ccw(f->g, PROG + 16, 0x03, CC, 53248, 0); /* its storage needs IDAWs as well */
	guest_ccw(f->g, PROG + 24, 0x01, CC, 8192, DATA);
	guest_ccw(f->g, PROG + 32, 0x03, 0, 1, 0);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	assert_int_equal(f->cp.shape.idaws, 2 + 8 + 26 + 4);
	guest_ccw(f->g, PROG + 24, 0x01, CC, 8193, DATA);
	fx_refused(f, PROG, PROG + 24);
	guest_ccw(f->g, PROG + 16, 0x03, CC, 65535, 0);
	fx_refused(f, PROG, PROG + 16);
}

static void bound_of_pages(void **state)
{
	struct fx *f = *state;
	unsigned int i, n;

	for (n = 1; n < 9; n++) {
		for (i = 0; i < 18; i++)
			guest_ccw(f->g, PROG + i * 8, 0x01, i < 17 ? CC : 0, 8,
				  DATA + (17 - i) * 3 % n * GUEST_PAGE);
		for (i = 0; i < n; i++) /* each of them is named */
			guest_ccw(f->g, PROG + i * 8, 0x02, CC, 8, DATA + (n - i - 1) * GUEST_PAGE);
		if (n <= 6) {
			fx_translate(f, PROG);
			assert_int_equal(f->cp.shape.pages, n);
			assert_int_equal(f->g->pinned, n);
			fx_run(f, PROG, NULL);
		} else {
			fx_refused(f, PROG, PROG + 6 * 8);
		}
	}
	/* A page beyond is no error of the program where only a status modifier leads. */
	guest_ccw(f->g, PROG, 0x31, CC, 6 * GUEST_PAGE, DATA);
	guest_tic(f->g, PROG + 8, PROG);
	guest_ccw(f->g, PROG + 16, 0x02, CC, 8, DATA + 6 * GUEST_PAGE);
	guest_ccw(f->g, PROG + 24, 0x02, 0, 8, DATA + 5 * GUEST_PAGE);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	assert_int_equal(f->cp.shape.pages, 6);
	fx_survives(f);
}

/* Once as many are named as there may be, pages are found again, and by how they are used. */
static void pages_named_again_at_the_bound(void **state)
{
	/* Of 6: two in turn, four more, and all of them once more, now to store into. */
	static const u8 order[] = { 9, 3, 9, 3, 9, 3, 7, 1, 8, 2, 1, 2, 7, 8, 3, 9 };
	struct fx *f = *state;
	u32 at = PROG;
	unsigned int i;

	for (i = 0; i < sizeof(order); i++)
		at = guest_ccw(f->g, at, i < 10 ? 0x01 : 0x02, CC, 8, DATA + order[i] * GUEST_PAGE);
	guest_ccw(f->g, at, 0x03, 0, 1, 0);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	assert_int_equal(f->cp.shape.pages, 6);
	assert_int_equal(f->g->pinned, 6);
	fx_run(f, PROG, NULL);
	guest_ccw(f->g, at, 0x01, 0, 8, DATA);
	fx_refused(f, PROG, at);
}

static int setup_huge(void **state)
{
	static const struct cp_limits max = {
		.segments = 9999, .ccws = 100000, .idaws = 100000, .pages = 8192
	};

	return fx_setup_with(state, &max);
}

/* Ten thousand segments: refused, in no time, with the memory of a reasonable program. */
static void tic_chain_without_end(void **state)
{
	struct fx *f = *state;
	double start;
	u32 i, at;

	for (i = 0; i < 10000; i++) {
		at = 0x100000 + i * 32;
		guest_ccw(f->g, at, 0x31, CC, 1, DATA);
		guest_tic(f->g, at + 8, at + 32);
		guest_ccw(f->g, at + 16, 0x31, CC, 1, DATA);
	}
	start = now();
	fx_refused(f, 0x100000, 0x100000 + 9998 * 32 + 8);
	assert_true(now() - start < 3);
}

static void tic_chain_beyond_the_drivers_bounds(void **state)
{
	struct fx *f = *state;
	double start;
	u32 i, at;

	for (i = 0; i < 10000; i++) {
		at = 0x100000 + i * 16;
		guest_ccw(f->g, at, 0x03, CC, 1, 0);
		guest_tic(f->g, at + 8, i < 9999 ? at + 16 : at);
	}
	start = now();
	fx_refused(f, 0x100000, 0x100000 + 255 * 16 + 8);
	assert_true(now() - start < 0.5);
	assert_true(f->cp.chunks.n <= 2);
}

/* At the bound of pages a guest could have the list sorted again for every IDAW. */
static void pages_at_the_bound_cost_no_more(void **state)
{
	struct fx *f = *state;
	u32 list = 0x400000, at = PROG, i;
	double start;

	/* 8,191 pages, the last first, then two of them in turn. */
	guest_map(f->g, list, 40);
	for (i = 0; i < 8191; i++)
		guest_idaw(f->g, list + i * 8, 0x10000000ULL + (8191 - i) * GUEST_PAGE);
	for (; i < 16384; i++)
		guest_idaw(f->g, list + i * 8, 0x10000000ULL + (1 + i % 2 * 4000) * GUEST_PAGE);
	for (i = 0; i < 16384; i += 15)
		at = guest_ccw(f->g, at, 0x01, i + 15 < 16384 ? CC : 0,
			       (16384 - i < 15 ? 16384 - i : 15) * GUEST_PAGE, list + i * 8);
	for (i = 0; i < 1093; i++) {
		u8 flags = (i < 1092 ? CC : 0) | IDA;

		guest_write(f->g, PROG + i * 8 + 1, &flags, 1);
	}
	/* Runs of 200 and a TIC each, or it is too long a chain. */
	for (i = 200; i < 1093; i += 200)
		guest_tic(f->g, PROG + i * 8, PROG + (i + 1) * 8);
	start = now();
	fx_translate(f, PROG);
	assert_true(now() - start < 3);
	assert_true(f->cp.shape.idaws > 16000);
	assert_true(f->cp.shape.pages > 8000);
}

/* What a guest can have allocated does not grow from program to program. */
static void memory_stays_bounded(void **state)
{
	struct fx *f = *state;
	unsigned int i, chunks = 0;

	for (i = 0; i < 16; i++)
		row(f, 0x100000 + i * 0x1000, 256);
	for (i = 0; i < 200; i++) {
		guest_ccw(f->g, PROG, 0x31, CC, 65535, DATA);
		guest_tic(f->g, PROG + 8, 0x100000 + i % 16 * 0x1000);
		fx_translate(f, PROG);
		if (!i)
			chunks = f->cp.chunks.n;
		assert_int_equal(f->cp.chunks.n, chunks);
	}
	assert_true(chunks < 4);
}

static int setup_few_pages(void **state)
{
	static const struct cp_limits max = {
		.segments = 256, .ccws = 4096, .idaws = 16384, .pages = 1
	};

	return fx_setup_with(state, &max);
}

/* CCWs that are given up for want of pages leave nothing behind in the arena. */
static void what_is_given_up_takes_no_memory(void **state)
{
	struct fx *f = *state;
	unsigned int i, k;

	guest_ccw(f->g, PROG, 0x31, CC, 8, DATA);
	guest_tic(f->g, PROG + 8, PROG);
	guest_ccw(f->g, PROG + 16, 0x31, CC, 8, DATA);
	guest_tic(f->g, PROG + 24, 0x100000);
	for (i = 0; i < 10; i++) {
		u32 at = 0x100000 + i * 0x1000;

		for (k = 0; k < 250; k++)
			at = guest_ccw(f->g, at, 0x31, CC, 65535, DATA + 1);
		guest_tic(f->g, at, 0x100000 + (i + 1) * 0x1000);
	}
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	assert_true(f->cp.shape.ccws > 2000);
	assert_true(f->cp.shape.idaws < 10);
	assert_true(f->cp.chunks.n <= 3);
	fx_survives(f);
}

/* A program that has something of everything. */
static u32 rich(struct fx *f)
{
	unsigned int i;
	u32 at = PROG;

	for (i = 0; i < 40; i++)
		at = guest_ccw(f->g, at, 0x01, CC, 65535, DATA + i * 64);
	at = guest_ccw(f->g, at, 0x02, CC | IDA, 60000, LIST);
	guest_idal(f->g, LIST, DATA + 5, 60000, false);
	for (i = 0; i < 40; i++) {
		guest_tic(f->g, at, PROG + 0x1000 + i * 0x40);
		at = PROG + 0x1000 + i * 0x40;
		at = guest_ccw(f->g, at, 0x31, CC, 4096, DATA + 0x20000);
	}
	guest_ccw(f->g, at, 0x03, 0, 1, 0);
	return PROG;
}

static void every_read_may_fail(void **state)
{
	struct fx *f = *state;
	u32 cpa = rich(f);
	int n, rc;

	for (n = 0; n < 2000; n++) {
		f->g->read_fails_at = n;
		rc = fx_try(f, cpa);
		if (f->g->read_fails_at >= 0)
			break;
		/* Without its first CCW there is no program; else it is cut where it failed. */
		if (!n) {
			assert_int_equal(rc, -EINVAL);
			assert_int_equal(f->cp.shape.bad_addr, cpa);
			assert_int_equal(f->g->pinned, 0);
			continue;
		}
		assert_int_equal(rc, 0);
		fx_survives(f);
		cp_release(&f->cp);
		assert_int_equal(f->g->pinned, 0);
	}
	assert_in_range(n, 50, 1000);
	f->g->read_fails_at = -1;
	fx_translate(f, cpa);
	fx_bad(f, 0, 0);
	fx_run(f, cpa, NULL);
}

static void every_allocation_may_fail(void **state)
{
	struct fx *f = *state;
	u32 cpa = rich(f);
	struct cp cp;
	__be32 orb[3];
	int n, rc = -ENOMEM;

	for (n = 0; rc; n++) {
		cp_user_allocs = n;
		rc = cp_init(&cp, &guest_ops, f->g, &f->cp.max);
		if (rc) {
			assert_int_equal(rc, -ENOMEM);
			continue;
		}
		guest_orb(f->g, cpa, orb);
		rc = cp_translate(&cp, orb);
		assert_true(rc == 0 || rc == -ENOMEM);
		if (rc) {
			assert_false(cp_busy(&cp));
			assert_int_equal(f->g->pinned, 0);
			/* Memory is back, and the same cp goes on. */
			cp_user_allocs = -1;
			assert_int_equal(cp_translate(&cp, orb), 0);
			cp_release(&cp);
		}
		cp_destroy(&cp);
		assert_int_equal(f->g->pinned, 0);
	}
	assert_in_range(n, 8, 100);
	cp_user_allocs = -1;
}

/* The arena needs another chunk: for CCWs, for an IDAL, for IDAWs that lead nowhere. */
static void no_memory_for_another_chunk(void **state)
{
	static const u8 cmds[] = { 0x01, 0x03 };
	struct fx *f = *state;
	unsigned int i, n, failed[2] = { 0, 0 };
	__be32 orb[3];
	struct cp cp;
	int rc;

	for (i = 0; i < 16; i++) /* one page, or the array of pages grows first */
		guest_idaw(f->g, LIST + i * 8, DATA);
	for (i = 0; i < 2; i++) {
		for (n = 1; n < 200; n++) {
			u32 at = PROG;

			while (at < PROG + n * 8)
				at = guest_ccw(f->g, at, cmds[i], CC | IDA, 65535, LIST);
			guest_tic(f->g, at, PROG + 0x1000);
			row(f, PROG + 0x1000, 200);
			assert_int_equal(cp_init(&cp, &guest_ops, f->g, &f->cp.max), 0);
			/* So many arrays that chunks are all that is still allocated. */
			guest_orb(f->g, PROG + 0x1000, orb);
			assert_int_equal(cp_translate(&cp, orb), 0);
			cp_release(&cp);
			row(f, PROG + 0x1000, 20);
			cp_user_allocs = 0;
			guest_orb(f->g, PROG, orb);
			rc = cp_translate(&cp, orb);
			failed[i] += rc == -ENOMEM;
			assert_true(rc == 0 || rc == -ENOMEM);
			cp_user_allocs = -1;
			cp_destroy(&cp);
			assert_int_equal(f->g->pinned, 0);
		}
		assert_true(failed[i] > 50 && failed[i] < 198);
	}
}

static void reuse(void **state)
{
	struct fx *f = *state;
	unsigned int i;
	u32 cpa = rich(f);

	row(f, 0x100000, 257);
	guest_ccw(f->g, 0x110000, 0x01, 0, 8, HOLE);
	for (i = 0; i < 100; i++) {
		switch (i % 5) {
		case 0:
			fx_refused(f, 0x100000, 0x100000);
			break;
		case 1:
			fx_translate(f, cpa);
			fx_bad(f, 0, 0);
			fx_run(f, cpa, NULL);
			break;
		case 2:
			fx_translate(f, 0x110000);
			fx_bad(f, 1, HOLE);
			assert_int_equal(f->g->pinned, 0);
			fx_run(f, 0x110000, NULL);
			break;
		case 3:
			fx_refused(f, HOLE, HOLE);
			break;
		case 4:
			f->g->fmt1 = i & 1; /* read as the other format: safe, whatever it is */
			if (!fx_try(f, cpa))
				fx_survives(f);
			f->g->fmt1 = true;
			break;
		}
	}
	cp_release(&f->cp);
	cp_release(&f->cp);
	assert_int_equal(f->g->pinned, 0);
}

/* --- guests that mean harm: each of these once reached something of the host's ---------------- */

/* An IDAW that looks like a TIC, right behind a segment that was cut. */
static void idaw_that_looks_like_a_tic(void **state)
{
	struct fx *f = *state;
	u32 end = PROG + 4 * GUEST_PAGE;

	guest_map(f->g, 0x0800000000000000ULL, 1);
	guest_map(f->g, 0x08000000fffff000ULL, 1);
	guest_ccw(f->g, end - 16, 0x02, CC | IDA, 8, LIST);
	guest_ccw(f->g, end - 8, 0x31, CC | IDA, 8, LIST + 8);
	guest_idaw(f->g, guest_idaw(f->g, LIST, 0x08000000fffffff1ULL), 0x0800000000000001ULL);
	fx_translate(f, end - 16);
	assert_int_equal(fx_idaw(f, fx_nth(f, 0), 0), 0x08000000fffffff1ULL);
	assert_int_equal(fx_idaw(f, fx_nth(f, 1), 0), 0x0800000000000001ULL);
	fx_run(f, end - 16, NULL);
	fx_survives(f);
}

/* IDAWs that were given up hold what the guest wrote: a CCW with a host address, say. */
static void idaw_that_looks_like_a_ccw(void **state)
{
	struct fx *f = *state;
	u32 end = PROG + 4 * GUEST_PAGE;

	guest_ccw(f->g, PROG, 0x31, CC, 8, DATA);
	guest_tic(f->g, PROG + 8, end - 16);
	guest_tic(f->g, PROG + 16, end - 8);
	guest_ccw(f->g, end - 16, 0x02, CC | IDA, 8, LIST);
	guest_idaw(f->g, LIST, 0x0200100012345678ULL);
	guest_ccw(f->g, end - 8, 0x31, CC, 8, DATA);
	fx_translate(f, PROG);
	fx_survives(f);
}

/* Pages of an earlier program are not pinned any more: none of its IDAWs may be met. */
static void no_trace_of_the_program_before(void **state)
{
	struct fx *f = *state;
	u32 end = PROG + 4 * GUEST_PAGE, k;
	__be32 orb[3];

	for (k = 0; k < 12; k++) {
		row(f, PROG, 200);
		guest_orb(f->g, PROG, orb);
		assert_int_equal(cp_translate(&f->cp, orb), 0);
		cp_release(&f->cp);
		guest_ccw(f->g, end - 8, 0x31, CC, k, HOLE);
		guest_orb(f->g, end - 8, orb);
		assert_int_equal(cp_translate(&f->cp, orb), 0);
		fx_survives(f);
		cp_release(&f->cp);
	}
}

static void program_that_changes_while_it_is_read(void **state)
{
	struct fx *f = *state;
	unsigned int i;

	for (i = 0; i < 300; i++) {
		u32 cpa = rich(f);

		f->g->restless = true;
		f->g->noise = i;
		if (!fx_try(f, cpa))
			fx_survives(f);
		f->g->restless = false;
		cp_release(&f->cp);
		assert_int_equal(f->g->pinned, 0);
	}
}

#define FX_TEST_WITH(f, setup) cmocka_unit_test_setup_teardown(f, setup, fx_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FX_TEST(chain_of_256),
		FX_TEST(long_chain_behind_a_search),
		FX_TEST_WITH(bound_of_segments, setup_small),
		FX_TEST_WITH(bound_of_ccws, setup_small),
		FX_TEST_WITH(spare_ccws_beyond_the_bound, setup_small),
		FX_TEST_WITH(spare_segment_claimed_at_the_bound, setup_small),
		FX_TEST_WITH(bound_of_idaws, setup_small),
		FX_TEST_WITH(bound_of_pages, setup_small),
		FX_TEST_WITH(pages_named_again_at_the_bound, setup_small),
		FX_TEST_WITH(tic_chain_without_end, setup_huge),
		FX_TEST(tic_chain_beyond_the_drivers_bounds),
		FX_TEST(pages_at_the_bound_cost_no_more),
		FX_TEST(memory_stays_bounded),
		FX_TEST_WITH(what_is_given_up_takes_no_memory, setup_few_pages),
		FX_TEST(every_read_may_fail),
		FX_TEST(every_allocation_may_fail),
		FX_TEST(no_memory_for_another_chunk),
		FX_TEST(reuse),
		FX_TEST(idaw_that_looks_like_a_tic),
		FX_TEST(idaw_that_looks_like_a_ccw),
		FX_TEST(no_trace_of_the_program_before),
		FX_TEST(program_that_changes_while_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
