// SPDX-License-Identifier: GPL-2.0
/* Built-in programs: what the device would get, in every way of building them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/ccwio_channel.h"
#include "tools/ccwio/builtin.h"

static struct builtin_options options(void)
{
	return (struct builtin_options){
		.arg = 5, .first_track = 31, .last_track = 33, .has_tracks = true, .record = 2,
		.records = 12, .blocksize = 4096, .seed = 7, .verify = true, .error_percent = 30,
		.write_percent = 50, .ccw_format = 1,
	};
}

static struct program *build(const struct builtin *b, const struct builtin_options *o,
			     const struct prog_defaults *d)
{
	struct ccwio_error err;
	struct program *p;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	b->text(o, f);
	fclose(f);
	if (prog_assemble(b->name, text, len, d, &p, &err))
		fail_msg("%s", err.text);
	free(text);
	return p;
}

static struct load start(const struct builtin *b, const struct builtin_options *o,
			 struct program *p)
{
	return (struct load){ .b = b, .o = o, .p = p, .rng = o->seed,
			      .expected = malloc(o->blocksize) };
}

static void all_assemble(void **state)
{
	const struct builtin *b;
	int n = 0;

	(void)state;
	for (size_t i = 0; (b = builtin_at(i)); i++) {
		assert_ptr_equal(builtin_find(b->name), b);
		for (unsigned int way = 0; way < 2 * 4 * 3; way++) {
			struct builtin_options o = options();
			struct prog_defaults d;
			struct command list[64];
			const char *why;
			struct program *p;
			struct load l;
			int got;

			prog_defaults_init(&d);
			d.ccw_format = o.ccw_format = way & 1;
			d.ida = (enum prog_ida)(way >> 1 & 3);
			d.split = 1 + way / 8;
			p = build(b, &o, &d);
			l = start(b, &o, p);
			if (b->prepare)
				b->prepare(&l);
			got = channel_walk(p, list, 64, &why);
			if (got < 1)
				fail_msg("%s: %s", b->name, why);
			/* a command chain ends with the last command the text has */
			assert_int_equal(list[got - 1].flags & 0xc0, 0);
			channel_free(list, got);
			free(l.expected);
			prog_free(p);
			n++;
		}
	}
	assert_int_equal(n, 16 * 24);
	assert_null(builtin_find("nothing"));
}

static void read_and_write_track(void **state)
{
	struct builtin_options o = options();
	struct prog_defaults d;
	struct command list[16];
	const char *why;
	uint8_t want[4096];

	(void)state;
	prog_defaults_init(&d);
	for (int write = 0; write < 2; write++) {
		const struct builtin *b = builtin_find(write ? "write-track" : "read-track");
		struct program *p = build(b, &o, &d);
		struct load l = start(b, &o, p);
		/* track 32 is cylinder 2, head 2; LOCATE RECORD for 12 records from record 1 */
		const uint8_t de[16] = { write ? 0x80 : 0x40, 0xc0, 0x10, 0, 0, 0, 0, 0,
					 0, 2, 0, 2, 0, 2, 0, 2 };
		const uint8_t lr[16] = { write ? 1 : 6, 0x80, 0, 12, 0, 2, 0, 2, 0, 2, 0, 2, 1,
					 0xff, 0x10, 0 };

		l.n = 1;
		b->prepare(&l);
		assert_int_equal(l.track, 32);
		assert_int_equal(channel_walk(p, list, 16, &why), 14);
		assert_int_equal(list[0].cmd, 0x63);
		assert_memory_equal(list[0].bytes, de, 16);
		assert_int_equal(list[1].cmd, 0x47);
		assert_memory_equal(list[1].bytes, lr, 16);
		for (uint32_t r = 1; r <= 12; r++) {
			const struct command *c = &list[1 + r];

			assert_int_equal(c->cmd, write ? 0x85 : 0x06);
			assert_int_equal(c->count, 4096);
			if (write) {
				pattern_fill(want, sizeof(want), 32, r, 7);
				assert_memory_equal(c->bytes, want, sizeof(want));
			} else {
				/* nothing of an earlier read is left to compare */
				assert_int_equal(c->bytes[0], 0xa5);
				assert_int_equal(c->bytes[4095], 0xa5);
			}
		}
		channel_free(list, 14);
		free(l.expected);
		prog_free(p);
	}
}

static void verify(void **state)
{
	const struct builtin *b = builtin_find("verify-track");
	struct builtin_options o = options();
	struct prog_defaults d;
	struct ccwio_error err;
	struct program *p;
	struct load l;
	uint64_t addr;
	uint8_t *rec;

	(void)state;
	prog_defaults_init(&d);
	p = build(b, &o, &d);
	l = start(b, &o, p);
	b->prepare(&l);
	assert_int_equal(prog_symbol(p, "rec", &addr, NULL), 0);
	rec = prog_host(p, addr, 12 * 4096);
	assert_int_equal(b->check(&l, &err), -EILSEQ);
	for (uint32_t r = 1; r <= 12; r++)
		pattern_fill(rec + (r - 1) * 4096, 4096, 31, r, 7);
	assert_int_equal(b->check(&l, &err), 0);

	/* the last bit of the last record */
	rec[12 * 4096 - 1] ^= 1;
	assert_int_equal(b->check(&l, &err), -EILSEQ);
	assert_non_null(strstr(err.text, "track 31 record 12 differs at byte 4095"));
	/* a record of another track is named */
	pattern_fill(rec + 4096, 4096, 30, 2, 7);
	assert_int_equal(b->check(&l, &err), -EILSEQ);
	assert_non_null(strstr(err.text, "track 31 record 2 holds what was written to track 30 "
			       "record 2"));
	free(l.expected);
	prog_free(p);
}

static void format_track(void **state)
{
	const struct builtin *b = builtin_find("format-track");
	struct builtin_options o = options();
	struct prog_defaults d;
	struct command list[16];
	const char *why;
	struct program *p;
	struct load l;

	(void)state;
	prog_defaults_init(&d);
	p = build(b, &o, &d);
	l = start(b, &o, p);
	b->prepare(&l);
	assert_int_equal(channel_walk(p, list, 16, &why), 14);
	for (uint8_t r = 1; r <= 12; r++) {
		const uint8_t count[8] = { 0, 2, 0, 1, r, 0, 0x10, 0 };

		assert_int_equal(list[1 + r].cmd, 0x1d);
		assert_int_equal(list[1 + r].count, 8 + 4096);
		assert_memory_equal(list[1 + r].bytes, count, 8);
	}
	channel_free(list, 14);
	free(l.expected);
	prog_free(p);
}

static void random_stays_in_range(void **state)
{
	const struct builtin *b = builtin_find("random-read");
	struct builtin_options o = options();
	unsigned int tracks[3] = { 0 }, records[13] = { 0 };
	struct prog_defaults d;
	struct program *p;
	struct load l;

	(void)state;
	prog_defaults_init(&d);
	p = build(b, &o, &d);
	l = start(b, &o, p);
	for (l.n = 0; l.n < 3600; l.n++) {
		b->prepare(&l);
		assert_in_range(l.track, 31, 33);
		assert_in_range(l.record, 1, 12);
		tracks[l.track - 31]++;
		records[l.record]++;
	}
	for (int i = 0; i < 3; i++)
		assert_in_range(tracks[i], 1000, 1400);
	for (int i = 1; i <= 12; i++)
		assert_in_range(records[i], 200, 400);
	free(l.expected);
	prog_free(p);
}

static void mixed_load(void **state)
{
	const struct builtin *b = builtin_find("mixed");
	static const uint8_t id[7] = { 0xff, 0x39, 0x90, 0xe9, 0x33, 0x90, 0x0a };
	struct builtin_options o = options();
	unsigned int bad = 0, reads = 0, writes = 0, other = 0;
	struct prog_defaults d;
	struct command list[32];
	const char *why;
	struct program *p;
	struct load l;
	uint64_t addr;

	(void)state;
	prog_defaults_init(&d);
	p = build(b, &o, &d);
	l = start(b, &o, p);
	b->prepare(&l);
	assert_int_equal(channel_walk(p, list, 32, &why), 1);
	assert_int_equal(list[0].cmd, 0xe4);
	channel_free(list, 1);
	assert_int_equal(prog_symbol(p, "idbuf", &addr, NULL), 0);
	memcpy(prog_host(p, addr, 7), id, 7);
	for (l.n = 1; l.n <= 1000; l.n++) {
		int n;

		b->prepare(&l);
		n = channel_walk(p, list, 32, &why);
		if (l.bad) {
			bad++;
			/* a command no device has, or data outside of memory */
			assert_true(n < 0 || list[0].cmd == 0xff);
		} else {
			assert_true(n > 0);
			reads += list[n - 1].cmd == 0x06;
			writes += list[n - 1].cmd == 0x05;
			other += list[n - 1].cmd != 0x05 && list[n - 1].cmd != 0x06;
		}
		channel_free(list, n > 0 ? n : 0);
	}
	assert_in_range(bad, 250, 350);
	assert_in_range(reads, 200, 350);
	assert_in_range(writes, 200, 350);
	assert_in_range(other, 90, 200);
	free(l.expected);
	prog_free(p);
}

static void patterns(void **state)
{
	uint8_t a[64], b[64];
	uint32_t track, record;
	uint64_t seed;

	(void)state;
	/* the same on every machine, of either byte order */
	static const uint8_t known[32] = {
		0x43, 0x43, 0x57, 0x50, 0x00, 0x00, 0x00, 0x1e, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x15, 0x48, 0xd1, 0xe0, 0x2c, 0x0d, 0x74, 0x0f,
		0xba, 0x84, 0x27, 0x49,
	};

	pattern_fill(a, sizeof(a), 30, 1, 1);
	assert_memory_equal(a, known, sizeof(known));
	assert_true(pattern_identify(a, sizeof(a), &track, &record, &seed));
	assert_int_equal(track, 30);
	assert_int_equal(record, 1);
	assert_int_equal(seed, 1);
	memcpy(b, a, sizeof(a));
	assert_int_equal(pattern_compare(a, b, 64), 64);
	b[63] ^= 0x80;
	assert_int_equal(pattern_compare(a, b, 64), 63);
	b[0] ^= 1;
	assert_int_equal(pattern_compare(a, b, 64), 0);
	assert_false(pattern_identify(b, sizeof(b), &track, &record, &seed));
	for (size_t n = 1; n < 64; n++) {
		memset(b, 0, sizeof(b));
		pattern_fill(b, n, 30, 1, 1);
		assert_int_equal(b[63], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_assemble),
		cmocka_unit_test(read_and_write_track),
		cmocka_unit_test(verify),
		cmocka_unit_test(format_track),
		cmocka_unit_test(random_stays_in_range),
		cmocka_unit_test(mixed_load),
		cmocka_unit_test(patterns),
	};

	return cmocka_run_group_tests_name("ccwio builtin", tests, NULL, NULL);
}
