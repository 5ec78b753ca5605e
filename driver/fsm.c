// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine: one table, states down, events across, every cell named.
 */
#include "vccw.h"

/* What a cell does: an action decides between ok and fail; without one, rc does. */
struct vccw_cell {
	int (*act)(struct vccw_dev *d, const void *arg);
	s16 rc;
	u8 ok, fail;
};

#define S(state) VFIO_CCW_STATE_##state
#define E(event) [VFIO_CCW_EVENT_##event]
#define GO(state) { .ok = S(state), .fail = S(state) }
#define REFUSE(errno, state) { .rc = -(errno), .ok = S(state), .fail = S(state) }
#define DO(action, done, failed) \
	{ .act = vccw_act_##action, .ok = S(done), .fail = S(failed) }

static const struct vccw_cell table[VFIO_CCW_NR_STATES][VFIO_CCW_NR_EVENTS] = {
	[S(NOT_OPER)] = {
		E(NOT_OPER) = GO(NOT_OPER),
		E(IO_REQ) = REFUSE(ENODEV, NOT_OPER),
		E(INTERRUPT) = GO(NOT_OPER),
		E(ASYNC_REQ) = REFUSE(ENODEV, NOT_OPER),
		E(OPEN) = DO(enable, IDLE, NOT_OPER),
		E(CLOSE) = GO(NOT_OPER),
		E(START) = REFUSE(ENODEV, NOT_OPER),
		E(FAIL) = GO(NOT_OPER),
		E(FINAL) = GO(NOT_OPER),
		E(RESET) = DO(enable, IDLE, NOT_OPER),
		E(GIVEN_UP) = GO(NOT_OPER),
		E(OPER) = DO(enable, IDLE, STANDBY),
		E(CANCEL) = REFUSE(ENODEV, NOT_OPER),
		E(RESUME) = REFUSE(ENODEV, NOT_OPER),
	},
	[S(STANDBY)] = {
		E(NOT_OPER) = GO(NOT_OPER),
		E(IO_REQ) = REFUSE(EIO, STANDBY),
		E(INTERRUPT) = GO(STANDBY),
		E(ASYNC_REQ) = REFUSE(EIO, STANDBY),
		E(OPEN) = DO(enable, IDLE, STANDBY),
		E(CLOSE) = GO(STANDBY),
		E(START) = REFUSE(EIO, STANDBY),
		E(FAIL) = GO(STANDBY),
		E(FINAL) = GO(STANDBY),
		E(RESET) = DO(enable, IDLE, STANDBY),
		E(GIVEN_UP) = GO(STANDBY),
		E(OPER) = GO(STANDBY),
		E(CANCEL) = REFUSE(EIO, STANDBY),
		E(RESUME) = REFUSE(EIO, STANDBY),
	},
	[S(IDLE)] = {
		E(NOT_OPER) = DO(gone, NOT_OPER, NOT_OPER),
		E(IO_REQ) = DO(accept, TRANSLATE, IDLE),
		E(INTERRUPT) = DO(status, IDLE, IDLE),
		E(ASYNC_REQ) = DO(async, IDLE, IDLE),
		E(OPEN) = REFUSE(EBUSY, IDLE),
		E(CLOSE) = DO(disable, STANDBY, STANDBY),
		E(START) = REFUSE(EIO, IDLE),
		E(FAIL) = GO(IDLE),
		E(FINAL) = DO(status, IDLE, IDLE), /* unsolicited, or of a HALT or CLEAR alone */
		E(RESET) = DO(quiesce, IDLE, QUIESCE),
		E(GIVEN_UP) = GO(IDLE),
		E(OPER) = GO(IDLE),
		E(CANCEL) = DO(cancel, IDLE, IDLE),
		E(RESUME) = DO(resume, IDLE, IDLE),
	},
	[S(TRANSLATE)] = {
		E(NOT_OPER) = DO(gone, NOT_OPER, NOT_OPER),
		E(IO_REQ) = REFUSE(EAGAIN, TRANSLATE),
		E(INTERRUPT) = DO(status, TRANSLATE, TRANSLATE),
		E(ASYNC_REQ) = REFUSE(EAGAIN, TRANSLATE),
		E(OPEN) = REFUSE(EBUSY, TRANSLATE),
		E(CLOSE) = REFUSE(EAGAIN, TRANSLATE),
		E(START) = DO(start, ACTIVE, IDLE),
		E(FAIL) = GO(IDLE),
		E(FINAL) = DO(status, TRANSLATE, TRANSLATE),
		E(RESET) = REFUSE(EAGAIN, TRANSLATE),
		E(GIVEN_UP) = GO(TRANSLATE),
		E(OPER) = GO(TRANSLATE),
		E(CANCEL) = REFUSE(EAGAIN, TRANSLATE),
		E(RESUME) = REFUSE(EAGAIN, TRANSLATE),
	},
	[S(ACTIVE)] = {
		E(NOT_OPER) = DO(gone, NOT_OPER, NOT_OPER),
		E(IO_REQ) = REFUSE(EBUSY, ACTIVE),
		E(INTERRUPT) = DO(status, ACTIVE, ACTIVE),
		E(ASYNC_REQ) = DO(async, ACTIVE, ACTIVE),
		E(OPEN) = REFUSE(EBUSY, ACTIVE),
		E(CLOSE) = REFUSE(EBUSY, ACTIVE),
		E(START) = REFUSE(EBUSY, ACTIVE),
		E(FAIL) = GO(ACTIVE),
		E(FINAL) = DO(final, IDLE, IDLE),
		E(RESET) = DO(quiesce, IDLE, QUIESCE),
		E(GIVEN_UP) = GO(ACTIVE),
		E(OPER) = GO(ACTIVE),
		E(CANCEL) = DO(cancel, IDLE, ACTIVE),
		E(RESUME) = DO(resume, ACTIVE, ACTIVE),
	},
	[S(QUIESCE)] = {
		E(NOT_OPER) = DO(gone, NOT_OPER, NOT_OPER),
		E(IO_REQ) = REFUSE(EAGAIN, QUIESCE),
		E(INTERRUPT) = DO(wake, QUIESCE, QUIESCE),
		E(ASYNC_REQ) = REFUSE(EAGAIN, QUIESCE),
		E(OPEN) = REFUSE(EBUSY, QUIESCE),
		E(CLOSE) = REFUSE(EBUSY, QUIESCE),
		E(START) = REFUSE(EAGAIN, QUIESCE),
		E(FAIL) = GO(QUIESCE),
		E(FINAL) = DO(final, IDLE, IDLE),
		E(RESET) = DO(quiesce, IDLE, QUIESCE),
		E(GIVEN_UP) = DO(lost, NOT_OPER, NOT_OPER),
		E(OPER) = GO(QUIESCE),
		E(CANCEL) = REFUSE(EAGAIN, QUIESCE),
		E(RESUME) = REFUSE(EAGAIN, QUIESCE),
	},
};

/* Number of an event in the kernel's own driver, whose vfio_ccw_fsm_event knows six; else -1. */
static int stock_event(enum vfio_ccw_event event)
{
	if (event <= VFIO_CCW_EVENT_CLOSE)
		return event;
	return event == VFIO_CCW_EVENT_FINAL ? VFIO_CCW_EVENT_INTERRUPT : -1;
}

int vccw_fsm(struct vccw_dev *d, enum vfio_ccw_event event, const void *arg)
{
	const struct vccw_cell *cell = &table[d->state][event];
	u8 from = d->state;
	u32 seq = event == VFIO_CCW_EVENT_IO_REQ ? d->seq : d->rec.seq;
	int rc = cell->rc;

	lockdep_assert_held(&d->sch->lock);
	if (trace_vfio_ccw_fsm_event_enabled() && stock_event(event) >= 0)
		trace_vfio_ccw_fsm_event(d->sch->schid, from, stock_event(event));
	if (cell->act)
		rc = cell->act(d, arg);
	if (d->state != (rc ? cell->fail : cell->ok)) {
		vccw_stats_state(d);
		d->state = rc ? cell->fail : cell->ok;
	}
	trace_vfio_ccw_fsm(d->sch->schid, seq, from, event, d->state, rc);
	return rc;
}
