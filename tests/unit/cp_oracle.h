/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel, as simple as the architecture allows (Principles of Operation, chapters 15 and 16),
 * that runs a guest's program on the guest's memory, or its translation on the host's, against the
 * same scripted device. What either does is a list of events in guest addresses, so that two runs
 * compare. Written from the book and not from driver/cp.c: nothing of it is shared.
 *
 * Data is not moved, only checked and named: a program that reads over its own CCWs runs as if
 * it had been prefetched.
 */
#ifndef TESTS_UNIT_CP_ORACLE_H
#define TESTS_UNIT_CP_ORACLE_H

#include "tests/unit/cp_guest.h"

#define CSTAT_PCI 0x80
#define CSTAT_IL 0x40
#define CSTAT_PROGRAM 0x20

#define DSTAT_SM 0x40
#define DSTAT_CE_DE 0x0c
#define DSTAT_UC 0x02

#define DEVICE_ALL 0xffffffffu /* as many bytes as the program has room for */

/* How the device answers the n-th command. */
struct device_answer {
	u32 bytes; /* it moves, or DEVICE_ALL */
	u8 dstat;
};

struct device {
	/* NULL: all bytes, no status but channel end and device end. */
	struct device_answer (*answer)(const struct device *dev, unsigned int n, u8 cmd);
	const void *ctx;
	u64 seed;
	unsigned int commands; /* at most: then unit check */
};

/* A device that a seed decides about: any status, any number of bytes. */
struct device_answer device_random(const struct device *dev, unsigned int n, u8 cmd);

enum event_type {
	EV_COMMAND, /* cmd: the device got it */
	EV_DATA, /* addr, len: bytes from (in: to) guest storage; back: downwards from addr */
	EV_SKIPPED, /* len: bytes that went nowhere */
	EV_PCI, /* cpa */
	EV_END, /* how it ended */
};

struct event {
	enum event_type type;
	u8 cmd;
	bool in, back;
	u64 addr;
	u32 len;
	u32 cpa; /* as the guest sees it */
	u16 resid;
	u8 cstat, dstat;
	bool suspended;
};

struct run {
	struct event ev[2048];
	unsigned int n;
	/*
	 * The program did what the translation is free to answer with a program check: a status
	 * modifier led into the middle of a data chain, or came where no device has it.
	 */
	bool inexact;
	u32 suspended_at; /* the channel's address of the CCW, 0 if it is not suspended */
	const char *violation; /* host run: something the channel must never meet, or NULL */
	u64 violation_addr;
};

void run_guest(struct run *run, const struct guest *g, u32 cpa, const struct device *dev);
/* After a successful cp_translate(), before cp_release(). */
void run_host(struct run *run, const struct guest *g, const struct cp *cp,
	      const struct device *dev);

/*
 * A suspended program is resumed: at is its CCW for the guest, and what run_host() said for the
 * channel. next: what was laid out with cp_go_on(), NULL if it goes on unchanged.
 */
void resume_guest(struct run *run, const struct guest *g, u32 at, const struct device *dev);
void resume_host(struct run *run, const struct guest *g, const struct cp *cp,
		 const struct cp *next, u32 at, const struct device *dev);

const struct event *run_end(const struct run *run);
/* Whether both did the same; if not, *where is the number of the first difference. */
bool run_equal(const struct run *a, const struct run *b, unsigned int *where);
/* One event in words, for messages: buf is returned. */
const char *event_text(const struct event *ev, char *buf, size_t len);

/* Fills the arena with what no run may meet, so that reading stale storage shows. */
void poison_arena(struct cp *cp);

#endif /* TESTS_UNIT_CP_ORACLE_H */
