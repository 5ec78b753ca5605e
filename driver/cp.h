/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel-program translation: a guest's program in, a program for the channel out.
 *
 * The guest's CCWs and IDALs are copied once, and only the copy is looked at: what the guest
 * changes later changes nothing here. Every data area becomes a format-2 IDAL over pinned pages,
 * since host pages may lie anywhere, and every CCW becomes a format-1 CCW. The library calls out
 * for three things only (struct cp_ops) and compiles in user space too, where it is tested.
 *
 * What the architecture answers with a program check when the channel gets there (an address that
 * is not mapped, a misaligned IDAL, a TIC to nowhere) is answered that way here as well: the CCW
 * becomes one that no channel accepts, in its place, so that the CCWs before it run and the guest
 * finds its own CCW address in the SCSW. Refused as a whole are programs whose first CCW cannot be
 * fetched and programs beyond the bounds of struct cp_limits.
 */
#ifndef VCCW_CP_H
#define VCCW_CP_H

#ifdef __KERNEL__
#include "cp_kernel.h"
#else
#include "tests/unit/cp_user.h"
#endif
#include "trace/events/vfio_ccw_abi.h"

/* CCWs in a row without a TIC; the contract's "chain longer than 255" with the last one counted. */
#define CP_SEGMENT_CCWS 256

/* Bounds of one program, so that a guest costs the host bounded time and memory. */
struct cp_limits {
	u32 segments; /* runs of CCWs: from the ORB or a TIC, and as many behind status modifiers */
	u32 ccws;
	u32 idaws;
	u32 pages; /* distinct guest pages */
};

struct cp_ops {
	/* Copies len bytes of guest memory, never across a page: 0 or a negative errno. */
	int (*read)(void *ctx, u64 gpa, void *buf, size_t len);
	/*
	 * Pins n pages from guest frame gfn on, all or none, and stores their absolute addresses:
	 * 0 or a negative errno. write: the channel will store into them.
	 */
	int (*pin)(void *ctx, u64 gfn, unsigned int n, bool write, u64 *hpa);
	void (*unpin)(void *ctx, u64 gfn, unsigned int n);
	/*
	 * A number that changes before any guest page gets another host page. Optional: with it,
	 * pages may stay pinned for the next program (cp_keep()).
	 */
	u64 (*stamp)(void *ctx);
	/* Makes a pinned page nobody's, for good: it survives being unpinned. Optional. */
	void (*disown)(void *ctx, u64 hpa);
};

/* What a program looks like, for the event and the counters. */
struct cp_shape {
	u32 ccws;
	u32 segments;
	u32 idaws;
	u32 pages;
	u32 bytes; /* sum of the counts of CCWs that move data */
	u8 cmd; /* command code of the first CCW */
	u32 bad_ccws; /* CCWs that became one the channel refuses */
	/*
	 * What was wrong with the first of them that was found, or with a program that was refused:
	 * guest address of the CCW, and of what was wrong (its data, a TIC's target, an IDAL).
	 */
	enum vfio_ccw_why why;
	u32 bad_ccw;
	u64 bad_addr;
	u32 reused; /* pages that were pinned still */
};

struct cp_chunk {
	void *va;
	u32 addr; /* absolute address, below 2 GiB */
};

struct cp_segment {
	struct cp_ccw *va;
	u32 guest; /* address of its first CCW for the guest */
	u32 host; /* and for the channel; 0: not yet translated */
	u16 n; /* CCWs that a TIC may lead to */
	u16 slots; /* CCWs laid out: with what stands behind the last one */
	u8 chain; /* enum cp_chain: what leads to its first CCW */
	bool spare; /* reachable behind a status modifier only: wrong content is no error */
};

struct cp_tic {
	struct cp_ccw *slot;
	u32 target; /* number of the segment it leads to */
};

struct cp_page {
	u64 gfn;
	u64 hpa; /* CP_PAGE_BAD: cannot be pinned */
	bool in, out; /* the program stores into it, fetches from it; when pinned: and may */
};

struct cp_idal {
	__be64 *idaw; /* guest addresses until cp_fill() */
	struct cp_ccw *ccw; /* the CCW that names it */
	u32 guest; /* address of that CCW for the guest */
	u16 n;
	bool in; /* the channel stores */
	bool spare;
};

struct cp_ccw { /* format 1, as the channel reads it */
	u8 cmd;
	u8 flags;
	__be16 count;
	__be32 cda;
} __packed __aligned(8);

/* A CCW as the guest wrote it, for who wants to tell of it. */
struct cp_logged {
	struct cp_ccw ccw;
	u64 first; /* guest address where its data begins, or beyond all memory */
	u32 addr; /* the CCW's own, for the guest */
	u8 cmd; /* command in effect, that of the CCW it is data-chained to */
};

struct cp_array {
	void *p;
	u32 n;
	u32 room;
};

struct cp {
	const struct cp_ops *ops;
	void *ctx;
	struct cp_limits max;

	/* The arena: chunks below 2 GiB, kept from program to program, refilled from the start. */
	struct cp_array chunks;
	u32 chunk; /* the one being filled */
	u32 used; /* bytes of it */
	u32 sink; /* absolute address of a page that takes or gives what nobody wants */

	struct cp_array segs, tics, pages, idals;
	struct cp_array log; /* the guest's CCWs in the order in which they were copied */
	bool logging; /* set by who wants them; costs memory and time */
	bool resumed; /* set by who translates what a suspended program goes on with */
	u8 exceeded; /* enum vfio_ccw_why: the bound that was last found exceeded */
	u32 spares; /* segments that are */
	u32 done_must, done_spare; /* segments before these are translated, by kind */
	struct cp_array kept; /* pages of the last program, pinned still; BAD ones are not */
	u64 stamp, kept_stamp; /* when pages and kept were pinned */
	bool sorted; /* pages are strictly ascending */
	bool indexed; /* each page is in the index, and none there twice */
	struct cp_array index; /* u32: 1 + number of a page, by its frame number; 0: none */
	u64 index_factor;
	u32 index_shift;
	bool pinned;

	bool fmt1, ida64, ida2k; /* the guest's formats */
	u32 block; /* bytes an IDAW covers, for guest and channel */
	u32 cpa; /* channel program address for the host's ORB, valid after cp_translate() */
	struct cp_shape shape;
	struct cp_ccw scratch[CP_SEGMENT_CCWS];
	u64 idawbuf[65536 / 2048 + 2];
};

/* Makes an empty cp. 0 or -ENOMEM. ops and ctx must outlive it. */
int cp_init(struct cp *cp, const struct cp_ops *ops, void *ctx, const struct cp_limits *max);

/* Frees everything. The channel must have let go of the last program. */
void cp_destroy(struct cp *cp);

/*
 * Translates the program of a command-mode ORB (three words as the guest stored them) and pins its
 * pages. On success cp->cpa is the program to start, with format-1 CCWs, format-2 IDAWs, and 2 KiB
 * blocks if cp_ida2k(). A program translated before must have been released.
 *
 * -EOPNOTSUPP: transport mode. -EINVAL: the program cannot be started or is beyond the bounds;
 * shape.bad_addr names the guest address. -ENOMEM: this host is out of memory. Nothing stays
 * pinned on failure.
 */
int cp_translate(struct cp *cp, const __be32 orb[3]);

/*
 * Makes a suspended program go on with another one: the CCW that the guest knows by this address,
 * which the channel fetches again when it resumes, becomes a TIC there. Nothing happens if the
 * address is not of this program.
 */
void cp_go_on(struct cp *cp, u32 guest, const struct cp *next);

/* Unpins the program's pages; the arena stays for the next one. May sleep. */
void cp_release(struct cp *cp);

/*
 * The program is done with, but the next one may well name the same pages: leaves them pinned for
 * it. What it does not name is unpinned then, and everything if a guest page may have got another
 * host page meanwhile. Whoever keeps must release in bounded time.
 */
void cp_keep(struct cp *cp);

/*
 * The channel will never give the program back: its pages are unpinned, but stay out of use for
 * good, whatever the channel still does to them. The arena is the caller's to leave alone.
 */
void cp_disown(struct cp *cp);

/* Whether pages are pinned. */
static inline bool cp_busy(const struct cp *cp)
{
	return cp->pinned;
}

static inline bool cp_ida2k(const struct cp *cp)
{
	return cp->block == 2048;
}

/* Whether the program names a page of [iova, iova + len). */
bool cp_uses(const struct cp *cp, u64 iova, u64 len);

static inline u32 cp_kept(const struct cp *cp)
{
	return cp->kept.n;
}

/*
 * Of CCW number i of the log: up to len leading bytes of its parameters if it is a control command
 * into buf, from guest memory as it is now; how many. What reads and writes move is never given.
 * *first: its first IDAW, cp_no_idaw() if it has none.
 */
u32 cp_logged_data(struct cp *cp, u32 i, u8 *buf, u32 len, u64 *first);

static inline bool cp_no_idaw(u64 first)
{
	return first == ~0ULL;
}

/*
 * The guest's address for a CCW address that the channel stored: SCSW and ESW hold the address
 * behind a CCW (Principles of Operation, chapter 16, CCW address). 0 for one that is not of this
 * program: a host address is never shown.
 */
u32 cp_guest_cpa(const struct cp *cp, u32 host);

#endif /* VCCW_CP_H */
