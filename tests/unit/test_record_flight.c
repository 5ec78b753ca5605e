// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder: which I/Os make it write, and that what comes while it does cannot change
 * which time the file covers. The clock is the test's.
 */
#include <pthread.h>
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

#define SECOND 1000000000ULL
#define OLD_IOS 5 /* in the page that is nearly too old */

static struct record_fixture x;
static uint64_t clock_ns;
static unsigned int unlocks, late_after; /* 0: no hit comes late */

uint64_t __wrap_record_now(void);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock);
int __real_pthread_mutex_unlock(pthread_mutex_t *lock);

uint64_t __wrap_record_now(void)
{
	return clock_ns;
}

static struct ccw_io good(uint32_t seq)
{
	return (struct ccw_io){
		.ts = clock_ns, .seq = seq, .sch.schno = 3, .cmd = 0x06,
		.ns = { 1000, 1000, 100000, 1000, 103000 },
		.flags = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED, .dstat = 0x0c,
	};
}

static struct ccw_io unit_check(uint32_t seq)
{
	struct ccw_io io = good(seq);

	io.dstat |= 0x02;
	return io;
}

/* A page of n I/Os comes from CPU 0, as a worker would bring it. */
static void bring(const struct ccw_io *io, unsigned int n)
{
	struct gen_ring ring;
	uint8_t out[80];

	gen_ring_init(&ring, ccw_host_big_endian());
	while (n--)
		gen_ring_record(&ring, io->ts, out, gen_io(out, ccw_host_big_endian(), io));
	gen_ring_end(&ring);
	assert_int_equal(ring.buf.len, GEN_PAGE);
	assert_int_equal(flight_add(x.rec.flight, 0, (const char *)ring.buf.p), 0);
	gen_free(&ring.buf);
}

/* Whoever waited for the lock gets it: at the nth time that is a worker with one more error. */
int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock)
{
	int rc = __real_pthread_mutex_unlock(lock);

	if (late_after && ++unlocks == late_after) {
		struct ccw_io io;

		clock_ns += 5 * SECOND;
		io = unit_check(77);
		bring(&io, 1);
	}
	return rc;
}

static void start(const struct ccw_flight_trigger *triggers, size_t n)
{
	struct ccw_error err;

	record_fixture_make(&x);
	clock_ns = 1000 * SECOND;
	unlocks = late_after = 0;
	x.rec.number = 1;
	x.rec.opts.max_files = 10;
	x.rec.opts.flight = (struct ccw_flight_options){ .ns = 10 * SECOND, .triggers = triggers,
							  .nr_triggers = n };
	assert_int_equal(flight_new(&x.rec.flight, &x.rec, &err), 0);
}

static void end(void)
{
	late_after = 0;
	flight_free(x.rec.flight);
	record_fixture_end(&x);
}

static const struct ccw_flight_trigger unit_checks = { .errors = 1U << CCW_ERR_UNIT_CHECK };

static void late_hit(void **state)
{
	unsigned int n[RECORD_CPUS], k;
	struct ccw_error err;
	struct ccw_io io;

	(void)state;
	for (k = 0; k < 12; k++) {
		start(&unit_checks, 1);
		clock_ns -= 9 * SECOND;
		io = good(1);
		bring(&io, OLD_IOS);
		clock_ns += 9 * SECOND;
		io = unit_check(2);
		bring(&io, 1);
		unlocks = 0;
		late_after = k;
		assert_int_equal(flight_run(&x.rec, &err), 0);
		assert_int_equal(x.rec.status.files, 1);
		assert_string_equal(x.rec.status.reason, "0.0.0003: I/O 2 ended with unit check");
		record_fixture_count(x.rec.status.file, n);
		assert_in_range(n[0], OLD_IOS + 1, OLD_IOS + 2);
		/* what came too late for that file came too soon for another */
		assert_int_equal(flight_run(&x.rec, &err), 0);
		assert_int_equal(x.rec.status.files, 1);
		assert_true(x.rec.status.suppressed <= 1);
		end();
	}
}

/* An error that comes when somebody asked anyway is one all the same. */
static void asked_and_hit(void **state)
{
	struct ccw_error err;

	(void)state;
	start(&unit_checks, 1);
	flight_ask(x.rec.flight, "asked");
	late_after = 1;
	assert_int_equal(flight_run(&x.rec, &err), 0);
	assert_int_equal(x.rec.status.files, 1);
	assert_true(x.rec.status.threshold);
	end();
}

static bool writes(const struct ccw_io *io)
{
	unsigned int before = x.rec.status.files;
	struct ccw_error err;

	bring(io, 1);
	assert_int_equal(flight_run(&x.rec, &err), 0);
	clock_ns += 11 * SECOND;
	return x.rec.status.files > before;
}

static void triggers(void **state)
{
	struct ccw_select *here = ccw_select_new(), *reads = ccw_select_new();
	struct ccw_flight_trigger t[] = {
		{ .errors = 1U << CCW_ERR_UNIT_CHECK, .select = here },
		{ .latency_ns = 5000000, .select = reads },
		{ .latency_ns = 50000000 },
	};
	struct ccw_error err;
	struct ccw_io io;

	(void)state;
	assert_int_equal(ccw_select_add(here, "sch == 0.0.0003", &err), 0);
	assert_int_equal(ccw_select_add(reads, "cmd == 0x06", &err), 0);
	start(t, 3);
	io = good(1);
	assert_false(writes(&io));
	io = unit_check(1);
	assert_true(writes(&io));
	io.sch.schno = 4;
	assert_false(writes(&io));
	io = good(1);
	io.cstat = 0x20; /* program check: not that kind of error */
	assert_false(writes(&io));
	io = good(1);
	io.ns[CCW_DEVICE] = 6000000;
	assert_true(writes(&io));
	assert_string_equal(x.rec.status.reason, "0.0.0003: I/O 1 took 6.00ms");
	io.cmd = 0x05;
	assert_false(writes(&io));
	io.ns[CCW_DEVICE] = 60000000;
	assert_true(writes(&io));
	end();
	ccw_select_free(here);
	ccw_select_free(reads);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_hit), cmocka_unit_test(asked_and_hit),
		cmocka_unit_test(triggers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
