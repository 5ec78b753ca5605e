// SPDX-License-Identifier: GPL-2.0
/*
 * Every field of every vfio_ccw_io and vfio_ccw_fsm record is what libtraceevent reads from the
 * same bytes. Over the recordings of tests/fixtures, or over those named as arguments.
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

#include "trace/ccw_source.h"

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
	struct ccw_raw raw; /* the record that is told of next */
	unsigned long ios, fsms, fields;
};

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	((struct reading *)ctx)->raw = *raw;
	return 0;
}

static void same(struct reading *r, struct tep_event *event, const char *name, uint64_t ours)
{
	struct tep_record record = {
		.ts = r->raw.ts, .data = (void *)(uintptr_t)r->raw.data, .size = r->raw.len,
		.cpu = r->raw.cpu,
	};
	struct tep_format_field *field = tep_find_field(event, name);
	unsigned long long theirs;

	if (!field) { /* an older driver's event */
		if (ours)
			fail_msg("%s: %llx, but the event has no such field", name,
				 (unsigned long long)ours);
		return;
	}
	assert_int_equal(tep_read_number_field(field, record.data, &theirs), 0);
	/* libtraceevent does not extend signs. */
	if (field->size < 8)
		ours &= (1ULL << 8 * field->size) - 1;
	if (field->size < 8)
		theirs &= (1ULL << 8 * field->size) - 1;
	if (ours != theirs)
		fail_msg("%s: %llx, libtraceevent says %llx", name, (unsigned long long)ours,
			 theirs);
	r->fields++;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct reading *r = ctx;

	assert_true(io->ts == r->raw.ts);
	assert_int_equal(io->cpu, r->raw.cpu);
#define SAME(name, ours) same(r, r->io, #name, ours);
	IO_FIELDS(SAME)
	r->ios++;
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
	assert_int_equal(ccw_source_read(src, &sink, 0, 0, &err), 0);
	ccw_source_close(src);
	printf("# %s: %lu I/Os, %lu transitions, %lu fields agree\n", path, r.ios, r.fsms,
	       r.fields);
	assert_true(r.ios > 0);
	return r.ios;
}

static void fixtures(void **state)
{
	static const char *const names[] = {
		"s390x-ccwtrace", "s390x-lost", "s390x-detail", "qemu-mixed", "trace-cmd-3.1.6-v6",
		"trace-cmd-3.1.6-v7", "trace-cmd-3.3.1-v7", "synthetic-le", "synthetic-be",
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
