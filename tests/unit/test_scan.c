// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/gen.h"
#include "trace/ccw_scan.h"

#define CPUS 4

static uint64_t seed;

static uint32_t number(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

/*
 * What a long recording of several CPUs has: order of numbers disturbed, records missing, opens,
 * errors of many kinds, refusals with many errnos, transitions, gaps.
 */
static char *long_recording(bool big, unsigned int ios, bool backwards)
{
	/* more than the gaps within tell: the rest is told at the end */
	struct gen_file f = { .version = 6, .big = big, .overrun = 1000 };
	struct gen_ring rings[CPUS];
	uint32_t seq[40] = { 0 };
	uint64_t ts = 1000;
	struct gen_buf b;
	unsigned int i;
	char *name;

	for (i = 0; i < CPUS; i++)
		gen_ring_init(&rings[i], big);
	for (i = 0; i < ios; i++) {
		struct ccw_io io = gen_world_io(number(3000));
		struct gen_ring *r = &rings[number(CPUS)];
		unsigned int s = number(40);
		uint8_t data[80];

		ts += number(3) ? number(5000) : 0;
		io.ts = ts;
		io.sch = (struct ccw_sch){ .ssid = s / 20, .schno = s % 20 };
		seq[s] += number(50) ? 1 : number(90);
		io.seq = number(20) ? seq[s] : seq[s] > 2 ? seq[s] - number(2) : 1;
		if (!io.seq)
			io.seq = 1;
		if (io.flags & VFIO_CCW_IO_ENDED && !number(5)) {
			io.cstat = number(2) ? 0x80 : 0x40; /* PCI is no error, IL is one */
			io.dstat |= number(2) ? 0x40 : 0;
		}
		if (!number(100)) {
			io.rc = -(int)number(60) - 1;
			io.flags = 0;
		}
		if (!number(3000))
			gen_ring_page(r, ts), gen_ring_missed(r, number(5));
		if (!number(2000)) {
			struct ccw_fsm fsm = { .sch = io.sch, .from = 1, .event = 4, .to = 2 };

			gen_ring_record(r, ts, data, gen_fsm(data, big, &fsm));
			seq[s] = 0;
		}
		gen_ring_record(r, backwards && i == ios / 2 ? 500 : ts, data,
				gen_io(data, big, &io));
	}
	for (i = 0; i < CPUS; i++)
		gen_ring_end(&rings[i]);
	b = gen_file(&f, rings, CPUS);
	name = gen_save(&b);
	for (i = 0; i < CPUS; i++)
		gen_free(&rings[i].buf);
	gen_free(&b);
	return name;
}

static struct ccw_scan scan_of(const char *name, unsigned int threads, const char *filter,
			       struct ccw_source_info *info)
{
	struct ccw_select *sel = ccw_select_new();
	struct ccw_scan scan = { .threads = threads, .select = sel };
	struct ccw_error err = { "" };
	struct ccw_source *src;

	if (filter)
		assert_int_equal(ccw_select_add(sel, filter, &err), 0);
	assert_int_equal(ccw_source_open_file(&src, name, &err), 0);
	assert_int_equal(ccw_scan_run(&scan, src, &err), 0);
	*info = *ccw_source_info(src);
	ccw_source_close(src);
	ccw_select_free(sel);
	return scan;
}

static void same_hist(const struct ccw_hist *a, const struct ccw_hist *b)
{
	unsigned int i;

	assert_true(a->count == b->count && a->sum == b->sum && a->min == b->min &&
		    a->max == b->max);
	for (i = 0; i < CCW_HIST_BUCKETS; i++)
		assert_int_equal(ccw_hist_at(a, i), ccw_hist_at(b, i));
}

static void same_stat(const struct ccw_stat *a, const struct ccw_stat *b)
{
	unsigned int i;

	assert_int_equal(ccw_sch_key(a->sch), ccw_sch_key(b->sch));
	assert_true(a->ios == b->ios && a->first_ts == b->first_ts && a->last_ts == b->last_ts);
	assert_memory_equal(a->result, b->result, sizeof(a->result));
	assert_true(a->bytes == b->bytes && a->ccws == b->ccws && a->segments == b->segments &&
		    a->idaws == b->idaws && a->pages == b->pages && a->irqs == b->irqs &&
		    a->max_ccws == b->max_ccws && a->have == b->have);
	assert_memory_equal(a->dstat, b->dstat, sizeof(a->dstat));
	assert_memory_equal(a->cstat, b->cstat, sizeof(a->cstat));
	assert_memory_equal(a->cc, b->cc, sizeof(a->cc));
	for (i = 0; i < CCW_STAT_ERRNOS; i++) {
		assert_int_equal(a->rc[i].rc, b->rc[i].rc);
		assert_true(a->rc[i].count == b->rc[i].count);
	}
	for (i = 0; i < CCW_NR_STAGES; i++)
		same_hist(&a->hist[i], &b->hist[i]);
	assert_int_equal(a->nr_last_err, b->nr_last_err);
	for (i = 0; i < a->nr_last_err; i++) {
		assert_true(a->last_err[i].ts == b->last_err[i].ts);
		assert_int_equal(a->last_err[i].seq, b->last_err[i].seq);
	}
	assert_true(a->missing == b->missing);
	assert_int_equal(a->seq.last, b->seq.last);
	assert_true(a->seq.seen == b->seq.seen);
	assert_int_equal(a->state, b->state);
}

static void same_scan(const struct ccw_scan *a, const struct ccw_scan *b)
{
	size_t i;

	assert_int_equal(ccw_stats_count(a->stats), ccw_stats_count(b->stats));
	for (i = 0; i < ccw_stats_count(a->stats); i++)
		same_stat(ccw_stats_at(a->stats, i), ccw_stats_at(b->stats, i));
	assert_true(a->transitions == b->transitions && a->other_errors == b->other_errors);
	assert_int_equal(a->nr_errors, b->nr_errors);
	for (i = 0; i < a->nr_errors; i++) {
		assert_true(a->errors[i].count == b->errors[i].count);
		assert_true(a->errors[i].first_ts == b->errors[i].first_ts);
		assert_true(a->errors[i].io.ts == b->errors[i].io.ts);
		assert_int_equal(a->errors[i].io.seq, b->errors[i].io.seq);
	}
	assert_int_equal(a->nr_losses, b->nr_losses);
	for (i = 0; i < a->nr_losses; i++) {
		assert_int_equal(a->losses[i].cpu, b->losses[i].cpu);
		assert_true(a->losses[i].count == b->losses[i].count);
		assert_int_equal(a->losses[i].unknown, b->losses[i].unknown);
	}
	assert_int_equal(a->nr_marks, b->nr_marks);
	for (i = 0; i < a->nr_marks; i++) {
		assert_true(a->marks[i].ts == b->marks[i].ts);
		assert_int_equal(a->marks[i].cpu, b->marks[i].cpu);
	}
}

static int add_io(void *ctx, const struct ccw_io *io)
{
	return ccw_stat_add(ccw_stats_get(ctx, io->sch), io);
}

static int add_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	ccw_stat_fsm(ccw_stats_get(ctx, fsm->sch), fsm);
	return 0;
}

/* The plain way: one record after the other. */
static void same_as_sequential(const char *name, const struct ccw_scan *scan)
{
	struct ccw_stats *stats = ccw_stats_new();
	const struct ccw_sink sink = { .io = add_io, .fsm = add_fsm, .ctx = stats };
	struct ccw_error err = { "" };
	struct ccw_source *src;
	size_t i;

	assert_int_equal(ccw_source_open_file(&src, name, &err), 0);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	ccw_source_close(src);
	assert_int_equal(ccw_stats_count(stats), ccw_stats_count(scan->stats));
	for (i = 0; i < ccw_stats_count(stats); i++)
		same_stat(ccw_stats_at(stats, i), ccw_stats_at(scan->stats, i));
	ccw_stats_free(stats);
}

static void threads_agree_on(bool big, unsigned int ios, bool backwards, const char *filter)
{
	static const unsigned int threads[] = { 2, 3, 16 };
	char *name = long_recording(big, ios, backwards);
	struct ccw_source_info info, other;
	struct ccw_scan one = scan_of(name, 1, filter, &info);
	size_t i;

	if (!filter)
		same_as_sequential(name, &one);
	assert_true(one.all->ios > ios / 1000);
	/* one of each CPU at the end, with the time of its last record */
	assert_true(one.nr_marks > CPUS && one.nr_losses == CPUS);
	assert_true(one.marks[one.nr_marks - 1].ts > one.marks[0].ts);
	for (i = 0; i < 3; i++) {
		struct ccw_scan many = scan_of(name, threads[i], filter, &other);

		same_scan(&one, &many);
		same_stat(one.all, many.all);
		assert_true(info.events == other.events && info.lost == other.lost &&
			    info.lost_unknown == other.lost_unknown);
		assert_string_equal(info.note, other.note);
		ccw_scan_free(&many);
	}
	ccw_scan_free(&one);
	unlink(name);
	free(name);
}

static void threads_agree(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		seed = 88172645463325252ULL + i;
		threads_agree_on(i % 2, 200000, false, NULL);
	}
}

/* A time that goes back cannot be cut into slices. */
static void times_that_go_back(void **state)
{
	(void)state;
	seed = 4711;
	threads_agree_on(true, 100000, true, NULL);
}

static void filtered(void **state)
{
	(void)state;
	seed = 815;
	threads_agree_on(true, 100000, false, "dstat & UC || rc == -EINVAL");
}

/* Counters of more subchannels than threads may have copies of. */
static void many_subchannels(void **state)
{
	struct gen_file f = { .version = 6, .big = true };
	struct ccw_source_info info;
	struct ccw_scan one, two;
	struct gen_ring ring;
	struct gen_buf b;
	unsigned int i;
	char *name;

	(void)state;
	gen_ring_init(&ring, true);
	for (i = 0; i < 60000; i++) {
		struct ccw_io io = gen_world_io(i);
		uint8_t data[80];

		io.sch = (struct ccw_sch){ .schno = (i % 20000) * 3 };
		gen_ring_record(&ring, 1000 + i, data, gen_io(data, true, &io));
	}
	gen_ring_end(&ring);
	b = gen_file(&f, &ring, 1);
	name = gen_save(&b);
	one = scan_of(name, 1, NULL, &info);
	two = scan_of(name, 2, NULL, &info);
	assert_int_equal(ccw_stats_count(one.stats), 20000);
	same_scan(&one, &two);
	ccw_scan_free(&one);
	ccw_scan_free(&two);
	unlink(name);
	free(name);
	gen_free(&ring.buf);
	gen_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_agree),
		cmocka_unit_test(times_that_go_back),
		cmocka_unit_test(filtered),
		cmocka_unit_test(many_subchannels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
