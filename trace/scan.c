// SPDX-License-Identifier: GPL-2.0
/*
 * The time of a recording is cut into slices, which threads take one after the other: within a
 * slice records are merged in order of time as everywhere. Where a slice begins in each CPU's
 * pages is looked up by the pages' times; a recording whose times do not ascend, or with anything
 * damaged, is read again in one slice, by one thread.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/join.h"
#include "trace/scan_fast.h"
#include "trace/source.h"
#include "trace/text.h"

#define SLICES_PER_THREAD 6
#define MIN_SLICE (256 << 10) /* bytes of pages: below that a thread costs more than it brings */
/* Subchannels that each thread counts for itself; for more there is memory for one thread. */
#define MAX_SHARED 16384
#define SAMPLES 64 /* pages of each CPU looked at to choose the times */

struct slice {
	uint64_t from, to; /* times: from included, to not */
	struct ccw_seq_part *parts;
	size_t nr_parts;
	struct ccw_scan_mark *marks;
	size_t nr_marks, room_marks;
	struct ccw_scan_loss *losses; /* by stream */
	uint64_t *records; /* by stream */
	const uint8_t **first, **next; /* by stream: records it begins with, and that follow it */
	uint64_t *end_ts; /* by stream, of the last slice alone: the time when all was read */
	uint64_t handed; /* records of ours */
};

struct plan {
	struct ccw_source *src;
	struct ccw_scan *scan;
	struct slice *slices;
	unsigned int nr_slices;
	atomic_uint next;
	atomic_int failed; /* a negative errno */
	atomic_bool strange; /* cut into slices it would come out wrong */
};

struct worker {
	struct plan *plan;
	struct ccw_tally tally;
	struct ccw_merge merge;
	struct ccw_stream *streams;
	struct ccw_stream **heap;
	struct slice *slice;
	pthread_t thread;
	uint64_t short_records;
	bool started;
};

static int mark_loss(struct worker *w, struct ccw_stream *s)
{
	struct slice *sl = w->slice;
	uint64_t count = s->ring.lost_count;
	struct ccw_scan_mark *m;

	s->ring.lost = false;
	s->ring.lost_count = 0;
	sl->losses[s->rank].count += count;
	sl->losses[s->rank].unknown |= !count;
	if (sl->nr_marks == CCW_SCAN_MARKS)
		return 0;
	if (sl->nr_marks == sl->room_marks) {
		size_t room = sl->room_marks ? 2 * sl->room_marks : 16;

		m = realloc(sl->marks, room * sizeof(*m));
		if (!m)
			return -ENOMEM;
		sl->marks = m;
		sl->room_marks = room;
	}
	sl->marks[sl->nr_marks++] = (struct ccw_scan_mark){ s->ring.ts, count, s->cpu };
	return 0;
}

/* A record that does not take the short way. */
static int slow_record(struct worker *w, const struct ccw_stream *s)
{
	const struct ccw_decoder *d = w->tally.decoder;
	struct ccw_tally_slot *slot;
	struct ccw_fsm fsm;
	struct ccw_io io;
	int rc;

	switch (ccw_decoder_kind(d, s->ring.data, s->ring.len)) {
	case CCW_KIND_IO:
		if (w->tally.nr_taken > MAX_SHARED && !w->tally.whole)
			return -EAGAIN;
		ccw_decode_io(d, s->ring.data, &io);
		io.ts = s->ring.ts;
		io.cpu = s->cpu;
		w->slice->handed++;
		rc = ccw_tally_io(&w->tally, &io);
		if (rc || w->tally.select)
			return rc;
		slot = ccw_tally_slot(&w->tally, ccw_sch_key(io.sch));
		if (!slot->skip && fast_allowed(d, &io))
			ccw_tally_expect(slot, fast_status(s->ring.data));
		return 0;
	case CCW_KIND_FSM:
		ccw_decode_fsm(d, s->ring.data, &fsm);
		fsm.ts = s->ring.ts;
		fsm.cpu = s->cpu;
		w->slice->handed++;
		return ccw_tally_fsm(&w->tally, &fsm);
	case CCW_KIND_SHORT:
		w->short_records++;
		return 0;
	default:
		return 0;
	}
}

/* The next record; the common kind of it without a call. */
static inline INLINE int ring_step(struct ccw_ring *r, bool swap)
{
	const bool big = swap != ccw_host_big_endian();

	if (__builtin_expect(r->end - r->pos >= 4, 1)) {
		uint32_t head = ccw_get32(r->pos, swap);
		uint32_t type = big ? head >> 27 : head & 0x1f;
		uint32_t delta = big ? head & 0x7ffffff : head >> 5;

		if (__builtin_expect(type - 1 < 28 && type * 4 + 4 <= r->end - r->pos, 1)) {
			r->ts += delta;
			r->data = r->pos + 4;
			r->len = type * 4;
			r->pos += 4 + type * 4;
			return 1;
		}
	}
	return ccw_ring_next(r);
}

static inline INLINE int bunch(struct worker *w, struct ccw_stream *s,
			       const struct ccw_stream *next, bool swap)
{
	const struct ccw_decoder *d = w->tally.decoder;
	const bool file_big = swap != ccw_host_big_endian(), fast = d->io_usual;
	const uint64_t to = w->slice->to;
	uint64_t handed = 0, records = 0, before = s->ring.ts;
	struct ccw_ring *r = &s->ring;
	int rc = 0;

	do {
		const uint8_t *data = r->data;

		if (__builtin_expect(r->ts >= to, 0)) {
			w->slice->next[s->rank] = data;
			s->ready = false;
			break;
		}
		if (__builtin_expect(r->ts < before, 0))
			atomic_store(&w->plan->strange, true);
		before = r->ts;
		records++;
		if (__builtin_expect(r->lost, 0))
			rc = mark_loss(w, s);
		if (fast && !rc && r->len >= d->io_len &&
		    ccw_get16(data + d->type.offset, swap) == d->io_id) {
			struct ccw_tally_slot *slot = ccw_tally_slot(&w->tally,
								     fast_key(data, file_big));

			if (__builtin_expect(slot && slot->status == fast_status(data), 1)) {
				handed++;
				rc = fast_io(&w->tally, slot, data, r->ts, swap);
				s->ready = ring_step(r, swap);
				continue;
			}
		}
		rc = rc ? rc : slow_record(w, s);
		s->ready = ring_step(r, swap);
	} while (!rc && s->ready && (!next || ccw_stream_before(s, next)));
	w->slice->records[s->rank] += records;
	w->slice->handed += handed;
	return rc;
}

static int bunch_swap(void *ctx, struct ccw_stream *s, const struct ccw_stream *next)
{
	return bunch(ctx, s, next, true);
}

static int bunch_plain(void *ctx, struct ccw_stream *s, const struct ccw_stream *next)
{
	return bunch(ctx, s, next, false);
}

static uint64_t page_time(const struct ccw_ring *r, size_t page)
{
	return ccw_get64(r->pages + page * r->fmt->size, r->fmt->swap);
}

/* Number of pages, a last one that is cut off included. */
static size_t nr_pages(const struct ccw_ring *r)
{
	return (r->pages_end - r->pages + r->fmt->size - 1) / r->fmt->size;
}

/*
 * Puts s before the first record of from or later: in the last page whose first record is earlier.
 * What that page says of losses before it was told with that record.
 */
static void seek(struct worker *w, struct ccw_stream *s, uint64_t from)
{
	size_t lo = 0, hi = nr_pages(&s->ring);
	struct ccw_ring at;

	if (hi && (size_t)(s->ring.pages_end - s->ring.pages) < (hi - 1) * s->ring.fmt->size + 8)
		hi--; /* not even a time in it */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (page_time(&s->ring, mid) < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo; lo--) {
		at = s->ring;
		at.pos = at.end; /* the page that is open already comes before these */
		at.lost = false;
		at.lost_count = 0;
		at.pages += (lo - 1) * (size_t)at.fmt->size;
		if (ccw_ring_next(&at) && at.ts < from)
			break;
	}
	if (lo) {
		s->ring = at;
		s->ready = true;
	}
	at.ts = 0;
	while (s->ready && s->ring.ts < from) {
		if (s->ring.ts < at.ts)
			atomic_store(&w->plan->strange, true);
		at.ts = s->ring.ts;
		s->ring.lost = false;
		s->ring.lost_count = 0;
		s->ready = ccw_ring_next(&s->ring);
	}
}

static int read_slice(struct worker *w, struct slice *sl)
{
	struct ccw_source *src = w->plan->src;
	unsigned int i;
	int rc;

	w->slice = sl;
	ccw_merge_init(&w->merge, &src->decoder, w->heap);
	for (i = 0; i < src->nr_streams; i++) {
		struct ccw_stream *s = &w->streams[i];

		*s = src->streams[i];
		s->records = 0;
		if (sl->from)
			seek(w, s, sl->from);
		if (!sl->from || s->ready)
			ccw_merge_add(&w->merge, s);
		sl->first[i] = s->ready ? s->ring.data : NULL;
	}
	rc = ccw_merge_bunches(&w->merge, src->format.swap ? bunch_swap : bunch_plain, w);
	for (i = 0; i < src->nr_streams && !rc; i++) {
		/* Losses after the last record: of the last slice alone. */
		if (w->streams[i].ring.lost && sl->to == UINT64_MAX)
			rc = mark_loss(w, &w->streams[i]);
		sl->end_ts[i] = w->streams[i].ring.ts;
		if (w->streams[i].ring.damaged && w->plan->nr_slices > 1)
			atomic_store(&w->plan->strange, true);
	}
	if (!rc)
		rc = ccw_tally_end_slice(&w->tally, &sl->parts, &sl->nr_parts);
	if ((w->tally.strange || w->short_records) && w->plan->nr_slices > 1)
		atomic_store(&w->plan->strange, true);
	return rc;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct plan *p = w->plan;
	unsigned int i;
	int rc = 0;

	while (!rc && !atomic_load(&p->failed) && !atomic_load(&p->strange)) {
		i = atomic_fetch_add(&p->next, 1);
		if (i >= p->nr_slices)
			break;
		rc = read_slice(w, &p->slices[i]);
	}
	ccw_tally_flush(&w->tally);
	if (rc)
		atomic_store(&p->failed, rc);
	return NULL;
}

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Times that part the pages into about equal numbers; fewer if there are not enough times. */
static unsigned int choose_times(const struct ccw_source *src, uint64_t *times, unsigned int want)
{
	uint64_t *sample, last = 0;
	size_t n = 0, k, biggest = 1;
	unsigned int i, nr = 0;

	for (i = 0; i < src->nr_streams; i++) {
		k = nr_pages(&src->streams[i].ring);
		biggest = k > biggest ? k : biggest;
	}
	sample = malloc(((size_t)src->nr_streams * (SAMPLES + 2) + 1) * sizeof(*sample));
	if (!sample)
		return 0;
	for (i = 0; i < src->nr_streams; i++) {
		const struct ccw_ring *r = &src->streams[i].ring;
		size_t pages = nr_pages(r), step = (biggest + SAMPLES - 1) / SAMPLES;

		for (k = step / 2; k + 1 < pages; k += step)
			sample[n++] = page_time(r, k);
	}
	if (n)
		qsort(sample, n, sizeof(*sample), by_time);
	for (i = 1; i < want && n; i++) {
		uint64_t t = sample[i * n / want];

		if (t > last)
			times[nr++] = last = t;
	}
	free(sample);
	return nr;
}

static unsigned int nr_threads(const struct ccw_scan *scan, const struct ccw_source *src)
{
	uint64_t bytes = 0;
	unsigned int i;
	long n = scan->threads ? (long)scan->threads : sysconf(_SC_NPROCESSORS_ONLN);

	for (i = 0; i < src->nr_streams; i++)
		bytes += src->streams[i].ring.pages_end - src->streams[i].ring.pages;
	if (n > CCW_SCAN_THREADS)
		n = CCW_SCAN_THREADS;
	if (n < 1 || bytes / n < MIN_SLICE)
		n = 1;
	return n;
}

static void free_plan(struct plan *p)
{
	unsigned int i;
	size_t k;

	for (i = 0; p->slices && i < p->nr_slices; i++) {
		for (k = 0; k < p->slices[i].nr_parts; k++)
			free(p->slices[i].parts[k].log);
		free(p->slices[i].parts);
		free(p->slices[i].marks);
		free(p->slices[i].losses);
		free(p->slices[i].records);
		free(p->slices[i].first);
		free(p->slices[i].next);
		free(p->slices[i].end_ts);
	}
	free(p->slices);
	p->slices = NULL;
}

static int make_plan(struct plan *p, unsigned int threads)
{
	unsigned int want = threads > 1 ? threads * SLICES_PER_THREAD : 1, i, n = 0;
	uint64_t times[CCW_SCAN_THREADS * SLICES_PER_THREAD];

	if (want > 1)
		n = choose_times(p->src, times, want);
	p->nr_slices = n + 1;
	p->slices = calloc(p->nr_slices, sizeof(*p->slices));
	if (!p->slices)
		return -ENOMEM;
	for (i = 0; i < p->nr_slices; i++) {
		struct slice *sl = &p->slices[i];

		sl->from = i ? times[i - 1] : 0;
		sl->to = i < n ? times[i] : UINT64_MAX;
		sl->losses = calloc(p->src->nr_streams + 1, sizeof(*sl->losses));
		sl->records = calloc(p->src->nr_streams + 1, sizeof(*sl->records));
		sl->first = calloc(p->src->nr_streams + 1, sizeof(*sl->first));
		sl->next = calloc(p->src->nr_streams + 1, sizeof(*sl->next));
		sl->end_ts = calloc(p->src->nr_streams + 1, sizeof(*sl->end_ts));
		if (!sl->losses || !sl->records || !sl->first || !sl->next || !sl->end_ts)
			return -ENOMEM;
	}
	return 0;
}

static void free_worker(struct worker *w)
{
	ccw_tally_free(&w->tally);
	free(w->streams);
	free(w->heap);
}

static int init_worker(struct worker *w, struct plan *p)
{
	w->plan = p;
	w->streams = calloc(p->src->nr_streams + 1, sizeof(*w->streams));
	w->heap = calloc(p->src->nr_streams + 1, sizeof(*w->heap));
	if (!w->streams || !w->heap || ccw_tally_init(&w->tally, &p->src->decoder, p->scan))
		return -ENOMEM;
	w->tally.whole = p->nr_slices == 1;
	return 0;
}

/* Whether the slices are the whole: each goes on where the one before stopped. */
static bool complete(const struct plan *p)
{
	unsigned int i, k;

	for (i = 0; i + 1 < p->nr_slices; i++) {
		for (k = 0; k < p->src->nr_streams; k++) {
			if (p->slices[i].next[k] != p->slices[i + 1].first[k])
				return false;
		}
	}
	return true;
}

/* In the order of the slices, and for the whole file: what no single slice can know. */
static int put_together(struct plan *p, struct worker *w)
{
	struct ccw_source *src = p->src;
	struct ccw_scan *scan = p->scan;
	unsigned int i, k;
	size_t n;

	for (n = 0; n < ccw_stats_count(w->tally.stats); n++)
		ccw_stats_at(w->tally.stats, n)->seq = (struct ccw_seq){ 0 };
	for (i = 0; i < p->nr_slices; i++) {
		struct slice *sl = &p->slices[i];

		for (n = 0; n < sl->nr_parts; n++) {
			uint32_t key = sl->parts[n].key;
			struct ccw_sch sch = { key >> 24, key >> 16, key };
			struct ccw_stat *st = ccw_stats_find(w->tally.stats, sch);

			if (w->tally.whole && st) {
				st->seq = sl->parts[n].seq;
				st->missing = sl->parts[n].missing;
			} else if (st && !ccw_seq_join(st, &sl->parts[n])) {
				return -EAGAIN;
			}
		}
	}
	for (i = 0; i < p->nr_slices; i++) {
		struct slice *sl = &p->slices[i];

		for (k = 0; k < src->nr_streams; k++) {
			struct ccw_stream *s = &src->streams[k];

			s->records += sl->records[k];
			s->lost += sl->losses[k].count;
			s->lost_unknown |= sl->losses[k].unknown;
			src->merge.lost += sl->losses[k].count;
			src->merge.lost_unknown |= sl->losses[k].unknown;
		}
		src->merge.records += sl->handed;
		for (n = 0; n < sl->nr_marks && scan->nr_marks < CCW_SCAN_MARKS; n++)
			scan->marks[scan->nr_marks++] = sl->marks[n];
	}
	/* One slice was read to the end: the stream is where reading it all leaves it. */
	for (k = 0; k < src->nr_streams; k++) {
		struct ccw_ring *r = &src->streams[k].ring;

		if (p->nr_slices == 1) {
			*r = w->streams[k].ring;
		} else {
			/* what was lost before the first record was told by the first slice */
			r->lost = false;
			r->lost_count = 0;
			/* what the end of the file tells of losses is told with this time */
			r->ts = p->slices[p->nr_slices - 1].end_ts[k];
			r->pages = r->pages_end;
			r->pos = r->end = r->pages_end;
		}
		src->streams[k].ready = false;
	}
	src->merge.ready = 0;
	src->merge.short_records += w->short_records;
	return 0;
}

static int run_plan(struct ccw_source *src, struct ccw_scan *scan, unsigned int threads,
		    struct ccw_tally *result)
{
	struct plan p = { .src = src, .scan = scan };
	struct worker *w = calloc(threads, sizeof(*w));
	int rc = w ? make_plan(&p, threads) : -ENOMEM;
	unsigned int i;

	for (i = 0; i < threads && !rc; i++)
		rc = init_worker(&w[i], &p);
	/* Who cannot get a thread does the work with those that there are. */
	for (i = 1; i < threads && !rc; i++)
		w[i].started = !pthread_create(&w[i].thread, NULL, work, &w[i]);
	if (!rc)
		work(&w[0]);
	for (i = 1; i < threads; i++) {
		if (w && w[i].started)
			pthread_join(w[i].thread, NULL);
	}
	rc = rc ? rc : atomic_load(&p.failed);
	if (!rc && p.nr_slices > 1 && (atomic_load(&p.strange) || !complete(&p)))
		rc = -EAGAIN;
	for (i = 1; i < threads && !rc; i++)
		rc = ccw_tally_merge(&w[0].tally, &w[i].tally);
	rc = rc ? rc : put_together(&p, &w[0]);
	if (!rc) {
		*result = w[0].tally;
		memset(&w[0].tally, 0, sizeof(w[0].tally));
	}
	for (i = 0; w && i < threads; i++)
		free_worker(&w[i]);
	free(w);
	free_plan(&p);
	return rc;
}

static int scan_loss(struct ccw_scan *scan, unsigned int cpu, uint64_t count)
{
	struct ccw_scan_loss *l;
	size_t i;

	for (i = 0; i < scan->nr_losses && scan->losses[i].cpu < cpu; i++)
		;
	if (i == scan->nr_losses || scan->losses[i].cpu != cpu) {
		l = realloc(scan->losses, (scan->nr_losses + 1) * sizeof(*l));
		if (!l)
			return -ENOMEM;
		scan->losses = l;
		memmove(l + i + 1, l + i, (scan->nr_losses - i) * sizeof(*l));
		l[i] = (struct ccw_scan_loss){ .cpu = cpu };
		scan->nr_losses++;
	}
	scan->losses[i].count += count;
	scan->losses[i].unknown |= !count;
	return 0;
}

struct sequential {
	struct ccw_scan *scan;
	struct ccw_tally *tally;
};

static int on_io(void *ctx, const struct ccw_io *io)
{
	return ccw_tally_io(((struct sequential *)ctx)->tally, io);
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	return ccw_tally_fsm(((struct sequential *)ctx)->tally, fsm);
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct ccw_scan *scan = ((struct sequential *)ctx)->scan;

	if (scan->nr_marks < CCW_SCAN_MARKS)
		scan->marks[scan->nr_marks++] = (struct ccw_scan_mark){ ts, count, cpu };
	return scan_loss(scan, cpu, count);
}

/* The ways to the end of the file: what it says of itself there is told by the source. */
static int read_rest(struct ccw_source *src, struct ccw_scan *scan, struct ccw_tally *t,
		     struct ccw_error *err)
{
	struct sequential seq = { scan, t };
	const struct ccw_sink sink = { .io = on_io, .fsm = on_fsm, .lost = on_lost, .ctx = &seq };

	return ccw_source_read(src, &sink, 0, 0, err);
}

static int read_sequential(struct ccw_source *src, struct ccw_scan *scan, struct ccw_tally *t,
			   struct ccw_error *err)
{
	struct ccw_seq_part *parts = NULL;
	size_t nr = 0, i;
	int rc = ccw_tally_init(t, &src->decoder, scan);

	t->whole = true;
	rc = rc ? rc : read_rest(src, scan, t, err);
	ccw_tally_flush(t);
	rc = rc ? rc : ccw_tally_end_slice(t, &parts, &nr);
	for (i = 0; i < nr; i++) {
		struct ccw_sch sch = { parts[i].key >> 24, parts[i].key >> 16, parts[i].key };
		struct ccw_stat *st = ccw_stats_find(t->stats, sch);

		st->seq = parts[i].seq;
		st->missing = parts[i].missing;
		free(parts[i].log);
	}
	free(parts);
	return rc;
}

static int read_all(struct ccw_source *src, struct ccw_scan *scan, struct ccw_tally *t,
		    struct ccw_error *err)
{
	unsigned int threads = nr_threads(scan, src), k;
	int rc;

	if (src->merge.join)
		return read_sequential(src, scan, t, err);
	for (k = 0; k < src->nr_streams; k++) {
		if (src->streams[k].ring.more) /* unpacked piece by piece: no place to begin at */
			threads = 1;
	}
	rc = run_plan(src, scan, threads, t);
	if (rc == -EAGAIN)
		rc = run_plan(src, scan, 1, t);
	if (rc)
		return rc;
	for (k = 0; k < src->nr_streams && !rc; k++) {
		const struct ccw_stream *s = &src->streams[k];

		if (s->lost)
			rc = scan_loss(scan, s->cpu, s->lost);
		if (s->lost_unknown && !rc)
			rc = scan_loss(scan, s->cpu, 0);
	}
	return rc ? rc : read_rest(src, scan, t, err);
}

/* By subchannel, the most frequent first. The table was sorted by what tells errors apart. */
static int by_subchannel_and_count(const void *a, const void *b)
{
	const struct ccw_scan_error *x = a, *y = b;
	uint32_t p = ccw_sch_key(x->io.sch), q = ccw_sch_key(y->io.sch);

	if (p != q)
		return p < q ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return 0;
}

/* Keeps the order of equal ones, as qsort() need not. */
static int sort_errors(struct ccw_scan *scan, struct ccw_error_table *table)
{
	size_t i, j;

	scan->errors = malloc((table->nr + 1) * sizeof(*scan->errors));
	if (!scan->errors)
		return -ENOMEM;
	for (i = 0; i < table->nr; i++) {
		const struct ccw_scan_error *e = table->at[i];

		for (j = i; j && by_subchannel_and_count(&scan->errors[j - 1], e) > 0; j--)
			scan->errors[j] = scan->errors[j - 1];
		scan->errors[j] = *e;
	}
	scan->nr_errors = table->nr;
	scan->other_errors = table->other;
	return 0;
}

static int sum_up(struct ccw_scan *scan, struct ccw_source *src, struct ccw_tally *t)
{
	size_t i;
	int rc = sort_errors(scan, &t->errors);

	scan->transitions = t->transitions;
	scan->stats = t->stats;
	t->stats = NULL;
	/* The end of the file can tell the size of gaps that were unknown before. */
	for (i = 0; i < scan->nr_losses && !ccw_source_info(src)->lost_unknown; i++)
		scan->losses[i].unknown = false;
	for (i = 0; i < ccw_stats_count(scan->stats) && !rc; i++)
		rc = ccw_stat_merge(scan->all, ccw_stats_at(scan->stats, i));
	return rc;
}

int ccw_scan_run(struct ccw_scan *scan, struct ccw_source *src, struct ccw_error *err)
{
	struct ccw_tally t = { 0 };
	int rc = -ENOMEM;

	scan->all = calloc(1, sizeof(*scan->all));
	scan->marks = malloc(CCW_SCAN_MARKS * sizeof(*scan->marks));
	if (scan->all && scan->marks) {
		scan->all->state = 0xff;
		rc = read_all(src, scan, &t, err);
		rc = rc ? rc : sum_up(scan, src, &t);
	}
	ccw_tally_free(&t);
	return rc == -ENOMEM ? ccw_fail(err, rc, "out of memory") : rc;
}

void ccw_scan_free(struct ccw_scan *scan)
{
	if (scan->all)
		ccw_stat_free(scan->all);
	free(scan->all);
	ccw_stats_free(scan->stats);
	free(scan->errors);
	free(scan->losses);
	free(scan->marks);
}
