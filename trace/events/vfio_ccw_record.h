/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VFIO_CCW_EVENTS_RECORD_H
#define VFIO_CCW_EVENTS_RECORD_H

#include "vfio_ccw_abi.h"

#define VFIO_CCW_IO_STAGES 5 /* translate, start, device, deliver, total */

/**
 * struct vfio_ccw_io_record - what the driver knows of one request at its end
 *
 * The argument of trace_vfio_ccw_io(); BPF programs may read it through BTF. Times are in
 * nanoseconds, a stage that the request did not reach is 0.
 */
struct vfio_ccw_io_record {
	struct subchannel_id schid;
	u32 seq;
	u64 device_ns;
	u32 translate_ns;
	u32 start_ns;
	u32 deliver_ns;
	u32 bytes;
	u16 ccws;
	u16 segments;
	u16 idaws;
	u16 pages;
	u8 cmd;
	u8 cc;
	s16 rc;
	u16 flags;
	u16 irqs;
	u8 fctl;
	u8 actl;
	u8 stctl;
	u8 dstat;
	u8 cstat;
	u8 lpum;
	u16 resid;
	u64 sense;
	u32 erw;
	/*
	 * Filled when the event is on, for BPF programs: without JIT an instruction of theirs costs
	 * ten of the driver's.
	 */
	u32 sch; /* cssid << 24 | ssid << 16 | schno */
	u64 total_ns; /* sum of the stages */
	u16 bucket[VFIO_CCW_IO_STAGES]; /* of stages and total in a histogram, bpf/ccwlat.h */
	u8 result; /* enum vfio_ccw_io_result */
	u8 usual; /* cc 0, channel end and device end, nothing else */
};

/**
 * struct vfio_ccw_cp_record - how a translation ended: the argument of trace_vfio_ccw_cp()
 */
struct vfio_ccw_cp_record {
	u64 addr;
	u32 cpa;
	u32 ccw;
	u32 bytes;
	u16 ccws;
	u16 segments;
	u16 idaws;
	u16 pages;
	u16 reused;
	u16 bad;
	u16 flags;
	s16 rc;
	u8 why;
	u8 cmd;
	u8 resumed;
};

/**
 * struct vfio_ccw_ccw_record - some CCWs of a program: the argument of trace_vfio_ccw_ccw()
 */
struct vfio_ccw_ccw_record {
	u32 orb1;
	u32 cpa;
	u16 first;
	u16 total;
	u16 flags;
	u16 n; /* CCWs here */
	u16 len; /* bytes of data */
	const u32 *addr;
	const u64 *ccw; /* eight bytes each, as the guest wrote them */
	const u8 *data;
};

#endif /* VFIO_CCW_EVENTS_RECORD_H */
