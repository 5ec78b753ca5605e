// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "trace/ccw_stat.h"

#define DONE (VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED)

static struct ccw_stat *new_stat(void)
{
	struct ccw_stat *st = calloc(1, sizeof(*st));

	st->state = 0xff;
	return st;
}

static void free_stat(struct ccw_stat *st)
{
	ccw_stat_free(st);
	free(st);
}

static void result_of(enum ccw_result expected, struct ccw_io io)
{
	assert_int_equal(ccw_io_result(&io), expected);
}

static void results(void **state)
{
	(void)state;
	result_of(CCW_OK, (struct ccw_io){ .flags = DONE, .dstat = 0x0c, .stctl = 0x07 });
	/* PCI and the status modifier are no errors */
	result_of(CCW_OK, (struct ccw_io){ .flags = DONE, .dstat = 0x4c, .cstat = 0x80 });
	result_of(CCW_ERR_REFUSED, (struct ccw_io){ .rc = -22 });
	result_of(CCW_ERR_REFUSED, (struct ccw_io){ .rc = -5, .flags = DONE, .dstat = 0x0c });
	/* the condition code is the cause, the errno its translation */
	result_of(CCW_ERR_CC, (struct ccw_io){ .rc = -19, .cc = 3, .flags = VFIO_CCW_IO_STARTED });
	/* not started: cc is not valid */
	result_of(CCW_OK, (struct ccw_io){ .cc = 3 });
	result_of(CCW_ERR_ABORTED, (struct ccw_io){ .flags = DONE | VFIO_CCW_IO_HALTED });
	result_of(CCW_ERR_ABORTED, (struct ccw_io){ .rc = -125, .flags = VFIO_CCW_IO_ABORTED });
	result_of(CCW_ERR_ABORTED, (struct ccw_io){ .flags = VFIO_CCW_IO_STARTED |
						    VFIO_CCW_IO_CLEARED });
	result_of(CCW_ERR_CHANNEL, (struct ccw_io){ .flags = DONE, .dstat = 0x0e, .cstat = 0x20 });
	result_of(CCW_ERR_UNIT_CHECK,
		  (struct ccw_io){ .flags = DONE, .dstat = 0x0e, .cstat = 0x40 });
	result_of(CCW_ERR_UNIT_EXCEPTION, (struct ccw_io){ .flags = DONE, .dstat = 0x0d });
	result_of(CCW_ERR_LENGTH, (struct ccw_io){ .flags = DONE, .dstat = 0x0c, .cstat = 0x40 });
	/* status of a request that has not ended means nothing */
	result_of(CCW_OK, (struct ccw_io){ .flags = VFIO_CCW_IO_STARTED, .dstat = 0x02 });
}

static void counts(void **state)
{
	struct ccw_stat *st = new_stat();
	struct ccw_io io = {
		.ts = 1000, .seq = 1, .have = 0x1f, .ns = { 1, 2, 30, 4, 37 }, .bytes = 4096,
		.ccws = 3, .segments = 2, .idaws = 1, .pages = 1, .irqs = 1, .flags = DONE,
		.dstat = 0x0c,
	};

	(void)state;
	assert_int_equal(ccw_stat_add(st, &io), 0);
	io.ts = 3000;
	io.seq = 2;
	io.ccws = 9;
	io.dstat = 0x0e;
	io.cmd = 0xff;
	io.have = 0x1e;
	assert_int_equal(ccw_stat_add(st, &io), 0);
	assert_int_equal(st->ios, 2);
	assert_int_equal(st->first_ts, 1000);
	assert_int_equal(st->last_ts, 3000);
	assert_int_equal(st->result[CCW_OK], 1);
	assert_int_equal(st->result[CCW_ERR_UNIT_CHECK], 1);
	assert_int_equal(st->bytes, 8192);
	assert_int_equal(st->ccws, 12);
	assert_int_equal(st->max_ccws, 9);
	assert_int_equal(st->have, 0x1f); /* in one of them */
	assert_int_equal(st->hist[CCW_TRANSLATE].count, 1);
	assert_int_equal(st->hist[CCW_DEVICE].count, 2);
	assert_int_equal(st->hist[CCW_TOTAL].sum, 74);
	assert_int_equal(st->dstat[1], 1);
	assert_int_equal(st->dstat[2], 2);
	assert_int_equal(st->dstat[3], 2);
	assert_int_equal(st->cc[0], 2);
	assert_int_equal(st->nr_last_err, 1);
	assert_int_equal(st->last_err[0].cmd, 0xff);
	assert_int_equal(st->missing, 0);

	ccw_stat_reset(st);
	assert_int_equal(st->ios, 0);
	assert_int_equal(st->hist[CCW_TOTAL].count, 0);
	io.ts = 4000;
	io.seq = 4;
	assert_int_equal(ccw_stat_add(st, &io), 0);
	assert_int_equal(st->first_ts, 4000);
	assert_int_equal(st->missing, 1);
	free_stat(st);
}

/* p50 of the device time is not 0 because most requests were refused. */
static void stages_that_were_not_reached(void **state)
{
	struct ccw_stat *st = new_stat();
	struct ccw_io io = { .seq = 1, .have = 0x1f, .ns = { 5, 0, 0, 0, 5 }, .rc = -22 };

	(void)state;
	ccw_stat_add(st, &io);
	io.seq = 2;
	io.flags = VFIO_CCW_IO_STARTED;
	io.cc = 3;
	ccw_stat_add(st, &io);
	io = (struct ccw_io){ .seq = 3, .have = 0x1f, .ns = { 1, 2, 30, 0, 33 }, .flags = DONE };
	ccw_stat_add(st, &io);
	assert_int_equal(st->hist[CCW_TRANSLATE].count, 3);
	assert_int_equal(st->hist[CCW_START].count, 2);
	assert_int_equal(st->hist[CCW_DEVICE].count, 1);
	assert_int_equal(st->hist[CCW_DELIVER].count, 1);
	assert_int_equal(st->hist[CCW_TOTAL].count, 3);
	assert_int_equal(ccw_hist_percentile(&st->hist[CCW_DEVICE], 50), 30);
	assert_int_equal(st->hist[CCW_TOTAL].sum, 43);
	free_stat(st);
}

static void last_errors_newest_first(void **state)
{
	struct ccw_stat *a = new_stat(), *b = new_stat();
	struct ccw_io io = { .rc = -22 };
	int i;

	(void)state;
	for (i = 1; i <= 6; i++) {
		io.ts = i * 10;
		io.seq = i;
		ccw_stat_add(a, &io);
		io.ts = i * 10 + 5;
		ccw_stat_add(b, &io);
	}
	assert_int_equal(a->nr_last_err, CCW_STAT_LAST);
	assert_int_equal(a->last_err[0].ts, 60);
	assert_int_equal(a->last_err[3].ts, 30);
	assert_int_equal(ccw_stat_merge(a, b), 0);
	assert_int_equal(a->nr_last_err, CCW_STAT_LAST);
	assert_int_equal(a->last_err[0].ts, 65);
	assert_int_equal(a->last_err[1].ts, 60);
	assert_int_equal(a->last_err[3].ts, 50);
	assert_int_equal(a->ios, 12);
	assert_int_equal(a->rc[0].rc, -22);
	assert_int_equal(a->rc[0].count, 12);
	free_stat(a);
	free_stat(b);
}

static void errnos_overflow_into_the_last_slot(void **state)
{
	struct ccw_stat *st = new_stat();
	uint64_t sum = 0;
	int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		struct ccw_io io = { .rc = -1 - i % 10, .seq = i + 1 };

		ccw_stat_add(st, &io);
	}
	for (i = 0; i < CCW_STAT_ERRNOS; i++)
		sum += st->rc[i].count;
	assert_int_equal(sum, 20);
	assert_int_equal(st->rc[0].rc, -1);
	assert_int_equal(st->rc[0].count, 2);
	assert_int_equal(st->rc[CCW_STAT_ERRNOS - 1].rc, 0);
	assert_int_equal(st->rc[CCW_STAT_ERRNOS - 1].count, 6);
	free_stat(st);
}

static uint64_t missing_after(const uint32_t *seqs, size_t n)
{
	struct ccw_stat *st = new_stat();
	uint64_t missing;
	size_t i;

	for (i = 0; i < n; i++) {
		struct ccw_io io = { .seq = seqs[i], .ts = i };

		ccw_stat_add(st, &io);
	}
	missing = st->missing;
	free_stat(st);
	return missing;
}

#define MISSING(...) \
	missing_after((const uint32_t[]){ __VA_ARGS__ }, \
		      sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void missing_requests(void **state)
{
	(void)state;
	assert_int_equal(MISSING(1, 2, 3), 0);
	assert_int_equal(MISSING(17, 18, 19), 0); /* joined in the middle */
	assert_int_equal(MISSING(1, 2, 5), 2);
	assert_int_equal(MISSING(1, 3, 2, 4), 0); /* refused while the other ran */
	assert_int_equal(MISSING(1, 4, 3, 2, 5), 0);
	assert_int_equal(MISSING(1, 2, 3, 1, 2, 3), 0); /* opened again */
	assert_int_equal(MISSING(1, 2, 100, 1, 2), 97);
	assert_int_equal(MISSING(1, 70, 2), 68); /* too late to tell from a new open */
	assert_int_equal(MISSING(4294967295U, 1), 0);
}

static void opening_restarts_the_numbers(void **state)
{
	struct ccw_stat *st = new_stat();
	struct ccw_io io = { .seq = 5 };
	struct ccw_fsm open = { .from = 1, .event = VFIO_CCW_EVENT_OPEN, .to = 2 };

	(void)state;
	assert_int_equal(st->state, 0xff);
	ccw_stat_add(st, &io);
	ccw_stat_fsm(st, &open);
	assert_int_equal(st->state, VFIO_CCW_STATE_IDLE);
	io.seq = 1;
	ccw_stat_add(st, &io);
	assert_int_equal(st->missing, 0);
	ccw_stat_fsm(st, &open);
	io.seq = 3;
	ccw_stat_add(st, &io);
	assert_int_equal(st->missing, 2); /* none was seen, but the first has number 1 */
	free_stat(st);
}

static void merge_adds_everything(void **state)
{
	struct ccw_stat *a = new_stat(), *b = new_stat(), *all = new_stat();
	unsigned int i;

	(void)state;
	for (i = 1; i <= 1000; i++) {
		struct ccw_io io = {
			.ts = i * 100, .seq = i, .have = 0x1f,
			.ns = { i, i * 2, i * 1000, i * 3, i * 1006 }, .bytes = i, .ccws = i % 12,
			.pages = i % 5, .idaws = i % 3, .segments = i % 4, .irqs = 1 + i % 2,
			.flags = i % 7 ? DONE : 0, .rc = i % 7 ? 0 : -22, .cc = i % 13 ? 0 : 1,
			.dstat = i % 11 ? 0x0c : 0x0e, .cstat = i % 17 ? 0 : 0x20,
		};

		ccw_stat_add(i & 1 ? a : b, &io);
		ccw_stat_add(all, &io);
	}
	assert_int_equal(ccw_stat_merge(a, b), 0);
	assert_int_equal(a->ios, all->ios);
	assert_memory_equal(a->result, all->result, sizeof(a->result));
	assert_memory_equal(a->dstat, all->dstat, sizeof(a->dstat));
	assert_memory_equal(a->cstat, all->cstat, sizeof(a->cstat));
	assert_memory_equal(a->cc, all->cc, sizeof(a->cc));
	assert_int_equal(a->bytes, all->bytes);
	assert_int_equal(a->ccws, all->ccws);
	assert_int_equal(a->segments, all->segments);
	assert_int_equal(a->idaws, all->idaws);
	assert_int_equal(a->pages, all->pages);
	assert_int_equal(a->irqs, all->irqs);
	assert_int_equal(a->max_ccws, all->max_ccws);
	assert_int_equal(a->first_ts, all->first_ts);
	assert_int_equal(a->last_ts, all->last_ts);
	for (i = 0; i < CCW_NR_STAGES; i++) {
		assert_int_equal(a->hist[i].sum, all->hist[i].sum);
		assert_int_equal(ccw_hist_percentile(&a->hist[i], 99),
				 ccw_hist_percentile(&all->hist[i], 99));
	}
	for (i = 0; i < CCW_STAT_LAST; i++)
		assert_int_equal(a->last_err[i].ts, all->last_err[i].ts);
	free_stat(a);
	free_stat(b);
	free_stat(all);
}

static void subchannels_in_sysfs_order(void **state)
{
	struct ccw_stats *sts = ccw_stats_new();
	struct ccw_sch sch = { 0 };
	struct ccw_stat *first;
	unsigned int i;

	(void)state;
	assert_null(ccw_stats_find(sts, sch));
	assert_null(ccw_stats_at(sts, 0));
	sch.schno = 7;
	first = ccw_stats_get(sts, sch);
	for (i = 0; i < 100; i++) {
		sch.ssid = i * 7 % 4;
		sch.schno = i * 37 % 100;
		assert_non_null(ccw_stats_get(sts, sch));
		assert_ptr_equal(ccw_stats_get(sts, sch), ccw_stats_find(sts, sch));
	}
	assert_int_equal(ccw_stats_count(sts), 101);
	for (i = 1; i < ccw_stats_count(sts); i++)
		assert_true(ccw_sch_key(ccw_stats_at(sts, i - 1)->sch) <
			    ccw_sch_key(ccw_stats_at(sts, i)->sch));
	assert_ptr_equal(first, ccw_stats_find(sts, (struct ccw_sch){ .schno = 7 }));
	assert_int_equal(first->state, 0xff);
	ccw_stats_free(sts);
	ccw_stats_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results),
		cmocka_unit_test(counts),
		cmocka_unit_test(stages_that_were_not_reached),
		cmocka_unit_test(last_errors_newest_first),
		cmocka_unit_test(errnos_overflow_into_the_last_slot),
		cmocka_unit_test(missing_requests),
		cmocka_unit_test(opening_restarts_the_numbers),
		cmocka_unit_test(merge_adds_everything),
		cmocka_unit_test(subchannels_in_sysfs_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
