// SPDX-License-Identifier: GPL-2.0
/*
 * Events as text, of formats that somebody else wrote.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "trace/ccw_event.h"

struct texts {
	struct ccw_source *src;
	struct ccw_events *ev;
	char last[4096];
	unsigned int nr;
};

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct texts *t = ctx;

	snprintf(t->last, sizeof(t->last), "%s", ccw_events_text(t->ev, raw));
	t->nr++;
	return 0;
}

/* The text of an I/O by a format whose end is print instead of its own. */
static const char *text_of(struct texts *t, const char *print)
{
	const struct ccw_sink sink = { .raw = on_raw, .ctx = t };
	struct gen_file f = { .version = 6, .big = true };
	const char *own = strstr(gen_io_format(), "print fmt:");
	struct ccw_io io = gen_world_io(7);
	struct ccw_error err = { "" };
	struct gen_ring ring;
	char *format, *name;
	struct gen_buf b;
	uint8_t data[80];

	assert_true(asprintf(&format, "%.*sprint fmt: %s\n", (int)(own - gen_io_format()),
			     gen_io_format(), print) > 0);
	f.io_format = format;
	gen_ring_init(&ring, true);
	gen_ring_record(&ring, io.ts, data, gen_io(data, true, &io));
	gen_ring_end(&ring);
	b = gen_file(&f, &ring, 1);
	name = gen_save(&b);
	memset(t, 0, sizeof(*t));
	assert_int_equal(ccw_source_open_any_file(&t->src, name, &err), 0);
	t->ev = ccw_events_new(t->src);
	assert_non_null(t->ev);
	assert_int_equal(ccw_source_read(t->src, &sink, 0, 0, &err), 0);
	assert_int_equal(t->nr, 1);
	ccw_events_free(t->ev);
	ccw_source_close(t->src);
	unlink(name);
	free(name);
	free(format);
	gen_free(&ring.buf);
	gen_free(&b);
	return t->last;
}

static void as_it_says(void **state)
{
	struct texts t;

	(void)state;
	assert_string_equal(text_of(&t, "\"seq=%u %s\", REC->seq, __print_symbolic(REC->cmd, "
					"{ 0x02, \"READ\" })"), "seq=2 READ");
}

/* libtraceevent ends the process over names of what is no field: field by field then. */
static void no_such_field(void **state)
{
	static const char *const prints[] = {
		"\"%s\", __print_symbolic(REC->fr\nom, { 0, \"NOT_OPER\" }, { 1, \"STANDBY\" })",
		"\"%s\", __print_symbolic(REC->nothing, { 0, \"NOT_OPER\" })",
		"\"%s\", __print_flags(REC->, \"|\", { 1, \"A\" })",
		"\"%s\", __print_hex(REC->nothing, REC->seq)",
		"\"%s\", __get_str(REC->nothing)",
	};
	struct texts t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(prints) / sizeof(*prints); i++)
		assert_non_null(strstr(text_of(&t, prints[i]), "seq=2 "));
}

/* A parser that calls itself for each bracket must not see these. */
static void too_deep(void **state)
{
	char print[4096] = "\"%u\", ";
	struct texts t;

	(void)state;
	memset(print + strlen(print), '(', 1500);
	strcat(print, "REC->seq");
	memset(print + strlen(print), ')', 1500);
	assert_non_null(strstr(text_of(&t, print), "seq=2 "));
}

/* libtraceevent leaks what it parsed of a format text that turns out broken. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:tep_parse_event\n";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_it_says),
		cmocka_unit_test(no_such_field),
		cmocka_unit_test(too_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
