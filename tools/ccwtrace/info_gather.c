// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/info.h"
#include "trace/ccw_names.h"

#define MAX_EVENTS (sizeof(((struct info *)0)->events) / sizeof(struct info_event))

static void count_event(struct info *in, const struct ccw_event_name *name)
{
	char full[sizeof(in->events->name)];
	unsigned int i;

	if (name->system[0])
		snprintf(full, sizeof(full), "%s:%s", name->system, name->name);
	else
		snprintf(full, sizeof(full), "not described: number %d", name->id);
	ccw_plain(full);
	for (i = 0; i < in->nr_events; i++) {
		if (!strcmp(in->events[i].name, full))
			break;
	}
	if (i == MAX_EVENTS) {
		i--;
		strcpy(in->events[i].name, "others");
	} else if (i == in->nr_events) {
		in->nr_events++;
		strcpy(in->events[i].name, full);
	}
	in->events[i].count++;
}

static int count_subchannel(struct info *in, struct ccw_sch sch)
{
	size_t lo = 0, hi = in->nr_subchannels;
	struct info_sch *list = in->subchannels;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (ccw_sch_key(list[mid].sch) < ccw_sch_key(sch))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == in->nr_subchannels || ccw_sch_key(list[lo].sch) != ccw_sch_key(sch)) {
		list = realloc(list, (in->nr_subchannels + 1) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		in->subchannels = list;
		memmove(list + lo + 1, list + lo, (in->nr_subchannels++ - lo) * sizeof(*list));
		list[lo] = (struct info_sch){ .sch = sch };
	}
	list[lo].events++;
	return 0;
}

static int on_event(void *ctx, const struct ccw_raw *raw, const struct ccw_event_name *name)
{
	struct info *in = ctx;
	struct ccw_sch sch;

	in->records++;
	count_event(in, name);
	if (!ccw_events_subchannel(in->walk.names, raw, &sch))
		return 0;
	return count_subchannel(in, sch);
}

static int by_count(const void *a, const void *b)
{
	const struct info_event *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Names of buffers and clocks go with the source. */
static int keep_recording(struct info *in)
{
	int rc = ccw_source_recording(in->walk.source, &in->recording);
	unsigned int i;

	if (rc)
		return rc;
	snprintf(in->compression, sizeof(in->compression), "%s", in->recording.compression);
	in->recording.compression = in->compression;
	for (i = 0; i < in->recording.nr_buffers; i++) {
		struct ccw_recording_buffer *b = &in->recording.buffers[i];

		b->name = strdup(b->name);
		b->clock = strdup(b->clock);
		if (!b->name || !b->clock)
			rc = -ENOMEM;
	}
	return rc;
}

static int begin(void *ctx)
{
	return keep_recording(ctx);
}

int info_gather(struct info *in, struct ccw_error *err)
{
	static const struct walk_ops ops = { .open = begin, .event = on_event };
	int rc = walk(&in->walk, &ops, in, err);

	in->lost = in->walk.info.lost;
	in->lost_unknown = in->walk.info.lost_unknown;
	qsort(in->events, in->nr_events, sizeof(*in->events), by_count);
	return rc;
}

void info_free(struct info *in)
{
	unsigned int i;

	for (i = 0; in->recording.buffers && i < in->recording.nr_buffers; i++) {
		free((char *)in->recording.buffers[i].name);
		free((char *)in->recording.buffers[i].clock);
	}
	ccw_recording_free(&in->recording);
	free(in->subchannels);
}
