/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing a trace.dat file, numbers in this machine's byte order: version 6, or version 7 if it is
 * to be compressed. Private to the library.
 */
#ifndef TRACE_FILE_WRITE_H
#define TRACE_FILE_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_source.h"

struct ccw_dat_event {
	char *system, *name;
	char *format; /* text of its format file */
};

struct ccw_dat_option {
	uint16_t id; /* as trace-cmd.dat.v7(5) lists them */
	uint32_t len;
	const void *data;
};

/* Records of one CPU: fd is read from its beginning. */
struct ccw_dat_pages {
	int fd;
	uint64_t size; /* whole pages; after ccw_dat_write() what of it the file holds */
	uint64_t at; /* after ccw_dat_write(): where in the file; 0: compressed, fd has them */
};

struct ccw_dat_contents {
	bool compress; /* with zstd, version 7 */
	const char *clock; /* "mono"; used if compress is set, else it is an option */
	uint32_t page_size;
	const char *header_page, *header_event; /* texts of tracefs */
	const struct ccw_dat_event *events; /* those of a system next to each other */
	size_t nr_events;
	const char *cmdlines; /* saved_cmdlines of tracefs, or "" */
	const struct ccw_dat_option *options;
	size_t nr_options;
	struct ccw_dat_pages *cpus; /* by number, without gaps */
	unsigned int nr_cpus;
};

/*
 * Writes all of it to fd, an empty file, freeing the space of the pages on the way so that little
 * more than one copy of them is ever on the disk. 0; 1: a full disk or another error (in err) cut
 * off records, the file is right up to there: pages that cannot be read cost their CPU what comes
 * after them, a full disk costs the CPUs that come after; negative errno: not even the metadata was
 * written.
 */
int ccw_dat_write(int fd, struct ccw_dat_contents *c, uint64_t *size, struct ccw_error *err);

#endif /* TRACE_FILE_WRITE_H */
