// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "tests/unit/cp_guest.h"

long cp_user_allocs = -1;

static void *must(void *p)
{
	if (!p) {
		perror("cp_guest");
		abort();
	}
	return p;
}

struct guest *guest_new(void)
{
	struct guest *g = must(calloc(1, sizeof(*g)));

	g->fmt1 = true;
	g->ida64 = true;
	g->read_fails_at = -1;
	g->pins_most = 1;
	return g;
}

/* Pages of guests that are gone: the fuzzer makes a new guest thousands of times a second. */
static struct guest_page *spare_pages;

static struct guest_page *page_new(void)
{
	struct guest_page *p = spare_pages;
	u8 *frame;

	if (p) {
		spare_pages = p->all;
		frame = p->data;
	} else {
		p = must(malloc(sizeof(*p)));
		frame = must(aligned_alloc(GUEST_PAGE, GUEST_PAGE));
	}
	memset(p, 0, sizeof(*p));
	memset(frame, 0, GUEST_PAGE);
	p->data = frame;
	return p;
}

static void pages_free(struct guest_page *p)
{
	struct guest_page *next;

	for (; p; p = next) {
		next = p->all;
		p->all = spare_pages;
		spare_pages = p;
	}
}

void guest_free(struct guest *g)
{
	pages_free(g->all);
	pages_free(g->gone);
	free(g);
}

struct guest_page *guest_page(const struct guest *g, u64 gpa)
{
	struct guest_page *p;

	for (p = g->bucket[gpa / GUEST_PAGE % 256]; p; p = p->next)
		if (p->gfn == gpa / GUEST_PAGE)
			return p;
	return NULL;
}

struct guest_page *guest_page_of(const struct guest *g, u64 host)
{
	struct guest_page *p;

	for (p = g->all; p; p = p->all)
		if (host - (uintptr_t)p->data < GUEST_PAGE)
			return p;
	return NULL;
}

static void map(struct guest *g, u64 gpa, unsigned int n, bool ro)
{
	struct guest_page *p;

	for (; n--; gpa += GUEST_PAGE) {
		if (guest_page(g, gpa))
			continue;
		p = page_new();
		p->gfn = gpa / GUEST_PAGE;
		p->ro = ro;
		p->next = g->bucket[p->gfn % 256];
		g->bucket[p->gfn % 256] = p;
		p->all = g->all;
		g->all = p;
	}
}

void guest_map(struct guest *g, u64 gpa, unsigned int n)
{
	map(g, gpa, n, false);
}

void guest_map_ro(struct guest *g, u64 gpa, unsigned int n)
{
	map(g, gpa, n, true);
}

static int copy(const struct guest *g, u64 gpa, void *buf, size_t len, bool in)
{
	while (len) {
		size_t off = gpa % GUEST_PAGE, part = GUEST_PAGE - off;
		struct guest_page *p = guest_page(g, gpa);

		if (!p)
			return -EFAULT;
		if (part > len)
			part = len;
		if (in)
			memcpy(p->data + off, buf, part);
		else
			memcpy(buf, p->data + off, part);
		buf = (u8 *)buf + part;
		gpa += part;
		len -= part;
	}
	return 0;
}

/* Maps what it writes to. */
void guest_write(struct guest *g, u64 gpa, const void *buf, size_t len)
{
	u64 first = gpa / GUEST_PAGE, last = (gpa + len - 1) / GUEST_PAGE;

	guest_map(g, gpa, last - first + 1);
	copy(g, gpa, (void *)buf, len, true);
}

int guest_peek(const struct guest *g, u64 gpa, void *buf, size_t len)
{
	return copy(g, gpa, buf, len, false);
}

static void complain(struct guest *g, const char *what)
{
	if (!g->error)
		g->error = what;
}

void guest_move(struct guest *g, u64 gpa)
{
	struct guest_page *p = guest_page(g, gpa), *old;
	u8 *frame;

	g->stamp++;
	if (!p)
		return;
	old = page_new();
	frame = old->data;
	memcpy(frame, p->data, GUEST_PAGE);
	old->data = p->data;
	p->data = frame;
	/* Not used again while this guest lives: what still reaches it is told apart. */
	old->all = g->gone;
	g->gone = old;
}

void guest_unmap(struct guest *g, u64 gpa)
{
	struct guest_page *p = guest_page(g, gpa), **link;

	g->stamp++;
	if (!p)
		return;
	if (p->pinned)
		complain(g, "unmapping a page that is pinned");
	for (link = &g->bucket[p->gfn % 256]; *link != p; link = &(*link)->next)
		;
	*link = p->next;
	for (link = &g->all; *link != p; link = &(*link)->all)
		;
	*link = p->all;
	p->all = g->gone;
	g->gone = p;
}

static u32 noise(struct guest *g, u32 below)
{
	g->noise = g->noise * 6364136223846793005ULL + 1442695040888963407ULL;
	return (g->noise >> 33) % below;
}

/* What other CPUs of the guest do, and its host, while the translation reads. */
static void disturb(struct guest *g, struct guest_page *p, u64 gpa, size_t len)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		p->data[(gpa + noise(g, len)) % GUEST_PAGE] ^= noise(g, 256);
	p->data[noise(g, GUEST_PAGE)] ^= noise(g, 256);
	switch (noise(g, 64)) {
	case 0:
		if (!p->pinned) /* else the driver is told first, and unpins */
			guest_unmap(g, gpa);
		break;
	case 1:
		if (!p->pinned)
			p->ro = !p->ro;
		break;
	case 2:
	case 3:
		guest_move(g, gpa);
		break;
	}
}

static int op_read(void *ctx, u64 gpa, void *buf, size_t len)
{
	struct guest *g = ctx;
	struct guest_page *p = guest_page(g, gpa);

	g->reads++;
	if (!len || gpa / GUEST_PAGE != (gpa + len - 1) / GUEST_PAGE)
		complain(g, "read of nothing or across a page");
	if (g->read_fails_at >= 0 && !g->read_fails_at--)
		return -EFAULT;
	if (!p)
		return -EFAULT;
	copy(g, gpa, buf, len, false);
	if (g->restless)
		disturb(g, p, gpa, len);
	return 0;
}

static int op_pin(void *ctx, u64 gfn, unsigned int n, bool write, u64 *hpa)
{
	struct guest *g = ctx;
	struct guest_page *p;
	unsigned int i;

	g->pin_calls++;
	if (!n || n > 32)
		complain(g, "pin of no page or of too many");
	for (i = 0; i < n; i++) {
		if (gfn + i > ~0ULL / GUEST_PAGE)
			return -EFAULT;
		p = guest_page(g, (gfn + i) * GUEST_PAGE);
		if (!p || (p->ro && write))
			return -EFAULT;
	}
	for (i = 0; i < n; i++) {
		p = guest_page(g, (gfn + i) * GUEST_PAGE);
		if (p->pinned >= g->pins_most)
			complain(g, "page pinned twice");
		p->pinned++;
		p->pinned_write |= write;
		g->pinned++;
		hpa[i] = (uintptr_t)p->data;
	}
	return 0;
}

static void op_unpin(void *ctx, u64 gfn, unsigned int n)
{
	struct guest *g = ctx;
	unsigned int i;

	g->unpin_calls++;
	if (!n)
		complain(g, "unpin of no page");
	for (i = 0; i < n; i++) {
		struct guest_page *p = guest_page(g, (gfn + i) * GUEST_PAGE);

		if (!p || !p->pinned) {
			complain(g, "unpin of a page that is not pinned");
			continue;
		}
		p->pinned--;
		p->pinned_write &= p->pinned > 0;
		g->pinned--;
	}
}

static u64 op_stamp(void *ctx)
{
	return ((struct guest *)ctx)->stamp;
}

const struct cp_ops guest_ops = { .read = op_read, .pin = op_pin, .unpin = op_unpin };
const struct cp_ops guest_keep_ops = {
	.read = op_read, .pin = op_pin, .unpin = op_unpin, .stamp = op_stamp
};

u32 guest_ccw(struct guest *g, u32 gpa, u8 cmd, u8 flags, u16 count, u32 cda)
{
	u8 b[8] = { cmd, flags, count >> 8, count, cda >> 24, cda >> 16, cda >> 8, cda };
	u8 b0[8] = { cmd, cda >> 16, cda >> 8, cda, flags, 0, count >> 8, count };

	guest_write(g, gpa, g->fmt1 ? b : b0, 8);
	return gpa + 8;
}

u32 guest_tic(struct guest *g, u32 gpa, u32 to)
{
	return guest_ccw(g, gpa, 0x08, 0, 0, to);
}

u32 guest_idaw(struct guest *g, u32 gpa, u64 addr)
{
	__be64 w64 = htobe64(addr);
	__be32 w32 = htobe32(addr);

	if (g->ida64)
		guest_write(g, gpa, &w64, 8);
	else
		guest_write(g, gpa, &w32, 4);
	return gpa + (g->ida64 ? 8 : 4);
}

u32 guest_block(const struct guest *g)
{
	return g->ida64 && !g->ida2k ? 4096 : 2048;
}

void guest_idal(struct guest *g, u32 gpa, u64 addr, u32 count, bool back)
{
	u32 block = guest_block(g);

	for (;;) {
		u32 room = back ? addr % block + 1 : block - addr % block;

		gpa = guest_idaw(g, gpa, addr);
		if (count <= room)
			return;
		count -= room;
		addr = back ? addr - room : addr + room;
	}
}

void guest_orb(const struct guest *g, u32 cpa, __be32 orb[3])
{
	orb[0] = htobe32(0x12345678);
	orb[1] = htobe32((g->suspend ? 0x08000000 : 0) | (g->fmt1 ? 0x00800000 : 0) | 0x00400000 |
			 (g->ida64 ? 0x00020000 : 0) | (g->ida2k ? 0x00010000 : 0) | 0x8000);
	orb[2] = htobe32(cpa);
}
