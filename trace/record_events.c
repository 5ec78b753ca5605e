// SPDX-License-Identifier: GPL-2.0
/*
 * Which events are recorded, and how the kernel filters them.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/record_int.h"
#include "trace/text.h"

/* common_flags: the record was made by an interrupt handler (TRACE_FLAG_HARDIRQ). */
#define FLAG_HARDIRQ 8

static int by_system_and_name(const void *a, const void *b)
{
	const struct record_event *x = a, *y = b;
	int d = strcmp(x->dat.system, y->dat.system);

	return d ? d : strcmp(x->dat.name, y->dat.name);
}

static struct record_event *known(const struct ccw_record *rec, const char *system,
				  const char *name)
{
	size_t i;

	for (i = 0; i < rec->nr_events; i++) {
		struct record_event *e = &rec->events[i];

		if (!strcmp(e->dat.system, system) && !strcmp(e->dat.name, name))
			return e;
	}
	return NULL;
}

static int add_event(struct ccw_record *rec, const char *system, const char *name, bool named,
		     struct ccw_error *err)
{
	struct record_event *e = known(rec, system, name);

	if (e) {
		e->named |= named;
		return 0;
	}
	e = realloc(rec->events, (rec->nr_events + 1) * sizeof(*e));
	if (!e)
		return ccw_fail(err, -ENOMEM, "out of memory");
	rec->events = e;
	e += rec->nr_events;
	e->named = named;
	e->dat.system = strdup(system);
	e->dat.name = strdup(name);
	e->dat.format = tracefs_event_file_read(NULL, system, name, "format", NULL);
	rec->nr_events++;
	if (!e->dat.system || !e->dat.name)
		return ccw_fail(err, -ENOMEM, "out of memory");
	if (!e->dat.format)
		return ccw_fail(err, -EIO, "cannot read the format of event %s:%s: %s", system,
				name, strerror(errno));
	return 0;
}

/* spec: "SYSTEM:EVENT" or "EVENT" of vfio_ccw. system has room for any that fits a path. */
static int split(const char *spec, char system[64], const char **pattern)
{
	const char *colon = strchr(spec, ':');
	int n = colon ? colon - spec : 0;

	*pattern = colon ? colon + 1 : spec;
	if (!colon)
		strcpy(system, CCW_TRACE_SYSTEM);
	/* Not what is no name: it becomes part of a path. */
	else if (snprintf(system, 64, "%.*s", n, spec) >= 64 || !n || *spec == '.' ||
		 memchr(spec, '/', n))
		return -EINVAL;
	return 0;
}

/* Adds what matches, except what set excludes; *found says whether anything did. */
static int add_matching(struct ccw_record *rec, const char *spec, const struct record_set *set,
			bool *found, struct ccw_error *err)
{
	const char *pattern;
	char system[64];
	char **names;
	int i, rc = 0;

	if (split(spec, system, &pattern))
		return 0;
	names = tracefs_system_events(NULL, system);
	for (i = 0; names && names[i] && !rc; i++) {
		if (fnmatch(pattern, names[i], 0) ||
		    (set && record_set_excludes(set, system, names[i])))
			continue;
		*found = true;
		rc = add_event(rec, system, names[i], !set, err);
	}
	tracefs_list_free(names);
	return rc;
}

/* What is left of a set without the event it is about would be a recording that disappoints. */
static int lacks(const struct ccw_record *rec, const struct record_set *set, struct ccw_error *err)
{
	if (rec->driver == CCW_DRIVER_OTHER)
		return ccw_fail(err, -ENOENT,
				"-e %s: the loaded vfio_ccw has no event %s: it is the "
				"kernel's own driver (rmmod vfio_ccw, then insmod this "
				"project's vfio_ccw.ko)",
				set->name, set->needs);
	return ccw_instance_check_driver(err);
}

static int add_set(struct ccw_record *rec, const struct record_set *set, struct ccw_error *err)
{
	bool found = false;
	int i, rc = 0;

	if (set->needs && !tracefs_event_file_exists(NULL, CCW_TRACE_SYSTEM, set->needs, "format"))
		return lacks(rec, set, err);
	for (i = 0; i < RECORD_SET_MAX && set->events[i] && !rc; i++)
		rc = add_matching(rec, set->events[i], set, &found, err);
	if (rc || found)
		return rc;
	if (!strncmp(set->events[0], CCW_TRACE_SYSTEM ":", strlen(CCW_TRACE_SYSTEM) + 1))
		return ccw_instance_check_driver(err);
	return ccw_fail(err, -ENOENT,
			"the driver vfio_ccw is not loaded, and the kernel has no events "
			"s390:s390_cio_* either: nothing to record (is this an s390x machine?)");
}

static int add_named(struct ccw_record *rec, const char *spec, struct ccw_error *err)
{
	bool found = false;
	const char *pattern;
	char system[64];
	int rc = add_matching(rec, spec, NULL, &found, err);

	if (rc || found)
		return rc;
	if (split(spec, system, &pattern))
		return ccw_fail(err, -ENOENT, "no such event: %s", spec);
	if (!strcmp(system, CCW_TRACE_SYSTEM) && rec->driver != CCW_DRIVER_OURS)
		return ccw_instance_check_driver(err);
	return ccw_fail(err, -ENOENT, "no such event: %s:%s (ls %s/events/%s)", system, pattern,
			tracefs_tracing_dir(), system);
}

/* The line for a person: which driver, which events. */
static void describe(struct ccw_record *rec)
{
	static const char *const driver[] = {
		[CCW_DRIVER_NONE] = "no vfio_ccw driver",
		[CCW_DRIVER_OTHER] = "the kernel's own vfio_ccw",
		[CCW_DRIVER_OURS] = "this project's vfio_ccw",
	};
	struct ccw_text t = CCW_TEXT(rec->status.what, sizeof(rec->status.what));
	size_t i, n;

	ccw_text_add(&t, "%s: ", driver[rec->driver]);
	for (i = 0; rec->nr_events <= 4 && i < rec->nr_events; i++)
		ccw_text_add(&t, "%s%s", i ? ", " : "", rec->events[i].dat.name);
	for (i = 0; rec->nr_events > 4 && i < rec->nr_events; i += n) {
		const struct record_event *e = rec->events + i;

		for (n = 1; i + n < rec->nr_events && !strcmp(e[n].dat.system, e->dat.system); n++)
			;
		ccw_text_add(&t, "%s%zu event%s of %s", i ? ", " : "", n, n > 1 ? "s" : "",
			     e->dat.system);
	}
	ccw_text_end(&t);
}

int record_find_events(struct ccw_record *rec, const struct ccw_record_options *opts,
		       struct ccw_error *err)
{
	size_t i;
	int rc = 0;

	rec->driver = ccw_instance_driver();
	if (!opts->nr_events)
		rc = add_set(rec, record_set_usual(rec->driver), err);
	for (i = 0; i < opts->nr_events && !rc; i++) {
		const struct record_set *set = record_set_find(opts->events[i], rec->driver);

		rc = set ? add_set(rec, set, err) : add_named(rec, opts->events[i], err);
	}
	if (!rc)
		qsort(rec->events, rec->nr_events, sizeof(*rec->events), by_system_and_name);
	return rc;
}

static bool has_field(const struct ccw_dat_event *e, const char *field)
{
	char text[32];

	snprintf(text, sizeof(text), " %s;", field);
	return strstr(e->format, text);
}

/* Some events call the number of the subchannel schno, others sch_no. NULL: it has none. */
static const char *schno_field(const struct ccw_dat_event *e)
{
	if (!has_field(e, "cssid") || !has_field(e, "ssid"))
		return NULL;
	return has_field(e, "schno") ? "schno" : has_field(e, "sch_no") ? "sch_no" : NULL;
}

/* What names no subchannel goes if it came with a set; asked for by its name it is an error. */
static int drop_without_subchannel(struct ccw_record *rec, struct ccw_error *err)
{
	size_t i, left = 0;

	for (i = 0; i < rec->nr_events; i++) {
		struct record_event *e = &rec->events[i];

		if (schno_field(&e->dat)) {
			rec->events[left++] = *e;
			continue;
		}
		if (e->named) {
			ccw_fail(err, -EINVAL,
				 "event %s:%s does not name its subchannel: leave out -s, or the "
				 "event",
				 e->dat.system, e->dat.name);
			memmove(rec->events + left, e, (rec->nr_events - i) * sizeof(*e));
			rec->nr_events -= i - left;
			return -EINVAL;
		}
		record_event_free(e);
	}
	rec->nr_events = left;
	return 0;
}

/*
 * Commands that the recorder itself causes are left out, lest the recording feeds itself.
 * Interrupts that happen upon it are somebody's and stay. vfio_ccw's events it never causes.
 */
static int add_own(const struct ccw_record *rec, FILE *f)
{
	unsigned int i;

	fprintf(f, "(common_flags&%d||(common_pid!=%d", FLAG_HARDIRQ, getpid());
	for (i = 0; i < rec->nr_workers; i++)
		fprintf(f, "&&common_pid!=%d", rec->workers[i].tid);
	return fprintf(f, "))");
}

static int filter_of(const struct ccw_record *rec, const struct ccw_record_options *opts,
		     const struct ccw_dat_event *e, char **filter, struct ccw_error *err)
{
	char *subchannels = NULL;
	size_t len;
	FILE *f;
	int rc = 0;

	*filter = NULL;
	if (opts->filter)
		rc = ccw_filter_kernel(opts->filter, schno_field(e), &subchannels);
	if (rc == -ENOENT)
		return ccw_fail(err, rc,
				"no subchannel matches the pattern (ls /sys/bus/css/devices)");
	if (rc)
		return ccw_fail(err, rc, "out of memory");
	if (!strcmp(e->system, CCW_TRACE_SYSTEM)) {
		*filter = subchannels;
		return 0;
	}
	f = open_memstream(filter, &len);
	if (f) {
		add_own(rec, f);
		if (subchannels)
			fprintf(f, "&&(%s)", subchannels);
	}
	free(subchannels);
	if (!f || fclose(f))
		return ccw_fail(err, -ENOMEM, "out of memory");
	return 0;
}

int record_enable_events(struct ccw_record *rec, const struct ccw_record_options *opts,
			 struct ccw_error *err)
{
	size_t i;
	int rc = opts->filter ? drop_without_subchannel(rec, err) : 0;

	describe(rec);
	for (i = 0; i < rec->nr_events && !rc; i++) {
		const struct ccw_dat_event *e = &rec->events[i].dat;
		char *filter;

		rc = filter_of(rec, opts, e, &filter, err);
		if (!rc)
			rc = ccw_instance_enable(rec->inst, e->system, e->name, filter, err);
		free(filter);
	}
	return rc;
}

void record_event_free(struct record_event *e)
{
	free(e->dat.system);
	free(e->dat.name);
	free(e->dat.format);
}
