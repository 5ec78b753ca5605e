// SPDX-License-Identifier: GPL-2.0
/*
 * Latency of every subchannel's I/Os on any kernel, from the common I/O layer's own tracepoints
 * (s390:s390_cio_*): START SUBCHANNEL to interrupt as the device's time, interrupt to TEST
 * SUBCHANNEL as delivery. Nothing is known of translation or of the channel program.
 *
 * SSCH and TSCH are issued under the subchannel lock; the interrupt's event comes before that lock
 * is taken, and of its fields only this one is written there.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/ccwlat.h"
#include "bpf/ccwlat_common.bpf.h"
#include "trace/events/vfio_ccw_abi.h"

/* An I/O under way. */
struct flight {
	u64 started; /* 0: none */
	u64 interrupted; /* 0: not yet */
	u32 cut; /* VFIO_CCW_IO_HALTED, _CLEARED, _CANCELLED */
	u32 irqs;
	u32 status; /* dstat and cstat so far, where word 2 of the SCSW has them */
	u32 resid; /* of the primary status */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SUBCHANNELS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, struct flight);
} ccw_flights SEC(".maps");

/* SCSW word 0 (Principles of Operation, chapter 16): function, activity and status control. */
#define FCTL(w) ((w) >> 12 & 7)
#define ACTL(w) ((w) >> 5 & 0x7f)
#define STCTL(w) ((w) & 0x1f)
#define DCC(w) ((w) >> 24 & 3)

#define FCTL_START 4
#define ACTL_BUSY 0x67 /* resume or start pending, subchannel or device active, suspended */
#define FCTL_STOP 3 /* halt, clear */
#define ACTL_STOPPING 0x18 /* halt or clear pending */
#define STCTL_PRIMARY 0x04
#define STCTL_SECONDARY 0x02
#define STCTL_PENDING 0x01

#define USUAL_DSTAT 0x0c

static const struct flight no_flight;

static __always_inline struct flight *flight(u32 sch)
{
	struct flight *f = bpf_map_lookup_elem(&ccw_flights, &sch);

	if (f)
		return f;
	bpf_map_update_elem(&ccw_flights, &sch, &no_flight, BPF_NOEXIST);
	return bpf_map_lookup_elem(&ccw_flights, &sch);
}

/* The whole of a finished I/O, filled only if somebody is to be told. */
struct end {
	u64 device, deliver;
	u32 word0, cpa, word2; /* of the SCSW */
	u32 flags, irqs, cc;
};

static __always_inline void tell(const struct end *end, u32 sch)
{
	struct ccwlat_event *e = bpf_ringbuf_reserve(&ccw_events, sizeof(*e), 0);

	if (!e) {
		lost(CCWLAT_NO_ROOM);
		return;
	}
	__builtin_memset(e, 0, sizeof(*e));
	e->ts = bpf_ktime_get_ns();
	e->sch = sch;
	e->cpu = bpf_get_smp_processor_id();
	e->device_ns = end->device;
	e->deliver_ns = end->deliver > 0xffffffff ? 0xffffffff : end->deliver;
	e->flags = end->flags;
	e->irqs = end->irqs;
	e->cc = end->cc;
	e->fctl = FCTL(end->word0);
	e->actl = ACTL(end->word0);
	e->stctl = STCTL(end->word0);
	e->dstat = end->word2 >> 24;
	e->cstat = end->word2 >> 16;
	e->resid = end->word2;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

static __always_inline u32 result(const struct end *end)
{
	u32 dstat = end->word2 >> 24, cstat = end->word2 >> 16 & 0xff;

	if (end->cc)
		return VFIO_CCW_IO_CC;
	if (end->flags & (VFIO_CCW_IO_HALTED | VFIO_CCW_IO_CLEARED | VFIO_CCW_IO_CANCELLED))
		return VFIO_CCW_IO_CUT_SHORT;
	if (cstat & 0x3f)
		return VFIO_CCW_IO_CHANNEL;
	if (dstat & 0x02)
		return VFIO_CCW_IO_UNIT_CHECK;
	if (dstat & 0x01)
		return VFIO_CCW_IO_UNIT_EXCEPTION;
	return cstat & 0x40 ? VFIO_CCW_IO_LENGTH : VFIO_CCW_IO_OK;
}

/* An I/O came to its end: counts it, and tells of it if that is worth it. */
static __always_inline void account(u32 sch, const struct end *end)
{
	u32 dstat = end->word2 >> 24, cstat = end->word2 >> 16 & 0xff, res = result(end);
	u64 total = end->device + end->deliver;
	struct ccwlat *l = entry(sch);

	if (!l)
		return;
	bump(&l->irqs, end->irqs);
	if (end->flags & VFIO_CCW_IO_ENDED) {
		bump(&l->sum_ns[CCWLAT_DEVICE], end->device);
		bump(&l->sum_ns[CCWLAT_DELIVER], end->deliver);
		if (total > l->max_ns)
			l->max_ns = total;
		count(l, CCWLAT_DEVICE, bucket(end->device));
		count(l, CCWLAT_DELIVER, bucket(end->deliver));
		count(l, CCWLAT_TOTAL, bucket(total));
	}
	if (!res && dstat == USUAL_DSTAT && !cstat) {
		bump(&l->usual, 1);
	} else {
		bump(&l->result[res & 7], 1);
		bump(&l->cc[end->cc & 3], 1);
		if (end->flags & VFIO_CCW_IO_ENDED) {
			count_bits(l->dstat, dstat);
			count_bits(l->cstat, cstat);
		}
	}
	if (total >= slow_ns || (res && tell_errors))
		tell(end, sch);
}

SEC("tp_btf/s390_cio_ssch")
int BPF_PROG(ccw_ssch, u64 schid, void *orb, int cc)
{
	u32 sch = sch_key(schid);
	struct end end = {};
	struct flight *f;

	if (cc) {
		end.cc = cc;
		end.flags = VFIO_CCW_IO_STARTED;
		account(sch, &end);
		return 0;
	}
	f = flight(sch);
	if (!f) {
		lost(CCWLAT_NO_ENTRY);
		return 0;
	}
	f->started = bpf_ktime_get_ns();
	f->interrupted = 0;
	f->cut = 0;
	f->irqs = 0;
	f->status = 0;
	f->resid = 0;
	return 0;
}

static __always_inline int cut(u64 schid, int cc, u32 flag)
{
	u32 sch = sch_key(schid);
	struct flight *f = bpf_map_lookup_elem(&ccw_flights, &sch);

	if (f && !cc)
		f->cut |= flag;
	return 0;
}

SEC("tp_btf/s390_cio_hsch")
int BPF_PROG(ccw_hsch, u64 schid, int cc)
{
	return cut(schid, cc, VFIO_CCW_IO_HALTED);
}

SEC("tp_btf/s390_cio_csch")
int BPF_PROG(ccw_csch, u64 schid, int cc)
{
	return cut(schid, cc, VFIO_CCW_IO_CLEARED);
}

/* With cc 0 the start function is gone, and no interrupt will come for it. */
SEC("tp_btf/s390_cio_xsch")
int BPF_PROG(ccw_xsch, u64 schid, int cc)
{
	u32 sch = sch_key(schid);
	struct flight *f = bpf_map_lookup_elem(&ccw_flights, &sch);
	struct end end = { .flags = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_CANCELLED };

	if (!f || cc || !f->started)
		return 0;
	f->started = 0;
	end.irqs = f->irqs;
	account(sch, &end);
	return 0;
}

SEC("tp_btf/s390_cio_interrupt")
int BPF_PROG(ccw_interrupt, const struct tpi_info *tpi)
{
	struct flight *f;
	u32 id = 0, sch;

	if (!tpi)
		return 0;
	bpf_probe_read_kernel(&id, sizeof(id), &tpi->schid);
	sch = sch_key(id);
	f = bpf_map_lookup_elem(&ccw_flights, &sch);
	if (f)
		f->interrupted = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/s390_cio_tsch")
int BPF_PROG(ccw_tsch, u64 schid, const struct irb *irb, int cc)
{
	u32 sch = sch_key(schid), scsw[3] = {};
	struct end end = {};
	struct flight *f;
	u64 now, at;

	if (cc || !irb) /* cc 1: no status was pending */
		return 0;
	bpf_probe_read_kernel(scsw, sizeof(scsw), irb);
	if (!(STCTL(scsw[0]) & STCTL_PENDING))
		return 0;
	f = bpf_map_lookup_elem(&ccw_flights, &sch);
	if (!f || !f->started) {
		if (FCTL(scsw[0]) & FCTL_START)
			lost(CCWLAT_NO_START);
		return 0;
	}
	f->irqs++;
	/* Channel end can come by itself, and what went wrong in the channel with it. */
	f->status |= scsw[2] & 0xffff0000;
	if (STCTL(scsw[0]) & STCTL_PRIMARY)
		f->resid = scsw[2] & 0xffff;
	if (FCTL(scsw[0]) & FCTL_STOP) {
		if (ACTL(scsw[0]) & ACTL_STOPPING)
			return 0;
	} else if (!(STCTL(scsw[0]) & STCTL_SECONDARY) && ACTL(scsw[0]) & ACTL_BUSY) {
		return 0; /* the program is still the channel's */
	}
	now = bpf_ktime_get_ns();
	at = f->interrupted > f->started ? f->interrupted : now;
	end.device = at - f->started;
	end.deliver = now - at;
	end.word0 = scsw[0];
	end.cpa = scsw[1];
	end.word2 = f->status | f->resid;
	end.cc = DCC(scsw[0]); /* deferred: 0 when the channel came to start it */
	end.irqs = f->irqs;
	end.flags = VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED | f->cut;
	f->started = 0;
	account(sch, &end);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
