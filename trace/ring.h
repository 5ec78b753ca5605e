/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walking pages of the kernel's ring buffer, as trace_pipe_raw hands them out and as trace.dat
 * keeps them. Nothing is copied; every length is checked against the page it stands in. Private to
 * the library.
 *
 * A page: u64 time of its first record, a long "commit" (bytes of data, two flags about lost
 * records), data. A record: u32 of a 5-bit type and a 27-bit time since the record before, then
 * what the type says (include/linux/ring_buffer.h, events/header_event in tracefs).
 */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ccw_page_format {
	uint32_t size; /* of a page, its header included */
	uint16_t commit_offset;
	uint8_t commit_size; /* 4 or 8: a long of the kernel that wrote it */
	uint16_t data_offset;
	bool big_endian;
	bool swap; /* big_endian is not this machine's order */
};

/*
 * Takes the layout from the text of events/header_page. size 0: what the text says, else the size
 * of a page that the file states. 0 or -EINVAL.
 */
int ccw_page_format_parse(struct ccw_page_format *fmt, const char *text, size_t len, uint32_t size,
			  bool big_endian);

/* One CPU's pages and the place in them. */
struct ccw_ring {
	const struct ccw_page_format *fmt;
	const uint8_t *pages, *pages_end; /* not yet opened; the last may be cut off */
	const uint8_t *pos, *end; /* not yet read of the open page */
	uint64_t ts; /* of the current record */
	const uint8_t *data; /* payload of the current record */
	uint32_t len;
	bool lost; /* records were lost before the current one; the reader clears it */
	uint64_t lost_count; /* how many, 0: unknown */
	uint64_t damaged; /* pages that contradict themselves, skipped from there on */
	/*
	 * Asked when the pages are used up: true, having set pages and pages_end to further ones,
	 * or false. What data pointed to is gone then. NULL: there are no further ones.
	 */
	bool (*more)(struct ccw_ring *r);
	void *more_ctx;
};

void ccw_ring_init(struct ccw_ring *r, const struct ccw_page_format *fmt, const void *pages,
		   size_t len);

/* 1: data, len and ts describe the next record; 0: no more. */
int ccw_ring_next(struct ccw_ring *r);

#endif /* TRACE_RING_H */
