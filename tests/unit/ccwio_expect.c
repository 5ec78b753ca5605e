// SPDX-License-Identifier: GPL-2.0
/* Which outcome counts as success, and what the summary says of many. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/dev/bytes.h"
#include "tools/ccwio/expect.h"
#include "tools/ccwio/stats.h"
#include "tools/json.h"

static struct io_result final(uint32_t scsw0, uint8_t dstat, uint8_t cstat, uint16_t count)
{
	struct io_result r = { .end = IO_FINAL, .irqs = 1 };

	put_be32(r.irb, scsw0);
	r.irb[8] = dstat;
	r.irb[9] = cstat;
	put_be16(r.irb + 10, count);
	return r;
}

static struct io_result refused(int rc)
{
	return (struct io_result){ .end = IO_REFUSED, .rc = rc };
}

static bool match(const char *text, struct io_result r)
{
	struct ccwio_error err;
	struct expect e;

	if (expect_parse(text, &e, &err))
		fail_msg("%s", err.text);
	return expect_match(&e, 1, &r);
}

#define DONE 0x00c04007u

static void status(void **state)
{
	struct io_result ok = final(DONE, 0x0c, 0, 0), uc = final(DONE | 0x10, 0x0e, 0, 12);

	(void)state;
	assert_true(io_ok(&ok));
	assert_false(io_ok(&uc));
	assert_true(expect_match(NULL, 0, &ok));
	assert_false(expect_match(NULL, 0, &uc));
	assert_true(match("ok", ok));
	assert_false(match("ok", uc));
	assert_true(match("uc", uc));
	assert_true(match("UC", uc));
	assert_false(match("uc", ok));
	assert_true(match("dstat=CE|DE|UC", uc));
	assert_false(match("dstat=CE|DE|UC", ok));
	assert_true(match("uc,count=12,cc=0", uc));
	assert_false(match("uc,count=13", uc));
	assert_false(match("uc,cc=3", uc));
	assert_true(match("cstat=pgmchk", final(DONE, 0, 0x20, 0)));
	assert_true(match("pgmchk", final(DONE, 0, 0x20, 0)));
	assert_false(match("prtchk", final(DONE, 0, 0x20, 0)));
	assert_true(match("cc=3", final(DONE | 0x03000000, 0, 0, 0)));
}

static void what_is_well(void **state)
{
	struct io_result r;

	(void)state;
	r = final(DONE, 0x0c, 0x80, 0);		/* PCI is no error */
	assert_true(io_ok(&r));
	r = final(DONE, 0x2c, 0, 0);		/* nor is control unit end */
	assert_true(io_ok(&r));
	r = final(DONE, 0x0c, 0x40, 0);		/* incorrect length is */
	assert_false(io_ok(&r));
	r = final(DONE, 0x08, 0, 0);		/* no device end */
	assert_false(io_ok(&r));
	r = final(DONE | 0x01000000, 0x0c, 0, 0);	/* deferred cc 1 */
	assert_false(io_ok(&r));
	r = final(0x00006001, 0x0c, 0, 0);	/* halted */
	assert_false(io_ok(&r));
	r = refused(-EINVAL);
	assert_false(io_ok(&r));
}

static void refusals(void **state)
{
	(void)state;
	assert_true(match("rc=-EINVAL", refused(-EINVAL)));
	assert_true(match("rc=EINVAL", refused(-EINVAL)));
	assert_true(match("rc=-22", refused(-EINVAL)));
	assert_false(match("rc=-EIO", refused(-EINVAL)));
	assert_true(match("rc", refused(-EIO)));
	assert_false(match("rc", final(DONE, 0x0c, 0, 0)));
	assert_true(match("rc=0", final(DONE, 0x0c, 0, 0)));
	/* bytes of an IRB that was never read are nobody's status */
	assert_false(match("cc=0", refused(-EINVAL)));
	assert_false(match("uc", refused(-EINVAL)));
}

static void cut_short(void **state)
{
	struct io_result t = { .end = IO_TIMEOUT, .cleanup = IO_CLEARED };

	(void)state;
	assert_true(match("timeout", t));
	assert_false(match("timeout", final(DONE, 0x0c, 0, 0)));
	assert_false(match("ok", t));
	assert_false(match("uc", t));
	assert_true(match("halt", final(0x00006001, 0, 0, 0)));
	assert_false(match("clear", final(0x00006001, 0, 0, 0)));
	assert_true(match("clear", final(0x00001001, 0, 0, 0)));
}

static void alternatives(void **state)
{
	struct io_result uc = final(DONE, 0x0e, 0, 0), rc = refused(-EINVAL);
	struct io_result ok = final(DONE, 0x0c, 0, 0);
	struct ccwio_error err;
	struct expect e[2];

	(void)state;
	assert_int_equal(expect_parse("uc", &e[0], &err), 0);
	assert_int_equal(expect_parse("rc", &e[1], &err), 0);
	assert_true(expect_match(e, 2, &uc));
	assert_true(expect_match(e, 2, &rc));
	assert_false(expect_match(e, 2, &ok));
}

static void wrong_words(void **state)
{
	static const char *const words[] = {
		"", "u", "ucc", "rc=", "rc=EWHAT", "cc=4", "cc=", "dstat=", "dstat=UC|", "dstat=IL",
		"cstat=UC", "count=65536", "uc,what", "ok=1",
	};
	struct ccwio_error err;
	struct expect e;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (expect_parse(words[i], &e, &err) != -EINVAL)
			fail_msg("'%s' was accepted", words[i]);
		assert_non_null(strstr(err.text, "expected status"));
	}
}

static void sense_in_the_irb(void **state)
{
	struct io_result r = final(DONE | 0x00020000, 0x0e, 0, 0);
	const uint8_t *sense;

	(void)state;
	put_be32(r.irb + 16, 0x01180000);	/* concurrent sense, 24 bytes */
	assert_int_equal(irb_sense(r.irb, &sense), 24);
	assert_ptr_equal(sense, r.irb + 32);
	put_be32(r.irb + 16, 0x01002000);	/* QEMU */
	assert_int_equal(irb_sense(r.irb, &sense), 32);
	put_be32(r.irb + 16, 0x013f0000);	/* more than there is room for */
	assert_int_equal(irb_sense(r.irb, &sense), 32);
	put_be32(r.irb + 16, 0x00180000);
	assert_int_equal(irb_sense(r.irb, &sense), 0);
	put_be32(r.irb + 16, 0x01180000);
	put_be32(r.irb, DONE);			/* no extended control word stored */
	assert_int_equal(irb_sense(r.irb, &sense), 0);
}

static void summary(void **state)
{
	struct json_object *array, *parsed, *object, *inner;
	struct stats s = { 0 }, all = { 0 };
	struct json_doc doc;
	struct io_result r;
	char *text = NULL;
	size_t len;
	FILE *f;

	(void)state;
	/* 1 .. 1000 us in an order that is not sorted */
	for (uint64_t i = 0; i < 1000; i++) {
		r = final(DONE, 0x0c, 0, 0);
		r.total_ns = (i * 617 % 1000 + 1) * 1000;
		r.submit_ns = 5;
		assert_int_equal(stats_add(&s, &r), 0);
	}
	r = refused(-EINVAL);
	stats_add(&s, &r);
	stats_add(&s, &r);
	r = final(DONE, 0x0e, 0, 0);
	r.total_ns = 500000;
	stats_add(&s, &r);
	r = final(DONE, 0x0c, 0x40, 0);
	r.total_ns = 500000;
	stats_add(&s, &r);
	assert_int_equal(s.ios, 1004);
	assert_int_equal(s.total.count, 1002);
	assert_int_equal(s.total.min, 1000);
	assert_int_equal(s.total.max, 1000000);
	/* nearest rank: 1002 values, the two added ones lie at 500 */
	assert_int_equal(stats_percentile(&s, 50), 500000);
	assert_int_equal(stats_percentile(&s, 99.9), 999000);
	assert_int_equal(stats_percentile(&s, 100), 1000000);
	assert_int_equal(stats_percentile(&s, 0), 1000);
	assert_int_equal(s.kind_count, 3);
	assert_string_equal(s.kinds[0].name, "-EINVAL");
	assert_int_equal(s.kinds[0].count, 2);
	assert_string_equal(s.kinds[1].name, "UNIT CHECK");
	assert_string_equal(s.kinds[2].name, "cstat=IL");

	s.begin_ns = 1000000000;
	s.end_ns = 3000000000ull;
	assert_true(stats_rate(&s) == 502);
	assert_int_equal(stats_merge(&all, &s), 0);
	assert_int_equal(stats_merge(&all, &s), 0);
	assert_int_equal(all.ios, 2008);
	assert_int_equal(all.kinds[0].count, 4);
	assert_int_equal(stats_percentile(&all, 50), 500000);
	assert_true(stats_rate(&all) == 1004);

	json_init(&doc);
	array = json_add_array(&doc, doc.root, "subchannels");
	stats_json(&doc, array, "0.0.0003", &s);
	f = open_memstream(&text, &len);
	assert_int_equal(json_print(&doc, f), 0);
	fclose(f);
	parsed = json_tokener_parse(text);
	object = json_object_array_get_idx(json_object_object_get(parsed, "subchannels"), 0);
	assert_non_null(object);
	assert_string_equal(json_object_get_string(json_object_object_get(object, "subchannel")),
			    "0.0.0003");
	assert_int_equal(json_object_get_uint64(json_object_object_get(object, "ios")), 1004);
	assert_string_equal(json_object_get_string(json_object_object_get(object, "rate")),
			    "502.000");
	assert_string_equal(json_object_get_string(json_object_object_get(object, "seconds")),
			    "2.000000");
	inner = json_object_object_get(object, "latency_ns");
	assert_int_equal(json_object_get_uint64(json_object_object_get(inner, "p99.9")), 999000);
	inner = json_object_object_get(object, "errors");
	assert_int_equal(json_object_object_length(inner), 3);
	assert_int_equal(json_object_get_int(json_object_object_get(inner, "-EINVAL")), 2);
	assert_int_equal(json_object_get_int(json_object_object_get(inner, "cstat=IL")), 1);
	json_object_put(parsed);
	free(text);
	stats_free(&s);
	stats_free(&all);
}

static void many_kinds(void **state)
{
	struct stats s = { 0 };
	uint64_t sum = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		char name[16];

		snprintf(name, sizeof(name), "kind %d", i);
		stats_kind(&s, name, 1);
	}
	assert_int_equal(s.kind_count, STATS_KINDS);
	for (unsigned int i = 0; i < s.kind_count; i++)
		sum += s.kinds[i].count;
	assert_int_equal(sum, 100);
	assert_string_equal(s.kinds[STATS_KINDS - 1].name, "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status),
		cmocka_unit_test(what_is_well),
		cmocka_unit_test(refusals),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(alternatives),
		cmocka_unit_test(wrong_words),
		cmocka_unit_test(sense_in_the_irb),
		cmocka_unit_test(summary),
		cmocka_unit_test(many_kinds),
	};

	return cmocka_run_group_tests_name("ccwio expect", tests, NULL, NULL);
}
