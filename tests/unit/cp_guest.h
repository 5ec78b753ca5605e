/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's memory for tests of the channel-program translation: sparse pages, holes, read-only
 * pages, and a ledger of pins. Errors of the ledger (a pin too many, an unpin of nothing) are
 * counted, not fatal, so that the fuzzer and the tests each say it their own way.
 */
#ifndef TESTS_UNIT_CP_GUEST_H
#define TESTS_UNIT_CP_GUEST_H

#include "driver/cp.h"

#define GUEST_PAGE 4096u

/* CCW flags */
#define CD 0x80
#define CC 0x40
#define SLI 0x20
#define SKIP 0x10
#define PCI 0x08
#define IDA 0x04
#define SUSP 0x02
#define MIDA 0x01

struct guest_page {
	struct guest_page *next; /* in its bucket */
	struct guest_page *all;
	u64 gfn;
	u8 *data; /* page aligned; its address is the page's absolute address */
	bool ro;
	unsigned int pinned; /* how often */
	bool pinned_write; /* one of them for storing */
};

struct guest {
	struct guest_page *bucket[256], *all;
	struct guest_page *gone; /* frames and pages of before */
	bool fmt1, ida64, ida2k, suspend;

	/* Behind every read contents change, and now and then a page moves or goes. */
	bool restless;
	u64 noise;
	u64 stamp; /* of guest_keep_ops */
	bool keep; /* a program's pages stay pinned for the next one */
	int read_fails_at; /* the n-th read from now fails; negative: none */

	/* What the translation did. */
	unsigned int reads, pin_calls, unpin_calls;
	unsigned int pinned; /* pages at the moment, each as often as it is */
	unsigned int pins_most; /* one page may have: 1 for each program under way */
	const char *error; /* first error of the ledger, or NULL */
};

extern const struct cp_ops guest_ops; /* ctx is the guest */
extern const struct cp_ops guest_keep_ops; /* the same, and pages may stay pinned */

struct guest *guest_new(void);
void guest_free(struct guest *g);

/* Maps n pages from gpa on; mapped ones stay. */
void guest_map(struct guest *g, u64 gpa, unsigned int n);
void guest_map_ro(struct guest *g, u64 gpa, unsigned int n);
/* The page at gpa gets another frame, with the same contents. */
void guest_move(struct guest *g, u64 gpa);
/* The page at gpa is no longer mapped; it must not be pinned. */
void guest_unmap(struct guest *g, u64 gpa);
struct guest_page *guest_page(const struct guest *g, u64 gpa);
/* The page whose data is at an absolute address, or NULL. */
struct guest_page *guest_page_of(const struct guest *g, u64 host);
void guest_write(struct guest *g, u64 gpa, const void *buf, size_t len);
/* 0, or -EFAULT; not counted as the translation's. */
int guest_peek(const struct guest *g, u64 gpa, void *buf, size_t len);

/* A CCW in the guest's format at gpa; returns the address behind it. */
u32 guest_ccw(struct guest *g, u32 gpa, u8 cmd, u8 flags, u16 count, u32 cda);
u32 guest_tic(struct guest *g, u32 gpa, u32 to);
/* An IDAW of the guest's format at gpa; returns the address behind it. */
u32 guest_idaw(struct guest *g, u32 gpa, u64 addr);
/* A whole IDAL at gpa for consecutive storage. */
void guest_idal(struct guest *g, u32 gpa, u64 addr, u32 count, bool back);
u32 guest_block(const struct guest *g); /* bytes an IDAW covers */

/* The ORB for a program at cpa, in the guest's formats. */
void guest_orb(const struct guest *g, u32 cpa, __be32 orb[3]);

#endif /* TESTS_UNIT_CP_GUEST_H */
