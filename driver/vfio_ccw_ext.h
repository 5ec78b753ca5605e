/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What this driver offers beyond <linux/vfio_ccw.h>: more regions, each found by its capability
 * (VFIO_REGION_TYPE_CCW and a subtype). Clients that do not know them lose nothing.
 */
#ifndef VFIO_CCW_EXT_H
#define VFIO_CCW_EXT_H

#include <linux/types.h>

/*
 * I/O functions beyond HALT and CLEAR. Write function; ret_code and cc tell how it went: cc is the
 * instruction's condition code, VFIO_CCW_NO_CC if it was not issued.
 */
#define VFIO_REGION_SUBTYPE_CCW_FUNC 0x80
#define VFIO_CCW_FUNC_XSCH 1 /* CANCEL SUBCHANNEL: on cc 0 the request is over, without interrupt */
#define VFIO_CCW_FUNC_RSCH 2 /* RESUME SUBCHANNEL: with the program as the guest has it now */
#define VFIO_CCW_NO_CC 0xffffffffU
struct ccw_func_region {
	__u32 function;
	__u32 ret_code;
	__u32 cc;
	__u32 reserved;
};

/*
 * What happened on the subchannel since the device was opened. Read only; size says how much of
 * it the driver fills, so that it can grow. Times in nanoseconds; log2[n] counts values of
 * 2^n .. 2^(n+1) - 1, the last all above, 0 in the first.
 */
#define VFIO_REGION_SUBTYPE_CCW_STATS 0x81
#define VFIO_CCW_STATS_LOG2 40
struct ccw_stats_stage {
	__aligned_u64 sum;
	__aligned_u64 max;
	__aligned_u64 log2[VFIO_CCW_STATS_LOG2];
};

struct ccw_stats_region {
	__u32 size;
	__u32 reserved;
	__aligned_u64 requests; /* all, those below included */
	__aligned_u64 refused[8]; /* EOPNOTSUPP EINVAL EBUSY EAGAIN EACCES ENODEV EIO others */
	__aligned_u64 unit_check;
	__aligned_u64 unit_exception;
	__aligned_u64 channel_check; /* program, protection, data, control, interface, chaining */
	__aligned_u64 incorrect_length;
	__aligned_u64 aborted; /* halted, cleared, cancelled, or cut short by the host */
	__aligned_u64 bad_programs; /* started with a CCW that the channel will refuse */
	__aligned_u64 bytes;
	__aligned_u64 ccws;
	__aligned_u64 segments;
	__aligned_u64 idaws;
	__aligned_u64 pages;
	__aligned_u64 interrupts; /* unsolicited ones included */
	__aligned_u64 status_overflows; /* status that was replaced before it was fetched */
	__aligned_u64 crws;
	__aligned_u64 crw_overflows;
	__aligned_u64 state_ns[8]; /* by state: NOT_OPER STANDBY IDLE TRANSLATE ACTIVE QUIESCE */
	struct ccw_stats_stage stage[5]; /* translate start device deliver, and their sum */
};

#endif /* VFIO_CCW_EXT_H */
