// SPDX-License-Identifier: GPL-2.0
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "tests/unit/record_fixture.h"
#include "trace/bytes.h"
#include "trace/ccw_source.h"

void record_fixture_make(struct record_fixture *x)
{
	struct ccw_record *rec = &x->rec;
	struct ccw_error err;
	unsigned int i;

	memset(x, 0, sizeof(*x));
	strcpy(x->dir, "/tmp/record_fixture.XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	snprintf(x->path, sizeof(x->path), "%s/x.dat", x->dir);
	x->event.dat = (struct ccw_dat_event){ "vfio_ccw", "vfio_ccw_io", (char *)gen_io_format() };
	rec->path = x->path;
	rec->events = &x->event;
	rec->nr_events = 1;
	rec->nr = RECORD_CPUS;
	rec->cpus = x->cpus;
	rec->data = x->data;
	rec->page_size = GEN_PAGE;
	rec->news = -1;
	rec->header_page = (char *)gen_header_page();
	rec->header_event = "event\n";
	assert_int_equal(ccw_page_format_parse(&rec->format, rec->header_page,
					       strlen(rec->header_page), 0,
					       ccw_host_big_endian()), 0);
	for (i = 0; i < RECORD_CPUS; i++)
		x->cpus[i].cpu = i;
	assert_int_equal(record_find_dir(rec, &err), 0);
}

void record_fixture_end(struct record_fixture *x)
{
	char pattern[64];
	glob_t g;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*", x->dir);
	if (!glob(pattern, 0, NULL, &g)) {
		for (i = 0; i < g.gl_pathc; i++)
			unlink(g.gl_pathv[i]);
		globfree(&g);
	}
	free(x->rec.dir);
	free(x->rec.base);
	assert_int_equal(rmdir(x->dir), 0);
}

static int count_raw(void *ctx, const struct ccw_raw *raw)
{
	unsigned int *n = ctx;

	n[raw->cpu]++;
	return 0;
}

void record_fixture_count(const char *path, unsigned int n[RECORD_CPUS])
{
	const struct ccw_sink sink = { .raw = count_raw, .ctx = n };
	struct ccw_source *src;
	struct ccw_error err;

	memset(n, 0, RECORD_CPUS * sizeof(*n));
	assert_int_equal(ccw_source_open_file(&src, path, &err), 0);
	assert_true(ccw_source_read(src, &sink, 0, 0, &err) >= 0);
	ccw_source_close(src);
}
