/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracepoints of vfio_ccw: the single source of every event's layout.
 *
 * Every event begins with the identity of the subchannel as sysfs prints it (cssid.ssid.schno)
 * and, where it belongs to a request, the request's number. Field order and meaning are an ABI:
 * append, never change. Scalars and dynamic arrays only: no pointers, no bit-fields.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_ccw

#if !defined(VFIO_CCW_TRACE_EVENTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define VFIO_CCW_TRACE_EVENTS_H

#include <linux/tracepoint.h>
#include <asm/schid.h>
#include "vfio_ccw_record.h"

/* Literal numbers, so that the format file names them for every reader; see vfio_ccw_abi.h. */
#define vfio_ccw_show_state(v) __print_symbolic(v, \
	{ 0, "NOT_OPER" }, { 1, "STANDBY" }, { 2, "IDLE" }, { 3, "TRANSLATE" }, \
	{ 4, "ACTIVE" }, { 5, "QUIESCE" })
#define vfio_ccw_show_event(v) __print_symbolic(v, \
	{ 0, "NOT_OPER" }, { 1, "IO_REQ" }, { 2, "INTERRUPT" }, { 3, "ASYNC_REQ" }, \
	{ 4, "OPEN" }, { 5, "CLOSE" }, { 6, "START" }, { 7, "FAIL" }, { 8, "FINAL" }, \
	{ 9, "RESET" }, { 10, "GIVEN_UP" }, { 11, "OPER" }, { 12, "CANCEL" }, { 13, "RESUME" })
#define vfio_ccw_show_dstat(v) __print_flags(v, "|", \
	{ 0x80, "ATTN" }, { 0x40, "SM" }, { 0x20, "CUE" }, { 0x10, "BUSY" }, \
	{ 0x08, "CE" }, { 0x04, "DE" }, { 0x02, "UC" }, { 0x01, "UX" })
#define vfio_ccw_show_cstat(v) __print_flags(v, "|", \
	{ 0x80, "PCI" }, { 0x40, "IL" }, { 0x20, "PGMCHK" }, { 0x10, "PROTCHK" }, \
	{ 0x08, "CDCHK" }, { 0x04, "CCCHK" }, { 0x02, "ICCHK" }, { 0x01, "CHAINCHK" })
#define vfio_ccw_show_io_flags(v) __print_flags(v, "|", \
	{ 0x0001, "FMT1" }, { 0x0002, "PFCH" }, { 0x0004, "IDA64" }, { 0x0008, "IDA2K" }, \
	{ 0x0010, "SUSPENDED" }, { 0x0020, "HALTED" }, { 0x0040, "CLEARED" }, \
	{ 0x0080, "CANCELLED" }, { 0x0100, "ABORTED" }, { 0x0200, "BADCCW" }, \
	{ 0x0400, "SENSE" }, { 0x0800, "STARTED" }, { 0x1000, "ENDED" })

/**
 * vfio_ccw_io - one request, told at its end
 *
 * Fires exactly once for every write of the I/O region that asks for a start function, when its
 * fate is known: refused, ended by the channel, or cut short. Times are nanoseconds of the TOD
 * clock: translate (copy, translate, pin), start (until START SUBCHANNEL was executed), device
 * (until the interrupt that ended it), deliver (until the eventfd was signalled); their sum is the
 * whole journey. 32-bit times saturate. cc counts if flags has STARTED, the status fields if it
 * has ENDED, sense (the first eight concurrent sense bytes, first byte leftmost) if it has SENSE.
 * erw is the extended-report word of the ESW (Principles of Operation, chapter 16), 0 if the ESW
 * was not stored.
 */
TRACE_EVENT(vfio_ccw_io,
	TP_PROTO(const struct vfio_ccw_io_record *io),
	TP_ARGS(io),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u64, device_ns)
		__field(u32, translate_ns)
		__field(u32, start_ns)
		__field(u32, deliver_ns)
		__field(u32, bytes)
		__field(u16, ccws)
		__field(u16, segments)
		__field(u16, idaws)
		__field(u16, pages)
		__field(u8, cmd)
		__field(u8, cc)
		__field(s16, rc)
		__field(u16, flags)
		__field(u16, irqs)
		__field(u8, fctl)
		__field(u8, actl)
		__field(u8, stctl)
		__field(u8, dstat)
		__field(u8, cstat)
		__field(u8, lpum)
		__field(u16, resid)
		__field(u64, sense)
		__field(u32, erw)
	),
	TP_fast_assign(
		__entry->cssid = io->schid.cssid;
		__entry->ssid = io->schid.ssid;
		__entry->schno = io->schid.sch_no;
		__entry->seq = io->seq;
		__entry->device_ns = io->device_ns;
		__entry->translate_ns = io->translate_ns;
		__entry->start_ns = io->start_ns;
		__entry->deliver_ns = io->deliver_ns;
		__entry->bytes = io->bytes;
		__entry->ccws = io->ccws;
		__entry->segments = io->segments;
		__entry->idaws = io->idaws;
		__entry->pages = io->pages;
		__entry->cmd = io->cmd;
		__entry->cc = io->cc;
		__entry->rc = io->rc;
		__entry->flags = io->flags;
		__entry->irqs = io->irqs;
		__entry->fctl = io->fctl;
		__entry->actl = io->actl;
		__entry->stctl = io->stctl;
		__entry->dstat = io->dstat;
		__entry->cstat = io->cstat;
		__entry->lpum = io->lpum;
		__entry->resid = io->resid;
		__entry->sense = io->sense;
		__entry->erw = io->erw;
	),
	TP_printk("sch=%x.%x.%04x seq=%u translate_ns=%u start_ns=%u device_ns=%llu deliver_ns=%u "
		  "cmd=%02x ccws=%u segments=%u idaws=%u pages=%u bytes=%u flags=%s cc=%u rc=%d "
		  "irqs=%u fctl=%x actl=%02x stctl=%02x dstat=%s cstat=%s resid=%u lpum=%02x "
		  "erw=%08x sense=%016llx",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq,
		  __entry->translate_ns, __entry->start_ns, __entry->device_ns,
		  __entry->deliver_ns, __entry->cmd, __entry->ccws, __entry->segments,
		  __entry->idaws, __entry->pages, __entry->bytes,
		  vfio_ccw_show_io_flags(__entry->flags), __entry->cc, __entry->rc,
		  __entry->irqs, __entry->fctl, __entry->actl, __entry->stctl,
		  vfio_ccw_show_dstat(__entry->dstat), vfio_ccw_show_cstat(__entry->cstat),
		  __entry->resid, __entry->lpum, __entry->erw, __entry->sense)
);

/**
 * vfio_ccw_fsm - one transition of the state machine
 *
 * from, event, to and the result: 0 or the negative errno that the cause of the event is told.
 */
TRACE_EVENT(vfio_ccw_fsm,
	TP_PROTO(struct subchannel_id schid, u32 seq, u8 from, u8 event, u8 to, int rc),
	TP_ARGS(schid, seq, from, event, to, rc),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u8, from)
		__field(u8, event)
		__field(u8, to)
		__field(s16, rc)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->from = from;
		__entry->event = event;
		__entry->to = to;
		__entry->rc = rc;
	),
	TP_printk("sch=%x.%x.%04x seq=%u from=%s event=%s to=%s rc=%d",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq,
		  vfio_ccw_show_state(__entry->from), vfio_ccw_show_event(__entry->event),
		  vfio_ccw_show_state(__entry->to), __entry->rc)
);

/**
 * vfio_ccw_crw - a channel report for the guest was queued, fetched, or found no room
 *
 * rsc, erc, rsid as in the channel-report word; depth is how many are queued then.
 */
TRACE_EVENT(vfio_ccw_crw,
	TP_PROTO(struct subchannel_id schid, u8 action, u8 rsc, u8 erc, u16 rsid, u16 depth),
	TP_ARGS(schid, action, rsc, erc, rsid, depth),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u8, action)
		__field(u8, rsc)
		__field(u8, erc)
		__field(u16, rsid)
		__field(u16, depth)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->action = action;
		__entry->rsc = rsc;
		__entry->erc = erc;
		__entry->rsid = rsid;
		__entry->depth = depth;
	),
	TP_printk("sch=%x.%x.%04x action=%s rsc=%x erc=%x rsid=%04x depth=%u", __entry->cssid,
		  __entry->ssid, __entry->schno,
		  __print_symbolic(__entry->action, { 0, "QUEUED" }, { 1, "READ" },
				   { 2, "DROPPED" }),
		  __entry->rsc, __entry->erc, __entry->rsid, __entry->depth)
);

/*
 * The four events of the kernel's own driver, under their names and with their field names, for
 * scripts that know them. New tools want the two above.
 */
TRACE_EVENT(vfio_ccw_fsm_event,
	TP_PROTO(struct subchannel_id schid, int state, int event),
	TP_ARGS(schid, state, event),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(int, state)
		__field(int, event)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->state = state;
		__entry->event = event;
	),
	TP_printk("schid=%x.%x.%04x state=%d event=%d", __entry->cssid, __entry->ssid,
		  __entry->schno, __entry->state, __entry->event)
);

TRACE_EVENT(vfio_ccw_fsm_io_request,
	TP_PROTO(int fctl, struct subchannel_id schid, int errno, const char *errstr),
	TP_ARGS(fctl, schid, errno, errstr),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, sch_no)
		__field(int, fctl)
		__field(int, errno)
		__string(errstr, errstr)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->sch_no = schid.sch_no;
		__entry->fctl = fctl;
		__entry->errno = errno;
		__assign_str(errstr);
	),
	TP_printk("schid=%x.%x.%04x fctl=%x errno=%d(%s)", __entry->cssid, __entry->ssid,
		  __entry->sch_no, __entry->fctl, __entry->errno, __get_str(errstr))
);

TRACE_EVENT(vfio_ccw_fsm_async_request,
	TP_PROTO(struct subchannel_id schid, int command, int errno),
	TP_ARGS(schid, command, errno),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, sch_no)
		__field(int, command)
		__field(int, errno)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->sch_no = schid.sch_no;
		__entry->command = command;
		__entry->errno = errno;
	),
	TP_printk("schid=%x.%x.%04x command=0x%x errno=%d", __entry->cssid, __entry->ssid,
		  __entry->sch_no, __entry->command, __entry->errno)
);

TRACE_EVENT(vfio_ccw_chp_event,
	TP_PROTO(struct subchannel_id schid, int mask, int event),
	TP_ARGS(schid, mask, event),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, sch_no)
		__field(int, mask)
		__field(int, event)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->sch_no = schid.sch_no;
		__entry->mask = mask;
		__entry->event = event;
	),
	TP_printk("schid=%x.%x.%04x mask=0x%x event=%d", __entry->cssid, __entry->ssid,
		  __entry->sch_no, __entry->mask, __entry->event)
);

#endif /* VFIO_CCW_TRACE_EVENTS_H */

/* Found as trace/events/vfio_ccw.h, in the tree's root on the include path. */
#include <trace/define_trace.h>
