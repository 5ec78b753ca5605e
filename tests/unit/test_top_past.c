// SPDX-License-Identifier: GPL-2.0
/*
 * What the views look back at: slices of time, the log, failures, single I/Os and their programs.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tools/ccwtop/past.h"
#include "trace/ccw_explain.h"

static const struct ccw_sch sch1 = { 0, 0, 1 }, sch2 = { 0, 0, 2 };

static struct ccw_io make_io(struct ccw_sch sch, uint32_t seq, uint64_t ts, uint64_t device_ns)
{
	struct ccw_io io = {
		.ts = ts, .sch = sch, .seq = seq, .have = (1U << CCW_NR_STAGES) - 1, .ccws = 1,
		.cmd = 0x02, .flags = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED, .dstat = 0x0c,
	};

	io.ns[CCW_DEVICE] = io.ns[CCW_TOTAL] = device_ns;
	return io;
}

static void fail_with(struct ccw_io *io, uint8_t sense0)
{
	io->dstat |= 0x02;
	io->flags |= VFIO_CCW_IO_SENSE;
	io->sense = (uint64_t)sense0 << 56;
}

/* --- history --- */

static void powers_of_a_histogram(void **state)
{
	static const uint64_t values[] = { 0, 1, 2, 3, 4, 15, 16, 31, 32, 1024, 1ULL << 41,
					   1ULL << 50 };
	uint64_t power[CCW_HIST_BITS] = { 0 }, sum = 0;
	struct ccw_hist h = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(*values); i++)
		assert_int_equal(ccw_hist_add(&h, values[i]), 0);
	for (i = 0; i < CCW_HIST_BITS; i++) {
		power[i] = ccw_hist_power(&h, i);
		sum += power[i];
	}
	assert_int_equal(sum, sizeof(values) / sizeof(*values));
	assert_int_equal(power[0], 2); /* 0, 1 */
	assert_int_equal(power[1], 2);
	assert_int_equal(power[2], 1);
	assert_int_equal(power[3], 1);
	assert_int_equal(power[4], 2);
	assert_int_equal(power[5], 1);
	assert_int_equal(power[10], 1);
	assert_int_equal(power[41], 2); /* and what is beyond */
	assert_int_equal(ccw_hist_power(&h, CCW_HIST_BITS), 0);
	ccw_hist_free(&h);
}

static void slices_are_kept(void **state)
{
	struct top_history *h = top_history_new();
	struct top_slice s;
	double secs;
	int i;

	(void)state;
	assert_non_null(h);
	assert_int_equal(top_history_slices(h), 0);
	assert_false(top_history_slice(h, sch1, 0, &s));
	for (i = 1; i <= 1000; i++) {
		top_history_tick(h, i * 100, 0.5);
		if (i % 3 == 0)
			assert_int_equal(top_history_add(h, sch1, i, 5000, i % 2, NULL), 0);
	}
	assert_int_equal(top_history_slices(h), TOP_HEAT_SLICES);
	for (i = 0; i < TOP_SLICES; i++) {
		int n = 1000 - i;

		assert_int_equal(top_history_time(h, i, &secs), n * 100);
		assert_true(secs == 0.5);
		assert_true(top_history_slice(h, sch1, i, &s));
		assert_true(s.rate == (n % 3 ? 0 : n));
		assert_int_equal(s.errors, n % 3 ? 0 : n % 2);
		if (n % 3 == 0)
			assert_int_equal(s.p99, ccw_hist_bucket(5000));
	}
	assert_false(top_history_slice(h, sch1, TOP_SLICES, &s));
	assert_true(top_history_slice(h, sch2, 0, &s)); /* nothing ever came of it */
	assert_true(s.rate == 0);
	top_history_clear(h);
	assert_int_equal(top_history_slices(h), 0);
	top_history_free(h);
}

/* Who was idle for longer than the ring is has zeros, not what was there a turn before. */
static void idleness_is_zero(void **state)
{
	struct top_history *h = top_history_new();
	const struct top_heat *heat;
	struct ccw_stat st = { .have = 1U << CCW_TOTAL };
	struct top_slice s;
	int i;

	(void)state;
	assert_int_equal(ccw_hist_add(&st.hist[CCW_TOTAL], 100000), 0);
	for (i = 0; i < 700; i++) {
		top_history_tick(h, i, 1);
		if (i < 10 || i == 699)
			assert_int_equal(top_history_add(h, sch1, 1, 100000, 0, &st), 0);
	}
	for (i = 0; i < TOP_SLICES; i++) {
		assert_true(top_history_slice(h, sch1, i, &s));
		assert_true(s.rate == (i ? 0 : 1));
	}
	for (i = 0; i < TOP_HEAT_SLICES; i++) {
		heat = top_history_heat(h, sch1, i);
		assert_non_null(heat);
		/* 100 us are between 2^16 and 2^17 ns */
		assert_int_equal(heat->n[CCW_TOTAL][16 - TOP_HEAT_LOW + 1], !i);
	}
	ccw_hist_free(&st.hist[CCW_TOTAL]);
	top_history_free(h);
}

/* More subchannels than heat maps: who is looked at gets one, from then on. */
static void heat_maps_are_lent(void **state)
{
	struct top_history *h = top_history_new();
	struct ccw_stat st = { .have = 1U << CCW_TOTAL };
	struct ccw_sch late = { 0, 0, TOP_HEATS };
	int i, k, had = 0;

	(void)state;
	assert_int_equal(ccw_hist_add(&st.hist[CCW_TOTAL], 1), 0);
	for (i = 0; i < 3; i++) {
		top_history_tick(h, i, 1);
		for (k = 0; k <= TOP_HEATS; k++) {
			struct ccw_sch sch = { 0, 0, k };

			assert_int_equal(top_history_add(h, sch, 1, 1, 0, &st), 0);
		}
		if (i == 1) {
			assert_null(top_history_heat(h, late, 0));
			assert_int_equal(top_history_watch(h, late), 0);
		}
	}
	assert_non_null(top_history_heat(h, late, 0));
	assert_int_equal(top_history_heat(h, late, 0)->n[CCW_TOTAL][0], 1);
	assert_null(top_history_heat(h, late, 1)); /* before anybody looked */
	for (k = 0; k <= TOP_HEATS; k++) {
		struct ccw_sch sch = { 0, 0, k };

		had += !!top_history_heat(h, sch, 0);
	}
	assert_int_equal(had, TOP_HEATS);
	ccw_hist_free(&st.hist[CCW_TOTAL]);
	top_history_free(h);
}

/* --- log --- */

static void log_says_it_once(void **state)
{
	struct top_log *log = top_log_new();
	const struct top_log_line *line;
	int i;

	(void)state;
	top_log_add(log, 1000, TOP_LOG_ERROR, &sch1, "a");
	top_log_add(log, 2000, TOP_LOG_ERROR, &sch2, "a");
	top_log_add(log, 3000, TOP_LOG_ERROR, &sch1, "a");
	top_log_add(log, 4000, TOP_LOG_ERROR, &sch1, "b");
	top_log_add(log, 5000, TOP_LOG_LOST, NULL, "a");
	assert_int_equal(top_log_count(log), 4);
	line = top_log_at(log, 2);
	assert_string_equal(line->text, "a");
	assert_int_equal(ccw_sch_key(line->sch), ccw_sch_key(sch1));
	assert_int_equal(line->times, 2);
	assert_int_equal(line->first, 1000);
	assert_int_equal(line->ts, 3000);
	assert_true(top_log_at(log, 0)->whole);
	/* long after, it is news */
	top_log_add(log, 60000000000ULL, TOP_LOG_ERROR, &sch1, "a");
	assert_int_equal(top_log_count(log), 5);
	for (i = 0; i < 3 * TOP_LOG_LINES; i++)
		top_log_add(log, 60000000000ULL + i, TOP_LOG_SLOW, &sch1, "%d", i);
	assert_int_equal(top_log_count(log), TOP_LOG_LINES);
	assert_int_equal(top_log_gone(log), 2 * TOP_LOG_LINES + 5);
	assert_string_equal(top_log_at(log, 0)->text, "3071");
	assert_string_equal(top_log_at(log, TOP_LOG_LINES - 1)->text, "2048");
	assert_null(top_log_at(log, TOP_LOG_LINES));
	top_log_free(log);
}

/* --- failures --- */

static void failures_by_kind(void **state)
{
	struct ccw_stats *now = ccw_stats_new(), *total = ccw_stats_new();
	struct top_faults *f = top_faults_new();
	struct ccw_io io;
	char why[128];
	int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		io = make_io(i < 6 ? sch1 : sch2, i + 1, 1000 + i, 5);
		if (i != 3)
			fail_with(&io, i < 6 ? 0x80 : 0x40);
		assert_int_equal(ccw_stat_add(ccw_stats_get(total, io.sch), &io), 0);
		if (i >= 6)
			assert_int_equal(ccw_stat_add(ccw_stats_get(now, io.sch), &io), 0);
		if (i < 8)
			assert_int_equal(top_faults_io(f, &io), 0);
	}
	io = make_io(sch1, 20, 900, 5); /* counted, but nobody told it */
	io.cstat = 0x20;
	assert_int_equal(ccw_stat_add(ccw_stats_get(total, io.sch), &io), 0);

	assert_int_equal(top_faults_build(f, now, 2, total), 0);
	assert_int_equal(top_faults_count(f), 3);
	/* first what fails now */
	assert_int_equal(ccw_sch_key(top_faults_at(f, 0)->sch), ccw_sch_key(sch2));
	assert_int_equal(top_faults_at(f, 0)->count, 4);
	assert_true(top_faults_at(f, 0)->rate == 2);
	assert_int_equal(top_faults_at(f, 0)->last->seq, 8);
	assert_string_equal(ccw_explain_io(top_faults_at(f, 0)->last, why, sizeof(why)),
			    "intervention required: not ready: no medium, or somebody must do "
			    "something");
	/* then by the time of the last one */
	assert_int_equal(top_faults_at(f, 1)->kind, CCW_ERR_UNIT_CHECK);
	assert_int_equal(top_faults_at(f, 1)->count, 5);
	assert_true(top_faults_at(f, 1)->rate == 0);
	assert_int_equal(top_faults_at(f, 1)->last->seq, 6);
	assert_int_equal(top_faults_at(f, 2)->kind, CCW_ERR_CHANNEL);
	assert_null(top_faults_at(f, 2)->last);
	assert_null(top_faults_at(f, 3));
	assert_int_equal(top_faults_build(f, now, 0, total), 0);
	assert_true(isnan(top_faults_at(f, 0)->rate));
	top_faults_free(f);
	ccw_stats_free(now);
	ccw_stats_free(total);
}

/* --- single I/Os --- */

static struct top_program make_program(struct ccw_sch sch, uint32_t seq, uint64_t ts)
{
	struct top_program p = { .ts = ts, .sch = sch, .seq = seq, .total = 1, .count = 1 };

	p.addr[0] = 0x1000 + seq;
	return p;
}

static void programs_find_their_ios(void **state)
{
	struct top_tolds *t = top_tolds_new();
	struct top_program p = make_program(sch1, 7, 1000);
	struct ccw_io io = make_io(sch1, 7, 2000, 900);
	const struct top_told *told;
	int i;

	(void)state;
	/* before the I/O, after it, of another, of another open */
	top_tolds_program(t, &p);
	top_tolds_add(t, TOP_SLOW, &io);
	told = top_tolds_at(t, TOP_SLOW, sch1, 0);
	assert_true(told->known);
	assert_int_equal(told->program.addr[0], 0x1007);

	io = make_io(sch1, 8, 5000, 900);
	top_tolds_add(t, TOP_FAILED, &io);
	assert_false(top_tolds_at(t, TOP_FAILED, sch1, 0)->known);
	p = make_program(sch2, 8, 4000);
	top_tolds_program(t, &p);
	p = make_program(sch1, 8, 6000);
	top_tolds_program(t, &p);
	assert_false(top_tolds_at(t, TOP_FAILED, sch1, 0)->known);
	p = make_program(sch1, 8, 4000);
	top_tolds_program(t, &p);
	assert_true(top_tolds_at(t, TOP_FAILED, sch1, 0)->known);
	io = make_io(sch1, 7, 60000000000ULL, 900);
	top_tolds_add(t, TOP_SLOW, &io);
	assert_false(top_tolds_at(t, TOP_SLOW, sch1, 0)->known);

	for (i = 0; i < 1000; i++) {
		io = make_io(i % 2 ? sch1 : sch2, i, 1000 * i, 10);
		top_tolds_add(t, TOP_SLOW, &io);
		p = make_program(sch2, i, 1000 * i);
		top_tolds_program(t, &p);
	}
	for (i = 0; i < TOP_TOLDS / 2; i++)
		assert_int_equal(top_tolds_at(t, TOP_SLOW, sch1, i)->io.seq, 999 - 2 * i);
	assert_null(top_tolds_at(t, TOP_SLOW, sch1, TOP_TOLDS / 2));
	assert_true(top_tolds_at(t, TOP_SLOW, sch2, 0)->known);
	top_tolds_free(t);
}

/* --- states --- */

#define IDLE VFIO_CCW_STATE_IDLE
#define TRANSLATE VFIO_CCW_STATE_TRANSLATE
#define ACTIVE VFIO_CCW_STATE_ACTIVE

static struct ccw_fsm make_fsm(uint64_t ts, int from, int event, int to)
{
	return (struct ccw_fsm){ .ts = ts, .sch = sch1, .from = from, .event = event, .to = to };
}

static void states_have_their_time(void **state)
{
	struct top_past *past = top_past_new(TOP_SLOW_NS);
	const struct ccw_fsm steps[] = {
		make_fsm(1000, IDLE, VFIO_CCW_EVENT_IO_REQ, TRANSLATE),
		make_fsm(1100, TRANSLATE, VFIO_CCW_EVENT_START, ACTIVE),
		make_fsm(1500, ACTIVE, VFIO_CCW_EVENT_FINAL, IDLE),
		make_fsm(9000, TRANSLATE, VFIO_CCW_EVENT_START, ACTIVE),
		make_fsm(9001, 200, 200, 200),
	};
	const struct ccw_residency *r;
	size_t i;

	(void)state;
	assert_null(top_past_residency(past, sch1));
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		assert_int_equal(top_past_fsm(past, &steps[i]), 0);
	r = top_past_residency(past, sch1);
	assert_non_null(r);
	assert_int_equal(r->transitions, 4);
	assert_int_equal(r->gaps, 1); /* one that does not begin where the other ended */
	assert_int_equal(r->ns[TRANSLATE], 100);
	assert_int_equal(r->ns[ACTIVE], 400);
	assert_int_equal(r->ns[IDLE], 0); /* nobody knows where it was then */
	assert_int_equal(r->state, ACTIVE);
	assert_int_equal(r->count[TRANSLATE][VFIO_CCW_EVENT_START], 2);
	top_past_clear(past);
	assert_null(top_past_residency(past, sch1));
	top_past_free(past);
}

/* --- all of it --- */

static void slow_and_failed_are_told(void **state)
{
	struct top_past *past = top_past_new(10000);
	struct top_log *log = top_past_log(past);
	struct ccw_io io = make_io(sch1, 1, 5000, 9999);

	(void)state;
	assert_int_equal(top_past_io(past, &io), 0);
	assert_int_equal(top_log_count(log), 0);
	io = make_io(sch1, 2, 25000, 10000);
	assert_int_equal(top_past_io(past, &io), 0);
	assert_int_equal(top_log_count(log), 1);
	assert_string_equal(top_log_at(log, 0)->text, "over 10.0us, most in device: 02 READ");
	io = make_io(sch1, 3, 100000, 45000);
	assert_int_equal(top_past_io(past, &io), 0);
	assert_string_equal(top_log_at(log, 0)->text, "over 40.0us, most in device: 02 READ");
	io.have = 1U << CCW_TRANSLATE; /* what was not measured is not slow */
	assert_int_equal(top_past_io(past, &io), 0);
	assert_int_equal(top_log_count(log), 2);
	fail_with(&io, 0x80);
	assert_int_equal(top_past_io(past, &io), 0);
	assert_int_equal(top_log_at(log, 0)->kind, TOP_LOG_ERROR);
	assert_non_null(top_tolds_at(top_past_tolds(past), TOP_FAILED, sch1, 0));
	assert_null(top_tolds_at(top_past_tolds(past), TOP_SLOW, sch1, 2));
	top_past_free(past);
}

static void changes_are_logged(void **state)
{
	struct top_past *past = top_past_new(TOP_SLOW_NS);
	struct ccw_stats *none = ccw_stats_new();
	struct ccw_source_info info = { .kind = "bpf" };
	struct top_row row = { .sch = sch1, .idle = true, .state = "IDLE", .dev.bound = true };
	struct top_model m = { .rows = &row, .count = 1, .secs = 1 };
	struct top_log *log = top_past_log(past);
	static const struct {
		const char *state;
		bool bound;
		uint64_t missing, lost;
		const char *says;
	} steps[] = {
		{ "IDLE", true, 0, 0, NULL },
		{ "IDLE", true, 0, 0, NULL },
		{ "NOT_OPER", true, 0, 0, "not operational" },
		{ "STANDBY", true, 0, 0, "operational: STANDBY" },
		{ "unbound", false, 0, 0, "unbound from vfio_ccw" },
		{ "STANDBY", true, 0, 0, "bound to vfio_ccw" },
		{ "IDLE", true, 3, 0, "3 I/Os missing: their records never came" },
		{ "IDLE", true, 3, 0, NULL },
		{ "IDLE", true, 3, 12, "12 events lost: numbers are too low" },
		{ "IDLE", true, 3, 13, "1 events lost: numbers are too low" },
	};
	size_t i, lines = 0;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		snprintf(row.state, sizeof(row.state), "%s", steps[i].state);
		row.dev.bound = steps[i].bound;
		row.missing = steps[i].missing;
		info.lost = steps[i].lost;
		assert_int_equal(top_past_interval(past, i * 1000, &m, none, none, &info, true), 0);
		lines += !!steps[i].says;
		assert_int_equal(top_log_count(log), lines);
		if (steps[i].says)
			assert_string_equal(top_log_at(log, 0)->text, steps[i].says);
	}
	/* its row is gone, and comes back */
	m.count = 0;
	assert_int_equal(top_past_interval(past, 20000, &m, none, none, &info, true), 0);
	assert_int_equal(top_past_interval(past, 21000, &m, none, none, &info, true), 0);
	assert_int_equal(top_log_count(log), lines); /* said before, a moment ago */
	assert_string_equal(top_log_at(log, 0)->text, "unbound from vfio_ccw");
	assert_int_equal(top_log_at(log, 0)->times, 2);
	m.count = 1;
	assert_int_equal(top_past_interval(past, 22000, &m, none, none, &info, true), 0);
	assert_string_equal(top_log_at(log, 0)->text, "bound to vfio_ccw");
	top_past_free(past);
	ccw_stats_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(powers_of_a_histogram),
		cmocka_unit_test(slices_are_kept),
		cmocka_unit_test(idleness_is_zero),
		cmocka_unit_test(heat_maps_are_lent),
		cmocka_unit_test(log_says_it_once),
		cmocka_unit_test(failures_by_kind),
		cmocka_unit_test(programs_find_their_ios),
		cmocka_unit_test(states_have_their_time),
		cmocka_unit_test(slow_and_failed_are_told),
		cmocka_unit_test(changes_are_logged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
