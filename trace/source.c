// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trace/source.h"

int ccw_source_read(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		    int timeout_ms, struct ccw_error *err)
{
	return src->ops->read(src, sink, max, timeout_ms, err);
}

int ccw_source_range(struct ccw_source *src, uint64_t *first, uint64_t *last)
{
	return src->ops->range ? src->ops->range(src, first, last) : -ENODATA;
}

const struct ccw_source_info *ccw_source_info(struct ccw_source *src)
{
	return &src->info;
}

void ccw_source_close(struct ccw_source *src)
{
	if (src)
		src->ops->close(src);
}

void ccw_source_count(struct ccw_source *src)
{
	src->info.events = src->merge.records;
	src->info.lost = src->merge.lost;
	src->info.lost_unknown = src->merge.lost_unknown;
}

void ccw_source_note(struct ccw_source *src, const char *fmt, ...)
{
	char *note = src->info.note;
	size_t used = strlen(note), room = sizeof(src->info.note) - used;
	va_list ap;
	int n;

	if (used) {
		if (room < 4)
			return;
		memcpy(note + used, "; ", 3);
		note += used + 2;
		room -= 2;
	}
	va_start(ap, fmt);
	n = vsnprintf(note, room, fmt, ap);
	va_end(ap);
	if (used && (n < 0 || (size_t)n >= room))
		src->info.note[used] = 0;
}
