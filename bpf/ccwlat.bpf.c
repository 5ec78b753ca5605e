// SPDX-License-Identifier: GPL-2.0
/*
 * Latency of channel I/Os, added up in the kernel: one hit an I/O, on the event that tells its
 * whole story. Runs without JIT; plain bpftool can load, attach and dump it.
 *
 * Without JIT every BPF instruction costs about ten of the machine's. The common I/O, one that
 * ends with channel end and device end and nothing else, therefore takes the short way, and the
 * driver has worked out what takes instructions. Counters are added to with one instruction, an
 * atomic one.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/ccwlat.h"
#include "bpf/ccwlat_common.bpf.h"
#include "trace/events/vfio_ccw_abi.h"

/* The driver's record, found in the module's BTF; see trace/events/vfio_ccw_record.h. */
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
	u32 sch;
	u64 total_ns;
	u16 bucket[CCWLAT_STAGES];
	u8 result;
	u8 usual;
} __attribute__((preserve_access_index));

static __always_inline void count_rc(struct ccwlat *l, s32 rc)
{
	u32 i;

#pragma unroll
	for (i = 0; i < CCWLAT_ERRNOS - 1; i++) {
		if (l->rc[i].count && l->rc[i].rc != rc)
			continue;
		l->rc[i].rc = rc;
		l->rc[i].count++;
		return;
	}
	l->rc[i].count++;
}

/* What has no usual end. A stage that the request did not come to is 0, and not counted. */
static __always_inline void unusual(struct ccwlat *l, const struct vfio_ccw_io_record *rec)
{
	bool started = rec->flags & VFIO_CCW_IO_STARTED, ended = rec->flags & VFIO_CCW_IO_ENDED;

	l->result[rec->result & 7]++;
	if (rec->result == VFIO_CCW_IO_REFUSED)
		count_rc(l, rec->rc);
	if (started)
		l->cc[rec->cc & 3]++;
	if (ended) {
		count_bits(l->dstat, rec->dstat);
		count_bits(l->cstat, rec->cstat);
	}
	count(l, CCWLAT_TRANSLATE, rec->bucket[CCWLAT_TRANSLATE]);
	count(l, CCWLAT_TOTAL, rec->bucket[CCWLAT_TOTAL]);
	if (ended || started || rec->start_ns)
		count(l, CCWLAT_START, rec->bucket[CCWLAT_START]);
	if (ended || rec->device_ns)
		count(l, CCWLAT_DEVICE, rec->bucket[CCWLAT_DEVICE]);
	if (ended || rec->deliver_ns)
		count(l, CCWLAT_DELIVER, rec->bucket[CCWLAT_DELIVER]);
}

static __always_inline void tell(const struct vfio_ccw_io_record *rec, u32 sch)
{
	struct ccwlat_event *e = bpf_ringbuf_reserve(&ccw_events, sizeof(*e), 0);

	if (!e) {
		lost(CCWLAT_NO_ROOM);
		return;
	}
#define COPY(field) e->field = rec->field
	COPY(device_ns);
	COPY(sense);
	COPY(seq);
	COPY(translate_ns);
	COPY(start_ns);
	COPY(deliver_ns);
	COPY(bytes);
	COPY(erw);
	COPY(ccws);
	COPY(segments);
	COPY(idaws);
	COPY(pages);
	COPY(rc);
	COPY(flags);
	COPY(irqs);
	COPY(resid);
	COPY(cmd);
	COPY(cc);
	COPY(fctl);
	COPY(actl);
	COPY(stctl);
	COPY(dstat);
	COPY(cstat);
	COPY(lpum);
#undef COPY
	e->ts = bpf_ktime_get_ns();
	e->sch = sch;
	e->cpu = bpf_get_smp_processor_id();
	/* The reader looks when it wants to: waking it costs as much as an I/O. */
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/vfio_ccw_io")
int BPF_PROG(ccw_io_end, const struct vfio_ccw_io_record *rec)
{
	struct ccwlat *l;
	u64 total;
	u32 sch;

	if (!rec) /* never, but the verifier of 6.12 cannot know */
		return 0;
	sch = rec->sch;
	l = entry(sch);
	if (!l)
		return 0;
	bump(&l->bytes, rec->bytes);
	bump(&l->ccws, rec->ccws);
	bump(&l->segments, rec->segments);
	bump(&l->idaws, rec->idaws);
	bump(&l->pages, rec->pages);
	bump(&l->irqs, rec->irqs);
	bump(&l->sum_ns[CCWLAT_TRANSLATE], rec->translate_ns);
	bump(&l->sum_ns[CCWLAT_START], rec->start_ns);
	bump(&l->sum_ns[CCWLAT_DEVICE], rec->device_ns);
	bump(&l->sum_ns[CCWLAT_DELIVER], rec->deliver_ns);
	total = rec->total_ns;
	if (total > l->max_ns)
		l->max_ns = total;
	if (rec->usual) {
		bump(&l->usual, 1);
		count(l, CCWLAT_TRANSLATE, rec->bucket[CCWLAT_TRANSLATE]);
		count(l, CCWLAT_START, rec->bucket[CCWLAT_START]);
		count(l, CCWLAT_DEVICE, rec->bucket[CCWLAT_DEVICE]);
		count(l, CCWLAT_DELIVER, rec->bucket[CCWLAT_DELIVER]);
		count(l, CCWLAT_TOTAL, rec->bucket[CCWLAT_TOTAL]);
		if (total < slow_ns)
			return 0;
	} else {
		unusual(l, rec);
		if (total < slow_ns && !(tell_errors && rec->result))
			return 0;
	}
	tell(rec, sch);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
