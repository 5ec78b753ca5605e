/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Statistics over I/Os: the one structure behind the screen, the report and the exporter,
 * whether it was filled from tracefs, from a file or from BPF maps.
 */
#ifndef TRACE_CCW_STAT_H
#define TRACE_CCW_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

/*
 * Log-linear histogram of nanoseconds: 16 buckets to every power of two, exact below 32. A value
 * read back from a bucket (its midpoint) is at most 3.125 % off; a bucket is at most 6.25 % wide.
 * Values of 2^CCW_HIST_BITS and more fall into the last bucket; max stays exact.
 */
#define CCW_HIST_SUB_BITS 4
#define CCW_HIST_BITS 42 /* 73 minutes: longer than any tape rewind */
#define CCW_HIST_ROWS (CCW_HIST_BITS - CCW_HIST_SUB_BITS + 1)
#define CCW_HIST_ROW (1 << CCW_HIST_SUB_BITS)
#define CCW_HIST_BUCKETS (CCW_HIST_ROWS * CCW_HIST_ROW)

struct ccw_hist {
	uint64_t count;
	uint64_t sum;
	uint64_t min;
	uint64_t max;
	uint64_t used; /* bit r: row r has counters */
	/* Counters of the rows that have any, in the order of their first use. */
	uint32_t (*rows)[CCW_HIST_ROW];
	uint8_t nr_rows, room;
	uint8_t at[CCW_HIST_ROWS]; /* index into rows and one; 0: that row has none */
};

unsigned int ccw_hist_bucket(uint64_t v); /* 0 .. CCW_HIST_BUCKETS - 1 */
uint64_t ccw_hist_low(unsigned int bucket); /* smallest value of a bucket */
uint64_t ccw_hist_high(unsigned int bucket); /* largest value of a bucket */

int ccw_hist_add(struct ccw_hist *h, uint64_t v); /* 0 or -ENOMEM */
int ccw_hist_add_n(struct ccw_hist *h, unsigned int bucket, uint64_t n); /* from BPF maps */
int ccw_hist_merge(struct ccw_hist *to, const struct ccw_hist *from);
uint32_t ccw_hist_at(const struct ccw_hist *h, unsigned int bucket); /* its counter; 0 beyond */
/*
 * How many values are in a row, below CCW_HIST_ROWS: row 0 has those below 2^CCW_HIST_SUB_BITS,
 * row r those below 2^(CCW_HIST_SUB_BITS + r) that no row before has.
 */
uint64_t ccw_hist_row(const struct ccw_hist *h, unsigned int row);
/* Values from 2^power to below 2^(power + 1); 0 counts with power 0, all above with the last. */
uint64_t ccw_hist_power(const struct ccw_hist *h, unsigned int power);
uint64_t ccw_hist_percentile(const struct ccw_hist *h, double p); /* p in 0..100; 0 if empty */
/* Several at once, p[0] <= p[1] <= ...; in one pass over the counters. */
void ccw_hist_percentiles(const struct ccw_hist *h, const double *p, unsigned int n, uint64_t *v);
void ccw_hist_reset(struct ccw_hist *h);
void ccw_hist_free(struct ccw_hist *h); /* what it points to, not h itself */

#define CCW_STAT_ERRNOS 8
#define CCW_STAT_LAST 4

struct ccw_errno_count {
	int32_t rc;
	uint64_t count;
};

/*
 * Request numbers ascend, but records need not: a request refused because the subchannel is busy
 * ends before the one that keeps it busy.
 */
struct ccw_seq {
	uint32_t last; /* the highest so far */
	uint32_t base; /* the one that counting began with */
	uint64_t seen; /* bit i: the record of last - i came; 0: none came yet */
};

/* Everything known about one subchannel since the start or the last reset. */
struct ccw_stat {
	struct ccw_sch sch;
	uint64_t first_ts, last_ts; /* ts of the first and last I/O */
	uint64_t ios; /* all, failed ones included */
	uint64_t result[CCW_NR_RESULTS];
	uint64_t bytes, ccws, segments, idaws, pages, irqs;
	uint32_t max_ccws;
	/* stages measured in at least one of its I/Os; hist[].count says in how many */
	uint32_t have;
	uint64_t dstat[8], cstat[8], cc[4]; /* by bit (0 is 0x01) and by condition code */
	/*
	 * Refusals by errno, the smallest numbers first; what does not fit is in the last slot with
	 * rc 0. Whatever the order in which they come, the result is the same.
	 */
	struct ccw_errno_count rc[CCW_STAT_ERRNOS];
	struct ccw_hist hist[CCW_NR_STAGES];
	struct ccw_io *last_err; /* CCW_STAT_LAST, newest first; NULL until one came */
	unsigned int nr_last_err;
	struct ccw_seq seq;
	uint64_t missing; /* requests whose record never came */
	uint64_t state_ts; /* of the last vfio_ccw_fsm ... */
	uint8_t state; /* ... and the enum vfio_ccw_state it led to, 0xff if none was seen */
};

int ccw_stat_add(struct ccw_stat *st, const struct ccw_io *io); /* 0 or -ENOMEM */
int ccw_stat_count(struct ccw_stat *st, const struct ccw_io *io); /* all but its number */
/* Its number alone: one that is not to be counted, but is not missing either. */
void ccw_stat_skip(struct ccw_stat *st, const struct ccw_io *io);
/* An I/O that is counted already: kept as one of the last errors, if it is one. 0 or -ENOMEM */
int ccw_stat_told(struct ccw_stat *st, const struct ccw_io *io);
void ccw_stat_fsm(struct ccw_stat *st, const struct ccw_fsm *fsm);
int ccw_stat_merge(struct ccw_stat *to, const struct ccw_stat *from);
void ccw_stat_free(struct ccw_stat *st); /* what it points to, not st itself */
void ccw_stat_reset(struct ccw_stat *st); /* counters to zero, keeps the identity */

/* All subchannels of a source, by key, iterated in the order of sysfs. Not thread safe. */
struct ccw_stats;

struct ccw_stats *ccw_stats_new(void); /* NULL: no memory */
void ccw_stats_free(struct ccw_stats *sts);
/* Made if new; NULL: no memory. Entries stay where they are. */
struct ccw_stat *ccw_stats_get(struct ccw_stats *sts, struct ccw_sch sch);
/* NULL: unknown */
struct ccw_stat *ccw_stats_find(const struct ccw_stats *sts, struct ccw_sch sch);
size_t ccw_stats_count(const struct ccw_stats *sts);
struct ccw_stat *ccw_stats_at(struct ccw_stats *sts, size_t i); /* i-th in sysfs order */

#endif /* TRACE_CCW_STAT_H */
