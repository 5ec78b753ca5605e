// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that stay pinned from one program to the next: none too few, none too many, none stale.
 */
#include "tests/unit/cp_fixture.h"

static u64 now;

static u64 stamp(void *ctx)
{
	(void)ctx;
	return now;
}

static struct cp_ops keep_ops;

static int setup(void **state)
{
	int rc = fx_setup(state);
	struct fx *f = *state;

	keep_ops = guest_ops;
	keep_ops.stamp = stamp;
	f->cp.ops = &keep_ops;
	return rc;
}

/* One CCW over n pages from the first-th data page on; without releasing what is kept. */
static void translate(struct fx *f, u32 first, u32 n, bool store)
{
	__be32 orb[3];

	guest_ccw(f->g, PROG, store ? 0x02 : 0x01, SLI, n * GUEST_PAGE, DATA + first * GUEST_PAGE);
	guest_orb(f->g, PROG, orb);
	assert_int_equal(cp_translate(&f->cp, orb), 0);
	assert_null(f->g->error);
	fx_run(f, PROG, NULL); /* moves the same bytes as the guest's program */
}

static void the_same_again(void **state)
{
	struct fx *f = *state;

	translate(f, 0, 8, true);
	assert_int_equal(f->g->pin_calls, 1);
	cp_keep(&f->cp);
	assert_int_equal(f->g->pinned, 8);
	translate(f, 0, 8, true);
	assert_int_equal(f->g->pin_calls, 1);
	assert_int_equal(f->g->unpin_calls, 0);
	cp_release(&f->cp);
	assert_int_equal(f->g->pinned, 0);
}

static void only_what_both_name(void **state)
{
	struct fx *f = *state;

	translate(f, 0, 8, true);
	cp_keep(&f->cp);
	translate(f, 4, 8, true);
	assert_int_equal(f->g->pin_calls, 2); /* 8..11 */
	assert_int_equal(f->g->unpin_calls, 1); /* 0..3 */
	assert_int_equal(f->g->pinned, 8);
	cp_keep(&f->cp);
	translate(f, 20, 1, true);
	assert_int_equal(f->g->pinned, 1);
	cp_release(&f->cp);
	assert_int_equal(f->g->pinned, 0);
}

static void nothing_after_a_change(void **state)
{
	struct fx *f = *state;

	translate(f, 0, 8, true);
	cp_keep(&f->cp);
	now++;
	translate(f, 0, 8, true);
	assert_int_equal(f->g->unpin_calls, 1);
	assert_int_equal(f->g->pin_calls, 2);
	assert_int_equal(f->g->pinned, 8);
}

static void one_pinned_for_fetching_does_not_do_for_storing(void **state)
{
	struct fx *f = *state;

	translate(f, 0, 4, false);
	cp_keep(&f->cp);
	translate(f, 0, 4, true);
	assert_int_equal(f->g->pin_calls, 2);
	cp_keep(&f->cp);
	translate(f, 0, 4, false); /* the other way round it does */
	assert_int_equal(f->g->pin_calls, 2);
	assert_int_equal(f->g->pinned, 4);
	cp_keep(&f->cp);
	translate(f, 0, 4, true); /* and is not forgotten */
	assert_int_equal(f->g->pin_calls, 2);
}

static void refused_programs_take_nothing(void **state)
{
	struct fx *f = *state;
	__be32 orb[3];

	translate(f, 0, 4, true);
	cp_keep(&f->cp);
	guest_orb(f->g, HOLE, orb);
	assert_int_equal(cp_translate(&f->cp, orb), -EINVAL);
	assert_int_equal(f->g->pinned, 4);
	assert_true(cp_uses(&f->cp, DATA, GUEST_PAGE)); /* an unmap must find them */
	translate(f, 0, 4, true);
	assert_int_equal(f->g->pin_calls, 1);
	cp_keep(&f->cp);
	cp_release(&f->cp);
	assert_int_equal(f->g->pinned, 0);
	assert_false(cp_uses(&f->cp, DATA, GUEST_PAGE));
}

static u64 disowned[16];
static unsigned int n_disowned;

static void disown(void *ctx, u64 hpa)
{
	(void)ctx;
	disowned[n_disowned++ % 16] = hpa;
}

/* The channel never gives it back: each page that it may use is told of, and then unpinned. */
static void pages_of_a_lost_channel(void **state)
{
	struct fx *f = *state;

	keep_ops.disown = disown;
	n_disowned = 0;
	translate(f, 60, 6, true); /* the last two are not there */
	assert_int_equal(f->g->pinned, 4);
	cp_disown(&f->cp);
	assert_int_equal(n_disowned, 4);
	assert_int_equal(disowned[0], (uintptr_t)guest_page(f->g, DATA + 60 * GUEST_PAGE)->data);
	assert_int_equal(disowned[3], (uintptr_t)guest_page(f->g, DATA + 63 * GUEST_PAGE)->data);
	assert_int_equal(f->g->pinned, 0);
	assert_false(cp_busy(&f->cp));
	cp_disown(&f->cp); /* nothing more */
	assert_int_equal(n_disowned, 4);
}

/* A program that was not released has its pages yet. */
static void one_at_a_time(void **state)
{
	struct fx *f = *state;
	__be32 orb[3];

	translate(f, 0, 4, true);
	guest_orb(f->g, PROG, orb);
	assert_int_equal(cp_translate(&f->cp, orb), -EBUSY);
	assert_int_equal(f->g->pinned, 4);
	cp_release(&f->cp);
	assert_int_equal(f->g->pinned, 0);
}

/* Programs at random, kept, released and disturbed at random: the guest's ledger judges. */
static void at_random(void **state)
{
	struct fx *f = *state;
	unsigned int seed = 1, i;

	for (i = 0; i < 5000; i++) {
		translate(f, rand_r(&seed) % 40, 1 + rand_r(&seed) % 15, rand_r(&seed) & 1);
		if (!(rand_r(&seed) % 5))
			now++;
		if (rand_r(&seed) % 4)
			cp_keep(&f->cp);
		else
			cp_release(&f->cp);
		assert_true(f->g->pinned <= 15);
	}
	assert_true(f->g->pin_calls > 1000);
}

int main(void)
{
#define KEEP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, fx_teardown)
	static const struct CMUnitTest tests[] = {
		KEEP_TEST(the_same_again),
		KEEP_TEST(only_what_both_name),
		KEEP_TEST(nothing_after_a_change),
		KEEP_TEST(one_pinned_for_fetching_does_not_do_for_storing),
		KEEP_TEST(refused_programs_take_nothing),
		KEEP_TEST(pages_of_a_lost_channel),
		KEEP_TEST(one_at_a_time),
		KEEP_TEST(at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
