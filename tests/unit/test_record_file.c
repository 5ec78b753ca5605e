// SPDX-License-Identifier: GPL-2.0
/*
 * What the recorder says is missing of a file that it could not write whole, for each CPU: never
 * less than is missing. The pages are real, the kernel's count of them is given.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "trace/bytes.h"
#include "trace/ccw_source.h"
#include "trace/record_int.h"

#define IOS 3000
#define CPUS 3

static struct ccw_record rec;
static struct record_cpu data[CPUS];
static struct ccw_instance_cpu cpus[CPUS];
static struct record_event event = { .dat = { "vfio_ccw", "vfio_ccw_io", NULL } };
static char dir[32], path[64];

static int setup(void **state)
{
	struct ccw_error err;
	unsigned int i;

	(void)state;
	memset(&rec, 0, sizeof(rec));
	memset(data, 0, sizeof(data));
	strcpy(dir, "/tmp/record_file.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/x.dat", dir);
	rec.path = path;
	event.dat.format = (char *)gen_io_format();
	rec.events = &event;
	rec.nr_events = 1;
	rec.nr = CPUS;
	rec.cpus = cpus;
	rec.data = data;
	rec.page_size = GEN_PAGE;
	rec.header_page = (char *)gen_header_page();
	rec.header_event = "event\n";
	assert_int_equal(ccw_page_format_parse(&rec.format, rec.header_page,
					       strlen(rec.header_page), 0,
					       ccw_host_big_endian()), 0);
	for (i = 0; i < CPUS; i++)
		cpus[i].cpu = i;
	assert_int_equal(record_find_dir(&rec, &err), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(rec.dir);
	free(rec.base);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
	return 0;
}

/* CPU 1 had nothing; the kernel says that of each other @read were taken. */
static struct record_file *new_file(unsigned int read)
{
	struct gen_ring rings[CPUS];
	struct record_file *f;
	struct ccw_error err;
	uint8_t out[80];
	unsigned int i;

	assert_int_equal(record_open_file(&rec, &f, &err), 0);
	for (i = 0; i < CPUS; i++)
		gen_ring_init(&rings[i], ccw_host_big_endian());
	for (i = 0; i < IOS; i++) {
		struct ccw_io io = gen_world_io(i);

		gen_ring_record(&rings[i % 2 * 2], io.ts, out,
				gen_io(out, ccw_host_big_endian(), &io));
	}
	for (i = 0; i < CPUS; i++) {
		gen_ring_end(&rings[i]);
		if (i != 1) {
			assert_int_equal(pwrite(f->data[i], rings[i].buf.p, rings[i].buf.len, 0),
					 rings[i].buf.len);
			f->size[i] = rings[i].buf.len;
			assert_true(asprintf(&f->stats[i], "CPU: %u\nread events: %u\n", i,
					     read) > 0);
		}
		gen_free(&rings[i].buf);
	}
	return f;
}

/* Records in the file, by libccw's reader, which the recorder does not use. */
static int count_raw(void *ctx, const struct ccw_raw *raw)
{
	unsigned int *n = ctx;

	n[raw->cpu]++;
	return 0;
}

static void count_file(unsigned int n[CPUS])
{
	const struct ccw_sink sink = { .raw = count_raw, .ctx = n };
	struct ccw_source *src;
	struct ccw_error err;

	memset(n, 0, CPUS * sizeof(*n));
	assert_int_equal(ccw_source_open_file(&src, path, &err), 0);
	assert_true(ccw_source_read(src, &sink, 0, 0, &err) >= 0);
	ccw_source_close(src);
}

static void check(unsigned int read)
{
	unsigned int n[CPUS], i;

	count_file(n);
	for (i = 0; i < CPUS; i++)
		assert_int_equal(data[i].unwritten, (i == 1 ? 0 : read) - n[i]);
	assert_true(rec.status.incomplete);
	assert_false(rec.status.lost_unknown);
}

static void whole(void **state)
{
	struct ccw_error err;
	unsigned int n[CPUS];

	rec.opts.compress = *state;
	assert_int_equal(record_write_file(&rec, new_file(IOS / 2), &err), 0);
	count_file(n);
	assert_int_equal(n[0] + n[2], IOS);
	assert_int_equal(data[0].unwritten + data[2].unwritten, 0);
	assert_false(rec.status.incomplete);
}

static void unreadable(void **state)
{
	struct record_file *f = new_file(IOS / 2);
	struct ccw_error err;

	rec.opts.compress = *state;
	assert_int_equal(ftruncate(f->data[0], 5 * GEN_PAGE + 7), 0);
	assert_int_equal(record_write_file(&rec, f, &err), 0);
	assert_true(data[0].unwritten > 0);
	assert_int_equal(data[2].unwritten, 0);
	check(IOS / 2);
}

/* The pages of a CPU could not be written when they were taken, and then the disk was full. */
static void nothing_there(void **state)
{
	struct record_file *f = new_file(IOS / 2);
	struct rlimit old, new;
	struct ccw_error err;

	rec.opts.compress = *state;
	rec.status.incomplete = f->broken = true;
	f->size[0] = 0;
	getrlimit(RLIMIT_FSIZE, &old);
	new = old;
	new.rlim_cur = 5 * GEN_PAGE;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &new);
	assert_int_equal(record_write_file(&rec, f, &err), 0);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(data[0].unwritten, IOS / 2);
	check(IOS / 2);
}

/* A worker that failed just when a file was finished: nobody knows of it yet but the file. */
static void worker_failed(void **state)
{
	struct record_file *f = new_file(IOS / 2 + 40);
	unsigned int n[CPUS];
	struct ccw_error err;

	rec.opts.compress = *state;
	f->broken = true;
	assert_int_equal(record_write_file(&rec, f, &err), 0);
	count_file(n);
	assert_int_equal(n[0] + n[2], IOS);
	assert_int_equal(data[0].unwritten, 40);
	assert_int_equal(data[2].unwritten, 40);
}

int main(void)
{
#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, setup, teardown), \
		{ #f "_zstd", f, setup, teardown, "zstd" }
	static const struct CMUnitTest tests[] = {
		TEST(whole), TEST(unreadable), TEST(nothing_there), TEST(worker_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
