// SPDX-License-Identifier: GPL-2.0
/* Channel-program translation, feature by feature: what comes out for what goes in. */
#include "tests/unit/cp_fixture.h"

static void one_write(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x01, SLI, 8, DATA + 100);
	fx_translate(f, PROG);
	fx_shape(f, 1, 1, 1, 1, 8);
	fx_bad(f, 0, 0);
	assert_int_equal(f->cp.shape.cmd, 0x01);
	assert_true(cp_busy(&f->cp));
	assert_int_equal(fx_nth(f, 0)->cmd, 0x01);
	assert_int_equal(fx_nth(f, 0)->flags, SLI | IDA);
	assert_int_equal(be16toh(fx_nth(f, 0)->count), 8);
	assert_int_equal(fx_idaw(f, fx_nth(f, 0), 0), DATA + 100);
	assert_true(guest_page(f->g, DATA)->pinned);
	assert_false(guest_page(f->g, DATA)->pinned_write);
	assert_false(cp_ida2k(&f->cp));
	fx_run(f, PROG, NULL);
	cp_release(&f->cp);
	assert_false(cp_busy(&f->cp));
	assert_int_equal(f->g->pinned, 0);
}

static void every_flag_is_kept(void **state)
{
	struct fx *f = *state;
	unsigned int flags;

	f->g->suspend = true;
	for (flags = 0; flags < 256; flags += 2) {
		guest_ccw(f->g, PROG, 0x02, flags, 8, flags & IDA ? LIST : DATA);
		guest_ccw(f->g, PROG + 8, 0x02, 0, 8, DATA + 8);
		guest_idaw(f->g, LIST, DATA);
		fx_translate(f, PROG);
		fx_bad(f, 0, 0);
		assert_int_equal(fx_nth(f, 0)->flags, flags & SKIP ? flags & ~IDA : flags | IDA);
		assert_int_equal(f->cp.shape.ccws, flags & (CD | CC) ? 2 : 1);
		fx_run(f, PROG, NULL);
	}
}

/* No MIDAL is translated: the flag must not reach a channel that knows it. */
static void modified_idals_are_refused_by_ccw(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_ccw(f->g, PROG + 8, 0x02, MIDA, 8, LIST);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG + 8);
	assert_int_equal(fx_nth(f, 1)->flags & MIDA, 0);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2010 resid 0 cstat 20 dstat 00");
}

static void every_command_code(void **state)
{
	struct fx *f = *state;
	unsigned int cmd, in;

	for (cmd = 0; cmd < 256; cmd++) {
		guest_ccw(f->g, PROG, cmd, 0, 8, DATA + 64);
		fx_translate(f, PROG);
		if (cmd == 0x08) {
			assert_int_equal(fx_nth(f, 0)->cmd, 0); /* a TIC with a count */
		} else if ((cmd & 15) == 8) {
			assert_int_equal(fx_nth(f, 0)->cmd, 0);
			fx_bad(f, 1, PROG);
		} else {
			assert_int_equal(fx_nth(f, 0)->cmd, cmd);
			in = (cmd & 3) == 2 || (cmd & 15) == 4 || (cmd & 15) == 12;
			assert_int_equal(guest_page(f->g, DATA)->pinned, (cmd & 7) && cmd != 3);
			assert_int_equal(guest_page(f->g, DATA)->pinned_write, in);
		}
		fx_run(f, PROG, NULL);
	}
}

static void format_0(void **state)
{
	struct fx *f = *state;
	/* TIC with junk where format 0 ignores it, byte 5 of the others ignored. */
	static const u8 tic[8] = { 0xf8, 0x00, 0x21, 0x00, 0xff, 0xff, 0x12, 0x34 };
	static const u8 read[8] = { 0x02, 0x01, 0x00, 0x10, CC | SLI, 0xee, 0x00, 0x20 };

	f->g->fmt1 = false;
	guest_write(f->g, PROG, read, 8);
	guest_write(f->g, PROG + 8, tic, 8);
	guest_ccw(f->g, 0x2100, 0x01, 0, 0x1000, DATA + 8);
	fx_translate(f, PROG);
	/* No status modifier leads behind a TIC that follows a READ. */
	fx_shape(f, 3, 2, 3, 2, 0x1020);
	fx_bad(f, 0, 0);
	assert_int_equal(fx_nth(f, 0)->flags, CC | SLI | IDA);
	assert_int_equal(be16toh(fx_nth(f, 0)->count), 0x20);
	assert_int_equal(fx_idaw(f, fx_nth(f, 0), 0), DATA + 0x10);
	assert_int_equal(fx_nth(f, 1)->cmd, 0x08);
	assert_int_equal(fx_nth(f, 1)->flags, 0);
	assert_int_equal(be16toh(fx_nth(f, 1)->count), 0);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2108 resid 0 cstat 00 dstat 0c");

	guest_ccw(f->g, PROG, 0x03, 0, 0, 0); /* format 0 knows no count of 0 */
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG);
	fx_run(f, PROG, NULL);
}

static void format_1_tic_must_be_clean(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
	guest_ccw(f->g, PROG + 8, 0x08, SLI, 0, PROG);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG + 8);
	fx_run(f, PROG, NULL);
	guest_ccw(f->g, PROG + 8, 0x08, 0, 1, PROG);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG + 8);
	fx_run(f, PROG, NULL);
	guest_tic(f->g, PROG + 8, 0x80000000 | PROG);
	fx_translate(f, PROG);
	fx_bad(f, 1, 0x80000000 | PROG);
	fx_run(f, PROG, NULL);
}

/* The same data by IDAL and named directly: same pages, same bytes. */
static void one_idal(struct fx *f, u64 addr, u32 count)
{
	u32 block = guest_block(f->g), n = (addr % block + count - 1) / block + 1, k;

	guest_ccw(f->g, PROG, 0x02, IDA | CC, count, LIST);
	guest_idal(f->g, LIST, addr, count, false);
	guest_ccw(f->g, PROG + 8, 0x01, 0, count, addr);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_shape(f, 2, 1, 2 * n, (addr % 4096 + count - 1) / 4096 + 1, 2 * count);
	assert_int_equal(cp_ida2k(&f->cp), block == 2048);
	for (k = 0; k < n; k++) {
		u64 at = k ? (addr / block + k) * block : addr;

		assert_int_equal(fx_idaw(f, fx_nth(f, 0), k), at);
		assert_int_equal(fx_idaw(f, fx_nth(f, 1), k), at);
	}
	fx_run(f, PROG, NULL);
}

/* All three formats, data that begins inside a block and ends inside another. */
static void idal_formats(void **state)
{
	static const u32 starts[] = { 0, 1, 2047, 2048, 4095 };
	static const u32 counts[] = { 1, 2047, 2048, 2049, 4096, 4097, 65535 };
	struct fx *f = *state;
	unsigned int i, s, c;

	for (i = 0; i < 3; i++) {
		f->g->ida64 = i > 0;
		f->g->ida2k = i == 1;
		for (s = 0; s < 5; s++)
			for (c = 0; c < 7; c++)
				one_idal(f, DATA + starts[s], counts[c]);
	}
}

static void idaws_above_4g(void **state)
{
	struct fx *f = *state;

	guest_map(f->g, 0x1234567000ULL, 1);
	guest_map(f->g, 0x8000000000000000ULL, 1);
	guest_ccw(f->g, PROG, 0x02, IDA, 8192, LIST);
	guest_idaw(f->g, guest_idaw(f->g, LIST, 0x1234567000ULL), 0x8000000000000000ULL);
	fx_translate(f, PROG);
	fx_shape(f, 1, 1, 2, 2, 8192);
	fx_bad(f, 0, 0);
	assert_int_equal(fx_idaw(f, fx_nth(f, 0), 1), 0x8000000000000000ULL);
	fx_run(f, PROG, NULL);
}

/* The first may begin anywhere, the others at a block; going backward: at its last byte. */
static void idaw_alignment(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x02, IDA, 4096, LIST);
	guest_idaw(f->g, guest_idaw(f->g, LIST, DATA + 96), DATA + 4096 + 8);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG);
	fx_run(f, PROG, NULL);
	fx_says(f, &f->h.ev[1], "data in 10060 4000");
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 96 cstat 20 dstat 00");

	f->g->ida2k = true;
	guest_ccw(f->g, PROG, 0x0c, IDA, 4096, LIST);
	guest_idaw(f->g, guest_idaw(f->g, LIST, DATA + 2047), DATA + 4096);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 2048 cstat 20 dstat 00");

	f->g->ida64 = false; /* 31 bits and no more */
	guest_ccw(f->g, PROG, 0x02, IDA, 8, LIST);
	guest_idaw(f->g, LIST, 0x80000000 | DATA);
	fx_translate(f, PROG);
	fx_bad(f, 1, LIST);
	fx_run(f, PROG, NULL);
}

static void idal_must_be_aligned_and_there(void **state)
{
	struct fx *f = *state;
	u32 off;

	for (off = 1; off < 8; off++) {
		f->g->ida64 = off != 4; /* a word will do for format 1 */
		guest_idaw(f->g, LIST + off, DATA);
		guest_ccw(f->g, PROG, 0x01, IDA, 8, LIST + off);
		fx_translate(f, PROG);
		if (off == 4)
			fx_bad(f, 0, 0);
		else
			fx_bad(f, 1, LIST + off);
		fx_run(f, PROG, NULL);
	}
	f->g->ida64 = true;
	guest_ccw(f->g, PROG, 0x01, IDA, 8, HOLE);
	fx_translate(f, PROG);
	fx_bad(f, 1, HOLE);
	fx_run(f, PROG, NULL);
}

static void idal_at_the_end_of_the_mapping(void **state)
{
	struct fx *f = *state;

	/* The last doubleword that is mapped; and one more needed than there is. */
	guest_ccw(f->g, PROG, 0x02, IDA, 4096, LIST + 2 * GUEST_PAGE - 8);
	guest_idaw(f->g, LIST + 2 * GUEST_PAGE - 8, DATA);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_run(f, PROG, NULL);

	guest_ccw(f->g, PROG, 0x02, IDA, 4097, LIST + 2 * GUEST_PAGE - 8);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 1 cstat 20 dstat 00");

	/* One whose pages lie in two. */
	guest_ccw(f->g, PROG, 0x02, IDA, 12288, LIST + GUEST_PAGE - 16);
	guest_idal(f->g, LIST + GUEST_PAGE - 16, DATA + 7, 12288, false);
	fx_translate(f, PROG);
	fx_shape(f, 1, 1, 4, 4, 12288);
	fx_bad(f, 0, 0);
	fx_run(f, PROG, NULL);
}

static void read_backward(void **state)
{
	struct fx *f = *state;
	unsigned int k;

	for (k = 0; k < 2; k++) { /* direct, then by IDAL */
		guest_idal(f->g, LIST, DATA + 0x2004, 8192, true);
		guest_ccw(f->g, PROG, 0x0c, k ? IDA : 0, 8192, k ? LIST : DATA + 0x2004);
		fx_translate(f, PROG);
		fx_shape(f, 1, 1, 3, 3, 8192);
		fx_bad(f, 0, 0);
		assert_int_equal(fx_idaw(f, fx_nth(f, 0), 0), DATA + 0x2004);
		assert_int_equal(fx_idaw(f, fx_nth(f, 0), 1), DATA + 0x1fff);
		assert_int_equal(fx_idaw(f, fx_nth(f, 0), 2), DATA + 0xfff);
		assert_true(guest_page(f->g, DATA)->pinned_write);
		fx_run(f, PROG, NULL);
		fx_says(f, &f->h.ev[1], "data in backward 12004 8192");
	}
	/* Blocks to their ends take no IDAW more. */
	guest_ccw(f->g, PROG, 0x0c, 0, 8192, DATA + 0x1fff);
	fx_translate(f, PROG);
	fx_shape(f, 1, 1, 2, 2, 8192);
	fx_run(f, PROG, NULL);
	/* Down through address 0. */
	guest_map(f->g, 0, 1);
	guest_ccw(f->g, PROG, 0x0c, 0, 100, 49);
	fx_translate(f, PROG);
	fx_run(f, PROG, NULL);
	guest_ccw(f->g, PROG, 0x0c, 0, 5000, 49);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 4950 cstat 20 dstat 00");
}

static void a_page_is_pinned_once(void **state)
{
	struct fx *f = *state;
	u32 at = PROG, i;

	for (i = 0; i < 100; i++)
		at = guest_ccw(f->g, at, i % 2 ? 0x02 : 0x01, CC, 8, DATA + (i % 3) * GUEST_PAGE);
	guest_ccw(f->g, at, 0x03, 0, 1, 0);
	fx_translate(f, PROG);
	fx_shape(f, 101, 1, 100, 3, 800);
	assert_int_equal(f->g->pinned, 3);
	assert_int_equal(f->g->pin_calls, 1);
	cp_release(&f->cp);
	assert_int_equal(f->g->unpin_calls, 1);
}

static void neighbours_are_pinned_in_one_call(void **state)
{
	struct fx *f = *state;
	u32 at = PROG, i;

	/* 40 pages named from the last to the first, and two that stand alone. */
	for (i = 40; i-- > 0;)
		at = guest_ccw(f->g, at, 0x01, CC, 8, DATA + i * GUEST_PAGE);
	at = guest_ccw(f->g, at, 0x01, CC, 8, DATA + 50 * GUEST_PAGE);
	guest_ccw(f->g, at, 0x01, 0, 8, DATA + 60 * GUEST_PAGE);
	fx_translate(f, PROG);
	fx_shape(f, 42, 1, 42, 42, 42 * 8);
	assert_int_equal(f->g->pin_calls, 2 + 2); /* at most 32 a call */
	fx_run(f, PROG, NULL);
	cp_release(&f->cp);
	assert_int_equal(f->g->unpin_calls, 3);
}

static void a_page_that_cannot_be_pinned(void **state)
{
	struct fx *f = *state;

	/* In the middle of a run of neighbours: the others work, the CCW does up to there. */
	guest_map(f->g, HOLE, 2);
	guest_map(f->g, HOLE + 3 * GUEST_PAGE, 1);
	guest_ccw(f->g, PROG, 0x01, CC | SLI, 4 * GUEST_PAGE, HOLE);
	guest_ccw(f->g, PROG + 8, 0x01, 0, 8, DATA);
	fx_translate(f, PROG);
	fx_bad(f, 1, HOLE + 2 * GUEST_PAGE);
	assert_int_equal(f->g->pinned, 4);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 8192 cstat 20 dstat 00");
	cp_release(&f->cp);
	assert_int_equal(f->g->pinned, 0);

	/* The first byte: the CCW as a whole, those before it run. */
	guest_ccw(f->g, PROG, 0x01, CC, 8, DATA);
	guest_ccw(f->g, PROG + 8, 0x01, 0, 8, HOLE + 2 * GUEST_PAGE);
	fx_translate(f, PROG);
	fx_bad(f, 1, HOLE + 2 * GUEST_PAGE);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2010 resid 0 cstat 20 dstat 00");
}

static void read_only_pages(void **state)
{
	struct fx *f = *state;

	guest_map_ro(f->g, HOLE, 1);
	guest_ccw(f->g, PROG, 0x01, CC, 8, HOLE);
	guest_ccw(f->g, PROG + 8, 0x02, 0, 8, HOLE + 8);
	fx_translate(f, PROG);
	/* The CCW that stores is wrong, the one that fetches is not. */
	fx_bad(f, 1, HOLE + 8);
	fx_run(f, PROG, NULL);
	fx_says(f, &f->h.ev[1], "data out 900000 8");
	fx_says(f, run_end(&f->h), "end cpa 2010 resid 0 cstat 20 dstat 00");
}

static void storage_that_is_not_used_may_be_anything(void **state)
{
	static const struct {
		u8 cmd, flags;
		u16 count;
	} ccws[] = {
		{ 0x03, 0, 1 }, { 0x03, IDA, 65535 }, { 0x03, 0, 65535 }, { 0x03, 0, 0 },
		{ 0x02, SKIP, 8 }, { 0x02, SKIP, 65535 }, { 0x02, SKIP | IDA, 65535 },
		{ 0x0c, SKIP, 4096 }, { 0x0c, SKIP, 65535 }, { 0x04, SKIP, 4097 },
		{ 0x01, 0, 0 }, { 0x02, 0, 0 }, { 0x07, IDA, 0 },
	};
	struct fx *f = *state;
	unsigned int i;

	for (i = 0; i < sizeof(ccws) / sizeof(ccws[0]); i++) {
		f->g->ida2k = i % 2;
		guest_ccw(f->g, PROG, ccws[i].cmd, ccws[i].flags | CC, ccws[i].count, 0x7ffffff9);
		guest_ccw(f->g, PROG + 8, 0x03, 0, 1, 0);
		fx_translate(f, PROG);
		fx_bad(f, 0, 0);
		assert_int_equal(f->cp.shape.pages, 0);
		assert_int_equal(f->cp.shape.bytes, 0);
		assert_int_equal(f->g->pinned, 0);
		fx_run(f, PROG, NULL);
	}
	/* SKIP means nothing to a command that does not store. */
	guest_ccw(f->g, PROG, 0x01, SKIP, 8, DATA);
	fx_translate(f, PROG);
	fx_shape(f, 1, 1, 1, 1, 8);
	fx_run(f, PROG, NULL);
}

static void data_chain_keeps_its_command(void **state)
{
	struct fx *f = *state;

	/* The command codes of data-chained CCWs are ignored, and say write here. */
	guest_ccw(f->g, PROG, 0x02, CD, 8, DATA);
	guest_ccw(f->g, PROG + 8, 0x01, CD, 8, DATA + GUEST_PAGE);
	guest_ccw(f->g, PROG + 16, 0x00, CC, 8, DATA + 2 * GUEST_PAGE);
	guest_ccw(f->g, PROG + 24, 0x01, 0, 8, DATA + 3 * GUEST_PAGE);
	fx_translate(f, PROG);
	fx_shape(f, 4, 1, 4, 4, 32);
	fx_bad(f, 0, 0);
	assert_true(guest_page(f->g, DATA + GUEST_PAGE)->pinned_write);
	assert_true(guest_page(f->g, DATA + 2 * GUEST_PAGE)->pinned_write);
	fx_run(f, PROG, NULL);
	fx_says(f, &f->h.ev[4], "command 01");

	/* A count of 0 has no place in one. */
	guest_ccw(f->g, PROG + 8, 0, CC, 0, DATA);
	fx_translate(f, PROG);
	fx_run(f, PROG, NULL);
	fx_says(f, run_end(&f->h), "end cpa 2010 resid 0 cstat 20 dstat 00");
}

static void first_ccw_decides(void **state)
{
	struct fx *f = *state;
	__be32 orb[3];

	fx_refused(f, PROG + 4, PROG + 4);
	fx_refused(f, HOLE, HOLE);
	fx_refused(f, 0x80000000 | PROG, 0x80000000 | PROG);
	f->g->fmt1 = false;
	guest_map(f->g, 0x1000000, 1);
	fx_refused(f, 0x1000000, 0x1000000);
	guest_orb(f->g, PROG, orb);
	orb[1] |= htobe32(0x00040000);
	assert_int_equal(cp_translate(&f->cp, orb), -EOPNOTSUPP);
	assert_false(cp_busy(&f->cp));
}

static void addresses_at_the_edge(void **state)
{
	struct fx *f = *state;
	unsigned int fmt1;

	for (fmt1 = 0; fmt1 < 2; fmt1++) {
		u32 top = fmt1 ? 0x7fffffff : 0xffffff, last = top - 7;

		f->g->fmt1 = fmt1;
		guest_map(f->g, top, 1);
		guest_map(f->g, (u64)top + 1, 1); /* mapped, and still out of reach */
		/* A program in the last doubleword. */
		guest_ccw(f->g, last, 0x01, 0, 1, top);
		fx_translate(f, last);
		fx_bad(f, 0, 0);
		fx_run(f, last, NULL);
		assert_int_equal(run_end(&f->h)->cpa, top + 1);
		/* One that chains beyond. */
		guest_ccw(f->g, last, 0x01, CC, 1, top);
		fx_translate(f, last);
		fx_bad(f, 1, (u64)top + 1);
		fx_run(f, last, NULL);
		assert_int_equal(run_end(&f->h)->cpa, top + 9);
		fx_survives(f);
		/* Data beyond: two blocks, the second of which has no address. */
		guest_ccw(f->g, PROG, 0x01, 0, 2, top);
		fx_translate(f, PROG);
		fx_bad(f, 1, PROG);
		fx_run(f, PROG, NULL);
		fx_says(f, run_end(&f->h), "end cpa 2008 resid 1 cstat 20 dstat 00");
		/* A TIC to the last doubleword. */
		guest_ccw(f->g, PROG, 0x03, CC, 1, 0);
		guest_tic(f->g, PROG + 8, last);
		guest_ccw(f->g, last, 0x01, 0, 1, top);
		fx_translate(f, PROG);
		fx_bad(f, 0, 0);
		fx_run(f, PROG, NULL);
	}
	/* An IDAL that would go on above 2 GiB. */
	guest_ccw(f->g, PROG, 0x01, IDA, 4097, 0x7ffffff8);
	guest_idaw(f->g, 0x7ffffff8, DATA);
	guest_idaw(f->g, 0x80000000, DATA + GUEST_PAGE);
	fx_translate(f, PROG);
	fx_bad(f, 1, PROG);
	fx_run(f, PROG, NULL);
}

static void program_at_the_end_of_the_mapping(void **state)
{
	struct fx *f = *state;
	u32 end = PROG + 4 * GUEST_PAGE, n, i;

	for (n = 1; n < 12; n++) {
		for (i = n; i; i--)
			guest_ccw(f->g, end - i * 8, 0x01, i > 1 ? CC : 0, 8, DATA);
		fx_translate(f, end - n * 8);
		fx_shape(f, n, 1, n, 1, n * 8);
		fx_bad(f, 0, 0);
		fx_run(f, end - n * 8, NULL);
		/* The same, chaining on into what is not there. */
		guest_ccw(f->g, end - 8, 0x31, CC, 8, DATA);
		fx_translate(f, end - n * 8);
		fx_bad(f, 1, end);
		fx_run(f, end - n * 8, NULL);
		assert_int_equal(run_end(&f->h)->cpa, end + 8);
		/* A status modifier at its last CCW leads one further. */
		fx_survives(f);
	}
}

static void uses(void **state)
{
	struct fx *f = *state;

	assert_false(cp_uses(&f->cp, 0, ~0ULL));
	guest_map(f->g, 0x1234567000ULL, 1);
	guest_ccw(f->g, PROG, 0x01, CC | IDA, 1, LIST);
	guest_idaw(f->g, LIST, 0x1234567000ULL);
	guest_ccw(f->g, PROG + 8, 0x01, 0, 8193, DATA + 4095);
	fx_translate(f, PROG);
	assert_true(cp_uses(&f->cp, 0, ~0ULL));
	assert_true(cp_uses(&f->cp, DATA, 1));
	assert_true(cp_uses(&f->cp, DATA + 0x2fff, 1));
	assert_false(cp_uses(&f->cp, DATA + 0x3000, 0x1000));
	assert_false(cp_uses(&f->cp, 0, DATA));
	assert_true(cp_uses(&f->cp, 0, DATA + 1));
	assert_true(cp_uses(&f->cp, 0x1234567fffULL, 1));
	assert_false(cp_uses(&f->cp, 0x1234568000ULL, 1ULL << 40));
	assert_false(cp_uses(&f->cp, PROG, 0x1000)); /* copied, not pinned */
	cp_release(&f->cp);
	assert_false(cp_uses(&f->cp, 0, ~0ULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FX_TEST(one_write),
		FX_TEST(every_flag_is_kept),
		FX_TEST(modified_idals_are_refused_by_ccw),
		FX_TEST(every_command_code),
		FX_TEST(format_0),
		FX_TEST(format_1_tic_must_be_clean),
		FX_TEST(idal_formats),
		FX_TEST(idaws_above_4g),
		FX_TEST(idaw_alignment),
		FX_TEST(idal_must_be_aligned_and_there),
		FX_TEST(idal_at_the_end_of_the_mapping),
		FX_TEST(read_backward),
		FX_TEST(a_page_is_pinned_once),
		FX_TEST(neighbours_are_pinned_in_one_call),
		FX_TEST(a_page_that_cannot_be_pinned),
		FX_TEST(read_only_pages),
		FX_TEST(storage_that_is_not_used_may_be_anything),
		FX_TEST(data_chain_keeps_its_command),
		FX_TEST(first_ccw_decides),
		FX_TEST(addresses_at_the_edge),
		FX_TEST(program_at_the_end_of_the_mapping),
		FX_TEST(uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
