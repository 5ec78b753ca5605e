// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_names.h"

static bool matches(const char *list, const char *name)
{
	struct ccw_filter *f = NULL;
	struct ccw_sch sch;
	bool match;

	assert_int_equal(ccw_filter_add(&f, list, NULL, 0), 0);
	assert_int_equal(ccw_sch_parse(name, &sch), 0);
	match = ccw_filter_match(f, sch);
	ccw_filter_free(f);
	return match;
}

static void lists_ranges_and_patterns(void **state)
{
	(void)state;
	assert_true(matches("0.0.0003", "0.0.0003"));
	assert_false(matches("0.0.0003", "0.1.0003"));
	assert_true(matches("0.0.0001,0.0.0003", "0.0.0003"));
	assert_true(matches("0.0.0003-0.0.0010", "0.0.000f"));
	assert_false(matches("0.0.0003-0.0.0010", "0.0.0011"));
	assert_true(matches("0.0.fff0-0.1.0010", "0.1.0000"));
	assert_true(matches("0.0.00*", "0.0.00ff"));
	assert_false(matches("0.0.00*", "0.0.0100"));
	assert_true(matches("0.0.000[AB]", "0.0.000b"));
	assert_true(ccw_filter_match(NULL, (struct ccw_sch){ 0 }));
}

static void errors_name_the_item(void **state)
{
	static const char *const bad[] = {
		"", ",", "0.0.0001,", "0.0.0004-0.0.0003", "x", "0.0.0001-", "-0.0.0001", "0.0.z*",
	};
	struct ccw_filter *f = NULL;
	char item[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ccw_filter_add(&f, bad[i], NULL, 0), -EINVAL);
	assert_int_equal(ccw_filter_add(&f, "0.0.0001,nonsense,0.0.0002", item, sizeof(item)),
			 -EINVAL);
	assert_string_equal(item, "nonsense");
	ccw_filter_free(f);
}

static void kernel_is(const char *list, const char *text)
{
	struct ccw_filter *f = NULL;
	char *got;

	assert_int_equal(ccw_filter_add(&f, list, NULL, 0), 0);
	assert_int_equal(ccw_filter_kernel(f, "schno", &got), 0);
	assert_string_equal(got, text);
	free(got);
	ccw_filter_free(f);
}

static void filters_of_the_kernel(void **state)
{
	struct ccw_filter *f = NULL;
	char *text;

	(void)state;
	kernel_is("0.0.0003", "(cssid==0&&ssid==0&&schno==3)");
	kernel_is("0.1.0003-0.1.000a", "(cssid==0&&ssid==1&&schno>=3&&schno<=10)");
	kernel_is("0.0.fff0-0.1.0002",
		  "(cssid==0&&ssid==0&&schno>=65520&&schno<=65535)||"
		  "(cssid==0&&ssid==1&&schno>=0&&schno<=2)");
	kernel_is("0.3.ffff-1.0.0000",
		  "(cssid==0&&ssid==3&&schno==65535)||(cssid==1&&ssid==0&&schno==0)");
	/* no machine has these */
	assert_int_equal(ccw_filter_add(&f, "fe.3.ff?f", NULL, 0), 0);
	assert_int_equal(ccw_filter_kernel(f, "schno", &text), -ENOENT);
	assert_null(text);
	ccw_filter_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_ranges_and_patterns),
		cmocka_unit_test(errors_name_the_item),
		cmocka_unit_test(filters_of_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
