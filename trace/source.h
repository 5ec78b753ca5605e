/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the sources have in common. Private to the library.
 */
#ifndef TRACE_SOURCE_H
#define TRACE_SOURCE_H

#include "trace/ccw_device.h"
#include "trace/ccw_source.h"
#include "trace/decode.h"
#include "trace/merge.h"
#include "trace/ring.h"
#include "trace/tep.h"

struct ccw_source_ops {
	int (*read)(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		    int timeout_ms, struct ccw_error *err);
	int (*range)(struct ccw_source *src, uint64_t *first, uint64_t *last);
	int (*set_slow)(struct ccw_source *src, uint64_t ns);
	int (*watch)(struct ccw_source *src, enum ccw_watch watch, struct ccw_sch sch,
		     const struct ccw_sink *sink, struct ccw_error *err); /* NULL: hands out all */
	struct ccw_tep *(*tep)(struct ccw_source *src);
	void (*close)(struct ccw_source *src);
};

/* The first member of every source. */
struct ccw_source {
	const struct ccw_source_ops *ops;
	struct ccw_source_info info;
	struct ccw_page_format format;
	struct ccw_decoder decoder;
	struct ccw_merge merge;
	struct ccw_stream *streams;
	unsigned int nr_streams;
	struct ccw_tep *tep; /* NULL: nobody asked yet */
	struct ccw_devices *devices; /* NULL: the recording does not say */
};

struct ccw_dat;

/* Of a recording; NULL: src is none. */
const struct ccw_dat *ccw_file_dat(const struct ccw_source *src);

/* Copies what the merge counted to info. */
void ccw_source_count(struct ccw_source *src);

/*
 * For a source without vfio_ccw_io but with events that I/Os can be joined from: has the merge do
 * that from now on. src->decoder is complete then. 0 or -ENOMEM. The join is freed by the source.
 */
int ccw_source_join(struct ccw_source *src);

/* Adds a sentence to info.note; what no longer fits is left out. */
void ccw_source_note(struct ccw_source *src, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* TRACE_SOURCE_H */
