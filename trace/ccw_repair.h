/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording that other tools cannot read, or not all of, written anew so that they can.
 */
#ifndef TRACE_CCW_REPAIR_H
#define TRACE_CCW_REPAIR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "trace/ccw_source.h"

struct ccw_repair {
	bool zero_sizes; /* sizes were 0, as trace-cmd 3.3 writes them on s390x */
	uint64_t pages; /* written */
	uint64_t records; /* in them */
	uint64_t damaged; /* pages and compressed parts left out or cut short */
	uint64_t missing; /* bytes that the file promises and does not have */
};

/*
 * Reads the recording at path and writes what is whole of it to out, which can be positioned:
 * version 6, not compressed, in the byte order of the recording, with all it says besides records.
 * The first page after a gap carries the kernel's mark that records were lost. 0 or a negative
 * errno with err filled; errors of out stay in it.
 */
int ccw_repair_file(const char *path, FILE *out, struct ccw_repair *result, struct ccw_error *err);

#endif /* TRACE_CCW_REPAIR_H */
