// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/record_int.h"
#include "trace/text.h"

#define PIPE_WISH (1 << 20)

static int set_up(struct ccw_record *rec, const struct ccw_record_options *opts,
		  struct ccw_error *err)
{
	struct ccw_page_format fmt;
	struct ccw_decoder unused;
	unsigned int i;
	int rc;

	rc = ccw_instance_create(&rec->inst, err);
	rc = rc ? rc : record_find_events(rec, opts, err);
	if (rc)
		return rc;
	rec->header_page = tracefs_instance_file_read(NULL, "events/header_page", NULL);
	rec->header_event = tracefs_instance_file_read(NULL, "events/header_event", NULL);
	if (!rec->header_page || !rec->header_event)
		return ccw_fail(err, -EIO, "cannot read events/header_page in tracefs: %s",
				strerror(errno));
	ccw_decoder_init(&unused, false);
	if (ccw_page_format_parse(&fmt, rec->header_page, strlen(rec->header_page), 0, false))
		return ccw_fail(err, -EINVAL,
				"events/header_page in tracefs says something this tool does not "
				"understand");
	rec->page_size = fmt.size;
	rec->page = malloc(rec->page_size);
	if (opts->buffer_kib && tracefs_instance_set_buffer_size(rec->inst, opts->buffer_kib, -1))
		return ccw_fail(
			err, -ENOMEM,
			"the kernel refuses a buffer of %u KiB per CPU: choose a smaller one (-b)",
			opts->buffer_kib);
	rc = ccw_instance_open_cpus(rec->inst, &rec->cpus, &rec->nr, err);
	if (rc)
		return rc;
	rec->data = calloc(rec->nr, sizeof(*rec->data));
	if (!rec->data || !rec->page)
		return ccw_fail(err, -ENOMEM, "out of memory");
	for (i = 0; i < rec->nr; i++)
		rec->data[i].fd = -1;
	if (pipe2(rec->pipe, O_CLOEXEC | O_NONBLOCK))
		return ccw_fail(err, -errno, "cannot make a pipe: %s", strerror(errno));
	fcntl(rec->pipe[0], F_SETPIPE_SZ, PIPE_WISH);
	rec->pipe_size = fcntl(rec->pipe[0], F_GETPIPE_SZ);
	rc = record_open_files(rec, err);
	return rc ? rc : record_enable_events(rec, opts, err);
}

int ccw_record_start(struct ccw_record **out, const struct ccw_record_options *opts,
		     struct ccw_error *err)
{
	struct ccw_record *rec = calloc(1, sizeof(*rec));
	int rc;

	*out = NULL;
	if (!rec)
		return ccw_fail(err, -ENOMEM, "out of memory");
	rec->pipe[0] = rec->pipe[1] = rec->out = -1;
	rec->path = strdup(opts->path);
	rc = rec->path ? set_up(rec, opts, err) : ccw_fail(err, -ENOMEM, "out of memory");
	if (rc) {
		ccw_record_free(rec);
		return rc;
	}
	rec->status.instance = tracefs_instance_get_name(rec->inst);
	*out = rec;
	return 0;
}

static int disk_error(struct ccw_record *rec, int error, struct ccw_error *err)
{
	return ccw_fail(err, -error, "cannot write to directory %s: %s", rec->dir, strerror(error));
}

/* Cuts off what is not a whole page, so that what is there stays readable. */
static void keep_whole_pages(struct ccw_record *rec, unsigned int i)
{
	uint64_t rest = rec->data[i].size % rec->page_size;

	rec->data[i].size -= rest;
	rec->status.bytes -= rest;
}

static int write_pages(struct ccw_record *rec, unsigned int i, const char *data, size_t len,
		       struct ccw_error *err)
{
	while (len) {
		ssize_t n = pwrite(rec->data[i].fd, data, len, rec->data[i].size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return disk_error(rec, n ? errno : ENOSPC, err);
		rec->data[i].size += n;
		rec->status.bytes += n;
		data += n;
		len -= n;
	}
	return 0;
}

/* Moves len bytes of whole pages from the pipe to the CPU's file. */
static int pipe_to_file(struct ccw_record *rec, unsigned int i, size_t len, struct ccw_error *err)
{
	while (len) {
		ssize_t n = -1;

		if (!rec->no_splice) {
			loff_t at = rec->data[i].size;

			n = splice(rec->pipe[0], NULL, rec->data[i].fd, &at, len, SPLICE_F_MOVE);
			if (n > 0) {
				rec->data[i].size += n;
				rec->status.bytes += n;
			} else if (n < 0 && errno == EINVAL) {
				rec->no_splice = true;
			} else if (!n || errno != EINTR) {
				return disk_error(rec, n ? errno : ENOSPC, err);
			}
		} else {
			n = read(rec->pipe[0], rec->page,
				 len < rec->page_size ? len : rec->page_size);
			if (n <= 0)
				return ccw_fail(err, -EIO, "cannot read a pipe: %s",
						strerror(errno));
			if (write_pages(rec, i, rec->page, n, err))
				return -EIO;
		}
		len -= n > 0 ? n : 0;
	}
	return 0;
}

/* Full pages only: the kernel gives no others to splice. */
static int take_full_pages(struct ccw_record *rec, unsigned int i, struct ccw_error *err)
{
	struct ccw_instance_cpu *c = &rec->cpus[i];
	/* Bounded, so that a busy CPU does not keep the others waiting. */
	unsigned int rounds;
	int rc;

	for (rounds = 0; rounds < 8; rounds++) {
		ssize_t n = splice(c->fd, NULL, rec->pipe[1], NULL, rec->pipe_size,
				   SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

		c->absent = n > 0 ? false : c->absent || (n < 0 && errno == ENODEV);
		if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENODEV)
			return ccw_fail(err, -errno, "cannot read the trace buffer of CPU %u: %s",
					c->cpu, strerror(errno));
		if (n <= 0)
			return 0;
		rc = pipe_to_file(rec, i, n, err);
		if (rc)
			return rc;
		if ((size_t)n < rec->pipe_size)
			return 0;
	}
	return 0;
}

int ccw_record_run(struct ccw_record *rec, int timeout_ms, struct ccw_error *err)
{
	unsigned int i;
	int rc;

	rc = ccw_instance_wait(rec->cpus, rec->nr, timeout_ms);
	if (rc < 0)
		return ccw_fail(err, rc, "cannot wait for the trace buffers: %s", strerror(-rc));
	for (i = 0; i < rec->nr; i++) {
		rc = take_full_pages(rec, i, err);
		if (rc) {
			keep_whole_pages(rec, i);
			rec->status.incomplete = true;
			snprintf(rec->status.note, sizeof(rec->status.note), "%.190s", err->text);
			return rc;
		}
	}
	return 0;
}

/* After tracing was turned off: the pages that were being filled. */
static int take_rest(struct ccw_record *rec, unsigned int i, struct ccw_error *err)
{
	int rc;

	for (;;) {
		ssize_t n = read(rec->cpus[i].fd, rec->page, rec->page_size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN && errno != ENODEV)
			return ccw_fail(err, -errno, "cannot read the trace buffer of CPU %u: %s",
					rec->cpus[i].cpu, strerror(errno));
		if (n != (ssize_t)rec->page_size)
			return 0;
		rc = write_pages(rec, i, rec->page, n, err);
		if (rc)
			return rc;
	}
}

static bool number_after(const char *text, const char *key, uint64_t *value)
{
	const char *p = strstr(text, key);
	unsigned long long v;

	if (!p || (p != text && p[-1] != '\n') || sscanf(p + strlen(key), ": %llu", &v) != 1)
		return false;
	*value += v;
	return true;
}

/* per_cpu/cpuN/stats: what was overwritten before it could be read, and what was refused. */
static void count(struct ccw_record *rec)
{
	struct ccw_record_status *st = &rec->status;
	struct ccw_text t = CCW_TEXT(st->lost_cpus, sizeof(st->lost_cpus));
	unsigned int i;
	char file[64];

	for (i = 0; i < rec->nr; i++) {
		uint64_t lost = 0;
		char *text;

		if (rec->cpus[i].absent)
			continue;
		snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", rec->cpus[i].cpu);
		text = tracefs_instance_file_read(rec->inst, file, NULL);
		if (!text || !number_after(text, "overrun", &lost) ||
		    !number_after(text, "read events", &st->events))
			st->lost_unknown = true;
		if (text) {
			number_after(text, "commit overrun", &lost);
			number_after(text, "dropped events", &lost);
		}
		free(text);
		if (!lost)
			continue;
		ccw_text_add(&t, "%sCPU %u: %llu", st->lost ? ", " : "", rec->cpus[i].cpu,
			     (unsigned long long)lost);
		st->lost += lost;
	}
	ccw_text_end(&t);
}

int ccw_record_stop(struct ccw_record *rec, struct ccw_error *err)
{
	unsigned int i;
	int rc = 0;

	tracefs_trace_off(rec->inst);
	for (i = 0; i < rec->nr && !rec->status.incomplete; i++) {
		do {
			uint64_t before = rec->data[i].size;

			rc = take_full_pages(rec, i, err);
			if (rc || rec->data[i].size == before)
				break;
		} while (!rc);
		rc = rc ? rc : take_rest(rec, i, err);
		if (rc) {
			keep_whole_pages(rec, i);
			rec->status.incomplete = true;
			snprintf(rec->status.note, sizeof(rec->status.note), "%.190s", err->text);
		}
	}
	count(rec);
	rec->cmdlines = tracefs_instance_file_read(NULL, "saved_cmdlines", NULL);
	return record_write_file(rec, err);
}

const struct ccw_record_status *ccw_record_status(struct ccw_record *rec)
{
	return &rec->status;
}

void ccw_record_free(struct ccw_record *rec)
{
	unsigned int i;
	size_t e;

	if (!rec)
		return;
	for (i = 0; rec->cpus && i < rec->nr; i++)
		close(rec->cpus[i].fd);
	ccw_instance_destroy(rec->inst);
	record_close_files(rec);
	for (i = 0; i < 2; i++) {
		if (rec->pipe[i] >= 0)
			close(rec->pipe[i]);
	}
	for (e = 0; e < rec->nr_events; e++) {
		free(rec->events[e].system);
		free(rec->events[e].name);
		free(rec->events[e].format);
	}
	free(rec->events);
	free(rec->cpus);
	free(rec->data);
	free(rec->page);
	free(rec->header_page);
	free(rec->header_event);
	free(rec->cmdlines);
	free(rec->path);
	free(rec);
}
