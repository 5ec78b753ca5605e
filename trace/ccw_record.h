/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recording the running kernel into a trace.dat file (version 6, in this machine's byte order).
 *
 * Pages go from the kernel to unnamed files beside the output, one per CPU, and into the output
 * when the recording ends; it appears under its name when it is complete. A recorder that dies
 * leaves nothing.
 */
#ifndef TRACE_CCW_RECORD_H
#define TRACE_CCW_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_source.h"

struct ccw_record;

struct ccw_record_options {
	const char *path; /* replaced when the recording ends */
	const struct ccw_filter *filter; /* NULL: every subchannel */
	/*
	 * "EVENT" of vfio_ccw or "SYSTEM:EVENT", EVENT may be a pattern of the shell; none: all
	 * events of vfio_ccw. Events of other systems that this process causes are left out, lest
	 * the recording feeds itself; vfio_ccw's are not, since it causes none and an interrupt
	 * that happens upon it counts.
	 */
	const char *const *events;
	size_t nr_events;
	unsigned int buffer_kib; /* per CPU; 0: the kernel's default */
};

struct ccw_record_status {
	uint64_t bytes; /* of pages taken so far; of the file after ccw_record_stop() */
	uint64_t events; /* recorded; known after ccw_record_stop() */
	uint64_t lost; /* the buffers overflowed; known after ccw_record_stop() */
	bool lost_unknown; /* the kernel does not say how many */
	char lost_cpus[96]; /* "CPU 0: 12, CPU 3: 7" */
	bool incomplete; /* the file lacks records: why is in note */
	char note[192];
	const char *instance;
};

/*
 * Starts recording. 0, or a negative errno with err filled: those of ccw_source_open_tracefs(),
 * -ENOENT no such event, -EINVAL a path that cannot be replaced or a filter that cannot be used.
 */
int ccw_record_start(struct ccw_record **rec, const struct ccw_record_options *opts,
		     struct ccw_error *err);

/*
 * Takes what is in the buffers, waiting at most timeout_ms until there is something. 0, or a
 * negative errno with err filled: recording cannot go on, what came so far can be kept with
 * ccw_record_stop().
 */
int ccw_record_run(struct ccw_record *rec, int timeout_ms, struct ccw_error *err);

/*
 * Stops and writes the file. 0: it is there, and status says whether it is complete; negative: it
 * is not, nothing was replaced, err is filled.
 */
int ccw_record_stop(struct ccw_record *rec, struct ccw_error *err);

const struct ccw_record_status *ccw_record_status(struct ccw_record *rec);

/* Without ccw_record_stop() before, the recording is thrown away. NULL is fine. */
void ccw_record_free(struct ccw_record *rec);

#endif /* TRACE_CCW_RECORD_H */
