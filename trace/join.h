/* SPDX-License-Identifier: GPL-2.0 */
/*
 * I/Os out of events that do not name a request: s390:s390_cio_* of every kernel, and the four
 * events of the kernel's own vfio_ccw driver. Private to the library.
 *
 * They are put together by their order on one subchannel, which has one start function at a time
 * (Principles of Operation, chapter 15). Known of an I/O is then the time from START SUBCHANNEL to
 * the interrupt that ended it (have: CCW_DEVICE alone), or with the driver's events alone the
 * time from the request to its end (CCW_TOTAL). The kernel stamps s390_cio_ssch after the
 * instruction: on several CPUs the interrupt can be stamped first. Such an I/O counts, but its
 * device time is not known.
 */
#ifndef TRACE_JOIN_H
#define TRACE_JOIN_H

#include "trace/ccw_source.h"
#include "trace/decode.h"

/* Subchannels that are followed; a machine has at most 65,536 in a set, but no such recording
 * is known. Records of further ones are counted in untracked. */
#define CCW_JOIN_MAX 65536

struct ccw_join;

struct ccw_join *ccw_join_new(const struct ccw_decoder *d); /* NULL: no memory */
void ccw_join_free(struct ccw_join *j);

/* The next record in order of time, of CCW_KIND_CIO. 0, -ENOMEM, or what the sink returned. */
int ccw_join_record(struct ccw_join *j, unsigned int cpu, uint64_t ts, const uint8_t *data,
		    uint32_t len, const struct ccw_sink *sink);

/* Records are missing here: what is under way cannot be trusted to belong together. */
void ccw_join_lost(struct ccw_join *j);

/* The end of the trace: hands out what no further record can change. */
int ccw_join_end(struct ccw_join *j, const struct ccw_sink *sink);

const struct ccw_joined *ccw_join_counts(const struct ccw_join *j);

#endif /* TRACE_JOIN_H */
