// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtop/notice.h"
#include "tools/ccwtop/tap.h"

struct top_tap {
	const struct ccw_filter *filter;
	struct top_past *past;
	struct ccw_source *src; /* NULL: cannot be opened, or broke */
	struct top_notices *notices;
	bool watching, programs, states;
	struct ccw_sch sch;
	struct ccw_bpf_fsm *fsm; /* NULL: not counting */
	struct ccw_residency residency;
	uint64_t since;
	struct ccw_error no_source, no_programs, no_states;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void close_source(struct top_tap *t)
{
	top_notices_free(t->notices);
	ccw_source_close(t->src);
	t->notices = NULL;
	t->src = NULL;
	t->programs = false;
	t->no_programs = t->no_source;
	top_past_note(t->past, now_ns(), "channel reports and path events are not seen:");
	top_past_note(t->past, now_ns(), t->no_source.text);
}

struct top_tap *top_tap_new(const struct ccw_filter *filter, struct top_past *past, bool states)
{
	struct top_tap *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->filter = filter;
	t->past = past;
	t->states = states;
	if (ccw_source_open_tap(&t->src, &t->no_source)) {
		t->src = NULL;
		close_source(t);
		return t;
	}
	t->notices = top_notices_new(t->src);
	if (t->notices)
		return t;
	top_tap_free(t);
	return NULL;
}

void top_tap_filter(struct top_tap *t, const struct ccw_filter *filter)
{
	t->filter = filter;
}

void top_tap_free(struct top_tap *t)
{
	if (!t)
		return;
	top_notices_free(t->notices);
	ccw_source_close(t->src);
	ccw_bpf_fsm_close(t->fsm);
	free(t);
}

static bool same(const struct top_tap *t, const struct ccw_sch *sch)
{
	return t->watching && sch ? ccw_sch_key(t->sch) == ccw_sch_key(*sch) : t->watching == !!sch;
}

void top_tap_watch(struct top_tap *t, const struct ccw_sch *sch)
{
	if (same(t, sch))
		return;
	t->watching = sch;
	if (sch)
		t->sch = *sch;
	memset(&t->residency, 0, sizeof(t->residency));
	if (t->src && (sch || t->programs))
		t->programs = !ccw_source_tap_programs(t->src, sch, &t->no_programs) && sch;
	if (!sch) {
		ccw_bpf_fsm_close(t->fsm);
		t->fsm = NULL;
	} else if (t->states && !t->fsm) {
		if (ccw_bpf_fsm_open(&t->fsm, &t->no_states))
			t->fsm = NULL;
		t->since = now_ns();
	}
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct top_tap *t = ctx;

	if (top_notices_wanted(t->notices, raw))
		top_notices_take(t->notices, raw, t->filter, t->past);
	return 0;
}

void top_tap_drain(struct top_tap *t)
{
	const struct ccw_sink sink = { .raw = on_raw, .ctx = t };

	if (t->src && ccw_source_read(t->src, &sink, 0, 0, &t->no_source) < 0)
		close_source(t);
	if (t->fsm && t->watching)
		ccw_bpf_fsm_read(t->fsm, t->sch, &t->residency);
}

const struct ccw_residency *top_tap_residency(struct top_tap *t)
{
	return t->fsm ? &t->residency : NULL;
}

uint64_t top_tap_since(const struct top_tap *t)
{
	return t->since;
}

const char *top_tap_why_no_states(const struct top_tap *t)
{
	return t->fsm ? "" : t->no_states.text;
}

const char *top_tap_why_no_programs(const struct top_tap *t)
{
	return t->programs ? "" : t->no_programs.text;
}
