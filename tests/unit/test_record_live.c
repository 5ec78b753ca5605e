// SPDX-License-Identifier: GPL-2.0
/*
 * The line while recording goes on: what is in it, and that it fits into any terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtrace/record.h"

static const char *text(const struct ccw_record_status *st, bool flight, unsigned int columns)
{
	static char buf[160];

	record_live_text(buf, sizeof(buf), st, flight, 61.4, columns);
	return buf;
}

static void what_is_in_it(void **state)
{
	struct ccw_record_status st = { .events = 1234, .bytes = 20480, .lost = 7, .files = 1 };

	(void)state;
	assert_string_equal(text(&st, false, 80),
			    "61 s  1234 events  20.0KiB  7 lost  (Ctrl-C ends)");
	assert_string_equal(text(&st, true, 80),
			    "61 s  1234 events  1 file  7 lost  (Ctrl-C ends)");
	st.files = 2;
	assert_string_equal(text(&st, true, 80),
			    "61 s  1234 events  2 files  7 lost  (Ctrl-C ends)");
}

static void narrow(void **state)
{
	struct ccw_record_status st = { .events = 1234, .bytes = 20480, .lost = 7 };
	unsigned int columns;

	(void)state;
	assert_string_equal(text(&st, false, 40), "61 s  1234 events  20.0KiB  7 lost");
	for (columns = 1; columns < 60; columns++) {
		assert_true(strlen(text(&st, false, columns)) < columns);
		assert_int_equal(strncmp(text(&st, false, columns), text(&st, false, 80),
					 strlen(text(&st, false, columns))), 0);
	}
	st = (struct ccw_record_status){ .events = UINT64_MAX, .bytes = UINT64_MAX,
					 .lost = UINT64_MAX };
	assert_true(strlen(text(&st, false, 300)) < 160);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_it), cmocka_unit_test(narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
