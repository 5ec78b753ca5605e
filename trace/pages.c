// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/bytes.h"
#include "trace/pages.h"

#define COUNT 4 /* bytes before the first chunk */
#define CHUNK_HEADER 8

void ccw_pages_init(struct ccw_pages *p, const void *data, uint64_t len, bool swap,
		    struct ccw_unpacker *unpacker)
{
	memset(p, 0, sizeof(*p));
	p->base = data;
	p->len = len;
	p->swap = swap;
	p->unpacker = unpacker;
	if (!unpacker)
		return;
	if (len < COUNT) {
		p->len = 0;
		return;
	}
	p->count = ccw_get32(data, swap);
	p->base += COUNT;
	p->len -= COUNT;
}

void ccw_pages_free(struct ccw_pages *p)
{
	free(p->out.p);
	p->out = (struct ccw_unpacked){ 0 };
}

void ccw_pages_rewind(struct ccw_pages *p)
{
	p->pos = 0;
}

/* Unpacks the chunk, so that p->out holds it. Its packed size is known afterwards. */
static int unpack(struct ccw_pages *p, struct ccw_chunk *c)
{
	const uint8_t *block = p->base + c->at + CHUNK_HEADER;
	size_t used, room = p->len - c->at - CHUNK_HEADER;
	int rc;

	rc = ccw_unpack(p->unpacker, block, c->packed ? c->packed : room, c->size, CCW_MAX_CHUNK,
			&p->out, &used);
	if (!rc && !c->packed)
		c->packed = used;
	return rc;
}

static int read_header(struct ccw_pages *p, uint64_t pos, struct ccw_chunk *c)
{
	if (pos >= p->len || p->len - pos < CHUNK_HEADER)
		return 0;
	c->at = pos;
	c->packed = ccw_get32(p->base + pos, p->swap);
	c->size = ccw_get32(p->base + pos + 4, p->swap);
	if (c->packed > p->len - pos - CHUNK_HEADER)
		return -EINVAL;
	p->zero_sizes |= !c->packed || !c->size;
	return 1;
}

int ccw_pages_chunk(struct ccw_pages *p, uint64_t *pos, struct ccw_chunk *c)
{
	int rc = read_header(p, *pos, c);

	if (rc <= 0)
		return rc;
	if (!c->packed) {
		rc = unpack(p, c);
		if (rc)
			return rc == -ENOMEM ? rc : -EINVAL;
	}
	*pos = c->at + CHUNK_HEADER + c->packed;
	return 1;
}

static int next_plain(struct ccw_pages *p, const uint8_t **pages, size_t *len)
{
	if (p->pos || !p->len)
		return 0;
	*pages = p->base;
	*len = p->len;
	p->pos = p->len;
	return 1;
}

int ccw_pages_next(struct ccw_pages *p, const uint8_t **pages, size_t *len)
{
	struct ccw_chunk c;
	int rc;

	if (!p->unpacker)
		return next_plain(p, pages, len);
	for (;;) {
		rc = read_header(p, p->pos, &c);
		if (!rc)
			return 0;
		if (rc > 0)
			rc = unpack(p, &c);
		else
			c.packed = 0;
		if (rc == -ENOMEM) {
			p->damaged++; /* whoever goes on tells that something is missing */
			return rc;
		}
		/* Without its length nobody knows where the next one begins. */
		p->pos = c.packed ? c.at + CHUNK_HEADER + c.packed : p->len;
		if (rc < 0) {
			p->damaged++;
			continue;
		}
		if (!p->out.len)
			continue;
		*pages = p->out.p;
		*len = p->out.len;
		return 1;
	}
}
