/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the screen says: one row per subchannel, in numbers. Nothing here knows about columns or
 * terminals.
 */
#ifndef CCWTOP_MODEL_H
#define CCWTOP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_filter.h"
#include "tools/ccwtop/sysfs.h"
#include "trace/ccw_stat.h"

/* A value that nobody measured is NAN, a time that nobody measured is TOP_NO_TIME. */
#define TOP_NO_TIME UINT64_MAX

struct top_row {
	struct ccw_sch sch;
	struct top_device dev; /* empty strings without sysfs */
	char state[16];
	/* per second of the interval */
	double rate, bytes, errors;
	/* per I/O; of the interval, or since start if the interval had none (idle) */
	double ccws, idaws, pages, irqs;
	uint64_t p50, p99, p999, max; /* ns, whole journey */
	double share[CCW_TOTAL]; /* of each stage in the whole journey, 0..1, NAN if not measured */
	bool idle; /* no I/O in the interval */
	double busy; /* part of the interval in which the device worked, 0..1 */
	/* since start or clear */
	uint64_t total_ios, total_errors, missing;
	char last_error[96]; /* empty: none */
};

struct top_model {
	struct top_row *rows;
	size_t count, room;
	double secs; /* length of the interval */
	double rate, bytes, errors; /* of all rows, per second */
	uint64_t total_ios, total_errors, missing;
	size_t active, bound; /* rows with I/O in the interval; subchannels bound to vfio_ccw */
};

/*
 * Builds the rows anew, in the order of sysfs: every subchannel that had I/O since start, and every
 * one in sysfs (NULL for a recording) that is bound to vfio_ccw. secs is the length of interval in
 * seconds, 0 if unknown. 0 or -ENOMEM.
 */
int top_model_build(struct top_model *m, struct ccw_stats *interval, double secs,
		    struct ccw_stats *total, const struct top_sysfs *sysfs,
		    const struct ccw_filter *filter);

/*
 * For a source that does not see channel programs, as the events of the common I/O layer and of the
 * kernel's own driver: what the rows say of them becomes unknown.
 */
void top_model_no_programs(struct top_model *m);
void top_model_free(struct top_model *m);

#endif /* CCWTOP_MODEL_H */
