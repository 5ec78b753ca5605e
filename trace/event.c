// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "trace/bytes.h"
#include "trace/ccw_event.h"
#include "trace/event_check.h"

/* An event of this trace, looked at once. */
struct known {
	struct tep_event *event; /* NULL: not described */
	bool looked_up;
	bool sound; /* every field lies where a record can have it */
	bool printable; /* and its print format reads nothing else */
	const struct tep_format_field *cssid, *ssid, *schno;
};

struct ccw_events {
	struct tep_handle *tep;
	bool swap;
	uint32_t type_offset;
	struct known known[UINT16_MAX + 1];
	struct trace_seq seq;
	uint8_t *copy; /* the record and zeros behind it */
	size_t room, used;
	char comm[32]; /* of the record asked for last */
};

struct ccw_events *ccw_events_new(struct ccw_source *src)
{
	struct ccw_events *ev = calloc(1, sizeof(*ev));
	struct tep_format_field *type;
	struct tep_event *any;

	if (!ev)
		return NULL;
	ev->tep = ccw_source_tep(src);
	if (!ev->tep) {
		free(ev);
		return NULL;
	}
	ev->swap = ccw_source_info(src)->big_endian != ccw_host_big_endian();
	any = tep_get_first_event(ev->tep);
	type = any ? tep_find_common_field(any, "common_type") : NULL;
	if (type && type->offset >= 0 && type->offset < 64)
		ev->type_offset = type->offset;
	trace_seq_init(&ev->seq);
	return ev;
}

void ccw_events_free(struct ccw_events *ev)
{
	if (!ev)
		return;
	trace_seq_destroy(&ev->seq);
	free(ev->copy);
	free(ev);
}

static struct known *look_up(struct ccw_events *ev, const struct ccw_raw *raw, int *id)
{
	struct known *k;

	*id = -1;
	if (raw->len < ev->type_offset + 2)
		return NULL;
	*id = ccw_get16(raw->data + ev->type_offset, ev->swap);
	k = &ev->known[*id];
	if (k->looked_up)
		return k;
	k->looked_up = true;
	k->event = tep_find_event(ev->tep, *id);
	if (!k->event)
		return k;
	k->sound = ccw_event_is_sound(k->event);
	k->printable = k->sound && ccw_event_is_printable(k->event);
	k->cssid = tep_find_field(k->event, "cssid");
	k->ssid = tep_find_field(k->event, "ssid");
	k->schno = tep_find_field(k->event, "schno");
	if (!k->schno)
		k->schno = tep_find_field(k->event, "sch_no"); /* the kernel's own driver */
	return k;
}

/* The record where reading beyond it finds zeros. false: no memory. */
static bool take_copy(struct ccw_events *ev, const struct ccw_raw *raw, struct tep_record *rec)
{
	size_t want = (size_t)raw->len + CCW_EVENT_REACH;
	uint8_t *p;

	if (want > ev->room) {
		p = realloc(ev->copy, want);
		if (!p)
			return false;
		memset(p + ev->used, 0, want - ev->used);
		ev->copy = p;
		ev->room = want;
	}
	memcpy(ev->copy, raw->data, raw->len);
	if (ev->used > raw->len)
		memset(ev->copy + raw->len, 0, ev->used - raw->len);
	ev->used = raw->len;
	*rec = (struct tep_record){
		.ts = raw->ts, .size = raw->len, .data = ev->copy, .cpu = raw->cpu,
	};
	return true;
}

void ccw_events_name(struct ccw_events *ev, const struct ccw_raw *raw, struct ccw_event_name *name)
{
	const struct known *k = look_up(ev, raw, &name->id);
	struct tep_format_field *pid;
	char *p;

	name->system = "";
	name->name = "unknown";
	name->pid = 0;
	name->comm = "<...>";
	if (!k || !k->event)
		return;
	name->system = k->event->system;
	name->name = k->event->name;
	pid = k->sound ? tep_find_common_field(k->event, "common_pid") : NULL;
	if (!pid || pid->size != 4 || (uint32_t)pid->offset + 4 > raw->len)
		return;
	name->pid = ccw_get32(raw->data + pid->offset, ev->swap);
	if (!name->pid) {
		name->comm = "<idle>";
		return;
	}
	/* Anybody can give a process a name that a terminal obeys. */
	snprintf(ev->comm, sizeof(ev->comm), "%s", tep_data_comm_from_pid(ev->tep, name->pid));
	for (p = ev->comm; *p; p++) {
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			*p = '?';
	}
	name->comm = ev->comm;
}

/* Guests and other people's files have a say in these bytes; a terminal obeys some of them. */
static const char *tame(char *text)
{
	char *p;

	for (p = text; *p; p++) {
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			*p = *p == '\n' || *p == '\t' ? ' ' : '?';
	}
	while (p > text && p[-1] == ' ')
		*--p = 0;
	while (*text == ' ')
		text++;
	return text;
}

static void add_field(struct trace_seq *s, const struct ccw_event_field *f)
{
	uint32_t i;

	trace_seq_printf(s, "%s%s=", s->len ? " " : "", f->name);
	switch (f->kind) {
	case CCW_FIELD_UNSIGNED:
		trace_seq_printf(s, "%llu", (unsigned long long)f->number);
		break;
	case CCW_FIELD_SIGNED:
		trace_seq_printf(s, "%lld", (long long)f->number);
		break;
	case CCW_FIELD_TEXT:
		trace_seq_printf(s, "%.*s", (int)f->len, f->bytes);
		break;
	case CCW_FIELD_BYTES:
		for (i = 0; i < f->len && i < 256; i++)
			trace_seq_printf(s, "%02x", f->bytes[i]);
		if (i < f->len)
			trace_seq_puts(s, "...");
		break;
	}
}

static int print_field(void *ctx, const struct ccw_event_field *field)
{
	add_field(ctx, field);
	return 0;
}

static void print_bytes(struct trace_seq *s, const struct ccw_raw *raw)
{
	const struct ccw_event_field all = {
		.name = "record", .kind = CCW_FIELD_BYTES, .bytes = raw->data, .len = raw->len,
	};

	add_field(s, &all);
}

const char *ccw_events_text(struct ccw_events *ev, const struct ccw_raw *raw)
{
	struct tep_record rec;
	const struct known *k;
	int id;

	k = look_up(ev, raw, &id);
	trace_seq_reset(&ev->seq);
	if (!k || !k->sound)
		print_bytes(&ev->seq, raw);
	else if (k->printable && take_copy(ev, raw, &rec))
		tep_print_event(ev->tep, &ev->seq, &rec, "%s", TEP_PRINT_INFO);
	else
		ccw_events_fields(ev, raw, print_field, &ev->seq);
	trace_seq_terminate(&ev->seq);
	return ev->seq.state == TRACE_SEQ__GOOD ? tame(ev->seq.buffer) : "(too long)";
}

static uint64_t number(const uint8_t *p, unsigned int size, bool swap)
{
	switch (size) {
	case 1: return *p;
	case 2: return ccw_get16(p, swap);
	case 4: return ccw_get32(p, swap);
	}
	return ccw_get64(p, swap);
}

static uint64_t extend(uint64_t v, unsigned int size)
{
	switch (size) {
	case 1: return (int8_t)v;
	case 2: return (int16_t)v;
	case 4: return (int32_t)v;
	}
	return v;
}

/* Dynamic fields say where their data are: u16 length, u16 offset, from the start or from there. */
static bool dynamic(const struct tep_format_field *tf, const struct ccw_raw *raw, bool swap,
		    struct ccw_event_field *f)
{
	uint32_t loc, at;

	if (tf->size != 4)
		return false;
	loc = ccw_get32(raw->data + tf->offset, swap);
	at = loc & 0xffff;
#ifdef TEP_FIELD_IS_RELATIVE
	if (tf->flags & TEP_FIELD_IS_RELATIVE)
		at += tf->offset + tf->size;
#endif
	f->len = loc >> 16;
	if (at > raw->len || f->len > raw->len - at)
		return false;
	f->bytes = raw->data + at;
	return true;
}

/* false: the record does not have it. */
static bool take_field(const struct tep_format_field *tf, const struct ccw_raw *raw, bool swap,
		       struct ccw_event_field *f)
{
	const unsigned int size = tf->size;

	*f = (struct ccw_event_field){ .name = tf->name, .kind = CCW_FIELD_BYTES };
	if ((uint32_t)tf->offset > raw->len || size > raw->len - tf->offset)
		return false;
	f->bytes = raw->data + tf->offset;
	f->len = size;
	if (tf->flags & TEP_FIELD_IS_DYNAMIC && !dynamic(tf, raw, swap, f))
		return false;
	/* libtraceevent takes an array of u8 for text as well */
	if (tf->flags & TEP_FIELD_IS_STRING && strstr(tf->type, "char")) {
		f->kind = CCW_FIELD_TEXT;
		f->len = strnlen((const char *)f->bytes, f->len);
	} else if (!(tf->flags & (TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_DYNAMIC)) &&
		   (size == 1 || size == 2 || size == 4 || size == 8)) {
		f->kind = tf->flags & TEP_FIELD_IS_SIGNED ? CCW_FIELD_SIGNED : CCW_FIELD_UNSIGNED;
		f->number = number(f->bytes, size, swap);
		if (f->kind == CCW_FIELD_SIGNED)
			f->number = extend(f->number, size);
	}
	return true;
}

int ccw_events_fields(struct ccw_events *ev, const struct ccw_raw *raw,
		      int (*fn)(void *ctx, const struct ccw_event_field *field), void *ctx)
{
	const struct tep_format_field *tf;
	struct ccw_event_field f;
	const struct known *k;
	int id, rc = 0;

	k = look_up(ev, raw, &id);
	if (!k || !k->sound)
		return 0;
	for (tf = k->event->format.fields; tf && !rc; tf = tf->next) {
		if (take_field(tf, raw, ev->swap, &f))
			rc = fn(ctx, &f);
	}
	return rc;
}

static bool small_number(const struct tep_format_field *tf, const struct ccw_raw *raw, bool swap,
			 uint64_t most, uint64_t *v)
{
	struct ccw_event_field f;

	if (!tf || !take_field(tf, raw, swap, &f) || f.kind == CCW_FIELD_BYTES ||
	    f.kind == CCW_FIELD_TEXT || f.number > most)
		return false;
	*v = f.number;
	return true;
}

bool ccw_events_subchannel(struct ccw_events *ev, const struct ccw_raw *raw, struct ccw_sch *sch)
{
	uint64_t cssid, ssid, schno;
	const struct known *k;
	int id;

	k = look_up(ev, raw, &id);
	if (!k || !k->sound || !small_number(k->cssid, raw, ev->swap, 255, &cssid) ||
	    !small_number(k->ssid, raw, ev->swap, 255, &ssid) ||
	    !small_number(k->schno, raw, ev->swap, 65535, &schno))
		return false;
	*sch = (struct ccw_sch){ .cssid = cssid, .ssid = ssid, .schno = schno };
	return true;
}
