// SPDX-License-Identifier: GPL-2.0
/*
 * Second pass: each page that the program names is pinned once, neighbours in one call; and what
 * becomes of the pins.
 */
#include "cp_int.h"

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
	rc = cp_array_grow(&cp->index, sizeof(u32), room);
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

u32 cp_page_index(const struct cp *cp, u64 gfn)
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

int cp_want_page(struct cp *cp, u64 gfn, bool in)
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
			return cp_too_many(cp, VFIO_CCW_WHY_MAX_PAGES);
	}
	rc = cp_array_grow(&cp->pages, sizeof(*p), cp->pages.n + 1);
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

void cp_pin_pages(struct cp *cp)
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
