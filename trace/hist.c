// SPDX-License-Identifier: GPL-2.0
/*
 * Log-linear histogram. Row 0 holds 0..15 and row 1 holds 16..31 exactly; every later row holds
 * one power of two in CCW_HIST_ROW steps. Rows come into being when a value needs them: an I/O
 * stage on one device rarely spans more than five or six powers of two.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/hist_inline.h"

unsigned int ccw_hist_bucket(uint64_t v)
{
	return ccw_hist_bucket_inline(v);
}

static inline uint64_t low_of(unsigned int bucket)
{
	unsigned int row = bucket >> CCW_HIST_SUB_BITS;
	uint64_t sub = bucket & (CCW_HIST_ROW - 1);

	return row ? (sub + CCW_HIST_ROW) << (row - 1) : sub;
}

uint64_t ccw_hist_low(unsigned int bucket)
{
	return low_of(bucket < CCW_HIST_BUCKETS ? bucket : CCW_HIST_BUCKETS - 1);
}

/* That of the last bucket is 2^CCW_HIST_BITS - 1, as it should be. */
static inline uint64_t high_of(unsigned int bucket)
{
	return low_of(bucket + 1) - 1;
}

uint64_t ccw_hist_high(unsigned int bucket)
{
	return high_of(bucket < CCW_HIST_BUCKETS ? bucket : CCW_HIST_BUCKETS - 1);
}

static uint64_t bucket_mid(unsigned int bucket)
{
	uint64_t low = low_of(bucket);

	return low + (high_of(bucket) - low) / 2;
}

bool ccw_hist_add_row(struct ccw_hist *h, unsigned int row)
{
	if (h->nr_rows == h->room) {
		unsigned int room = h->room ? h->room + h->room / 2 + 1 : 4;
		uint32_t (*rows)[CCW_HIST_ROW] = realloc(h->rows, room * sizeof(*rows));

		if (!rows)
			return false;
		h->rows = rows;
		h->room = room;
	}
	memset(h->rows[h->nr_rows], 0, sizeof(*h->rows));
	h->at[row] = ++h->nr_rows;
	h->used |= 1ULL << row;
	return true;
}

static int bucket_add(struct ccw_hist *h, unsigned int bucket, uint64_t n)
{
	uint32_t *c = ccw_hist_counter(h, bucket);

	if (!c)
		return -ENOMEM;
	*c = n > UINT32_MAX - *c ? UINT32_MAX : *c + n;
	return 0;
}

int ccw_hist_add(struct ccw_hist *h, uint64_t v)
{
	return ccw_hist_add_inline(h, v);
}

/*
 * A counter read from elsewhere does not say which values it counted: sum, min and max become the
 * bucket's midpoint and bounds. Whoever knows them exactly sets them afterwards.
 */
int ccw_hist_add_n(struct ccw_hist *h, unsigned int bucket, uint64_t n)
{
	uint64_t low, high;
	int rc;

	if (bucket >= CCW_HIST_BUCKETS)
		return -EINVAL;
	if (!n)
		return 0;
	rc = bucket_add(h, bucket, n);
	if (rc)
		return rc;
	low = ccw_hist_low(bucket);
	high = ccw_hist_high(bucket);
	if (!h->count || low < h->min)
		h->min = low;
	if (high > h->max)
		h->max = high;
	h->sum += bucket_mid(bucket) * n;
	h->count += n;
	return 0;
}

static inline uint32_t saturated(uint32_t c, uint32_t n)
{
	uint32_t sum = c + n;

	return sum < n ? UINT32_MAX : sum;
}

/* Most buckets of a row are empty, or as they were: two at a time. */
static inline int add_counters(struct ccw_hist *h, unsigned int row, const uint32_t *now,
			       const uint32_t *before)
{
	uint32_t *c = ccw_hist_counter(h, row * CCW_HIST_ROW);
	unsigned int i, first = CCW_HIST_ROW, last = 0;
	uint64_t count = 0, bound;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < CCW_HIST_ROW; i += 2) {
		uint32_t n0, n1;
		uint64_t a, b = 0;

		memcpy(&a, now + i, sizeof(a));
		if (before)
			memcpy(&b, before + i, sizeof(b));
		if (a == b)
			continue;
		n0 = now[i] - (before ? before[i] : 0);
		n1 = now[i + 1] - (before ? before[i + 1] : 0);
		c[i] = saturated(c[i], n0);
		c[i + 1] = saturated(c[i + 1], n1);
		count += (uint64_t)n0 + n1;
		last = n1 ? i + 1 : i;
		if (first == CCW_HIST_ROW)
			first = n0 ? i : i + 1;
	}
	if (!count)
		return 0;
	bound = low_of(row * CCW_HIST_ROW + first);
	if (bound < h->min || !h->count)
		h->min = bound;
	bound = high_of(row * CCW_HIST_ROW + last);
	if (bound > h->max)
		h->max = bound;
	h->count += count;
	return 0;
}

int ccw_hist_add_counters(struct ccw_hist *h, unsigned int row, const uint32_t *now,
			  const uint32_t *before)
{
	return before ? add_counters(h, row, now, before) : add_counters(h, row, now, NULL);
}

/* The usual case of a screen that is drawn anew: what came lately goes into an empty one. */
static int copy(struct ccw_hist *to, const struct ccw_hist *from)
{
	if (to->room < from->nr_rows) {
		uint32_t (*rows)[CCW_HIST_ROW] =
			realloc(to->rows, from->nr_rows * sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		to->rows = rows;
		to->room = from->nr_rows;
	}
	memcpy(to->rows, from->rows, from->nr_rows * sizeof(*to->rows));
	memcpy(to->at, from->at, sizeof(to->at));
	to->nr_rows = from->nr_rows;
	to->used = from->used;
	to->count = from->count;
	to->sum += from->sum;
	to->min = from->min;
	to->max = from->max;
	return 0;
}

int ccw_hist_merge(struct ccw_hist *to, const struct ccw_hist *from)
{
	uint64_t used, min = to->min, max = to->max, count = to->count;
	int rc = 0;

	if (!count && from->count)
		return copy(to, from);
	for (used = from->used; used && !rc; used &= used - 1) {
		unsigned int row = __builtin_ctzll(used);

		rc = add_counters(to, row, from->rows[from->at[row] - 1], NULL);
	}
	/* A sum may be known without the values. The rest, better than by bucket. */
	to->sum += from->sum;
	if (!from->count)
		return 0;
	to->min = from->min < min ? from->min : min;
	to->max = from->max > max ? from->max : max;
	to->count = count + from->count;
	return rc;
}

uint32_t ccw_hist_at(const struct ccw_hist *h, unsigned int bucket)
{
	unsigned int row = bucket >> CCW_HIST_SUB_BITS;

	if (bucket >= CCW_HIST_BUCKETS || !h->at[row])
		return 0;
	return h->rows[h->at[row] - 1][bucket & (CCW_HIST_ROW - 1)];
}

uint64_t ccw_hist_row(const struct ccw_hist *h, unsigned int row)
{
	const uint32_t *c;
	uint64_t sum = 0;
	unsigned int i;

	if (row >= CCW_HIST_ROWS || !h->at[row])
		return 0;
	c = h->rows[h->at[row] - 1];
	for (i = 0; i < CCW_HIST_ROW; i++)
		sum += c[i];
	return sum;
}

uint64_t ccw_hist_power(const struct ccw_hist *h, unsigned int power)
{
	unsigned int i;
	uint64_t n = 0;

	/* Below 2^SUB_BITS a row has several powers of two, from there each has its own. */
	if (power >= CCW_HIST_SUB_BITS)
		return power < CCW_HIST_BITS ?
			ccw_hist_row(h, power - CCW_HIST_SUB_BITS + 1) : 0;
	for (i = power ? 1U << power : 0; i < 2U << power; i++)
		n += ccw_hist_at(h, i);
	return n;
}

/*
 * Nearest rank, in whole numbers: p is taken in steps of 0.0001 so that machines with and without
 * fused multiply-add agree on the rank.
 */
static uint64_t rank_of(uint64_t count, double p)
{
	uint64_t steps = (uint64_t)(p * 10000.0 + 0.5), rank;

	/* A division of 128 bits is a function of its own. */
	if (count < UINT64_MAX / 2000000)
		rank = (count * steps + 999999) / 1000000;
	else
		rank = ((unsigned __int128)count * steps + 999999) / 1000000;
	return rank ? rank : 1;
}

/* Of all counters of a row; they do not add up to 2^64. */
static uint64_t row_sum(const uint32_t *c)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < CCW_HIST_ROW; i += 4)
		sum += (uint64_t)c[i] + c[i + 1] + c[i + 2] + c[i + 3];
	return sum;
}

/* Where a search for ranks, ascending, has got to. */
struct place {
	uint64_t used; /* rows from here on */
	uint64_t seen; /* values before the first of them */
	uint64_t sum; /* of that row; 0: not known */
};

static uint64_t value_at(const struct ccw_hist *h, uint64_t rank, struct place *p)
{
	for (; p->used; p->used &= p->used - 1, p->sum = 0) {
		unsigned int row = __builtin_ctzll(p->used), i;
		const uint32_t *c = h->rows[h->at[row] - 1];
		uint64_t seen = p->seen, v;

		if (!p->sum)
			p->sum = row_sum(c);
		if (seen + p->sum < rank) {
			p->seen += p->sum;
			continue;
		}
		for (i = 0; (seen += c[i]) < rank; i++)
			;
		/* The last bucket has no upper end: its midpoint would mean nothing. */
		if (row * CCW_HIST_ROW + i == CCW_HIST_BUCKETS - 1)
			return h->max;
		v = bucket_mid(row * CCW_HIST_ROW + i);
		return v < h->min ? h->min : v > h->max ? h->max : v;
	}
	return h->max;
}

void ccw_hist_percentiles(const struct ccw_hist *h, const double *p, unsigned int n, uint64_t *v)
{
	struct place place = { .used = h->used };
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!h->count)
			v[i] = 0;
		else if (!(p[i] > 0))
			v[i] = h->min;
		else if (p[i] >= 100)
			v[i] = h->max;
		else
			v[i] = value_at(h, rank_of(h->count, p[i]), &place);
	}
}

uint64_t ccw_hist_percentile(const struct ccw_hist *h, double p)
{
	uint64_t v;

	ccw_hist_percentiles(h, &p, 1, &v);
	return v;
}

/* Keeps the memory: as much will be needed again. */
void ccw_hist_reset(struct ccw_hist *h)
{
	h->count = h->sum = h->min = h->max = 0;
	h->used = 0;
	h->nr_rows = 0;
	memset(h->at, 0, sizeof(h->at));
}

void ccw_hist_free(struct ccw_hist *h)
{
	free(h->rows);
	memset(h, 0, sizeof(*h));
}
