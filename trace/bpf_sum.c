// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "trace/bpf_sum.h"

#define WORDS (offsetof(struct ccwlat, hist) / sizeof(uint64_t))
#define ROW CCW_HIST_ROW
#define ROWS (CCWLAT_STAGES * CCWLAT_BUCKETS / ROW)

_Static_assert(CCWLAT_BUCKETS == CCW_HIST_BUCKETS && CCWLAT_STAGES == (int)CCW_NR_STAGES,
	       "the kernel and user space have the same histograms");
_Static_assert(offsetof(struct ccwlat, hist) % sizeof(uint64_t) == 0, "counters of 64 bits");

/*
 * What was seen of a subchannel. A value is 13 KB, most of it empty buckets: rows of them are kept
 * when there is something in them.
 */
struct seen {
	uint32_t key;
	uint64_t words[WORDS];
	uint32_t *row[ROWS];
};

struct ccw_bpf_sums {
	struct seen **table; /* open addressing, a power of two */
	size_t size, used;
};

struct ccw_bpf_sums *ccw_bpf_sums_new(void)
{
	return calloc(1, sizeof(struct ccw_bpf_sums));
}

void ccw_bpf_sums_free(struct ccw_bpf_sums *sums)
{
	size_t i, r;

	if (!sums)
		return;
	for (i = 0; i < sums->size; i++) {
		if (!sums->table[i])
			continue;
		for (r = 0; r < ROWS; r++)
			free(sums->table[i]->row[r]);
		free(sums->table[i]);
	}
	free(sums->table);
	free(sums);
}

static struct seen **place(struct seen **table, size_t size, uint32_t key)
{
	size_t i = key * 0x9e3779b1U & (size - 1);

	while (table[i] && table[i]->key != key)
		i = (i + 1) & (size - 1);
	return &table[i];
}

static int grow(struct ccw_bpf_sums *sums)
{
	size_t size = sums->size ? 2 * sums->size : 64, i;
	struct seen **table = calloc(size, sizeof(struct seen *));

	if (!table)
		return -ENOMEM;
	for (i = 0; i < sums->size; i++) {
		if (sums->table[i])
			*place(table, size, sums->table[i]->key) = sums->table[i];
	}
	free(sums->table);
	sums->table = table;
	sums->size = size;
	return 0;
}

static struct seen *seen_of(struct ccw_bpf_sums *sums, uint32_t key)
{
	struct seen **at;

	if (2 * (sums->used + 1) > sums->size && grow(sums))
		return NULL;
	at = place(sums->table, sums->size, key);
	if (!*at) {
		*at = calloc(1, sizeof(struct seen));
		if (!*at)
			return NULL;
		(*at)->key = key;
		sums->used++;
	}
	return *at;
}

static bool empty(const uint32_t *row)
{
	uint64_t v[ROW / 2], any = 0;
	int i;

	memcpy(v, row, sizeof(v));
	for (i = 0; i < ROW / 2; i++)
		any |= v[i];
	return !any;
}

/* The buckets that changed, and what that tells of smallest and largest value. */
static int delta_hist(struct seen *seen, unsigned int stage, const uint32_t *now,
		      struct ccw_hist *h)
{
	unsigned int r, i, b;
	int rc;

	for (r = 0; r < CCW_HIST_ROWS; r++) {
		uint32_t **old = &seen->row[stage * CCW_HIST_ROWS + r];
		const uint32_t *row = now + r * ROW;

		if (!*old && empty(row))
			continue;
		if (!*old)
			*old = calloc(ROW, sizeof(**old));
		if (!*old)
			return -ENOMEM;
		if (!memcmp(*old, row, ROW * sizeof(*row)))
			continue;
		for (i = 0; i < ROW; i++) {
			b = r * ROW + i;
			/* 32 bits may wrap; the difference is right all the same */
			rc = ccw_hist_add_n(h, b, (uint32_t)(row[i] - (*old)[i]));
			if (rc)
				return rc;
		}
		memcpy(*old, row, ROW * sizeof(*row));
	}
	return 0;
}

static uint64_t sum_of(const uint64_t *v, unsigned int n)
{
	uint64_t sum = 0;

	while (n--)
		sum += *v++;
	return sum;
}

/* d: counters since the last look, all but what is no sum */
static void fill(struct ccw_stat *delta, const struct ccwlat *d)
{
	unsigned int i;

	delta->result[CCW_OK] = d->usual;
	for (i = 0; i < CCW_NR_RESULTS; i++)
		delta->result[i] += d->result[i];
	delta->ios = 0;
	for (i = 0; i < CCW_NR_RESULTS; i++)
		delta->ios += delta->result[i];
	delta->bytes = d->bytes;
	delta->ccws = d->ccws;
	delta->segments = d->segments;
	delta->idaws = d->idaws;
	delta->pages = d->pages;
	delta->irqs = d->irqs;
	for (i = 0; i < 8; i++) {
		delta->dstat[i] = d->dstat[i];
		delta->cstat[i] = d->cstat[i];
	}
	delta->dstat[2] += d->usual; /* device end */
	delta->dstat[3] += d->usual; /* channel end */
	for (i = 0; i < 4; i++)
		delta->cc[i] = d->cc[i];
	delta->cc[0] += d->usual;
	for (i = 0; i < CCWLAT_ERRNOS && i < CCW_STAT_ERRNOS; i++) {
		delta->rc[i].rc = d->rc[i].rc;
		delta->rc[i].count = d->rc[i].count;
	}
}

/* A bucket says where a value lies, the sums and the largest value exactly. */
static void exact_times(struct ccw_stat *delta, const struct ccwlat *d, uint64_t max_ns)
{
	struct ccw_hist *total = &delta->hist[CCW_TOTAL];
	unsigned int i;

	for (i = 0; i < CCWLAT_TOTAL; i++)
		delta->hist[i].sum = d->sum_ns[i];
	total->sum = sum_of((const uint64_t *)d->sum_ns, CCWLAT_TOTAL);
	if (total->max > max_ns)
		total->max = max_ns;
}

int ccw_bpf_sums_delta(struct ccw_bpf_sums *sums, uint32_t key, const struct ccwlat *now,
		       uint32_t have, uint64_t first_ts, uint64_t last_ts, struct ccw_stat *delta)
{
	struct seen *seen = seen_of(sums, key);
	union {
		struct ccwlat lat;
		uint64_t words[WORDS];
	} d;
	uint64_t words[WORDS];
	unsigned int i;
	int rc;

	if (!seen)
		return -ENOMEM;
	memcpy(words, now, sizeof(words));
	if (!memcmp(words, seen->words, sizeof(words)))
		return 0;
	for (i = 0; i < WORDS; i++)
		d.words[i] = words[i] - seen->words[i];
	memcpy(seen->words, words, sizeof(words));
	/* errnos are names of counters, not counters */
	for (i = 0; i < CCWLAT_ERRNOS; i++)
		d.lat.rc[i].rc = now->rc[i].rc;
	ccw_stat_reset(delta);
	delta->sch = (struct ccw_sch){ key >> 24, key >> 16, key };
	delta->have = have;
	delta->first_ts = first_ts;
	delta->last_ts = last_ts;
	fill(delta, &d.lat);
	for (i = 0; i < CCWLAT_STAGES; i++) {
		rc = have & 1U << i ? delta_hist(seen, i, now->hist[i], &delta->hist[i]) : 0;
		if (rc)
			return rc;
	}
	exact_times(delta, &d.lat, now->max_ns);
	return 1;
}

void ccw_bpf_event_io(const struct ccwlat_event *e, uint32_t have, struct ccw_io *io)
{
	*io = (struct ccw_io){
		.ts = e->ts,
		.sch = { e->sch >> 24, e->sch >> 16, e->sch },
		.seq = e->seq,
		.have = have,
		.bytes = e->bytes,
		.ccws = e->ccws,
		.segments = e->segments,
		.idaws = e->idaws,
		.pages = e->pages,
		.rc = e->rc,
		.flags = e->flags,
		.irqs = e->irqs,
		.resid = e->resid,
		.cmd = e->cmd,
		.cc = e->cc,
		.fctl = e->fctl,
		.actl = e->actl,
		.stctl = e->stctl,
		.dstat = e->dstat,
		.cstat = e->cstat,
		.lpum = e->lpum,
		.erw = e->erw,
		.sense = e->sense,
		.cpu = e->cpu,
	};
	io->ns[CCW_TRANSLATE] = e->translate_ns;
	io->ns[CCW_START] = e->start_ns;
	io->ns[CCW_DEVICE] = e->device_ns;
	io->ns[CCW_DELIVER] = e->deliver_ns;
	io->ns[CCW_TOTAL] = (uint64_t)e->translate_ns + e->start_ns + e->device_ns + e->deliver_ns;
}
