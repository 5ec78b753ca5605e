// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "trace/bpf_sum.h"
#include "trace/hist_inline.h"

#define WORDS (offsetof(struct ccwlat, hist) / sizeof(uint64_t))
#define ROW CCW_HIST_ROW
#define ROWS (CCWLAT_STAGES * CCW_HIST_ROWS)
#define BITS 64

_Static_assert(CCWLAT_BUCKETS == CCW_HIST_BUCKETS && CCWLAT_STAGES == (int)CCW_NR_STAGES,
	       "the kernel and user space have the same histograms");
_Static_assert(offsetof(struct ccwlat, hist) % sizeof(uint64_t) == 0, "counters of 64 bits");

/*
 * What was seen of a subchannel. A value is 13 KB, most of it empty buckets: rows of them are kept
 * when there is something in them, in their order.
 */
struct seen {
	uint32_t key;
	uint16_t nr_rows;
	bool unsettled; /* what was counted at the last look may not be in the histograms yet */
	uint64_t words[WORDS];
	uint64_t used[(ROWS + BITS - 1) / BITS]; /* bit: that row of all stages' is kept */
	uint32_t (*rows)[ROW];
};

static const uint32_t empty[ROWS][ROW];

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
	size_t i;

	if (!sums)
		return;
	for (i = 0; i < sums->size; i++) {
		if (sums->table[i])
			free(sums->table[i]->rows);
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

static bool is_used(const uint64_t *used, unsigned int row)
{
	return used[row / BITS] >> row % BITS & 1;
}

/* The end of the run of rows before end that are kept, or not, as row is. */
static unsigned int run_end(const uint64_t *used, unsigned int row, unsigned int end)
{
	bool kept = is_used(used, row);

	while (row < end) {
		uint64_t differ = (kept ? ~used[row / BITS] : used[row / BITS]) >> row % BITS;

		if (differ) {
			row += __builtin_ctzll(differ);
			break;
		}
		row += BITS - row % BITS;
	}
	return row < end ? row : end;
}

/* How many rows before this one are kept. */
static unsigned int rank(const uint64_t *used, unsigned int row)
{
	unsigned int i, n = 0;

	for (i = 0; i < row / BITS; i++)
		n += __builtin_popcountll(used[i]);
	return row % BITS ? n + __builtin_popcountll(used[i] << (BITS - row % BITS)) : n;
}

/* Keeps one more row, an empty one. Rare: a subchannel's times have been in it all along. */
static int keep_row(struct seen *seen, unsigned int row)
{
	uint32_t (*rows)[ROW] = realloc(seen->rows, (seen->nr_rows + 1) * sizeof(*rows));
	unsigned int at = rank(seen->used, row);

	if (!rows)
		return -ENOMEM;
	seen->rows = rows;
	memmove(rows + at + 1, rows + at, (seen->nr_rows - at) * sizeof(*rows));
	memset(rows + at, 0, sizeof(*rows));
	seen->used[row / BITS] |= 1ULL << row % BITS;
	seen->nr_rows++;
	return 0;
}

/* Keeps every row from row to last that has something in it now. */
static int keep_rows(struct seen *seen, const uint32_t (*now)[ROW], unsigned int row,
		     unsigned int last)
{
	unsigned int end, r;
	int rc = 0;

	for (; row < last && !rc; row = end) {
		end = run_end(seen->used, row, last);
		if (is_used(seen->used, row) ||
		    !memcmp(now + row, empty, (end - row) * sizeof(*now)))
			continue;
		for (r = row; r < end && !rc; r++) {
			if (memcmp(now + r, empty, sizeof(*now)))
				rc = keep_row(seen, r);
		}
	}
	return rc;
}

/* The buckets of a stage that changed, and what that tells of smallest and largest value. */
static int delta_hist(struct seen *seen, const uint32_t (*now)[ROW], unsigned int stage,
		      struct ccw_hist *h)
{
	unsigned int first = stage * CCW_HIST_ROWS, last = first + CCW_HIST_ROWS, row, end;
	int rc = keep_rows(seen, now, first, last);
	uint32_t (*old)[ROW];

	old = seen->rows + rank(seen->used, first);
	for (row = first; row < last && !rc; row = end) {
		end = run_end(seen->used, row, last);
		if (!is_used(seen->used, row))
			continue;
		for (; row < end && !rc; row++, old++) {
			if (!memcmp(old, now + row, sizeof(*old)))
				continue;
			rc = ccw_hist_add_counters(h, row - first, now[row], *old);
			memcpy(old, now + row, sizeof(*old));
		}
	}
	return rc;
}

static int delta_hists(struct seen *seen, const struct ccwlat *now, uint32_t stages,
		       struct ccw_stat *delta)
{
	int i, rc = 0;

	for (i = 0; i < CCWLAT_STAGES && !rc; i++) {
		if (stages & 1U << i)
			rc = delta_hist(seen, (const uint32_t (*)[ROW])now->hist, i,
					&delta->hist[i]);
	}
	return rc;
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

static void begin(struct ccw_stat *delta, uint32_t key, const struct ccw_bpf_look *look)
{
	ccw_stat_reset(delta);
	delta->sch = (struct ccw_sch){ key >> 24, key >> 16, key };
	delta->have = look->have;
	delta->first_ts = look->first_ts;
	delta->last_ts = look->last_ts;
}

int ccw_bpf_sums_delta(struct ccw_bpf_sums *sums, uint32_t key, const struct ccwlat *now,
		       const struct ccw_bpf_look *look, struct ccw_stat *delta)
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
	if (!memcmp(words, seen->words, sizeof(words))) {
		if (!seen->unsettled)
			return 0;
		seen->unsettled = false;
		begin(delta, key, look);
		rc = delta_hists(seen, now, look->stages & look->have, delta);
		return rc ? rc : 1;
	}
	seen->unsettled = true;
	for (i = 0; i < WORDS; i++)
		d.words[i] = words[i] - seen->words[i];
	memcpy(seen->words, words, sizeof(words));
	/* errnos are names of counters, not counters */
	for (i = 0; i < CCWLAT_ERRNOS; i++)
		d.lat.rc[i].rc = now->rc[i].rc;
	begin(delta, key, look);
	fill(delta, &d.lat);
	rc = delta_hists(seen, now, look->stages & look->have, delta);
	if (rc)
		return rc;
	exact_times(delta, &d.lat, now->max_ns);
	return 1;
}

int ccw_bpf_sums_catch_up(struct ccw_bpf_sums *sums, uint32_t key, const struct ccwlat *now,
			  const struct ccw_bpf_look *look, struct ccw_stat *delta)
{
	struct seen *seen = seen_of(sums, key);

	if (!seen)
		return -ENOMEM;
	begin(delta, key, look);
	return delta_hists(seen, now, look->stages & look->have, delta);
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
