/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One channel I/O as every tool sees it, whichever source it came from.
 */
#ifndef TRACE_CCW_IO_H
#define TRACE_CCW_IO_H

#include <stdint.h>

#include "trace/events/vfio_ccw_abi.h"

/* Stages of one I/O, in the order they happen; CCW_TOTAL is their sum. */
enum ccw_stage {
	CCW_TRANSLATE, /* copy, translate and pin the channel program */
	CCW_START, /* until START SUBCHANNEL was executed */
	CCW_DEVICE, /* until the interrupt that ended the request */
	CCW_DELIVER, /* until the eventfd was signalled */
	CCW_TOTAL,
	CCW_NR_STAGES,
};

/*
 * Identity of a subchannel. As a number (ccw_sch_key()) it sorts like sysfs lists it and is the
 * key of maps: cssid << 24 | ssid << 16 | schno.
 */
struct ccw_sch {
	uint8_t cssid;
	uint8_t ssid;
	uint16_t schno;
};

static inline uint32_t ccw_sch_key(struct ccw_sch s)
{
	return (uint32_t)s.cssid << 24 | (uint32_t)s.ssid << 16 | s.schno;
}

/*
 * struct ccw_io - one request from the write of its ORB to the signal that it ended
 *
 * Times in nanoseconds; ts is the time of the record that ended it, on the clock of the trace.
 * have says which stages the source could measure (bit 1 << enum ccw_stage): a stage it could not
 * measure is not zero but unknown, and tools say so.
 */
struct ccw_io {
	uint64_t ts;
	struct ccw_sch sch;
	uint32_t seq;
	uint64_t ns[CCW_NR_STAGES];
	uint32_t have;
	uint32_t bytes;
	uint32_t ccws;
	uint32_t segments;
	uint32_t idaws;
	uint32_t pages;
	int32_t rc; /* what user space got: 0 or a negative errno of Linux on s390x */
	uint16_t flags; /* enum vfio_ccw_io_flags */
	uint16_t irqs;
	uint16_t resid;
	uint8_t cmd;
	uint8_t cc;
	uint8_t fctl, actl, stctl, dstat, cstat;
	uint8_t lpum;
	uint32_t erw;
	uint64_t sense; /* first concurrent sense byte leftmost, valid with VFIO_CCW_IO_SENSE */
	uint16_t cpu;
};

/* One transition of the driver's state machine (event vfio_ccw_fsm). */
struct ccw_fsm {
	uint64_t ts;
	struct ccw_sch sch;
	uint32_t seq;
	uint8_t from, event, to;
	int32_t rc;
	uint16_t cpu;
};

/*
 * How an I/O ended, in the order in which a person asks: what comes first in this list decides
 * when several apply. Indexes the error counters of struct ccw_stat.
 */
enum ccw_result {
	CCW_OK,
	CCW_ERR_REFUSED, /* the driver refused it: rc says why */
	CCW_ERR_CC, /* START SUBCHANNEL got cc 1, 2 or 3 */
	CCW_ERR_ABORTED, /* halted, cleared, cancelled, or cut short by close, reset, unbind */
	CCW_ERR_CHANNEL, /* cstat: program, protection, data, control or interface check */
	CCW_ERR_UNIT_CHECK, /* dstat UC */
	CCW_ERR_UNIT_EXCEPTION, /* dstat UX */
	CCW_ERR_LENGTH, /* cstat IL: incorrect length */
	CCW_NR_RESULTS,
};

/* The stages that were measured and that the I/O came to: bits 1 << enum ccw_stage. */
uint32_t ccw_io_stages(const struct ccw_io *io);

enum ccw_result ccw_io_result(const struct ccw_io *io);

#endif /* TRACE_CCW_IO_H */
