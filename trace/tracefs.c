// SPDX-License-Identifier: GPL-2.0
/*
 * The running kernel as a source: the buffers of an own tracing instance, read page by page.
 *
 * Every CPU has its buffer and is read in turn, so what is read of one CPU may be younger than what
 * is still to come from another. Everything that was stamped before the reading began has been
 * read when it ends; only that is handed out, the rest waits for the next call.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "trace/bytes.h"
#include "trace/instance.h"
#include "trace/source.h"
#include "trace/text.h"

/* Pages to take from one CPU before another gets its turn. */
#define PAGES_AT_ONCE 256

/* A record is stamped before it can be read; this is plenty for it to get there. */
#define SETTLE_NS     1000000

struct live_cpu {
	uint8_t *pages; /* read and not yet handed out completely */
	size_t len, room;
};

struct live_source {
	struct ccw_source src;
	struct tracefs_instance *inst;
	struct ccw_instance_cpu *cpus;
	struct live_cpu *live;
	struct ccw_stream **heap;
	unsigned int nr;
	const char *watched; /* event that is on as long as the driver is there */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* The pages of a stream moved: what was at from is at to. */
static void rebase(struct ccw_stream *s, const uint8_t *from, const uint8_t *to)
{
	struct ccw_ring *r = &s->ring;

	r->pages = to + (r->pages - from);
	r->pages_end = to + (r->pages_end - from);
	if (s->ready) {
		r->pos = to + (r->pos - from);
		r->end = to + (r->end - from);
		r->data = to + (r->data - from);
	} else {
		/* no page is open */
		r->pos = r->end = r->pages;
		r->data = NULL;
	}
}

/* Drops the pages that were handed out. */
static void compact(struct live_source *ls, unsigned int i)
{
	struct ccw_stream *s = &ls->src.streams[i];
	struct live_cpu *l = &ls->live[i];
	size_t gone;

	if (!l->len)
		return;
	gone = s->ring.pages - l->pages; /* opened ones; of the last a record may be left */
	if (s->ready)
		gone -= ls->src.format.size;
	memmove(l->pages, l->pages + gone, l->len - gone);
	l->len -= gone;
	rebase(s, l->pages + gone, l->pages);
}

static int make_room(struct live_source *ls, unsigned int i, struct ccw_error *err)
{
	struct live_cpu *l = &ls->live[i];
	size_t room = l->room ? 2 * l->room : 4 * ls->src.format.size;
	uint8_t *pages;

	if (l->len + ls->src.format.size <= l->room)
		return 0;
	pages = malloc(room);
	if (!pages)
		return ccw_fail(err, -ENOMEM, "out of memory");
	if (l->len) {
		memcpy(pages, l->pages, l->len);
		rebase(&ls->src.streams[i], l->pages, pages);
	}
	free(l->pages);
	l->pages = pages;
	l->room = room;
	return 0;
}

/*
 * Takes what a CPU has, up to the time start. Lowers limit to the time up to which nothing can
 * come any more if more is there. 1: more is there; 0: all taken; negative errno.
 */
static int take(struct live_source *ls, unsigned int i, uint64_t start, uint64_t *limit,
		struct ccw_error *err)
{
	struct ccw_stream *s = &ls->src.streams[i];
	struct live_cpu *l = &ls->live[i];
	const size_t page = ls->src.format.size;
	unsigned int n;
	uint64_t ts = 0;
	int rc;

	compact(ls, i);
	for (n = 0; n < PAGES_AT_ONCE; n++) {
		ssize_t got;

		rc = make_room(ls, i, err);
		if (rc)
			return rc;
		got = read(ls->cpus[i].fd, l->pages + l->len, page);
		ls->cpus[i].absent = got < 0 && errno == ENODEV;
		if (got < 0 && (errno == EAGAIN || errno == EINTR || errno == ENODEV))
			return 0;
		if (got < 0)
			return ccw_fail(err, -errno, "cannot read the trace buffer of CPU %u: %s",
					ls->cpus[i].cpu, strerror(errno));
		if ((size_t)got != page)
			return 0;
		if (!l->len)
			ccw_ring_init(&s->ring, &ls->src.format, l->pages, 0);
		l->len += page;
		s->ring.pages_end = l->pages + l->len;
		ts = ccw_get64(l->pages + l->len - page, false);
		if (ts >= start)
			return 0;
	}
	if (ts < *limit)
		*limit = ts;
	return 1;
}

static int drain(struct live_source *ls, const struct ccw_sink *sink, struct ccw_error *err)
{
	struct ccw_merge *m = &ls->src.merge;
	bool more;
	int rc;

	do {
		uint64_t start = now_ns(), limit = start - SETTLE_NS;
		unsigned int i;

		more = false;
		for (i = 0; i < ls->nr; i++) {
			rc = take(ls, i, start, &limit, err);
			if (rc < 0)
				return rc;
			more |= rc;
			if (!ls->src.streams[i].ready && ls->live[i].len)
				ccw_merge_add(m, &ls->src.streams[i]);
		}
		rc = ccw_merge_run(m, sink, limit, 0);
		if (rc && rc != 1)
			return rc;
	} while (more);
	return 0;
}

/* A driver that was unloaded takes its events along; a new one has them turned off. */
static int still_there(struct live_source *ls, struct ccw_error *err)
{
	enum tracefs_enable_state on =
		tracefs_event_is_enabled(ls->inst, CCW_TRACE_SYSTEM, ls->watched);

	if (on == TRACEFS_ALL_ENABLED)
		return 1;
	return ccw_fail(err, -ENODEV, "the driver vfio_ccw was unloaded: load it and start again");
}

static int live_read(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		     int timeout_ms, struct ccw_error *err)
{
	struct live_source *ls = (struct live_source *)src;
	uint64_t before = src->merge.records, end = now_ns() + timeout_ms * 1000000ULL;
	const struct timespec settle = { .tv_nsec = 2 * SETTLE_NS };
	uint64_t now;
	int rc;

	(void)max;
	for (;;) {
		rc = drain(ls, sink, err);
		ccw_source_count(src);
		if (rc)
			return rc;
		now = now_ns();
		if (src->merge.records != before)
			return 1;
		if (timeout_ms <= 0 || now >= end)
			return still_there(ls, err);
		rc = ccw_instance_wait(ls->cpus, ls->nr, (end - now + 999999) / 1000000);
		if (rc <= 0)
			return rc ? rc : still_there(ls, err);
		nanosleep(&settle, NULL);
	}
}

static void live_close(struct ccw_source *src)
{
	struct live_source *ls = (struct live_source *)src;
	unsigned int i;

	for (i = 0; i < ls->nr; i++) {
		close(ls->cpus[i].fd);
		if (ls->live)
			free(ls->live[i].pages);
	}
	ccw_instance_destroy(ls->inst);
	free(ls->cpus);
	free(ls->live);
	free(ls->heap);
	free(src->streams);
	free(ls);
}

static struct ccw_tep *live_tep(struct ccw_source *src)
{
	(void)src;
	return ccw_tep_of_kernel();
}

static struct ccw_tep *tap_tep(struct ccw_source *src)
{
	static const char *const events[] = {
		"vfio_ccw_crw", "vfio_ccw_chp_event", "vfio_ccw_ccw", NULL
	};

	(void)src;
	return ccw_tep_of_events(CCW_TRACE_SYSTEM, events);
}

static const struct ccw_source_ops tap_ops = {
	.tep = tap_tep,
	.read = live_read,
	.close = live_close,
};

static const struct ccw_source_ops live_ops = {
	.tep = live_tep,
	.read = live_read,
	.close = live_close,
};

static int set_up(struct live_source *ls, struct ccw_error *err)
{
	struct ccw_source *src = &ls->src;
	unsigned int i;
	int rc;

	rc = ccw_instance_create(&ls->inst, err);
	rc = rc ? rc : ccw_instance_check_driver(err);
	rc = rc ? rc : ccw_instance_formats(&src->format, &src->decoder, err);
	rc = rc ? rc : ccw_instance_open_cpus(ls->inst, &ls->cpus, &ls->nr, err);
	if (rc)
		return rc;
	/* Wake at the first record; kernels before 5.4 do so anyway. */
	tracefs_instance_file_write(ls->inst, "buffer_percent", "0");
	src->streams = calloc(ls->nr, sizeof(*src->streams));
	ls->live = calloc(ls->nr, sizeof(*ls->live));
	ls->heap = calloc(ls->nr, sizeof(*ls->heap));
	if (!src->streams || !ls->live || !ls->heap)
		return ccw_fail(err, -ENOMEM, "out of memory");
	src->nr_streams = ls->nr;
	ccw_merge_init(&src->merge, &src->decoder, ls->heap);
	for (i = 0; i < ls->nr; i++) {
		src->streams[i].cpu = ls->cpus[i].cpu;
		src->streams[i].rank = i;
	}
	src->info.kind = "tracefs";
	src->info.name = tracefs_instance_get_name(ls->inst);
	src->info.driver = "vfio_ccw";
	src->info.cpus = ls->nr;
	src->info.big_endian = ccw_host_big_endian();
	return 0;
}

static int enable(struct live_source *ls, const char *const events[2], struct ccw_error *err)
{
	int rc;

	ls->watched = events[0];
	rc = ccw_instance_enable(ls->inst, CCW_TRACE_SYSTEM, events[0], NULL, err);
	return rc ? rc : ccw_instance_enable(ls->inst, CCW_TRACE_SYSTEM, events[1], NULL, err);
}

static int open_live(struct ccw_source **src, const struct ccw_source_ops *ops,
		     const char *const events[2], const char *buffer, struct ccw_error *err)
{
	struct live_source *ls = calloc(1, sizeof(*ls));
	int rc;

	*src = NULL;
	if (!ls)
		return ccw_fail(err, -ENOMEM, "out of memory");
	ls->src.ops = ops;
	rc = set_up(ls, err);
	if (!rc && buffer)
		tracefs_instance_file_write(ls->inst, "buffer_size_kb", buffer);
	rc = rc ? rc : enable(ls, events, err);
	if (rc)
		live_close(&ls->src);
	else
		*src = &ls->src;
	return rc;
}

int ccw_source_open_tracefs(struct ccw_source **src, struct ccw_error *err)
{
	static const char *const events[] = { "vfio_ccw_io", "vfio_ccw_fsm" };

	return open_live(src, &live_ops, events, NULL, err);
}

int ccw_source_open_tap(struct ccw_source **src, struct ccw_error *err)
{
	static const char *const events[] = { "vfio_ccw_crw", "vfio_ccw_chp_event" };

	return open_live(src, &tap_ops, events, "256", err);
}

int ccw_source_tap_programs(struct ccw_source *src, const struct ccw_sch *sch,
			    struct ccw_error *err)
{
	struct live_source *ls = (struct live_source *)src;
	char filter[64];

	if (!sch) {
		tracefs_event_disable(ls->inst, CCW_TRACE_SYSTEM, "vfio_ccw_ccw");
		return 0;
	}
	snprintf(filter, sizeof(filter), "cssid == %u && ssid == %u && schno == %u", sch->cssid,
		 sch->ssid, sch->schno);
	return ccw_instance_enable(ls->inst, CCW_TRACE_SYSTEM, "vfio_ccw_ccw", filter, err);
}
