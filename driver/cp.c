// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-program translation. Formats, flags and checks: z/Architecture Principles of Operation
 * (SA22-7832), chapter 15 (channel-command word, indirect data addressing, chaining).
 *
 * Three passes, none of them recursive: walk the guest's segments off a work list and lay out
 * CCWs and IDALs with guest addresses in the arena (cp_walk.c); pin each page they name once,
 * neighbours in one call (cp_pages.c); put absolute addresses into the IDAWs (cp_fill.c).
 */
#include "cp_int.h"

/* Bits of word 1 of a command-mode ORB (figure "Command-mode ORB"). */
#define ORB_FMT1 0x00800000U
#define ORB_TRANSPORT 0x00040000U
#define ORB_IDA64 0x00020000U
#define ORB_IDA2K 0x00010000U

int cp_array_grow(struct cp_array *a, size_t size, u32 need)
{
	u32 room = a->room ? a->room : 32;
	void *p;

	while (room < need)
		room *= 2;
	if (room == a->room)
		return 0;
	p = cp_realloc(a->p, size * room);
	if (!p)
		return -ENOMEM;
	a->p = p;
	a->room = room;
	return 0;
}

static int chunk_add(struct cp *cp)
{
	struct cp_chunk c;
	int rc;

	rc = cp_array_grow(&cp->chunks, sizeof(c), cp->chunks.n + 1);
	if (rc)
		return rc;
	c.va = cp_chunk_alloc(&c.addr);
	if (!c.va)
		return -ENOMEM;
	((struct cp_chunk *)cp->chunks.p)[cp->chunks.n++] = c;
	return 0;
}

void *cp_arena_take(struct cp *cp, u32 len, u32 *addr)
{
	struct cp_chunk *c;

	if (cp->used + len > CP_CHUNK_SIZE) {
		if (cp->chunk + 1 == cp->chunks.n && chunk_add(cp))
			return NULL;
		cp->chunk++;
		cp->used = 0;
	}
	c = (struct cp_chunk *)cp->chunks.p + cp->chunk;
	*addr = c->addr + cp->used;
	cp->used += len;
	return c->va + cp->used - len;
}

static void arena_reset(struct cp *cp)
{
	cp->chunk = 0;
	cp->used = FRAME_SIZE; /* behind the sink */
}

int cp_init(struct cp *cp, const struct cp_ops *ops, void *ctx, const struct cp_limits *max)
{
	int rc;

	memset(cp, 0, sizeof(*cp));
	cp->ops = ops;
	cp->ctx = ctx;
	cp->max = *max;
	rc = chunk_add(cp);
	if (!rc)
		rc = cp_array_grow(&cp->segs, sizeof(struct cp_segment), 1);
	if (!rc)
		rc = cp_array_grow(&cp->tics, sizeof(struct cp_tic), 1);
	if (!rc)
		rc = cp_array_grow(&cp->pages, sizeof(struct cp_page), 1);
	if (!rc)
		rc = cp_array_grow(&cp->idals, sizeof(struct cp_idal), 1);
	if (rc) {
		cp_destroy(cp);
		return rc;
	}
	cp->sink = ((struct cp_chunk *)cp->chunks.p)->addr;
	return 0;
}

void cp_destroy(struct cp *cp)
{
	u32 i;

	cp_release(cp);
	for (i = 0; i < cp->chunks.n; i++) {
		struct cp_chunk *c = (struct cp_chunk *)cp->chunks.p + i;

		cp_chunk_free(c->va, c->addr);
	}
	cp_free(cp->chunks.p);
	cp_free(cp->segs.p);
	cp_free(cp->tics.p);
	cp_free(cp->pages.p);
	cp_free(cp->kept.p);
	cp_free(cp->index.p);
	cp_free(cp->idals.p);
	cp_free(cp->log.p);
	memset(cp, 0, sizeof(*cp));
}

size_t cp_read_guest(struct cp *cp, u64 gpa, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t part = FRAME_SIZE - ((gpa + done) & (FRAME_SIZE - 1));

		if (part > len - done)
			part = len - done;
		if (cp->ops->read(cp->ctx, gpa + done, (char *)buf + done, part))
			break;
		done += part;
	}
	return done;
}

int cp_translate(struct cp *cp, const __be32 orb[3])
{
	u32 word = be32_to_cpu(orb[1]), cpa = be32_to_cpu(orb[2]);
	int rc;

	memset(&cp->shape, 0, sizeof(cp->shape));
	cp->log.n = 0;
	if (cp->pinned) { /* a program that was not released: its pins would be lost */
		cp_refuse(cp, VFIO_CCW_WHY_BUSY, cpa);
		return -EBUSY;
	}
	arena_reset(cp);
	cp->segs.n = 0;
	cp->tics.n = 0;
	cp->pages.n = 0;
	cp->idals.n = 0;
	cp->spares = 0;
	cp->done_must = 0;
	cp->done_spare = 0;
	cp->sorted = true;
	cp->indexed = false;
	cp->cpa = 0;
	if (word & ORB_TRANSPORT) {
		cp_refuse(cp, VFIO_CCW_WHY_TRANSPORT, cpa);
		return -EOPNOTSUPP;
	}
	cp->fmt1 = word & ORB_FMT1;
	cp->ida64 = word & ORB_IDA64;
	cp->ida2k = !cp->ida64 || (word & ORB_IDA2K);
	cp->block = cp->ida2k ? 2048 : 4096;
	if (cpa > addr_max(cp))
		return cp_refuse(cp, VFIO_CCW_WHY_CPA_RANGE, cpa);
	if (cpa & 7)
		return cp_refuse(cp, VFIO_CCW_WHY_CPA_ALIGN, cpa);

	rc = cp_want_first(cp, cpa);
	if (rc >= 0)
		rc = cp_walk(cp);
	if (rc == -E2BIG)
		return cp_refuse(cp, cp->exceeded, cpa);
	if (rc == -ENOMEM)
		cp_refuse(cp, VFIO_CCW_WHY_NOMEM, cpa);
	if (rc)
		return rc;
	cp_link_tics(cp);
	if (cp->pages.n)
		cp_pin_pages(cp);
	cp_fill(cp);
	cp->cpa = segment(cp, 0)->host;
	return 0;
}

void cp_go_on(struct cp *cp, u32 guest, const struct cp *next)
{
	const struct cp_ccw *first = segment(next, 0)->va;
	u32 i, to = next->cpa;

	/* A TIC to a TIC would be a program check: go where it leads. */
	if (first->cmd == CMD_TIC)
		to = be32_to_cpu(first->cda);
	/* It may be laid out more than once, and any of them may be the one it is suspended at. */
	for (i = 0; i < cp->segs.n; i++) {
		const struct cp_segment *s = segment(cp, i);

		if (s->host && !((guest - s->guest) & 7) && guest - s->guest < s->n * 8U)
			cp_put_tic(s->va + (guest - s->guest) / 8, to);
	}
}

u32 cp_logged_data(struct cp *cp, u32 i, u8 *buf, u32 len, u64 *first)
{
	const struct cp_logged *l = (const struct cp_logged *)cp->log.p + i;
	struct guest_ccw g = cp_decode(cp, &l->ccw);
	u32 most;

	*first = CP_GUEST_BAD(VFIO_CCW_WHY_NONE);
	if (is_tic(&g) || cp_guest_bad(l->first))
		return 0;
	if (g.flags & F_IDA)
		*first = l->first;
	/* Control commands only: what others move is the guest's data. */
	if ((l->cmd & 0x03) != 0x03 || l->cmd == CMD_NOP)
		return 0;
	/* Behind the first IDAW the data goes on elsewhere. */
	most = g.flags & F_IDA ? cp->block - (l->first & (cp->block - 1)) : g.count;
	if (most > g.count)
		most = g.count;
	return cp_read_guest(cp, l->first, buf, most < len ? most : len);
}

u32 cp_guest_cpa(const struct cp *cp, u32 host)
{
	u32 i;

	for (i = 0; i < cp->segs.n; i++) {
		const struct cp_segment *s = segment(cp, i);

		if (s->host && host - 8 - s->host < s->slots * 8U)
			return s->guest + (host - s->host);
	}
	return 0;
}
