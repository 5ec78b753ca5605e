// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "trace/bytes.h"
#include "trace/record_int.h"
#include "trace/text.h"

/* How often to look whether the driver is still loaded. */
#define WATCH_NS 1000000000ULL

uint64_t record_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* A machine with hundreds of CPUs needs several files for each. */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int read_formats(struct ccw_record *rec, struct ccw_error *err)
{
	rec->header_page = tracefs_instance_file_read(NULL, "events/header_page", NULL);
	rec->header_event = tracefs_instance_file_read(NULL, "events/header_event", NULL);
	if (!rec->header_page || !rec->header_event)
		return ccw_fail(err, -EIO, "cannot read events/header_page in tracefs: %s",
				strerror(errno));
	if (ccw_page_format_parse(&rec->format, rec->header_page, strlen(rec->header_page), 0,
				  ccw_host_big_endian()))
		return ccw_fail(err, -EINVAL,
				"events/header_page in tracefs says something this tool does not "
				"understand");
	rec->page_size = rec->format.size;
	return 0;
}

/* What is needed at the end is opened now: rights and paths may be gone then. */
static int open_instance(struct ccw_record *rec, const struct ccw_record_options *opts,
			 struct ccw_error *err)
{
	char path[512];
	unsigned int i;
	int rc;

	snprintf(path, sizeof(path), "%s/instances", tracefs_tracing_dir());
	rec->instances = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	rec->tracing_on =
		tracefs_instance_file_open(rec->inst, "tracing_on", O_WRONLY | O_CLOEXEC);
	if (opts->buffer_kib && tracefs_instance_set_buffer_size(rec->inst, opts->buffer_kib, -1))
		return ccw_fail(
			err, -ENOMEM,
			"the kernel refuses a buffer of %u KiB per CPU: choose a smaller one (-b)",
			opts->buffer_kib);
	rc = ccw_instance_open_cpus(rec->inst, &rec->cpus, &rec->nr, err);
	if (rc)
		return rc;
	rec->data = calloc(rec->nr, sizeof(*rec->data));
	if (!rec->data)
		return ccw_fail(err, -ENOMEM, "out of memory");
	for (i = 0; i < rec->nr; i++) {
		pthread_mutex_init(&rec->data[i].lock, NULL);
		rec->data[i].data = rec->data[i].stats = -1;
	}
	return record_open_stats(rec);
}

static int open_output(struct ccw_record *rec, struct ccw_error *err)
{
	unsigned int i;
	int rc = record_find_dir(rec, err);

	if (rc)
		return rc;
	if (rec->opts.flight.ns)
		return flight_new(&rec->flight, rec, err);
	rc = record_open_file(rec, &rec->file, err);
	for (i = 0; !rc && i < rec->nr; i++)
		rec->data[i].data = rec->file->data[i];
	return rc;
}

/*
 * All events begin at the same moment: what a program was is no use without how it ended. Turning
 * one on takes the kernel a while.
 */
static int enable_events(struct ccw_record *rec, const struct ccw_record_options *opts,
			 struct ccw_error *err)
{
	int rc;

	if (tracefs_trace_off(rec->inst))
		return ccw_fail(err, -EIO, "cannot turn tracing off in instance %s: %s",
				tracefs_instance_get_name(rec->inst), strerror(errno));
	rc = record_enable_events(rec, opts, err);
	if (!rc && tracefs_trace_on(rec->inst))
		rc = ccw_fail(err, -EIO, "cannot turn tracing on in instance %s: %s",
			      tracefs_instance_get_name(rec->inst), strerror(errno));
	return rc;
}

static int set_up(struct ccw_record *rec, const struct ccw_record_options *opts,
		  struct ccw_error *err)
{
	int rc;

	allow_many_files();
	rc = ccw_instance_create(&rec->inst, err);
	rc = rc ? rc : record_find_events(rec, opts, err);
	rc = rc ? rc : read_formats(rec, err);
	rc = rc ? rc : open_instance(rec, opts, err);
	rc = rc ? rc : open_output(rec, err);
	rc = rc ? rc : record_make_workers(rec, err);
	rc = rc ? rc : enable_events(rec, opts, err);
	if (!rc)
		record_begin_workers(rec);
	return rc;
}

int ccw_record_start(struct ccw_record **out, const struct ccw_record_options *opts,
		     struct ccw_error *err)
{
	struct ccw_record *rec = calloc(1, sizeof(*rec));
	int rc;

	*out = NULL;
	if (!rec)
		return ccw_fail(err, -ENOMEM, "out of memory");
	rec->instances = rec->tracing_on = rec->wake = rec->news = -1;
	sem_init(&rec->ready, 0, 0);
	sem_init(&rec->go, 0, 0);
	rec->opts = *opts;
	rec->filter = opts->filter;
	if (!rec->opts.max_files)
		rec->opts.max_files = opts->flight.ns ? 10 : 2;
	rec->number = opts->flight.ns || opts->max_size;
	rec->path = strdup(opts->path);
	rec->devices = ccw_devices_new();
	if (rec->path && rec->devices) {
		ccw_devices_gather(rec->devices, "/sys", "/run/vfio-ccw", rec->filter);
		rc = set_up(rec, opts, err);
	} else {
		rc = ccw_fail(err, -ENOMEM, "out of memory");
	}
	if (rc) {
		ccw_record_free(rec);
		return rc;
	}
	rec->status.instance = tracefs_instance_get_name(rec->inst);
	*out = rec;
	return 0;
}

static int ends_early(struct ccw_record *rec, int rc, struct ccw_error *err)
{
	rec->status.incomplete = true;
	snprintf(rec->status.note, sizeof(rec->status.note), "%.190s", err->text);
	return rc;
}

static int failure(struct ccw_record *rec, struct ccw_error *err)
{
	unsigned int i;

	for (i = 0; i < rec->nr_workers; i++) {
		struct record_worker *w = &rec->workers[i];

		if (atomic_load(&rec->failed) && atomic_load(&w->ended) && w->rc)
			return ends_early(rec, ccw_fail(err, w->rc, "%s", w->err.text), err);
	}
	return 0;
}

/*
 * A driver that is unloaded takes its events along, and the kernel throws away what is in the
 * buffers; one that is loaded then has its events turned off.
 */
static int watch(struct ccw_record *rec, struct ccw_error *err)
{
	uint64_t now = record_now();
	size_t i;

	if (now < rec->next_watch)
		return 0;
	rec->next_watch = now + WATCH_NS;
	ccw_record_count(rec); /* so that the numbers are known should they be reset */
	for (i = 0; i < rec->nr_events; i++) {
		const struct ccw_dat_event *e = &rec->events[i].dat;

		if (tracefs_event_file_exists(rec->inst, e->system, e->name, "enable") ||
		    !tracefs_file_exists(rec->inst, "tracing_on"))
			continue;
		rec->status.lost_unknown = true;
		return ends_early(rec,
				  ccw_fail(err, -ENODEV,
					   "event %s:%s is gone: its driver was unloaded",
					   e->system, e->name),
				  err);
	}
	return 0;
}

int ccw_record_run(struct ccw_record *rec, int timeout_ms, struct ccw_error *err)
{
	struct pollfd fd = { .fd = rec->news, .events = POLLIN };
	uint64_t count;
	int rc;

	if (poll(&fd, 1, timeout_ms) > 0 && read(rec->news, &count, sizeof(count)) < 0)
		return 0; /* another thread read it: nothing to do */
	rc = failure(rec, err);
	rc = rc ? rc : watch(rec, err);
	if (rc)
		return rc;
	if (rec->flight)
		rc = flight_run(rec, err);
	else if (rec->opts.max_size && atomic_load(&rec->taken) >= rec->opts.max_size)
		rc = record_next_file(rec, err);
	if (!rc && !rec->flight && rec->status.incomplete)
		return ccw_fail(err, -ENOSPC, "%s", rec->status.note);
	return rc < 0 ? ends_early(rec, rc, err) : 0;
}

int ccw_record_stop(struct ccw_record *rec, struct ccw_error *err)
{
	struct ccw_error why;
	int rc = 0;

	if (rec->tracing_on >= 0 && write(rec->tracing_on, "0", 1) < 0)
		tracefs_trace_off(rec->inst);
	record_end_workers(rec);
	if (!rec->status.incomplete)
		failure(rec, &why);
	rec->ended = true;
	if (rec->file)
		rc = record_next_file(rec, err);
	ccw_record_count(rec);
	return rc;
}

void ccw_record_dump(struct ccw_record *rec, const char *reason)
{
	if (rec->flight)
		flight_ask(rec->flight, reason);
}

const struct ccw_record_status *ccw_record_status(struct ccw_record *rec)
{
	return &rec->status;
}

/* By its path or, if that is gone, by the directory that was opened when it was there. */
static void remove_instance(struct ccw_record *rec)
{
	char *name = rec->inst ? strdup(tracefs_instance_get_name(rec->inst)) : NULL;

	if (rec->tracing_on >= 0)
		close(rec->tracing_on);
	ccw_instance_destroy(rec->inst);
	if (name && rec->instances >= 0)
		unlinkat(rec->instances, name, AT_REMOVEDIR);
	if (rec->instances >= 0)
		close(rec->instances);
	free(name);
}

void ccw_record_free(struct ccw_record *rec)
{
	unsigned int i;
	size_t e;

	if (!rec)
		return;
	record_free_workers(rec);
	for (i = 0; rec->cpus && i < rec->nr; i++) {
		close(rec->cpus[i].fd);
		if (rec->data && rec->data[i].stats >= 0)
			close(rec->data[i].stats);
	}
	remove_instance(rec);
	record_free_file(rec, rec->file);
	flight_free(rec->flight);
	for (e = 0; e < rec->nr_events; e++)
		record_event_free(&rec->events[e]);
	ccw_devices_free(rec->devices);
	sem_destroy(&rec->ready);
	sem_destroy(&rec->go);
	free(rec->events);
	free(rec->cpus);
	free(rec->data);
	free(rec->header_page);
	free(rec->header_event);
	free(rec->dir);
	free(rec->base);
	free(rec->path);
	free(rec);
}
