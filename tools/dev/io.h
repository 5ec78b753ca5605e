/* SPDX-License-Identifier: GPL-2.0 */
/* One START SUBCHANNEL through the I/O region and its way to the final status. */
#ifndef TOOLS_DEV_IO_H
#define TOOLS_DEV_IO_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "vfio.h"

enum io_end {
	IO_REFUSED,	/* rc says why; nothing was started */
	IO_FINAL,	/* irb holds the final status */
	IO_LEFT,	/* started, not waited for */
	IO_CANCELLED,	/* CANCEL SUBCHANNEL took it back: there is no status */
	IO_TIMEOUT,	/* no final status in time; cleanup says how the device was taken back */
};

enum io_cleanup {
	IO_NOTHING,
	IO_HALTED,
	IO_CLEARED,
	IO_RESET,
	IO_STUCK,	/* not even a reset worked */
};

struct io_result {
	enum io_end end;
	enum io_cleanup cleanup;
	int rc;			/* errno the write gave, negative; 0 if started */
	int async_rc;		/* of the function that --halt-after and its like asked for */
	uint8_t irb[IRB_SIZE];	/* the last IRB read */
	uint64_t submit_ns;	/* duration of the write */
	uint64_t total_ns;	/* from the write to the eventfd of the final status */
	unsigned int irqs;	/* IRBs read, the final one included */
	unsigned int unsolicited;
	unsigned int merged;	/* eventfd signals that had no IRB of their own */
	unsigned int retries;	/* -EAGAIN */
	unsigned int suspensions, resumes;
	uint32_t cancel_cc, resume_cc;	/* condition codes of the last ones */
	bool cancelled;		/* CANCEL SUBCHANNEL was asked for: cancel_cc counts */
};

/* What to do to a running program, and when; times in nanoseconds after the write, 0: never. */
struct io_plan {
	uint64_t timeout;
	uint64_t halt_after;
	uint64_t clear_after;
	uint64_t reset_after;
	uint64_t cancel_after;
	uint64_t resume_after;	/* after each suspension */
	/* Before the nth resume, 1 is the first; 0: before the start. May be NULL. */
	void (*patch)(void *ctx, unsigned int nth);
	bool no_wait;
	atomic_bool *stop;	/* becomes true when the user wants to end */
	void (*on_irb)(void *ctx, const uint8_t *irb);	/* every IRB, may be NULL */
	void *ctx;
};

/* Monotonic clock, nanoseconds. */
uint64_t io_now(void);

/* What is written to the I/O region. */
struct io_start {
	uint8_t orb[ORB_SIZE];
	uint8_t scsw[SCSW_SIZE];
	uint32_t offset, length;	/* of the part that is written; bytes */
};

/* Starts a program once. The outcome is in @res, whatever it is. */
void io_run(struct vfio_dev *d, const struct io_start *s, const struct io_plan *plan,
	    struct io_result *res);

/* Status bytes of an IRB. */
static inline uint8_t irb_dstat(const uint8_t *irb)
{
	return irb[8];
}

static inline uint8_t irb_cstat(const uint8_t *irb)
{
	return irb[9];
}

static inline unsigned int irb_cc(const uint8_t *irb)
{
	return irb[0] & 3;
}

/* Concurrent sense bytes (in the ECW) or 0: their number, *@sense points into @irb. */
unsigned int irb_sense(const uint8_t *irb, const uint8_t **sense);

/* Channel end and device end and nothing that speaks of a problem. */
bool io_ok(const struct io_result *res);

#endif
