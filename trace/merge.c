// SPDX-License-Identifier: GPL-2.0
#include "trace/join.h"
#include "trace/merge.h"

void ccw_merge_init(struct ccw_merge *m, const struct ccw_decoder *d, struct ccw_stream **heap)
{
	*m = (struct ccw_merge){ .heap = heap, .decoder = d };
}

static void sift_down(struct ccw_merge *m)
{
	struct ccw_stream *s = m->heap[0];
	unsigned int i = 0, child;

	while ((child = 2 * i + 1) < m->ready) {
		if (child + 1 < m->ready && ccw_stream_before(m->heap[child + 1], m->heap[child]))
			child++;
		if (!ccw_stream_before(m->heap[child], s))
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = s;
}

void ccw_merge_add(struct ccw_merge *m, struct ccw_stream *s)
{
	unsigned int i, parent;

	if (!s->ready && !ccw_ring_next(&s->ring))
		return;
	s->ready = true;
	for (i = m->ready++; i; i = parent) {
		parent = (i - 1) / 2;
		if (!ccw_stream_before(s, m->heap[parent]))
			break;
		m->heap[i] = m->heap[parent];
	}
	m->heap[i] = s;
}

static int tell_lost(struct ccw_merge *m, struct ccw_stream *s, const struct ccw_sink *sink)
{
	uint64_t count = s->ring.lost_count;

	s->ring.lost = false;
	s->ring.lost_count = 0;
	m->lost += count;
	s->lost += count;
	m->lost_unknown |= !count;
	s->lost_unknown |= !count;
	if (m->join)
		ccw_join_lost(m->join);
	return sink->lost ? sink->lost(sink->ctx, s->cpu, s->ring.ts, count) : 0;
}

int ccw_merge_tail(struct ccw_merge *m, struct ccw_stream *s, const struct ccw_sink *sink)
{
	return s->ring.lost ? tell_lost(m, s, sink) : 0;
}

static int tell_raw(struct ccw_merge *m, const struct ccw_stream *s, const struct ccw_sink *sink)
{
	struct ccw_raw raw = {
		.ts = s->ring.ts, .data = s->ring.data, .len = s->ring.len, .cpu = s->cpu,
	};

	m->records++;
	return sink->raw(sink->ctx, &raw);
}

static int hand_out(struct ccw_merge *m, struct ccw_stream *s, const struct ccw_sink *sink)
{
	union {
		struct ccw_io io;
		struct ccw_fsm fsm;
	} r;
	int rc;

	s->records++;
	if (__builtin_expect(s->ring.lost, 0)) {
		rc = tell_lost(m, s, sink);
		if (rc)
			return rc;
	}
	if (__builtin_expect(sink->raw != NULL, 0)) {
		rc = tell_raw(m, s, sink);
		if (rc)
			return rc;
	}
	switch (ccw_decoder_kind(m->decoder, s->ring.data, s->ring.len)) {
	case CCW_KIND_IO:
		if (!sink->io)
			break;
		ccw_decode_io(m->decoder, s->ring.data, &r.io);
		r.io.ts = s->ring.ts;
		r.io.cpu = s->cpu;
		m->records += !sink->raw;
		return sink->io(sink->ctx, &r.io);
	case CCW_KIND_FSM:
		if (!sink->fsm)
			break;
		ccw_decode_fsm(m->decoder, s->ring.data, &r.fsm);
		r.fsm.ts = s->ring.ts;
		r.fsm.cpu = s->cpu;
		m->records += !sink->raw;
		return sink->fsm(sink->ctx, &r.fsm);
	case CCW_KIND_CIO:
		m->records += !sink->raw;
		return ccw_join_record(m->join, s->cpu, s->ring.ts, s->ring.data, s->ring.len,
				       sink);
	case CCW_KIND_SHORT:
		m->short_records++;
		break;
	case CCW_KIND_OTHER:
		break;
	}
	return 0;
}

int ccw_merge_bunches(struct ccw_merge *m, ccw_bunch_fn *fn, void *ctx)
{
	while (m->ready) {
		struct ccw_stream *s = m->heap[0], *next = NULL;
		int rc;

		/* Records of one CPU come in bunches: touch the heap only for another's turn. */
		if (m->ready > 1)
			next = m->heap[1];
		if (m->ready > 2 && ccw_stream_before(m->heap[2], next))
			next = m->heap[2];
		rc = fn(ctx, s, next);
		if (!s->ready)
			m->heap[0] = m->heap[--m->ready];
		if (m->ready)
			sift_down(m);
		if (rc)
			return rc;
	}
	return 0;
}

struct run {
	struct ccw_merge *m;
	const struct ccw_sink *sink;
	uint64_t limit, stop;
};

static int run_bunch(void *ctx, struct ccw_stream *s, const struct ccw_stream *next)
{
	struct run *run = ctx;
	int rc;

	do {
		if (s->ring.ts > run->limit || run->m->records == run->stop)
			return 1;
		rc = hand_out(run->m, s, run->sink);
		s->ready = ccw_ring_next(&s->ring);
	} while (!rc && s->ready && (!next || ccw_stream_before(s, next)));
	return rc;
}

int ccw_merge_run(struct ccw_merge *m, const struct ccw_sink *sink, uint64_t limit, size_t max)
{
	struct run run = {
		.m = m, .sink = sink, .limit = limit,
		.stop = max ? m->records + max : UINT64_MAX,
	};

	return ccw_merge_bunches(m, run_bunch, &run);
}
