/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the map ccw_fsm of ccwfsm.bpf.o holds. Key: cssid << 24 | ssid << 16 | schno. Values are
 * not per CPU: a subchannel changes its state under its lock.
 */
#ifndef BPF_CCWFSM_H
#define BPF_CCWFSM_H

#include "trace/events/vfio_ccw_abi.h"

struct ccwfsm {
	unsigned long long since; /* CLOCK_MONOTONIC of the last transition, ns */
	unsigned int state; /* since then; enum vfio_ccw_state */
	unsigned int seq; /* of the request it was for */
	unsigned long long ns[VFIO_CCW_NR_STATES]; /* in each state, the present stay excluded */
	unsigned long long count[VFIO_CCW_NR_STATES][VFIO_CCW_NR_EVENTS];
	unsigned long long refused[VFIO_CCW_NR_STATES][VFIO_CCW_NR_EVENTS]; /* of those, rc != 0 */
};

#endif /* BPF_CCWFSM_H */
