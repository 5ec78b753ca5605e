// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "trace/ccw_select.h"

#define DONE (VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED)

static const struct ccw_io good = {
	.ts = 5000000000ULL, .sch = { 0, 1, 0x0a }, .seq = 7, .have = 0x1f,
	.ns = { 1000, 2000, 3000000, 4000, 3007000 }, .bytes = 8192, .ccws = 3, .cmd = 0x86,
	.flags = DONE | VFIO_CCW_IO_FMT1, .dstat = 0x0c, .fctl = 4, .stctl = 7, .irqs = 1,
};
static const struct ccw_io check = {
	.ts = 6000000000ULL, .sch = { 0, 0, 3 }, .seq = 8, .have = 0x1f, .ns = { 1, 2, 3, 4, 10 },
	.flags = DONE | VFIO_CCW_IO_SENSE, .dstat = 0x0e, .sense = 0x8000000000000001ULL,
};
static const struct ccw_io refused = { .rc = -22, .have = 0x1f, .ns = { 500, 0, 0, 0, 500 } };

static bool selects(const char *text, const struct ccw_io *io)
{
	struct ccw_select *sel = ccw_select_new();
	struct ccw_error err = { "" };
	bool yes;

	if (ccw_select_add(sel, text, &err))
		fail_msg("%s", err.text);
	yes = ccw_select_io(sel, io);
	ccw_select_free(sel);
	return yes;
}

static void comparisons(void **state)
{
	(void)state;
	assert_true(selects("device_ns > 1ms", &good));
	assert_false(selects("device_ns > 3ms", &good));
	assert_true(selects("device_ns >= 3ms", &good));
	assert_true(selects("device_ns == 3000000", &good));
	assert_true(selects("device_ns<3.0005ms", &good));
	assert_true(selects("total_ns <= 3007us", &good));
	assert_true(selects("bytes = 8KiB", &good));
	assert_true(selects("cmd == 0x86 && ccws != 2", &good));
	assert_true(selects("sch == 0.1.000a", &good));
	assert_false(selects("sch == 0.0.000a", &good));
	assert_true(selects("schno", &good));
	assert_false(selects("cssid", &good));
	assert_true(selects("sense == 0x8000000000000001", &check));
	assert_true(selects("sense > 0x8000000000000000", &check));
}

static void names(void **state)
{
	(void)state;
	assert_true(selects("dstat & UC", &check));
	assert_false(selects("dstat & UC", &good));
	assert_true(selects("dstat & UC|CE", &good)); /* any of them */
	assert_true(selects("dstat == CE|DE", &good));
	assert_false(selects("dstat == CE|DE", &check));
	assert_true(selects("dstat & ce", &good));
	assert_true(selects("flags & FMT1", &good));
	assert_true(selects("rc == -EINVAL", &refused));
	assert_true(selects("rc == EINVAL", &refused));
	assert_true(selects("rc < 0", &refused));
	assert_true(selects("result == 'unit check'", &check));
	assert_true(selects("result == unit_check", &check));
	assert_true(selects("result != ok", &check));
	assert_true(selects("result == ok", &good));
	assert_true(selects("stctl & PENDING && fctl == START", &good));
}

static void connectives(void **state)
{
	(void)state;
	assert_true(selects("seq == 7 || seq == 9 && bytes == 1", &good)); /* && binds tighter */
	assert_false(selects("(seq == 7 || seq == 9) && bytes == 1", &good));
	assert_true(selects("!(seq == 8) && !cssid", &good));
	assert_false(selects("!seq", &good));
	assert_true(selects("!!seq", &good));
	assert_true(selects("((((seq == 7))))", &good));
	assert_true(selects("seq==1||seq==2||seq==3||seq==7", &good));
	assert_false(selects("seq==7&&seq==8&&seq==7", &good));
	assert_true(selects("!(seq==1||ccws==3&&seq==2)", &good));
}

/* Nothing is known of a stage that was not reached: neither that it was short nor long. */
static void not_measured(void **state)
{
	(void)state;
	assert_false(selects("device_ns < 1s", &refused));
	assert_false(selects("device_ns >= 0", &refused));
	assert_false(selects("dstat == 0", &refused));
	assert_false(selects("cc == 0", &refused));
	assert_true(selects("translate_ns == 500", &refused));
	assert_false(selects("sense == 0", &good));
}

static void refuses(const char *text, size_t column)
{
	struct ccw_select *sel = ccw_select_new();
	struct ccw_error err = { "" };
	char where[32];

	snprintf(where, sizeof(where), "column %zu:", column);
	assert_int_equal(ccw_select_add(sel, text, &err), -EINVAL);
	if (!strstr(err.text, where))
		fail_msg("%s: want %s, got: %s", text, where, err.text);
	assert_false(ccw_select_any(sel));
	ccw_select_free(sel);
}

static void errors_point_at_the_column(void **state)
{
	char deep[400];

	(void)state;
	refuses("", 1);
	refuses("nonsense > 1", 1);
	refuses("seq > 1 && nonsense", 12);
	refuses("seq >", 6);
	refuses("seq > 1ms", 7);
	refuses("device_ns > 1.5x", 13);
	refuses("dstat & XX", 9);
	refuses("rc == EFOO", 7);
	refuses("result == bad", 11);
	refuses("sch == 3", 8);
	refuses("seq == 1 seq == 2", 10);
	refuses("(seq == 1", 10);
	refuses("seq == 1)", 9);
	refuses("seq == 1 &&", 12);
	refuses("&& seq", 1);
	refuses("seq == 'x", 8);
	refuses("seq == 18446744073709551616", 8);
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = 0;
	refuses(deep, 61);
	memset(deep, '!', sizeof(deep) - 1);
	refuses(deep, 61);
}

static void several(void **state)
{
	struct ccw_select *sel = ccw_select_new();
	struct ccw_error err;
	unsigned int i;

	(void)state;
	assert_int_equal(ccw_select_add(sel, "seq == 7 || seq == 8", &err), 0);
	assert_int_equal(ccw_select_add(sel, "bytes == 0 || ccws == 3", &err), 0);
	assert_true(ccw_select_io(sel, &good));
	assert_true(ccw_select_io(sel, &check));
	assert_int_equal(ccw_select_add(sel, "cmd", &err), 0);
	assert_false(ccw_select_io(sel, &check));
	for (i = 0; i < 1000 && !ccw_select_add(sel, "cmd", &err); i++)
		;
	assert_true(i < 1000); /* has an end */
	assert_true(ccw_select_io(sel, &good));
	ccw_select_free(sel);
}

static void times(void **state)
{
	static const char *const bad[] = {
		"", "x", "1x", "-1", "@", "1e3", "99999999999999999999",
	};
	struct ccw_select *sel = ccw_select_new();
	struct ccw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ccw_select_since(sel, bad[i], &err), -EINVAL);
	assert_false(ccw_select_any(sel));
	assert_true(ccw_select_time(sel, 0) && ccw_select_time(sel, UINT64_MAX));
	assert_int_equal(ccw_select_since(sel, "1.5", &err), 0);
	assert_int_equal(ccw_select_until(sel, "@7.25", &err), 0);
	ccw_select_start(sel, 5000000000ULL);
	assert_false(ccw_select_time(sel, 6499999999ULL));
	assert_true(ccw_select_time(sel, 6500000000ULL));
	assert_true(ccw_select_time(sel, 7250000000ULL));
	assert_false(ccw_select_time(sel, 7250000001ULL));
	assert_true(ccw_select_span(sel, 5000000000ULL, 10000000000ULL) == 750000000ULL);
	assert_false(ccw_select_io(sel, &good));
	assert_int_equal(ccw_select_since(sel, "@7.3", &err), -EINVAL);
	assert_non_null(strstr(err.text, "--since is later than --until"));
	assert_int_equal(ccw_select_since(sel, "@7.25", &err), 0);
	assert_int_equal(ccw_select_until(sel, "@7", &err), -EINVAL);
	assert_int_equal(ccw_select_until(sel, "9h", &err), 0);
	assert_int_equal(ccw_select_since(sel, "10h", &err), -EINVAL);
	assert_int_equal(ccw_select_since(sel, "500ms", &err), 0);
	ccw_select_start(sel, 5000000000ULL);
	assert_true(ccw_select_io(sel, &check));
	ccw_select_free(sel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparisons),
		cmocka_unit_test(names),
		cmocka_unit_test(connectives),
		cmocka_unit_test(not_measured),
		cmocka_unit_test(errors_point_at_the_column),
		cmocka_unit_test(several),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
