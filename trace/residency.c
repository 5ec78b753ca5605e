// SPDX-License-Identifier: GPL-2.0
#include "trace/ccw_residency.h"

#define UNKNOWN 0xff

void ccw_residency_add(struct ccw_residency *r, const struct ccw_fsm *fsm)
{
	if (fsm->from >= VFIO_CCW_NR_STATES || fsm->event >= VFIO_CCW_NR_EVENTS ||
	    fsm->to >= VFIO_CCW_NR_STATES)
		return;
	if (r->transitions && r->state != fsm->from)
		r->gaps++;
	else if (r->transitions && fsm->ts > r->since)
		r->ns[fsm->from] += fsm->ts - r->since;
	r->transitions++;
	r->since = fsm->ts;
	r->state = fsm->to;
	r->count[fsm->from][fsm->event]++;
	if (fsm->rc)
		r->refused[fsm->from][fsm->event]++;
}

void ccw_residency_lost(struct ccw_residency *r)
{
	r->state = UNKNOWN;
}
