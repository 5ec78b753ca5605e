// SPDX-License-Identifier: GPL-2.0
/*
 * Why a program is refused, or which of its CCWs the channel will refuse: each reason that
 * vfio_ccw_cp has, with the guest addresses it names. And the log of the CCWs that were copied.
 */
#include "tests/unit/cp_fixture.h"

#define READ 0x02
#define WRITE 0x01
#define CONTROL 0x07

static bool seen[VFIO_CCW_NR_WHYS];

static void expect(struct fx *f, enum vfio_ccw_why why, u32 ccw, u64 addr)
{
	assert_int_equal(f->cp.shape.why, why);
	assert_int_equal(f->cp.shape.bad_ccw, ccw);
	assert_int_equal(f->cp.shape.bad_addr, addr);
	seen[why] = true;
}

/* The program as a whole. */
static void refused(struct fx *f, u32 cpa, int rc, enum vfio_ccw_why why, u32 addr)
{
	assert_int_equal(fx_try(f, cpa), rc);
	expect(f, why, addr, addr);
	assert_int_equal(f->g->pinned, 0);
}

/* A CCW of it: the program is started. */
static void bad(struct fx *f, enum vfio_ccw_why why, u32 ccw, u64 addr)
{
	fx_translate(f, PROG);
	assert_int_equal(f->cp.shape.bad_ccws, 1);
	expect(f, why, ccw, addr);
	fx_run(f, PROG, NULL);
}

static void good_program(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, WRITE, 0, 16, DATA);
	fx_translate(f, PROG);
	expect(f, VFIO_CCW_WHY_NONE, 0, 0);
}

static void orb(void **state)
{
	__be32 words[3] = { 0, htobe32(0x00040000), htobe32(PROG) };
	struct fx *f = *state;

	f->g->fmt1 = true;
	guest_ccw(f->g, PROG, 0x03, 0, 1, 0);
	assert_int_equal(cp_translate(&f->cp, words), -EOPNOTSUPP);
	expect(f, VFIO_CCW_WHY_TRANSPORT, PROG, PROG);
	refused(f, PROG + 4, -EINVAL, VFIO_CCW_WHY_CPA_ALIGN, PROG + 4);
	refused(f, 0x80000000, -EINVAL, VFIO_CCW_WHY_CPA_RANGE, 0x80000000);
	refused(f, HOLE, -EINVAL, VFIO_CCW_WHY_CCW_FETCH, HOLE);
	f->g->fmt1 = false;
	refused(f, 0x01000000, -EINVAL, VFIO_CCW_WHY_CPA_RANGE, 0x01000000);
	/* A program that was not released is not walked over. */
	f->g->fmt1 = true;
	guest_ccw(f->g, PROG, WRITE, 0, 16, DATA);
	fx_translate(f, PROG);
	guest_orb(f->g, PROG, words);
	assert_int_equal(cp_translate(&f->cp, words), -EBUSY);
	expect(f, VFIO_CCW_WHY_BUSY, PROG, PROG);
}

static int setup_small(void **state)
{
	static const struct cp_limits max = { .segments = 3, .ccws = 300, .idaws = 20, .pages = 4 };

	return fx_setup_with(state, &max);
}

static void bounds(void **state)
{
	struct fx *f = *state;
	u32 at = PROG, i;

	f->g->fmt1 = true;
	for (i = 0; i < 257; i++)
		at = guest_ccw(f->g, at, 0x03, CC, 1, 0);
	refused(f, PROG, -EINVAL, VFIO_CCW_WHY_RUN_LENGTH, PROG);

	guest_tic(f->g, PROG + 255 * 8, PROG + 0x1000);
	for (at = PROG + 0x1000, i = 0; i < 50; i++)
		at = guest_ccw(f->g, at, 0x03, i < 49 ? CC : 0, 1, 0);
	refused(f, PROG, -EINVAL, VFIO_CCW_WHY_MAX_CCWS, PROG + 0x1000);

	for (i = 0; i < 4; i++) {
		guest_ccw(f->g, PROG + i * 0x100, 0x03, CC, 1, 0);
		guest_tic(f->g, PROG + i * 0x100 + 8, PROG + (i + 1) * 0x100);
	}
	refused(f, PROG, -EINVAL, VFIO_CCW_WHY_MAX_SEGMENTS, PROG + 2 * 0x100 + 8);

	guest_ccw(f->g, PROG, WRITE, CC, 0x3000, DATA);
	guest_ccw(f->g, PROG + 8, WRITE, 0, 0x3000, DATA + 0x8000);
	refused(f, PROG, -EINVAL, VFIO_CCW_WHY_MAX_PAGES, PROG + 8);

	for (at = PROG, i = 0; i < 30; i++)
		at = guest_ccw(f->g, at, WRITE, CC, 8, DATA);
	refused(f, PROG, -EINVAL, VFIO_CCW_WHY_MAX_IDAWS, PROG + 20 * 8);
}

static void host_without_memory(void **state)
{
	struct fx *f = *state;
	u32 at = PROG, i;

	for (i = 0; i < 200; i++)
		at = guest_ccw(f->g, at, WRITE, i < 199 ? CC : 0, 8, DATA);
	cp_user_allocs = 0;
	assert_int_equal(fx_try(f, PROG), -ENOMEM);
	expect(f, VFIO_CCW_WHY_NOMEM, PROG, PROG);
}

static void ccws(void **state)
{
	struct fx *f = *state;

	f->g->fmt1 = false;
	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_ccw(f->g, PROG + 8, WRITE, 0, 0, DATA);
	bad(f, VFIO_CCW_WHY_COUNT_0, PROG + 8, PROG + 8);

	f->g->fmt1 = true;
	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_ccw(f->g, PROG + 8, 0x18, 0, 8, DATA);
	bad(f, VFIO_CCW_WHY_COMMAND, PROG + 8, PROG + 8);
	guest_ccw(f->g, PROG + 8, WRITE, MIDA, 8, DATA);
	bad(f, VFIO_CCW_WHY_MIDA, PROG + 8, PROG + 8);
	guest_ccw(f->g, PROG + 8, 0x08, SLI, 0, PROG + 0x100);
	bad(f, VFIO_CCW_WHY_TIC_FLAGS, PROG + 8, PROG + 8);
	guest_tic(f->g, PROG + 8, PROG + 0x101);
	bad(f, VFIO_CCW_WHY_TIC_ALIGN, PROG + 8, PROG + 0x101);
	guest_tic(f->g, PROG + 8, 0x80000000);
	bad(f, VFIO_CCW_WHY_TIC_RANGE, PROG + 8, 0x80000000);
	guest_tic(f->g, PROG + 8, HOLE);
	bad(f, VFIO_CCW_WHY_CCW_FETCH, HOLE, HOLE);
	guest_ccw(f->g, PROG + 8, WRITE, 0, 8, 0x80000000);
	bad(f, VFIO_CCW_WHY_DATA_RANGE, PROG + 8, 0x80000000);
	guest_ccw(f->g, PROG + 8, WRITE, 0, 8, HOLE + 5);
	bad(f, VFIO_CCW_WHY_PAGE, PROG + 8, HOLE + 5);
	guest_tic(f->g, PROG, PROG + 8);
	bad(f, VFIO_CCW_WHY_TIC_FIRST, PROG, PROG);
}

static void past_the_edges(void **state)
{
	struct fx *f = *state;

	/* The program runs off its mapping. */
	f->g->fmt1 = true;
	guest_map(f->g, 0x50000, 1);
	guest_ccw(f->g, 0x50ff8, 0x03, CC, 1, 0);
	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_tic(f->g, PROG + 8, 0x50ff8);
	bad(f, VFIO_CCW_WHY_CCW_FETCH, 0x51000, 0x51000);
	/* The data runs off the range of addresses. */
	guest_map(f->g, 0x7ffff000, 1);
	guest_ccw(f->g, PROG, WRITE, 0, 0x2000, 0x7ffff800);
	bad(f, VFIO_CCW_WHY_DATA_RANGE, PROG, PROG);
	/* And into a page that may not be stored into. */
	guest_map_ro(f->g, 0x60000, 1);
	guest_ccw(f->g, PROG, READ, 0, 8, 0x60010);
	fx_translate(f, PROG);
	expect(f, VFIO_CCW_WHY_PAGE, PROG, 0x60010);
}

static void idals(void **state)
{
	struct fx *f = *state;

	f->g->fmt1 = true;
	f->g->ida64 = true;
	guest_ccw(f->g, PROG, WRITE, IDA, 8, LIST + 4);
	bad(f, VFIO_CCW_WHY_IDAL_ALIGN, PROG, LIST + 4);
	guest_ccw(f->g, PROG, WRITE, IDA, 8, HOLE);
	bad(f, VFIO_CCW_WHY_IDAL_FETCH, PROG, HOLE);
	guest_ccw(f->g, PROG, WRITE, IDA, 8, 0x80000000);
	bad(f, VFIO_CCW_WHY_IDAL_FETCH, PROG, 0x80000000);
	guest_ccw(f->g, PROG, WRITE, IDA, 0x1008, LIST);
	guest_idaw(f->g, LIST, DATA);
	guest_idaw(f->g, LIST + 8, DATA + 0x1008);
	bad(f, VFIO_CCW_WHY_IDAW, PROG, PROG);
	guest_idaw(f->g, LIST + 8, HOLE);
	bad(f, VFIO_CCW_WHY_PAGE, PROG, HOLE);
	guest_idaw(f->g, LIST + 8, ~0ULL & ~0xfffULL);
	bad(f, VFIO_CCW_WHY_PAGE, PROG, ~0ULL & ~0xfffULL);
	f->g->ida64 = false;
	guest_ccw(f->g, PROG, WRITE, IDA, 8, LIST);
	guest_idaw(f->g, LIST, 0x80000000);
	bad(f, VFIO_CCW_WHY_IDAW, PROG, LIST);
}

/* The first that is found is the one that is told of; the others are counted. */
static void several(void **state)
{
	struct fx *f = *state;

	f->g->fmt1 = true;
	guest_ccw(f->g, PROG, WRITE, CC, 8, HOLE);
	guest_ccw(f->g, PROG + 8, WRITE, CC | MIDA, 8, DATA);
	guest_tic(f->g, PROG + 16, PROG + 4);
	fx_translate(f, PROG);
	assert_int_equal(f->cp.shape.bad_ccws, 3);
	expect(f, VFIO_CCW_WHY_MIDA, PROG + 8, PROG + 8);
}

static void every_reason_was_seen(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < VFIO_CCW_NR_WHYS; i++)
		if (!seen[i] && i != VFIO_CCW_WHY_FCTL) /* not of cp's: region.c */
			fail_msg("reason %u is never given here", i);
}

static const struct cp_logged *logged(const struct fx *f, u32 i)
{
	assert_true(i < f->cp.log.n);
	return (const struct cp_logged *)f->cp.log.p + i;
}

static void is_logged(const struct fx *f, u32 i, u32 addr)
{
	struct cp_ccw raw;

	assert_int_equal(guest_peek(f->g, addr, &raw, sizeof(raw)), 0);
	assert_int_equal(logged(f, i)->addr, addr);
	assert_memory_equal(&logged(f, i)->ccw, &raw, sizeof(raw));
}

static u32 data_of(struct fx *f, u32 i, u8 buf[64], u64 *first)
{
	memset(buf, 0xee, 64);
	return cp_logged_data(&f->cp, i, buf, 64, first);
}

static void log_of_ccws(void **state)
{
	u8 text[100], buf[64];
	struct fx *f = *state;
	unsigned int fmt, i;
	u64 first;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i;
	guest_write(f->g, DATA, text, sizeof(text));
	guest_write(f->g, DATA + 0x1ff8, text, sizeof(text));
	for (fmt = 0; fmt < 2; fmt++) {
		f->g->fmt1 = fmt;
		f->g->ida64 = true;
		guest_ccw(f->g, PROG, CONTROL, CC, 6, DATA + 1);
		guest_ccw(f->g, PROG + 8, CONTROL, CD | CC, 100, DATA);
		guest_ccw(f->g, PROG + 16, 0, CC, 4, DATA + 4); /* control by data chaining */
		guest_ccw(f->g, PROG + 24, CONTROL, CC | IDA, 16, LIST);
		guest_idal(f->g, LIST, DATA + 0x1ff8, 16, false);
		guest_ccw(f->g, PROG + 32, WRITE, CC | IDA, 16, LIST);
		guest_ccw(f->g, PROG + 40, READ, CC, 16, DATA);
		guest_ccw(f->g, PROG + 48, 0x03, CC, 16, DATA); /* NOP moves nothing */
		guest_tic(f->g, PROG + 56, PROG + 0x100);
		guest_ccw(f->g, PROG + 0x100, CONTROL, 0, 16, HOLE);

		f->cp.logging = false;
		fx_translate(f, PROG);
		assert_int_equal(f->cp.log.n, 0);
		f->cp.logging = true;
		fx_translate(f, PROG);
		assert_int_equal(f->cp.log.n, f->cp.shape.ccws);
		for (i = 0; i < 8; i++)
			is_logged(f, i, PROG + i * 8);
		is_logged(f, 8, PROG + 0x100);

		assert_int_equal(data_of(f, 0, buf, &first), 6);
		assert_memory_equal(buf, text + 1, 6);
		assert_true(cp_no_idaw(first));
		assert_int_equal(data_of(f, 1, buf, &first), 64);
		assert_memory_equal(buf, text, 64);
		assert_int_equal(data_of(f, 2, buf, &first), 4);
		assert_memory_equal(buf, text + 4, 4);
		/* Behind the first IDAW the data goes on elsewhere. */
		assert_int_equal(data_of(f, 3, buf, &first), 8);
		assert_memory_equal(buf, text, 8);
		assert_int_equal(first, DATA + 0x1ff8);
		/* What reads and writes move is nobody's business. */
		assert_int_equal(data_of(f, 4, buf, &first), 0);
		assert_int_equal(first, DATA + 0x1ff8);
		assert_int_equal(data_of(f, 5, buf, &first), 0);
		assert_int_equal(data_of(f, 6, buf, &first), 0);
		assert_int_equal(data_of(f, 7, buf, &first), 0);
		assert_int_equal(data_of(f, 8, buf, &first), 0); /* not mapped */
		for (i = 0; i < 64; i++)
			assert_int_equal(buf[i], 0xee);
	}
}

/* Looking on must not make a program fail. */
static void log_without_memory(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, CONTROL, 0, 6, DATA);
	fx_translate(f, PROG);
	f->cp.logging = true;
	cp_user_allocs = 0;
	fx_translate(f, PROG);
	assert_int_equal(f->cp.log.n, 0);
	assert_int_equal(f->cp.shape.ccws, 1);
	assert_int_equal(cp_user_allocs, -1); /* one was asked for, and refused */
	fx_run(f, PROG, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FX_TEST(good_program),
		FX_TEST(orb),
		cmocka_unit_test_setup_teardown(bounds, setup_small, fx_teardown),
		FX_TEST(host_without_memory),
		FX_TEST(ccws),
		FX_TEST(past_the_edges),
		FX_TEST(idals),
		FX_TEST(several),
		cmocka_unit_test(every_reason_was_seen),
		FX_TEST(log_of_ccws),
		FX_TEST(log_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
