// SPDX-License-Identifier: GPL-2.0
/*
 * Stepping through recordings: however time is cut into intervals, every I/O is in exactly one.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "tools/ccwtop/gather.h"

#define IOS 600
#define STEP 1000 /* ns between two I/Os of the generated world; the first is at 1 s */
#define START 1000000000ULL

static struct top_gather *open_world(bool big, unsigned int cpus, unsigned int ios,
				     const struct ccw_filter *filter)
{
	struct gen_buf b = gen_world(6, big, cpus, ios);
	char *name = gen_save(&b);
	struct ccw_error err = { "" };
	struct top_gather *g = NULL;

	gen_free(&b);
	if (top_gather_open(&g, name, TOP_SOURCE_AUTO, filter, &err))
		fail_msg("%s", err.text);
	unlink(name);
	free(name);
	return g;
}

static uint64_t ios_of(struct ccw_stats *sts)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < ccw_stats_count(sts); i++)
		n += ccw_stats_at(sts, i)->ios;
	return n;
}

static void intervals_are_complete(void **state)
{
	static const unsigned int steps[] = { 1, 3, 250, 999, 1000, 1001, 77777, 600 * STEP };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct top_gather *g = open_world(i % 2, 1 + i % 3, IOS, NULL);
		uint64_t pos = START, seen = 0;
		struct ccw_error err;
		int rc;

		assert_true(top_gather_is_file(g));
		assert_int_equal(top_gather_first(g), START);
		assert_int_equal(top_gather_last(g), START + (IOS - 1) * STEP + 1);
		do {
			uint64_t n, expected;

			pos += steps[i] < 100 ? 100 * STEP / 3 * steps[i] : steps[i];
			rc = top_gather_until(g, pos, &err);
			assert_in_range(rc, 0, 1);
			assert_int_equal(top_gather_end_interval(g), 0);
			n = ios_of(top_gather_interval(g));
			/* those stamped before pos, not the one at pos */
			expected = (pos - START + STEP - 1) / STEP;
			if (expected > IOS)
				expected = IOS;
			assert_int_equal(n, expected - seen);
			seen = expected;
			assert_int_equal(ios_of(top_gather_total(g)), seen);
			top_gather_begin_interval(g);
			assert_int_equal(ios_of(top_gather_interval(g)), 0);
		} while (rc);
		assert_int_equal(seen, IOS);
		assert_true(top_gather_ended(g));
		/* no gap was made where one interval ends and the next begins */
		for (size_t k = 0; k < ccw_stats_count(top_gather_total(g)); k++)
			assert_int_equal(ccw_stats_at(top_gather_total(g), k)->missing, 0);
		top_gather_close(g);
	}
}

static void lengths(void **state)
{
	struct top_gather *g = open_world(true, 2, IOS, NULL);
	struct ccw_error err;
	uint64_t next = 0;

	(void)state;
	assert_false(top_gather_next(g, &next));
	top_gather_until(g, START + 100500, &err);
	top_gather_end_interval(g);
	assert_true(top_gather_interval_secs(g) == 100500 / 1e9);
	assert_true(top_gather_next(g, &next));
	assert_int_equal(next, START + 101000);
	top_gather_begin_interval(g);
	/* time does not go back */
	top_gather_until(g, START, &err);
	assert_int_equal(top_gather_pos(g), START + 100500);
	/* jump over time in which there is nothing */
	top_gather_skip(g, START + 100900);
	top_gather_until(g, START + 101900, &err);
	top_gather_end_interval(g);
	assert_true(top_gather_interval_secs(g) == 1000 / 1e9);
	assert_int_equal(ios_of(top_gather_interval(g)), 1);
	top_gather_begin_interval(g);

	top_gather_clear(g);
	assert_int_equal(ios_of(top_gather_total(g)), 0);
	top_gather_until(g, UINT64_MAX, &err);
	top_gather_end_interval(g);
	assert_int_equal(ios_of(top_gather_total(g)), IOS - 102);
	/* what lies behind the last record does not count */
	assert_true(top_gather_total_secs(g) == ((IOS - 1) * STEP + 1 - 101900) / 1e9);
	top_gather_close(g);
}

static void one_record_has_no_rate(void **state)
{
	struct top_gather *g = open_world(false, 1, 1, NULL);
	struct ccw_error err;

	(void)state;
	assert_int_equal(top_gather_until(g, top_gather_last(g) + 1, &err), 0);
	top_gather_end_interval(g);
	assert_int_equal(ios_of(top_gather_interval(g)), 1);
	assert_true(top_gather_interval_secs(g) == 0);
	top_gather_close(g);
}

static void filters(void **state)
{
	struct ccw_filter *filter = NULL;
	struct top_gather *g;
	struct ccw_error err;

	(void)state;
	assert_int_equal(ccw_filter_add(&filter, "0.1.0004", NULL, 0), 0);
	g = open_world(true, 2, IOS, filter);
	top_gather_until(g, UINT64_MAX, &err);
	top_gather_end_interval(g);
	assert_int_equal(ccw_stats_count(top_gather_total(g)), 1);
	assert_int_equal(ios_of(top_gather_total(g)), IOS / 6);
	top_gather_close(g);
	ccw_filter_free(filter);
}

/* From any place to any other: exactly what lies behind it is counted. */
static void seeks(void **state)
{
	static const unsigned int places[] = { 300, 599, 0, 100, 450, 451, 600, 2, 2 };
	struct gen_buf b = gen_world(7, true, 3, IOS);
	char *name = gen_save(&b);
	struct ccw_error err = { "" };
	struct top_gather *g;
	size_t i, k;

	(void)state;
	gen_free(&b);
	assert_int_equal(top_gather_open(&g, name, TOP_SOURCE_AUTO, NULL, &err), 0);
	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		uint64_t to = START + (uint64_t)places[i] * STEP;

		assert_int_equal(top_gather_seek(g, to, &err), 0);
		/* behind the last record there is nothing to go to */
		assert_int_equal(top_gather_pos(g), places[i] == IOS ? top_gather_last(g) : to);
		assert_int_equal(ios_of(top_gather_total(g)), 0);
		assert_int_equal(top_gather_until(g, UINT64_MAX, &err), 0);
		top_gather_end_interval(g);
		assert_int_equal(ios_of(top_gather_total(g)), IOS - places[i]);
		for (k = 0; k < ccw_stats_count(top_gather_total(g)); k++)
			assert_int_equal(ccw_stats_at(top_gather_total(g), k)->missing, 0);
	}
	unlink(name);
	assert_int_equal(top_gather_seek(g, START, &err), -ENOENT);
	top_gather_close(g);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_are_complete),
		cmocka_unit_test(lengths),
		cmocka_unit_test(one_record_has_no_rate),
		cmocka_unit_test(filters),
		cmocka_unit_test(seeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
