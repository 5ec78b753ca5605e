/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recording the running kernel into trace.dat files, in this machine's byte order: version 6, or
 * version 7 where it is compressed.
 *
 * Pages go from the kernel to unnamed files beside the output, one per CPU, and into the output
 * when the recording or its segment ends; it appears under its name when it is complete. A recorder
 * that dies leaves nothing.
 *
 * A flight recorder keeps the pages of the last seconds in memory instead, and writes them to a
 * file when something happens.
 */
#ifndef TRACE_CCW_RECORD_H
#define TRACE_CCW_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"
#include "trace/ccw_source.h"

struct ccw_record;

/* A reason for a flight recorder to write: an I/O to which all of this applies. */
struct ccw_flight_trigger {
	uint64_t latency_ns; /* it took longer in total; 0: however long */
	uint32_t errors; /* it ended so: bits 1 << enum ccw_result; 0: however it did */
	const struct ccw_select *select; /* NULL: any */
};

/* All zero: no flight recorder. */
struct ccw_flight_options {
	uint64_t ns; /* keep so much; 0: record everything to disk */
	size_t memory; /* bytes at most over all CPUs; 0: 64 MiB */
	const struct ccw_flight_trigger *triggers; /* they must outlive the recording */
	size_t nr_triggers;
};

struct ccw_record_options {
	const char *path; /* replaced when the recording ends */
	const struct ccw_filter *filter; /* NULL: every subchannel; must outlive the recording */
	/*
	 * "EVENT" of vfio_ccw or "SYSTEM:EVENT", EVENT may be a pattern of the shell; or a set of
	 * events: "default", "detail", "all", "program", "fsm", "cio". None: the default set of
	 * the driver that is loaded. Events of other systems that this process causes are left
	 * out, lest the recording feeds itself, those of interrupts excepted; vfio_ccw's are not,
	 * since it causes none.
	 */
	const char *const *events;
	size_t nr_events;
	unsigned int buffer_kib; /* per CPU; 0: the kernel's default */
	bool compress; /* with zstd */
	/*
	 * With pages of max_size bytes a file is complete and the next begins: path.1, path.2, up
	 * to max_files, then path.1 again. 0: one file, path, without a bound. A flight recorder
	 * numbers its files likewise.
	 */
	uint64_t max_size;
	unsigned int max_files; /* 0: 10 for a flight recorder, else 2 */
	struct ccw_flight_options flight;
};

/* Why records are missing. */
enum ccw_record_loss {
	CCW_LOST_OVERRUN, /* the buffer was full before they were taken */
	CCW_LOST_REFUSED, /* an event within an event found no room in the buffer */
	CCW_LOST_UNTAKEN, /* left in the buffer when the recording ended early */
	CCW_LOST_UNWRITTEN, /* taken, but the disk had no room for them */
	CCW_LOST_RESET, /* the kernel threw them away, with the driver that made them */
	CCW_NR_LOSSES,
};

struct ccw_record_status {
	const char *instance;
	char what[160]; /* which driver and which events are recorded */
	uint64_t bytes; /* of pages taken so far; of the file after ccw_record_stop() */
	/* In the files, or in the buffers to be taken; as of ccw_record_count(). */
	uint64_t events;
	uint64_t lost; /* over all CPUs and causes; as of ccw_record_count() */
	uint64_t losses[CCW_NR_LOSSES];
	bool lost_unknown; /* the kernel does not say how many, or not for all */
	char lost_cpus[256]; /* "CPU 0: 12 overrun, 3 refused; CPU 3: 7 overrun" */
	bool incomplete; /* the file lacks records: why is in note */
	char note[192];
	unsigned int files; /* written so far */
	char file[256]; /* the one written last, "" none */
	unsigned int suppressed; /* reasons to write a file that came too soon after another */
	char reason[128]; /* why the last file of a flight recorder was written */
	uint64_t covers_ns; /* how far it reaches back if memory was too small, else 0 */
	bool threshold; /* a file was written because of a latency or an error */
};

/*
 * Starts recording. 0, or a negative errno with err filled: those of ccw_source_open_tracefs(),
 * -ENOENT no such event, -EINVAL a path that cannot be replaced or a filter that cannot be used.
 */
int ccw_record_start(struct ccw_record **rec, const struct ccw_record_options *opts,
		     struct ccw_error *err);

/*
 * Waits timeout_ms, or less if a signal comes, while threads take what is in the buffers; begins
 * files as they are due. 0, or a negative errno with err filled: recording cannot go on, what came
 * so far can be kept with ccw_record_stop().
 */
int ccw_record_run(struct ccw_record *rec, int timeout_ms, struct ccw_error *err);

/* Asks the kernel how many events there are and were lost, for ccw_record_status(). */
void ccw_record_count(struct ccw_record *rec);

/* Flight recorder: writes a file at the next ccw_record_run(), however soon after another. */
void ccw_record_dump(struct ccw_record *rec, const char *reason);

/*
 * Stops and writes the file; a flight recorder writes none. 0: it is there, and status says whether
 * it is complete; negative: it is not, nothing was replaced, err is filled.
 */
int ccw_record_stop(struct ccw_record *rec, struct ccw_error *err);

const struct ccw_record_status *ccw_record_status(struct ccw_record *rec);
const char *ccw_record_loss_str(enum ccw_record_loss loss); /* "buffer overrun" */

/* Without ccw_record_stop() before, the recording is thrown away. NULL is fine. */
void ccw_record_free(struct ccw_record *rec);

#endif /* TRACE_CCW_RECORD_H */
