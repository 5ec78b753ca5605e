/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Numbers that the vfio_ccw events carry, shared by the driver, the BPF programs and the readers.
 *
 * They are an ABI: append, never renumber, never reuse. The first five states and the first six
 * events have the numbers of the kernel's own driver, so that scripts written for its
 * vfio_ccw_fsm_event keep their meaning.
 */
#ifndef VFIO_CCW_EVENTS_ABI_H
#define VFIO_CCW_EVENTS_ABI_H

/* States of the state machine (vfio_ccw_fsm: from, to; vfio_ccw_fsm_event: state). */
#define VFIO_CCW_STATES(X) \
	X(0, NOT_OPER) /* the device is gone */ \
	X(1, STANDBY) /* nobody has the device open */ \
	X(2, IDLE) /* ready for a request */ \
	X(3, TRANSLATE) /* a channel program is being copied and translated */ \
	X(4, ACTIVE) /* the channel holds a program */ \
	X(5, QUIESCE) /* close, reset or unmap waits until the channel let go */

/* What drives it (vfio_ccw_fsm, vfio_ccw_fsm_event: event). */
#define VFIO_CCW_EVENTS(X) \
	X(0, NOT_OPER) /* the device went away */ \
	X(1, IO_REQ) /* the I/O region was written */ \
	X(2, INTERRUPT) /* an interrupt that does not end the program */ \
	X(3, ASYNC_REQ) /* HALT or CLEAR SUBCHANNEL asked for */ \
	X(4, OPEN) /* the device was opened */ \
	X(5, CLOSE) /* the device was closed */ \
	X(6, START) /* translation succeeded: START SUBCHANNEL */ \
	X(7, FAIL) /* translation failed */ \
	X(8, FINAL) /* the interrupt that ends the program */ \
	X(9, RESET) /* VFIO_DEVICE_RESET, unbind, or an unmap of pinned pages */ \
	X(10, GIVEN_UP) /* the channel never gave the program back */ \
	X(11, OPER) /* the device is back */ \
	X(12, CANCEL) /* CANCEL SUBCHANNEL asked for */ \
	X(13, RESUME) /* RESUME SUBCHANNEL asked for */

/* What became of a channel report (vfio_ccw_crw: action). */
enum vfio_ccw_crw_action {
	VFIO_CCW_CRW_QUEUED = 0,
	VFIO_CCW_CRW_READ = 1,
	VFIO_CCW_CRW_DROPPED = 2,
};

/* enum vfio_ccw_io_flags: what vfio_ccw_io's flags say about a request. */
#define VFIO_CCW_IO_FLAGS(X) \
	X(0x0001, FMT1) /* the guest's CCWs are format 1 */ \
	X(0x0002, PFCH) /* the guest allows prefetch */ \
	X(0x0004, IDA64) /* the guest's IDAWs are format 2 */ \
	X(0x0008, IDA2K) /* format-2 IDAWs of 2 KiB blocks */ \
	X(0x0010, SUSPENDED) /* the program was suspended at least once */ \
	X(0x0020, HALTED) /* HALT SUBCHANNEL was issued while it ran */ \
	X(0x0040, CLEARED) /* CLEAR SUBCHANNEL was issued while it ran */ \
	X(0x0080, CANCELLED) /* CANCEL SUBCHANNEL took it back */ \
	X(0x0100, ABORTED) /* ended by close, reset, unbind or device loss */ \
	X(0x0200, BADCCW) /* holds a CCW that the channel will refuse (program check) */ \
	X(0x0400, SENSE) /* the sense field is valid */ \
	X(0x0800, STARTED) /* START SUBCHANNEL was issued: cc is valid */ \
	X(0x1000, ENDED) /* the channel ended it: the status fields are valid */

/*
 * How a request ended, in the order in which a person asks: what comes first decides when several
 * apply. Not a field of the event: readers work it out (ccw_io_result() in trace/stat.c), and the
 * driver does for BPF programs.
 */
enum vfio_ccw_io_result {
	VFIO_CCW_IO_OK = 0,
	VFIO_CCW_IO_REFUSED = 1, /* by the driver: rc says why */
	VFIO_CCW_IO_CC = 2, /* START SUBCHANNEL got cc 1, 2 or 3 */
	VFIO_CCW_IO_CUT_SHORT = 3, /* halted, cleared, cancelled, closed, reset, unbound */
	VFIO_CCW_IO_CHANNEL = 4, /* cstat: program, protection, data, control, interface check */
	VFIO_CCW_IO_UNIT_CHECK = 5,
	VFIO_CCW_IO_UNIT_EXCEPTION = 6,
	VFIO_CCW_IO_LENGTH = 7, /* incorrect length */
};

#define VFIO_CCW_ABI_STATE(n, name) VFIO_CCW_STATE_##name = n,
enum vfio_ccw_state { VFIO_CCW_STATES(VFIO_CCW_ABI_STATE) VFIO_CCW_NR_STATES = 6 };
#undef VFIO_CCW_ABI_STATE

#define VFIO_CCW_ABI_EVENT(n, name) VFIO_CCW_EVENT_##name = n,
enum vfio_ccw_event { VFIO_CCW_EVENTS(VFIO_CCW_ABI_EVENT) VFIO_CCW_NR_EVENTS = 14 };
#undef VFIO_CCW_ABI_EVENT

#define VFIO_CCW_ABI_FLAG(n, name) VFIO_CCW_IO_##name = n,
enum vfio_ccw_io_flags { VFIO_CCW_IO_FLAGS(VFIO_CCW_ABI_FLAG) };
#undef VFIO_CCW_ABI_FLAG

#endif /* VFIO_CCW_EVENTS_ABI_H */
