/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the exporter counted of each subchannel since it started, in 64 bits that nothing makes
 * smaller again. Its size depends on the number of subchannels alone, never on time.
 */
#ifndef CCWTOP_EXPORTER_STORE_H
#define CCWTOP_EXPORTER_STORE_H

#include "tools/ccwtop/sysfs.h"
#include "trace/ccw_stat.h"

/*
 * Upper bounds of histogram buckets: powers of two, each 2^step times the one before, from
 * 2^first ns on. struct ccw_hist has rows between powers of two, so these buckets are exact; times
 * are whole nanoseconds, so a bound that belongs to its bucket is 2^n - 1.
 */
struct exp_bounds {
	unsigned int first, step, count;
};

#define EXP_TOTAL_BOUNDS 21
#define EXP_STAGE_BOUNDS 13

extern const struct exp_bounds exp_total_bounds; /* 4 us to 4.3 s, by 2 */
extern const struct exp_bounds exp_stage_bounds; /* 1 us to 17 s, by 4 */

struct exp_hist {
	uint64_t count, sum_ns;
};

struct exp_sub {
	struct ccw_sch sch;
	char name[12]; /* "0.0.0003" */
	unsigned int name_len;
	uint32_t have; /* stages that were measured, bits 1 << enum ccw_stage */
	uint64_t result[CCW_NR_RESULTS];
	uint64_t bytes, ccws, segments, idaws, pages, irqs, missing;
	uint64_t cc[4], dstat[8], cstat[8];
	struct ccw_errno_count rc[CCW_STAT_ERRNOS];
	struct exp_hist hist[CCW_NR_STAGES];
	/* by bucket, not added up; what is above the last bound is in count alone */
	uint64_t stage[CCW_TOTAL][EXP_STAGE_BOUNDS];
	uint64_t total[EXP_TOTAL_BOUNDS];
	uint8_t state; /* enum vfio_ccw_state, 0xff unknown */
	bool bound; /* to vfio_ccw at the last look into sysfs */
	char devno[12], dev[12], cu[12], mdev[40];
};

struct exp_store;

struct exp_store *exp_store_new(void); /* NULL: no memory */
void exp_store_free(struct exp_store *s);

/* Adds an interval of a subchannel. 0 or -ENOMEM. */
int exp_store_add(struct exp_store *s, const struct ccw_stat *st);

/* Made if new, with every counter 0. NULL: no memory, or more than EXP_MAX_SUBS of them. */
struct exp_sub *exp_store_get(struct exp_store *s, struct ccw_sch sch);

size_t exp_store_count(const struct exp_store *s);
struct exp_sub *exp_store_at(const struct exp_store *s, size_t i); /* by number of subchannel */
/* Index of the first whose number is not below key */
size_t exp_store_from(const struct exp_store *s, uint32_t key);

/* A machine's subchannel sets can have more, its programs cannot look after them. */
#define EXP_MAX_SUBS 65536

#endif /* CCWTOP_EXPORTER_STORE_H */
