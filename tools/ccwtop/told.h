/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Single I/Os worth keeping, because they took long or failed: the last TOP_TOLDS of each sort over
 * all subchannels, with their channel programs where those were recorded. The program of an I/O
 * comes before it, but perhaps from another source that is read later: either order will do.
 */
#ifndef CCWTOP_TOLD_H
#define CCWTOP_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

#define TOP_TOLDS 128
#define TOP_CCWS 32 /* of a program, the first ones */

enum top_sort { TOP_SLOW, TOP_FAILED, TOP_NR_SORTS };

struct top_program {
	uint64_t ts; /* when it was about to be started; the clock of its I/O */
	struct ccw_sch sch;
	uint32_t seq, orb1, cpa;
	uint16_t total; /* CCWs it has */
	uint16_t count; /* of them, the first ones that are kept */
	bool cut; /* the event itself left out some */
	uint32_t addr[TOP_CCWS];
	uint8_t ccw[TOP_CCWS][8]; /* as the guest wrote them */
};

struct top_told {
	struct ccw_io io;
	bool known; /* the program is */
	struct top_program program;
};

struct top_tolds;

struct top_tolds *top_tolds_new(void); /* NULL: no memory */
void top_tolds_free(struct top_tolds *t);
void top_tolds_clear(struct top_tolds *t);
void top_tolds_add(struct top_tolds *t, enum top_sort sort, const struct ccw_io *io);
void top_tolds_program(struct top_tolds *t, const struct top_program *p);

/* The i-th youngest of a subchannel, NULL: not that many are kept. */
const struct top_told *top_tolds_at(const struct top_tolds *t, enum top_sort sort,
				    struct ccw_sch sch, size_t i);

#endif /* CCWTOP_TOLD_H */
