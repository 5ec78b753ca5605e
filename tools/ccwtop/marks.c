// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/marks.h"

/* Where key is, or would have to be. */
static size_t place(const struct top_marks *m, uint32_t key)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->key[mid] < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool top_marked(const struct top_marks *m, struct ccw_sch sch)
{
	size_t at = place(m, ccw_sch_key(sch));

	return at < m->count && m->key[at] == ccw_sch_key(sch);
}

int top_marks_toggle(struct top_marks *m, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch), *grown;
	size_t at = place(m, key);

	if (at < m->count && m->key[at] == key) {
		m->count--;
		memmove(m->key + at, m->key + at + 1, (m->count - at) * sizeof(key));
		return 0;
	}
	if (m->count == m->room) {
		grown = realloc(m->key, (m->room + 64) * sizeof(key));
		if (!grown)
			return -ENOMEM;
		m->key = grown;
		m->room += 64;
	}
	memmove(m->key + at + 1, m->key + at, (m->count - at) * sizeof(key));
	m->key[at] = key;
	m->count++;
	return 0;
}

void top_marks_clear(struct top_marks *m)
{
	m->count = 0;
}

void top_marks_free(struct top_marks *m)
{
	free(m->key);
	*m = (struct top_marks){ 0 };
}
