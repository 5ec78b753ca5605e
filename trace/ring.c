// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/bytes.h"
#include "trace/ring.h"

/* Flags in commit: records were lost before this page; their number follows the data. */
#define COMMIT_MISSED (1U << 31)
#define COMMIT_MISSED_STORED (1U << 30)
#define COMMIT_SIZE ((1U << 27) - 1)

/* Types above those that are the length of a small record in words. */
#define TYPE_LARGE 0
#define TYPE_PADDING 29
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP 31

#define DELTA_BITS 27

/* An absolute time has 59 bits; the rest is taken from the time before it. */
#define STAMP_BITS 59

#define MIN_PAGE 64
#define MAX_PAGE (1U << 27)

/* "field: local_t commit;\toffset:8;\tsize:8;\tsigned:1;" */
static int find_field(const char *text, const char *name, unsigned int *offset, unsigned int *size)
{
	char pattern[32];
	const char *p;

	snprintf(pattern, sizeof(pattern), " %s;", name);
	p = strstr(text, pattern);
	if (!p || sscanf(p + strlen(pattern), " offset:%u; size:%u;", offset, size) != 2)
		return -EINVAL;
	return 0;
}

int ccw_page_format_parse(struct ccw_page_format *fmt, const char *text, size_t len, uint32_t size,
			  bool big_endian)
{
	unsigned int ts_off, ts_size, commit_off, commit_size, data_off, data_size;
	char *copy = strndup(text, len);
	int rc;

	if (!copy)
		return -ENOMEM;
	rc = find_field(copy, "timestamp", &ts_off, &ts_size);
	rc = rc ? rc : find_field(copy, "commit", &commit_off, &commit_size);
	rc = rc ? rc : find_field(copy, "data", &data_off, &data_size);
	free(copy);
	if (rc)
		return rc;
	if (ts_off || ts_size != 8 || commit_off < 8 || (commit_size != 4 && commit_size != 8) ||
	    data_off > 1024 || data_size > MAX_PAGE || commit_off > data_off ||
	    commit_size > data_off - commit_off)
		return -EINVAL;
	if (!size)
		size = data_off + data_size;
	if (size < MIN_PAGE || size > MAX_PAGE || size < data_off + 8 || size % 8)
		return -EINVAL;
	fmt->size = size;
	fmt->commit_offset = commit_off;
	fmt->commit_size = commit_size;
	fmt->data_offset = data_off;
	fmt->big_endian = big_endian;
	fmt->swap = big_endian != ccw_host_big_endian();
	return 0;
}

void ccw_ring_init(struct ccw_ring *r, const struct ccw_page_format *fmt, const void *pages,
		   size_t len)
{
	memset(r, 0, sizeof(*r));
	r->fmt = fmt;
	r->pages = pages;
	r->pages_end = r->pages + len;
	r->pos = r->end = r->pages;
}

static uint64_t get_long(const uint8_t *p, const struct ccw_page_format *fmt)
{
	return fmt->commit_size == 8 ? ccw_get64(p, fmt->swap) : ccw_get32(p, fmt->swap);
}

/* The next page with its header checked; false if there is none. */
static bool open_page(struct ccw_ring *r)
{
	const struct ccw_page_format *fmt = r->fmt;

	while (r->pages < r->pages_end || (r->more && r->more(r))) {
		const uint8_t *page = r->pages;
		size_t room = r->pages_end - page;
		uint32_t commit, used;

		if (room > fmt->size)
			room = fmt->size;
		r->pages += room;
		if (room < fmt->data_offset) {
			r->damaged++;
			continue;
		}
		room -= fmt->data_offset;
		/* The kernel adds its flags as a negative int: the upper half is all ones then. */
		commit = get_long(page + fmt->commit_offset, fmt);
		used = commit & COMMIT_SIZE;
		if (commit & ~(COMMIT_MISSED | COMMIT_MISSED_STORED | COMMIT_SIZE) || used > room) {
			r->damaged++;
			continue;
		}
		r->ts = ccw_get64(page, fmt->swap);
		r->pos = page + fmt->data_offset;
		r->end = r->pos + used;
		if (commit & COMMIT_MISSED) {
			uint64_t n = 0;

			if ((commit & COMMIT_MISSED_STORED) && room - used >= fmt->commit_size)
				n = get_long(r->end, fmt);
			/* Two gaps without a record between them: known only if both are. */
			r->lost_count = !n || (r->lost && !r->lost_count) ? 0 : r->lost_count + n;
			r->lost = true;
		}
		return true;
	}
	return false;
}

static void skip_rest(struct ccw_ring *r)
{
	r->damaged++;
	r->pos = r->end;
}

int ccw_ring_next(struct ccw_ring *r)
{
	const bool swap = r->fmt->swap, big = r->fmt->big_endian;

	for (;;) {
		uint32_t head, type, delta, len;
		size_t room = r->end - r->pos;
		uint64_t stamp;

		if (!room) {
			if (!open_page(r))
				return 0;
			continue;
		}
		if (room < 4) {
			skip_rest(r);
			continue;
		}
		head = ccw_get32(r->pos, swap);
		if (big) {
			type = head >> DELTA_BITS;
			delta = head & ((1U << DELTA_BITS) - 1);
		} else {
			type = head & 0x1f;
			delta = head >> 5;
		}
		if (type > TYPE_LARGE && type < TYPE_PADDING) {
			len = type * 4;
			if (len > room - 4) {
				skip_rest(r);
				continue;
			}
			r->ts += delta;
			r->data = r->pos + 4;
			r->len = len;
			r->pos += 4 + len;
			return 1;
		}
		if (type == TYPE_PADDING && !delta) {
			r->pos = r->end; /* nothing was written here and after */
			continue;
		}
		if (room < 8) {
			skip_rest(r);
			continue;
		}
		len = ccw_get32(r->pos + 4, swap);
		switch (type) {
		case TYPE_LARGE: /* the length counts itself */
		case TYPE_PADDING: /* a record that was taken back */
			if (len < 4 || len > room - 4) {
				skip_rest(r);
				continue;
			}
			/* Taken back, a time of 0 became 1 to tell it from an empty page. */
			if (type == TYPE_LARGE || delta != 1)
				r->ts += delta;
			r->data = r->pos + 8;
			r->len = len - 4;
			len = (len + 3) & ~3U;
			r->pos += 4 + (len > room - 4 ? room - 4 : len);
			if (type == TYPE_LARGE)
				return 1;
			continue;
		case TYPE_TIME_EXTEND:
			r->ts += ((uint64_t)len << DELTA_BITS) + delta;
			break;
		case TYPE_TIME_STAMP:
			stamp = ((uint64_t)len << DELTA_BITS) + delta;
			if (r->ts >> STAMP_BITS) {
				stamp |= r->ts >> STAMP_BITS << STAMP_BITS;
				if (stamp < r->ts)
					stamp += 1ULL << STAMP_BITS;
			}
			r->ts = stamp;
			break;
		}
		r->pos += 8;
	}
}
