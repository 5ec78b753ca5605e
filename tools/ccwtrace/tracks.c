// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/tracks.h"

struct track *tracks_get(struct tracks *t, struct ccw_sch sch, bool *is_new)
{
	uint32_t key = ccw_sch_key(sch);
	size_t lo = 0, hi = t->nr;
	struct track *list;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (t->list[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	*is_new = lo == t->nr || t->list[lo].key != key;
	if (!*is_new)
		return &t->list[lo];
	if (t->nr == t->room) {
		list = realloc(t->list, (2 * t->room + 16) * sizeof(*list));
		if (!list)
			return NULL;
		t->list = list;
		t->room = 2 * t->room + 16;
	}
	memmove(t->list + lo + 1, t->list + lo, (t->nr++ - lo) * sizeof(*t->list));
	t->list[lo] = (struct track){ .key = key };
	return &t->list[lo];
}

void tracks_free(struct tracks *t)
{
	free(t->list);
}

void tracks_place(struct track *t, const struct ccw_io *io, uint64_t at[CCW_NR_STAGES])
{
	unsigned int i;

	at[CCW_TOTAL] = io->ts > t->end ? io->ts : t->end;
	for (i = CCW_TOTAL; i--;) {
		uint64_t ns = io->have & 1U << i ? io->ns[i] : 0;

		at[i] = at[i + 1] - t->end > ns ? at[i + 1] - ns : t->end;
	}
	t->end = at[CCW_TOTAL];
}
