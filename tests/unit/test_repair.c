// SPDX-License-Identifier: GPL-2.0
/*
 * What repair writes of recordings that end within a page. Whole ones are compared with their
 * originals in tests/cli/ccwtrace-repair.t.
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
#include "trace/ccw_repair.h"
#include "trace/ccw_source.h"

#define IOS 500

static int on_io(void *ctx, const struct ccw_io *io)
{
	(void)io;
	++*(unsigned int *)ctx;
	return 0;
}

static unsigned int ios_in(const char *name)
{
	unsigned int n = 0;
	const struct ccw_sink sink = { .io = on_io, .ctx = &n };
	struct ccw_error err = { "" };
	struct ccw_source *src;

	assert_int_equal(ccw_source_open_file(&src, name, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_false(ccw_source_info(src)->truncated);
	ccw_source_close(src);
	return n;
}

/*
 * A recording of one CPU whose table says len bytes of data. Returns how many I/Os the mended one
 * has, *used what the last page's records take.
 */
static unsigned int mended(size_t len, struct ccw_repair *result)
{
	struct gen_buf b = gen_world(6, true, 1, IOS);
	size_t at = (uint8_t *)memmem(b.p, b.len, "flyrecord", 10) + 10 - b.p;
	char *from, *to = strdup("/tmp/ccw-test-XXXXXX");
	struct ccw_error err = { "" };
	unsigned int n;
	FILE *out;

	gen_put64(&b, at + 8, len);
	from = gen_save(&b);
	out = fdopen(mkstemp(to), "w+");
	assert_non_null(out);
	assert_int_equal(ccw_repair_file(from, out, result, &err), 0);
	assert_int_equal(fclose(out), 0);
	n = ios_in(to);
	unlink(from);
	unlink(to);
	free(from);
	free(to);
	gen_free(&b);
	return n;
}

/* Where the only CPU's data begins is aligned: it ends with the file. */
static size_t data_len(void)
{
	struct gen_buf b = gen_world(6, true, 1, IOS);
	size_t at = (uint8_t *)memmem(b.p, b.len, "flyrecord", 10) + 10 - b.p, len = 0;
	int i;

	for (i = 0; i < 8; i++)
		len = len << 8 | b.p[at + 8 + i];
	gen_free(&b);
	return len;
}

static void part_of_a_page(void **state)
{
	size_t all = data_len();
	struct ccw_repair r;
	unsigned int before;

	(void)state;
	assert_int_equal(mended(all, &r), IOS);
	assert_true(!r.damaged && !r.missing && r.records == 2 * IOS);
	before = mended(all - GEN_PAGE, &r);
	assert_true(before < IOS && !r.damaged);
	/* the page lacks its last bytes, in which there is nothing: all of it */
	assert_int_equal(mended(all - 8, &r), IOS);
	assert_int_equal(r.damaged, 0);
	assert_int_equal(r.pages, all / GEN_PAGE);
	/* it lacks records: what the page says cannot be, and it counts as damaged */
	assert_int_equal(mended(all - GEN_PAGE + 64, &r), before);
	assert_int_equal(r.damaged, 1);
	assert_int_equal(mended(all - GEN_PAGE + 7, &r), before);
	assert_int_equal(r.damaged, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(part_of_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
