// SPDX-License-Identifier: GPL-2.0
/*
 * The events of the common I/O layer (s390:s390_cio_*) and of the kernel's own vfio_ccw driver.
 */
#include <string.h>
#include <traceevent/event-parse.h>

#include "trace/decode.h"

#define ORB_LEN 32
#define IRB_LEN 64

static const struct {
	const char *system;
	const char *name;
	const char *block; /* a structure of the architecture, recorded as it is */
	uint16_t block_len; /* what is needed of it */
} events[CCW_NR_CIO] = {
	[CCW_CIO_SSCH] = { CCW_CIO_SYSTEM, "s390_cio_ssch", "orb", ORB_LEN },
	[CCW_CIO_INTERRUPT] = { CCW_CIO_SYSTEM, "s390_cio_interrupt", NULL, 0 },
	[CCW_CIO_TSCH] = { CCW_CIO_SYSTEM, "s390_cio_tsch", "irb", IRB_LEN },
	[CCW_CIO_HSCH] = { CCW_CIO_SYSTEM, "s390_cio_hsch", NULL, 0 },
	[CCW_CIO_CSCH] = { CCW_CIO_SYSTEM, "s390_cio_csch", NULL, 0 },
	[CCW_CIO_XSCH] = { CCW_CIO_SYSTEM, "s390_cio_xsch", NULL, 0 },
	[CCW_CIO_IO_REQUEST] = { CCW_TRACE_SYSTEM, "vfio_ccw_fsm_io_request", NULL, 0 },
	[CCW_CIO_FSM_EVENT] = { CCW_TRACE_SYSTEM, "vfio_ccw_fsm_event", NULL, 0 },
};

enum ccw_cio_kind ccw_decode_cio_kind(const char *system, const char *text, const char **name)
{
	enum ccw_cio_kind kind;

	*name = NULL;
	if (strncmp(text, "name: ", 6))
		return CCW_NR_CIO;
	text += 6;
	for (kind = 0; kind < CCW_NR_CIO; kind++) {
		size_t len = strlen(events[kind].name);

		if (strcmp(system, events[kind].system) || strncmp(text, events[kind].name, len) ||
		    text[len] != '\n')
			continue;
		*name = events[kind].name;
		break;
	}
	return kind;
}

/* What each event must tell to be of use. */
static bool has_enough(enum ccw_cio_kind kind, const struct ccw_cio_layout *l)
{
	if (!l->f_cssid.size || !l->f_ssid.size || !(l->f_schno.size || l->f_sch_no.size))
		return false;
	switch (kind) {
	case CCW_CIO_TSCH:
		return l->f_cc.size && l->f_scsw_fctl.size && l->f_scsw_actl.size &&
		       l->f_scsw_stctl.size;
	case CCW_CIO_IO_REQUEST:
		return l->f_errno.size;
	case CCW_CIO_FSM_EVENT:
		return l->f_event.size;
	case CCW_CIO_INTERRUPT:
		return true;
	default:
		return l->f_cc.size;
	}
}

bool ccw_decode_take_cio(struct ccw_decoder *d, enum ccw_cio_kind kind, struct tep_event *event)
{
	struct ccw_cio_layout l = { .id = event->id };
	struct tep_format_field *block;

#define FIELD(name) \
	if (!ccw_decode_take_field(event, #name, &l.f_##name, &l.len)) \
		return false;
	CCW_CIO_FIELDS(FIELD)
#undef FIELD
	if (!ccw_decode_take_type(d, event, &l.len) || !has_enough(kind, &l))
		return false;
	block = events[kind].block ? tep_find_any_field(event, events[kind].block) : NULL;
	if (block && block->size >= events[kind].block_len && block->offset >= 0 &&
	    block->offset <= UINT16_MAX - block->size) {
		l.block = block->offset;
		l.block_len = events[kind].block_len;
	}
	d->cio[kind] = l;
	d->stock = true;
	return true;
}

enum ccw_cio_kind ccw_decode_cio_of(const struct ccw_decoder *d, uint16_t id)
{
	enum ccw_cio_kind kind;

	for (kind = 0; kind < CCW_NR_CIO; kind++) {
		if (d->cio[kind].id == id)
			break;
	}
	return kind;
}

void ccw_decode_cio(const struct ccw_decoder *d, const uint8_t *data, uint32_t len,
		    struct ccw_cio *cio)
{
	uint16_t id = ccw_get16(data + d->type.offset, d->swap);
	const struct ccw_cio_layout *l;
	bool swap = d->swap;

	memset(cio, 0, sizeof(*cio));
	cio->kind = ccw_decode_cio_of(d, id);
	l = &d->cio[cio->kind];
	cio->sch.cssid = ccw_decode_number(data, l->f_cssid, swap);
	cio->sch.ssid = ccw_decode_number(data, l->f_ssid, swap);
	cio->sch.schno = ccw_decode_number(data, l->f_schno.size ? l->f_schno : l->f_sch_no, swap);
	cio->cc = ccw_decode_signed(data, l->f_cc, swap);
	cio->rc = ccw_decode_signed(data, l->f_errno, swap);
	cio->event = ccw_decode_number(data, l->f_event, swap);
	cio->fctl = ccw_decode_number(data, l->f_scsw_fctl, swap);
	cio->actl = ccw_decode_number(data, l->f_scsw_actl, swap);
	cio->stctl = ccw_decode_number(data, l->f_scsw_stctl, swap);
	cio->dstat = ccw_decode_number(data, l->f_scsw_dstat, swap);
	cio->cstat = ccw_decode_number(data, l->f_scsw_cstat, swap);
	if (l->block_len && len >= (uint32_t)l->block + l->block_len)
		cio->block = data + l->block;
}
