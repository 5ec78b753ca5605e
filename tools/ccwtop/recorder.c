// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/ccwtop/recorder.h"
#include "trace/ccw_filter.h"
#include "trace/ccw_names.h"
#include "trace/ccw_record.h"

#define TICK_MS 200

struct top_recorder {
	struct ccw_record *rec;
	struct ccw_filter *filter;
	char *path;
	pthread_t thread;
	atomic_bool stop, writing, done;
	_Atomic uint64_t bytes;
	double begin;
	int rc; /* of the thread, once it is done */
	struct ccw_error err;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* What stops a recording early leaves what came until then. */
static void *record(void *arg)
{
	struct top_recorder *r = arg;
	struct ccw_error why = { "" };
	int early = 0;

	while (!early && !atomic_load(&r->stop)) {
		early = ccw_record_run(r->rec, TICK_MS, &why);
		atomic_store(&r->bytes, ccw_record_status(r->rec)->bytes);
	}
	atomic_store(&r->writing, true);
	r->rc = ccw_record_stop(r->rec, &r->err);
	if (!r->rc && early) {
		r->rc = -ENODATA;
		r->err = why;
	}
	atomic_store(&r->done, true);
	return NULL;
}

static void release(struct top_recorder *r)
{
	ccw_record_free(r->rec);
	ccw_filter_free(r->filter);
	free(r->path);
	free(r);
}

static int fail(struct top_recorder *r, int rc, struct ccw_error *err, const char *why)
{
	if (why)
		snprintf(err->text, sizeof(err->text), "cannot record to %.128s: %s",
			 r && r->path ? r->path : "a file", why);
	if (r)
		release(r);
	return rc;
}

/* Signals are for the thread that waits for keys. */
static int start_thread(struct top_recorder *r)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&r->thread, NULL, record, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

int top_recorder_start(struct top_recorder **rp, const char *path, const char *subchannels,
		       struct ccw_error *err)
{
	struct top_recorder *r = calloc(1, sizeof(*r));
	struct ccw_record_options opts = { 0 };
	int rc;

	if (!r)
		return fail(r, -ENOMEM, err, "out of memory");
	r->path = strdup(path);
	if (!r->path || (subchannels && ccw_filter_add(&r->filter, subchannels, NULL, 0)))
		return fail(r, -ENOMEM, err, "out of memory");
	if (!access(path, F_OK))
		return fail(r, -EEXIST, err, "it is there already (choose another name)");
	opts.path = r->path;
	opts.filter = r->filter;
	rc = ccw_record_start(&r->rec, &opts, err);
	if (rc)
		return fail(r, rc, err, NULL);
	r->begin = now();
	rc = start_thread(r);
	if (rc)
		return fail(r, rc, err, "no thread for it");
	*rp = r;
	return 0;
}

void top_recorder_stop(struct top_recorder *r)
{
	atomic_store(&r->stop, true);
}

bool top_recorder_done(struct top_recorder *r)
{
	return atomic_load(&r->done);
}

const char *top_recorder_state(struct top_recorder *r, char *buf, size_t len)
{
	char bytes[16];

	if (atomic_load(&r->writing))
		snprintf(buf, len, "REC writing");
	else
		snprintf(buf, len, "REC %.0f s %s", now() - r->begin,
			 ccw_bytes_str(atomic_load(&r->bytes), bytes, sizeof(bytes)));
	return buf;
}

int top_recorder_finish(struct top_recorder *r, char *said, size_t len)
{
	const struct ccw_record_status *st;
	char bytes[16], lost[64] = "nothing lost";
	int rc;

	top_recorder_stop(r);
	pthread_join(r->thread, NULL);
	st = ccw_record_status(r->rec);
	rc = r->rc;
	if (rc && rc != -ENODATA) {
		snprintf(said, len, "not recorded: %s", r->err.text);
		release(r);
		return rc;
	}
	if (st->lost || st->lost_unknown)
		snprintf(lost, sizeof(lost), "%s%llu events lost",
			 st->lost_unknown ? "at least " : "", (unsigned long long)st->lost);
	if (st->lost || st->lost_unknown || st->incomplete)
		rc = -ENODATA;
	snprintf(said, len, "recorded %llu events, %s, %s: %.128s%s%s",
		 (unsigned long long)st->events, ccw_bytes_str(st->bytes, bytes, sizeof(bytes)),
		 lost, r->path, *r->err.text ? "; ended early: " : "", r->err.text);
	release(r);
	return rc;
}
