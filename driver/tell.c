// SPDX-License-Identifier: GPL-2.0
/*
 * Events that take some work to put together: how a translation ended, and the program itself. Only
 * called when somebody listens.
 */
#include "vccw.h"

/* CCWs and bytes of data in one record: it has to fit into a page of the trace buffer. */
#define CCWS_A_RECORD 96
#define DATA_A_RECORD 1408
#define PARAMS_MOST 64
#define ITEM_HEAD 4

void vccw_tell_cp(struct vccw_dev *d, u32 seq, const struct cp *cp, const __be32 orb[3],
		  enum vfio_ccw_why why, int rc, bool resumed)
{
	const struct cp_shape *s = &cp->shape;
	u32 cpa = be32_to_cpu(orb[2]);
	struct vfio_ccw_cp_record r = {
		.cpa = cpa,
		.ccw = cpa,
		.addr = cpa,
		.rc = rc,
		.why = why,
		.resumed = resumed,
	};

	if (why == VFIO_CCW_WHY_FCTL) { /* not looked at */
		trace_vfio_ccw_cp(d->sch->schid, seq, &r);
		return;
	}
	r.bytes = s->bytes;
	r.ccws = min_t(u32, s->ccws, U16_MAX);
	r.segments = min_t(u32, s->segments, U16_MAX);
	r.idaws = min_t(u32, s->idaws, U16_MAX);
	r.pages = min_t(u32, s->pages, U16_MAX);
	r.reused = min_t(u32, s->reused, U16_MAX);
	r.bad = min_t(u32, s->bad_ccws, U16_MAX);
	r.cmd = s->cmd;
	r.flags = vccw_orb_flags(orb);
	r.ccw = 0;
	r.addr = 0;
	if (s->why) {
		r.ccw = s->bad_ccw;
		r.addr = s->bad_addr;
	}
	trace_vfio_ccw_cp(d->sch->schid, seq, &r);
	if (!rc && s->reused)
		trace_vfio_ccw_pin(d->sch->schid, seq, VFIO_CCW_PIN_REUSE, 0, s->reused, s->reused,
				   0);
}

struct ccw_record {
	u32 addr[CCWS_A_RECORD];
	u64 ccw[CCWS_A_RECORD];
	u8 data[DATA_A_RECORD];
};

static unsigned int put_item(u8 *to, u16 index, u8 kind, const void *bytes, u8 len)
{
	to[0] = index >> 8;
	to[1] = index;
	to[2] = kind;
	to[3] = len;
	memcpy(to + ITEM_HEAD, bytes, len);
	return ITEM_HEAD + len;
}

/* The items of CCW number i, at most ITEM_HEAD * 2 + 8 + PARAMS_MOST bytes; how many. */
static unsigned int put_data(u8 *to, struct cp *cp, u32 i)
{
	u8 params[PARAMS_MOST];
	unsigned int n = 0;
	__be64 idaw;
	u64 first;
	u32 len;

	len = cp_logged_data(cp, i, params, sizeof(params), &first);
	if (len)
		n += put_item(to, i, VFIO_CCW_CCW_PARAM, params, len);
	if (cp_no_idaw(first))
		return n;
	idaw = cpu_to_be64(first);
	if (cp->ida64)
		return n + put_item(to + n, i, VFIO_CCW_CCW_IDAW, &idaw, 8);
	return n + put_item(to + n, i, VFIO_CCW_CCW_IDAW, (u8 *)&idaw + 4, 4);
}

void vccw_tell_ccws(struct vccw_dev *d, u32 seq, struct cp *cp, const __be32 orb[3])
{
	const struct cp_logged *log = cp->log.p;
	u32 total = min_t(u32, cp->log.n, U16_MAX), i = 0;
	struct vfio_ccw_ccw_record r = {
		.orb1 = be32_to_cpu(orb[1]),
		.cpa = be32_to_cpu(orb[2]),
		.total = total,
		.flags = cp->shape.ccws > total ? VFIO_CCW_CCW_CUT : 0,
	};
	struct ccw_record *rec;

	rec = kmalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return;
	r.addr = rec->addr;
	r.ccw = rec->ccw;
	r.data = rec->data;
	while (i < total) {
		r.first = i;
		r.len = 0;
		for (r.n = 0; i < total && r.n < CCWS_A_RECORD; i++, r.n++) {
			if (r.len > DATA_A_RECORD - (2 * ITEM_HEAD + 8 + PARAMS_MOST))
				break;
			rec->addr[r.n] = log[i].addr;
			memcpy(&rec->ccw[r.n], &log[i].ccw, 8);
			r.len += put_data(rec->data + r.len, cp, i);
		}
		trace_vfio_ccw_ccw(d->sch->schid, seq, &r);
	}
	kfree(rec);
}
