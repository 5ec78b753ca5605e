// SPDX-License-Identifier: GPL-2.0
/*
 * Programs out of a recording: a real one, in which numbers begin anew with each open and long
 * programs take three records. Nothing may cut one in two or take more memory than it may.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtrace/replay.h"

#define RECORDING "tests/fixtures/programs.dat"
#define PROGRAMS 8 /* of 0.0.0001: three of a CCW, two of 250, three of a CCW */

static struct ccwio_error err;

static struct replay_programs load(const char *since, const char *until, size_t most)
{
	struct ccw_select *select = since || until ? ccw_select_new() : NULL;
	struct ccw_filter *filter = NULL;
	char text[128];
	struct ccw_error why;
	struct replay_programs ps = { .count = 0 };
	size_t i;

	assert_int_equal(ccw_filter_add(&filter, "0.0.0001", text, sizeof(text)), 0);
	if (since)
		assert_int_equal(ccw_select_since(select, since, &why), 0);
	if (until)
		assert_int_equal(ccw_select_until(select, until, &why), 0);
	assert_int_equal(replay_load(&ps, RECORDING, filter, select, 0, most, &err), 0);
	for (i = 0; i < ps.count; i++) {
		assert_false(ps.all[i].broken);
		assert_int_equal(ps.all[i].count, ps.all[i].total);
		assert_true(ps.all[i].ended);
		assert_int_equal(ps.all[i].io.ccws, ps.all[i].count);
	}
	ccw_filter_free(filter);
	ccw_select_free(select);
	return ps;
}

static void check(const char *since, const char *until, size_t most, size_t count)
{
	struct replay_programs ps = load(since, until, most);

	assert_int_equal(ps.count, count);
	replay_programs_free(&ps);
}

static void whole(void **state)
{
	static const uint32_t seq[PROGRAMS] = { 1, 2, 3, 1, 2, 1, 2, 3 };
	struct replay_programs ps = load(NULL, NULL, 0);
	size_t i;

	(void)state;
	assert_int_equal(ps.count, PROGRAMS);
	for (i = 0; i < ps.count; i++) {
		assert_int_equal(ps.all[i].seq, seq[i]);
		assert_int_equal(ps.all[i].count, i == 3 || i == 4 ? 250 : 1);
	}
	replay_programs_free(&ps);
}

/* The first of 250 CCWs has records at 21.460549, .460665 and .460674. */
static void times(void **state)
{
	(void)state;
	check("@21.460500", NULL, 0, 5);
	check("@21.460600", NULL, 0, 4);
	check("@21.460670", NULL, 0, 4);
	check(NULL, "@21.460500", 0, 3);
	check(NULL, "@21.460600", 0, 4);
	check(NULL, "@21.460670", 0, 4);
	check("@21.460500", "@21.460600", 0, 1);
}

/* Records of a program that is not taken do not go on with one that has the same number. */
static void first_ones(void **state)
{
	size_t n;

	(void)state;
	for (n = 1; n <= PROGRAMS; n++)
		check(NULL, NULL, n, n);
}

static void bounds(void **state)
{
	struct replay_programs ps = load(NULL, NULL, 0);
	struct ccw_filter *filter = NULL;
	char text[128];
	size_t all = ps.bytes, most;

	(void)state;
	replay_programs_free(&ps);
	assert_true(all > PROGRAMS * sizeof(struct replay_program));
	assert_int_equal(ccw_filter_add(&filter, "0.0.0001", text, sizeof(text)), 0);
	/* also where what is known of a program is what does not fit */
	for (most = 1; most <= all; most += most < all && most + 16 > all ? all - most : 16) {
		ps = (struct replay_programs){ .max_bytes = most };
		assert_int_equal(replay_load(&ps, RECORDING, filter, NULL, 0, 0, &err),
				 most < all ? -E2BIG : 0);
		assert_true(ps.count * sizeof(*ps.all) <= most);
		if (most < all)
			assert_non_null(strstr(err.text, "the programs take more than"));
		replay_programs_free(&ps);
		if (most == all)
			break;
	}
	ccw_filter_free(filter);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(times), cmocka_unit_test(first_ones),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
