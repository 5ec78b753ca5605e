/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long the driver's state machine of one subchannel was where, and what moved it. Filled from
 * transitions one by one, or by BPF in the kernel (ccw_bpf_fsm_read()).
 */
#ifndef TRACE_CCW_RESIDENCY_H
#define TRACE_CCW_RESIDENCY_H

#include "trace/ccw_io.h"
#include "trace/ccw_source.h"

struct ccw_residency {
	uint64_t transitions;
	uint64_t ns[VFIO_CCW_NR_STATES]; /* in each state, up to the last transition */
	uint64_t since; /* time of the last transition; with transitions */
	uint64_t gaps; /* transitions that do not begin where the one before ended */
	uint8_t state; /* what it is in since then, enum vfio_ccw_state */
	uint32_t count[VFIO_CCW_NR_STATES][VFIO_CCW_NR_EVENTS]; /* by state before and event */
	uint32_t refused[VFIO_CCW_NR_STATES][VFIO_CCW_NR_EVENTS]; /* of those, with an errno */
};

/* Numbers that this version has no name for are passed over. */
void ccw_residency_add(struct ccw_residency *r, const struct ccw_fsm *fsm);

/* Records were lost: nobody knows what it was in until the next transition. */
void ccw_residency_lost(struct ccw_residency *r);

/*
 * The same counted in the kernel for every subchannel, from when it is opened: some 3,000
 * instructions an I/O as long as it is open. Errors as of ccw_source_open_bpf(CCW_BPF_DRIVER).
 */
struct ccw_bpf_fsm;

int ccw_bpf_fsm_open(struct ccw_bpf_fsm **fsm, struct ccw_error *err);
void ccw_bpf_fsm_close(struct ccw_bpf_fsm *fsm); /* NULL is fine */
/* 0, -ENOENT no transition since it was opened (r is empty), or another errno. */
int ccw_bpf_fsm_read(struct ccw_bpf_fsm *fsm, struct ccw_sch sch, struct ccw_residency *r);

#endif /* TRACE_CCW_RESIDENCY_H */
