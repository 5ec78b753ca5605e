// SPDX-License-Identifier: GPL-2.0
/*
 * Recordings, whole and broken, through the public interface.
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

#include "tests/unit/gen.h"
#include "trace/ccw_source.h"

struct seen {
	unsigned int ios, fsms, gaps;
	uint64_t lost, last_ts;
	bool ordered, equal;
	int stop_at; /* return 77 at this I/O */
};

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct seen *s = ctx;
	struct ccw_io want = gen_world_io(s->ios);

	s->ordered &= io->ts >= s->last_ts;
	s->last_ts = io->ts;
#define SAME(field) (io->field == want.field)
	s->equal &= SAME(ts) && SAME(sch.cssid) && SAME(sch.ssid) && SAME(sch.schno) &&
		    SAME(seq) && SAME(have) && SAME(bytes) && SAME(ccws) && SAME(segments) &&
		    SAME(idaws) && SAME(pages) && SAME(rc) && SAME(flags) && SAME(irqs) &&
		    SAME(resid) && SAME(cmd) && SAME(cc) && SAME(fctl) && SAME(actl) &&
		    SAME(stctl) && SAME(dstat) && SAME(cstat) && SAME(lpum) && SAME(erw) &&
		    SAME(sense) && !memcmp(io->ns, want.ns, sizeof(want.ns));
	s->ios++;
	return s->stop_at && s->ios == (unsigned int)s->stop_at ? 77 : 0;
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	struct seen *s = ctx;
	struct ccw_io want = gen_world_io(s->fsms);

	s->ordered &= fsm->ts >= s->last_ts;
	s->last_ts = fsm->ts;
	s->equal &= fsm->ts == want.ts + 1 && ccw_sch_key(fsm->sch) == ccw_sch_key(want.sch) &&
		    fsm->seq == want.seq && fsm->from == 4 && fsm->event == 8 && fsm->to == 2 &&
		    fsm->rc == want.rc;
	s->fsms++;
	return 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct seen *s = ctx;

	(void)cpu;
	(void)ts;
	s->gaps++;
	s->lost += count;
	return 0;
}

static struct ccw_sink sink_of(struct seen *s)
{
	memset(s, 0, sizeof(*s));
	s->ordered = s->equal = true;
	return (struct ccw_sink){ .io = on_io, .fsm = on_fsm, .lost = on_lost, .ctx = s };
}

static int open_buf(struct ccw_source **src, const struct gen_buf *b, struct ccw_error *err)
{
	char *name = gen_save(b);
	int rc = ccw_source_open_file(src, name, err);

	unlink(name);
	free(name);
	return rc;
}

/* Every form in which a recording can come. */
static const struct gen_file forms[] = {
	{ .version = 6 },
	{ .version = 6, .big = true },
	{ .version = 7 },
	{ .version = 7, .big = true },
	{ .version = 7, .compression = "zstd" },
	{ .version = 7, .compression = "zstd", .big = true },
	{ .version = 7, .compression = "zlib" },
	{ .version = 7, .compression = "zlib", .big = true },
	{ .version = 7, .compression = "zstd", .big = true, .zero_sizes = true },
	{ .version = 7, .compression = "zlib", .big = true, .zero_sizes = true },
	{ .version = 7, .compression = "zstd", .short_sizes = true },
};

#define NR_FORMS (sizeof(forms) / sizeof(*forms))

static void whole(const struct gen_file *form, unsigned int cpus)
{
	struct gen_buf b = gen_world_as(form, cpus, 1000);
	const struct ccw_source_info *info;
	struct ccw_source *src;
	struct ccw_error err;
	uint64_t first, last;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);

	assert_int_equal(open_buf(&src, &b, &err), 0);
	info = ccw_source_info(src);
	assert_string_equal(info->kind, "file");
	assert_string_equal(info->driver, "vfio_ccw");
	assert_string_equal(info->note, "");
	assert_int_equal(info->cpus, cpus);
	assert_int_equal(info->big_endian, form->big);
	assert_int_equal(ccw_source_range(src, &first, &last), 0);
	assert_true(first == gen_world_io(0).ts);
	assert_true(last == gen_world_io(999).ts + 1);
	assert_int_equal(ccw_source_read(src, &sink, 7, 0, &err), 1);
	assert_int_equal(seen.ios + seen.fsms, 7);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_int_equal(seen.ios, 1000);
	assert_int_equal(seen.fsms, 1000);
	assert_true(seen.ordered);
	assert_true(seen.equal);
	assert_int_equal(seen.gaps, 0);
	assert_int_equal(info->events, 2000);
	assert_false(info->truncated);
	ccw_source_close(src);
	gen_free(&b);
}

static void whole_files(void **state)
{
	unsigned int i, cpus;

	(void)state;
	for (i = 0; i < NR_FORMS; i++)
		for (cpus = 1; cpus <= 4; cpus++)
			whole(&forms[i], cpus);
}

static void sink_stops_the_reading(void **state)
{
	struct gen_buf b = gen_world(6, true, 2, 100);
	struct ccw_source *src;
	struct ccw_error err;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);

	(void)state;
	seen.stop_at = 10;
	sink.fsm = NULL;
	assert_int_equal(open_buf(&src, &b, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 77);
	assert_int_equal(seen.ios, 10);
	seen.stop_at = 0;
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_int_equal(seen.ios, 100);
	assert_true(seen.equal);
	assert_int_equal(ccw_source_info(src)->events, 100);
	ccw_source_close(src);
	gen_free(&b);
}

/* A driver that lays its event out differently: everything is where its format says. */
static void other_layout(void **state)
{
	static const char fmt[] =
		"name: vfio_ccw_io\nID: 1500\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
		"\tfield:u16 schno;\toffset:4;\tsize:2;\tsigned:0;\n"
		"\tfield:u8 cssid;\toffset:6;\tsize:1;\tsigned:0;\n"
		"\tfield:u8 ssid;\toffset:7;\tsize:1;\tsigned:0;\n"
		"\tfield:u32 device_ns;\toffset:8;\tsize:4;\tsigned:0;\n"
		"\tfield:int rc;\toffset:12;\tsize:4;\tsigned:1;\n"
		"\nprint fmt: \"broken ( } %s\", REC->\n";
	struct gen_file f = { .version = 6, .big = true, .io_format = fmt };
	struct gen_buf rec = { .big = true }, b;
	struct ccw_source *src;
	struct ccw_error err;
	struct gen_ring ring;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);

	(void)state;
	gen_u16(&rec, GEN_IO_ID);
	gen_u16(&rec, 0);
	gen_u16(&rec, 0x1234);
	gen_u8(&rec, 0);
	gen_u8(&rec, 2);
	gen_u32(&rec, 777);
	gen_u32(&rec, -5);
	gen_ring_init(&ring, true);
	gen_ring_record(&ring, 5, rec.p, rec.len);
	gen_ring_record(&ring, 6, rec.p, rec.len - 4); /* shorter than its format */
	gen_ring_end(&ring);
	b = gen_file(&f, &ring, 1);
	assert_int_equal(open_buf(&src, &b, &err), 0);
	sink.io = NULL;
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_true(ccw_source_info(src)->truncated);
	assert_non_null(strstr(ccw_source_info(src)->note, "1 record shorter than"));
	ccw_source_close(src);
	gen_free(&b);
	gen_free(&rec);
	gen_free(&ring.buf);
}

static void gaps_are_told(void **state)
{
	struct gen_file f = { .version = 7, .big = true };
	const struct ccw_source_info *info;
	struct ccw_io io = gen_world_io(0);
	struct ccw_source *src;
	struct gen_ring ring;
	struct ccw_error err;
	uint8_t data[80];
	struct gen_buf b;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);

	(void)state;
	gen_ring_init(&ring, true);
	gen_ring_page(&ring, io.ts);
	gen_ring_missed(&ring, 12);
	gen_ring_record(&ring, io.ts, data, gen_io(data, true, &io));
	gen_ring_page(&ring, io.ts + 5);
	gen_ring_missed(&ring, 0);
	gen_ring_end(&ring);
	b = gen_file(&f, &ring, 1);
	assert_int_equal(open_buf(&src, &b, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	info = ccw_source_info(src);
	assert_int_equal(seen.gaps, 2);
	assert_int_equal(seen.lost, 12);
	assert_int_equal(info->lost, 12);
	assert_true(info->lost_unknown);
	assert_int_equal(seen.ios, 1);
	ccw_source_close(src);
	gen_free(&b);
	gen_free(&ring.buf);
}

/* rc and a word of the text that says why */
static void refused(struct gen_buf b, int rc, const char *word)
{
	struct ccw_source *src = (void *)1;
	struct ccw_error err = { "" };

	assert_int_equal(open_buf(&src, &b, &err), rc);
	assert_null(src);
	if (!strstr(err.text, word))
		fail_msg("'%s' does not say '%s'", err.text, word);
	gen_free(&b);
}

static struct gen_buf bytes(const char *s, size_t n)
{
	struct gen_buf b = { 0 };

	gen_bytes(&b, s, n);
	return b;
}

static void foreign_files(void **state)
{
	static const struct {
		struct gen_file f;
		int rc;
		const char *word;
	} t[] = {
		{ { .version = 6, .system = "other" }, -ENODATA, "no vfio_ccw events" },
		{ { .version = 6, .io_format = "name: vfio_ccw_io\nID: 7\nformat:\n" }, -EINVAL,
		  "makes no sense" },
		{ { .version = 7, .compression = "lzo" }, -EOPNOTSUPP, "trace-cmd convert" },
	};
	struct gen_ring ring;
	struct ccw_source *src;
	struct ccw_error err;
	size_t i;

	(void)state;
	refused(bytes("", 0), -EINVAL, "empty");
	refused(bytes("#!/bin/sh\necho hello, this is no recording\n", 43), -EINVAL,
		"not a recording");
	refused(bytes("\x17\x08\x44tracing6\0\2\10\0\0\0\0", 18), -EINVAL, "byte order");
	refused(bytes("\x17\x08\x44tracing5\0\0\10\0\0\0\0", 18), -EOPNOTSUPP, "version '5'");
	assert_int_equal(ccw_source_open_file(&src, "/nowhere/at.dat", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/at.dat"));
	assert_int_equal(ccw_source_open_file(&src, "/", &err), -EINVAL);
	assert_int_equal(ccw_source_open_file(&src, "/dev/null", &err), -EINVAL);
	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		gen_ring_init(&ring, false);
		refused(gen_file(&t[i].f, &ring, 1), t[i].rc, t[i].word);
	}
}

/* Wherever a file is cut: an error that names the part, or what is left with a note. */
static void cut_anywhere(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < NR_FORMS; i++) {
		struct gen_buf b = gen_world_as(&forms[i], 2, 200);
		size_t all = b.len, step;

		for (b.len = 0; b.len < all; b.len += step) {
			struct ccw_source *src;
			struct ccw_error err = { "" };
			struct seen seen;
			struct ccw_sink sink = sink_of(&seen);
			int rc = open_buf(&src, &b, &err);

			step = b.len < 3000 ? 7 : 997;
			if (rc) {
				assert_int_equal(rc, -EINVAL);
				assert_true(strlen(err.text) > 10);
				continue;
			}
			assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
			assert_true(ccw_source_info(src)->truncated);
			assert_non_null(strstr(ccw_source_info(src)->note, "cut off"));
			assert_true(seen.ios < 200);
			assert_true(seen.ordered);
			ccw_source_close(src);
		}
		b.len = all;
		gen_free(&b);
	}
}

static void lists_in_a_circle(void **state)
{
	struct gen_buf b = { .big = true };

	(void)state;
	gen_bytes(&b, "\x17\x08\x44tracing", 10);
	gen_text(&b, "7");
	gen_u8(&b, 1);
	gen_u8(&b, 8);
	gen_u32(&b, GEN_PAGE);
	gen_text(&b, "none");
	gen_text(&b, "");
	gen_u64(&b, b.len + 8);
	gen_u16(&b, 0);
	gen_u16(&b, 0);
	gen_u32(&b, 0);
	gen_u64(&b, 14);
	gen_u16(&b, 0);
	gen_u32(&b, 8);
	gen_u64(&b, b.len - 22);
	refused(b, -EINVAL, "circle");
}

static void overlapping_cpus(void **state)
{
	struct gen_file f = { .version = 6, .big = true };
	struct gen_ring rings[2];
	struct ccw_io io = gen_world_io(0);
	struct gen_buf b;
	uint8_t data[80];
	size_t at;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		gen_ring_init(&rings[i], true);
		for (io.ts = 1; io.ts < 1000; io.ts++)
			gen_ring_record(&rings[i], io.ts, data, gen_io(data, true, &io));
		gen_ring_end(&rings[i]);
	}
	b = gen_file(&f, rings, 2);
	at = (uint8_t *)memmem(b.p, b.len, "flyrecord", 10) + 10 - b.p;
	for (i = 0; i < 2; i++) {
		gen_put64(&b, at + 16 * i, 10);
		gen_put64(&b, at + 16 * i + 8, b.len - 10);
		gen_free(&rings[i].buf);
	}
	refused(b, -EINVAL, "overlap");
}

/* What was understood before the file turns out to be none is freed: the sanitizer watches. */
static void devices_of_a_damaged_file(void **state)
{
	struct gen_file f = { .version = 6, .note = "driver vfio_ccw 0.2\n" };
	struct gen_buf b = gen_world_as(&f, 2, 100);
	size_t at = (uint8_t *)memmem(b.p, b.len, "flyrecord", 10) + 10 - b.p, i;

	(void)state;
	for (i = 0; i < 2; i++) {
		gen_put64(&b, at + 16 * i, 10);
		gen_put64(&b, at + 16 * i + 8, b.len - 10);
	}
	refused(b, -EINVAL, "overlap");
}

/* Every instance counts, however many there are; beyond what can be true the file is refused. */
static void many_instances(void **state)
{
	struct gen_file f = { .version = 6, .instances = 100 };
	struct gen_buf b = gen_world_as(&f, 1, 10);
	struct ccw_source *src;
	struct ccw_error err;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);

	(void)state;
	assert_int_equal(open_buf(&src, &b, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_int_equal(seen.ios, 101 * 10);
	ccw_source_close(src);
	gen_free(&b);
	f.instances = 1024;
	refused(gen_world_as(&f, 1, 1), -EINVAL, "more than 1024 buffers");
}

/* A CPU without records may say any place. */
static void empty_cpu_anywhere(void **state)
{
	struct gen_buf b = gen_world(6, true, 2, 10);
	struct ccw_source *src;
	struct ccw_error err;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);
	uint64_t first, last;
	size_t at;

	(void)state;
	at = (uint8_t *)memmem(b.p, b.len, "flyrecord", 10) + 10 - b.p;
	gen_put64(&b, at + 16, 0xcd00000000000000ULL);
	gen_put64(&b, at + 24, 0);
	assert_int_equal(open_buf(&src, &b, &err), 0);
	assert_int_equal(ccw_source_range(src, &first, &last), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	assert_int_equal(seen.ios, 5);
	ccw_source_close(src);
	gen_free(&b);
}

/* libtraceevent (1.7.1) leaks what it parsed of a format text that turns out broken. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:tep_parse_event\n";
}

/* Numbers of the sequence are the same on every machine and run. */
static uint32_t draw(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

/* One to eight kinds of damage, half of them in the metadata, which is the smaller part. */
static void damage(struct gen_buf *b, uint64_t *seed)
{
	unsigned int n;

	for (n = 1 + draw(seed) % 8; n && b->len; n--) {
		size_t at = draw(seed) % (draw(seed) % 2 ? b->len / 4 + 1 : b->len);

		switch (draw(seed) % 4) {
		case 0:
			b->p[at] = draw(seed);
			break;
		case 1:
			b->p[at] ^= 1 << draw(seed) % 8;
			break;
		case 2:
			memset(b->p + at, draw(seed) % 2 ? 0xff : 0, b->len - at < 8 ? 1 : 8);
			break;
		case 3:
			if (draw(seed) % 8 == 0)
				b->len = at + 1;
			break;
		}
	}
}

static void read_whatever_it_is(const struct gen_buf *b)
{
	struct ccw_error err = { "" };
	struct ccw_source *src;
	struct seen seen;
	struct ccw_sink sink = sink_of(&seen);
	uint64_t first, last;

	if (open_buf(&src, b, &err)) {
		assert_true(strlen(err.text) > 10);
		return;
	}
	ccw_source_range(src, &first, &last);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	ccw_source_close(src);
}

static struct gen_buf load(const char *name)
{
	struct gen_buf b = { 0 };
	FILE *f = fopen(name, "r");
	char part[4096];
	size_t n;

	if (!f)
		abort();
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		gen_bytes(&b, part, n);
	fclose(f);
	return b;
}

/*
 * Whatever stands in a file, reading it ends without touching memory that is not ours (the
 * sanitizers watch) and with either a result or an error that says something. For a long run:
 * CCW_FUZZ_ROUNDS, CCW_FUZZ_SEED and, for recordings besides the generated ones, CCW_FUZZ_FILES.
 */
static void mutated_files(void **state)
{
	unsigned int rounds = getenv("CCW_FUZZ_ROUNDS") ? atoi(getenv("CCW_FUZZ_ROUNDS")) : 3000;
	uint64_t seed = getenv("CCW_FUZZ_SEED") ? atoi(getenv("CCW_FUZZ_SEED")) : 1;
	char *files = getenv("CCW_FUZZ_FILES") ? strdup(getenv("CCW_FUZZ_FILES")) : NULL, *name;
	struct gen_buf seeds[32], b = { 0 };
	unsigned int i, nr;

	(void)state;
	for (nr = 0; nr < NR_FORMS; nr++)
		seeds[nr] = gen_world_as(&forms[nr], 2, 60);
	for (name = files ? strtok(files, " ") : NULL; name && nr < 32; name = strtok(NULL, " "))
		seeds[nr++] = load(name);
	for (i = 0; i < rounds; i++) {
		b.len = 0;
		gen_bytes(&b, seeds[i % nr].p, seeds[i % nr].len);
		damage(&b, &seed);
		read_whatever_it_is(&b);
	}
	for (i = 0; i < nr; i++)
		gen_free(&seeds[i]);
	gen_free(&b);
	free(files);
}

/* tests/fixtures/synthetic-*.dat: CCW_WRITE_FIXTURES=tests/fixtures */
static void write_fixtures(const char *dir)
{
	int big;

	for (big = 0; big < 2; big++) {
		struct gen_buf b = gen_world(6 + big, big, 2, 150);
		char name[512];
		FILE *f;

		snprintf(name, sizeof(name), "%s/synthetic-%s.dat", dir, big ? "be" : "le");
		f = fopen(name, "w");
		if (!f || fwrite(b.p, b.len, 1, f) != 1 || fclose(f))
			abort();
		gen_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_files),
		cmocka_unit_test(sink_stops_the_reading),
		cmocka_unit_test(other_layout),
		cmocka_unit_test(gaps_are_told),
		cmocka_unit_test(foreign_files),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(lists_in_a_circle),
		cmocka_unit_test(overlapping_cpus),
		cmocka_unit_test(devices_of_a_damaged_file),
		cmocka_unit_test(many_instances),
		cmocka_unit_test(empty_cpu_anywhere),
		cmocka_unit_test(mutated_files),
	};

	if (getenv("CCW_WRITE_FIXTURES"))
		write_fixtures(getenv("CCW_WRITE_FIXTURES"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
