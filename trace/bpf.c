// SPDX-License-Identifier: GPL-2.0
/*
 * A source that the kernel adds up for: BPF programs on the driver's event or on the common I/O
 * layer's. Per read, one pass over their map.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "trace/bpf_objects.h"
#include "trace/bpf_sum.h"
#include "trace/source.h"
#include "trace/text.h"

#define BATCH 64

struct bpf_source {
	struct ccw_source src;
	struct bpf_object *obj;
	struct bpf_link **links;
	unsigned int nr_links;
	struct ring_buffer *events;
	struct ccw_bpf_sums *sums;
	struct ccw_stat delta;
	struct ccwlat *values; /* BATCH of them */
	uint64_t *lost; /* one a CPU */
	uint32_t have;
	enum ccw_watch watch; /* whose histograms of every stage are handed out */
	uint32_t watched; /* CCW_WATCH_ONE: key */
	int lat, lost_map, settings;
	uint64_t last_ns;
	const struct ccw_sink *sink; /* while the ring buffer is read */
	int sink_rc;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static int quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

static uint32_t stages_of(const struct bpf_source *bs, uint32_t key)
{
	bool all = bs->watch == CCW_WATCH_ALL ||
		   (bs->watch == CCW_WATCH_ONE && key == bs->watched);

	return all ? bs->have : 1U << CCW_TOTAL;
}

/* What to do with a value of the map. */
typedef int value_fn(struct bpf_source *bs, const struct ccw_sink *sink, uint32_t key,
		     const struct ccwlat *value, uint64_t now);

static int hand_out(struct bpf_source *bs, const struct ccw_sink *sink, uint32_t key,
		    const struct ccwlat *value, uint64_t now)
{
	const struct ccw_bpf_look look = { .have = bs->have, .stages = stages_of(bs, key),
					   .first_ts = bs->last_ns, .last_ts = now };
	int rc = ccw_bpf_sums_delta(bs->sums, key, value, &look, &bs->delta);

	if (rc <= 0)
		return rc;
	bs->src.merge.records += bs->delta.ios;
	return sink->sum(sink->ctx, &bs->delta);
}

static int catch_up(struct bpf_source *bs, const struct ccw_sink *sink, uint32_t key,
		    const struct ccwlat *value, uint64_t now)
{
	const struct ccw_bpf_look look = { .have = bs->have,
					   .stages = bs->have & ~(1U << CCW_TOTAL),
					   .first_ts = now, .last_ts = now };
	int rc = ccw_bpf_sums_catch_up(bs->sums, key, value, &look, &bs->delta);

	return rc ? rc : sink->sum(sink->ctx, &bs->delta);
}

/* ENOENT is the end of the map, ENOSPC a bucket that has more than there is room for. */
static int each_value(struct bpf_source *bs, const struct ccw_sink *sink, value_fn *fn,
		      uint64_t now, struct ccw_error *err)
{
	uint32_t keys[BATCH], at = 0, count, i;
	bool first = true;
	int rc, sink_rc;

	do {
		count = BATCH;
		rc = bpf_map_lookup_batch(bs->lat, first ? NULL : &at, &at, keys, bs->values,
					  &count, NULL);
		if (rc)
			rc = -errno;
		if (rc && rc != -ENOENT)
			return ccw_fail(err, rc, "cannot read the BPF map ccw_lat: %s",
					strerror(-rc));
		for (i = 0; i < count; i++) {
			sink_rc = fn(bs, sink, keys[i], &bs->values[i], now);
			if (sink_rc)
				return sink_rc;
		}
		first = false;
	} while (!rc);
	return 0;
}

static int read_sums(struct bpf_source *bs, const struct ccw_sink *sink, struct ccw_error *err)
{
	uint64_t now = now_ns();
	int rc = each_value(bs, sink, hand_out, now, err);

	bs->last_ns = now;
	return rc;
}

/* Whose histograms were handed out until now, are not behind. */
static int bpf_watch(struct ccw_source *src, enum ccw_watch watch, struct ccw_sch sch,
		     const struct ccw_sink *sink, struct ccw_error *err)
{
	struct bpf_source *bs = (struct bpf_source *)src;
	uint32_t key = ccw_sch_key(sch);
	int rc = 0;

	if (watch == CCW_WATCH_ALL)
		rc = each_value(bs, sink, catch_up, now_ns(), err);
	else if (watch == CCW_WATCH_ONE && !bpf_map_lookup_elem(bs->lat, &key, bs->values))
		rc = catch_up(bs, sink, key, bs->values, now_ns());
	if (rc)
		return rc;
	bs->watch = watch;
	bs->watched = key;
	return 0;
}

static int on_event(void *ctx, void *data, size_t size)
{
	struct bpf_source *bs = ctx;
	struct ccw_io io;

	if (size < sizeof(struct ccwlat_event) || !bs->sink->told)
		return 0;
	ccw_bpf_event_io(data, bs->have, &io);
	bs->sink_rc = bs->sink->told(bs->sink->ctx, &io);
	return bs->sink_rc ? -ECANCELED : 0;
}

static uint64_t lost(struct bpf_source *bs, uint32_t why)
{
	uint64_t sum = 0;
	int i, cpus = libbpf_num_possible_cpus();

	if (bpf_map_lookup_elem(bs->lost_map, &why, bs->lost))
		return 0;
	for (i = 0; i < cpus; i++)
		sum += bs->lost[i];
	return sum;
}

static int bpf_read(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		    int timeout_ms, struct ccw_error *err)
{
	struct bpf_source *bs = (struct bpf_source *)src;
	int rc;

	(void)max;
	if (!sink->sum && !sink->told)
		return ccw_fail(err, -EINVAL, "BPF hands out sums, not I/Os");
	/* There is nothing to wait for: sums can be read at any time. */
	if (timeout_ms > 0) {
		const struct timespec ts = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };

		nanosleep(&ts, NULL);
	}
	rc = sink->sum ? read_sums(bs, sink, err) : 0;
	if (rc)
		return rc;
	bs->sink = sink;
	bs->sink_rc = 0;
	ring_buffer__consume(bs->events);
	if (bs->sink_rc)
		return bs->sink_rc;
	src->info.events = src->merge.records;
	src->info.lost = lost(bs, CCWLAT_NO_ENTRY);
	return 1;
}

static void bpf_close(struct ccw_source *src)
{
	struct bpf_source *bs = (struct bpf_source *)src;
	unsigned int i;

	for (i = 0; i < bs->nr_links; i++)
		bpf_link__destroy(bs->links[i]);
	free(bs->links);
	ring_buffer__free(bs->events);
	bpf_object__close(bs->obj);
	ccw_bpf_sums_free(bs->sums);
	ccw_stat_free(&bs->delta);
	free(bs->values);
	free(bs->lost);
	free(bs);
}

static int bpf_set_slow(struct ccw_source *src, uint64_t ns)
{
	struct bpf_source *bs = (struct bpf_source *)src;
	struct ccwlat_settings s;
	uint32_t zero = 0;

	if (bpf_map_lookup_elem(bs->settings, &zero, &s))
		return -errno;
	s.slow_ns = ns ? ns : UINT64_MAX;
	return bpf_map_update_elem(bs->settings, &zero, &s, 0) ? -errno : 0;
}

static const struct ccw_source_ops bpf_ops = {
	.read = bpf_read,
	.set_slow = bpf_set_slow,
	.watch = bpf_watch,
	.close = bpf_close,
};

static int explain(int rc, enum ccw_bpf_set set, struct ccw_error *err)
{
	switch (rc) {
	case -EPERM:
	case -EACCES:
		/* type information of a module takes more than that of the kernel */
		return ccw_fail(err, -EPERM, "BPF is not permitted: run as root, or with %sCAP_BPF "
					     "and CAP_PERFMON",
				set == CCW_BPF_DRIVER ? "CAP_SYS_ADMIN, " : "");
	case -ENOMEM:
		return ccw_fail(err, rc, "out of memory for BPF maps");
	case -ESRCH:
	case -ENOENT:
		if (set == CCW_BPF_DRIVER && access("/sys/kernel/btf/vmlinux", F_OK) == 0)
			return ccw_fail(err, -ENODEV,
					"BPF: the event vfio_ccw_io is not there: load this "
					"project's driver ('modprobe vfio_ccw')");
		return ccw_fail(err, -EOPNOTSUPP, "BPF: the kernel has no type information "
						  "(/sys/kernel/btf/vmlinux)");
	default:
		return ccw_fail(err, rc, "BPF programs cannot be loaded: %s", strerror(-rc));
	}
}

static int attach(struct bpf_source *bs)
{
	struct bpf_program *prog;
	unsigned int n = 0;

	bpf_object__for_each_program(prog, bs->obj)
		n++;
	bs->links = calloc(n, sizeof(struct bpf_link *));
	if (!bs->links)
		return -ENOMEM;
	bpf_object__for_each_program(prog, bs->obj) {
		struct bpf_link *link = bpf_program__attach(prog);

		if (!link)
			return -errno;
		bs->links[bs->nr_links++] = link;
	}
	return 0;
}

static int find_maps(struct bpf_source *bs)
{
	const struct bpf_map *map;

	bs->lat = bpf_object__find_map_fd_by_name(bs->obj, "ccw_lat");
	bs->lost_map = bpf_object__find_map_fd_by_name(bs->obj, "ccw_lost");
	bs->settings = -1;
	bpf_object__for_each_map(map, bs->obj) {
		const char *name = bpf_map__name(map);
		size_t len = strlen(name);

		if (len >= 5 && !strcmp(name + len - 5, ".data") &&
		    bpf_map__value_size(map) == sizeof(struct ccwlat_settings))
			bs->settings = bpf_map__fd(map);
	}
	bs->events = ring_buffer__new(bpf_object__find_map_fd_by_name(bs->obj, "ccw_events"),
				      on_event, bs, NULL);
	if (bs->lat < 0 || bs->lost_map < 0 || bs->settings < 0)
		return -EINVAL;
	return bs->events ? 0 : -errno;
}

static int load(struct bpf_source *bs, enum ccw_bpf_set set)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "ccwlat");
	size_t size;
	const void *object = ccw_bpf_object(set, &size);
	int rc;

	bs->obj = bpf_object__open_mem(object, size, &opts);
	if (!bs->obj)
		return -errno;
	rc = bpf_object__load(bs->obj);
	rc = rc ? rc : find_maps(bs);
	return rc ? rc : attach(bs);
}

int ccw_source_open_bpf(struct ccw_source **src, enum ccw_bpf_set set, struct ccw_error *err)
{
	int cpus, rc = -ENOMEM;
	struct bpf_source *bs;
	size_t size;

	*src = NULL;
	if (!ccw_bpf_object(set, &size))
		return ccw_fail(err, -EOPNOTSUPP, "BPF programs are for s390x only");
	libbpf_set_print(quiet);
	cpus = libbpf_num_possible_cpus();
	bs = calloc(1, sizeof(*bs));
	if (!bs || cpus < 0) {
		free(bs);
		return ccw_fail(err, cpus < 0 ? cpus : -ENOMEM, "out of memory");
	}
	bs->src.ops = &bpf_ops;
	bs->src.info.kind = "bpf";
	bs->src.info.name = set == CCW_BPF_DRIVER ? "vfio_ccw_io" : "s390_cio";
	bs->src.info.driver = set == CCW_BPF_DRIVER ? "vfio_ccw" : "s390_cio";
	bs->src.info.cpus = cpus;
	bs->src.info.big_endian = true;
	bs->have = set == CCW_BPF_DRIVER ? (1U << CCW_NR_STAGES) - 1 :
					   1U << CCW_DEVICE | 1U << CCW_DELIVER | 1U << CCW_TOTAL;
	bs->delta.state = 0xff;
	bs->last_ns = now_ns();
	bs->sums = ccw_bpf_sums_new();
	bs->values = calloc(BATCH, sizeof(*bs->values));
	bs->lost = calloc(cpus, sizeof(*bs->lost));
	if (bs->sums && bs->values && bs->lost)
		rc = load(bs, set);
	if (rc) {
		bpf_close(&bs->src);
		return explain(rc, set, err);
	}
	*src = &bs->src;
	return 0;
}
