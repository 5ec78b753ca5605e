// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "trace/ring.h"

static struct ccw_page_format format(bool big)
{
	struct ccw_page_format fmt;
	const char *text = gen_header_page();

	assert_int_equal(ccw_page_format_parse(&fmt, text, strlen(text), 0, big), 0);
	assert_int_equal(fmt.size, 4096);
	assert_int_equal(fmt.data_offset, 16);
	assert_int_equal(fmt.commit_size, 8);
	return fmt;
}

static void walk(struct ccw_ring *r, const struct ccw_page_format *fmt, const struct gen_ring *g)
{
	ccw_ring_init(r, fmt, g->buf.p, g->buf.len);
}

static void next_is(struct ccw_ring *r, uint64_t ts, char c, uint32_t len)
{
	assert_int_equal(ccw_ring_next(r), 1);
	assert_true(r->ts == ts);
	assert_int_equal(r->data[0], c);
	assert_int_equal(r->len, len);
}

static void records(bool big)
{
	struct ccw_page_format fmt = format(big);
	struct gen_ring g;
	struct ccw_ring r;
	char large[400] = "L";

	gen_ring_init(&g, big);
	gen_ring_page(&g, 1000);
	gen_ring_record(&g, 1000, "a\0\0", 4);
	gen_ring_record(&g, 1500, "bbbbbb", 6);
	gen_ring_large(&g, 1600, large, sizeof(large));
	gen_ring_record(&g, 1600 + (5ULL << 27), "c\0\0", 4); /* needs a time extend */
	gen_ring_taken_back(&g, 1, 12);
	gen_ring_taken_back(&g, 70, 12);
	gen_ring_record(&g, 1700 + (5ULL << 27), "d\0\0", 4);
	gen_ring_stamp(&g, 1ULL << 58);
	gen_ring_record(&g, (1ULL << 58) + 3, "e\0\0", 4);
	gen_ring_page(&g, 2ULL << 58); /* pages state their own time */
	gen_ring_record(&g, 2ULL << 58, "f\0\0", 4);
	gen_ring_stamp(&g, (2ULL << 58) + 10); /* 59 bits only, the rest from before */
	gen_ring_record(&g, (2ULL << 58) + 11, "g\0\0", 4);
	gen_ring_page(&g, 3ULL << 58); /* an empty page */
	gen_ring_end(&g);
	walk(&r, &fmt, &g);
	next_is(&r, 1000, 'a', 4);
	next_is(&r, 1500, 'b', 8);
	next_is(&r, 1600, 'L', 400);
	next_is(&r, 1600 + (5ULL << 27), 'c', 4);
	next_is(&r, 1700 + (5ULL << 27), 'd', 4);
	next_is(&r, (1ULL << 58) + 3, 'e', 4);
	next_is(&r, 2ULL << 58, 'f', 4);
	next_is(&r, (2ULL << 58) + 11, 'g', 4);
	assert_int_equal(ccw_ring_next(&r), 0);
	assert_int_equal(ccw_ring_next(&r), 0);
	assert_int_equal(r.damaged, 0);
	assert_false(r.lost);
	gen_free(&g.buf);
}

static void records_little_endian(void **state)
{
	(void)state;
	records(false);
}

static void records_big_endian(void **state)
{
	(void)state;
	records(true);
}

static void gaps(bool big)
{
	struct ccw_page_format fmt = format(big);
	struct gen_ring g;
	struct ccw_ring r;

	gen_ring_init(&g, big);
	gen_ring_page(&g, 100);
	gen_ring_record(&g, 100, "a\0\0", 4);
	gen_ring_page(&g, 200);
	gen_ring_missed(&g, 17);
	gen_ring_record(&g, 200, "b\0\0", 4);
	gen_ring_page(&g, 300);
	gen_ring_missed(&g, 0);
	gen_ring_record(&g, 300, "c\0\0", 4);
	gen_ring_page(&g, 400); /* a gap and an empty page add up */
	gen_ring_missed(&g, 5);
	gen_ring_page(&g, 500);
	gen_ring_missed(&g, 6);
	gen_ring_end(&g);
	walk(&r, &fmt, &g);
	next_is(&r, 100, 'a', 4);
	assert_false(r.lost);
	next_is(&r, 200, 'b', 4);
	assert_true(r.lost);
	assert_int_equal(r.lost_count, 17);
	r.lost = false;
	r.lost_count = 0;
	next_is(&r, 300, 'c', 4);
	assert_true(r.lost);
	assert_int_equal(r.lost_count, 0);
	r.lost = false;
	assert_int_equal(ccw_ring_next(&r), 0);
	assert_true(r.lost);
	assert_int_equal(r.lost_count, 11);
	gen_free(&g.buf);
}

static void gaps_in_both_orders(void **state)
{
	(void)state;
	gaps(false);
	gaps(true);
}

/* One page holding what bytes says after the header, of which used count. */
static void damaged(const void *bytes, size_t n, uint64_t used, unsigned int good)
{
	struct ccw_page_format fmt = format(false);
	struct gen_buf b = { .big = false };
	struct ccw_ring r;

	gen_u64(&b, 1000);
	gen_u64(&b, used);
	gen_bytes(&b, bytes, n);
	gen_bytes(&b, NULL, GEN_PAGE - b.len);
	ccw_ring_init(&r, &fmt, b.p, b.len);
	while (good--)
		assert_int_equal(ccw_ring_next(&r), 1);
	assert_int_equal(ccw_ring_next(&r), 0);
	assert_int_equal(r.damaged, 1);
	gen_free(&b);
}

static void pages_that_contradict_themselves(void **state)
{
	static const uint32_t two_words[] = { 2, 0, 0, 0 };
	static const uint32_t large[] = { 0, 100, 0, 0 }; /* longer than the data */
	static const uint32_t tiny[] = { 0, 3, 0, 0 }; /* does not hold its own length */
	static const uint32_t good_bad[] = { 1, 7, 28, 0 };
	static const uint32_t padding[] = { 29 | 1 << 5, 0xffffffff };
	static const uint32_t extend[] = { 30 };

	(void)state;
	damaged(two_words, 16, 8, 0); /* a record that ends behind the data */
	damaged(two_words, 16, 3, 0);
	damaged(large, 16, 16, 0);
	damaged(tiny, 16, 16, 0);
	damaged(good_bad, 16, 16, 1);
	damaged(padding, 8, 8, 0);
	damaged(extend, 4, 4, 0);
	damaged(NULL, 0, 4081, 0); /* more data than fits */
	damaged(NULL, 0, 1 << 28, 0); /* a flag nobody knows */
}

static void cut_off_pages(void **state)
{
	struct ccw_page_format fmt = format(true);
	struct gen_ring g;
	size_t len;

	(void)state;
	gen_ring_init(&g, true);
	gen_ring_page(&g, 100);
	gen_ring_record(&g, 100, "a\0\0", 4);
	gen_ring_record(&g, 200, "b\0\0", 4);
	gen_ring_end(&g);
	for (len = 0; len <= GEN_PAGE; len++) {
		struct ccw_ring r;
		unsigned int n = 0;

		ccw_ring_init(&r, &fmt, g.buf.p, len);
		while (ccw_ring_next(&r))
			n++;
		assert_int_equal(n, len >= 32 ? 2 : 0);
		assert_int_equal(r.damaged, len > 0 && len < 32);
	}
	gen_free(&g.buf);
}

static void page_formats(void **state)
{
	static const char *const bad[] = {
		"", "field: u64 timestamp;\toffset:0;\tsize:8;",
		"\tfield: u64 timestamp;\toffset:0;\tsize:4;\tsigned:0;\n"
		"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
		"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n",
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		"\tfield: local_t commit;\toffset:8;\tsize:3;\tsigned:1;\n"
		"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n",
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		"\tfield: local_t commit;\toffset:12;\tsize:8;\tsigned:1;\n"
		"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n",
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
		"\tfield: char data;\toffset:4294967295;\tsize:4294967295;\tsigned:1;\n",
	};
	const char *good = gen_header_page();
	struct ccw_page_format fmt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ccw_page_format_parse(&fmt, bad[i], strlen(bad[i]), 0, true),
				 -EINVAL);
	for (i = 0; i < strlen(good) - 20; i++) /* cut off before the size of data */
		assert_int_equal(ccw_page_format_parse(&fmt, good, i, 0, true), -EINVAL);
	assert_int_equal(ccw_page_format_parse(&fmt, good, strlen(good), 65536, true), 0);
	assert_int_equal(fmt.size, 65536);
	assert_int_equal(ccw_page_format_parse(&fmt, good, strlen(good), 17, true), -EINVAL);
	assert_int_equal(ccw_page_format_parse(&fmt, good, strlen(good), 1U << 31, true), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_little_endian),
		cmocka_unit_test(records_big_endian),
		cmocka_unit_test(gaps_in_both_orders),
		cmocka_unit_test(pages_that_contradict_themselves),
		cmocka_unit_test(cut_off_pages),
		cmocka_unit_test(page_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
