// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder: pages of the last seconds in memory, in blocks of a few pages. The oldest
 * block goes when it is too old or the memory is used up. Writing a file holds on to the blocks it
 * needs, so that recording goes on meanwhile.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "trace/ccw_names.h"
#include "trace/decode.h"
#include "trace/record_int.h"
#include "trace/text.h"

#define BLOCK_PAGES 16
#define MEMORY (64 << 20)

/* How long the threads may take to bring what is in the buffers when a file is due. */
#define SETTLE_NS 5000000000ULL

struct block {
	struct block *next;
	unsigned int refs; /* guarded by the lock of the flight recorder */
	unsigned int nr; /* pages */
	uint64_t newest; /* when the last page came */
	uint64_t came[BLOCK_PAGES]; /* when each page came */
	bool lost; /* records are missing before one of its pages */
	char pages[];
};

struct chain {
	struct block *first, *last;
};

struct flight {
	struct ccw_record *rec;
	pthread_mutex_t lock;
	struct chain *cpus;
	size_t used, block_size;
	uint64_t dropped; /* youngest record that the size of the memory cost */
	struct ccw_decoder decoder;

	struct request {
		bool asked; /* somebody wants a file */
		unsigned int hits; /* I/Os that want one */
		char reason[128]; /* of the first of them */
		uint64_t when; /* the first of them came, or somebody asked */
	} request; /* guarded by lock */
	uint64_t next; /* no file before this for a hit */
};

int flight_new(struct flight **out, struct ccw_record *rec, struct ccw_error *err)
{
	const struct ccw_flight_options *o = &rec->opts.flight;
	struct flight *f = calloc(1, sizeof(*f));
	size_t e;
	int rc = 0;

	*out = f;
	if (!f)
		return ccw_fail(err, -ENOMEM, "out of memory");
	f->rec = rec;
	pthread_mutex_init(&f->lock, NULL);
	f->cpus = calloc(rec->nr, sizeof(*f->cpus));
	f->block_size = sizeof(struct block) + BLOCK_PAGES * rec->page_size;
	if (!f->cpus)
		return ccw_fail(err, -ENOMEM, "out of memory");
	if (!rec->opts.flight.memory)
		rec->opts.flight.memory = MEMORY;
	ccw_decoder_init(&f->decoder, rec->format.big_endian);
	for (e = 0; e < rec->nr_events && !rc; e++) {
		const struct ccw_dat_event *ev = &rec->events[e].dat;

		rc = ccw_decoder_add(&f->decoder, ev->system, ev->format, strlen(ev->format),
				     rec->format.commit_size, err);
	}
	if (!rc && o->nr_triggers && f->decoder.io_id < 0)
		rc = ccw_fail(err, -EINVAL,
			      "event vfio_ccw_io is not recorded: without it, latencies and errors "
			      "are known when the recording is read, not before (leave out "
			      "--on-latency and --on-error, or record vfio_ccw_io)");
	return rc;
}

/* With the lock held. */
static void put_block(struct flight *f, struct block *b)
{
	if (--b->refs)
		return;
	f->used -= f->block_size;
	free(b);
}

static void drop_first(struct flight *f, struct chain *c)
{
	struct block *b = c->first;

	c->first = b->next;
	if (!c->first)
		c->last = NULL;
	put_block(f, b);
}

void flight_free(struct flight *f)
{
	unsigned int i;

	if (!f)
		return;
	for (i = 0; f->cpus && i < f->rec->nr; i++) {
		while (f->cpus[i].first)
			drop_first(f, &f->cpus[i]);
	}
	pthread_mutex_destroy(&f->lock);
	free(f->cpus);
	free(f);
}

/* The oldest block of all CPUs goes; NULL if there is none but those that are being filled. */
static bool drop_oldest(struct flight *f)
{
	struct chain *oldest = NULL;
	unsigned int i;

	for (i = 0; i < f->rec->nr; i++) {
		struct chain *c = &f->cpus[i];

		if (c->first && (!oldest || c->first->newest < oldest->first->newest))
			oldest = c;
	}
	if (!oldest)
		return false;
	if (oldest->first->newest > f->dropped)
		f->dropped = oldest->first->newest;
	drop_first(f, oldest);
	return true;
}

static struct block *new_block(struct flight *f, struct chain *c, uint64_t now)
{
	struct block *b;

	while (c->first && c->first->newest + f->rec->opts.flight.ns < now)
		drop_first(f, c);
	while (f->used + f->block_size > f->rec->opts.flight.memory && drop_oldest(f))
		;
	b = malloc(f->block_size);
	if (!b)
		return NULL;
	memset(b, 0, sizeof(*b));
	b->refs = 1;
	f->used += f->block_size;
	if (c->last)
		c->last->next = b;
	else
		c->first = b;
	c->last = b;
	return b;
}

static bool fires(const struct ccw_flight_trigger *t, const struct ccw_io *io)
{
	enum ccw_result result = ccw_io_result(io);

	return (!t->latency_ns || io->ns[CCW_TOTAL] > t->latency_ns) &&
	       (!t->errors || (result != CCW_OK && t->errors & 1U << result)) &&
	       (!t->select || ccw_select_io(t->select, io));
}

/* NULL: no reason to write a file */
static const char *why(const struct ccw_flight_options *o, const struct ccw_io *io, char *text,
		       size_t len)
{
	char sch[16], time[16];
	size_t i;

	for (i = 0; i < o->nr_triggers; i++) {
		const struct ccw_flight_trigger *t = &o->triggers[i];

		if (!fires(t, io))
			continue;
		ccw_sch_str(io->sch, sch, sizeof(sch));
		if (t->errors)
			snprintf(text, len, "%s: I/O %u ended with %s", sch, io->seq,
				 ccw_result_name(ccw_io_result(io)));
		else
			snprintf(text, len, "%s: I/O %u took %s", sch, io->seq,
				 ccw_ns_str(io->ns[CCW_TOTAL], time, sizeof(time)));
		return text;
	}
	return NULL;
}

static void hit(struct flight *f, const char *reason)
{
	struct request *q = &f->request;

	pthread_mutex_lock(&f->lock);
	if (!q->hits++ && !q->asked) {
		snprintf(q->reason, sizeof(q->reason), "%s", reason);
		q->when = record_now();
	}
	pthread_mutex_unlock(&f->lock);
	record_tell(f->rec);
}

/* Looks for I/Os that want a file. true: records are missing before this page. */
static bool look_at(struct flight *f, const char *page)
{
	const struct ccw_flight_options *o = &f->rec->opts.flight;
	struct ccw_ring r;
	bool lost = false;

	ccw_ring_init(&r, &f->rec->format, page, f->rec->page_size);
	while (ccw_ring_next(&r)) {
		struct ccw_io io = { 0 };
		char text[128];

		lost |= r.lost;
		if (!o->nr_triggers)
			break;
		if (ccw_decoder_kind(&f->decoder, r.data, r.len) != CCW_KIND_IO)
			continue;
		ccw_decode_io(&f->decoder, r.data, &io);
		if (why(o, &io, text, sizeof(text)))
			hit(f, text);
	}
	return lost;
}

int flight_add(struct flight *f, unsigned int i, const char *page)
{
	struct chain *c = &f->cpus[i];
	bool lost = look_at(f, page);
	uint64_t now = record_now();
	struct block *b;

	pthread_mutex_lock(&f->lock);
	b = c->last;
	if (!b || b->nr == BLOCK_PAGES)
		b = new_block(f, c, now);
	if (b) {
		memcpy(b->pages + (size_t)b->nr * f->rec->page_size, page, f->rec->page_size);
		b->came[b->nr++] = b->newest = now;
		b->lost |= lost;
	}
	pthread_mutex_unlock(&f->lock);
	return b ? 0 : -ENOMEM;
}

void flight_ask(struct flight *f, const char *reason)
{
	struct request *q = &f->request;

	pthread_mutex_lock(&f->lock);
	if (!q->hits && !q->asked) {
		snprintf(q->reason, sizeof(q->reason), "%s", reason);
		q->when = record_now();
	}
	q->asked = true;
	pthread_mutex_unlock(&f->lock);
}

/* Every thread looked at all its buffers once after this was called. */
static void settle(struct ccw_record *rec)
{
	const struct timespec nap = { .tv_nsec = 20000000 };
	uint64_t end = record_now() + SETTLE_NS;
	unsigned int i;

	for (i = 0; i < rec->nr_workers; i++) {
		struct record_worker *w = &rec->workers[i];
		/* The round that is going on may have passed a buffer already. */
		unsigned int want = atomic_load(&w->rounds) + 2;

		while ((int)(atomic_load(&w->rounds) - want) < 0 && !atomic_load(&w->ended) &&
		       record_now() < end)
			nanosleep(&nap, NULL);
	}
}

/* A part of a chain of blocks, held on to. */
struct held {
	struct block **blocks;
	unsigned int *first, *nr; /* pages of each; more may come to the last one */
	size_t count;
};

/* With the lock held: the blocks of a CPU that are young enough. */
static int hold(const struct chain *c, uint64_t since, struct held *h, bool *lost)
{
	struct block *b;
	size_t n = 0;

	for (b = c->first; b; b = b->next)
		n++;
	h->blocks = calloc(n + 1, sizeof(struct block *));
	h->first = calloc(n + 1, sizeof(*h->first));
	h->nr = calloc(n + 1, sizeof(*h->nr));
	if (!h->blocks || !h->first || !h->nr)
		return -ENOMEM;
	for (b = c->first; b; b = b->next) {
		if (b->newest < since)
			continue;
		b->refs++;
		*lost |= b->lost;
		while (b->came[h->first[h->count]] < since)
			h->first[h->count]++;
		h->nr[h->count] = b->nr;
		h->blocks[h->count++] = b;
	}
	return 0;
}

static int write_held(const struct held *h, size_t page_size, int fd, uint64_t *size)
{
	size_t k;

	for (k = 0; k < h->count; k++) {
		const char *p = h->blocks[k]->pages + h->first[k] * page_size;
		size_t left = (h->nr[k] - h->first[k]) * page_size;

		while (left) {
			ssize_t n = pwrite(fd, p, left, *size);

			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				return n ? -errno : -ENOSPC;
			p += n;
			left -= n;
			*size += n;
		}
	}
	return 0;
}

static int fill(struct flight *f, struct record_file *file, struct held *held)
{
	struct ccw_record *rec = f->rec;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < rec->nr && !rc; i++) {
		rc = write_held(&held[i], rec->page_size, file->data[i], &file->size[i]);
		if (file->size[i]) {
			file->size[i] -= file->size[i] % rec->page_size;
			file->stats[i] = record_stat_text(rec, i);
		}
	}
	return rc;
}

static int hold_all(struct flight *f, uint64_t now, struct held *held, bool *lost)
{
	uint64_t since = now > f->rec->opts.flight.ns ? now - f->rec->opts.flight.ns : 0;
	unsigned int i;
	int rc = 0;

	pthread_mutex_lock(&f->lock);
	for (i = 0; i < f->rec->nr && !rc; i++)
		rc = hold(&f->cpus[i], since, &held[i], lost);
	f->rec->status.covers_ns = f->dropped > since && f->dropped < now ? now - f->dropped : 0;
	pthread_mutex_unlock(&f->lock);
	return rc;
}

static void release_all(struct flight *f, struct held *held)
{
	unsigned int i;
	size_t k;

	pthread_mutex_lock(&f->lock);
	for (i = 0; i < f->rec->nr; i++) {
		for (k = 0; k < held[i].count; k++)
			put_block(f, held[i].blocks[k]);
		free(held[i].blocks);
		free(held[i].first);
		free(held[i].nr);
	}
	pthread_mutex_unlock(&f->lock);
	free(held);
}

static int write_file(struct flight *f, uint64_t when, struct ccw_error *err)
{
	struct ccw_record *rec = f->rec;
	struct held *held = calloc(rec->nr, sizeof(*held));
	struct record_file *file = NULL;
	bool lost = false;
	int rc;

	if (!held)
		return ccw_fail(err, -ENOMEM, "out of memory");
	rc = hold_all(f, when, held, &lost);
	if (rc)
		ccw_fail(err, rc, "out of memory");
	rc = rc ? rc : record_open_file(rec, &file, err);
	if (!rc) {
		rc = fill(f, file, held);
		if (rc)
			ccw_fail(err, rc, "cannot write to directory %s: %s", rec->dir,
				 strerror(-rc));
	}
	release_all(f, held);
	if (rc)
		record_free_file(rec, file);
	else
		rc = record_write_file(rec, file, err);
	if (!rc && lost) {
		rec->status.incomplete = true;
		snprintf(rec->status.note, sizeof(rec->status.note),
			 "the buffer overflowed in the time it covers: record with a larger one "
			 "(-b)");
	}
	return rc;
}

/* true: a file is due. Reasons that come too soon after another are counted and forgotten. */
static bool due(struct flight *f)
{
	struct request *q = &f->request;
	bool is;

	pthread_mutex_lock(&f->lock);
	if (q->hits && !q->asked && record_now() < f->next) {
		f->rec->status.suppressed += q->hits;
		q->hits = 0;
	}
	is = q->hits || q->asked;
	pthread_mutex_unlock(&f->lock);
	return is;
}

/* What comes from now on is for another file. */
static struct request take_request(struct flight *f)
{
	struct request q;

	pthread_mutex_lock(&f->lock);
	q = f->request;
	f->request = (struct request){ .asked = false };
	pthread_mutex_unlock(&f->lock);
	return q;
}

/* A file that could not be written is no reason to stop: the next one may be. */
int flight_run(struct ccw_record *rec, struct ccw_error *err)
{
	struct ccw_record_status *st = &rec->status;
	struct flight *f = rec->flight;
	struct request q;

	if (!due(f))
		return 0;
	settle(rec);
	q = take_request(f);
	snprintf(st->reason, sizeof(st->reason), "%s", q.reason);
	st->threshold |= q.hits > 0;
	if (write_file(f, q.when, err)) {
		st->incomplete = true;
		snprintf(st->note, sizeof(st->note), "%.190s", err->text);
	}
	f->next = record_now() + rec->opts.flight.ns;
	return 0;
}
