/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the parts of the recorder. Private to record*.c.
 */
#ifndef TRACE_RECORD_INT_H
#define TRACE_RECORD_INT_H

#include "trace/ccw_record.h"
#include "trace/file_write.h"
#include "trace/instance.h"

struct record_cpu {
	int fd; /* unnamed file with the pages so far */
	uint64_t size;
};

struct ccw_record {
	struct ccw_record_status status;
	struct tracefs_instance *inst;
	struct ccw_instance_cpu *cpus;
	struct record_cpu *data;
	unsigned int nr;
	uint32_t page_size;
	char *page; /* one page, for reading what splice does not take */
	int pipe[2];
	size_t pipe_size;
	bool no_splice; /* the output's file system does not take pages from a pipe */

	char *path, *dir, *base;
	int out;
	char *out_name; /* NULL: it has no name yet */

	char *header_page, *header_event, *cmdlines;
	struct ccw_dat_event *events;
	size_t nr_events;
};

/* record_events.c: finds the events asked for and turns them on */
int record_find_events(struct ccw_record *rec, const struct ccw_record_options *opts,
		       struct ccw_error *err);
int record_enable_events(struct ccw_record *rec, const struct ccw_record_options *opts,
			 struct ccw_error *err);

/* record_file.c: the files */
int record_open_files(struct ccw_record *rec, struct ccw_error *err);
int record_write_file(struct ccw_record *rec, struct ccw_error *err);
void record_close_files(struct ccw_record *rec);

#endif /* TRACE_RECORD_INT_H */
