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
#include "tests/unit/record_fixture.h"
#include "trace/bytes.h"

#define IOS 3000
#define CPUS RECORD_CPUS

static struct record_fixture x;

static int setup(void **state)
{
	(void)state;
	record_fixture_make(&x);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	record_fixture_end(&x);
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

	assert_int_equal(record_open_file(&x.rec, &f, &err), 0);
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

static void check(unsigned int read)
{
	unsigned int n[CPUS], i;

	record_fixture_count(x.path, n);
	for (i = 0; i < CPUS; i++)
		assert_int_equal(x.data[i].unwritten, (i == 1 ? 0 : read) - n[i]);
	assert_true(x.rec.status.incomplete);
	assert_false(x.rec.status.lost_unknown);
}

static void whole(void **state)
{
	struct ccw_error err;
	unsigned int n[CPUS];

	x.rec.opts.compress = *state;
	assert_int_equal(record_write_file(&x.rec, new_file(IOS / 2), &err), 0);
	record_fixture_count(x.path, n);
	assert_int_equal(n[0] + n[2], IOS);
	assert_int_equal(x.data[0].unwritten + x.data[2].unwritten, 0);
	assert_false(x.rec.status.incomplete);
}

static void unreadable(void **state)
{
	struct record_file *f = new_file(IOS / 2);
	struct ccw_error err;

	x.rec.opts.compress = *state;
	assert_int_equal(ftruncate(f->data[0], 5 * GEN_PAGE + 7), 0);
	assert_int_equal(record_write_file(&x.rec, f, &err), 0);
	assert_true(x.data[0].unwritten > 0);
	assert_int_equal(x.data[2].unwritten, 0);
	check(IOS / 2);
}

/* The pages of a CPU could not be written when they were taken, and then the disk was full. */
static void nothing_there(void **state)
{
	struct record_file *f = new_file(IOS / 2);
	struct rlimit old, new;
	struct ccw_error err;

	x.rec.opts.compress = *state;
	x.rec.status.incomplete = f->broken = true;
	f->size[0] = 0;
	getrlimit(RLIMIT_FSIZE, &old);
	new = old;
	new.rlim_cur = 5 * GEN_PAGE;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &new);
	assert_int_equal(record_write_file(&x.rec, f, &err), 0);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(x.data[0].unwritten, IOS / 2);
	check(IOS / 2);
}

/* A worker that failed just when a file was finished: nobody knows of it yet but the file. */
static void worker_failed(void **state)
{
	struct record_file *f = new_file(IOS / 2 + 40);
	unsigned int n[CPUS];
	struct ccw_error err;

	x.rec.opts.compress = *state;
	f->broken = true;
	assert_int_equal(record_write_file(&x.rec, f, &err), 0);
	record_fixture_count(x.path, n);
	assert_int_equal(n[0] + n[2], IOS);
	assert_int_equal(x.data[0].unwritten, 40);
	assert_int_equal(x.data[2].unwritten, 40);
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
