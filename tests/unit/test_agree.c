// SPDX-License-Identifier: GPL-2.0
/*
 * Every field of every record is what libtraceevent reads from the same bytes: those that I/Os,
 * transitions and the kernel's own events are made of, and all fields of all events as show and
 * slow have them. Over the recordings of tests/fixtures, or over those named as arguments.
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "trace/ccw_event.h"
#include "trace/source.h"

#define IO_FIELDS(X) \
	X(cssid, io->sch.cssid) X(ssid, io->sch.ssid) X(schno, io->sch.schno) X(seq, io->seq) \
	X(device_ns, io->ns[CCW_DEVICE]) X(translate_ns, io->ns[CCW_TRANSLATE]) \
	X(start_ns, io->ns[CCW_START]) X(deliver_ns, io->ns[CCW_DELIVER]) X(bytes, io->bytes) \
	X(ccws, io->ccws) X(segments, io->segments) X(idaws, io->idaws) X(pages, io->pages) \
	X(cmd, io->cmd) X(cc, io->cc) X(rc, io->rc) X(flags, io->flags) X(irqs, io->irqs) \
	X(fctl, io->fctl) X(actl, io->actl) X(stctl, io->stctl) X(dstat, io->dstat) \
	X(cstat, io->cstat) X(lpum, io->lpum) X(resid, io->resid) X(sense, io->sense) \
	X(erw, io->erw)
#define FSM_FIELDS(X) \
	X(cssid, fsm->sch.cssid) X(ssid, fsm->sch.ssid) X(schno, fsm->sch.schno) \
	X(seq, fsm->seq) X(from, fsm->from) X(event, fsm->event) X(to, fsm->to) X(rc, fsm->rc)

static char **files;
static int nr_files;

struct reading {
	struct tep_handle *tep;
	struct tep_event *io, *fsm;
	const struct ccw_decoder *decoder;
	struct ccw_events *events;
	struct ccw_raw raw; /* the record that is told of next */
	struct tep_event *event; /* its */
	struct tep_record record;
	struct tep_format_field *field; /* the next one of its fields */
	unsigned long records, ios, fsms, cios, fields;
};

/* libtraceevent does not extend signs. */
static uint64_t without_sign(uint64_t v, int size)
{
	return size < 8 ? v & ((1ULL << 8 * size) - 1) : v;
}

static int on_field(void *ctx, const struct ccw_event_field *f)
{
	struct reading *r = ctx;
	struct tep_format_field *field = r->field;
	unsigned long long theirs;
	const void *bytes;
	int len;

	assert_non_null(field);
	r->field = field->next;
	assert_string_equal(f->name, field->name);
	r->fields++;
	if (f->kind == CCW_FIELD_UNSIGNED || f->kind == CCW_FIELD_SIGNED) {
		assert_int_equal(tep_read_number_field(field, r->record.data, &theirs), 0);
		if (without_sign(f->number, field->size) != without_sign(theirs, field->size))
			fail_msg("%s: %llx, libtraceevent says %llx", f->name,
				 (unsigned long long)f->number, theirs);
		return 0;
	}
	bytes = tep_get_field_raw(NULL, r->event, f->name, &r->record, &len, 0);
	assert_non_null(bytes);
	if (f->kind == CCW_FIELD_TEXT)
		assert_int_equal(f->len, strnlen(bytes, len));
	else
		assert_int_equal(f->len, len);
	assert_memory_equal(f->bytes, bytes, f->len);
	return 0;
}

/* A field of an event of the kernel's; those that it does not have are 0. */
static void same_cio(struct reading *r, const char *name, const char *other, int64_t ours)
{
	struct tep_format_field *field = tep_find_field(r->event, name);
	unsigned long long theirs = 0;

	if (!field && other)
		field = tep_find_field(r->event, other);
	if (field)
		assert_int_equal(tep_read_number_field(field, r->record.data, &theirs), 0);
	if (field ? without_sign(ours, field->size) != without_sign(theirs, field->size) : ours)
		fail_msg("%s: %s: %llx, libtraceevent says %llx", r->event->name, name,
			 (unsigned long long)ours, theirs);
	r->fields++;
}

static void check_cio(struct reading *r)
{
	struct ccw_cio cio;
	const void *bytes;
	int len;

	ccw_decode_cio(r->decoder, r->raw.data, r->raw.len, &cio);
	same_cio(r, "cssid", NULL, cio.sch.cssid);
	same_cio(r, "ssid", NULL, cio.sch.ssid);
	same_cio(r, "schno", "sch_no", cio.sch.schno);
	same_cio(r, "cc", NULL, cio.cc);
	same_cio(r, "errno", NULL, cio.rc);
	same_cio(r, "event", NULL, cio.event);
	same_cio(r, "scsw_fctl", NULL, cio.fctl);
	same_cio(r, "scsw_actl", NULL, cio.actl);
	same_cio(r, "scsw_stctl", NULL, cio.stctl);
	same_cio(r, "scsw_dstat", NULL, cio.dstat);
	same_cio(r, "scsw_cstat", NULL, cio.cstat);
	if (cio.block) {
		bytes = tep_get_field_raw(NULL, r->event, cio.kind == CCW_CIO_SSCH ? "orb" : "irb",
					  &r->record, &len, 0);
		assert_non_null(bytes);
		assert_true(len >= (cio.kind == CCW_CIO_SSCH ? 32 : 64));
		assert_ptr_equal(cio.block, bytes);
	}
	r->cios++;
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct reading *r = ctx;

	r->raw = *raw;
	r->record = (struct tep_record){
		.ts = raw->ts, .data = (void *)(uintptr_t)raw->data, .size = raw->len,
		.cpu = raw->cpu,
	};
	r->event = tep_find_event_by_record(r->tep, &r->record);
	assert_non_null(r->event);
	r->field = r->event->format.fields;
	assert_int_equal(ccw_events_fields(r->events, raw, on_field, r), 0);
	assert_null(r->field);
	if (ccw_decode_cio_of(r->decoder, r->event->id) != CCW_NR_CIO)
		check_cio(r);
	r->records++;
	return 0;
}

static void same(struct reading *r, struct tep_event *event, const char *name, uint64_t ours)
{
	struct tep_format_field *field = tep_find_field(event, name);
	unsigned long long theirs;

	if (!field) { /* an older driver's event */
		if (ours)
			fail_msg("%s: %llx, but the event has no such field", name,
				 (unsigned long long)ours);
		return;
	}
	assert_int_equal(tep_read_number_field(field, r->record.data, &theirs), 0);
	if (without_sign(ours, field->size) != without_sign(theirs, field->size))
		fail_msg("%s: %llx, libtraceevent says %llx", name, (unsigned long long)ours,
			 theirs);
	r->fields++;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct reading *r = ctx;

	r->ios++;
	if (!r->io)
		return 0; /* joined of several records, which are compared by themselves */
	assert_true(io->ts == r->raw.ts);
	assert_int_equal(io->cpu, r->raw.cpu);
#define SAME(name, ours) same(r, r->io, #name, ours);
	IO_FIELDS(SAME)
	return 0;
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	struct reading *r = ctx;

	assert_true(fsm->ts == r->raw.ts);
#undef SAME
#define SAME(name, ours) same(r, r->fsm, #name, ours);
	FSM_FIELDS(SAME)
	r->fsms++;
	return 0;
}

static unsigned long agree_on(const char *path)
{
	struct reading r = { 0 };
	const struct ccw_sink sink = { .io = on_io, .fsm = on_fsm, .raw = on_raw, .ctx = &r };
	struct ccw_error err = { "" };
	struct ccw_source *src;

	if (ccw_source_open_file(&src, path, &err))
		fail_msg("%s", err.text);
	r.tep = ccw_source_tep(src);
	assert_non_null(r.tep);
	r.io = tep_find_event_by_name(r.tep, "vfio_ccw", "vfio_ccw_io");
	r.fsm = tep_find_event_by_name(r.tep, "vfio_ccw", "vfio_ccw_fsm");
	r.decoder = &src->decoder;
	r.events = ccw_events_new(src);
	assert_non_null(r.events);
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	ccw_events_free(r.events);
	ccw_source_close(src);
	printf("# %s: %lu records (%lu I/Os, %lu transitions, %lu of the kernel), "
	       "%lu fields agree\n", path, r.records, r.ios, r.fsms, r.cios, r.fields);
	assert_true(r.ios > 0 || r.cios > 0);
	return r.ios;
}

static void fixtures(void **state)
{
	static const char *const names[] = {
		"s390x-ccwtrace", "s390x-lost", "s390x-detail", "qemu-mixed", "trace-cmd-3.1.6-v6",
		"trace-cmd-3.1.6-v7", "trace-cmd-3.3.1-v7", "synthetic-le", "synthetic-be",
		"s390x-programs", "s390x-stock", "s390x-kernel-driver",
		"trace-cmd-3.3.1-v7-zstd-cio",
	};
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names) && !nr_files; i++) {
		snprintf(path, sizeof(path), "tests/fixtures/%s.dat", names[i]);
		agree_on(path);
	}
	for (i = 0; i < (size_t)nr_files; i++)
		agree_on(files[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(fixtures) };

	nr_files = argc - 1;
	files = argv + 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
