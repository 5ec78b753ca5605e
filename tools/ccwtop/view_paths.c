// SPDX-License-Identifier: GPL-2.0
/*
 * When channel paths are looked at, and what that says in the log.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/view.h"

#define EVERY 5.0 /* seconds: two small files a subchannel, three a path */

static int by_sch(const void *a, const void *b)
{
	const struct top_sch_paths *s = a, *t = b;
	uint32_t x = ccw_sch_key(s->sch), y = ccw_sch_key(t->sch);

	return x < y ? -1 : x > y;
}

static int read_masks(struct top_view *v)
{
	const struct top_model *m = &v->model;
	struct top_sch_paths *all = realloc(v->sch_paths, (m->count + 1) * sizeof(*all));
	size_t i;

	if (!all)
		return -ENOMEM;
	v->sch_paths = all;
	v->nr_paths = m->count;
	for (i = 0; i < m->count; i++)
		top_paths_read(v->paths, m->rows[i].sch, &all[i]);
	qsort(all, v->nr_paths, sizeof(*all), by_sch);
	return 0;
}

/* What a look shows that the one before did not. */
static void log_changes(struct top_view *v, const struct top_chp *old, size_t count)
{
	struct top_log *log = top_past_log(v->past);
	uint64_t now = top_gather_pos(v->gather);
	size_t i;

	for (i = 0; i < count; i++) {
		const struct top_chp *chp = top_paths_find(v->paths, old[i].cssid, old[i].id);

		if (!chp)
			top_log_add(log, now, TOP_LOG_PATH, NULL, "channel path %x.%02x is gone",
				    old[i].cssid, old[i].id);
		else if (strcmp(chp->status, old[i].status))
			top_log_add(log, now, TOP_LOG_PATH, NULL, "channel path %x.%02x is %s",
				    chp->cssid, chp->id, chp->status);
		else if (strcmp(chp->configure, old[i].configure))
			top_log_add(log, now, TOP_LOG_PATH, NULL, "channel path %x.%02x is %s",
				    chp->cssid, chp->id, chp->configure);
	}
	for (i = 0; i < top_paths_count(v->paths); i++) {
		const struct top_chp *chp = top_paths_at(v->paths, i), *was = NULL;
		size_t k;

		for (k = 0; k < count && !was; k++)
			was = old[k].cssid == chp->cssid && old[k].id == chp->id ? &old[k] : NULL;
		if (!was)
			top_log_add(log, now, TOP_LOG_PATH, NULL, "channel path %x.%02x is new",
				    chp->cssid, chp->id);
	}
}

int top_view_paths(struct top_view *v, bool masks)
{
	bool first = !v->paths_at, again = top_now() - v->paths_at >= EVERY;
	size_t count = v->paths ? top_paths_count(v->paths) : 0;
	struct top_chp *old = NULL;
	int rc = 0;

	if (!v->paths || (!first && !again && !(masks && !v->sch_paths)))
		return 0;
	if (!first && count) {
		old = malloc(count * sizeof(*old));
		if (!old)
			return -ENOMEM;
		memcpy(old, top_paths_at(v->paths, 0), count * sizeof(*old));
	}
	rc = top_paths_scan(v->paths);
	if (!rc && !first)
		log_changes(v, old, count);
	free(old);
	v->paths_at = top_now();
	if (masks)
		return rc ? rc : read_masks(v);
	/* Old masks would be wrong later. */
	free(v->sch_paths);
	v->sch_paths = NULL;
	v->nr_paths = 0;
	return rc;
}
