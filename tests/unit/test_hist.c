// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "trace/ccw_stat.h"

static void buckets_cover_everything_once(void **state)
{
	unsigned int b;

	(void)state;
	assert_int_equal(ccw_hist_low(0), 0);
	for (b = 0; b + 1 < CCW_HIST_BUCKETS; b++) {
		assert_true(ccw_hist_low(b) <= ccw_hist_high(b));
		assert_true(ccw_hist_high(b) + 1 == ccw_hist_low(b + 1));
		assert_int_equal(ccw_hist_bucket(ccw_hist_low(b)), b);
		assert_int_equal(ccw_hist_bucket(ccw_hist_high(b)), b);
	}
	assert_true(ccw_hist_high(b) == (1ULL << CCW_HIST_BITS) - 1);
	assert_int_equal(ccw_hist_bucket((1ULL << CCW_HIST_BITS) - 1), b);
	assert_int_equal(ccw_hist_bucket(1ULL << CCW_HIST_BITS), b);
	assert_int_equal(ccw_hist_bucket(UINT64_MAX), b);
}

static void small_values_are_exact(void **state)
{
	unsigned int v;

	(void)state;
	for (v = 0; v < 32; v++) {
		assert_int_equal(ccw_hist_low(ccw_hist_bucket(v)), v);
		assert_int_equal(ccw_hist_high(ccw_hist_bucket(v)), v);
	}
}

/* The promise of the header: a value read back is at most 3.125 % off. */
static void error_is_bounded(void **state)
{
	uint64_t v;

	(void)state;
	for (v = 1; v < 1ULL << 41; v += v / 37 + 1) {
		struct ccw_hist h = { 0 };
		uint64_t got, off;

		assert_int_equal(ccw_hist_add(&h, v), 0);
		assert_int_equal(ccw_hist_add(&h, 0), 0);
		assert_int_equal(ccw_hist_add(&h, 1ULL << 41), 0);
		assert_int_equal(ccw_hist_at(&h, ccw_hist_bucket(v)), 1);
		assert_int_equal(ccw_hist_at(&h, CCW_HIST_BUCKETS), 0);
		got = ccw_hist_percentile(&h, 50);
		off = got > v ? got - v : v - got;
		assert_true(off * 32 <= v);
		ccw_hist_free(&h);
	}
}

static void percentiles_are_nearest_rank(void **state)
{
	struct ccw_hist h = { 0 };
	unsigned int v;

	(void)state;
	assert_int_equal(ccw_hist_percentile(&h, 50), 0);
	for (v = 1; v <= 20; v++)
		ccw_hist_add(&h, v);
	assert_int_equal(ccw_hist_percentile(&h, 0), 1);
	assert_int_equal(ccw_hist_percentile(&h, 5), 1);
	assert_int_equal(ccw_hist_percentile(&h, 5.1), 2);
	assert_int_equal(ccw_hist_percentile(&h, 50), 10);
	assert_int_equal(ccw_hist_percentile(&h, 90), 18);
	assert_int_equal(ccw_hist_percentile(&h, 99), 20);
	assert_int_equal(ccw_hist_percentile(&h, 100), 20);
	assert_int_equal(ccw_hist_percentile(&h, 1000), 20);
	assert_int_equal(ccw_hist_percentile(&h, -1), 1);
	ccw_hist_free(&h);

	for (v = 0; v < 999; v++)
		ccw_hist_add(&h, 10);
	ccw_hist_add(&h, 30);
	assert_int_equal(ccw_hist_percentile(&h, 99.9), 10);
	assert_int_equal(ccw_hist_percentile(&h, 99.91), 30);
	ccw_hist_free(&h);
}

static void max_survives_the_last_bucket(void **state)
{
	struct ccw_hist h = { 0 };

	(void)state;
	ccw_hist_add(&h, 1ULL << 50);
	assert_true(h.max == 1ULL << 50);
	assert_true(ccw_hist_percentile(&h, 50) == 1ULL << 50);
	ccw_hist_free(&h);
}

static void merge_equals_adding(void **state)
{
	struct ccw_hist a = { 0 }, b = { 0 }, all = { 0 };
	uint64_t v = 1;
	double p;
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		v = v * 6364136223846793005ULL + 1442695040888963407ULL;
		ccw_hist_add(i & 1 ? &a : &b, v >> 30);
		ccw_hist_add(&all, v >> 30);
	}
	assert_int_equal(ccw_hist_merge(&a, &b), 0);
	assert_true(a.count == all.count && a.sum == all.sum);
	assert_true(a.min == all.min && a.max == all.max);
	for (p = 0; p <= 100; p += 0.1)
		assert_true(ccw_hist_percentile(&a, p) == ccw_hist_percentile(&all, p));
	ccw_hist_reset(&a);
	assert_int_equal(a.count, 0);
	assert_int_equal(ccw_hist_percentile(&a, 50), 0);
	assert_int_equal(ccw_hist_merge(&a, &b), 0);
	assert_true(a.min == b.min && a.count == b.count);
	ccw_hist_free(&a);
	ccw_hist_free(&b);
	ccw_hist_free(&all);
}

static void counted_elsewhere(void **state)
{
	struct ccw_hist h = { 0 };

	(void)state;
	assert_int_equal(ccw_hist_add_n(&h, CCW_HIST_BUCKETS, 1), -EINVAL);
	assert_int_equal(ccw_hist_add_n(&h, 3, 0), 0);
	assert_int_equal(h.count, 0);
	assert_int_equal(ccw_hist_add_n(&h, 5, 10), 0);
	assert_int_equal(ccw_hist_add_n(&h, ccw_hist_bucket(1000), 90), 0);
	assert_int_equal(h.count, 100);
	assert_int_equal(h.min, 5);
	assert_int_equal(ccw_hist_percentile(&h, 10), 5);
	assert_in_range(ccw_hist_percentile(&h, 50), 1000 - 32, 1000 + 32);
	ccw_hist_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets_cover_everything_once),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(error_is_bounded),
		cmocka_unit_test(percentiles_are_nearest_rank),
		cmocka_unit_test(max_survives_the_last_bucket),
		cmocka_unit_test(merge_equals_adding),
		cmocka_unit_test(counted_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
