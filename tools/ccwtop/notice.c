// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>

#include "tools/ccwtop/notice.h"
#include "trace/bytes.h"
#include "trace/ccw_names.h"
#include "trace/ccw_raw.h"

enum kind { CRW, CHP, PROGRAM, NR_KINDS };

#define NR_FIELDS 12

/* Fields in the order of this list: find_event() fills them, number() reads them. */
static const struct {
	const char *event;
	const char *field[NR_FIELDS];
} wanted[NR_KINDS] = {
	[CRW] = { "vfio_ccw_crw", { "cssid", "ssid", "schno", "action", "rsc", "erc", "rsid" } },
	[CHP] = { "vfio_ccw_chp_event", { "cssid", "ssid", "schno", "mask", "event" } },
	[PROGRAM] = { "vfio_ccw_ccw", { "cssid", "ssid", "schno", "seq", "orb1", "cpa", "first",
					"total", "flags", "addr", "ccw" } },
};

enum { CSSID, SSID, SCHNO };
enum { CRW_ACTION = 3, CRW_RSC, CRW_ERC, CRW_RSID };
enum { CHP_MASK = 3, CHP_EVENT };
enum { P_SEQ = 3, P_ORB1, P_CPA, P_FIRST, P_TOTAL, P_FLAGS, P_ADDR, P_CCW };

struct top_notices {
	bool swap;
	struct {
		int id; /* -1: the source does not describe it */
		const struct tep_format_field *field[NR_FIELDS];
	} kind[NR_KINDS];
};

static void find_event(struct top_notices *n, struct tep_handle *tep, int kind)
{
	struct tep_event *e = tep ? tep_find_event_by_name(tep, "vfio_ccw", wanted[kind].event) :
				    NULL;
	int i;

	n->kind[kind].id = -1;
	for (i = 0; e && i < NR_FIELDS && wanted[kind].field[i]; i++) {
		n->kind[kind].field[i] = tep_find_field(e, wanted[kind].field[i]);
		if (!n->kind[kind].field[i])
			return;
	}
	if (e)
		n->kind[kind].id = e->id;
}

struct top_notices *top_notices_new(struct ccw_source *src)
{
	struct top_notices *n = calloc(1, sizeof(*n));
	int kind;

	if (!n)
		return NULL;
	n->swap = ccw_source_info(src)->big_endian != ccw_host_big_endian();
	for (kind = 0; kind < NR_KINDS; kind++)
		find_event(n, ccw_source_tep(src), kind);
	return n;
}

void top_notices_free(struct top_notices *n)
{
	free(n);
}

bool top_notices_programs(const struct top_notices *n)
{
	return n->kind[PROGRAM].id >= 0;
}

static enum kind kind_of(const struct top_notices *n, const struct ccw_raw *raw)
{
	int kind, id;

	if (raw->len < 8)
		return NR_KINDS;
	id = ccw_get16(raw->data, n->swap);
	for (kind = 0; kind < NR_KINDS && n->kind[kind].id != id; kind++)
		;
	return kind;
}

bool top_notices_wanted(const struct top_notices *n, const struct ccw_raw *raw)
{
	return kind_of(n, raw) != NR_KINDS;
}

/* 0 if the record is too short for it. */
static uint64_t number(const struct top_notices *n, enum kind kind, int field,
		       const struct ccw_raw *raw)
{
	const struct tep_format_field *f = n->kind[kind].field[field];
	const uint8_t *p;

	if (f->offset < 0 || f->size < 1 || (uint64_t)f->offset + f->size > raw->len)
		return 0;
	p = raw->data + f->offset;
	switch (f->size) {
	case 1: return *p;
	case 2: return ccw_get16(p, n->swap);
	case 4: return ccw_get32(p, n->swap);
	case 8: return ccw_get64(p, n->swap);
	}
	return 0;
}

/* A dynamic array: its offset and length stand in one word. NULL if it leaves the record. */
static const uint8_t *array(const struct top_notices *n, int field, const struct ccw_raw *raw,
			    uint32_t *len)
{
	const struct tep_format_field *f = n->kind[PROGRAM].field[field];
	uint32_t word, at;

	*len = 0;
	if (!(f->flags & TEP_FIELD_IS_DYNAMIC) || f->size != 4)
		return NULL;
	word = number(n, PROGRAM, field, raw);
	at = word & 0xffff;
	*len = word >> 16;
	return at <= raw->len && *len <= raw->len - at ? raw->data + at : NULL;
}

/* Only its first record: it holds more CCWs than are kept. */
static void take_program(const struct top_notices *n, const struct ccw_raw *raw,
			 struct ccw_sch sch, struct top_past *past)
{
	struct top_program p = { .ts = raw->ts, .sch = sch };
	uint32_t addr_len, ccw_len, i;
	const uint8_t *addr = array(n, P_ADDR, raw, &addr_len);
	const uint8_t *ccw = array(n, P_CCW, raw, &ccw_len);

	if (!addr || !ccw || ccw_len / 8 != addr_len / 4 || number(n, PROGRAM, P_FIRST, raw))
		return;
	p.seq = number(n, PROGRAM, P_SEQ, raw);
	p.orb1 = number(n, PROGRAM, P_ORB1, raw);
	p.cpa = number(n, PROGRAM, P_CPA, raw);
	p.total = number(n, PROGRAM, P_TOTAL, raw);
	p.cut = number(n, PROGRAM, P_FLAGS, raw) & VFIO_CCW_CCW_CUT;
	p.count = ccw_len / 8 < TOP_CCWS ? ccw_len / 8 : TOP_CCWS;
	for (i = 0; i < p.count; i++)
		p.addr[i] = ccw_get32(addr + 4 * i, n->swap);
	memcpy(p.ccw, ccw, p.count * 8u);
	top_tolds_program(top_past_tolds(past), &p);
}

static void take_crw(const struct top_notices *n, const struct ccw_raw *raw, struct ccw_sch sch,
		     struct top_past *past)
{
	static const char *const actions[] = { "queued", "read", "dropped" };
	uint64_t action = number(n, CRW, CRW_ACTION, raw);
	unsigned int rsc = number(n, CRW, CRW_RSC, raw), erc = number(n, CRW, CRW_ERC, raw);

	top_log_add(top_past_log(past), raw->ts, TOP_LOG_CRW, &sch,
		    "channel report %s: %s %s, id %04x", action < 3 ? actions[action] : "?",
		    ccw_rsc_name(rsc), ccw_erc_name(erc),
		    (unsigned int)number(n, CRW, CRW_RSID, raw));
}

static void take_chp(const struct top_notices *n, const struct ccw_raw *raw, struct ccw_sch sch,
		     struct top_past *past)
{
	/* docs/events.md */
	static const char *const events[] = { "online", "offline", "varied on", "varied off" };
	uint64_t event = number(n, CHP, CHP_EVENT, raw);

	top_log_add(top_past_log(past), raw->ts, TOP_LOG_PATH, &sch,
		    "channel path %s (mask %02x)", event < 4 ? events[event] : "?",
		    (unsigned int)number(n, CHP, CHP_MASK, raw));
}

void top_notices_take(const struct top_notices *n, const struct ccw_raw *raw,
		      const struct ccw_filter *filter, struct top_past *past)
{
	enum kind kind = kind_of(n, raw);
	struct ccw_sch sch;

	if (kind == NR_KINDS)
		return;
	sch = (struct ccw_sch){
		.cssid = number(n, kind, CSSID, raw), .ssid = number(n, kind, SSID, raw),
		.schno = number(n, kind, SCHNO, raw),
	};
	if (!ccw_filter_match(filter, sch))
		return;
	if (kind == CRW)
		take_crw(n, raw, sch, past);
	else if (kind == CHP)
		take_chp(n, raw, sch, past);
	else
		take_program(n, raw, sch, past);
}
