// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>

#include "trace/bytes.h"
#include "trace/decode.h"
#include "trace/text.h"

#define IO_EVENT "vfio_ccw_io"
#define FSM_EVENT "vfio_ccw_fsm"

#define MAX_FORMAT 65536

#define INLINE __attribute__((always_inline))

/*
 * Where TRACE_EVENT(vfio_ccw_io) puts its fields on a 64-bit machine. A trace laid out like this
 * is decoded with constants; any other is decoded as its format says.
 */
static const struct ccw_io_layout usual_io = {
	.cssid = { 8, 1, 0 }, .ssid = { 9, 1, 0 }, .schno = { 10, 2, 0 }, .seq = { 12, 4, 0 },
	.device_ns = { 16, 8, 0 }, .translate_ns = { 24, 4, 0 }, .start_ns = { 28, 4, 0 },
	.deliver_ns = { 32, 4, 0 }, .bytes = { 36, 4, 0 }, .ccws = { 40, 2, 0 },
	.segments = { 42, 2, 0 }, .idaws = { 44, 2, 0 }, .pages = { 46, 2, 0 },
	.cmd = { 48, 1, 0 }, .cc = { 49, 1, 0 }, .rc = { 50, 2, 1 }, .flags = { 52, 2, 0 },
	.irqs = { 54, 2, 0 }, .fctl = { 56, 1, 0 }, .actl = { 57, 1, 0 }, .stctl = { 58, 1, 0 },
	.dstat = { 59, 1, 0 }, .cstat = { 60, 1, 0 }, .lpum = { 61, 1, 0 },
	.resid = { 62, 2, 0 }, .sense = { 64, 8, 0 }, .erw = { 72, 4, 0 },
};

void ccw_decoder_init(struct ccw_decoder *d, bool big_endian)
{
	int i;

	memset(d, 0, sizeof(*d));
	d->big_endian = big_endian;
	d->swap = big_endian != ccw_host_big_endian();
	d->io_id = d->fsm_id = -1;
	for (i = 0; i < CCW_NR_CIO; i++)
		d->cio[i].id = -1;
}

/* The name that the format text states in its first line. */
static bool has_name(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(text, "name: ", 6))
		return false;
	text += 6;
	return !strncmp(text, name, len) && (text[len] == '\n' || text[len] == ' ');
}

/*
 * libtraceevent parses the fields. The print format is kept from it: nothing here needs it, and
 * its parser recurses on what the file says.
 */
static struct tep_event *parse(struct tep_handle *tep, const struct ccw_decoder *d,
			       const char *system, const char *text, int long_size,
			       const char *name)
{
	static const char no_print[] = "print fmt: \"\"\n";
	const char *print = strstr(text, "print fmt:");
	size_t len = print ? (size_t)(print - text) : strlen(text);
	struct tep_event *event = NULL;
	char *copy = malloc(len + sizeof(no_print));

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	memcpy(copy + len, no_print, sizeof(no_print));
	tep_set_loglevel(TEP_LOG_NONE); /* or it writes warnings to stderr */
	tep_set_file_bigendian(tep, d->big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(tep, long_size);
	if (!tep_parse_event(tep, copy, len + sizeof(no_print) - 1, system))
		event = tep_find_event_by_name(tep, system, name);
	free(copy);
	return event;
}

/* false: the event has such a field, but not as a plain number */
bool ccw_decode_take_field(struct tep_event *event, const char *name, struct ccw_field *f,
			   uint32_t *len)
{
	struct tep_format_field *tf = tep_find_any_field(event, name);
	uint32_t end;

	memset(f, 0, sizeof(*f));
	if (!tf)
		return true;
	if (tf->flags & (TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_DYNAMIC | TEP_FIELD_IS_STRING))
		return false;
	if (tf->size != 1 && tf->size != 2 && tf->size != 4 && tf->size != 8)
		return false;
	if (tf->offset < 0 || tf->offset > UINT16_MAX - 8)
		return false;
	f->offset = tf->offset;
	f->size = tf->size;
	f->is_signed = !!(tf->flags & TEP_FIELD_IS_SIGNED);
	end = f->offset + f->size;
	if (end > *len)
		*len = end;
	return true;
}

bool ccw_decode_take_type(struct ccw_decoder *d, struct tep_event *event, uint32_t *len)
{
	struct ccw_field type;

	if (!ccw_decode_take_field(event, "common_type", &type, len) || type.size != 2)
		return false;
	if (d->have_type && type.offset != d->type.offset)
		return false;
	d->type = type;
	d->have_type = true;
	return true;
}

static bool take_io(struct ccw_decoder *d, struct tep_event *event)
{
	struct ccw_io_layout l;
	uint32_t len = 0;

#define FIELD(name) \
	if (!ccw_decode_take_field(event, #name, &l.name, &len)) \
		return false;
	CCW_IO_FIELDS(FIELD)
#undef FIELD
	if (!l.cssid.size || !l.ssid.size || !l.schno.size || !ccw_decode_take_type(d, event, &len))
		return false;
	d->io = l;
	d->io_len = len;
	d->io_usual = !memcmp(&l, &usual_io, sizeof(l));
	d->io_have = !!l.translate_ns.size << CCW_TRANSLATE | !!l.start_ns.size << CCW_START |
		     !!l.device_ns.size << CCW_DEVICE | !!l.deliver_ns.size << CCW_DELIVER;
	if (d->io_have == (1U << CCW_TOTAL) - 1)
		d->io_have |= 1U << CCW_TOTAL;
	d->io_id = event->id;
	return true;
}

static bool take_fsm(struct ccw_decoder *d, struct tep_event *event)
{
	struct ccw_fsm_layout l;
	uint32_t len = 0;

#define FIELD(name) \
	if (!ccw_decode_take_field(event, #name, &l.name, &len)) \
		return false;
	CCW_FSM_FIELDS(FIELD)
#undef FIELD
	if (!l.cssid.size || !l.ssid.size || !l.schno.size || !ccw_decode_take_type(d, event, &len))
		return false;
	d->fsm = l;
	d->fsm_len = len;
	d->fsm_id = event->id;
	return true;
}

static bool take(struct ccw_decoder *d, const char *system, const char *text, int long_size,
		 const char *name, enum ccw_cio_kind cio)
{
	struct tep_handle *tep = tep_alloc();
	struct tep_event *event;
	bool ok;

	if (!tep)
		return false;
	event = parse(tep, d, system, text, long_size, name);
	ok = event && event->id >= 0 && event->id <= UINT16_MAX;
	if (ok && cio != CCW_NR_CIO)
		ok = ccw_decode_take_cio(d, cio, event);
	else if (ok)
		ok = !strcmp(name, IO_EVENT) ? take_io(d, event) : take_fsm(d, event);
	tep_free(tep);
	return ok;
}

int ccw_decoder_add(struct ccw_decoder *d, const char *system, const char *text, size_t len,
		    int long_size, struct ccw_error *err)
{
	bool ours = !strcmp(system, CCW_TRACE_SYSTEM);
	enum ccw_cio_kind cio;
	const char *name;
	char *copy;
	bool ok;

	if (!ours && strcmp(system, CCW_CIO_SYSTEM))
		return 0;
	if (len > MAX_FORMAT && ours)
		return ccw_fail(err, -EINVAL, "the format of an event of vfio_ccw is %zu bytes "
					      "long: damaged",
				len);
	if (len > MAX_FORMAT)
		return 0;
	copy = strndup(text, len);
	if (!copy)
		return ccw_fail(err, -ENOMEM, "out of memory");
	cio = ccw_decode_cio_kind(system, copy, &name);
	if (cio == CCW_NR_CIO && ours)
		name = has_name(copy, IO_EVENT) ? IO_EVENT :
		       has_name(copy, FSM_EVENT) ? FSM_EVENT : NULL;
	d->other_driver |= ours && (!name || cio != CCW_NR_CIO);
	ok = !name || take(d, system, copy, long_size, name, cio);
	free(copy);
	/* What is not ours to define may look different in other kernels: done without then. */
	if (!ok && cio == CCW_NR_CIO)
		return ccw_fail(err, -EINVAL, "the format of event %s makes no sense: damaged, or "
					      "of a "
				"newer driver than this tool knows", name);
	return 0;
}

enum ccw_kind ccw_decoder_kind(const struct ccw_decoder *d, const uint8_t *data, uint32_t len)
{
	enum ccw_cio_kind cio;
	uint16_t id;

	if (len < d->type.offset + 2U)
		return CCW_KIND_OTHER;
	id = ccw_get16(data + d->type.offset, d->swap);
	if (id == d->io_id)
		return len >= d->io_len ? CCW_KIND_IO : CCW_KIND_SHORT;
	if (id == d->fsm_id)
		return len >= d->fsm_len ? CCW_KIND_FSM : CCW_KIND_SHORT;
	if (d->join) {
		cio = ccw_decode_cio_of(d, id);
		if (cio != CCW_NR_CIO)
			return len >= d->cio[cio].len ? CCW_KIND_CIO : CCW_KIND_SHORT;
	}
	return CCW_KIND_OTHER;
}

/* Inlined once with the usual layout, so that every offset and size is a constant. */
static inline INLINE void decode_io(const struct ccw_io_layout *l, bool swap, uint32_t have,
				    const uint8_t *data, struct ccw_io *io)
{
	io->sch.cssid = ccw_decode_number(data, l->cssid, swap);
	io->sch.ssid = ccw_decode_number(data, l->ssid, swap);
	io->sch.schno = ccw_decode_number(data, l->schno, swap);
	io->seq = ccw_decode_number(data, l->seq, swap);
	io->ns[CCW_TRANSLATE] = ccw_decode_number(data, l->translate_ns, swap);
	io->ns[CCW_START] = ccw_decode_number(data, l->start_ns, swap);
	io->ns[CCW_DEVICE] = ccw_decode_number(data, l->device_ns, swap);
	io->ns[CCW_DELIVER] = ccw_decode_number(data, l->deliver_ns, swap);
	io->ns[CCW_TOTAL] = io->ns[CCW_TRANSLATE] + io->ns[CCW_START] + io->ns[CCW_DEVICE] +
			    io->ns[CCW_DELIVER];
	io->have = have;
	io->bytes = ccw_decode_number(data, l->bytes, swap);
	io->ccws = ccw_decode_number(data, l->ccws, swap);
	io->segments = ccw_decode_number(data, l->segments, swap);
	io->idaws = ccw_decode_number(data, l->idaws, swap);
	io->pages = ccw_decode_number(data, l->pages, swap);
	io->rc = ccw_decode_signed(data, l->rc, swap);
	io->flags = ccw_decode_number(data, l->flags, swap);
	io->irqs = ccw_decode_number(data, l->irqs, swap);
	io->resid = ccw_decode_number(data, l->resid, swap);
	io->cmd = ccw_decode_number(data, l->cmd, swap);
	io->cc = ccw_decode_number(data, l->cc, swap);
	io->fctl = ccw_decode_number(data, l->fctl, swap);
	io->actl = ccw_decode_number(data, l->actl, swap);
	io->stctl = ccw_decode_number(data, l->stctl, swap);
	io->dstat = ccw_decode_number(data, l->dstat, swap);
	io->cstat = ccw_decode_number(data, l->cstat, swap);
	io->lpum = ccw_decode_number(data, l->lpum, swap);
	io->erw = ccw_decode_number(data, l->erw, swap);
	io->sense = ccw_decode_number(data, l->sense, swap);
}

void ccw_decode_io(const struct ccw_decoder *d, const uint8_t *data, struct ccw_io *io)
{
	if (!d->io_usual)
		decode_io(&d->io, d->swap, d->io_have, data, io);
	else if (d->swap)
		decode_io(&usual_io, true, (1U << CCW_NR_STAGES) - 1, data, io);
	else
		decode_io(&usual_io, false, (1U << CCW_NR_STAGES) - 1, data, io);
}

void ccw_decode_fsm(const struct ccw_decoder *d, const uint8_t *data, struct ccw_fsm *fsm)
{
	const struct ccw_fsm_layout *l = &d->fsm;
	bool swap = d->swap;

	fsm->sch.cssid = ccw_decode_number(data, l->cssid, swap);
	fsm->sch.ssid = ccw_decode_number(data, l->ssid, swap);
	fsm->sch.schno = ccw_decode_number(data, l->schno, swap);
	fsm->seq = ccw_decode_number(data, l->seq, swap);
	fsm->from = ccw_decode_number(data, l->from, swap);
	fsm->event = ccw_decode_number(data, l->event, swap);
	fsm->to = ccw_decode_number(data, l->to, swap);
	fsm->rc = ccw_decode_signed(data, l->rc, swap);
}
