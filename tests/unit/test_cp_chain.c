// SPDX-License-Identifier: GPL-2.0
/* Channel-program translation: transfer in channel, status modifiers, the way back of addresses. */
#include "tests/unit/cp_fixture.h"

static const struct device plain = { .commands = 20 };

/* Status modifier at the n-th command, n in ctx. */
static struct device_answer modifier_at(const struct device *dev, unsigned int n, u8 cmd)
{
	struct device_answer a = { .bytes = DEVICE_ALL, .dstat = DSTAT_CE_DE };

	(void)cmd;
	if (n == *(const unsigned int *)dev->ctx)
		a.dstat |= DSTAT_SM;
	return a;
}

static unsigned int commands(const struct run *run)
{
	unsigned int i, n = 0;

	for (i = 0; i < run->n; i++)
		n += run->ev[i].type == EV_COMMAND;
	return n;
}

static void tic_forward(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x01, CC, 8, DATA);
	guest_tic(f->g, PROG + 8, PROG + 0x1000);
	guest_ccw(f->g, PROG + 0x1000, 0x02, 0, 8, DATA + 64);
	fx_translate(f, PROG);
	assert_int_equal(fx_nth(f, 1)->cmd, 0x08);
	assert_int_equal(fx_ccw(be32toh(fx_nth(f, 1)->cda))->cmd, 0x02);
	fx_bad(f, 0, 0);
	fx_run(f, PROG, &plain);
	fx_says(f, run_end(&f->h), "end cpa 3008 resid 0 cstat 00 dstat 0c");
}

static void tic_back_is_a_loop(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x01, CC, 8, DATA);
	guest_ccw(f->g, PROG + 8, 0x02, CC, 8, DATA + 64);
	guest_tic(f->g, PROG + 16, PROG + 8);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	/* Into the middle of what is there: nothing is laid out twice. */
	assert_int_equal(be32toh(fx_nth(f, 2)->cda), f->cp.cpa + 8);
	fx_run(f, PROG, &plain);
	assert_int_equal(commands(&f->h), 20);
}

static void tic_into_the_middle_of_another_segment(void **state)
{
	struct fx *f = *state;
	u32 a = PROG, b = PROG + 0x1000, c = PROG + 0x2000;

	guest_ccw(f->g, a, 0x01, CC, 8, DATA);
	guest_tic(f->g, a + 8, b);
	guest_ccw(f->g, b, 0x01, CC, 8, DATA + 8);
	guest_ccw(f->g, b + 8, 0x02, CC, 8, DATA + 16);
	guest_tic(f->g, b + 16, c);
	guest_ccw(f->g, c, 0x07, CC, 8, DATA + 24);
	guest_tic(f->g, c + 8, b + 8);
	fx_translate(f, a);
	fx_bad(f, 0, 0);
	fx_run(f, a, &plain);
	assert_int_equal(commands(&f->h), 20);
}

static void tic_to_itself_and_to_a_tic(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x01, CC, 8, DATA);
	guest_tic(f->g, PROG + 8, PROG + 8);
	fx_translate(f, PROG);
	fx_run(f, PROG, &plain);
	fx_says(f, run_end(&f->h), "end cpa 2010 resid 0 cstat 20 dstat 00");

	guest_tic(f->g, PROG + 8, PROG + 0x1000);
	guest_tic(f->g, PROG + 0x1000, PROG);
	fx_translate(f, PROG);
	fx_run(f, PROG, &plain);
	fx_says(f, run_end(&f->h), "end cpa 3008 resid 0 cstat 20 dstat 00");

	/* First of all. */
	guest_tic(f->g, PROG, PROG + 0x1000);
	fx_translate(f, PROG);
	fx_run(f, PROG, &plain);
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 0 cstat 20 dstat 00");
}

/* The TIC is what is wrong (Principles of Operation, chapter 16: address of TIC + 8). */
static void tic_to_nowhere(void **state)
{
	struct fx *f = *state;
	u32 off;

	guest_ccw(f->g, PROG, 0x01, CC, 8, DATA);
	guest_ccw(f->g, PROG + 0x1000, 0x01, CC, 8, DATA);
	guest_ccw(f->g, PROG + 0x1008, 0x01, 0, 8, DATA);
	for (off = 0; off < 8; off++) {
		u32 to = off ? PROG + off : HOLE; /* misaligned: also into what is laid out */

		guest_tic(f->g, PROG + 8, to);
		fx_translate(f, PROG);
		fx_bad(f, 1, to);
		fx_run(f, PROG, &plain);
		fx_says(f, run_end(&f->h), "end cpa 2010 resid 0 cstat 20 dstat 00");
		fx_survives(f);
	}
}

/* SEARCH, TIC *-8, READ: the loop of every CKD channel program. */
static void search_loop(void **state)
{
	struct fx *f = *state;
	unsigned int n;
	u32 at = PROG;

	at = guest_ccw(f->g, at, 0x07, CC, 6, DATA);
	at = guest_ccw(f->g, at, 0x31, CC, 5, DATA + 8);
	at = guest_tic(f->g, at, at - 8);
	guest_ccw(f->g, at, 0x06, 0, 4096, DATA + 0x1000);
	fx_translate(f, PROG);
	fx_shape(f, 4, 2, 3, 2, 6 + 5 + 4096);
	fx_bad(f, 0, 0);
	for (n = 1; n < 10; n++) {
		struct device dev = { .answer = modifier_at, .ctx = &n, .commands = 20 };

		fx_run(f, PROG, &dev);
		assert_int_equal(commands(&f->h), n + 2);
		fx_says(f, run_end(&f->h), "end cpa 2020 resid 0 cstat 00 dstat 0c");
	}
}

/* Polls of other devices: any command may end with status modifier where a TIC leads back to it. */
static void loops_of_other_commands(void **state)
{
	static const u8 cmds[] = { 0x02, 0x01, 0x07, 0x04, 0x0c, 0x03 };
	unsigned int n = 0, i;
	struct device dev = { .answer = modifier_at, .ctx = &n, .commands = 20 };
	struct fx *f = *state;

	for (i = 0; i < 6; i++) {
		guest_ccw(f->g, PROG, cmds[i], CC, 5, DATA + 64);
		guest_tic(f->g, PROG + 8, PROG);
		guest_ccw(f->g, PROG + 16, 0x06, 0, 8, DATA + 8);
		fx_translate(f, PROG);
		fx_run(f, PROG, &plain);
		fx_run(f, PROG, &dev);
		fx_says(f, run_end(&f->h), "end cpa 2018 resid 0 cstat 00 dstat 0c");
	}
}

/* The status modifier leads to another TIC: not one TIC after another. */
static void search_loop_with_a_tic_behind(void **state)
{
	unsigned int n = 1;
	struct device dev = { .answer = modifier_at, .ctx = &n, .commands = 20 };
	struct fx *f = *state;
	unsigned int fmt1;

	for (fmt1 = 0; fmt1 < 2; fmt1++) {
		f->g->fmt1 = fmt1;
		guest_ccw(f->g, PROG, 0x31, CC, 5, DATA);
		guest_tic(f->g, PROG + 8, PROG);
		guest_tic(f->g, PROG + 16, PROG + 0x1000);
		guest_ccw(f->g, PROG + 0x1000, 0x06, 0, 8, DATA + 8);
		fx_translate(f, PROG);
		fx_bad(f, 0, 0);
		fx_run(f, PROG, &dev);
		fx_says(f, run_end(&f->h), "end cpa 3008 resid 0 cstat 00 dstat 0c");
		/* A wrong one is wrong only for who gets there. */
		guest_tic(f->g, PROG + 16, HOLE);
		fx_translate(f, PROG);
		fx_bad(f, 0, 0);
		fx_run(f, PROG, &dev);
		fx_says(f, run_end(&f->h), "end cpa 2018 resid 0 cstat 20 dstat 00");
	}
}

/* SEARCH, a CCW that ends the chain, and what only a status modifier gets to. */
static void behind_the_end(void **state)
{
	unsigned int n = 0;
	struct device dev = { .answer = modifier_at, .ctx = &n, .commands = 20 };
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x31, CC, 5, DATA);
	guest_ccw(f->g, PROG + 8, 0x03, 0, 1, 0);
	guest_ccw(f->g, PROG + 16, 0x06, 0, 8, DATA + 8);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_run(f, PROG, &plain);
	fx_says(f, run_end(&f->h), "end cpa 2010 resid 1 cstat 00 dstat 0c");
	fx_run(f, PROG, &dev);
	fx_says(f, run_end(&f->h), "end cpa 2018 resid 0 cstat 00 dstat 0c");
}

/* What a status modifier may lead to is the program's own business if it leads there itself. */
static void behind_and_in_the_program(void **state)
{
	struct fx *f = *state;

	guest_ccw(f->g, PROG, 0x31, CC, 5, DATA);
	guest_tic(f->g, PROG + 8, PROG + 0x1000);
	guest_ccw(f->g, PROG + 16, 0x06, 0, 8, HOLE);
	guest_ccw(f->g, PROG + 0x1000, 0x01, CC, 8, DATA);
	guest_tic(f->g, PROG + 0x1008, PROG + 16);
	fx_translate(f, PROG);
	fx_bad(f, 1, HOLE);
	fx_run(f, PROG, &plain);
	guest_ccw(f->g, PROG + 0x1000, 0x01, 0, 8, DATA);
	fx_translate(f, PROG);
	fx_bad(f, 0, 0);
	fx_run(f, PROG, &plain);
}

static void garbage_behind_is_harmless(void **state)
{
	struct fx *f = *state;
	unsigned int i, k;
	u8 junk[GUEST_PAGE];
	u64 x = 1;

	for (i = 0; i < 200; i++) {
		for (k = 0; k < GUEST_PAGE; k++) {
			x = x * 6364136223846793005ULL + 1442695040888963407ULL;
			junk[k] = x >> 56;
		}
		guest_write(f->g, PROG, junk, GUEST_PAGE);
		guest_ccw(f->g, PROG, i & 1 ? 0x31 : 0x02, CC, 8, DATA);
		if (i & 2)
			guest_tic(f->g, PROG + 8, i & 4 ? PROG : PROG + 0x1000);
		else
			guest_ccw(f->g, PROG + 8, 0x01, 0, 8, DATA);
		guest_ccw(f->g, PROG + 0x1000, 0x02, 0, 8, DATA + 32);
		fx_translate(f, PROG);
		fx_bad(f, 0, 0);
		fx_run(f, PROG, &plain);
		fx_survives(f);
	}
}

/*
 * A data chain enters by TIC what is laid out for another command. The pages of a WRITE are pinned
 * for reading only: a READ that came here by data chaining would store into them.
 */
static void data_chain_into_another_command(void **state)
{
	static const u8 cmds[] = { 0x01, 0x02, 0x0c, 0x03, 0x00, 0x07, 0x04 };
	struct fx *f = *state;
	unsigned int i;

	for (i = 0; i < 7 * 7 * 4; i++) {
		u8 skip = i & 1 ? SKIP : 0, chain = cmds[i / 4 % 7], own = cmds[i / 28];
		u32 b = PROG + 0x1000 + (i & 2 ? 8 : 0);

		/* First as a command of its own, then in the other's chain. */
		guest_ccw(f->g, PROG, 0x31, CC, 8, DATA);
		guest_tic(f->g, PROG + 8, PROG + 0x1000);
		guest_ccw(f->g, PROG + 16, chain, CD, 8, DATA + 0x1000);
		guest_tic(f->g, PROG + 24, b);
		guest_ccw(f->g, PROG + 0x1000, 0x01, CC, 8, DATA);
		guest_ccw(f->g, b, own, CC | skip, 5000, DATA + 0x3801);
		guest_ccw(f->g, b + 8, 0x02, 0, 3, DATA + 0x7000);
		fx_translate(f, PROG);
		fx_run(f, PROG, &plain);
		fx_survives(f);
	}
}

/* The same from the middle of the chain: its first CCW is wrong, a TIC leads to the second. */
static void tic_behind_a_wrong_ccw_that_data_chains(void **state)
{
	static const u8 cmds[] = { 0x01, 0x02, 0x0c, 0x07, 0x04 };
	struct fx *f = *state;
	unsigned int i, wrong, n = 0;
	struct device dev = { .answer = modifier_at, .ctx = &n, .commands = 20 };

	for (i = 0; i < 25; i++) {
		for (wrong = 0; wrong < 3; wrong++) {
			u32 at = PROG + 0x1000;

			guest_ccw(f->g, PROG, 0x31, CC, 8, DATA);
			guest_tic(f->g, PROG + 8, at);
			guest_ccw(f->g, PROG + 16, 0x03, CC, 1, 0);
			guest_tic(f->g, PROG + 24, at + 8);
			guest_ccw(f->g, at, cmds[i / 5], wrong ? CD : CD | MIDA, 8,
				  wrong == 1 ? HOLE : 0x80000000);
			guest_ccw(f->g, at + 8, cmds[i % 5], 0, 5000, DATA + 0x1803);
			fx_translate(f, PROG);
			fx_survives(f);
			fx_run(f, PROG, &plain);
			fx_run(f, PROG, &dev);
			fx_says(f, run_end(&f->h), "end cpa 3010 resid 0 cstat 00 dstat 0c");
		}
	}
}

/* The same, entered when a status modifier skips the first CCW of a data chain. */
static void status_modifier_into_a_data_chain(void **state)
{
	static const u8 cmds[] = { 0x01, 0x02, 0x0c, 0x03, 0x07, 0x04, 0x00 };
	struct fx *f = *state;
	unsigned int i, k, n = 0;

	for (i = 0; i < 7; i++) {
		for (k = 0; k < 7; k++) {
			for (n = 0; n < 4; n++) {
				u8 flags = (n & 1 ? SKIP : 0) | (n & 2 ? IDA : 0);

				guest_ccw(f->g, PROG, 0x31, CC, 8, DATA);
				guest_ccw(f->g, PROG + 8, cmds[i], CD, 8, DATA + 0x1000);
				guest_ccw(f->g, PROG + 16, cmds[k], flags, 4096,
					  flags & IDA ? LIST : DATA + 0x2ffe);
				guest_idal(f->g, LIST, DATA + 0x2ffe, 4096, cmds[i] == 0x0c);
				fx_translate(f, PROG);
				fx_run(f, PROG, &plain);
				fx_survives(f);
			}
		}
	}
}

static void guest_addresses_for_every_ccw(void **state)
{
	struct fx *f = *state;
	u32 a = PROG, b = PROG + 0x1000, host, i, at;

	for (i = 0, at = a; i < 9; i++)
		at = guest_ccw(f->g, at, 0x01, CC, 8, DATA);
	guest_tic(f->g, at, b);
	for (i = 0, at = b; i < 200; i++)
		at = guest_ccw(f->g, at, 0x01, i < 199 ? CC : 0, 8, DATA);
	assert_int_equal(cp_guest_cpa(&f->cp, 0x10001008), 0);
	fx_translate(f, a);
	host = f->cp.cpa;
	for (i = 0; i < 10; i++)
		assert_int_equal(cp_guest_cpa(&f->cp, host + i * 8 + 8), a + i * 8 + 8);
	host = be32toh(fx_nth(f, 9)->cda);
	for (i = 0; i < 200; i++)
		assert_int_equal(cp_guest_cpa(&f->cp, host + i * 8 + 8), b + i * 8 + 8);
	/* No other address is one of the program's, and none that is not gives anything away. */
	assert_int_equal(cp_guest_cpa(&f->cp, 0), 0);
	assert_int_equal(cp_guest_cpa(&f->cp, f->cp.sink), 0);
	assert_int_equal(cp_guest_cpa(&f->cp, f->cp.sink + 8), 0);
	assert_int_equal(cp_guest_cpa(&f->cp, 0xfffffff8), 0);
	assert_int_equal(cp_guest_cpa(&f->cp, be32toh(fx_nth(f, 0)->cda) + 16), 0);
	assert_int_equal(cp_guest_cpa(&f->cp, PROG + 8), 0);
}

static void guest_addresses_behind_a_cut(void **state)
{
	struct fx *f = *state;
	u32 end = PROG + 4 * GUEST_PAGE;

	/* Two segments that end where the mapping does: each knows its own addresses. */
	guest_ccw(f->g, PROG, 0x31, CC, 0, 0);
	guest_tic(f->g, PROG + 8, end - 8);
	guest_tic(f->g, PROG + 16, end - 16);
	guest_ccw(f->g, end - 16, 0x31, CC, 0, 0);
	guest_ccw(f->g, end - 8, 0x31, CC, 0, 0);
	fx_translate(f, PROG);
	fx_run(f, PROG, &plain);
	assert_int_equal(run_end(&f->h)->cpa, end + 8);
	fx_survives(f);
}

static void pci_and_suspend(void **state)
{
	struct fx *f = *state;

	f->g->suspend = true;
	guest_ccw(f->g, PROG, 0x01, CC | PCI, 8, DATA);
	guest_ccw(f->g, PROG + 8, 0x02, CD | PCI, 8, DATA);
	guest_ccw(f->g, PROG + 16, 0x02, CC | PCI, 8, DATA + 8);
	guest_ccw(f->g, PROG + 24, 0x01, CC | SUSP, 8, DATA);
	guest_ccw(f->g, PROG + 32, 0x01, 0, 8, DATA);
	fx_translate(f, PROG);
	fx_run(f, PROG, &plain);
	fx_says(f, &f->h.ev[1], "PCI cpa 2008");
	fx_says(f, run_end(&f->h), "end cpa 2020 resid 0 cstat 00 dstat 00 suspended");
	/* Not allowed by the ORB: the channel's to say. */
	f->g->suspend = false;
	fx_translate(f, PROG);
	fx_run(f, PROG, &plain);
	fx_says(f, run_end(&f->h), "end cpa 2020 resid 0 cstat 20 dstat 00");
}

/* The program in f is suspended at the CCW "at" of the guest's; its address for the channel. */
static u32 suspended(struct fx *f, u32 at)
{
	f->g->suspend = true;
	fx_translate(f, PROG);
	fx_run(f, PROG, NULL);
	assert_true(run_end(&f->h)->suspended);
	assert_int_equal(run_end(&f->h)->cpa, at + 8);
	return f->h.suspended_at;
}

/* Goes on with the program as the guest has it now; both must do the same. */
static void resume(struct fx *f, u32 at, u32 host)
{
	static const struct device dev = { .commands = 1000 };
	unsigned int where;
	struct cp next;
	__be32 orb[3];

	assert_int_equal(cp_init(&next, &guest_ops, f->g, &f->cp.max), 0);
	f->g->pins_most = 2;
	guest_orb(f->g, at, orb);
	poison_arena(&next);
	next.resumed = true;
	assert_int_equal(cp_translate(&next, orb), 0);
	cp_go_on(&f->cp, at, &next);
	resume_guest(&f->a, f->g, at, &dev);
	resume_host(&f->h, f->g, &f->cp, &next, host, &dev);
	if (f->h.violation)
		fail_msg("%s at %llx", f->h.violation, (unsigned long long)f->h.violation_addr);
	assert_true(run_equal(&f->a, &f->h, &where));
	cp_release(&next);
	cp_destroy(&next);
}

static void goes_on_with_what_the_guest_has_then(void **state)
{
	struct fx *f = *state;
	u32 host;

	guest_ccw(f->g, PROG, 0x01, CC, 8, DATA);
	guest_ccw(f->g, PROG + 8, 0x01, CC | SUSP, 8, DATA);
	guest_ccw(f->g, PROG + 16, 0x03, 0, 1, 0);
	host = suspended(f, PROG + 8);
	guest_ccw(f->g, PROG + 8, 0x02, CC, 5000, DATA + 0x5004);
	guest_ccw(f->g, PROG + 16, 0x01, CC, 9, DATA + 0x123);
	guest_ccw(f->g, PROG + 24, 0x04, 0, 32, DATA + GUEST_PAGE);
	resume(f, PROG + 8, host);
	fx_says(f, &f->h.ev[0], "command 02");
	fx_says(f, &f->h.ev[1], "data in 15004 5000");
	fx_says(f, run_end(&f->h), "end cpa 2020 resid 0 cstat 00 dstat 0c");
	/* Unchanged, and suspended once more a CCW further. */
	guest_ccw(f->g, PROG + 8, 0x01, CC | SUSP, 8, DATA);
	host = suspended(f, PROG + 8);
	guest_ccw(f->g, PROG + 8, 0x01, CC, 8, DATA);
	guest_ccw(f->g, PROG + 16, 0x01, CC | SUSP, 9, DATA);
	resume(f, PROG + 8, host);
	fx_says(f, run_end(&f->h), "end cpa 2018 resid 0 cstat 00 dstat 00 suspended");
}

static void goes_on_elsewhere(void **state)
{
	struct fx *f = *state;
	u32 host;

	guest_ccw(f->g, PROG, 0x01, CC | SUSP, 8, DATA);
	guest_ccw(f->g, PROG + 8, 0x03, 0, 1, 0);
	guest_ccw(f->g, PROG + 0x100, 0x02, CC, 16, DATA);
	guest_ccw(f->g, PROG + 0x108, 0x03, 0, 1, 0);
	host = suspended(f, PROG);
	guest_tic(f->g, PROG, PROG + 0x100); /* a TIC to a TIC would be a program check */
	resume(f, PROG, host);
	fx_says(f, &f->h.ev[0], "command 02");
	fx_says(f, run_end(&f->h), "end cpa 2110 resid 1 cstat 00 dstat 0c");
	/* To nowhere. */
	guest_ccw(f->g, PROG, 0x01, CC | SUSP, 8, DATA);
	host = suspended(f, PROG);
	guest_tic(f->g, PROG, HOLE);
	resume(f, PROG, host);
	fx_says(f, run_end(&f->h), "end cpa 2008 resid 0 cstat 20 dstat 00");
}

/* The same CCW is laid out for each way that leads to it, and it may be suspended on any. */
static void goes_on_whichever_way_it_came(void **state)
{
	static const unsigned int second = 1;
	static const struct device found = {
		.answer = modifier_at, .ctx = &second, .commands = 20
	};
	struct fx *f = *state;
	u32 host;

	guest_ccw(f->g, PROG, 0x31, CC, 8, DATA);
	guest_tic(f->g, PROG + 8, PROG);
	guest_tic(f->g, PROG + 16, PROG + 0x100);
	guest_ccw(f->g, PROG + 0x100, 0x01, CC | SUSP, 8, DATA);
	guest_ccw(f->g, PROG + 0x108, 0x03, 0, 1, 0);
	f->g->suspend = true;
	fx_translate(f, PROG);
	cp_go_on(&f->cp, PROG + 0x101, &f->cp); /* of no CCW: nothing happens */
	cp_go_on(&f->cp, PROG + 0x400, &f->cp);
	fx_run(f, PROG, &found);
	assert_true(run_end(&f->h)->suspended);
	host = f->h.suspended_at;
	guest_ccw(f->g, PROG + 0x100, 0x02, 0, 8, DATA);
	resume(f, PROG + 0x100, host);
	fx_says(f, &f->h.ev[0], "command 02");
}

static void residual_counts_and_lengths(void **state)
{
	struct fx *f = *state;
	unsigned int sli;
	u32 seed;

	for (sli = 0; sli < 2; sli++) {
		guest_ccw(f->g, PROG, 0x02, CC | (sli ? SLI : 0), 6000, DATA + 77);
		guest_ccw(f->g, PROG + 8, 0x01, CD, 6000, DATA + 77);
		guest_ccw(f->g, PROG + 16, 0x01, sli ? SLI : 0, 6000, DATA + 77);
		fx_translate(f, PROG);
		for (seed = 0; seed < 500; seed++) {
			struct device dev = {
				.answer = device_random, .seed = seed, .commands = 20
			};

			fx_run(f, PROG, &dev);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FX_TEST(tic_forward),
		FX_TEST(tic_back_is_a_loop),
		FX_TEST(tic_into_the_middle_of_another_segment),
		FX_TEST(tic_to_itself_and_to_a_tic),
		FX_TEST(tic_to_nowhere),
		FX_TEST(search_loop),
		FX_TEST(loops_of_other_commands),
		FX_TEST(search_loop_with_a_tic_behind),
		FX_TEST(behind_the_end),
		FX_TEST(behind_and_in_the_program),
		FX_TEST(garbage_behind_is_harmless),
		FX_TEST(data_chain_into_another_command),
		FX_TEST(tic_behind_a_wrong_ccw_that_data_chains),
		FX_TEST(status_modifier_into_a_data_chain),
		FX_TEST(guest_addresses_for_every_ccw),
		FX_TEST(guest_addresses_behind_a_cut),
		FX_TEST(pci_and_suspend),
		FX_TEST(goes_on_with_what_the_guest_has_then),
		FX_TEST(goes_on_elsewhere),
		FX_TEST(goes_on_whichever_way_it_came),
		FX_TEST(residual_counts_and_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
