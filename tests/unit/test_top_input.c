// SPDX-License-Identifier: GPL-2.0
/*
 * What a person types and marks: the line at the bottom, marks, filters.
 */
#include <curses.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtop/marks.h"
#include "tools/ccwtop/prompt.h"
#include "tools/ccwtop/sieve.h"

static enum top_prompt_end type(struct top_prompt *p, const char *text)
{
	enum top_prompt_end end = TOP_PROMPT_GOES_ON;

	for (; *text; text++)
		end = top_prompt_key(p, (unsigned char)*text);
	return end;
}

static void a_line_is_edited(void **state)
{
	struct top_prompt p = { 0 };

	(void)state;
	top_prompt_open(&p, "search: ", "abc");
	assert_true(p.open);
	type(&p, "de");
	assert_string_equal(p.text, "abcde");
	top_prompt_key(&p, KEY_LEFT);
	top_prompt_key(&p, KEY_BACKSPACE);
	assert_string_equal(p.text, "abce");
	top_prompt_key(&p, KEY_HOME);
	type(&p, "x");
	top_prompt_key(&p, KEY_DC);
	assert_string_equal(p.text, "xbce");
	top_prompt_key(&p, KEY_END);
	type(&p, " some words");
	type(&p, "\x17"); /* Ctrl-W */
	assert_string_equal(p.text, "xbce some ");
	type(&p, "\x15"); /* Ctrl-U */
	assert_string_equal(p.text, "");
	top_prompt_key(&p, KEY_BACKSPACE);
	top_prompt_key(&p, KEY_LEFT);
	top_prompt_key(&p, KEY_DC);
	top_prompt_key(&p, 0xe4); /* no ASCII */
	top_prompt_key(&p, KEY_F(5));
	top_prompt_key(&p, '\t');
	assert_string_equal(p.text, "");
	assert_int_equal(type(&p, "end\r"), TOP_PROMPT_DONE);
	assert_string_equal(p.text, "end");
	assert_false(p.open);
	top_prompt_open(&p, "search: ", "");
	assert_int_equal(type(&p, "x\x1b"), TOP_PROMPT_CANCELLED);
	assert_false(p.open);
}

static void a_line_has_an_end(void **state)
{
	char text[2 * TOP_PROMPT_LEN];
	struct top_prompt p = { 0 };
	int i, cursor;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	top_prompt_open(&p, "", text);
	assert_int_equal(strlen(p.text), TOP_PROMPT_LEN - 1);
	for (i = 0; i < TOP_PROMPT_LEN; i++)
		type(&p, "b");
	assert_int_equal(strlen(p.text), TOP_PROMPT_LEN - 1);
	/* The cursor is always seen. */
	assert_int_equal(strlen(top_prompt_visible(&p, 20, &cursor)), 19);
	assert_int_equal(cursor, 19);
	top_prompt_key(&p, KEY_HOME);
	assert_ptr_equal(top_prompt_visible(&p, 20, &cursor), p.text);
	assert_int_equal(cursor, 0);
	top_prompt_key(&p, KEY_RIGHT);
	top_prompt_visible(&p, 1, &cursor);
	assert_int_equal(cursor, 0);
}

static struct ccw_sch sch(unsigned int ssid, unsigned int schno)
{
	return (struct ccw_sch){ 0, ssid, schno };
}

static void marks_toggle(void **state)
{
	struct top_marks m = { 0 };
	unsigned int i;

	(void)state;
	assert_false(top_marked(&m, sch(0, 0)));
	/* in an order that is not theirs: 7 and 1000 have no common divisor */
	for (i = 0; i < 1000; i++)
		assert_int_equal(top_marks_toggle(&m, sch(i % 4, i * 7 % 1000)), 0);
	assert_int_equal(m.count, 1000);
	for (i = 0; i < 1000; i++) {
		assert_true(top_marked(&m, sch(i % 4, i * 7 % 1000)));
		assert_false(top_marked(&m, sch((i + 1) % 4, i * 7 % 1000)));
	}
	for (i = 0; i < 1000; i += 2)
		top_marks_toggle(&m, sch(i % 4, i * 7 % 1000));
	assert_int_equal(m.count, 500);
	for (i = 0; i < 1000; i++)
		assert_int_equal(top_marked(&m, sch(i % 4, i * 7 % 1000)), i % 2);
	top_marks_clear(&m);
	assert_false(top_marked(&m, sch(1, 7)));
	top_marks_free(&m);
}

static void check_sieve(const char *before_sch, const char *before_expr, const char *typed,
			const char *subchannels, const char *expression)
{
	struct top_sieve from = { 0 }, to;
	struct ccw_error err = { "" };
	char text[600];

	if (before_sch)
		assert_int_equal(top_sieve_subchannels(&from, before_sch, &err), 0);
	if (before_expr)
		assert_int_equal(top_sieve_expression(&from, before_expr, &err), 0);
	if (top_sieve_typed(&to, &from, typed, &err))
		fail_msg("%s: %s", typed, err.text);
	assert_string_equal(to.subchannels, subchannels);
	assert_string_equal(to.expression, expression);
	assert_int_equal(!!to.filter, !!*subchannels);
	assert_int_equal(!!to.select, !!*expression);
	assert_true(strstr(top_sieve_text(&to, text, sizeof(text)), expression));
	top_sieve_free(&from);
	top_sieve_free(&to);
}

static void a_filter_replaces_its_like(void **state)
{
	(void)state;
	check_sieve(NULL, NULL, "0.0.0003", "0.0.0003", "");
	check_sieve("0.0.0001", NULL, "0.0.00*,0.1.0001", "0.0.00*,0.1.0001", "");
	check_sieve("0.0.0001", NULL, "device_ns > 1.5ms", "0.0.0001", "device_ns > 1.5ms");
	check_sieve("0.0.0001", "cc", "0.0.0002", "0.0.0002", "cc");
	check_sieve("0.0.0001", "cc", "dstat & UC", "0.0.0001", "dstat & UC");
	check_sieve("0.0.0001", "dstat & UC", "cc", "0.0.0001", "cc"); /* hex, but a field */
	check_sieve("0.0.0001", "cc", "", "", "");
	check_sieve("0.0.0001", "cc", "   ", "", "");
}

static void options_add_up(void **state)
{
	struct top_sieve s = { 0 }, again;
	struct ccw_error err = { "" };
	struct ccw_io io = { .cc = 1, .rc = -5 };

	(void)state;
	assert_int_equal(top_sieve_subchannels(&s, "0.0.0001", &err), 0);
	assert_int_equal(top_sieve_subchannels(&s, "0.0.0002", &err), 0);
	assert_string_equal(s.subchannels, "0.0.0001,0.0.0002");
	assert_int_equal(top_sieve_expression(&s, "cc == 1 || cc == 3", &err), 0);
	assert_int_equal(top_sieve_expression(&s, "rc == 0", &err), 0);
	assert_string_equal(s.expression, "(cc == 1 || cc == 3) && (rc == 0)");
	assert_false(ccw_select_io(s.select, &io));
	/* the text means the same */
	assert_int_equal(top_sieve_typed(&again, &s, s.expression, &err), 0);
	assert_false(ccw_select_io(again.select, &io));
	top_sieve_free(&again);
	top_sieve_free(&s);
}

static void nonsense_is_refused(void **state)
{
	static const char *const bad[] = {
		"0.0", "0.0.0003,", "device_ns >", "nonsense == 1", "*x", "("
	};
	struct top_sieve from = { 0 }, to;
	struct ccw_error err;
	char longest[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err.text[0] = '\0';
		if (top_sieve_typed(&to, &from, bad[i], &err) != -EINVAL)
			fail_msg("taken: %s", bad[i]);
		assert_true(*err.text);
		assert_null(to.filter);
		assert_null(to.select);
	}
	strcpy(longest, "cc == 1");
	for (i = strlen(longest); i < sizeof(longest) - 1; i++)
		longest[i] = ' ';
	longest[i] = '\0';
	assert_int_equal(top_sieve_typed(&to, &from, longest, &err), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_edited),
		cmocka_unit_test(a_line_has_an_end),
		cmocka_unit_test(marks_toggle),
		cmocka_unit_test(a_filter_replaces_its_like),
		cmocka_unit_test(options_add_up),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
