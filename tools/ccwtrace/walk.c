// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtrace/walk.h"

#define STOP 1 /* what a sink returns to end the reading without an error */

struct walking {
	struct walk *w;
	const struct walk_ops *ops;
	void *ctx;
	uint64_t handed;
};

int walk_add_events(struct walk *w, char *list)
{
	char *save, *item;

	for (item = strtok_r(list, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
		if (w->nr_events == WALK_MAX_EVENTS)
			return -E2BIG;
		w->events[w->nr_events++] = item;
	}
	return 0;
}

static bool in_time(struct walking *g, uint64_t ts)
{
	return !g->w->select || ccw_select_time(g->w->select, ts);
}

/* Counts what is handed out; what comes after the last is the end. */
static int count(struct walking *g)
{
	if (g->w->count && g->handed == g->w->count) {
		g->w->stopped = true;
		return STOP;
	}
	g->handed++;
	return 0;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct walking *g = ctx;
	int rc;

	if (!ccw_filter_match(g->w->filter, io->sch))
		return 0;
	if (g->w->select && !ccw_select_io(g->w->select, io))
		return 0;
	rc = count(g);
	return rc ? rc : g->ops->io(g->ctx, io);
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	struct walking *g = ctx;

	if (!in_time(g, fsm->ts) || !ccw_filter_match(g->w->filter, fsm->sch))
		return 0;
	return g->ops->fsm(g->ctx, fsm);
}

static bool wanted(const struct walk *w, const struct ccw_event_name *name)
{
	char full[256];
	unsigned int i;

	if (!w->nr_events)
		return true;
	snprintf(full, sizeof(full), "%s:%s", name->system, name->name);
	for (i = 0; i < w->nr_events; i++) {
		const char *text = strchr(w->events[i], ':') ? full : name->name;

		if (!fnmatch(w->events[i], text, 0))
			return true;
	}
	return false;
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct walking *g = ctx;
	struct ccw_event_name name;
	struct ccw_sch sch;
	int rc;

	if (!in_time(g, raw->ts))
		return 0;
	ccw_events_name(g->w->names, raw, &name);
	if (!wanted(g->w, &name))
		return 0;
	if (g->w->filter && (!ccw_events_subchannel(g->w->names, raw, &sch) ||
			     !ccw_filter_match(g->w->filter, sch)))
		return 0;
	rc = count(g);
	return rc ? rc : g->ops->event(g->ctx, raw, &name);
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t n)
{
	struct walking *g = ctx;

	return in_time(g, ts) && !g->w->stopped ? g->ops->lost(g->ctx, cpu, ts, n) : 0;
}

static int read_all(struct walk *w, struct ccw_source *src, const struct walk_ops *ops, void *ctx,
		    struct ccw_error *err)
{
	struct walking g = { .w = w, .ops = ops, .ctx = ctx };
	const struct ccw_sink sink = {
		.io = ops->io ? on_io : NULL,
		.fsm = ops->fsm ? on_fsm : NULL,
		.raw = ops->event ? on_raw : NULL,
		.lost = ops->lost ? on_lost : NULL,
		.ctx = &g,
	};
	int rc;

	if (ops->event) {
		w->names = ccw_events_new(src);
		if (!w->names)
			return -ENOMEM;
	}
	if (ccw_source_range(src, &w->first, &w->last))
		w->first = w->last = 0;
	if (w->select)
		ccw_select_start(w->select, w->first);
	rc = ops->open ? ops->open(ctx) : 0;
	if (rc)
		return rc;
	if (ops->begin)
		ops->begin(ctx);
	rc = ccw_source_read(src, &sink, 0, 0, err);
	return rc == STOP ? 0 : rc;
}

int walk(struct walk *w, const struct walk_ops *ops, void *ctx, struct ccw_error *err)
{
	struct ccw_source *src;
	int rc;

	w->stopped = false;
	if (ops->event)
		rc = ccw_source_open_any_file(&src, w->path, err);
	else
		rc = ccw_source_open_file(&src, w->path, err);
	if (rc)
		return rc;
	w->source = src;
	rc = read_all(w, src, ops, ctx, err);
	w->info = *ccw_source_info(src);
	w->info.name = w->path; /* the source's own goes with it */
	ccw_events_free(w->names);
	w->names = NULL;
	ccw_source_close(src);
	w->source = NULL;
	if (rc == -ENOMEM)
		snprintf(err->text, sizeof(err->text), "%s: out of memory", w->path);
	else if (rc < 0 && !err->text[0])
		snprintf(err->text, sizeof(err->text), "%s: %s", w->path, strerror(-rc));
	return rc;
}
