/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The translation inside: what cp.c (a program's life), cp_walk.c (the guest's CCWs and IDALs, laid
 * out), cp_pages.c (pages pinned, kept, given back) and cp_fill.c (absolute addresses) share.
 */
#ifndef VCCW_CP_INT_H
#define VCCW_CP_INT_H

#include "cp.h"

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

static inline bool cp_guest_bad(u64 addr)
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

static inline struct guest_ccw cp_decode(const struct cp *cp, const struct cp_ccw *raw)
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

static inline u32 addr_max(const struct cp *cp)
{
	return cp->fmt1 ? ADDR31 : ADDR24;
}

static inline void cp_note_bad(struct cp *cp, enum vfio_ccw_why why, u32 ccw, u64 addr, bool spare)
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
static inline void cp_put_bad(struct cp_ccw *slot)
{
	slot->cmd = 0; /* invalid command */
	slot->flags &= F_DC;
	slot->count = 0; /* invalid in a data chain */
	slot->cda = cpu_to_be32(~ADDR31);
}

static inline void cp_put_tic(struct cp_ccw *slot, u32 target)
{
	slot->cmd = CMD_TIC;
	slot->flags = 0;
	slot->count = 0;
	slot->cda = cpu_to_be32(target);
}

static inline int cp_refuse(struct cp *cp, enum vfio_ccw_why why, u64 addr)
{
	cp->shape.why = why;
	cp->shape.bad_ccw = addr;
	cp->shape.bad_addr = addr;
	return -EINVAL;
}

/* Beyond a bound: refused by the caller, unless it only concerns what is spare. */
static inline int cp_too_many(struct cp *cp, enum vfio_ccw_why why)
{
	cp->exceeded = why;
	return -E2BIG;
}

/* cp.c */

/* Room for need elements of that size; 0 or -ENOMEM. */
int cp_array_grow(struct cp_array *a, size_t size, u32 need);
/* Room for len bytes (a multiple of 8, at most a segment) that the channel can address. */
void *cp_arena_take(struct cp *cp, u32 len, u32 *addr);
/* Reads guest memory that may span pages; returns how many leading bytes could be read. */
size_t cp_read_guest(struct cp *cp, u64 gpa, void *buf, size_t len);

/* cp_walk.c */

/* Lays out all segments, the program's own before the spare ones. 0 or a negative errno. */
int cp_walk(struct cp *cp);
/* TICs that were laid out before their target get its address. */
void cp_link_tics(struct cp *cp);
/* Puts a segment of a command chain on the work list. Its number, or a negative errno. */
int cp_want_first(struct cp *cp, u32 guest);

/* cp_pages.c */

/* Notes that the program stores into that frame, or fetches from it. 0 or a negative errno. */
int cp_want_page(struct cp *cp, u64 gfn, bool in);
/* Number of the first page from gfn on; pages are sorted. */
u32 cp_page_index(const struct cp *cp, u64 gfn);
/* Pins what can be pinned of the pages that are wanted, each once. */
void cp_pin_pages(struct cp *cp);

/* cp_fill.c */

/* Guest addresses in the IDAWs become absolute ones. */
void cp_fill(struct cp *cp);

#endif /* VCCW_CP_INT_H */
