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

/* What was executed (vfio_ccw_ssch: function). */
#define VFIO_CCW_FUNCTIONS(X) \
	X(1, SSCH) /* START SUBCHANNEL */ \
	X(2, HSCH) /* HALT SUBCHANNEL */ \
	X(3, CSCH) /* CLEAR SUBCHANNEL */ \
	X(4, XSCH) /* CANCEL SUBCHANNEL */ \
	X(5, RSCH) /* RESUME SUBCHANNEL */

/* What happened to guest pages (vfio_ccw_pin: action). */
#define VFIO_CCW_PINS(X) \
	X(0, PIN) /* pinned for a program */ \
	X(1, UNPIN) /* given back */ \
	X(2, REUSE) /* pinned still since the request before, and named again */ \
	X(3, UNMAP) /* user space takes the range out of the device's address space */ \
	X(4, CHANGE) /* the kernel is about to give pages of the user another place */

/*
 * Why a program was refused, or what is wrong with the first CCW that the channel will refuse
 * (vfio_ccw_cp: why).
 */
#define VFIO_CCW_WHYS(X) \
	X(0, NONE) \
	X(1, TRANSPORT) /* the ORB asks for transport mode */ \
	X(2, FCTL) /* the function asked for is not the start function alone */ \
	X(3, CPA_ALIGN) /* the ORB's channel-program address is not on a doubleword */ \
	X(4, CPA_RANGE) /* it is beyond what the CCW format can address */ \
	X(5, CCW_FETCH) /* no CCW can be fetched there: not mapped, or out of range */ \
	X(6, RUN_LENGTH) /* more than 256 CCWs in a row without a TIC */ \
	X(7, MAX_CCWS) /* more CCWs than max_ccws */ \
	X(8, MAX_SEGMENTS) /* more runs of CCWs than max_segments */ \
	X(9, MAX_IDAWS) /* more IDAWs than max_idaws */ \
	X(10, MAX_PAGES) /* more pages than max_pages */ \
	X(11, NOMEM) /* this host is out of memory */ \
	X(12, COUNT_0) /* a format-0 CCW with a count of zero */ \
	X(13, COMMAND) /* a format-1 command code that is invalid but looks like a TIC */ \
	X(14, MIDA) /* modified indirect addressing, which is not supported */ \
	X(15, TIC_FLAGS) /* a format-1 TIC with flags or a count */ \
	X(16, TIC_ALIGN) /* a TIC to an address that is not on a doubleword */ \
	X(17, TIC_RANGE) /* a TIC beyond what the format can address */ \
	X(18, DATA_RANGE) /* data beyond what the format can address */ \
	X(19, IDAL_ALIGN) /* an IDAL that is not on its IDAWs' boundary */ \
	X(20, IDAL_FETCH) /* an IDAW cannot be fetched: not mapped, or beyond the range */ \
	X(21, IDAW) /* an IDAW beyond 31 bits, or, but for the first, not on a block's boundary */ \
	X(22, PAGE) /* data in a page that is not mapped, or stored into a read-only one */ \
	X(23, BUSY) /* the program before is not released: never seen */ \
	X(24, TIC_FIRST) /* the program begins with a TIC */

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
	X(0x1000, ENDED) /* the channel ended it: the status fields are valid */ \
	X(0x2000, COPIED) /* the guest did not allow prefetch, and was copied before the start */

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

#define VFIO_CCW_ABI_FUNCTION(n, name) VFIO_CCW_FN_##name = n,
enum vfio_ccw_function { VFIO_CCW_FUNCTIONS(VFIO_CCW_ABI_FUNCTION) };
#undef VFIO_CCW_ABI_FUNCTION

#define VFIO_CCW_ABI_PIN(n, name) VFIO_CCW_PIN_##name = n,
enum vfio_ccw_pin_action { VFIO_CCW_PINS(VFIO_CCW_ABI_PIN) };
#undef VFIO_CCW_ABI_PIN

#define VFIO_CCW_ABI_WHY(n, name) VFIO_CCW_WHY_##name = n,
enum vfio_ccw_why { VFIO_CCW_WHYS(VFIO_CCW_ABI_WHY) VFIO_CCW_NR_WHYS = 25 };
#undef VFIO_CCW_ABI_WHY

/* vfio_ccw_ccw: flags */
#define VFIO_CCW_CCW_CUT 1 /* CCWs or parameters were left out because of a bound */

/* vfio_ccw_ccw: kinds of the items of data */
#define VFIO_CCW_CCW_PARAM 0 /* parameter bytes of a control command */
#define VFIO_CCW_CCW_IDAW 1 /* the first IDAW, as the guest wrote it */

#endif /* VFIO_CCW_EVENTS_ABI_H */
