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

uint64_t ccw_hist_low(unsigned int bucket)
{
	unsigned int row = bucket >> CCW_HIST_SUB_BITS;
	uint64_t sub = bucket & (CCW_HIST_ROW - 1);

	if (bucket >= CCW_HIST_BUCKETS)
		return ccw_hist_low(CCW_HIST_BUCKETS - 1);
	return row ? (sub + CCW_HIST_ROW) << (row - 1) : sub;
}

uint64_t ccw_hist_high(unsigned int bucket)
{
	if (bucket >= CCW_HIST_BUCKETS - 1)
		return (1ULL << CCW_HIST_BITS) - 1;
	return ccw_hist_low(bucket + 1) - 1;
}

static uint64_t bucket_mid(unsigned int bucket)
{
	uint64_t low = ccw_hist_low(bucket);

	return low + (ccw_hist_high(bucket) - low) / 2;
}

bool ccw_hist_add_row(struct ccw_hist *h, unsigned int row)
{
	if (h->nr_rows == h->room) {
		unsigned int room = h->room ? h->room + h->room / 2 : 4;
		uint32_t (*rows)[CCW_HIST_ROW] = realloc(h->rows, room * sizeof(*rows));

		if (!rows)
			return false;
		h->rows = rows;
		h->room = room;
	}
	memset(h->rows[h->nr_rows], 0, sizeof(*h->rows));
	h->at[row] = ++h->nr_rows;
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

int ccw_hist_merge(struct ccw_hist *to, const struct ccw_hist *from)
{
	unsigned int r, i;
	int rc;

	if (!from->count)
		return 0;
	for (r = 0; r < CCW_HIST_ROWS; r++) {
		const uint32_t *row = from->at[r] ? from->rows[from->at[r] - 1] : NULL;

		for (i = 0; row && i < CCW_HIST_ROW; i++) {
			if (!row[i])
				continue;
			rc = bucket_add(to, r * CCW_HIST_ROW + i, row[i]);
			if (rc)
				return rc;
		}
	}
	if (!to->count || from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	to->sum += from->sum;
	to->count += from->count;
	return 0;
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

/*
 * Nearest rank, in whole numbers: p is taken in steps of 0.0001 so that machines with and without
 * fused multiply-add agree on the rank.
 */
uint64_t ccw_hist_percentile(const struct ccw_hist *h, double p)
{
	uint64_t rank, seen = 0, v, steps;
	unsigned int r, i;

	if (!h->count)
		return 0;
	if (!(p > 0))
		return h->min;
	if (p >= 100)
		return h->max;
	steps = (uint64_t)(p * 10000.0 + 0.5);
	rank = ((unsigned __int128)h->count * steps + 999999) / 1000000;
	if (!rank)
		rank = 1;
	for (r = 0; r < CCW_HIST_ROWS; r++) {
		const uint32_t *row = h->at[r] ? h->rows[h->at[r] - 1] : NULL;

		for (i = 0; row && i < CCW_HIST_ROW; i++) {
			seen += row[i];
			if (seen < rank)
				continue;
			/* The last bucket has no upper end: its midpoint would mean nothing. */
			if (r * CCW_HIST_ROW + i == CCW_HIST_BUCKETS - 1)
				return h->max;
			v = bucket_mid(r * CCW_HIST_ROW + i);
			return v < h->min ? h->min : v > h->max ? h->max : v;
		}
	}
	return h->max;
}

/* Keeps the rows: what was measured will be measured again. */
void ccw_hist_reset(struct ccw_hist *h)
{
	h->count = h->sum = h->min = h->max = 0;
	if (h->nr_rows)
		memset(h->rows, 0, h->nr_rows * sizeof(*h->rows));
}

void ccw_hist_free(struct ccw_hist *h)
{
	free(h->rows);
	memset(h, 0, sizeof(*h));
}
