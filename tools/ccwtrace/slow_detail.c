// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>

#include "tools/ccwtrace/slow_detail.h"
#include "trace/bytes.h"
#include "trace/ccw_names.h"
#include "trace/text.h"

#define MAX_IDS 65536
#define NEAR_NS 1000000000ULL /* further from the I/O, a number is another open's */
#define CLOSE_NS 20000ULL /* from the first event of a request to where its times begin */
#define ORB_FMT1 0x00800000U

/* A field of a record; size 0: the event has none of that name. */
struct field {
	unsigned int offset, size;
};

struct kind {
	bool known, ours; /* known: looked at; ours: it names a subchannel */
	struct tep_event *event;
	struct field cssid, ssid, schno, seq;
};

struct detail {
	struct slow_io *ios;
	size_t n;
	struct tep_handle *tep;
	struct kind *kinds; /* by number */
	bool swap, joined;
};

static struct field find(struct tep_event *event, const char *name)
{
	struct tep_format_field *tf = tep_find_any_field(event, name);
	struct field f = { 0, 0 };

	if (!tf || tf->offset < 0 || tf->offset > 65535 || tf->flags & TEP_FIELD_IS_ARRAY)
		return f;
	if (tf->size != 1 && tf->size != 2 && tf->size != 4 && tf->size != 8)
		return f;
	f.offset = tf->offset;
	f.size = tf->size;
	return f;
}

static bool number(const struct detail *d, const struct ccw_raw *raw, struct field f, uint64_t *v)
{
	const uint8_t *p = raw->data + f.offset;

	if (!f.size || f.offset + f.size > raw->len)
		return false;
	switch (f.size) {
	case 1: *v = *p; break;
	case 2: *v = ccw_get16(p, d->swap); break;
	case 4: *v = ccw_get32(p, d->swap); break;
	default: *v = ccw_get64(p, d->swap); break;
	}
	return true;
}

static const struct kind *kind_of(struct detail *d, const struct ccw_raw *raw)
{
	unsigned int id;
	struct kind *k;

	if (raw->len < 2)
		return NULL;
	id = ccw_get16(raw->data, d->swap);
	k = &d->kinds[id];
	if (!k->known) {
		k->known = true;
		k->event = tep_find_event(d->tep, id);
		if (k->event) {
			k->cssid = find(k->event, "cssid");
			k->ssid = find(k->event, "ssid");
			k->schno = find(k->event, "schno");
			if (!k->schno.size)
				k->schno = find(k->event, "sch_no");
			k->seq = find(k->event, "seq");
			k->ours = k->cssid.size && k->ssid.size && k->schno.size;
		}
	}
	return k->ours ? k : NULL;
}

/* Plain numbers by name, as the format has them. What needs more than that is left to show. */
/* Addresses, masks and blocks; what is left are counts and numbers. */
static bool in_hex(const char *name)
{
	static const char *const names[] = {
		"addr", "ccw", "cpa", "iova", "erw", "flags", "mask", "lpm", "cmd", "crw", "sense",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return !strncmp(name, "scsw", 4) || !strncmp(name, "orb", 3);
}

static void plain_fields(const struct detail *d, const struct kind *k, const struct ccw_raw *raw,
			 struct ccw_text *t)
{
	static const char *const known[] = { "cssid", "ssid", "schno", "sch_no", "seq" };
	struct tep_format_field *tf;
	const char *sep = "";
	uint64_t v;
	size_t i;

	for (tf = k->event->format.fields; tf; tf = tf->next) {
		for (i = 0; i < 5 && strcmp(tf->name, known[i]); i++)
			;
		if (i < 5 || !number(d, raw, find(k->event, tf->name), &v))
			continue;
		if (!strcmp(tf->name, "from") || !strcmp(tf->name, "to"))
			ccw_text_add(t, "%s%s=%s", sep, tf->name, ccw_state_name(v));
		else if (!strcmp(tf->name, "event"))
			ccw_text_add(t, "%sevent=%s", sep, ccw_event_name(v));
		else if (!strcmp(tf->name, "why"))
			ccw_text_add(t, "%swhy=%s", sep, ccw_why_name(v));
		else if (tf->flags & TEP_FIELD_IS_SIGNED)
			ccw_text_add(t, "%s%s=%lld", sep, tf->name,
				     (long long)(tf->size == 1 ? (int8_t)v : tf->size == 2 ?
						 (int16_t)v : tf->size == 4 ? (int32_t)v :
						 (int64_t)v));
		else
			ccw_text_add(t, v > 9 && in_hex(tf->name) ? "%s%s=0x%llx" : "%s%s=%llu",
				     sep, tf->name, (unsigned long long)v);
		sep = " ";
	}
}

/* The bytes of a dynamic array: where they are is in the record, 16 bits each. */
static const uint8_t *array(const struct detail *d, const struct kind *k,
			    const struct ccw_raw *raw, const char *name, uint32_t *len)
{
	struct tep_format_field *tf = tep_find_field(k->event, name);
	uint32_t where;

	if (!tf || tf->offset < 0 || (uint64_t)tf->offset + 4 > raw->len)
		return NULL;
	where = ccw_get32(raw->data + tf->offset, d->swap);
	*len = where >> 16;
	where &= 0xffff;
	return where + (uint64_t)*len <= raw->len ? raw->data + where : NULL;
}

static struct detail_event *new_event(struct slow_io *s, const struct ccw_raw *raw,
				      const char *name)
{
	struct detail_event *e;

	if (s->nr_events == DETAIL_EVENTS) {
		s->more++;
		return NULL;
	}
	if (!s->events)
		s->events = calloc(DETAIL_EVENTS, sizeof(*s->events));
	if (!s->events)
		return NULL;
	e = &s->events[s->nr_events++];
	e->ts = raw->ts;
	e->cpu = raw->cpu;
	snprintf(e->name, sizeof(e->name), "%s", name);
	return e;
}

/* A CCW as the guest wrote it: format 1 or format 0 (Principles of Operation, chapter 15). */
static void one_ccw(struct ccw_text *t, const uint8_t *ccw, bool fmt1)
{
	unsigned int flags = fmt1 ? ccw[1] : ccw[4];
	unsigned int count = fmt1 ? ccw[2] << 8 | ccw[3] : ccw[6] << 8 | ccw[7];
	uint32_t cda = ccw_get32(ccw + (fmt1 ? 4 : 0), !ccw_host_big_endian());
	static const char *const names[8] = {
		"CD", "CC", "SLI", "SKP", "PCI", "IDA", "S", "MIDA",
	};
	const char *sep = " ";
	int i;

	if (!fmt1)
		cda &= 0xffffff;
	ccw_text_add(t, "cmd=%02x (%s) count=%u cda=%08x", ccw[0], ccw_cmd_name(ccw[0]), count,
		     cda);
	for (i = 0; i < 8; i++) {
		if (!(flags & 0x80 >> i))
			continue;
		ccw_text_add(t, "%s%s", sep, names[i]);
		sep = "|";
	}
}

/* Parameter bytes that the event has for CCW number index. */
static void parameters(struct ccw_text *t, const uint8_t *data, uint32_t len, unsigned int index)
{
	uint32_t at = 0, i;

	while (at + 4 <= len && at + 4 + data[at + 3] <= len) {
		const uint8_t *item = data + at;

		if ((unsigned int)(item[0] << 8 | item[1]) == index) {
			ccw_text_add(t, item[2] ? " idaw=" : " data=");
			for (i = 0; i < item[3]; i++)
				ccw_text_add(t, "%02x", item[4 + i]);
		}
		at += 4 + item[3];
	}
}

static void program(const struct detail *d, const struct kind *k, const struct ccw_raw *raw,
		    struct slow_io *s)
{
	uint32_t n_addr = 0, n_ccw = 0, n_data = 0, i;
	const uint8_t *addr = array(d, k, raw, "addr", &n_addr);
	const uint8_t *ccw = array(d, k, raw, "ccw", &n_ccw);
	const uint8_t *data = array(d, k, raw, "data", &n_data);
	uint64_t orb1 = 0, first = 0;

	number(d, raw, find(k->event, "orb1"), &orb1);
	number(d, raw, find(k->event, "first"), &first);
	for (i = 0; ccw && i < n_ccw / 8; i++) {
		struct detail_event *e = new_event(s, raw, "ccw");
		struct ccw_text t;

		if (!e)
			continue;
		t = (struct ccw_text)CCW_TEXT(e->text, sizeof(e->text));
		ccw_text_add(&t, "%3u ", (unsigned int)first + i);
		if (addr && i < n_addr / 4)
			ccw_text_add(&t, "at %08x: ", ccw_get32(addr + 4 * i, d->swap));
		one_ccw(&t, ccw + 8 * i, orb1 & ORB_FMT1);
		if (data)
			parameters(&t, data, n_data, first + i);
		ccw_text_end(&t);
	}
}

static bool belongs(const struct detail *d, const struct kind *k, const struct ccw_raw *raw,
		    uint32_t key, const struct slow_io *s)
{
	const struct ccw_io *io = &s->io;
	uint64_t seq, span = io->ns[CCW_TOTAL] + io->ns[CCW_DEVICE];

	if (ccw_sch_key(io->sch) != key)
		return false;
	/* Numbers of I/Os joined by order are no numbers of the driver. */
	if (!d->joined && number(d, raw, k->seq, &seq))
		return seq == io->seq && raw->ts + span + NEAR_NS >= io->ts &&
		       raw->ts <= io->ts + NEAR_NS;
	if (!d->joined) /* an event without a number, among those that have one: by time alone */
		return raw->ts + io->ns[CCW_TOTAL] + CLOSE_NS >= io->ts && raw->ts <= io->ts;
	return raw->ts + span + NEAR_NS >= io->ts && raw->ts <= io->ts;
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct detail *d = ctx;
	const struct kind *k = kind_of(d, raw);
	uint64_t cssid, ssid, schno;
	size_t i;

	if (!k || !number(d, raw, k->cssid, &cssid) || !number(d, raw, k->ssid, &ssid) ||
	    !number(d, raw, k->schno, &schno))
		return 0;
	for (i = 0; i < d->n; i++) {
		struct slow_io *s = &d->ios[i];
		struct detail_event *e;
		struct ccw_text t;

		if (!belongs(d, k, raw, cssid << 24 | ssid << 16 | schno, s))
			continue;
		if (!strcmp(k->event->name, "vfio_ccw_ccw")) {
			program(d, k, raw, s);
			continue;
		}
		if (!strcmp(k->event->name, "vfio_ccw_io"))
			continue; /* the I/O itself */
		/* By order: it began with the last SSCH before its end. */
		if (d->joined && !strcmp(k->event->name, "s390_cio_ssch"))
			s->nr_events = s->more = 0;
		e = new_event(s, raw, k->event->name);
		if (!e)
			continue;
		t = (struct ccw_text)CCW_TEXT(e->text, sizeof(e->text));
		plain_fields(d, k, raw, &t);
		ccw_text_end(&t);
	}
	return 0;
}

int detail_read(struct slow_io *ios, size_t n, const struct reader *r, bool joined)
{
	struct detail d = { .ios = ios, .n = n, .joined = joined };
	const struct ccw_sink sink = { .raw = on_raw, .ctx = &d };
	struct ccw_error err = { "out of memory" };
	struct ccw_source *src;
	int rc;

	d.kinds = calloc(MAX_IDS, sizeof(*d.kinds));
	rc = d.kinds ? ccw_source_open_file(&src, r->path, &err) : -1;
	if (!rc) {
		d.swap = ccw_source_info(src)->big_endian != ccw_host_big_endian();
		d.tep = ccw_source_tep(src);
		if (d.tep)
			rc = ccw_source_read(src, &sink, 0, 0, &err);
		ccw_source_close(src);
	}
	free(d.kinds);
	if (!rc)
		return EXIT_FINE;
	warn("%s", err.text);
	return EXIT_ERROR;
}
