// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtop/tap.h"
#include "tools/ccwtop/view.h"
#include "trace/ccw_names.h"

double top_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* How many they are. */
static size_t marked_first(struct top_view *v)
{
	struct top_row *rows = v->model.rows;
	size_t i, n = 0;

	for (i = 0; i < v->model.count; i++) {
		if (!top_marked(&v->marks, rows[i].sch))
			continue;
		if (i != n) {
			struct top_row row = rows[i];

			rows[i] = rows[n];
			rows[n] = row;
		}
		n++;
	}
	return n;
}

int top_view_sort(struct top_view *v)
{
	struct top_row *rows = v->model.rows;
	size_t n = v->only_marked ? marked_first(v) : v->model.count;

	if (!n) /* the marks were taken away, or marked rows have gone */
		n = v->model.count;
	v->shown = n;
	if (top_sort(rows, n, v->sort, v->reverse) ||
	    top_sort(rows + n, v->model.count - n, v->sort, v->reverse))
		return -ENOMEM;
	return 0;
}

size_t top_view_shown(const struct top_view *v)
{
	return v->shown;
}

/* Where a recording was is where it is again, with other sums. */
static int replay(struct top_view *v, struct ccw_error *err)
{
	uint64_t pos = top_gather_pos(v->gather), last = top_gather_last(v->gather);
	bool ended = top_gather_ended(v->gather);
	int rc = top_gather_seek(v->gather, v->from, err);

	if (!rc)
		rc = top_gather_until(v->gather,
				      !ended ? pos : last < UINT64_MAX ? last + 1 : last, err);
	return rc < 0 ? rc : 0;
}

int top_view_select(struct top_view *v, struct top_sieve *sieve, struct ccw_error *err)
{
	struct top_sieve before = v->sieve;
	int rc = top_gather_select(v->gather, sieve->filter, sieve->select, err);

	if (rc)
		return rc;
	v->sieve = *sieve;
	v->filter = sieve->filter;
	v->known = 0; /* other subchannels may have I/O now */
	if (v->tap)
		top_tap_filter(v->tap, v->filter);
	top_sieve_free(&before);
	return top_gather_is_file(v->gather) ? replay(v, err) : 0;
}

/* For those who look back, the last interval of a recording is one like the others. */
static int look_back(struct top_view *v, struct ccw_stats *total)
{
	struct top_gather *g = v->gather;
	int rc;

	if (!v->past)
		return 0;
	rc = top_model_build(&v->model, top_gather_interval(g), top_gather_interval_secs(g), total,
			     v->sysfs, v->filter);
	return rc ? rc : top_past_interval(v->past, top_gather_pos(g), &v->model,
					   top_gather_interval(g), total, top_gather_info(g),
					   v->sysfs);
}

/* I/O of subchannels that are not vfio_ccw's: they have names, too. */
static int know_all(struct top_view *v, struct ccw_stats *stats)
{
	size_t i, n = ccw_stats_count(stats);
	int rc = 0;

	for (i = 0; i < n && !rc && n != v->known; i++)
		rc = top_sysfs_add(v->sysfs, ccw_stats_at(stats, i)->sch);
	if (!rc)
		v->known = n;
	return rc;
}

int top_view_refresh(struct top_view *v, bool whole, struct ccw_error *err)
{
	struct top_gather *g = v->gather;
	struct ccw_stats *total = top_gather_total(g);
	int rc = top_gather_collect(g, err);

	if (rc)
		return rc;
	/* An unloaded driver is not an error here: the rows say unbound. */
	rc = v->sysfs ? top_sysfs_scan(v->sysfs) : 0;
	if (rc != -ENOMEM)
		rc = top_gather_end_interval(g);
	if (!rc && v->sysfs)
		rc = know_all(v, total);
	if (!rc)
		rc = look_back(v, total);
	if (!rc && (whole || !v->past))
		rc = top_model_build(&v->model, whole ? total : top_gather_interval(g),
				     whole ? top_gather_total_secs(g) : top_gather_interval_secs(g),
				     total, v->sysfs, v->filter);
	if (rc) {
		snprintf(err->text, sizeof(err->text), "out of memory");
		return rc;
	}
	if (strcmp(top_gather_info(g)->driver, "vfio_ccw"))
		top_model_no_programs(&v->model);
	v->whole = whole;
	top_gather_begin_interval(g);
	if (top_view_sort(v)) {
		snprintf(err->text, sizeof(err->text), "out of memory");
		return -ENOMEM;
	}
	return 0;
}

const char *top_view_totals(const struct top_view *v, char *buf, size_t len)
{
	const struct top_model *m = &v->model;
	char rate[16], bytes[16], errors[16];

	if (isnan(m->rate)) {
		snprintf(buf, len, "%zu subchannels", m->count);
		return buf;
	}
	snprintf(buf, len, "%5s I/O/s  %7s/s  %5s errors/s  %zu of %zu subchannels active",
		 ccw_count_str(m->rate, rate, sizeof(rate)),
		 isnan(m->bytes) ? "-" : ccw_bytes_str(m->bytes, bytes, sizeof(bytes)),
		 ccw_count_str(m->errors, errors, sizeof(errors)), m->active, m->count);
	return buf;
}

const char *top_view_lost(const struct top_view *v, char *buf, size_t len)
{
	const struct ccw_source_info *info = top_gather_info(v->gather);
	unsigned long long lost = info->lost, missing = v->model.missing;

	buf[0] = '\0';
	if (lost)
		snprintf(buf, len, "%s%llu events lost", info->lost_unknown ? "more than " : "",
			 lost);
	else if (info->lost_unknown)
		snprintf(buf, len, "events lost");
	else if (missing)
		snprintf(buf, len, "%llu I/Os missing", missing);
	return buf;
}

static void put_time(char *buf, size_t len, uint64_t ns)
{
	unsigned long long s = ns / 1000000000;

	snprintf(buf, len, "%02llu:%02llu:%02llu.%03llu", s / 3600, s / 60 % 60, s % 60,
		 (unsigned long long)(ns / 1000000 % 1000));
}

const char *top_view_clock(const struct top_view *v, char *buf, size_t len)
{
	const struct top_gather *g = v->gather;
	uint64_t first = top_gather_first(g), pos = top_gather_pos(g), last = top_gather_last(g);
	char at[32], of[32];
	struct tm tm;
	time_t now;

	if (!top_gather_is_file(g)) {
		now = time(NULL);
		if (!localtime_r(&now, &tm) || !strftime(buf, len, "%Y-%m-%d %H:%M:%S", &tm))
			buf[0] = '\0';
		return buf;
	}
	put_time(at, sizeof(at), (pos < last ? pos : last) - first);
	put_time(of, sizeof(of), last - first);
	snprintf(buf, len, "%s of %s", at, of);
	return buf;
}

static void nothing_in_file(const struct top_view *v, char *buf, size_t len)
{
	const struct top_gather *g = v->gather;
	uint64_t first = top_gather_first(g), last = top_gather_last(g);
	const char *chosen = v->filter ? " on the chosen subchannels" : "";
	char from[32];

	put_time(from, sizeof(from), v->from - first);
	if (v->from <= first)
		snprintf(buf, len, "no I/O %s this recording%s",
			 top_gather_ended(g) ? "in" : "yet in", chosen);
	else if (v->from < last)
		snprintf(buf, len, "no I/O%s in this recording from %s on%s",
			 top_gather_ended(g) ? "" : " yet", from, chosen);
	else
		snprintf(buf, len,
			 "no I/O: the recording ends at %s, where --seek begins or before", from);
}

const char *top_view_time(const struct top_view *v, uint64_t ts, char *buf, size_t len)
{
	const struct top_gather *g = v->gather;
	struct timespec mono, real;
	int64_t ns;
	struct tm tm;
	time_t s;

	if (top_gather_is_file(g)) {
		put_time(buf, len, ts > top_gather_first(g) ? ts - top_gather_first(g) : 0);
		return buf;
	}
	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	ns = (real.tv_sec - mono.tv_sec) * 1000000000LL + real.tv_nsec - mono.tv_nsec + ts;
	s = ns / 1000000000;
	if (!localtime_r(&s, &tm))
		snprintf(buf, len, "?");
	else
		snprintf(buf, len, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec,
			 (int)(ns / 1000000 % 1000));
	return buf;
}

const char *top_view_waiting(const struct top_view *v, char *buf, size_t len)
{
	const struct top_model *m = &v->model;

	buf[0] = '\0';
	if (m->total_ios || m->active)
		return buf;
	if (top_gather_is_file(v->gather))
		nothing_in_file(v, buf, len);
	else if (strcmp(top_gather_info(v->gather)->driver, "vfio_ccw"))
		snprintf(buf, len, "no I/O yet on %s; vfio_ccw is not loaded, so only the times of "
				   "devices will be known",
			 v->filter ? "the chosen subchannels" : "any subchannel");
	else if (m->bound)
		snprintf(buf, len, "no I/O yet; waiting for a request on %s",
			 m->bound > 1 ? "these subchannels" : "this subchannel");
	else
		snprintf(buf, len, "no I/O yet; waiting for a subchannel%s to be bound to vfio_ccw",
			 v->filter ? " of those chosen" : "");
	return buf;
}
