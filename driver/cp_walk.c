// SPDX-License-Identifier: GPL-2.0
/*
 * First pass: the guest's segments off a work list, CCWs and IDALs laid out with guest addresses in
 * the arena. z/Architecture Principles of Operation (SA22-7832), chapter 15.
 */
#include "cp_int.h"

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

/* The CCW being laid out is one of those: for what is at a guest address. */
static void make_bad(struct cp *cp, const struct walk *w, enum vfio_ccw_why why, u64 addr,
		     bool spare)
{
	cp_put_bad(w->slot);
	cp_note_bad(cp, why, w->at, addr, spare);
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
					return cp_too_many(cp, VFIO_CCW_WHY_MAX_SEGMENTS);
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
		return cp_too_many(cp, VFIO_CCW_WHY_MAX_SEGMENTS);
	rc = cp_array_grow(&cp->segs, sizeof(*s), cp->segs.n + 1);
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
 * Lays out an IDAL of n guest addresses. Those beyond what the guest may name are cp_guest_bad().
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
		return cp_too_many(cp, VFIO_CCW_WHY_MAX_IDAWS);
	rc = cp_array_grow(&cp->idals, sizeof(*rec), cp->idals.n + 1);
	if (rc)
		return rc;
	idaw = cp_arena_take(cp, n * sizeof(*idaw), &host);
	if (!idaw)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		idaw[i] = cpu_to_be64(addr[i]);
		if (cp_guest_bad(addr[i]))
			continue;
		rc = cp_want_page(cp, addr[i] >> FRAME_SHIFT, moves_in(w));
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
		return cp_too_many(cp, VFIO_CCW_WHY_MAX_IDAWS);
	idaw = cp_arena_take(cp, n * sizeof(*idaw), &host);
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

/* Fetches IDAWs first .. n-1 of a guest's list into idawbuf; what cannot be is cp_guest_bad(). */
static void fetch_idaws(struct cp *cp, u32 list, u32 first, u32 n, bool back)
{
	u32 size = cp->ida64 ? 8 : 4, got, i;
	u64 edge = back ? cp->block - 1 : 0;
	union {
		__be64 w64[65536 / 2048 + 2];
		__be32 w32[65536 / 2048 + 2];
	} raw;

	got = cp_read_guest(cp, (u64)list + first * size, &raw, (n - first) * size) / size;
	if ((u64)list + (first + got) * size > (u64)ADDR31 + 1)
		got = (u64)list + first * size > ADDR31 ? 0 : (ADDR31 + 1 - list) / size - first;
	for (i = 0; i < n - first; i++) {
		u64 a;

		if (i >= got) {
			cp->idawbuf[first + i] = CP_GUEST_BAD(VFIO_CCW_WHY_IDAL_FETCH);
			continue;
		}
		a = cp->ida64 ? be64_to_cpu(raw.w64[i]) : be32_to_cpu(raw.w32[i]);
		if ((!cp->ida64 && a > ADDR31) || cp_guest_bad(a) ||
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
	if (cp_guest_bad(cp->idawbuf[0])) {
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
		cp_put_tic(w->slot, host);
		return 0;
	}
	rc = cp_array_grow(&cp->tics, sizeof(*tic), cp->tics.n + 1);
	if (rc)
		return rc;
	rc = want_segment(cp, target, chain, spare);
	if (rc < 0) {
		if (rc != -E2BIG || !spare)
			return rc;
		cp_put_bad(w->slot);
		return 0;
	}
	/* Its address comes with link_tics(). */
	tic = (struct cp_tic *)cp->tics.p + cp->tics.n++;
	tic->slot = w->slot;
	tic->target = rc;
	return 0;
}

/* A TIC of the guest's. */
static int put_guest_tic(struct cp *cp, struct walk *w, const struct guest_ccw *g, bool first,
			 bool spare)
{
	/* Not every channel looks; a program that goes on may begin with one, none that starts. */
	if (first && !cp->resumed) {
		make_bad(cp, w, VFIO_CCW_WHY_TIC_FIRST, w->at, spare);
		return 0;
	}
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
		g = cp_decode(cp, &raw);
		if (is_tic(&g))
			return put_guest_tic(cp, w, &g, false, true);
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
		g = cp_decode(cp, &cp->scratch[i++]);
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

	if (cp_array_grow(&cp->log, sizeof(*l), cp->log.n + n))
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
		return cp_refuse(cp, VFIO_CCW_WHY_RUN_LENGTH, guest);
	}
	if (!index && !n)
		return cp_refuse(cp, VFIO_CCW_WHY_CCW_FETCH, guest);
	if (n > cp->max.ccws - cp->shape.ccws) {
		if (!spare)
			return cp_refuse(cp, VFIO_CCW_WHY_MAX_CCWS, guest);
		n = 0;
		cut = true;
	}

	/*
	 * One slot more: for what lies behind the end, should a status modifier lead there. After
	 * a cut the last CCW may chain, and a status modifier lead one further.
	 */
	slots = n + 1 + cut;
	w.slot = cp_arena_take(cp, slots * sizeof(*w.slot), &host);
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
		cp->shape.cmd = cp_decode(cp, &cp->scratch[0]).cmd;

	w.log = cp->log.n;
	/* Whoever looks on must not make a program fail: without memory the log ends here. */
	if (cp->logging && log_segment(cp, guest, n))
		cp->logging = false;
	w.at = guest;
	w.kind = w.seg->chain;
	w.chained = w.kind != CHAIN_COMMAND;
	for (i = 0; i < n; i++, w.slot++, w.at += 8) {
		g = cp_decode(cp, &cp->scratch[i]);
		if (is_tic(&g)) {
			rc = put_guest_tic(cp, &w, &g, !index && !i, spare);
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
			cp_put_bad(w.slot);
			rc = 0;
		}
		if (rc)
			return rc == -ENOMEM ? rc : cp_refuse(cp, cp->exceeded, w.at);
		w.seg = segment(cp, index); /* the list may have moved */
	}
	if (!cut && tail)
		return put_behind(cp, &w);
	make_bad(cp, &w, VFIO_CCW_WHY_CCW_FETCH, w.at, spare || !cut);
	if (cut)
		cp_put_bad(w.slot + 1);
	return 0;
}

int cp_walk(struct cp *cp)
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

void cp_link_tics(struct cp *cp)
{
	u32 i;

	for (i = 0; i < cp->tics.n; i++) {
		const struct cp_tic *tic = (struct cp_tic *)cp->tics.p + i;

		if (segment(cp, tic->target)->n)
			cp_put_tic(tic->slot, segment(cp, tic->target)->host);
		else /* nothing could be fetched there, which is the TIC's program check */
			cp_put_bad(tic->slot);
	}
}

int cp_want_first(struct cp *cp, u32 guest)
{
	return want_segment(cp, guest, CHAIN_COMMAND, false);
}
