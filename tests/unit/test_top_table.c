// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtop/table.h"

/* The widest text that every cell may have to show. */
static struct top_row widest(void)
{
	struct top_row row = {
		.sch = { 0, 3, 0xffff },
		.state = "TRANSLATE",
		.rate = 99949, .bytes = 1023.4 * 1024, .errors = 99949,
		.ccws = 99949, .idaws = 99949, .pages = 99949, .irqs = 99949,
		.p50 = 99949, .p99 = 99949, .p999 = 99949, .max = 99949,
		.share = { .25, .25, .25, .25 },
		.busy = 1,
		.total_ios = 99949, .total_errors = 99949,
	};

	strcpy(row.dev.devno, "ffff");
	strcpy(row.dev.dev, "3390/0c");
	strcpy(row.dev.cu, "3990/e9");
	strcpy(row.dev.mdev, "00000000-0000-4000-8000-000000000003");
	memset(row.last_error, 'x', sizeof(row.last_error) - 1);
	return row;
}

static struct top_row unknown(void)
{
	struct top_row row = {
		.rate = NAN, .bytes = NAN, .errors = NAN, .ccws = NAN, .idaws = NAN, .pages = NAN,
		.irqs = NAN, .busy = NAN, .p50 = TOP_NO_TIME, .p99 = TOP_NO_TIME,
		.p999 = TOP_NO_TIME, .max = TOP_NO_TIME, .share = { NAN, NAN, NAN, NAN },
	};

	return row;
}

static void columns_are_sound(void **state)
{
	size_t i, k;

	(void)state;
	assert_true(top_nr_columns <= TOP_MAX_COLUMNS);
	for (i = 0; i < top_nr_columns; i++) {
		const struct top_column *c = &top_columns[i];

		assert_true(strlen(c->title) <= c->width);
		assert_true(!c->grow || c->grow >= c->width);
		assert_non_null(c->text);
		assert_non_null(c->look);
		assert_true(c->by_text || c->number);
		assert_in_range(strlen(c->help), 1, 80 - 12); /* beside the title on 80 columns */
		assert_ptr_equal(top_column_find(c->key), c);
		for (k = 0; k < i; k++) {
			assert_string_not_equal(c->key, top_columns[k].key);
			assert_string_not_equal(c->title, top_columns[k].title);
		}
	}
	assert_null(top_column_find("nonsense"));
	assert_null(top_column_find(""));
}

/* No cell is cut, except texts that have no end, and each is as wide as its place. */
static void cells_fit(void **state)
{
	struct top_row rows[3] = { widest(), unknown(), { .rate = 0 } };
	struct top_selection all;
	struct top_layout l;
	char cell[TOP_MAX_WIDTH + 1], text[128];
	size_t i, r;

	(void)state;
	rows[2].p50 = 59999999999ULL; /* a minute, nearly */
	rows[2].p99 = 86400000000000ULL;
	rows[2].rate = 999.96;
	rows[2].bytes = 1e15;
	rows[2].ccws = 0.04;
	top_selection_all(&all, true);
	top_layout_make(&l, &all, 0);
	assert_int_equal(l.count, top_nr_columns);
	for (r = 0; r < 3; r++) {
		for (i = 0; i < l.count; i++) {
			const struct top_place *p = &l.place[i];

			top_cell(p, &rows[r], cell, sizeof(cell));
			assert_int_equal(strlen(cell), p->width);
			p->col->text(&rows[r], 100, text, sizeof(text));
			if (strcmp(p->col->key, "last") && strcmp(p->col->key, "split") &&
			    strlen(text) > p->width)
				fail_msg("%s: '%s' is wider than %u", p->col->key, text, p->width);
		}
	}
}

static void layouts_fit_every_width(void **state)
{
	struct top_selection all;
	size_t before = 0, i;
	unsigned int width;

	(void)state;
	top_selection_all(&all, true);
	for (width = 40; width < TOP_MAX_WIDTH; width++) {
		struct top_layout l;
		unsigned int x = 0;

		top_layout_make(&l, &all, width);
		assert_true(l.width <= width);
		assert_true(l.count >= before); /* wider shows no less */
		before = l.count;
		for (i = 0; i < l.count; i++) {
			assert_int_equal(l.place[i].x, x);
			x += l.place[i].width + 1;
			assert_true(l.place[i].width >= l.place[i].col->width);
		}
		assert_int_equal(l.width, x - 1);
	}
	assert_int_equal(before, top_nr_columns);
}

static bool shows(const struct top_layout *l, const char *key)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (!strcmp(l->place[i].col->key, key))
			return true;
	}
	return false;
}

static void eighty_columns_have_what_matters(void **state)
{
	static const char *const keys[] = {
		"sch", "device", "state", "rate", "p50", "p99", "split", "ccws", "bytes", "errors",
	};
	struct top_selection all;
	struct top_layout l;
	size_t i;

	(void)state;
	top_selection_all(&all, true);
	top_layout_make(&l, &all, 80);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_true(shows(&l, keys[i]));
	top_layout_make(&l, &all, 160);
	assert_true(shows(&l, "last"));
	assert_true(shows(&l, "max"));

	/* of a recording the same, but for what only the machine knew */
	top_selection_all(&all, false);
	top_layout_make(&l, &all, 80);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_int_equal(shows(&l, keys[i]), strcmp(keys[i], "device") != 0);
}

static void selection_is_checked(void **state)
{
	struct top_selection sel;
	struct top_layout l;
	char bad[32];

	(void)state;
	assert_int_equal(top_selection_parse(&sel, "p99,sch", bad, sizeof(bad)), 0);
	top_layout_make(&l, &sel, 0);
	assert_int_equal(l.count, 2);
	assert_string_equal(l.place[0].col->key, "p99");
	assert_string_equal(l.place[1].col->key, "sch");
	assert_int_equal(top_selection_parse(&sel, "p99,foo", bad, sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "foo");
	assert_int_equal(top_selection_parse(&sel, "sch,p99,sch", bad, sizeof(bad)), -EINVAL);
	assert_string_equal(bad, "sch");
	assert_int_equal(top_selection_parse(&sel, "", bad, sizeof(bad)), -EINVAL);
	assert_int_equal(top_selection_parse(&sel, "sch,", bad, sizeof(bad)), -EINVAL);
}

static void sorting(void **state)
{
	struct top_row rows[4] = { unknown(), unknown(), unknown(), unknown() };
	const struct top_column *rate = top_column_find("rate"), *sch = top_column_find("sch");
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		rows[i].sch.schno = 9 - i;
	rows[0].rate = 5;
	rows[1].rate = 5;
	rows[3].rate = 4e9; /* a difference that an int cannot hold */
	top_sort(rows, 4, rate, false);
	assert_true(rows[0].rate == 4e9);
	assert_int_equal(rows[1].sch.schno, 8); /* equal: order of sysfs */
	assert_int_equal(rows[2].sch.schno, 9);
	assert_true(isnan(rows[3].rate));
	top_sort(rows, 4, rate, true);
	assert_true(rows[0].rate == 5);
	assert_true(rows[2].rate == 4e9);
	assert_true(isnan(rows[3].rate)); /* unknown stays last */
	top_sort(rows, 4, sch, false);
	for (i = 0; i < 4; i++)
		assert_int_equal(rows[i].sch.schno, 6 + i);
	top_sort(rows, 4, sch, true);
	assert_int_equal(rows[0].sch.schno, 9);
	top_sort(NULL, 0, rate, false);
}

static void bar_is(const char *expected, double t, double s, double d, double l)
{
	const double share[CCW_TOTAL] = { t, s, d, l };
	char bar[64];
	size_t width = strlen(expected);

	memset(bar, '#', sizeof(bar));
	top_split(share, width, bar);
	assert_int_equal(bar[width], '#');
	bar[width] = '\0';
	assert_string_equal(bar, expected);
}

static void device_is(const char *expected, const char *dev, const char *cu, const char *devno)
{
	const struct top_column *col = top_column_find("device");
	struct top_row row = unknown();
	char text[32];

	snprintf(row.dev.dev, sizeof(row.dev.dev), "%s", dev);
	snprintf(row.dev.cu, sizeof(row.dev.cu), "%s", cu);
	snprintf(row.dev.devno, sizeof(row.dev.devno), "%s", devno);
	col->text(&row, col->width, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void devices(void **state)
{
	(void)state;
	device_is("3390/0c", "3390/0c", "3990/e9", "0120");
	device_is("3832/02", "", "3832/02", "1005");
	device_is("dev:0120", "", "", "0120");
	device_is("-", "", "", "");
}

static void bars(void **state)
{
	(void)state;
	bar_is("TTSSDDDLLL", .2, .2, .3, .3);
	bar_is("DDDDDDDDDD", 0, 0, 1, 0);
	bar_is("TDDDDDDDDL", .08, .02, .80, .1);
	bar_is("DDDDDDDDDD", .02, .01, .95, .02); /* too small for a letter */
	bar_is("TSD", 1. / 3, 1. / 3, 1. / 3, 0);
	bar_is("          ", NAN, NAN, NAN, NAN);
	bar_is("DDDDD?????", NAN, NAN, .5, NAN);
	bar_is("DDDDDDDDDD", NAN, NAN, 1, NAN);
	bar_is("          ", 0, 0, 0, 0);
	bar_is("T", .4, .3, .2, .1);
	bar_is("", .4, .3, .2, .1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_sound),
		cmocka_unit_test(cells_fit),
		cmocka_unit_test(layouts_fit_every_width),
		cmocka_unit_test(eighty_columns_have_what_matters),
		cmocka_unit_test(selection_is_checked),
		cmocka_unit_test(sorting),
		cmocka_unit_test(devices),
		cmocka_unit_test(bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
