// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-program translation. Formats, flags and checks: z/Architecture Principles of Operation
 * (SA22-7832), chapter 15 (channel-command word, indirect data addressing, chaining).
 *
 * Three passes, none of them recursive: walk the guest's segments off a work list and lay out
 * CCWs and IDALs with guest addresses in the arena; pin each page they name once, neighbours in
 * one call; put absolute addresses into the IDAWs.
 */
#include "cp.h"

/* Bits of word 1 of a command-mode ORB (figure "Command-mode ORB"). */
#define ORB_FMT1 0x00800000U
#define ORB_TRANSPORT 0x00040000U
#define ORB_IDA64 0x00020000U
#define ORB_IDA2K 0x00010000U

#define F_DC 0x80
#define F_CC 0x40
#define F_SKIP 0x10
#define F_IDA 0x04
#define F_MIDA 0x01

#define CMD_NOP 0x03
#define CMD_TIC 0x08

#define ADDR24 0x00ffffffU
#define ADDR31 0x7fffffffU

#define FRAME_SHIFT 12
#define FRAME_SIZE (1U << FRAME_SHIFT)

#define CP_PAGE_BAD (~0ULL)
/*
 * No IDAW but the first may be misaligned: a program check if used. Nor is there storage at that
 * address, for a channel that does not look: qemu's.
 */
#define CP_IDAW_BAD 0x7ffffffffffff001ULL
/* What stands for a guest address that is none: why. No guest has memory in the last 256 bytes. */
#define CP_GUEST_BAD(why) (~(u64)(why))
#define CP_GUEST_WHY(addr) ((u8)~(addr))

static inline bool guest_bad(u64 addr)
{
	return addr > ~256ULL;
}

/* A CCW of the guest, whatever its format. */
struct guest_ccw {
	u8 cmd;
	u8 flags;
	u16 count;
	u32 cda;
};

/*
 * What a CCW does with storage, which with data chaining another CCW's command decides. Host CCWs
 * and IDALs are right for one of these only: run under another, the channel would store into pages
 * pinned for reading, or go on reading behind the end of an IDAL.
 */
enum cp_chain {
	CHAIN_COMMAND, /* its own command does: not data-chained */
	CHAIN_OUT,
	CHAIN_IN,
	CHAIN_BACKWARD,
	CHAIN_NOTHING, /* NOP, or a command no channel accepts */
};

/* One segment being laid out. */
struct walk {
	struct cp_segment *seg;
	struct cp_ccw *slot;
	u32 at; /* its address for the guest */
	u32 log; /* number of the segment's first CCW in the log, if there is one */
	u8 cmd; /* command in effect: the last one that was not data-chained */
	u8 kind; /* enum cp_chain of it */
	bool chained; /* the CCW is data-chained to the one before */
	bool prev_cc; /* the CCW before is a command that chains to this one by command */
};

static int array_grow(struct cp_array *a, size_t size, u32 need)
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

static inline struct cp_segment *segment(const struct cp *cp, u32 i)
{
	return (struct cp_segment *)cp->segs.p + i;
}

static inline struct cp_page *page(const struct cp *cp, u32 i)
{
	return (struct cp_page *)cp->pages.p + i;
}

static inline struct cp_idal *idal(const struct cp *cp, u32 i)
{
	return (struct cp_idal *)cp->idals.p + i;
}

static int chunk_add(struct cp *cp)
{
	struct cp_chunk c;
	int rc;

	rc = array_grow(&cp->chunks, sizeof(c), cp->chunks.n + 1);
	if (rc)
		return rc;
	c.va = cp_chunk_alloc(&c.addr);
	if (!c.va)
		return -ENOMEM;
	((struct cp_chunk *)cp->chunks.p)[cp->chunks.n++] = c;
	return 0;
}

/* Room for len bytes (a multiple of 8, at most a segment) that the channel can address. */
static void *arena_take(struct cp *cp, u32 len, u32 *addr)
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
		rc = array_grow(&cp->segs, sizeof(struct cp_segment), 1);
	if (!rc)
		rc = array_grow(&cp->tics, sizeof(struct cp_tic), 1);
	if (!rc)
		rc = array_grow(&cp->pages, sizeof(struct cp_page), 1);
	if (!rc)
		rc = array_grow(&cp->idals, sizeof(struct cp_idal), 1);
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

/* Reads guest memory that may span pages; returns how many leading bytes could be read. */
static size_t read_guest(struct cp *cp, u64 gpa, void *buf, size_t len)
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

static struct guest_ccw decode(const struct cp *cp, const struct cp_ccw *raw)
{
	struct guest_ccw g;

	if (cp->fmt1) {
		g.cmd = raw->cmd;
		g.flags = raw->flags;
		g.count = be16_to_cpu(raw->count);
		g.cda = be32_to_cpu(raw->cda);
	} else { /* cmd, 24-bit address, flags, ignored, count */
		const u8 *b = (const u8 *)raw;

		g.cmd = b[0];
		g.cda = (u32)b[1] << 16 | b[2] << 8 | b[3];
		g.flags = b[4];
		g.count = b[6] << 8 | b[7];
		/* Format 0 ignores the other bits of a TIC, format 1 wants zeros. */
		if ((g.cmd & 0x0f) == CMD_TIC) {
			g.cmd = CMD_TIC;
			g.flags = 0;
			g.count = 0;
		}
	}
	return g;
}

static inline bool is_tic(const struct guest_ccw *g)
{
	return g->cmd == CMD_TIC;
}

static enum cp_chain command_kind(u8 cmd)
{
	if (cmd == CMD_NOP)
		return CHAIN_NOTHING;
	switch (cmd & 0x0f) {
	case 0x00: /* invalid */
	case 0x08: /* TIC */
		return CHAIN_NOTHING;
	case 0x0c:
		return CHAIN_BACKWARD;
	case 0x04: /* sense */
		return CHAIN_IN;
	default: /* xx10: read, xx01: write, xx11: control */
		return (cmd & 0x03) == 0x02 ? CHAIN_IN : CHAIN_OUT;
	}
}

static inline bool moves_in(const struct walk *w)
{
	return w->kind == CHAIN_IN || w->kind == CHAIN_BACKWARD;
}

/*
 * Commands that end with status modifier in their ordinary course: the searches of CKD devices
 * and the polls of communication controllers are write commands with a modifier in bit 4 or above.
 */
static inline bool may_skip(u8 cmd)
{
	return (cmd & 0x07) == 0x01 && (cmd & 0x78);
}

static inline u32 addr_max(const struct cp *cp)
{
	return cp->fmt1 ? ADDR31 : ADDR24;
}

static void note_bad(struct cp *cp, enum vfio_ccw_why why, u32 ccw, u64 addr, bool spare)
{
	if (spare || cp->shape.bad_ccws++)
		return;
	cp->shape.why = why;
	cp->shape.bad_ccw = ccw;
	cp->shape.bad_addr = addr;
}

/*
 * A CCW that ends in a program check wherever the channel meets it, data chaining included. The
 * chain-data flag stays: find_ccw() learns from it how the next CCW was laid out.
 */
static void put_bad(struct cp_ccw *slot)
{
	slot->cmd = 0; /* invalid command */
	slot->flags &= F_DC;
	slot->count = 0; /* invalid in a data chain */
	slot->cda = cpu_to_be32(~ADDR31);
}

/* The CCW being laid out is one of those: for what is at a guest address. */
static void make_bad(struct cp *cp, const struct walk *w, enum vfio_ccw_why why, u64 addr,
		     bool spare)
{
	put_bad(w->slot);
	note_bad(cp, why, w->at, addr, spare);
}

static int refuse(struct cp *cp, enum vfio_ccw_why why, u64 addr)
{
	cp->shape.why = why;
	cp->shape.bad_ccw = addr;
	cp->shape.bad_addr = addr;
	return -EINVAL;
}

/* Beyond a bound: refused by the caller, unless it only concerns what is spare. */
static int too_many(struct cp *cp, enum vfio_ccw_why why)
{
	cp->exceeded = why;
	return -E2BIG;
}

/* The channel's address for a guest CCW that is laid out already, for that kind of chain, or 0. */
static u32 find_ccw(const struct cp *cp, u32 guest, enum cp_chain chain)
{
	u32 i;

	for (i = cp->segs.n; i-- > 0;) {
		const struct cp_segment *s = segment(cp, i);
		u32 k = (guest - s->guest) / 8;

		if (!s->host || k >= s->n)
			continue;
		if (k ? chain == CHAIN_COMMAND && !(s->va[k - 1].flags & F_DC) : s->chain == chain)
			return s->host + k * 8;
	}
	return 0;
}

/*
 * Puts a segment on the work list unless it is there; its number, or a negative errno. One that a
 * spare path named first is promoted when the program itself leads there.
 */
static int want_segment(struct cp *cp, u32 guest, enum cp_chain chain, bool spare)
{
	struct cp_segment *s;
	u32 i;
	int rc;

	for (i = cp->segs.n; i-- > 0;) {
		s = segment(cp, i);
		if (s->guest == guest && s->chain == chain) {
			if (s->spare && !spare && !s->host) {
				if (cp->segs.n - cp->spares >= cp->max.segments)
					return too_many(cp, VFIO_CCW_WHY_MAX_SEGMENTS);
				s->spare = false;
				cp->spares--;
				if (i < cp->done_must)
					cp->done_must = i;
			}
			return i;
		}
	}
	/* Bounded each for itself, so that what is spare takes no room from the program. */
	if ((spare ? cp->spares : cp->segs.n - cp->spares) >= cp->max.segments)
		return too_many(cp, VFIO_CCW_WHY_MAX_SEGMENTS);
	rc = array_grow(&cp->segs, sizeof(*s), cp->segs.n + 1);
	if (rc)
		return rc;
	s = segment(cp, cp->segs.n);
	memset(s, 0, sizeof(*s));
	s->guest = guest;
	s->chain = chain;
	s->spare = spare;
	cp->spares += spare;
	return cp->segs.n++;
}

static void put_tic(struct cp_ccw *slot, u32 target)
{
	slot->cmd = CMD_TIC;
	slot->flags = 0;
	slot->count = 0;
	slot->cda = cpu_to_be32(target);
}

static int page_cmp(const void *a, const void *b)
{
	const struct cp_page *x = a, *y = b;

	return x->gfn < y->gfn ? -1 : x->gfn > y->gfn;
}

static inline void page_use(struct cp_page *p, bool in, bool out)
{
	p->in |= in;
	p->out |= out;
}

static void pages_sort(struct cp *cp)
{
	struct cp_page *p = cp->pages.p;
	u32 i, n = 0;

	if (cp->sorted)
		return;
	cp_sort(p, cp->pages.n, sizeof(*p), page_cmp);
	for (i = 1; i < cp->pages.n; i++) {
		if (p[i].gfn == p[n].gfn)
			page_use(&p[n], p[i].in, p[i].out);
		else
			p[++n] = p[i];
	}
	cp->pages.n = n + 1;
	cp->sorted = true;
}

/* Number of the first page from gfn on; pages are sorted. */
static u32 page_index(const struct cp *cp, u64 gfn)
{
	u32 lo = 0, hi = cp->pages.n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (page(cp, mid)->gfn < gfn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/*
 * Where the index has the page of that frame, or room for it. The guest does not know the factor,
 * so it cannot choose frames that all meet in one place.
 */
static u32 *index_slot(const struct cp *cp, u64 gfn)
{
	u32 *slot = cp->index.p, i = (gfn * cp->index_factor) >> cp->index_shift;

	while (slot[i] && page(cp, slot[i] - 1)->gfn != gfn)
		i = (i + 1) & (cp->index.n - 1);
	return &slot[i];
}

/*
 * As many pages are named as there may be, some of them more than once perhaps: from now on each
 * is looked up before it is added. To sort again and again, or to insert where a page belongs,
 * would cost a guest nothing and the host seconds.
 */
static int index_pages(struct cp *cp)
{
	u32 room = 64, shift = 58, i;
	int rc;

	while (room / 2 < cp->max.pages) {
		room *= 2;
		shift--;
	}
	rc = array_grow(&cp->index, sizeof(u32), room);
	if (rc)
		return rc;
	memset(cp->index.p, 0, room * sizeof(u32));
	cp->index.n = room;
	cp->index_shift = shift;
	cp->index_factor = cp_random() | 1;
	pages_sort(cp);
	for (i = 0; i < cp->pages.n; i++)
		*index_slot(cp, page(cp, i)->gfn) = i + 1;
	cp->indexed = true;
	return 0;
}

static int want_page(struct cp *cp, u64 gfn, bool in)
{
	struct cp_page *p = cp->pages.n ? page(cp, cp->pages.n - 1) : NULL;
	u32 *slot = NULL;
	int rc;

	if (p && p->gfn == gfn) {
		page_use(p, in, !in);
		return 0;
	}
	if (!cp->indexed && cp->pages.n >= cp->max.pages) {
		rc = index_pages(cp);
		if (rc)
			return rc;
	}
	if (cp->indexed) {
		slot = index_slot(cp, gfn);
		if (*slot) {
			page_use(page(cp, *slot - 1), in, !in);
			return 0;
		}
		if (cp->pages.n >= cp->max.pages)
			return too_many(cp, VFIO_CCW_WHY_MAX_PAGES);
	}
	rc = array_grow(&cp->pages, sizeof(*p), cp->pages.n + 1);
	if (rc)
		return rc;
	p = page(cp, cp->pages.n);
	if (cp->pages.n && p[-1].gfn >= gfn)
		cp->sorted = false;
	cp->pages.n++;
	if (slot)
		*slot = cp->pages.n;
	p->gfn = gfn;
	p->hpa = CP_PAGE_BAD;
	p->in = in;
	p->out = !in;
	return 0;
}

/*
 * The command code for the channel. That of a data-chained CCW is ignored, unless a status
 * modifier skips the CCW before it: then it must not run as a command it was not laid out for.
 */
static u8 host_cmd(const struct walk *w, u8 cmd)
{
	return !w->chained || command_kind(cmd) == w->kind ? cmd : 0;
}

/* The CCW being laid out moves data, which begins there. */
static void log_data(struct cp *cp, const struct walk *w, u64 first)
{
	struct cp_logged *l = (struct cp_logged *)cp->log.p + w->log + (w->at - w->seg->guest) / 8;

	l->cmd = w->cmd;
	l->first = first;
}

/*
 * Lays out an IDAL of n guest addresses. Those beyond what the guest may name are guest_bad().
 * The CCW's own storage stays consistent whatever happens: it is written last.
 */
static int put_idal(struct cp *cp, struct walk *w, const struct guest_ccw *g, const u64 *addr,
		    u32 n)
{
	struct cp_idal *rec;
	__be64 *idaw;
	u32 host, i;
	int rc;

	if (n > cp->max.idaws - cp->shape.idaws)
		return too_many(cp, VFIO_CCW_WHY_MAX_IDAWS);
	rc = array_grow(&cp->idals, sizeof(*rec), cp->idals.n + 1);
	if (rc)
		return rc;
	idaw = arena_take(cp, n * sizeof(*idaw), &host);
	if (!idaw)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		idaw[i] = cpu_to_be64(addr[i]);
		if (guest_bad(addr[i]))
			continue;
		rc = want_page(cp, addr[i] >> FRAME_SHIFT, moves_in(w));
		if (rc) {
			cp->used -= n * sizeof(*idaw); /* not counted, so not kept */
			return rc;
		}
	}
	rec = idal(cp, cp->idals.n++);
	rec->idaw = idaw;
	rec->ccw = w->slot;
	rec->guest = w->at;
	rec->n = n;
	rec->in = moves_in(w);
	rec->spare = w->seg->spare;
	cp->shape.idaws += n;
	cp->shape.bytes += g->count;
	if (cp->logging)
		log_data(cp, w, addr[0]);
	w->slot->cmd = host_cmd(w, g->cmd);
	w->slot->flags = g->flags | F_IDA;
	w->slot->count = cpu_to_be16(g->count);
	w->slot->cda = cpu_to_be32(host);
	return 0;
}

/* A CCW that names storage but must not touch the guest's. */
static int put_sink(struct cp *cp, struct walk *w, const struct guest_ccw *g)
{
	u32 n = (g->count + cp->block - 1) / cp->block;
	bool back = w->kind == CHAIN_BACKWARD;
	u32 host, i;
	__be64 *idaw;

	w->slot->cmd = host_cmd(w, g->cmd);
	w->slot->flags = g->flags & ~F_IDA;
	w->slot->count = cpu_to_be16(g->count);
	w->slot->cda = cpu_to_be32(cp->sink + (back ? FRAME_SIZE - 1 : 0));
	if (g->count <= FRAME_SIZE)
		return 0;
	if (n > cp->max.idaws - cp->shape.idaws)
		return too_many(cp, VFIO_CCW_WHY_MAX_IDAWS);
	idaw = arena_take(cp, n * sizeof(*idaw), &host);
	if (!idaw)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		idaw[i] = cpu_to_be64(cp->sink + (back ? FRAME_SIZE - 1 : 0));
	cp->shape.idaws += n;
	w->slot->flags |= F_IDA;
	w->slot->cda = cpu_to_be32(host);
	return 0;
}

/* How many IDAWs a transfer needs that begins at addr. */
static u32 idaws_needed(const struct cp *cp, u64 addr, u32 count, bool back)
{
	u32 off = addr & (cp->block - 1);

	if (back)
		off = cp->block - 1 - off;
	return (off + count + cp->block - 1) / cp->block;
}

/* Data area named by the CCW itself: consecutive guest storage. */
static int put_direct(struct cp *cp, struct walk *w, const struct guest_ccw *g)
{
	bool back = w->kind == CHAIN_BACKWARD;
	u64 addr = g->cda, step;
	u32 n, i;

	if (g->cda > addr_max(cp)) {
		make_bad(cp, w, VFIO_CCW_WHY_DATA_RANGE, g->cda, w->seg->spare);
		return 0;
	}
	n = idaws_needed(cp, addr, g->count, back);
	cp->idawbuf[0] = addr;
	step = addr & ~(u64)(cp->block - 1);
	if (back)
		step += cp->block - 1;
	for (i = 1; i < n; i++) {
		step = back ? step - cp->block : step + cp->block;
		/* Below zero is far above the maximum as well. */
		cp->idawbuf[i] = step > addr_max(cp) ?
					 CP_GUEST_BAD(VFIO_CCW_WHY_DATA_RANGE) : step;
	}
	return put_idal(cp, w, g, cp->idawbuf, n);
}

/* Fetches IDAWs first .. n-1 of a guest's list into idawbuf; what cannot be is guest_bad(). */
static void fetch_idaws(struct cp *cp, u32 list, u32 first, u32 n, bool back)
{
	u32 size = cp->ida64 ? 8 : 4, got, i;
	u64 edge = back ? cp->block - 1 : 0;
	union {
		__be64 w64[65536 / 2048 + 2];
		__be32 w32[65536 / 2048 + 2];
	} raw;

	got = read_guest(cp, (u64)list + first * size, &raw, (n - first) * size) / size;
	if ((u64)list + (first + got) * size > (u64)ADDR31 + 1)
		got = (u64)list + first * size > ADDR31 ? 0 : (ADDR31 + 1 - list) / size - first;
	for (i = 0; i < n - first; i++) {
		u64 a;

		if (i >= got) {
			cp->idawbuf[first + i] = CP_GUEST_BAD(VFIO_CCW_WHY_IDAL_FETCH);
			continue;
		}
		a = cp->ida64 ? be64_to_cpu(raw.w64[i]) : be32_to_cpu(raw.w32[i]);
		if ((!cp->ida64 && a > ADDR31) || guest_bad(a) ||
		    (first + i && (a & (cp->block - 1)) != edge))
			a = CP_GUEST_BAD(VFIO_CCW_WHY_IDAW);
		cp->idawbuf[first + i] = a;
	}
}

static int put_indirect(struct cp *cp, struct walk *w, const struct guest_ccw *g)
{
	bool back = w->kind == CHAIN_BACKWARD;
	u32 n, least;

	if (g->cda > addr_max(cp) || (g->cda & (cp->ida64 ? 7 : 3))) {
		make_bad(cp, w, g->cda > addr_max(cp) ? VFIO_CCW_WHY_IDAL_FETCH :
							VFIO_CCW_WHY_IDAL_ALIGN,
			 g->cda, w->seg->spare);
		return 0;
	}
	/* The first IDAW says where in a block the data begins, and so how many there are. */
	least = (g->count + cp->block - 1) / cp->block;
	fetch_idaws(cp, g->cda, 0, least, back);
	if (guest_bad(cp->idawbuf[0])) {
		make_bad(cp, w, CP_GUEST_WHY(cp->idawbuf[0]), g->cda, w->seg->spare);
		return 0;
	}
	n = idaws_needed(cp, cp->idawbuf[0], g->count, back);
	if (n > least)
		fetch_idaws(cp, g->cda, least, n, back);
	return put_idal(cp, w, g, cp->idawbuf, n);
}

/*
 * Format 1 allows a count of 0, format 0 does not. What only looks like a TIC must never reach a
 * channel that takes it for one: its address would be that of an IDAL. MIDALs are not translated,
 * and must not reach one that knows them.
 */
static enum vfio_ccw_why invalid(const struct cp *cp, const struct guest_ccw *g)
{
	if (!cp->fmt1 && !g->count)
		return VFIO_CCW_WHY_COUNT_0;
	if ((g->cmd & 0x0f) == CMD_TIC)
		return VFIO_CCW_WHY_COMMAND;
	return g->flags & F_MIDA ? VFIO_CCW_WHY_MIDA : VFIO_CCW_WHY_NONE;
}

/* One CCW that is no TIC. */
static int put_ccw(struct cp *cp, struct walk *w, const struct guest_ccw *g)
{
	enum vfio_ccw_why why = invalid(cp, g);

	if (!w->chained) {
		w->cmd = g->cmd;
		w->kind = command_kind(g->cmd);
	}
	if (why) {
		make_bad(cp, w, why, w->at, w->seg->spare);
		return 0;
	}
	/* The channel refuses these by itself: nothing of the guest's need be pinned for them. */
	if (!g->count || w->kind == CHAIN_NOTHING || ((g->flags & F_SKIP) && moves_in(w)))
		return put_sink(cp, w, g);
	if (g->flags & F_IDA)
		return put_indirect(cp, w, g);
	return put_direct(cp, w, g);
}

static int put_tic_to(struct cp *cp, struct walk *w, u32 target, enum cp_chain chain, bool spare)
{
	struct cp_tic *tic;
	u32 host;
	int rc;

	if (target > addr_max(cp) || (target & 7)) {
		make_bad(cp, w, target & 7 ? VFIO_CCW_WHY_TIC_ALIGN : VFIO_CCW_WHY_TIC_RANGE,
			 target, spare);
		return 0;
	}
	host = find_ccw(cp, target, chain);
	if (host) {
		/* Into what is laid out already. A spare part of it may hold errors unreported. */
		put_tic(w->slot, host);
		return 0;
	}
	rc = array_grow(&cp->tics, sizeof(*tic), cp->tics.n + 1);
	if (rc)
		return rc;
	rc = want_segment(cp, target, chain, spare);
	if (rc < 0) {
		if (rc != -E2BIG || !spare)
			return rc;
		put_bad(w->slot);
		return 0;
	}
	/* Its address comes with link_tics(). */
	tic = (struct cp_tic *)cp->tics.p + cp->tics.n++;
	tic->slot = w->slot;
	tic->target = rc;
	return 0;
}

/* A TIC of the guest's. */
static int put_guest_tic(struct cp *cp, struct walk *w, const struct guest_ccw *g, bool spare)
{
	if (cp->fmt1 && (g->flags || g->count)) {
		make_bad(cp, w, VFIO_CCW_WHY_TIC_FLAGS, w->at, spare);
		return 0;
	}
	return put_tic_to(cp, w, g->cda, w->chained ? w->kind : CHAIN_COMMAND, spare);
}

/* What a status modifier leads to that skips the last CCW of a segment. */
static int put_behind(struct cp *cp, struct walk *w)
{
	u32 guest = w->at;
	struct guest_ccw g;
	struct cp_ccw raw;

	/* A TIC there is copied: one to a TIC would be a program check. */
	if (guest <= addr_max(cp) && !cp->ops->read(cp->ctx, guest, &raw, sizeof(raw))) {
		g = decode(cp, &raw);
		if (is_tic(&g))
			return put_guest_tic(cp, w, &g, true);
	}
	return put_tic_to(cp, w, guest, CHAIN_COMMAND, true);
}

/*
 * Copies a segment's CCWs to scratch: up to the CCW that does not chain, a TIC, or the end of what
 * can be read (*cut, with *n CCWs before it). 0, or -E2BIG if there is no end within bounds.
 */
static int fetch_segment(struct cp *cp, u32 guest, u32 *n, bool *cut)
{
	u32 have = 0, ask = 8, i = 0;
	struct guest_ccw g;

	*cut = false;
	for (;;) {
		if (i == have) {
			u64 at = (u64)guest + have * 8;
			u32 left;

			if (have == CP_SEGMENT_CCWS)
				return -E2BIG;
			/* Few at first, for most programs are short; never across a page. */
			left = (FRAME_SIZE - (at & (FRAME_SIZE - 1))) / 8;
			if (ask > left)
				ask = left;
			if (ask > CP_SEGMENT_CCWS - have)
				ask = CP_SEGMENT_CCWS - have;
			if (at > addr_max(cp) ||
			    cp->ops->read(cp->ctx, at, &cp->scratch[have], ask * 8)) {
				*cut = true;
				break;
			}
			have += ask;
			ask = CP_SEGMENT_CCWS;
		}
		g = decode(cp, &cp->scratch[i++]);
		if (is_tic(&g) || !(g.flags & (F_DC | F_CC)))
			break;
	}
	*n = i;
	return 0;
}

/* Logs the n CCWs in scratch; they are what the guest wrote. 0 or -ENOMEM. */
static int log_segment(struct cp *cp, u32 guest, u32 n)
{
	struct cp_logged *l;
	u32 i;

	if (array_grow(&cp->log, sizeof(*l), cp->log.n + n))
		return -ENOMEM;
	l = (struct cp_logged *)cp->log.p + cp->log.n;
	for (i = 0; i < n; i++) {
		l[i].ccw = cp->scratch[i];
		l[i].addr = guest + i * 8;
		l[i].cmd = 0;
		l[i].first = CP_GUEST_BAD(VFIO_CCW_WHY_NONE);
	}
	cp->log.n += n;
	return 0;
}

static int do_segment(struct cp *cp, u32 index)
{
	struct walk w = { .seg = segment(cp, index) };
	u32 guest = w.seg->guest, n, i, slots, host;
	bool spare = w.seg->spare, cut, tail = false;
	struct guest_ccw g = { 0 };
	int rc;

	rc = fetch_segment(cp, guest, &n, &cut);
	if (rc == -E2BIG && spare) { /* nothing of the program itself: cut where it got too long */
		n = CP_SEGMENT_CCWS - 1;
		cut = true;
	} else if (rc) {
		return refuse(cp, VFIO_CCW_WHY_RUN_LENGTH, guest);
	}
	if (!index && !n)
		return refuse(cp, VFIO_CCW_WHY_CCW_FETCH, guest);
	if (n > cp->max.ccws - cp->shape.ccws) {
		if (!spare)
			return refuse(cp, VFIO_CCW_WHY_MAX_CCWS, guest);
		n = 0;
		cut = true;
	}

	/*
	 * One slot more: for what lies behind the end, should a status modifier lead there. After
	 * a cut the last CCW may chain, and a status modifier lead one further.
	 */
	slots = n + 1 + cut;
	w.slot = arena_take(cp, slots * sizeof(*w.slot), &host);
	if (!w.slot)
		return -ENOMEM;
	memset(w.slot, 0, slots * sizeof(*w.slot));
	w.seg->va = w.slot;
	w.seg->host = host;
	w.seg->n = n;
	w.seg->slots = slots;
	cp->shape.ccws += n;
	cp->shape.segments++;
	if (!index)
		cp->shape.cmd = decode(cp, &cp->scratch[0]).cmd;

	w.log = cp->log.n;
	if (cp->logging && log_segment(cp, guest, n))
		return -ENOMEM;
	w.at = guest;
	w.kind = w.seg->chain;
	w.chained = w.kind != CHAIN_COMMAND;
	for (i = 0; i < n; i++, w.slot++, w.at += 8) {
		g = decode(cp, &cp->scratch[i]);
		if (is_tic(&g)) {
			rc = put_guest_tic(cp, &w, &g, spare);
			w.chained = false;
			/* Behind a TIC: after a search or poll, and behind every loop. */
			tail = w.prev_cc && (may_skip(w.cmd) || g.cda <= w.at);
		} else {
			u8 before = w.cmd;

			w.slot->flags = g.flags;
			rc = put_ccw(cp, &w, &g);
			tail = w.prev_cc && may_skip(before);
			w.chained = g.flags & F_DC;
			w.prev_cc = (g.flags & (F_DC | F_CC)) == F_CC;
		}
		if (rc == -E2BIG && spare) {
			put_bad(w.slot);
			rc = 0;
		}
		if (rc)
			return rc == -ENOMEM ? rc : refuse(cp, cp->exceeded, w.at);
		w.seg = segment(cp, index); /* the list may have moved */
	}
	if (!cut && tail)
		return put_behind(cp, &w);
	make_bad(cp, &w, VFIO_CCW_WHY_CCW_FETCH, w.at, spare || !cut);
	if (cut)
		put_bad(w.slot + 1);
	return 0;
}

/* All segments, those of the program itself before the spare ones. */
static int walk(struct cp *cp)
{
	int rc;

	for (;;) {
		u32 i;

		for (i = cp->done_must; i < cp->segs.n; i++)
			if (!segment(cp, i)->host && !segment(cp, i)->spare)
				break;
		cp->done_must = i;
		if (i == cp->segs.n) {
			for (i = cp->done_spare; i < cp->segs.n && segment(cp, i)->host; i++)
				;
			cp->done_spare = i;
			if (i == cp->segs.n)
				return 0;
		}
		rc = do_segment(cp, i);
		if (rc)
			return rc;
	}
}

/* TICs that were laid out before their target get its address. */
static void link_tics(struct cp *cp)
{
	u32 i;

	for (i = 0; i < cp->tics.n; i++) {
		const struct cp_tic *tic = (struct cp_tic *)cp->tics.p + i;

		if (segment(cp, tic->target)->n)
			put_tic(tic->slot, segment(cp, tic->target)->host);
		else /* nothing could be fetched there, which is the TIC's program check */
			put_bad(tic->slot);
	}
}

static void pin_one(struct cp *cp, struct cp_page *p)
{
	if (!cp->ops->pin(cp->ctx, p->gfn, 1, p->in, &p->hpa))
		return;
	/* A CCW that stores into a read-only page must not spoil those that fetch from it. */
	if (p->in && p->out) {
		p->in = false;
		if (!cp->ops->pin(cp->ctx, p->gfn, 1, false, &p->hpa))
			return;
	}
	p->hpa = CP_PAGE_BAD;
}

/* Pins what can be pinned of pages first .. first + n - 1, which are neighbours. */
static void pin_run(struct cp *cp, u32 first, u32 n)
{
	u64 hpa[32];
	u32 done, part, i;
	bool write;

	for (done = 0; done < n; done += part) {
		struct cp_page *p = page(cp, first + done);

		part = n - done;
		if (part > 32)
			part = 32;
		write = false;
		for (i = 0; i < part; i++)
			write |= p[i].in;
		if (!cp->ops->pin(cp->ctx, p->gfn, part, write, hpa)) {
			for (i = 0; i < part; i++)
				p[i].hpa = hpa[i];
			continue;
		}
		/* One of them cannot: find out which, and ask no more of a page than it needs. */
		for (i = 0; i < part; i++)
			pin_one(cp, &p[i]);
	}
}

/* Unpins the pages of a list that are pinned, neighbours in one call, and empties it. */
static void unpin_list(struct cp *cp, struct cp_array *list)
{
	const struct cp_page *p = list->p;
	u32 i, first = 0;

	for (i = 1; i <= list->n; i++) {
		if (i < list->n && p[i].gfn == p[i - 1].gfn + 1 &&
		    (p[i].hpa == CP_PAGE_BAD) == (p[i - 1].hpa == CP_PAGE_BAD))
			continue;
		if (p[first].hpa != CP_PAGE_BAD)
			cp->ops->unpin(cp->ctx, p[first].gfn, i - first);
		first = i;
	}
	list->n = 0;
}

/* Takes over what the last program left pinned, and unpins the rest of it. */
static void take_kept(struct cp *cp)
{
	struct cp_page *k = cp->kept.p, *p = cp->pages.p;
	u32 i = 0, j = 0;

	if (!cp->kept.n)
		return;
	while (cp->stamp == cp->kept_stamp && i < cp->pages.n && j < cp->kept.n) {
		if (p[i].gfn < k[j].gfn) {
			i++;
		} else if (p[i].gfn > k[j].gfn) {
			j++;
		} else {
			/* One pinned for fetching only will not do for storing. */
			if (k[j].hpa != CP_PAGE_BAD && (k[j].in || !p[i].in)) {
				p[i].hpa = k[j].hpa;
				p[i].in = k[j].in;
				k[j].hpa = CP_PAGE_BAD;
				cp->shape.reused++;
			}
			i++;
			j++;
		}
	}
	unpin_list(cp, &cp->kept);
}

static void pin_pages(struct cp *cp)
{
	u32 i, first = 0;

	pages_sort(cp);
	/* Looked at before anything is pinned: what changes from now on spoils what is kept. */
	cp->stamp = cp->ops->stamp ? cp->ops->stamp(cp->ctx) : 0;
	take_kept(cp);
	cp->pinned = true;
	for (i = 1; i <= cp->pages.n; i++) {
		bool have = page(cp, first)->hpa != CP_PAGE_BAD;

		if (i < cp->pages.n && page(cp, i)->gfn == page(cp, i - 1)->gfn + 1 &&
		    (page(cp, i)->hpa != CP_PAGE_BAD) == have)
			continue;
		if (!have)
			pin_run(cp, first, i - first);
		first = i;
	}
	cp->shape.pages = cp->pages.n;
}

static struct cp_page *find_page(const struct cp *cp, u64 gfn, u32 *hint)
{
	if (*hint < cp->pages.n && page(cp, *hint)->gfn == gfn)
		return page(cp, *hint);
	if (*hint + 1 < cp->pages.n && page(cp, *hint + 1)->gfn == gfn)
		return page(cp, ++*hint);
	*hint = page_index(cp, gfn);
	return page(cp, *hint); /* there: want_page() saw every address of every IDAL */
}

/* Guest addresses in the IDAWs become absolute ones. */
static void fill(struct cp *cp)
{
	u32 i, k, hint = 0;

	for (i = 0; i < cp->idals.n; i++) {
		struct cp_idal *rec = idal(cp, i);
		const struct cp_page *p;
		bool noted = false;

		for (k = 0; k < rec->n; k++) {
			u64 addr = be64_to_cpu(rec->idaw[k]), hpa = CP_PAGE_BAD;
			u8 why = VFIO_CCW_WHY_PAGE;

			if (!guest_bad(addr)) {
				p = find_page(cp, addr >> FRAME_SHIFT, &hint);
				if (p->in || !rec->in)
					hpa = p->hpa;
			}
			if (hpa != CP_PAGE_BAD) {
				rec->idaw[k] = cpu_to_be64(hpa | (addr & (FRAME_SIZE - 1)));
				continue;
			}
			if (guest_bad(addr)) {
				why = CP_GUEST_WHY(addr);
				addr = rec->guest;
			}
			if (!noted)
				note_bad(cp, why, rec->guest, addr, rec->spare);
			noted = true;
			if (!k) { /* any first IDAW is valid: the CCW itself must be refused */
				put_bad(rec->ccw);
				break;
			}
			rec->idaw[k] = cpu_to_be64(CP_IDAW_BAD);
		}
	}
}

int cp_translate(struct cp *cp, const __be32 orb[3])
{
	u32 word = be32_to_cpu(orb[1]), cpa = be32_to_cpu(orb[2]);
	int rc;

	memset(&cp->shape, 0, sizeof(cp->shape));
	cp->log.n = 0;
	if (cp->pinned) { /* a program that was not released: its pins would be lost */
		refuse(cp, VFIO_CCW_WHY_BUSY, cpa);
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
		refuse(cp, VFIO_CCW_WHY_TRANSPORT, cpa);
		return -EOPNOTSUPP;
	}
	cp->fmt1 = word & ORB_FMT1;
	cp->ida64 = word & ORB_IDA64;
	cp->ida2k = !cp->ida64 || (word & ORB_IDA2K);
	cp->block = cp->ida2k ? 2048 : 4096;
	if (cpa > addr_max(cp))
		return refuse(cp, VFIO_CCW_WHY_CPA_RANGE, cpa);
	if (cpa & 7)
		return refuse(cp, VFIO_CCW_WHY_CPA_ALIGN, cpa);

	rc = want_segment(cp, cpa, CHAIN_COMMAND, false);
	if (rc >= 0)
		rc = walk(cp);
	if (rc == -E2BIG)
		return refuse(cp, cp->exceeded, cpa);
	if (rc == -ENOMEM)
		refuse(cp, VFIO_CCW_WHY_NOMEM, cpa);
	if (rc)
		return rc;
	link_tics(cp);
	if (cp->pages.n)
		pin_pages(cp);
	fill(cp);
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
			put_tic(s->va + (guest - s->guest) / 8, to);
	}
}

void cp_release(struct cp *cp)
{
	unpin_list(cp, &cp->kept);
	if (!cp->pinned)
		return;
	unpin_list(cp, &cp->pages);
	cp->pinned = false;
}

void cp_keep(struct cp *cp)
{
	struct cp_array pages = cp->pages;

	if (!cp->pinned)
		return;
	if (!cp->ops->stamp) {
		cp_release(cp);
		return;
	}
	cp->pages = cp->kept; /* empty: pin_pages() took what was in it */
	cp->kept = pages;
	cp->kept_stamp = cp->stamp;
	cp->pinned = false;
}

void cp_disown(struct cp *cp)
{
	u32 i;

	for (i = 0; cp->pinned && cp->ops->disown && i < cp->pages.n; i++)
		if (page(cp, i)->hpa != CP_PAGE_BAD)
			cp->ops->disown(cp->ctx, page(cp, i)->hpa);
	cp_release(cp);
}

bool cp_uses(const struct cp *cp, u64 iova, u64 len)
{
	u64 first = iova >> FRAME_SHIFT, last = (iova + len - 1) >> FRAME_SHIFT;
	const struct cp_page *k = cp->kept.p;
	u32 i;

	for (i = 0; i < cp->kept.n; i++)
		if (k[i].gfn >= first && k[i].gfn <= last)
			return true;
	for (i = 0; cp->pinned && i < cp->pages.n; i++)
		if (page(cp, i)->gfn >= first && page(cp, i)->gfn <= last)
			return true;
	return false;
}

u32 cp_logged_data(struct cp *cp, u32 i, u8 *buf, u32 len, u64 *first)
{
	const struct cp_logged *l = (const struct cp_logged *)cp->log.p + i;
	struct guest_ccw g = decode(cp, &l->ccw);
	u32 most;

	*first = CP_GUEST_BAD(VFIO_CCW_WHY_NONE);
	if (is_tic(&g) || guest_bad(l->first))
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
	return read_guest(cp, l->first, buf, most < len ? most : len);
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
