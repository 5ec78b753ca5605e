// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtop/model.h"
#include "trace/ccw_filter.h"

#define DONE (VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED)
#define ALL_STAGES ((1U << CCW_NR_STAGES) - 1)

static const struct ccw_sch three = { 0, 0, 3 }, four = { 0, 0, 4 };

static void add(struct ccw_stats *sts, struct ccw_sch sch, uint32_t seq, uint8_t dstat)
{
	struct ccw_io io = {
		.ts = 1000 + seq, .sch = sch, .seq = seq, .have = ALL_STAGES,
		.ns = { 10000, 0, 80000, 10000, 100000 },
		.bytes = 4096, .ccws = 3, .idaws = 2, .pages = 1, .irqs = 1,
		.flags = DONE, .dstat = dstat, .cmd = 0x06,
	};

	assert_int_equal(ccw_stat_add(ccw_stats_get(sts, sch), &io), 0);
}

static void rates(void **state)
{
	struct ccw_stats *now = ccw_stats_new(), *total = ccw_stats_new();
	struct top_model m = { 0 };
	const struct top_row *row;
	int i;

	(void)state;
	for (i = 1; i <= 10; i++) {
		add(now, three, i, i == 10 ? 0x0e : 0x0c);
		add(total, three, i, i == 10 ? 0x0e : 0x0c);
	}
	assert_int_equal(top_model_build(&m, now, 0.5, total, NULL, NULL), 0);
	assert_int_equal(m.count, 1);
	row = &m.rows[0];
	assert_true(row->rate == 20);
	assert_true(row->bytes == 20 * 4096);
	assert_true(row->errors == 2);
	assert_true(row->ccws == 3);
	assert_true(row->idaws == 2);
	assert_false(row->idle);
	assert_in_range(row->p50, 97000, 100000);
	assert_int_equal(row->max, 100000);
	assert_true(fabs(row->share[CCW_TRANSLATE] - .1) < 1e-9);
	assert_true(fabs(row->share[CCW_DEVICE] - .8) < 1e-9);
	assert_true(fabs(row->busy - 10 * 80e-6 / 0.5) < 1e-9);
	assert_int_equal(row->total_ios, 10);
	assert_int_equal(row->total_errors, 1);
	assert_non_null(strstr(row->last_error, "UNIT CHECK"));
	assert_string_equal(row->state, "-");
	assert_true(m.rate == 20);
	assert_int_equal(m.active, 1);
	top_model_free(&m);
	ccw_stats_free(now);
	ccw_stats_free(total);
}

/* Without I/O in the interval: rates are zero, times are those since start. */
static void idle(void **state)
{
	struct ccw_stats *now = ccw_stats_new(), *total = ccw_stats_new();
	struct top_model m = { 0 };

	(void)state;
	add(total, three, 1, 0x0c);
	assert_int_equal(top_model_build(&m, now, 1, total, NULL, NULL), 0);
	assert_int_equal(m.count, 1);
	assert_true(m.rows[0].idle);
	assert_true(m.rows[0].rate == 0);
	assert_true(m.rows[0].busy == 0);
	assert_int_equal(m.rows[0].max, 100000);
	assert_true(m.rows[0].ccws == 3);
	assert_int_equal(m.active, 0);

	/* Of an interval without length no rate is known. */
	assert_int_equal(top_model_build(&m, now, 0, total, NULL, NULL), 0);
	assert_true(isnan(m.rows[0].rate));
	assert_true(isnan(m.rate));
	top_model_free(&m);
	ccw_stats_free(now);
	ccw_stats_free(total);
}

static void unmeasured_stages(void **state)
{
	struct ccw_stats *now = ccw_stats_new();
	struct ccw_io io = {
		.ts = 1, .sch = three, .seq = 1, .have = 1U << CCW_DEVICE,
		.ns = { [CCW_DEVICE] = 50000 }, .flags = DONE, .dstat = 0x0c,
	};
	struct top_model m = { 0 };

	(void)state;
	assert_int_equal(ccw_stat_add(ccw_stats_get(now, three), &io), 0);
	assert_int_equal(top_model_build(&m, now, 1, now, NULL, NULL), 0);
	assert_true(m.rows[0].p50 == TOP_NO_TIME);
	assert_true(m.rows[0].max == TOP_NO_TIME);
	assert_true(isnan(m.rows[0].share[CCW_TRANSLATE]));
	assert_true(m.rows[0].share[CCW_DEVICE] == 1);
	top_model_free(&m);
	ccw_stats_free(now);
}

static void rows_come_from_sysfs_too(void **state)
{
	char root[] = "/tmp/test_top_model.XXXXXX", cmd[512], bad[32];
	struct ccw_stats *now = ccw_stats_new(), *total = ccw_stats_new();
	struct ccw_fsm fsm = { .sch = four, .to = VFIO_CCW_STATE_ACTIVE };
	struct ccw_filter *filter = NULL;
	struct top_model m = { 0 };
	struct top_sysfs *s;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(cmd, sizeof(cmd), "cd %s && mkdir -p bus/css/drivers/vfio_ccw/0.0.0003 "
		 "bus/css/drivers/vfio_ccw/0.0.0005 bus/css/devices/0.0.0003 bus/css/devices/"
		 "0.0.0005/00000000-0000-4000-8000-000000000005", root);
	assert_int_equal(system(cmd), 0);
	s = top_sysfs_new(root, root);
	assert_int_equal(top_sysfs_scan(s), 0);
	add(total, four, 1, 0x0c);
	ccw_stat_fsm(ccw_stats_get(total, four), &fsm);
	assert_int_equal(top_model_build(&m, now, 1, total, s, NULL), 0);
	assert_int_equal(m.count, 3);
	assert_int_equal(m.bound, 2);
	assert_int_equal(m.rows[0].sch.schno, 3);
	assert_string_equal(m.rows[0].state, "no-mdev");
	assert_int_equal(m.rows[1].sch.schno, 4);
	assert_string_equal(m.rows[1].state, "unbound");
	assert_string_equal(m.rows[2].state, "-");

	/* The same I/O in a recording, where nobody knows what is bound. */
	assert_int_equal(top_model_build(&m, now, 1, total, NULL, NULL), 0);
	assert_int_equal(m.count, 1);
	assert_string_equal(m.rows[0].state, "ACTIVE");

	assert_int_equal(ccw_filter_add(&filter, "0.0.0005", bad, sizeof(bad)), 0);
	assert_int_equal(top_model_build(&m, now, 1, now, s, filter), 0);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.rows[0].sch.schno, 5);
	ccw_filter_free(filter);
	snprintf(cmd, sizeof(cmd), "rm -r %s", root);
	assert_int_equal(system(cmd), 0);
	top_sysfs_free(s);
	top_model_free(&m);
	ccw_stats_free(now);
	ccw_stats_free(total);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates),
		cmocka_unit_test(idle),
		cmocka_unit_test(unmeasured_stages),
		cmocka_unit_test(rows_come_from_sysfs_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
