/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one thread of a scan counts. Everything but request numbers can be counted piece by piece
 * and added up; the numbers are followed for each slice of time on its own, and put together at
 * the end. Private to the library.
 */
#ifndef TRACE_TALLY_H
#define TRACE_TALLY_H

#include "trace/bytes.h"
#include "trace/ccw_scan.h"
#include "trace/decode.h"
#include "trace/hist_inline.h"
#include "trace/seq.h"

/* Numbers of a slice that are kept: by then the window has forgotten what was before. */
#define CCW_SEQ_LOG 96
#define CCW_SEQ_LOG_OPEN 0 /* among them: the device was opened */

/* The request numbers of one subchannel in one slice of time. */
struct ccw_seq_part {
	uint32_t key;
	uint16_t nr_log, room;
	uint32_t *log; /* the first numbers, CCW_SEQ_LOG of them at most */
	struct ccw_seq full; /* state when the log was full ... */
	uint64_t full_missing;
	struct ccw_seq seq; /* ... and at the end of the slice */
	uint64_t missing;
};

struct ccw_tally_slot {
	uint32_t key;
	bool taken;
	bool skip; /* the filter leaves this subchannel out */
	bool in_slice; /* part belongs to the current slice */
	struct ccw_stat *st;
	/*
	 * The status of the I/O before, if it went well and measured everything: those that end
	 * alike are counted in run and added later, see ccw_tally_flush().
	 */
	uint64_t status;
	uint64_t run;
	struct ccw_seq_part part;
};

/* Kinds of errors, the CCW_SCAN_ERRORS that sort first. Which those are is independent of order. */
struct ccw_error_table {
	struct ccw_scan_error **at; /* sorted by ... */
	unsigned __int128 *key; /* ... these */
	size_t nr;
	uint64_t other;
};

struct ccw_tally {
	const struct ccw_decoder *decoder;
	const struct ccw_filter *filter;
	const struct ccw_select *select;
	struct ccw_stats *stats;
	struct ccw_error_table errors;
	struct ccw_tally_slot *slots; /* hash table, at most half full */
	size_t nr_slots, nr_taken;
	bool whole; /* one slice: no need to put numbers together */
	bool strange; /* a number that cannot be put together: read everything in one slice */
	uint64_t transitions;
};

int ccw_tally_init(struct ccw_tally *t, const struct ccw_decoder *d, const struct ccw_scan *scan);
void ccw_tally_free(struct ccw_tally *t);

/* NULL: no memory */
struct ccw_tally_slot *ccw_tally_new_slot(struct ccw_tally *t, uint32_t key);

/* An I/O in any case; a record of vfio_ccw_fsm. 0 or -ENOMEM */
int ccw_tally_io(struct ccw_tally *t, const struct ccw_io *io);
int ccw_tally_fsm(struct ccw_tally *t, const struct ccw_fsm *fsm);
int ccw_tally_number(struct ccw_tally *t, struct ccw_tally_slot *slot, uint32_t seq);
/* I/Os of this status take the short way from now on. */
void ccw_tally_expect(struct ccw_tally_slot *slot, uint64_t status);
void ccw_tally_flush(struct ccw_tally *t);

/* Hands over the numbers of the slice that ends; parts and their logs belong to the caller. */
int ccw_tally_end_slice(struct ccw_tally *t, struct ccw_seq_part **parts, size_t *nr);

/* Adds the counts of another, which is empty then. */
int ccw_tally_merge(struct ccw_tally *to, struct ccw_tally *from);

/* Continues st's numbers with those of the next slice. false: they cannot be put together. */
bool ccw_seq_join(struct ccw_stat *st, const struct ccw_seq_part *part);

static inline size_t ccw_tally_hash(uint32_t key, size_t nr)
{
	return (key + (key >> 16) * 0x9e37U) & (nr - 1);
}

static inline struct ccw_tally_slot *ccw_tally_slot(struct ccw_tally *t, uint32_t key)
{
	size_t i = ccw_tally_hash(key, t->nr_slots);

	while (t->slots[i].taken) {
		if (__builtin_expect(t->slots[i].key == key, 1))
			return &t->slots[i];
		i = (i + 1) & (t->nr_slots - 1);
	}
	return ccw_tally_new_slot(t, key);
}

#endif /* TRACE_TALLY_H */
