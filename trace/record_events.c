// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/record_int.h"
#include "trace/text.h"

static int by_system_and_name(const void *a, const void *b)
{
	const struct ccw_dat_event *x = a, *y = b;
	int d = strcmp(x->system, y->system);

	return d ? d : strcmp(x->name, y->name);
}

static bool is_known(const struct ccw_record *rec, const char *system, const char *name)
{
	size_t i;

	for (i = 0; i < rec->nr_events; i++) {
		if (!strcmp(rec->events[i].system, system) && !strcmp(rec->events[i].name, name))
			return true;
	}
	return false;
}

static int add_event(struct ccw_record *rec, const char *system, const char *name,
		     struct ccw_error *err)
{
	struct ccw_dat_event *e;

	if (is_known(rec, system, name))
		return 0;
	e = realloc(rec->events, (rec->nr_events + 1) * sizeof(*e));
	if (!e)
		return ccw_fail(err, -ENOMEM, "out of memory");
	rec->events = e;
	e += rec->nr_events;
	e->system = strdup(system);
	e->name = strdup(name);
	e->format = tracefs_event_file_read(NULL, system, name, "format", NULL);
	rec->nr_events++;
	if (!e->system || !e->name)
		return ccw_fail(err, -ENOMEM, "out of memory");
	if (!e->format)
		return ccw_fail(err, -EIO, "cannot read the format of event %s:%s: %s", system,
				name, strerror(errno));
	return 0;
}

/* spec: "EVENT", "SYSTEM:EVENT" */
static int add_matching(struct ccw_record *rec, const char *spec, struct ccw_error *err)
{
	const char *colon = strchr(spec, ':');
	char system[64] = CCW_TRACE_SYSTEM;
	const char *pattern = colon ? colon + 1 : spec;
	bool found = false;
	char **names;
	int i, rc = 0;

	if (colon && snprintf(system, sizeof(system), "%.*s", (int)(colon - spec), spec) >=
			     (int)sizeof(system))
		return ccw_fail(err, -ENOENT, "no such event: %s", spec);
	if (!strcmp(system, CCW_TRACE_SYSTEM)) {
		rc = ccw_instance_check_driver(err);
		if (rc)
			return rc;
	}
	/* Not what is no name: it becomes part of a path. */
	names = *system && !strchr(system, '/') && *system != '.'
			? tracefs_system_events(NULL, system)
			: NULL;
	for (i = 0; names && names[i] && !rc; i++) {
		if (fnmatch(pattern, names[i], 0))
			continue;
		found = true;
		rc = add_event(rec, system, names[i], err);
	}
	tracefs_list_free(names);
	if (!rc && !found)
		rc = ccw_fail(err, -ENOENT, "no such event: %s:%s (ls %s/events/%s)", system,
			      pattern, tracefs_tracing_dir(), system);
	return rc;
}

int record_find_events(struct ccw_record *rec, const struct ccw_record_options *opts,
		       struct ccw_error *err)
{
	size_t i;
	int rc = 0;

	if (!opts->nr_events)
		rc = add_matching(rec, "*", err);
	for (i = 0; i < opts->nr_events && !rc; i++)
		rc = add_matching(rec, opts->events[i], err);
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

/* Some events call the device number of the subchannel schno, others sch_no. */
static int filter_of(const struct ccw_record_options *opts, const struct ccw_dat_event *e,
		     char **filter, struct ccw_error *err)
{
	const char *field = has_field(e, "schno")    ? "schno"
			    : has_field(e, "sch_no") ? "sch_no"
						     : NULL;
	bool ours = !strcmp(e->system, CCW_TRACE_SYSTEM);
	char *subchannels = NULL;
	int rc;

	*filter = NULL;
	if (opts->filter) {
		if (!field || !has_field(e, "cssid") || !has_field(e, "ssid"))
			return ccw_fail(err, -EINVAL,
					"event %s:%s does not name its subchannel: leave out -s, "
					"or the event",
					e->system, e->name);
		rc = ccw_filter_kernel(opts->filter, field, &subchannels);
		if (rc == -ENOENT)
			return ccw_fail(
				err, rc,
				"no subchannel matches the pattern (ls /sys/bus/css/devices)");
		if (rc)
			return ccw_fail(err, rc, "out of memory");
	}
	if (ours) {
		*filter = subchannels;
		return 0;
	}
	rc = asprintf(filter, "common_pid!=%d%s%s%s", getpid(), subchannels ? "&&(" : "",
		      subchannels ? subchannels : "", subchannels ? ")" : "");
	free(subchannels);
	if (rc < 0) {
		*filter = NULL;
		return ccw_fail(err, -ENOMEM, "out of memory");
	}
	return 0;
}

int record_enable_events(struct ccw_record *rec, const struct ccw_record_options *opts,
			 struct ccw_error *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < rec->nr_events && !rc; i++) {
		const struct ccw_dat_event *e = &rec->events[i];
		char *filter;

		rc = filter_of(opts, e, &filter, err);
		if (rc)
			break;
		rc = ccw_instance_enable(rec->inst, e->system, e->name, filter, err);
		free(filter);
	}
	return rc;
}
