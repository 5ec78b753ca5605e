// SPDX-License-Identifier: GPL-2.0
/*
 * Sums that the kernel made, as differences between looks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trace/bpf_sum.h"

#define ALL ((1U << CCW_NR_STAGES) - 1)

/* What the BPF program does for an I/O with its usual end. */
static void usual(struct ccwlat *l, uint64_t translate, uint64_t device)
{
	uint64_t ns[CCWLAT_STAGES] = { translate, 0, device, 0, translate + device };
	int i;

	l->usual++;
	l->bytes += 4096;
	l->ccws += 2;
	l->irqs++;
	for (i = 0; i < CCWLAT_STAGES; i++) {
		l->hist[i][ccw_hist_bucket(ns[i])]++;
		if (i < CCWLAT_TOTAL)
			l->sum_ns[i] += ns[i];
	}
	if (ns[CCWLAT_TOTAL] > l->max_ns)
		l->max_ns = ns[CCWLAT_TOTAL];
}

struct world {
	struct ccw_bpf_sums *sums;
	struct ccwlat *now;
	struct ccw_stat delta;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->sums = ccw_bpf_sums_new();
	w->now = calloc(1, sizeof(*w->now));
	assert_true(w->sums && w->now);
	w->delta.state = 0xff;
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	ccw_bpf_sums_free(w->sums);
	ccw_stat_free(&w->delta);
	free(w->now);
	free(w);
	return 0;
}

static const struct ccw_bpf_look everything = { ALL, ALL, 10, 20 };

static int look(struct world *w, uint32_t key)
{
	return ccw_bpf_sums_delta(w->sums, key, w->now, &everything, &w->delta);
}

static bool nothing(struct world *w, uint32_t key)
{
	int rc = look(w, key), s;

	for (s = 0; rc && s < CCW_NR_STAGES; s++) {
		if (w->delta.hist[s].count || w->delta.hist[s].sum)
			return false;
	}
	return !rc || !w->delta.ios;
}

/* Each look has what came since the one before, and nothing twice. */
static void differences(void **state)
{
	struct world *w = *state;

	usual(w->now, 1000, 50000);
	usual(w->now, 2000, 60000);
	assert_int_equal(look(w, 0x01020345), 1);
	assert_int_equal(ccw_sch_key(w->delta.sch), 0x01020345);
	assert_int_equal(w->delta.ios, 2);
	assert_int_equal(w->delta.result[CCW_OK], 2);
	assert_int_equal(w->delta.bytes, 8192);
	assert_int_equal(w->delta.dstat[2], 2);
	assert_int_equal(w->delta.dstat[3], 2);
	assert_int_equal(w->delta.cc[0], 2);
	assert_int_equal(w->delta.hist[CCW_TRANSLATE].sum, 3000);
	assert_int_equal(w->delta.hist[CCW_TOTAL].sum, 113000);
	assert_int_equal(w->delta.hist[CCW_TOTAL].max, 62000);
	assert_int_equal(w->delta.first_ts, 10);
	assert_int_equal(w->delta.last_ts, 20);

	assert_true(nothing(w, 0x01020345));
	usual(w->now, 100, 200);
	assert_int_equal(look(w, 0x01020345), 1);
	assert_int_equal(w->delta.ios, 1);
	assert_int_equal(w->delta.hist[CCW_TOTAL].count, 1);
	assert_int_equal(w->delta.hist[CCW_TOTAL].sum, 300);
	/* the largest since the beginning is not the largest now: its bucket is */
	assert_int_equal(w->delta.hist[CCW_TOTAL].max,
			 ccw_hist_high(ccw_hist_bucket(300)));
	assert_true(nothing(w, 0x01020345));
	assert_int_equal(look(w, 0x01020345), 0);
}

/* The sum of all differences is what one look at the end has. */
static void differences_add_up(void **state)
{
	struct world *w = *state;
	struct ccw_stat sum = { .state = 0xff }, whole = { .state = 0xff };
	struct ccw_bpf_sums *once = ccw_bpf_sums_new();
	uint64_t x = 88172645463325252ULL;
	int i, b, s;

	for (i = 0; i < 5000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		usual(w->now, x % 100000, x % 77777777);
		if (x % 5 == 0 && look(w, 3) == 1)
			assert_int_equal(ccw_stat_merge(&sum, &w->delta), 0);
	}
	if (look(w, 3) == 1)
		assert_int_equal(ccw_stat_merge(&sum, &w->delta), 0);
	assert_non_null(once);
	assert_int_equal(ccw_bpf_sums_delta(once, 3, w->now, &everything, &whole), 1);
	assert_int_equal(sum.ios, 5000);
	assert_int_equal(sum.bytes, whole.bytes);
	for (s = 0; s < CCW_NR_STAGES; s++) {
		assert_int_equal(sum.hist[s].count, 5000);
		assert_int_equal(sum.hist[s].sum, whole.hist[s].sum);
		for (b = 0; b < CCW_HIST_BUCKETS; b++)
			assert_int_equal(ccw_hist_at(&sum.hist[s], b),
					 ccw_hist_at(&whole.hist[s], b));
	}
	assert_int_equal(sum.hist[CCW_TOTAL].max, w->now->max_ns);
	ccw_bpf_sums_free(once);
	ccw_stat_free(&sum);
	ccw_stat_free(&whole);
}

/* Words were read before the kernel counted in the histogram, which then came too late. */
static void a_bucket_comes_late(void **state)
{
	struct world *w = *state;
	uint32_t *late;

	usual(w->now, 1000, 50000);
	late = &w->now->hist[CCWLAT_TOTAL][ccw_hist_bucket(51000)];
	*late = 0;
	assert_int_equal(look(w, 1), 1);
	assert_int_equal(w->delta.ios, 1);
	assert_int_equal(w->delta.hist[CCW_TOTAL].count, 0);
	*late = 1;
	assert_int_equal(look(w, 1), 1);
	assert_int_equal(w->delta.ios, 0);
	assert_int_equal(w->delta.hist[CCW_TOTAL].count, 1);
	assert_int_equal(look(w, 1), 0);
}

/* Stages that nobody looks at wait: their sums are known, their histograms come when asked for. */
static void stages_wait(void **state)
{
	const struct ccw_bpf_look total = { .have = ALL, .stages = 1U << CCW_TOTAL };
	const struct ccw_bpf_look others = { .have = ALL, .stages = ALL & ~(1U << CCW_TOTAL) };
	struct ccw_stat sum = { .state = 0xff };
	struct world *w = *state;
	int i, s;

	for (i = 0; i < 100; i++) {
		usual(w->now, 1000 + i, 50000 * i);
		assert_int_equal(ccw_bpf_sums_delta(w->sums, 1, w->now, &total, &w->delta), 1);
		assert_int_equal(w->delta.hist[CCW_TOTAL].count, 1);
		assert_int_equal(w->delta.hist[CCW_DEVICE].count, 0);
		assert_int_equal(w->delta.hist[CCW_DEVICE].sum, 50000 * i);
		assert_int_equal(ccw_stat_merge(&sum, &w->delta), 0);
	}
	assert_int_equal(sum.hist[CCW_DEVICE].count, 0);
	assert_int_equal(ccw_bpf_sums_catch_up(w->sums, 1, w->now, &others, &w->delta), 0);
	assert_int_equal(w->delta.ios, 0);
	assert_int_equal(ccw_stat_merge(&sum, &w->delta), 0);
	assert_int_equal(sum.ios, 100);
	for (s = 0; s < CCW_NR_STAGES; s++) {
		uint64_t n = 0;

		for (i = 0; i < CCW_HIST_BUCKETS; i++) {
			assert_int_equal(ccw_hist_at(&sum.hist[s], i), w->now->hist[s][i]);
			n += ccw_hist_at(&sum.hist[s], i);
		}
		assert_int_equal(n, 100);
		assert_int_equal(sum.hist[s].count, 100);
	}
	assert_int_equal(sum.hist[CCW_DEVICE].sum, 50000 * 99 * 50);
	assert_int_equal(sum.hist[CCW_DEVICE].max, ccw_hist_high(ccw_hist_bucket(50000 * 99)));
	/* and nothing of it comes again */
	usual(w->now, 1000, 2000);
	assert_int_equal(look(w, 1), 1);
	for (s = 0; s < CCW_NR_STAGES; s++)
		assert_int_equal(w->delta.hist[s].count, 1);
	ccw_stat_free(&sum);
}

static void errors(void **state)
{
	struct world *w = *state;

	w->now->result[CCW_ERR_REFUSED] = 3;
	w->now->rc[0].rc = -22;
	w->now->rc[0].count = 3;
	w->now->result[CCW_ERR_UNIT_CHECK] = 1;
	w->now->dstat[1] = 1;
	w->now->cc[0] = 1;
	assert_int_equal(look(w, 1), 1);
	assert_int_equal(w->delta.ios, 4);
	assert_int_equal(w->delta.result[CCW_OK], 0);
	assert_int_equal(w->delta.result[CCW_ERR_REFUSED], 3);
	assert_int_equal(w->delta.rc[0].rc, -22);
	assert_int_equal(w->delta.rc[0].count, 3);
	assert_int_equal(w->delta.dstat[1], 1);
	w->now->result[CCW_ERR_REFUSED]++;
	w->now->rc[0].count++;
	assert_int_equal(look(w, 1), 1);
	assert_int_equal(w->delta.rc[0].rc, -22);
	assert_int_equal(w->delta.rc[0].count, 1);
}

/* A counter of 32 bits that wrapped is no reason for 4 billion I/Os. */
static void a_bucket_wraps(void **state)
{
	struct world *w = *state;

	w->now->usual = 1;
	w->now->hist[CCWLAT_TOTAL][40] = UINT32_MAX;
	assert_int_equal(look(w, 1), 1);
	w->now->usual = 3;
	w->now->hist[CCWLAT_TOTAL][40] = 1;
	assert_int_equal(look(w, 1), 1);
	assert_int_equal(w->delta.ios, 2);
	assert_int_equal(w->delta.hist[CCW_TOTAL].count, 2);
}

/* Stages that the source cannot measure stay unknown. */
static void unknown_stages(void **state)
{
	static const struct ccw_bpf_look device = { .have = 1U << CCW_DEVICE, .stages = ALL };
	struct world *w = *state;

	usual(w->now, 1000, 2000);
	assert_int_equal(ccw_bpf_sums_delta(w->sums, 1, w->now, &device, &w->delta), 1);
	assert_int_equal(w->delta.have, 1U << CCW_DEVICE);
	assert_int_equal(w->delta.hist[CCW_DEVICE].count, 1);
	assert_int_equal(w->delta.hist[CCW_TRANSLATE].count, 0);
}

static void many_subchannels(void **state)
{
	struct world *w = *state;
	uint32_t i;

	for (i = 0; i < 5000; i++) {
		memset(w->now, 0, sizeof(*w->now));
		usual(w->now, i, i);
		assert_int_equal(look(w, i << 8), 1);
		assert_true(nothing(w, i << 8));
	}
	memset(w->now, 0, sizeof(*w->now));
	usual(w->now, 7, 7);
	assert_int_equal(look(w, 7 << 8), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(differences, set_up, tear_down),
		cmocka_unit_test_setup_teardown(differences_add_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bucket_comes_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stages_wait, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bucket_wraps, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unknown_stages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_subchannels, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
