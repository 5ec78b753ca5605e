// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's events, with the labels of their print formats in the kernel and more names: one
 * table for each, a label, a field and how it is shown.
 */
#include "trace/ccw_names.h"
#include "trace/ccw_raw.h"
#include "trace/plugin/plugin.h"

enum kind {
	SUBCHANNEL, UNSIGNED, HEX, HEX2, HEX4, HEX8, HEX16, RC, SIGNED_OR_RC,
	IO_FLAGS, DSTAT, CSTAT, FCTL, ACTL, STCTL, CMD, STATE, EVENT, WHY, FUNCTION, PIN, IRQ,
	CRW_ACTION, RSC, ERC, DIRECTION, SCSW0, SCSW2, CHP, ASYNC, SENSE, TEXT,
};

struct item {
	const char *label, *field;
	enum kind kind;
};

#define ITEM(field, kind) { #field, #field, kind }
#define START_OF(label) { label, NULL, SUBCHANNEL }, ITEM(seq, UNSIGNED)

static const struct item io[] = {
	START_OF("sch"), ITEM(translate_ns, UNSIGNED), ITEM(start_ns, UNSIGNED),
	ITEM(device_ns, UNSIGNED), ITEM(deliver_ns, UNSIGNED), ITEM(cmd, CMD), ITEM(ccws, UNSIGNED),
	ITEM(segments, UNSIGNED), ITEM(idaws, UNSIGNED), ITEM(pages, UNSIGNED),
	ITEM(bytes, UNSIGNED), ITEM(flags, IO_FLAGS), ITEM(cc, UNSIGNED), ITEM(rc, RC),
	ITEM(irqs, UNSIGNED), ITEM(fctl, FCTL), ITEM(actl, ACTL), ITEM(stctl, STCTL),
	ITEM(dstat, DSTAT), ITEM(cstat, CSTAT), ITEM(resid, UNSIGNED), ITEM(lpum, HEX2),
	ITEM(erw, HEX8), ITEM(sense, SENSE), { 0 },
};

static const struct item fsm[] = {
	START_OF("sch"), ITEM(from, STATE), ITEM(event, EVENT), ITEM(to, STATE), ITEM(rc, RC),
	{ 0 },
};

static const struct item cp[] = {
	START_OF("sch"), ITEM(cpa, HEX8), ITEM(cmd, CMD), ITEM(ccws, UNSIGNED),
	ITEM(segments, UNSIGNED), ITEM(idaws, UNSIGNED), ITEM(pages, UNSIGNED),
	ITEM(reused, UNSIGNED), ITEM(bytes, UNSIGNED), ITEM(flags, IO_FLAGS),
	ITEM(resumed, UNSIGNED), ITEM(rc, RC), ITEM(why, WHY), ITEM(bad, UNSIGNED), ITEM(ccw, HEX8),
	ITEM(addr, HEX), { 0 },
};

static const struct item function[] = {
	START_OF("sch"), ITEM(function, FUNCTION), ITEM(cc, UNSIGNED), ITEM(lpm, HEX2),
	ITEM(cpa, HEX8), { 0 },
};

static const struct item irq[] = {
	START_OF("sch"), ITEM(final, UNSIGNED), ITEM(scsw0, SCSW0), ITEM(cpa, HEX8),
	{ "", "scsw2", SCSW2 }, ITEM(erw, HEX8), ITEM(isc, UNSIGNED), { 0 },
};

static const struct item deliver[] = {
	START_OF("sch"), ITEM(irq, IRQ), ITEM(listened, UNSIGNED), ITEM(depth, UNSIGNED), { 0 },
};

static const struct item region[] = {
	START_OF("sch"), ITEM(region, UNSIGNED), { "", "write", DIRECTION },
	ITEM(offset, UNSIGNED), ITEM(count, UNSIGNED), ITEM(rc, SIGNED_OR_RC), { 0 },
};

static const struct item pin[] = {
	START_OF("sch"), ITEM(action, PIN), ITEM(iova, HEX), ITEM(count, UNSIGNED),
	ITEM(cached, UNSIGNED), ITEM(rc, RC), { 0 },
};

static const struct item crw[] = {
	{ "sch", NULL, SUBCHANNEL }, ITEM(action, CRW_ACTION), ITEM(rsc, RSC), ITEM(erc, ERC),
	ITEM(rsid, HEX4), ITEM(depth, UNSIGNED), { 0 },
};

static const struct item chp[] = {
	{ "schid", NULL, SUBCHANNEL }, ITEM(mask, HEX2), ITEM(event, CHP), { 0 },
};

static const struct item fsm_event[] = {
	{ "schid", NULL, SUBCHANNEL }, ITEM(state, STATE), ITEM(event, EVENT), { 0 },
};

static const struct item io_request[] = {
	{ "schid", NULL, SUBCHANNEL }, ITEM(fctl, FCTL), ITEM(errno, RC), ITEM(errstr, TEXT),
	{ 0 },
};

static const struct item async_request[] = {
	{ "schid", NULL, SUBCHANNEL }, ITEM(command, ASYNC), ITEM(errno, RC), { 0 },
};

const struct handled own_events[] = {
	{ "vfio_ccw_io", io }, { "vfio_ccw_fsm", fsm }, { "vfio_ccw_cp", cp },
	{ "vfio_ccw_ssch", function }, { "vfio_ccw_irq", irq }, { "vfio_ccw_deliver", deliver },
	{ "vfio_ccw_region", region }, { "vfio_ccw_pin", pin }, { "vfio_ccw_crw", crw },
	{ "vfio_ccw_chp_event", chp }, { "vfio_ccw_fsm_event", fsm_event },
	{ "vfio_ccw_fsm_io_request", io_request },
	{ "vfio_ccw_fsm_async_request", async_request }, { NULL, NULL },
};

/* The name of number v, or the number. */
static void print_name(struct trace_seq *s, const char *const *names, unsigned int n, uint64_t v)
{
	if (v < n && names[v])
		trace_seq_puts(s, names[v]);
	else
		trace_seq_printf(s, "%llu", (unsigned long long)v);
}

#define NAME_OF(s, v, ...) do { \
	static const char *const names_[] = { __VA_ARGS__ }; \
	print_name(s, names_, sizeof(names_) / sizeof(*names_), v); \
} while (0)

static void print_status(struct trace_seq *s, uint32_t scsw2)
{
	char text[80];

	trace_seq_printf(s, "dstat=%s", ccw_dstat_str(scsw2 >> 24, text, sizeof(text)));
	trace_seq_printf(s, " cstat=%s", ccw_cstat_str(scsw2 >> 16, text, sizeof(text)));
	trace_seq_printf(s, " resid=%u", scsw2 & 0xffff);
}

static void print_value(struct trace_seq *s, enum kind kind, uint64_t v)
{
	unsigned long long n = v;
	char text[160];

	switch (kind) {
	case SUBCHANNEL: /* these two have no number of their own */
	case TEXT:
	case UNSIGNED:	trace_seq_printf(s, "%llu", n); break;
	case HEX:	trace_seq_printf(s, "%llx", n); break;
	case HEX2:	trace_seq_printf(s, "%02llx", n); break;
	case HEX4:	trace_seq_printf(s, "%04llx", n); break;
	case HEX8:	trace_seq_printf(s, "%08llx", n); break;
	case HEX16:	trace_seq_printf(s, "%016llx", n); break;
	case SIGNED_OR_RC:
		if ((int64_t)v >= 0) {
			trace_seq_printf(s, "%llu", n);
			break;
		}
		/* fall through */
	case RC:	trace_seq_puts(s, ccw_rc_str((int)(int64_t)v, text, sizeof(text))); break;
	case IO_FLAGS:	trace_seq_puts(s, ccw_io_flags_str(v, text, sizeof(text))); break;
	case DSTAT:	trace_seq_puts(s, ccw_dstat_str(v, text, sizeof(text))); break;
	case CSTAT:	trace_seq_puts(s, ccw_cstat_str(v, text, sizeof(text))); break;
	case FCTL:	trace_seq_puts(s, ccw_fctl_str(v, text, sizeof(text))); break;
	case ACTL:	trace_seq_puts(s, ccw_actl_str(v, text, sizeof(text))); break;
	case STCTL:	trace_seq_puts(s, ccw_stctl_str(v, text, sizeof(text))); break;
	case CMD:	trace_seq_printf(s, "%02llx(%s)", n, ccw_cmd_name(v)); break;
	case STATE:	trace_seq_puts(s, ccw_state_name(v)); break;
	case EVENT:	trace_seq_puts(s, ccw_event_name(v)); break;
	case WHY:	trace_seq_puts(s, ccw_why_name(v)); break;
	case FUNCTION:	trace_seq_puts(s, ccw_function_name(v)); break;
	case PIN:	trace_seq_puts(s, ccw_pin_name(v)); break;
	case IRQ:	NAME_OF(s, v, "IO", "CRW", "REQ"); break;
	case CRW_ACTION: NAME_OF(s, v, "QUEUED", "READ", "DROPPED"); break;
	case RSC:	trace_seq_printf(s, "%llx(%s)", n, ccw_rsc_name(v)); break;
	case ERC:	trace_seq_printf(s, "%llx(%s)", n, ccw_erc_name(v)); break;
	case DIRECTION:	NAME_OF(s, v, "READ", "WRITE"); break;
	case SCSW0:
		trace_seq_printf(s, "%08llx %s", n, ccw_scsw0_str(v, text, sizeof(text)));
		break;
	case SCSW2:	print_status(s, v); break;
	case CHP:	NAME_OF(s, v, "ONLINE", "OFFLINE", "VARY_ON", "VARY_OFF"); break;
	case ASYNC:	NAME_OF(s, v, NULL, "HALT", "CLEAR"); break;
	case SENSE:
		trace_seq_printf(s, "%016llx", n);
		if (v)
			trace_seq_printf(s, "(%s)", ccw_sense0_str(v >> 56, text, sizeof(text)));
		break;
	}
}

/* A string in the record. The kernel's own driver has an address there instead. */
static void print_text(struct trace_seq *s, const struct place *at, const struct item *i)
{
	struct tep_format_field *f = tep_find_any_field(at->event, i->field);
	const uint8_t *p;
	unsigned int n;

	if (!f || !(f->flags & TEP_FIELD_IS_DYNAMIC))
		return;
	p = field_bytes(at, i->field, &n);
	if (!p)
		return;
	trace_seq_printf(s, " %s=", i->label);
	for (; n && *p; n--, p++)
		trace_seq_putc(s, *p < 0x20 || *p > 0x7e ? '.' : *p);
}

int print_own(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *what)
{
	const struct place at = { event, record };
	const struct item *i;
	const char *sep = "";
	uint64_t v;

	for (i = what; i->label; i++) {
		if (i->kind == SUBCHANNEL) {
			print_subchannel(s, &at, i->label);
			sep = " ";
			continue;
		}
		if (i->kind == TEXT) {
			print_text(s, &at, i);
			continue;
		}
		if (!field_number(&at, i->field, &v)) /* of a driver that does not have it */
			continue;
		trace_seq_printf(s, "%s%s%s", sep, i->label, *i->label ? "=" : "");
		print_value(s, i->kind, v);
	}
	return 0;
}
