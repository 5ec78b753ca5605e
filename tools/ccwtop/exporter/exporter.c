// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/ccwtop/exporter/exporter.h"
#include "tools/ccwtop/exporter/http.h"
#include "tools/ccwtop/exporter/notify.h"
#include "tools/ccwtop/exporter/sandbox.h"
#include "tools/ccwtop/view.h"
#include "trace/ccw_device.h"
#include "trace/ccw_names.h"

#define DRAIN 0.1 /* seconds; a trace buffer must not fill up meanwhile */
#define COLLECT 15.0 /* seconds; counters of 32 bits in the kernel must not turn over meanwhile */
#define LOOK 10.0 /* seconds between looks into sysfs */

struct state {
	const struct exporter *e;
	struct exp_store *store;
	struct exp_http *http;
	struct exp_view view;
	char driver_version[32];
	double started, drained, collected, looked;
	bool awaits_driver; /* it was not there at the start */
	int rc; /* not 0: the source failed, err says how */
	struct ccw_error *err;
};

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* --- names --- */

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

static void name_device(struct exp_sub *s, const struct top_device *d)
{
	unsigned int i;

	s->bound = d->bound;
	if (!d->bound)
		s->state = 0xff; /* the driver has none for it */
	copy(s->devno, sizeof(s->devno), d->devno);
	copy(s->dev, sizeof(s->dev), d->dev);
	copy(s->cu, sizeof(s->cu), d->cu);
	copy(s->mdev, sizeof(s->mdev), d->mdev);
	for (i = 0; i < VFIO_CCW_NR_STATES; i++) {
		if (!strcmp(d->state, ccw_state_name(i)))
			s->state = i;
	}
}

/*
 * A driver that comes later has events that nobody here has the rights to listen to any more. Who
 * started us can start us again.
 */
static int driver_came(struct state *s)
{
	if (!s->awaits_driver || access("/sys/module/vfio_ccw", F_OK))
		return 0;
	snprintf(s->err->text, sizeof(s->err->text),
		 "vfio_ccw was loaded: start again to see its events (the service does)");
	return -ESTALE;
}

/* Whatever is bound has its counters before its first I/O, or that one would be no increase. */
static int look(struct state *s)
{
	const struct top_sysfs *sysfs = s->e->sysfs;
	size_t i, n;

	if (!sysfs || (s->looked > 0 && top_now() - s->looked < LOOK))
		return 0;
	s->looked = top_now();
	if (top_sysfs_scan(s->e->sysfs) == -ENOMEM)
		return -ENOMEM;
	n = top_sysfs_count(sysfs);
	for (i = 0; i < n; i++) {
		const struct top_device *d = top_sysfs_at(sysfs, i);
		struct exp_sub *sub;

		if (!ccw_filter_match(s->e->filter, d->sch))
			continue;
		sub = exp_store_get(s->store, d->sch);
		if (!sub)
			return -ENOMEM;
		name_device(sub, d);
	}
	return driver_came(s);
}

static void name_recorded(struct state *s)
{
	size_t i, n = exp_store_count(s->store);

	for (i = 0; i < n; i++) {
		struct exp_sub *sub = exp_store_at(s->store, i);
		const struct ccw_device *d = top_gather_device(s->e->gather, sub->sch);

		if (!d || sub->devno[0])
			continue;
		copy(sub->devno, sizeof(sub->devno), d->devno);
		copy(sub->dev, sizeof(sub->dev), d->dev);
		copy(sub->cu, sizeof(sub->cu), d->cu);
		copy(sub->mdev, sizeof(sub->mdev), d->mdev);
	}
}

/* --- numbers --- */

/* What came into the source since last time; cheap, and often. */
static int drain(struct state *s)
{
	struct top_gather *g = s->e->gather;
	uint64_t to = UINT64_MAX;
	int rc;

	s->drained = top_now();
	if (!top_gather_is_file(g))
		return top_gather_drain(g, s->err);
	if (s->e->speed > 0)
		to = top_gather_first(g) +
		     (uint64_t)((s->drained - s->started) * s->e->speed * 1e9);
	rc = top_gather_until(g, to, s->err);
	return rc < 0 ? rc : 0;
}

static int collect(struct state *s)
{
	struct ccw_stats *interval = top_gather_interval(s->e->gather);
	size_t i, n;
	int rc;

	s->collected = top_now();
	rc = drain(s);
	rc = rc ? rc : top_gather_collect(s->e->gather, s->err);
	if (rc)
		return rc;
	rc = top_gather_end_interval(s->e->gather);
	n = ccw_stats_count(interval);
	for (i = 0; i < n && !rc; i++)
		rc = exp_store_add(s->store, ccw_stats_at(interval, i));
	top_gather_begin_interval(s->e->gather);
	if (!s->e->sysfs)
		name_recorded(s);
	rc = rc ? rc : look(s);
	if (rc == -ENOMEM)
		snprintf(s->err->text, sizeof(s->err->text), "out of memory");
	return rc;
}

static int timed_collect(struct state *s)
{
	uint64_t before = cpu_ns();

	s->rc = collect(s);
	s->view.collections++;
	s->view.collect_ns += cpu_ns() - before;
	return s->rc;
}

static const struct exp_view *on_scrape(void *ctx, enum exp_format format)
{
	struct state *s = ctx;

	if (s->rc || (top_now() - s->collected >= s->e->delay && timed_collect(s)))
		return NULL;
	s->view.scrapes[format]++;
	s->view.connections = exp_http_connections(s->http);
	s->view.cut = exp_http_cut(s->http);
	exp_process_read(&s->view.process);
	return &s->view;
}

/* --- life --- */

static void read_version(char *buf, size_t len)
{
	int fd = open("/sys/module/vfio_ccw/version", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	buf[0] = '\0';
	if (fd < 0)
		return;
	n = read(fd, buf, len - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
}

static int serve(struct state *s)
{
	bool sums = !strcmp(s->view.source->kind, "bpf");
	double wait, now;

	while (!*s->e->stop && !s->rc) {
		now = top_now();
		wait = s->collected + COLLECT - now;
		/* Sums can wait where they are; events cannot, and a recording is played. */
		if (!sums && wait > s->drained + DRAIN - now)
			wait = s->drained + DRAIN - now;
		exp_http_run(s->http, wait > 0 ? wait : 0);
		now = top_now();
		if (s->rc)
			break;
		if (now - s->collected >= COLLECT)
			timed_collect(s);
		else if (!sums && now - s->drained >= DRAIN)
			s->rc = drain(s);
	}
	return s->rc;
}

/* Everything that takes rights, and then none of them. */
static int start(struct state *s, const struct exp_http_ops *ops)
{
	struct exp_address address = s->e->address;
	int fd = exp_listen(&address, s->err), rc;
	char text[64];

	if (fd < 0)
		return fd;
	s->http = exp_http_new(fd, ops);
	if (!s->http) {
		snprintf(s->err->text, sizeof(s->err->text), "cannot start the HTTP server: %s",
			 strerror(errno));
		return -EIO;
	}
	s->awaits_driver = s->e->sysfs && access("/sys/module/vfio_ccw", F_OK);
	read_version(s->driver_version, sizeof(s->driver_version));
	rc = timed_collect(s);
	if (!rc && s->e->sandbox)
		rc = exp_sandbox(!strcmp(s->view.source->kind, "tracefs"), s->err);
	if (rc)
		return rc;
	exp_notify("READY=1");
	printf("ccwtop: http://%s/metrics, %s (%s)\n",
	       exp_address_str(&address, text, sizeof(text)), s->view.source->kind,
	       s->view.source->driver);
	fflush(stdout);
	return 0;
}

int exporter_run(const struct exporter *e, struct ccw_error *err)
{
	struct state s = { .e = e, .started = top_now(), .err = err };
	const struct exp_http_ops ops = { .scrape = on_scrape, .ctx = &s };
	int rc = -ENOMEM;

	s.store = exp_store_new();
	s.view = (struct exp_view){
		.store = s.store, .source = top_gather_info(e->gather), .sysfs = e->sysfs,
		.driver_version = s.driver_version,
	};
	exp_process_start(&s.view.process);
	if (!s.store)
		snprintf(err->text, sizeof(err->text), "out of memory");
	else
		rc = start(&s, &ops);
	if (!rc)
		rc = serve(&s);
	exp_http_free(s.http);
	exp_store_free(s.store);
	return rc;
}
