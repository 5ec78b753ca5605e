// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "tests/unit/cp_gen.h"

#define PROGRAM 0x2000u /* two pages of CCWs, nothing behind them */
#define LISTS 0x6000u /* two pages of IDAWs, nothing behind them */
#define DATA 0x10000u /* 24 pages, then a hole */
#define ROM 0x40000u /* 2 pages to read from only */
#define TOP24 0xfff000u /* the last page of 24-bit addresses */
#define TOP31 0x7ffff000u
#define HIGH 0x1234567000ULL /* above 4 GiB, two pages */

u32 bytes_take(struct bytes *b, u32 below)
{
	u32 v = 0;

	if (!b->p) {
		u64 x = b->seed += 0x9e3779b97f4a7c15ULL;

		x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
		return (x ^ (x >> 32)) % 0xffffffff % below;
	}
	if (b->n) {
		v = *b->p++;
		b->n--;
	}
	if (below > 256 && b->n) {
		v = v << 8 | *b->p++;
		b->n--;
	}
	return v % below;
}

#define PICK(b, table) ((table)[bytes_take(b, sizeof(table) / sizeof((table)[0]))])

static u32 offset(struct bytes *b)
{
	static const u16 edges[] = { 0, 0, 0, 8, 1, 2047, 2048, 4088, 4095 };
	u32 n = bytes_take(b, 12);

	return n < 9 ? edges[n] : bytes_take(b, GUEST_PAGE);
}

static u16 count(struct bytes *b)
{
	static const u16 usual[] = { 1, 8, 8, 64, 512, 2048, 4096, 4097, 8192, 60000, 65535, 0 };
	u32 n = bytes_take(b, 14);

	return n < 12 ? usual[n] : bytes_take(b, 65536);
}

/* Where data may be; low: named by a CCW itself. */
static u64 place(struct bytes *b, const struct guest *g, bool low)
{
	u64 at;

	switch (bytes_take(b, 16)) {
	case 0:
		at = ROM;
		break;
	case 1:
		at = bytes_take(b, 2) ? TOP24 : TOP31;
		break;
	case 2:
		at = DATA + 23 * GUEST_PAGE; /* into the hole behind */
		break;
	case 3:
		at = bytes_take(b, 4) ? DATA : 0x900000; /* a hole */
		break;
	case 4:
		at = PROGRAM;
		break;
	case 5:
	case 6:
		at = low ? DATA : HIGH;
		break;
	case 7:
		at = bytes_take(b, 4) ? 0 : 0xfffffffffffff000ULL;
		break;
	default:
		at = DATA + bytes_take(b, 24) * GUEST_PAGE;
		break;
	}
	if (low && !g->fmt1)
		at &= 0xffffff;
	return at + offset(b);
}

static u64 block_edge(const struct guest *g, u64 at, bool back)
{
	u64 mask = guest_block(g) - 1;

	return back ? at | mask : at & ~mask;
}

/* An IDAL somewhere; its address. */
static u32 list(struct bytes *b, struct guest *g, u16 n_bytes, bool back)
{
	u32 size = g->ida64 ? 8 : 4, n = n_bytes / guest_block(g) + 2, i;
	u32 at = LISTS + bytes_take(b, 2 * GUEST_PAGE / 8) * 8, start, straight = bytes_take(b, 4);
	u64 addr = place(b, g, !g->ida64);

	if (!bytes_take(b, 6))
		at = LISTS + 2 * GUEST_PAGE - 8 * (1 + bytes_take(b, 4)); /* near the end */
	start = at;
	for (i = 0; i < n && at + size <= LISTS + 2 * GUEST_PAGE; i++) {
		at = guest_idaw(g, at, addr);
		if (straight) {
			addr = block_edge(g, addr, back);
			addr = back ? addr - guest_block(g) : addr + guest_block(g);
		} else {
			addr = place(b, g, !g->ida64);
			if (bytes_take(b, 16))
				addr = block_edge(g, addr, back);
		}
	}
	if (!bytes_take(b, 40))
		start += 2;
	return start;
}

u32 gen_program(struct bytes *b, struct guest *g)
{
	static const u8 cmds[] = { 0x01, 0x05, 0x02, 0x06, 0x03, 0x04, 0x07, 0x0c, 0x31, 0x29,
				   0xb1, 0x63, 0x47, 0xe4, 0x02, 0x31 };
	static const u8 flags[] = { CC, CC, CC, CC, CD, CD, CC | SLI, CC | SLI, 0, CC | SKIP,
				    CC | PCI, CD | CC | SLI };
	u32 first[4], len[4], runs, n, i;

	g->fmt1 = bytes_take(b, 4);
	g->ida64 = bytes_take(b, 3);
	g->ida2k = bytes_take(b, 3) == 0;
	g->suspend = bytes_take(b, 4) == 0;
	g->noise = b->seed;
	guest_map(g, 0, 1);
	guest_map(g, PROGRAM, 2);
	guest_map(g, LISTS, 2);
	guest_map(g, DATA, 24);
	guest_map_ro(g, ROM, 2);
	guest_map(g, TOP24, 1);
	guest_map(g, TOP31, 1);
	guest_map(g, HIGH, 2);

	runs = 1 + bytes_take(b, 4);
	for (i = 0; i < runs; i++) {
		static const u32 bases[] = { PROGRAM, PROGRAM + 0x40, PROGRAM + 0xfd8, 0,
					     PROGRAM + 0x1f80, PROGRAM + 0x1fd8, TOP31 + 0xfc0,
					     TOP24 + 0xfc0 };

		first[i] = bytes_take(b, 3) ? PROGRAM + bytes_take(b, 96) * 8 : PICK(b, bases);
		len[i] = 1 + bytes_take(b, 12);
		if (!g->fmt1)
			first[i] &= 0xffffff;
		while ((first[i] % GUEST_PAGE) / 8 + len[i] > GUEST_PAGE / 8 &&
		       first[i] != PROGRAM + 0xfd8)
			len[i]--;
	}
	for (i = 0; i < runs; i++) {
		for (n = 0; n < len[i]; n++) {
			u32 at = first[i] + n * 8, cda, to;
			u8 cmd = PICK(b, cmds), f = PICK(b, flags);
			u16 c = count(b);

			switch (bytes_take(b, 16)) {
			case 0: /* anything */
				cmd = bytes_take(b, 256);
				f = bytes_take(b, 256) & (bytes_take(b, 4) ? 0xfc : 0xff);
				break;
			case 1:
			case 2:
				to = bytes_take(b, runs);
				cda = first[to] + bytes_take(b, len[to]) * 8;
				if (!bytes_take(b, 24))
					cda += bytes_take(b, 8);
				guest_tic(g, at, cda);
				continue;
			case 3: /* the search of a CKD device, with its loop */
				if (n + 1 < len[i]) {
					guest_ccw(g, at, 0x31, CC, 5, DATA);
					guest_tic(g, at + 8, at);
					n++;
					continue;
				}
				break;
			}
			if (!c && bytes_take(b, 8))
				c = 1;
			if (bytes_take(b, 3)) {
				cda = place(b, g, true);
			} else {
				cda = list(b, g, c, (cmd & 15) == 12);
				f |= IDA;
			}
			guest_ccw(g, at, cmd, f, c, cda);
		}
	}
	return first[0];
}

static const char *say(const char *what, const struct run *run, const struct run *other,
		       unsigned int where)
{
	static char text[400];
	char x[100] = "nothing", y[100] = "nothing";

	if (where < run->n)
		event_text(&run->ev[where], x, sizeof(x));
	if (other && where < other->n)
		event_text(&other->ev[where], y, sizeof(y));
	if (other)
		snprintf(text, sizeof(text), "%s: event %u: guest %s, host %s", what, where, x, y);
	else
		snprintf(text, sizeof(text), "%s at %llx", what,
			 (unsigned long long)run->violation_addr);
	return text;
}

/* Whether a bound may have made a difference. */
static bool bound_met(const struct cp *cp)
{
	return cp->spares >= cp->max.segments || cp->segs.n - cp->spares >= cp->max.segments ||
	       cp->pages.n >= cp->max.pages || cp->shape.ccws + CP_SEGMENT_CCWS > cp->max.ccws ||
	       cp->shape.idaws + 33 > cp->max.idaws;
}

/* Whether the CCWs from there on chain without a TIC for longer than a segment may be. */
static bool too_long(const struct guest *g, u64 at)
{
	unsigned int i;
	u8 raw[8];

	for (i = 0; i < CP_SEGMENT_CCWS; i++, at += 8) {
		if (guest_peek(g, at, raw, 8) || (g->fmt1 ? raw[0] : raw[0] & 15) == 0x08 ||
		    !(raw[g->fmt1 ? 1 : 4] & (CD | CC)))
			return false;
	}
	return true;
}

/*
 * Refusing a program is fine only where the first CCW cannot be had, a bound was met, or the
 * address that the refusal names begins too long a segment.
 */
static const char *check_refusal(const struct guest *g, const struct cp *cp, u32 cpa,
				 const struct gen_result *res, bool steady, bool scarce)
{
	if (res->rc == -ENOMEM)
		return scarce && cp_user_allocs < 0 ? NULL : "out of memory, and there is some";
	if (res->rc != -EINVAL)
		return "refused with another error than -EINVAL";
	if (!steady || (cpa & 7) || !guest_page(g, cpa) || res->bound ||
	    too_long(g, cp->shape.bad_addr))
		return NULL;
	return "a program within the bounds was refused";
}

/* What two runs differ in, or NULL. *equal: they could be compared. */
static const char *compare(const struct run *a, const struct run *h, bool *equal)
{
	unsigned int where;

	if (a->inexact)
		return NULL;
	if (!run_equal(a, h, &where))
		return say("the runs differ", a, h, where);
	*equal = true;
	return NULL;
}

/*
 * Runs both programs against a device: NULL, or what is wrong. *at: the channel's address of the
 * CCW it is suspended at, or 0.
 */
static const char *run_both(const struct guest *g, const struct cp *cp, u32 cpa,
			    const struct device *dev, bool comparable, u32 *at,
			    struct gen_result *res)
{
	static struct run a, h;

	*at = 0;
	run_host(&h, g, cp, dev);
	if (h.violation)
		return say(h.violation, &h, NULL, 0);
	*at = h.suspended_at;
	if (!comparable)
		return NULL;
	run_guest(&a, g, cpa, dev);
	return compare(&a, &h, &res->compared);
}

/* The guest changes its suspended program, and it goes on as it is then. */
static const char *resume(struct bytes *b, struct guest *g, struct cp *cp, struct cp *next, u32 at,
			  const struct device *dev, bool comparable, struct gen_result *res)
{
	u32 guest = cp_guest_cpa(cp, at + 8) - 8;
	unsigned int before = g->pinned;
	static struct run a, h;
	const char *wrong;
	__be32 orb[3];
	u8 raw[8];

	if (guest_peek(g, guest, raw, 8) || !guest_page(g, guest))
		return NULL;
	raw[g->fmt1 ? 1 : 4] &= ~SUSP;
	/* The same, another command, or a TIC. */
	if (bytes_take(b, 2))
		raw[0] = bytes_take(b, 2) ? bytes_take(b, 256) : 0x08;
	guest_write(g, guest, raw, 8);
	guest_orb(g, guest, orb);
	poison_arena(next);
	next->resumed = true;
	g->pins_most = 2;
	if (cp_translate(next, orb)) {
		g->pins_most = 1;
		return g->pinned == before ? NULL : "a refusal changed what is pinned";
	}
	cp_go_on(cp, guest, next);
	resume_host(&h, g, cp, next, at, dev);
	wrong = h.violation ? say(h.violation, &h, NULL, 0) : NULL;
	if (!wrong && comparable && !bound_met(next)) {
		resume_guest(&a, g, guest, dev);
		wrong = compare(&a, &h, &res->resumed);
	}
	cp_release(next);
	g->pins_most = 1;
	return wrong;
}

const char *gen_check(struct bytes *b, struct guest *g, struct cp *cp, struct cp *next, u32 cpa,
		      struct gen_result *res)
{
	struct device dev = { .answer = device_random, .commands = 40 };
	bool scarce = cp_user_allocs >= 0, steady;
	unsigned int before = g->pinned, i;
	const char *wrong = NULL;
	u32 at = 0;
	__be32 orb[3];

	memset(res, 0, sizeof(*res));
	res->restless = g->restless = bytes_take(b, 8) == 7;
	if (g->restless)
		g->noise += bytes_take(b, 65536);
	steady = !g->restless && g->read_fails_at < 0;
	guest_orb(g, cpa, orb);
	poison_arena(cp);
	res->rc = cp_translate(cp, orb);
	res->bound = bound_met(cp);
	if (res->rc)
		return g->pinned != before ? "a refusal changed what is pinned" :
		       g->error		   ? g->error :
					     check_refusal(g, cp, cpa, res, steady, scarce);
	/* Several devices each, the last of them with status modifiers anywhere. */
	for (i = 0; i < 3 && !wrong; i++) {
		dev.seed = b->seed + bytes_take(b, 256) * 256 + i;
		dev.ctx = i == 2 ? &dev : NULL;
		wrong = run_both(g, cp, cpa, &dev, steady && !dev.ctx && !res->bound, &at, res);
	}
	dev.ctx = NULL;
	if (!wrong && next && at)
		wrong = resume(b, g, cp, next, at, &dev, steady && !res->bound, res);
	if (g->keep) {
		cp_keep(cp);
		return wrong ? wrong : g->error;
	}
	cp_release(cp);
	if (!wrong && g->pinned)
		wrong = "pages stay pinned after the release";
	return wrong ? wrong : g->error;
}
