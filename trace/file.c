// SPDX-License-Identifier: GPL-2.0
/*
 * A recording as a source: the file is mapped and its pages are read in place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/dat.h"
#include "trace/file_map.h"
#include "trace/join.h"
#include "trace/source.h"
#include "trace/text.h"

struct file_source {
	struct ccw_source src;
	struct ccw_stream **heap;
	struct ccw_dat dat;
	struct ccw_pages *pages; /* of each stream */
	char *path;
	struct ccw_file_map map;
	bool any; /* events of others are welcome */
};

/*
 * What a CPU's buffer said of itself at the end of the recording. A page that is full has no room
 * for the number of records lost before it: their sum is here. And a recorder that ran out of disk
 * space took more records than it could write.
 */
static int settle(struct file_source *fs, const struct ccw_dat_stat *stat, struct ccw_stream *s,
		  const struct ccw_sink *sink)
{
	uint64_t rest = stat->lost > s->lost ? stat->lost - s->lost : 0;

	if (stat->read > s->records && !fs->src.info.truncated) {
		fs->src.info.truncated = true;
		ccw_source_note(&fs->src,
				"of CPU %u it holds %llu of the %llu event%s recorded",
				s->cpu, (unsigned long long)s->records,
				(unsigned long long)stat->read, ccw_s(stat->read));
	}
	if (!rest)
		return 0;
	s->lost = stat->lost;
	s->lost_unknown = false;
	fs->src.merge.lost += rest;
	return sink->lost ? sink->lost(sink->ctx, s->cpu, s->ring.ts, rest) : 0;
}

static int settle_cpu(struct file_source *fs, struct ccw_stream *s, const struct ccw_sink *sink)
{
	unsigned int i;

	for (i = 0; i < fs->dat.nr_stats; i++) {
		if (fs->dat.stats[i].cpu == s->cpu)
			return settle(fs, &fs->dat.stats[i], s, sink);
	}
	return 0;
}

/* Chunks that could not be unpacked, and records that are shorter than they should be. */
static void note_damage(struct file_source *fs)
{
	struct ccw_source *src = &fs->src;
	uint64_t pages = 0, chunks = 0;
	unsigned int i;

	for (i = 0; i < src->nr_streams; i++) {
		pages += src->streams[i].ring.damaged;
		src->streams[i].ring.damaged = 0;
		chunks += fs->pages[i].damaged;
		fs->pages[i].damaged = 0;
	}
	src->info.truncated |= pages || chunks || src->merge.short_records;
	if (pages)
		ccw_source_note(src, "%llu damaged page%s left out", (unsigned long long)pages,
				ccw_s(pages));
	if (chunks)
		ccw_source_note(src, "%llu compressed part%s left out, cut off or damaged",
				(unsigned long long)chunks, ccw_s(chunks));
	if (src->merge.short_records)
		ccw_source_note(src, "%llu record%s shorter than the format says",
				(unsigned long long)src->merge.short_records,
				ccw_s(src->merge.short_records));
	src->merge.short_records = 0;
}

/* Every page was seen: what is wrong with the file is known now. */
static int at_end(struct ccw_source *src, const struct ccw_sink *sink)
{
	struct file_source *fs = (struct file_source *)src;
	bool lost_unknown = false;
	unsigned int i;
	int rc;

	for (i = 0; i < src->nr_streams; i++) {
		struct ccw_stream *s = &src->streams[i];

		rc = ccw_merge_tail(&src->merge, s, sink);
		rc = rc ? rc : settle_cpu(fs, s, sink);
		if (rc)
			return rc;
		lost_unknown |= s->lost_unknown;
	}
	src->merge.lost_unknown = lost_unknown;
	note_damage(fs);
	return 0;
}

static int file_read(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		     int timeout_ms, struct ccw_error *err)
{
	int rc = ccw_merge_run(&src->merge, sink, UINT64_MAX, max);

	(void)timeout_ms;
	(void)err;
	if (!rc && src->merge.join)
		rc = ccw_join_end(src->merge.join, sink);
	if (!rc)
		rc = at_end(src, sink);
	ccw_source_count(src);
	return rc;
}

static bool counts(const struct file_source *fs, const struct ccw_ring *r)
{
	enum ccw_kind kind;

	if (fs->any)
		return true;
	kind = ccw_decoder_kind(&fs->src.decoder, r->data, r->len);
	return kind == CCW_KIND_IO || kind == CCW_KIND_FSM || kind == CCW_KIND_CIO;
}

/* Walks a ring for records of ours. false: it has none. */
static bool ring_range(const struct file_source *fs, struct ccw_ring *r, bool first_only,
		       uint64_t *first, uint64_t *last)
{
	bool found = false;

	while (ccw_ring_next(r)) {
		if (!counts(fs, r))
			continue;
		if (!found || r->ts < *first)
			*first = r->ts;
		if (!found || r->ts > *last)
			*last = r->ts;
		found = true;
		if (first_only)
			break;
	}
	return found;
}

/* Time of the first record of those that count; false: there is none. */
static bool first_of(struct file_source *fs, struct ccw_pages *p, const struct ccw_page_format *fmt,
		     uint64_t *ts)
{
	const uint8_t *pages;
	struct ccw_ring r;
	uint64_t last;
	size_t len;

	while (ccw_pages_next(p, &pages, &len) > 0) {
		ccw_ring_init(&r, fmt, pages, len);
		if (ring_range(fs, &r, true, ts, &last))
			return true;
	}
	return false;
}

/* The latest of a piece of pages, from its end. */
static bool last_in(struct file_source *fs, const struct ccw_page_format *fmt, const uint8_t *pages,
		    size_t len, uint64_t *ts)
{
	struct ccw_ring r;
	uint64_t first;

	while (len) {
		size_t page = (len - 1) / fmt->size * fmt->size;

		ccw_ring_init(&r, fmt, pages + page, len - page);
		if (ring_range(fs, &r, false, &first, ts))
			return true;
		len = page;
	}
	return false;
}

/* Chunks are found from the front alone: their places are kept, and the last ones unpacked. */
static bool last_of(struct file_source *fs, struct ccw_pages *p, const struct ccw_page_format *fmt,
		    uint64_t *ts)
{
	uint64_t *at = NULL, *grown, pos = 0;
	struct ccw_chunk c;
	const uint8_t *pages;
	bool found = false;
	size_t len, n = 0;

	ccw_pages_rewind(p);
	if (!p->unpacker)
		return ccw_pages_next(p, &pages, &len) > 0 && last_in(fs, fmt, pages, len, ts);
	while (ccw_pages_chunk(p, &pos, &c) > 0) {
		if (!(n & (n - 1))) {
			grown = realloc(at, (n ? 2 * n : 1) * sizeof(*at));
			if (!grown)
				break;
			at = grown;
		}
		at[n++] = c.at;
	}
	while (n && !found) {
		p->pos = at[--n];
		if (ccw_pages_next(p, &pages, &len) > 0)
			found = last_in(fs, fmt, pages, len, ts);
	}
	free(at);
	return found;
}

/* The first record from the front, the last from the back, without reading what lies between. */
static int file_range(struct ccw_source *src, uint64_t *first, uint64_t *last)
{
	struct file_source *fs = (struct file_source *)src;
	uint64_t lo = UINT64_MAX, hi = 0, a, b;
	unsigned int i;

	for (i = 0; i < fs->dat.nr_data; i++) {
		const struct ccw_page_format *fmt = &fs->dat.buffers[fs->dat.data[i].buffer].format;
		struct ccw_pages p;

		ccw_dat_pages(&fs->dat, i, &p);
		if (first_of(fs, &p, fmt, &a)) {
			lo = a < lo ? a : lo;
			if (last_of(fs, &p, fmt, &b))
				hi = b > hi ? b : hi;
		}
		ccw_pages_free(&p);
	}
	if (lo > hi)
		return -ENODATA;
	*first = lo;
	*last = hi;
	return 0;
}

static void file_close(struct ccw_source *src)
{
	struct file_source *fs = (struct file_source *)src;
	unsigned int i;

	ccw_file_unmap(&fs->map);
	for (i = 0; i < src->nr_streams; i++)
		ccw_pages_free(&fs->pages[i]);
	ccw_dat_free(&fs->dat);
	ccw_join_free(src->merge.join);
	free(fs->pages);
	free(src->streams);
	free(fs->heap);
	free(fs->path);
	free(fs);
}

static struct ccw_tep *file_tep(struct ccw_source *src)
{
	struct file_source *fs = (struct file_source *)src;

	ccw_dat_more(&fs->dat);
	return ccw_tep_of_dat(&fs->dat);
}

static const struct ccw_source_ops file_ops = {
	.tep = file_tep,
	.read = file_read,
	.range = file_range,
	.close = file_close,
};

const struct ccw_dat *ccw_file_dat(const struct ccw_source *src)
{
	return src->ops == &file_ops ? &((const struct file_source *)src)->dat : NULL;
}

static bool counts_ns(const char *clock)
{
	static const char *const others[] = {
		"counter", "uptime", "x86-tsc", "ppc-tb", "s390-tod",
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (!strcmp(clock, others[i]))
			return false;
	}
	return true;
}

static int check_events(struct file_source *fs, struct ccw_error *err)
{
	const struct ccw_dat *dat = &fs->dat;

	if (dat->decoder.io_id < 0 && dat->decoder.fsm_id < 0 && !dat->decoder.stock) {
		if (dat->decoder.other_driver)
			return ccw_fail(
				err, -ENODATA,
				"%s: recorded with the kernel's own vfio_ccw driver, whose events "
				"carry no latencies: record with this project's vfio_ccw.ko",
				fs->path);
		return ccw_fail(err, -ENODATA,
				"%s: holds no vfio_ccw events: record with 'ccwtrace record' or "
				"'trace-cmd record -e vfio_ccw' while vfio_ccw is loaded",
				fs->path);
	}
	return 0;
}

static int check_sizes(struct file_source *fs, struct ccw_error *err)
{
	const struct ccw_dat *dat = &fs->dat;
	uint64_t total = 0;
	unsigned int i;

	for (i = 0; i < dat->nr_data; i++) {
		total += dat->data[i].size;
		if (dat->data[i].size > INT64_MAX || total > INT64_MAX)
			return ccw_fail(err, -EINVAL,
					"%s: damaged: %llu bytes of records of CPU %u", fs->path,
					(unsigned long long)dat->data[i].size, dat->data[i].cpu);
	}
	return 0;
}

/* struct ccw_ring's more: the next chunk. */
static bool next_pages(struct ccw_ring *r)
{
	struct ccw_pages *p = r->more_ctx;
	uint64_t damaged = p->damaged;
	const uint8_t *pages;
	size_t len;
	bool more = ccw_pages_next(p, &pages, &len) > 0;

	if (p->damaged > damaged) {
		r->lost = true;
		r->lost_count = 0;
	}
	if (more) {
		r->pages = pages;
		r->pages_end = pages + len;
	}
	return more;
}

static void add_stream(struct file_source *fs, unsigned int i)
{
	const struct ccw_dat_cpu *data = &fs->dat.data[i];
	struct ccw_source *src = &fs->src;
	struct ccw_stream *s = &src->streams[src->nr_streams];
	struct ccw_pages *p = &fs->pages[src->nr_streams];
	const struct ccw_page_format *fmt = &fs->dat.buffers[data->buffer].format;

	ccw_dat_pages(&fs->dat, i, p);
	ccw_ring_init(&s->ring, fmt, p->base, p->unpacker ? 0 : p->len);
	if (p->unpacker) {
		s->ring.more = next_pages;
		s->ring.more_ctx = p;
	}
	s->cpu = data->cpu;
	s->rank = src->nr_streams++;
	ccw_merge_add(&src->merge, s);
}

/* What a person should know before anything was read. */
static void first_notes(struct file_source *fs, uint64_t missing)
{
	const struct ccw_dat *dat = &fs->dat;
	struct ccw_source *src = &fs->src;
	unsigned int i;

	if (missing)
		ccw_source_note(src, "cut off: %llu byte%s of records missing at its end",
				(unsigned long long)missing, ccw_s(missing));
	if (dat->missing[0])
		ccw_source_note(src, "%s", dat->missing);
	src->info.truncated = missing || dat->missing[0];
	for (i = 1; i < dat->nr_buffers; i++) {
		if (dat->buffers[i].clock[0] && strcmp(dat->buffers[i].clock, dat->clock)) {
			ccw_source_note(src, "its buffers have different clocks (%s, %s): order "
					"and rates across them are wrong", dat->clock,
					dat->buffers[i].clock);
			break;
		}
	}
	if (dat->clock[0] && !counts_ns(dat->clock))
		ccw_source_note(src,
				"its trace clock '%s' does not count nanoseconds: rates and times "
				"of day are wrong, latencies are right",
				dat->clock);
}

/* A recorder writes one; each takes a sorting of all devices. */
#define MAX_NOTES 16

/* What the recorder knew of the devices. */
static int read_devices(struct file_source *fs)
{
	const struct ccw_dat *dat = &fs->dat;
	size_t i, parsed = 0;

	for (i = 0; i < dat->nr_notes; i++) {
		const struct ccw_dat_part *data = &dat->notes[i].data;

		if (dat->notes[i].id != CCW_DAT_OPTION_NOTES)
			continue;
		if (parsed++ == MAX_NOTES)
			break;
		if (!fs->src.devices)
			fs->src.devices = ccw_devices_new();
		if (!fs->src.devices || ccw_devices_parse(fs->src.devices, data->p, data->len))
			return -ENOMEM;
	}
	return 0;
}

static int set_up(struct file_source *fs, struct ccw_error *err)
{
	const struct ccw_dat *dat = &fs->dat;
	struct ccw_source *src = &fs->src;
	uint64_t used = 0, missing = 0;
	unsigned int i;

	src->info.kind = "file";
	src->info.name = fs->path;
	src->info.driver = dat->decoder.io_id < 0 && dat->decoder.fsm_id < 0 ? "none" : "vfio_ccw";
	src->info.cpus = dat->cpus;
	src->info.big_endian = dat->big_endian;
	src->format = dat->format;
	src->decoder = dat->decoder;
	src->streams = calloc(dat->nr_data + 1, sizeof(*src->streams));
	fs->pages = calloc(dat->nr_data + 1, sizeof(*fs->pages));
	fs->heap = calloc(dat->nr_data + 1, sizeof(*fs->heap));
	if (!src->streams || !fs->heap || !fs->pages)
		return ccw_fail(err, -ENOMEM, "%s: out of memory", fs->path);
	ccw_merge_init(&src->merge, &src->decoder, fs->heap);
	if (ccw_source_join(src) || read_devices(fs))
		return ccw_fail(err, -ENOMEM, "%s: out of memory", fs->path);
	for (i = 0; i < dat->nr_data; i++) {
		uint64_t size = dat->data[i].size, offset = dat->data[i].offset, room;

		room = offset < fs->map.size ? fs->map.size - offset : 0;
		if (size > room) {
			missing += size - room;
			size = room;
		}
		used += size;
		if (used > fs->map.size)
			return ccw_fail(err, -EINVAL,
					"%s: damaged: the records of its CPUs overlap", fs->path);
		add_stream(fs, i);
	}
	first_notes(fs, missing);
	return 0;
}

static int open_file(struct ccw_source **src, const char *path, bool any, struct ccw_error *err)
{
	struct file_source *fs = calloc(1, sizeof(*fs));
	int rc;

	*src = NULL;
	if (!fs)
		return ccw_fail(err, -ENOMEM, "out of memory");
	fs->src.ops = &file_ops;
	fs->any = any;
	fs->path = strdup(path);
	rc = fs->path ? ccw_file_map(&fs->map, path, err) : ccw_fail(err, -ENOMEM, "out of memory");
	rc = rc ? rc : ccw_dat_parse(&fs->dat, path, fs->map.p, fs->map.size, err);
	rc = rc || any ? rc : check_events(fs, err);
	rc = rc ? rc : check_sizes(fs, err);
	rc = rc ? rc : set_up(fs, err);
	if (rc)
		ccw_source_close(&fs->src);
	else
		*src = &fs->src;
	return rc;
}

int ccw_source_open_file(struct ccw_source **src, const char *path, struct ccw_error *err)
{
	return open_file(src, path, false, err);
}

int ccw_source_open_any_file(struct ccw_source **src, const char *path, struct ccw_error *err)
{
	return open_file(src, path, true, err);
}
