// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "tests/unit/cp_oracle.h"

#define ALL_CCWS 400 /* CCWs of one run: an endless data chain ends here */
#define POISON 0x02005a5a5a5a5a58ULL

struct ccw {
	u8 cmd, flags;
	u16 count;
	u32 cda;
};

enum direction { NONE, OUT, IN, BACK };

struct channel {
	const struct guest *g;
	const struct cp *cp; /* NULL: runs the guest's own program */
	const struct cp *next; /* what a suspended one goes on with, or NULL */
	const struct device *dev;
	struct run *run;
	bool fmt1, ida64, suspend;
	u32 block;
	u64 limit; /* of CCW and direct data addresses */
	unsigned int ccws, commands;
};

static struct event *event_new(struct channel *c, enum event_type type)
{
	struct run *r = c->run;
	struct event *ev = &r->ev[r->n < 2047 ? r->n++ : 2047];

	memset(ev, 0, sizeof(*ev));
	ev->type = type;
	return ev;
}

static void violate(struct channel *c, const char *what, u64 addr)
{
	if (!c->run->violation) {
		c->run->violation = what;
		c->run->violation_addr = addr;
	}
}

/* The guest's address for one behind a CCW. */
static u32 guest_cpa(const struct channel *c, u64 at)
{
	u32 cpa;

	if (!c->cp)
		return at;
	cpa = c->next ? cp_guest_cpa(c->next, at) : 0;
	return cpa ? cpa : cp_guest_cpa(c->cp, at);
}

/* The end of a run; at: behind the CCW that the status is about. */
static bool end(struct channel *c, u64 at, u8 cstat, u8 dstat, u16 resid)
{
	struct event *ev = event_new(c, EV_END);

	ev->cpa = guest_cpa(c, at);
	if (!ev->cpa && at)
		violate(c, "CCW address is not known to cp_guest_cpa()", at);
	ev->cstat = cstat;
	ev->dstat = dstat;
	ev->resid = resid;
	return false;
}

static bool check(struct channel *c, u64 at, u16 resid)
{
	return end(c, at, CSTAT_PROGRAM, 0, resid);
}

/* --- storage --- */

static const u8 *arena(const struct cp *cp, u64 addr, size_t len)
{
	u32 i;

	for (i = 0; i < cp->chunks.n; i++) {
		const struct cp_chunk *ch = (struct cp_chunk *)cp->chunks.p + i;

		if (addr >= ch->addr && addr + len <= ch->addr + CP_CHUNK_SIZE)
			return (u8 *)ch->va + (addr - ch->addr);
	}
	return NULL;
}

static bool in_segment(const struct cp *cp, u64 addr)
{
	u32 i;

	for (i = 0; i < cp->segs.n; i++) {
		const struct cp_segment *s = (struct cp_segment *)cp->segs.p + i;

		if (s->host && addr - s->host < s->slots * 8u)
			return true;
	}
	return false;
}

/* A CCW or an IDAW; false: not available to the channel. */
static bool fetch(struct channel *c, u64 addr, void *buf, size_t len, bool ccw)
{
	const u8 *p;

	if (!c->cp)
		return !guest_peek(c->g, addr, buf, len);
	p = arena(c->cp, addr, len);
	if (!p && c->next)
		p = arena(c->next, addr, len);
	if (!p || (addr & 7)) {
		violate(c, ccw ? "CCW outside the arena" : "IDAW outside the arena", addr);
		return false;
	}
	memcpy(buf, p, len);
	if ((in_segment(c->cp, addr) || (c->next && in_segment(c->next, addr))) != ccw)
		violate(c, ccw ? "no CCW is laid out here" : "IDAW taken from a CCW", addr);
	if (!ccw && be64toh(*(u64 *)buf) == POISON)
		violate(c, "stale IDAW", addr);
	return true;
}

static bool in_sink(const struct cp *cp, u64 addr, u32 len)
{
	return addr >= cp->sink && addr + len <= (u64)cp->sink + GUEST_PAGE;
}

/*
 * Whether data may move at addr, within a page. *name: the guest's address, or for storage of the
 * host's that takes or gives nothing, 0 with *sink.
 */
static bool data(struct channel *c, u64 addr, u32 len, bool store, u64 *name, bool *sink)
{
	struct guest_page *p;

	*sink = false;
	*name = addr;
	if (!c->cp) {
		p = guest_page(c->g, addr);
		return p && !(p->ro && store);
	}
	p = guest_page_of(c->g, addr);
	if (p) {
		if (!p->pinned)
			violate(c, "data in a page that is not pinned", addr);
		if (store && !p->pinned_write)
			violate(c, "store into a page pinned for reading", addr);
		*name = p->gfn * GUEST_PAGE + (addr - (uintptr_t)p->data);
		return true;
	}
	if (!in_sink(c->cp, addr, len) && !(c->next && in_sink(c->next, addr, len)))
		violate(c, "data outside guest pages", addr);
	*name = 0;
	*sink = true;
	return true;
}

/* --- CCWs --- */

static struct ccw decode(const struct channel *c, const u8 *b)
{
	struct ccw w;

	w.cmd = b[0];
	if (c->fmt1) {
		w.flags = b[1];
		w.count = b[2] << 8 | b[3];
		w.cda = (u32)b[4] << 24 | b[5] << 16 | b[6] << 8 | b[7];
	} else {
		w.cda = b[1] << 16 | b[2] << 8 | b[3];
		w.flags = b[4];
		w.count = b[6] << 8 | b[7];
	}
	return w;
}

static enum direction direction(u8 cmd)
{
	if (cmd == 0x03) /* no-operation */
		return NONE;
	if ((cmd & 3) == 1 || (cmd & 3) == 3) /* write, control */
		return OUT;
	if ((cmd & 3) == 2 || (cmd & 15) == 4) /* read, sense */
		return IN;
	return (cmd & 15) == 12 ? BACK : NONE;
}

static bool is_tic(const struct channel *c, const struct ccw *w)
{
	return c->fmt1 ? w->cmd == 0x08 : (w->cmd & 15) == 8;
}

/* Fetches the CCW at *at, by way of one TIC at most; *tic says whether there was one. */
static bool next_ccw(struct channel *c, u64 *at, bool first, struct ccw *w, bool *tic)
{
	u64 from = 0;
	u8 raw[8];

	*tic = false;
	for (;; *at = w->cda) {
		if (*at > c->limit || !fetch(c, *at, raw, 8, true))
			return check(c, (*tic ? from : *at) + 8, 0);
		*w = decode(c, raw);
		if (!is_tic(c, w))
			break;
		if (*tic || first || (c->fmt1 && (w->flags || w->count)) || (w->cda & 7) ||
		    w->cda > c->limit)
			return check(c, *at + 8, 0);
		from = *at;
		*tic = true;
	}
	if ((w->cmd & 15) == 8)
		return check(c, *at + 8, 0);
	return true;
}

/* The IDAW'th address of a list, or false. */
static bool idaw(struct channel *c, u32 list, u32 n, bool back, u64 *addr)
{
	u32 size = c->ida64 ? 8 : 4;
	u64 at = (u64)list + n * size;
	u8 b[8];
	u32 i;

	if (at > 0x7fffffff || !fetch(c, at, b, size, false))
		return false;
	for (*addr = 0, i = 0; i < size; i++)
		*addr = *addr << 8 | b[i];
	if (!c->ida64 && *addr > 0x7fffffff)
		return false;
	/* None but the first begins inside a block. */
	return !n || (back ? *addr + 1 : *addr) % c->block == 0;
}

/* Whether a CCW that has become current is valid. */
static bool valid(struct channel *c, u64 at, const struct ccw *w, bool chained, enum direction dir)
{
	u64 addr = w->cda, name;
	bool sink, bad;

	bad = w->flags & MIDA;
	bad |= !w->count && (!c->fmt1 || chained || (w->flags & CD));
	bad |= !chained && !(w->cmd & 15);
	bad |= (w->flags & SUSP) && (chained || !c->suspend);
	if (!bad && w->count && dir != NONE && !((w->flags & SKIP) && dir != OUT)) {
		if (w->flags & IDA)
			bad = w->cda > c->limit || (w->cda & (c->ida64 ? 7 : 3)) ||
			      !idaw(c, w->cda, 0, dir == BACK, &addr);
		else
			bad = w->cda > c->limit;
		bad = bad || !data(c, addr, 1, dir != OUT, &name, &sink);
	}
	return bad ? check(c, at + 8, 0) : true;
}

static void log_data(struct channel *c, u64 name, u32 len, enum direction dir, bool skipped)
{
	struct event *last = &c->run->ev[c->run->n - 1];

	if (skipped) {
		if (last->type != EV_SKIPPED)
			last = event_new(c, EV_SKIPPED);
		last->len += len;
		return;
	}
	if (last->type == EV_DATA &&
	    (dir == BACK ? last->addr - last->len : last->addr + last->len) == name) {
		last->len += len;
		return;
	}
	last = event_new(c, EV_DATA);
	last->addr = name;
	last->len = len;
	last->in = dir != OUT;
	last->back = dir == BACK;
}

/* Moves n bytes of a CCW's data, from its beginning. */
static bool transfer(struct channel *c, u64 at, const struct ccw *w, enum direction dir, u32 n)
{
	bool skipped = (w->flags & SKIP) && dir != OUT, ida = w->flags & IDA, sink;
	u32 block = ida ? c->block : GUEST_PAGE, moved = 0, k = 0, part;
	u64 addr = w->cda, low, name;

	if (skipped && !c->cp) { /* no storage is used, so none is checked */
		log_data(c, 0, n, dir, true);
		return true;
	}
	while (moved < n) {
		if (ida && !idaw(c, w->cda, k, dir == BACK, &addr)) {
			if (skipped)
				violate(c, "program check in storage that is not used", addr);
			return check(c, at + 8, w->count - moved);
		}
		k++;
		part = dir == BACK ? addr % block + 1 : block - addr % block;
		if (part > n - moved)
			part = n - moved;
		low = dir == BACK ? addr - part + 1 : addr;
		if ((!ida && addr > c->limit) || !data(c, low, part, dir != OUT, &name, &sink))
			return check(c, at + 8, w->count - moved);
		if (c->cp && sink != skipped)
			violate(c, "guest storage and the sink are confused", addr);
		log_data(c, dir == BACK ? name + part - 1 : name, part, dir, skipped);
		moved += part;
		addr = dir == BACK ? addr - part : addr + part;
	}
	return true;
}

static void pci(struct channel *c, const struct ccw *w, u64 at)
{
	if (w->flags & PCI)
		event_new(c, EV_PCI)->cpa = guest_cpa(c, at + 8);
}

/* One command with its data chain; *at is left at its last CCW. */
static bool command(struct channel *c, u64 *at, struct ccw *w, struct device_answer *a, bool *il,
		    u16 *resid)
{
	enum direction dir = direction(w->cmd);
	u8 cmd = w->cmd;
	bool tic, jumped = false;
	u32 left, n;

	if (!valid(c, *at, w, false, dir))
		return false;
	if (w->flags & SUSP) {
		struct event *ev = event_new(c, EV_END);

		ev->suspended = true;
		ev->cpa = guest_cpa(c, *at + 8);
		c->run->suspended_at = *at;
		return false;
	}
	if (c->commands == c->dev->commands)
		return end(c, *at + 8, 0, DSTAT_UC, w->count);
	event_new(c, EV_COMMAND)->cmd = cmd;
	pci(c, w, *at);
	a->bytes = DEVICE_ALL;
	a->dstat = DSTAT_CE_DE;
	if (c->dev->answer)
		*a = c->dev->answer(c->dev, c->commands, cmd);
	c->commands++;
	if (dir == NONE)
		a->bytes = 0;
	for (left = a->bytes;;) {
		n = left < w->count ? left : w->count;
		if (n && !transfer(c, *at, w, dir, n))
			return false;
		if (left != DEVICE_ALL)
			left -= n;
		*resid = w->count - n;
		if (*resid || !(w->flags & CD))
			break;
		*at += 8;
		if (!next_ccw(c, at, false, w, &tic))
			return false;
		jumped |= tic;
		if (!valid(c, *at, w, true, dir))
			return false;
		if (++c->ccws > ALL_CCWS)
			return end(c, *at + 8, 0, DSTAT_UC, 0);
		pci(c, w, *at);
	}
	/* No-operation is immediate: nothing is expected of it, so no length is incorrect. */
	*il = dir != NONE && (*resid || (left && left != DEVICE_ALL));
	/* A translation does not foresee a status modifier from a data chain that a TIC joins. */
	if (jumped && (a->dstat & DSTAT_SM))
		c->run->inexact = true;
	return true;
}

/* Whether the CCW at addr data-chains: skipping it leads into the middle of a chain. */
static bool chains_data(const struct channel *c, u64 addr)
{
	struct ccw w;
	u8 raw[8];

	if (guest_peek(c->g, addr, raw, 8))
		return false;
	w = decode(c, raw);
	return !is_tic(c, &w) && (w.flags & CD);
}

/* resumed: the first CCW is fetched as if the one before had chained to it. */
static void channel_run(struct channel *c, u64 at, bool resumed)
{
	struct device_answer a = { .bytes = 0 };
	bool first = !resumed, il, tic;
	struct ccw w;
	u16 resid = 0;

	c->run->n = 0;
	c->run->inexact = false;
	c->run->violation = NULL;
	c->run->suspended_at = 0;

	for (;; first = false) {
		if (!next_ccw(c, &at, first, &w, &tic) || !command(c, &at, &w, &a, &il, &resid))
			return;
		if (++c->ccws > ALL_CCWS)
			a.dstat |= DSTAT_UC;
		if (il && (w.flags & SLI) && !(w.flags & CD))
			il = false;
		if (il || (a.dstat & DSTAT_UC) || (w.flags & (CD | CC)) != CC) {
			end(c, at + 8, il ? CSTAT_IL : 0, a.dstat, resid);
			return;
		}
		if ((a.dstat & DSTAT_SM) && !c->cp && chains_data(c, at + 8))
			c->run->inexact = true;
		at += a.dstat & DSTAT_SM ? 16 : 8;
	}
}

static struct channel guest_channel(struct run *run, const struct guest *g,
				    const struct device *dev)
{
	return (struct channel){
		.g = g,
		.dev = dev,
		.run = run,
		.fmt1 = g->fmt1,
		.ida64 = g->ida64,
		.suspend = g->suspend,
		.block = guest_block(g),
		.limit = g->fmt1 ? 0x7fffffff : 0xffffff,
	};
}

static struct channel host_channel(struct run *run, const struct guest *g, const struct cp *cp,
				   const struct cp *next, const struct device *dev)
{
	return (struct channel){
		.g = g,
		.cp = cp,
		.next = next,
		.dev = dev,
		.run = run,
		.fmt1 = true,
		.ida64 = true,
		.suspend = g->suspend,
		.block = cp_ida2k(cp) ? 2048 : 4096,
		.limit = 0x7fffffff,
	};
}

void run_guest(struct run *run, const struct guest *g, u32 cpa, const struct device *dev)
{
	struct channel c = guest_channel(run, g, dev);

	channel_run(&c, cpa, false);
}

void run_host(struct run *run, const struct guest *g, const struct cp *cp,
	      const struct device *dev)
{
	struct channel c = host_channel(run, g, cp, NULL, dev);

	channel_run(&c, cp->cpa, false);
}

void resume_guest(struct run *run, const struct guest *g, u32 at, const struct device *dev)
{
	struct channel c = guest_channel(run, g, dev);

	channel_run(&c, at, true);
}

void resume_host(struct run *run, const struct guest *g, const struct cp *cp,
		 const struct cp *next, u32 at, const struct device *dev)
{
	struct channel c = host_channel(run, g, cp, next, dev);

	channel_run(&c, at, true);
}

const struct event *run_end(const struct run *run)
{
	return &run->ev[run->n - 1];
}

bool run_equal(const struct run *a, const struct run *b, unsigned int *where)
{
	unsigned int i;

	for (i = 0; i < a->n && i < b->n; i++) {
		const struct event *x = &a->ev[i], *y = &b->ev[i];

		*where = i;
		if (x->type != y->type || x->cmd != y->cmd || x->in != y->in ||
		    x->back != y->back || x->addr != y->addr || x->len != y->len ||
		    x->cpa != y->cpa || x->resid != y->resid || x->cstat != y->cstat ||
		    x->dstat != y->dstat || x->suspended != y->suspended)
			return false;
	}
	*where = i;
	return a->n == b->n;
}

const char *event_text(const struct event *ev, char *buf, size_t len)
{
	switch (ev->type) {
	case EV_COMMAND:
		snprintf(buf, len, "command %02x", ev->cmd);
		break;
	case EV_DATA:
		snprintf(buf, len, "data %s%s %llx %u", ev->in ? "in" : "out",
			 ev->back ? " backward" : "", (unsigned long long)ev->addr, ev->len);
		break;
	case EV_SKIPPED:
		snprintf(buf, len, "skipped %u", ev->len);
		break;
	case EV_PCI:
		snprintf(buf, len, "PCI cpa %x", ev->cpa);
		break;
	case EV_END:
		snprintf(buf, len, "end cpa %x resid %u cstat %02x dstat %02x%s", ev->cpa,
			 ev->resid, ev->cstat, ev->dstat, ev->suspended ? " suspended" : "");
		break;
	}
	return buf;
}

static u64 mix(u64 x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

struct device_answer device_random(const struct device *dev, unsigned int n, u8 cmd)
{
	u64 r = mix(dev->seed ^ mix((u64)n << 8 | cmd));
	struct device_answer a = { .bytes = DEVICE_ALL, .dstat = DSTAT_CE_DE };

	switch (r % 8) {
	case 0:
		a.bytes = r >> 40 & 0x7f;
		break;
	case 1:
		a.bytes = r >> 40 & 0x1ffff;
		break;
	case 2:
		a.bytes = 0;
		break;
	}
	if ((r >> 8) % 20 == 0)
		a.dstat |= DSTAT_UC;
	/* Where the translation expects it: searches; with ctx set, anywhere. */
	if ((r >> 16) % 3 == 0 && (dev->ctx || ((cmd & 7) == 1 && (cmd & 0x78))))
		a.dstat |= DSTAT_SM;
	return a;
}

void poison_arena(struct cp *cp)
{
	u64 word = htobe64(POISON);
	u32 i, k;

	for (i = 0; i < cp->chunks.n; i++) {
		u64 *va = ((struct cp_chunk *)cp->chunks.p)[i].va;

		for (k = 0; k < CP_CHUNK_SIZE / 8; k++)
			va[k] = word;
	}
}
