// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/join.h"
#include "trace/source.h"
#include "trace/text.h"

int ccw_source_read(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		    int timeout_ms, struct ccw_error *err)
{
	return src->ops->read(src, sink, max, timeout_ms, err);
}

int ccw_source_range(struct ccw_source *src, uint64_t *first, uint64_t *last)
{
	return src->ops->range ? src->ops->range(src, first, last) : -ENODATA;
}

int ccw_source_set_slow(struct ccw_source *src, uint64_t ns)
{
	return src->ops->set_slow ? src->ops->set_slow(src, ns) : -EOPNOTSUPP;
}

int ccw_source_watch(struct ccw_source *src, enum ccw_watch watch, struct ccw_sch sch,
		     const struct ccw_sink *sink, struct ccw_error *err)
{
	return src->ops->watch ? src->ops->watch(src, watch, sch, sink, err) : 0;
}

const struct ccw_source_info *ccw_source_info(struct ccw_source *src)
{
	return &src->info;
}

struct tep_handle *ccw_source_tep(struct ccw_source *src)
{
	if (!src->tep)
		src->tep = src->ops->tep(src);
	return src->tep ? src->tep->handle : NULL;
}

void ccw_source_close(struct ccw_source *src)
{
	if (!src)
		return;
	ccw_tep_free(src->tep);
	ccw_devices_free(src->devices);
	src->ops->close(src);
}

const struct ccw_devices *ccw_source_devices(struct ccw_source *src)
{
	return src->devices;
}

const struct ccw_device *ccw_source_device(struct ccw_source *src, struct ccw_sch sch)
{
	return src->devices ? ccw_devices_find(src->devices, sch) : NULL;
}

void ccw_source_count(struct ccw_source *src)
{
	src->info.events = src->merge.records;
	src->info.lost = src->merge.lost;
	src->info.lost_unknown = src->merge.lost_unknown;
	if (src->merge.join)
		src->info.joined = *ccw_join_counts(src->merge.join);
}

int ccw_source_join(struct ccw_source *src)
{
	struct ccw_decoder *d = &src->decoder;

	if (d->io_id >= 0 || !d->stock)
		return 0;
	src->merge.join = ccw_join_new(d);
	if (!src->merge.join)
		return -ENOMEM;
	d->join = true;
	src->info.driver = d->other_driver ? "kernel vfio_ccw" : "s390_cio";
	return 0;
}

void ccw_source_note(struct ccw_source *src, const char *fmt, ...)
{
	char sentence[sizeof(src->info.note)];
	struct ccw_text t = CCW_TEXT(src->info.note, sizeof(src->info.note));
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	ccw_plain(sentence);
	t.pos = strlen(src->info.note);
	if (!t.pos)
		ccw_text_add(&t, "%s", sentence);
	else if (t.pos + 2 + strlen(sentence) < t.len)
		ccw_text_add(&t, "; %s", sentence);
}
