// SPDX-License-Identifier: GPL-2.0
/*
 * The plugin of libtraceevent for vfio_ccw and s390_cio: trace-cmd, KernelShark and perf print
 * their events through it. See libtraceevent(3), tep_register_event_handler(3).
 */
#include <stdlib.h>
#include <string.h>

#include "trace/plugin/plugin.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int TEP_PLUGIN_LOADER(struct tep_handle *tep);
EXPORT void TEP_PLUGIN_UNLOADER(struct tep_handle *tep);

static bool inside(const struct place *at, int offset, int size)
{
	return offset >= 0 && size >= 0 && at->record->size >= 0 &&
	       offset <= at->record->size && size <= at->record->size - offset;
}

bool field_number(const struct place *at, const char *name, uint64_t *value)
{
	struct tep_format_field *f = tep_find_any_field(at->event, name);
	unsigned long long v;

	if (!f || (f->flags & TEP_FIELD_IS_DYNAMIC) || !inside(at, f->offset, f->size) ||
	    tep_read_number_field(f, at->record->data, &v))
		return false;
	if (f->flags & TEP_FIELD_IS_SIGNED && f->size > 0 && f->size < 8) {
		unsigned int up = 64 - f->size * 8;

		v = (uint64_t)((int64_t)(v << up) >> up);
	}
	*value = v;
	return true;
}

const uint8_t *field_bytes(const struct place *at, const char *name, unsigned int *n)
{
	struct tep_format_field *f = tep_find_any_field(at->event, name);
	const uint8_t *data = at->record->data;
	int offset, size;

	if (!f || !inside(at, f->offset, f->size))
		return NULL;
	offset = f->offset;
	size = f->size;
	if (f->flags & TEP_FIELD_IS_DYNAMIC) { /* 16 bits of length, 16 of offset */
		unsigned long long where;

		if (size != 4)
			return NULL;
		where = tep_read_number(at->event->tep, data + offset, 4);
		offset = where & 0xffff;
#ifdef TEP_FIELD_IS_RELATIVE
		if (f->flags & TEP_FIELD_IS_RELATIVE)
			offset += f->offset + f->size;
#endif
		size = where >> 16 & 0xffff;
		if (!inside(at, offset, size))
			return NULL;
	}
	*n = size;
	return data + offset;
}

void print_subchannel(struct trace_seq *s, const struct place *at, const char *label)
{
	uint64_t cssid = 0, ssid = 0, schno = 0;

	field_number(at, "cssid", &cssid);
	field_number(at, "ssid", &ssid);
	if (!field_number(at, "schno", &schno))
		field_number(at, "sch_no", &schno);
	trace_seq_printf(s, "%s=%x.%x.%04x", label, (unsigned int)cssid, (unsigned int)ssid,
			 (unsigned int)schno);
}

/* The kernel's own vfio_ccw driver shares names with ours: fields are looked up in the record. */
#define OWN "vfio_ccw"
#define CIO "s390"
#define PROGRAM "vfio_ccw_ccw"

static void each(struct tep_handle *tep, const struct handled *h, const char *system,
		 tep_event_handler_func fn, bool load)
{
	for (; h->name; h++) {
		if (load)
			tep_register_event_handler(tep, -1, system, h->name, fn, (void *)h->what);
		else
			tep_unregister_event_handler(tep, -1, system, h->name, fn, (void *)h->what);
	}
}

static void all(struct tep_handle *tep, bool load)
{
	static const struct handled program[] = { { PROGRAM, NULL }, { NULL, NULL } };

	each(tep, own_events, OWN, print_own, load);
	each(tep, program, OWN, print_program, load);
	each(tep, cio_events, CIO, print_cio, load);
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	all(tep, true);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	all(tep, false);
}
