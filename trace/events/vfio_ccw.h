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
	{ 0x0400, "SENSE" }, { 0x0800, "STARTED" }, { 0x1000, "ENDED" }, { 0x2000, "COPIED" })
#define vfio_ccw_show_function(v) __print_symbolic(v, \
	{ 1, "SSCH" }, { 2, "HSCH" }, { 3, "CSCH" }, { 4, "XSCH" }, { 5, "RSCH" })
#define vfio_ccw_show_pin(v) __print_symbolic(v, \
	{ 0, "PIN" }, { 1, "UNPIN" }, { 2, "REUSE" }, { 3, "UNMAP" }, { 4, "CHANGE" })
#define vfio_ccw_show_irq(v) __print_symbolic(v, { 0, "IO" }, { 1, "CRW" }, { 2, "REQ" })
#define vfio_ccw_show_why(v) __print_symbolic(v, \
	{ 0, "NONE" }, { 1, "TRANSPORT" }, { 2, "FCTL" }, { 3, "CPA_ALIGN" }, \
	{ 4, "CPA_RANGE" }, { 5, "CCW_FETCH" }, { 6, "RUN_LENGTH" }, { 7, "MAX_CCWS" }, \
	{ 8, "MAX_SEGMENTS" }, { 9, "MAX_IDAWS" }, { 10, "MAX_PAGES" }, { 11, "NOMEM" }, \
	{ 12, "COUNT_0" }, { 13, "COMMAND" }, { 14, "MIDA" }, { 15, "TIC_FLAGS" }, \
	{ 16, "TIC_ALIGN" }, { 17, "TIC_RANGE" }, { 18, "DATA_RANGE" }, { 19, "IDAL_ALIGN" }, \
	{ 20, "IDAL_FETCH" }, { 21, "IDAW" }, { 22, "PAGE" }, { 23, "BUSY" }, { 24, "TIC_FIRST" })

/**
 * vfio_ccw_io - one request, told at its end
 *
 * Fires exactly once for every write of the I/O region that asks for a start function, when its
 * fate is known: refused, ended by the channel, or cut short. Times are nanoseconds of the TOD
 * clock: translate (copy, translate, pin), start (until START SUBCHANNEL was executed), device
 * (until the interrupt that ended it), deliver (until the eventfd was signalled); their sum is the
 * whole journey. 32-bit times saturate. cc, that of START SUBCHANNEL or a deferred one, counts if
 * flags has STARTED, the status fields if it has ENDED, sense (the first eight concurrent sense
 * bytes, first byte leftmost) if it has SENSE. erw is the extended-report word of the ESW
 * (Principles of Operation, chapter 16), 0 if the ESW was not stored.
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

/**
 * vfio_ccw_cp - the translation of a channel program ended
 *
 * Once for every START that came to translation, and for every RESUME SUBCHANNEL that translates
 * what a suspended program goes on with (resumed is 1). rc is 0 or the negative errno that user
 * space is told. why says what is wrong: with rc, with the program as a whole; without, with the
 * first of bad CCWs that the channel will refuse with a program check when it gets there. ccw is
 * the guest address of that CCW (of the ORB's program if it is none), addr the guest address that
 * is wrong: of data, an IDAL, a TIC's target, a CCW. flags are FMT1 PFCH IDA64 IDA2K COPIED, as in
 * vfio_ccw_io; reused counts the pages that were pinned still since the request before.
 */
TRACE_EVENT(vfio_ccw_cp,
	TP_PROTO(struct subchannel_id schid, u32 seq, const struct vfio_ccw_cp_record *cp),
	TP_ARGS(schid, seq, cp),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u64, addr)
		__field(u32, cpa)
		__field(u32, ccw)
		__field(u32, bytes)
		__field(u16, ccws)
		__field(u16, segments)
		__field(u16, idaws)
		__field(u16, pages)
		__field(u16, reused)
		__field(u16, bad)
		__field(u16, flags)
		__field(s16, rc)
		__field(u8, why)
		__field(u8, cmd)
		__field(u8, resumed)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->addr = cp->addr;
		__entry->cpa = cp->cpa;
		__entry->ccw = cp->ccw;
		__entry->bytes = cp->bytes;
		__entry->ccws = cp->ccws;
		__entry->segments = cp->segments;
		__entry->idaws = cp->idaws;
		__entry->pages = cp->pages;
		__entry->reused = cp->reused;
		__entry->bad = cp->bad;
		__entry->flags = cp->flags;
		__entry->rc = cp->rc;
		__entry->why = cp->why;
		__entry->cmd = cp->cmd;
		__entry->resumed = cp->resumed;
	),
	TP_printk("sch=%x.%x.%04x seq=%u cpa=%08x cmd=%02x ccws=%u segments=%u idaws=%u pages=%u "
		  "reused=%u bytes=%u flags=%s resumed=%u rc=%d why=%s bad=%u ccw=%08x addr=%llx",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq, __entry->cpa,
		  __entry->cmd, __entry->ccws, __entry->segments, __entry->idaws, __entry->pages,
		  __entry->reused, __entry->bytes, vfio_ccw_show_io_flags(__entry->flags),
		  __entry->resumed, __entry->rc, vfio_ccw_show_why(__entry->why), __entry->bad,
		  __entry->ccw, __entry->addr)
);

/**
 * vfio_ccw_ccw - a channel program as the guest wrote it
 *
 * One or several records per program, before it is started: each holds the CCWs from number first
 * on of the total copied, TICs included, in the order in which they were copied. addr is the guest
 * address of each, ccw the eight bytes of each as the guest wrote them, in the format that orb1
 * (word 1 of the guest's ORB) says. data is a sequence of items: CCW number within the program
 * (2 bytes, big endian), kind, length, and that many bytes. Kind 0: parameters of a control
 * command, at most 64 bytes; kind 1: the first IDAW as the guest wrote it. What READs and WRITEs
 * move is never recorded. flags has 1 if CCWs were left out because of a bound. A program that was
 * refused is told as far as it was copied. The one event that holds guest data: treat a recording
 * with it like the guest's commands.
 */
TRACE_EVENT(vfio_ccw_ccw,
	TP_PROTO(struct subchannel_id schid, u32 seq, const struct vfio_ccw_ccw_record *r),
	TP_ARGS(schid, seq, r),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u32, orb1)
		__field(u32, cpa)
		__field(u16, first)
		__field(u16, total)
		__field(u16, flags)
		__dynamic_array(u32, addr, r->n)
		__dynamic_array(u8, ccw, r->n * 8)
		__dynamic_array(u8, data, r->len)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->orb1 = r->orb1;
		__entry->cpa = r->cpa;
		__entry->first = r->first;
		__entry->total = r->total;
		__entry->flags = r->flags;
		memcpy(__get_dynamic_array(addr), r->addr, r->n * 4);
		memcpy(__get_dynamic_array(ccw), r->ccw, r->n * 8);
		memcpy(__get_dynamic_array(data), r->data, r->len);
	),
	TP_printk("sch=%x.%x.%04x seq=%u orb1=%08x cpa=%08x first=%u total=%u flags=%x addr=%s "
		  "ccw=%s data=%s",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq, __entry->orb1,
		  __entry->cpa, __entry->first, __entry->total, __entry->flags,
		  __print_array(__get_dynamic_array(addr), __get_dynamic_array_len(addr) / 4, 4),
		  __print_hex(__get_dynamic_array(ccw), __get_dynamic_array_len(ccw)),
		  __print_hex(__get_dynamic_array(data), __get_dynamic_array_len(data)))
);

/**
 * vfio_ccw_ssch - an I/O instruction was executed for the subchannel
 *
 * function SSCH, HSCH, CSCH, XSCH or RSCH, and its condition code. lpm is the path mask used and
 * cpa the guest's channel-program address with SSCH; with RSCH cpa is the CCW that the program was
 * suspended at, if that is known. The others have 0. seq is 0 if no request was under way.
 */
TRACE_EVENT(vfio_ccw_ssch,
	TP_PROTO(struct subchannel_id schid, u32 seq, u8 function, u8 cc, u8 lpm, u32 cpa),
	TP_ARGS(schid, seq, function, cc, lpm, cpa),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u32, cpa)
		__field(u8, function)
		__field(u8, cc)
		__field(u8, lpm)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->cpa = cpa;
		__entry->function = function;
		__entry->cc = cc;
		__entry->lpm = lpm;
	),
	TP_printk("sch=%x.%x.%04x seq=%u function=%s cc=%u lpm=%02x cpa=%08x", __entry->cssid,
		  __entry->ssid, __entry->schno, __entry->seq,
		  vfio_ccw_show_function(__entry->function), __entry->cc, __entry->lpm,
		  __entry->cpa)
);

/**
 * vfio_ccw_irq - an I/O interrupt of the subchannel
 *
 * Every one, solicited or not. scsw0 and scsw2 are words 0 and 2 of its SCSW, cpa is word 1 as the
 * guest sees it: an address of its own program, or 0. erw is the extended-report word, 0 if no
 * ESW was stored. final is 1 if it ended the request. seq is 0 if no request was under way.
 */
TRACE_EVENT(vfio_ccw_irq,
	TP_PROTO(struct subchannel_id schid, u32 seq, u32 scsw0, u32 cpa, u32 scsw2, u32 erw,
		 u8 isc, u8 final),
	TP_ARGS(schid, seq, scsw0, cpa, scsw2, erw, isc, final),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u32, scsw0)
		__field(u32, cpa)
		__field(u32, scsw2)
		__field(u32, erw)
		__field(u8, isc)
		__field(u8, final)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->scsw0 = scsw0;
		__entry->cpa = cpa;
		__entry->scsw2 = scsw2;
		__entry->erw = erw;
		__entry->isc = isc;
		__entry->final = final;
	),
	TP_printk("sch=%x.%x.%04x seq=%u final=%u scsw0=%08x cpa=%08x dstat=%s cstat=%s resid=%u "
		  "erw=%08x isc=%u",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq, __entry->final,
		  __entry->scsw0, __entry->cpa, vfio_ccw_show_dstat(__entry->scsw2 >> 24),
		  vfio_ccw_show_cstat(__entry->scsw2 >> 16 & 0xff), __entry->scsw2 & 0xffff,
		  __entry->erw, __entry->isc)
);

/**
 * vfio_ccw_deliver - user space was to be told of something
 *
 * irq is the index of vfio (IO, CRW, REQ), listened 1 if an eventfd was there to be signalled,
 * depth how many statuses (IO) or reports (CRW) wait to be fetched then.
 */
TRACE_EVENT(vfio_ccw_deliver,
	TP_PROTO(struct subchannel_id schid, u32 seq, u8 irq, u8 listened, u16 depth),
	TP_ARGS(schid, seq, irq, listened, depth),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u16, depth)
		__field(u8, irq)
		__field(u8, listened)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->depth = depth;
		__entry->irq = irq;
		__entry->listened = listened;
	),
	TP_printk("sch=%x.%x.%04x seq=%u irq=%s listened=%u depth=%u", __entry->cssid,
		  __entry->ssid, __entry->schno, __entry->seq, vfio_ccw_show_irq(__entry->irq),
		  __entry->listened, __entry->depth)
);

/**
 * vfio_ccw_region - user space read or wrote a region
 *
 * region is its index, write 1 for a write; offset and count in bytes, as asked for, offset from
 * the beginning of the region. rc is what the call returned: bytes, or a negative errno. seq is the
 * last request's, or that of the one that the write asked for.
 */
TRACE_EVENT(vfio_ccw_region,
	TP_PROTO(struct subchannel_id schid, u32 seq, u32 region, u8 write, u32 offset, u64 count,
		 s64 rc),
	TP_ARGS(schid, seq, region, write, offset, count, rc),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u64, count)
		__field(s64, rc)
		__field(u32, region)
		__field(u32, offset)
		__field(u8, write)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->count = count;
		__entry->rc = rc;
		__entry->region = region;
		__entry->offset = offset;
		__entry->write = write;
	),
	TP_printk("sch=%x.%x.%04x seq=%u region=%u %s offset=%u count=%llu rc=%lld",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq, __entry->region,
		  __print_symbolic(__entry->write, { 0, "READ" }, { 1, "WRITE" }), __entry->offset,
		  __entry->count, __entry->rc)
);

/**
 * vfio_ccw_pin - guest pages were pinned, given back, or have to be
 *
 * action PIN, UNPIN, REUSE, UNMAP or CHANGE. iova is the guest address of the first of count pages
 * of 4 KiB. REUSE (once per program) and CHANGE (of any part of the user's address space, if pages
 * are kept) are about pages here and there: iova is 0. cached counts pages that an earlier request
 * left pinned: with REUSE those taken over, with UNMAP and CHANGE those that are dropped for it. rc
 * is 0 or the negative errno of PIN: then none of them is pinned.
 */
TRACE_EVENT(vfio_ccw_pin,
	TP_PROTO(struct subchannel_id schid, u32 seq, u8 action, u64 iova, u64 count, u32 cached,
		 int rc),
	TP_ARGS(schid, seq, action, iova, count, cached, rc),
	TP_STRUCT__entry(
		__field(u8, cssid)
		__field(u8, ssid)
		__field(u16, schno)
		__field(u32, seq)
		__field(u64, iova)
		__field(u64, count)
		__field(u32, cached)
		__field(s16, rc)
		__field(u8, action)
	),
	TP_fast_assign(
		__entry->cssid = schid.cssid;
		__entry->ssid = schid.ssid;
		__entry->schno = schid.sch_no;
		__entry->seq = seq;
		__entry->iova = iova;
		__entry->count = count;
		__entry->cached = cached;
		__entry->rc = rc;
		__entry->action = action;
	),
	TP_printk("sch=%x.%x.%04x seq=%u action=%s iova=%llx count=%llu cached=%u rc=%d",
		  __entry->cssid, __entry->ssid, __entry->schno, __entry->seq,
		  vfio_ccw_show_pin(__entry->action), __entry->iova, __entry->count,
		  __entry->cached, __entry->rc)
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
