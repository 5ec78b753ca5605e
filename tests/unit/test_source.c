// SPDX-License-Identifier: GPL-2.0
/*
 * What a source hands out besides I/Os: raw records, libtraceevent's handle.
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "tests/unit/gen.h"
#include "trace/ccw_source.h"

struct seen {
	struct tep_handle *tep;
	unsigned int records, ios;
	uint64_t schno;
};

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct seen *s = ctx;
	struct tep_record record = {
		.ts = raw->ts, .size = raw->len, .data = (void *)raw->data, .cpu = raw->cpu,
	};
	struct tep_event *event = tep_find_event_by_record(s->tep, &record);
	unsigned long long schno;

	assert_non_null(event);
	assert_int_equal(tep_get_field_val(NULL, event, "schno", &record, &schno, 0), 0);
	s->schno += schno;
	s->ios += !strcmp(event->name, "vfio_ccw_io");
	s->records++;
	return 0;
}

static struct ccw_source *open_world(int version, bool big, const char *system)
{
	struct gen_file f = { .version = version, .big = big, .system = system };
	struct gen_ring ring;
	struct ccw_source *src;
	struct ccw_error err;
	struct gen_buf b;
	uint8_t data[80];
	char *name;
	unsigned int i;

	gen_ring_init(&ring, big);
	for (i = 0; i < 20; i++) {
		struct ccw_io io = gen_world_io(i);

		gen_ring_record(&ring, io.ts, data, gen_io(data, big, &io));
	}
	gen_ring_end(&ring);
	b = gen_file(&f, &ring, 1);
	name = gen_save(&b);
	if (ccw_source_open_any_file(&src, name, &err))
		fail_msg("%s", err.text);
	unlink(name);
	free(name);
	gen_free(&b);
	gen_free(&ring.buf);
	return src;
}

static void tep_reads_every_record(void **state)
{
	uint64_t schno = 0;
	unsigned int i, form;

	(void)state;
	for (i = 0; i < 20; i++)
		schno += gen_world_io(i).sch.schno;
	for (form = 0; form < 8; form++) {
		const char *system = form & 4 ? "other" : NULL;
		struct ccw_source *src = open_world(6 + form % 2, form & 2, system);
		struct seen s = { .tep = ccw_source_tep(src) };
		struct ccw_sink sink = { .raw = on_raw, .ctx = &s };
		uint64_t first, last;
		struct ccw_error err;

		assert_non_null(s.tep);
		assert_ptr_equal(ccw_source_tep(src), s.tep);
		assert_int_equal(ccw_source_range(src, &first, &last), 0);
		assert_int_equal(first, gen_world_io(0).ts);
		assert_int_equal(last, gen_world_io(19).ts);
		assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
		assert_int_equal(s.records, 20);
		assert_int_equal(s.ios, 20);
		assert_int_equal(s.schno, schno);
		assert_string_equal(ccw_source_info(src)->driver, system ? "none" : "vfio_ccw");
		ccw_source_close(src);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tep_reads_every_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
