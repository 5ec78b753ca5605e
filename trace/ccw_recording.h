/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a recording says of itself.
 */
#ifndef TRACE_CCW_RECORDING_H
#define TRACE_CCW_RECORDING_H

#include "trace/ccw_source.h"

/* The pages of one CPU of one tracing instance. */
struct ccw_recording_cpu {
	unsigned int cpu;
	unsigned int buffer; /* index */
	uint64_t bytes; /* in the file, compressed or not */
};

/* A tracing instance. */
struct ccw_recording_buffer {
	const char *name; /* "" is the top one */
	const char *clock; /* "" if the file does not say */
	uint32_t page_size;
};

/* Texts are empty if the file does not say. */
struct ccw_recording {
	unsigned int version; /* of trace.dat: 6 or 7 */
	const char *compression; /* "none", "zstd", "zlib" */
	bool zero_sizes; /* sizes that should be there are 0: see ccwtrace-repair(1) */
	uint64_t bytes; /* of the file */
	unsigned int nr_formats; /* events that it describes */
	char uname[160]; /* of the machine that was recorded */
	char recorder[64]; /* version of the program that wrote it */
	unsigned int nr_buffers, nr_cpus;
	struct ccw_recording_buffer *buffers;
	struct ccw_recording_cpu *cpus;
};

/*
 * Fills r, whose texts live as long as the source. 0, -ENODATA it is no file, -ENOMEM. End with
 * ccw_recording_free().
 */
int ccw_source_recording(const struct ccw_source *src, struct ccw_recording *r);
void ccw_recording_free(struct ccw_recording *r);

#endif /* TRACE_CCW_RECORDING_H */
