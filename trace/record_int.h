/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the parts of the recorder. Private to record*.c.
 *
 * A worker is a thread that takes the pages of some CPUs; there are as many as CPUs are online, at
 * most RECORD_MAX_WORKERS. Everything else is done by the thread that calls.
 */
#ifndef TRACE_RECORD_INT_H
#define TRACE_RECORD_INT_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "trace/ccw_device.h"
#include "trace/ccw_record.h"
#include "trace/file_write.h"
#include "trace/instance.h"

#define RECORD_SET_MAX 12
#define RECORD_MAX_WORKERS 64

struct record_set {
	const char *name;
	const char *events[RECORD_SET_MAX]; /* "SYSTEM:PATTERN" */
	const char *without; /* "SYSTEM:PATTERN", NULL: nothing */
	const char *needs; /* event of vfio_ccw that the set is about, NULL: none */
};

struct record_event {
	struct ccw_dat_event dat;
	bool named; /* asked for by its name, not with a set */
};

/* per_cpu/cpuN/stats */
struct record_counts {
	uint64_t entries; /* in the buffer */
	uint64_t overrun, refused, read;
};

struct record_cpu {
	/* Guards what follows against the beginning of a new file: data, size, counts. */
	pthread_mutex_t lock;
	int data; /* unnamed file with the pages so far */
	uint64_t size;
	int stats; /* open file of the statistics, -1: none */
	struct record_counts now; /* as the kernel said last, and before it began anew */
	struct record_counts gone; /* counted before the kernel reset its numbers */
	struct record_counts begin; /* at the beginning of this file */
	uint64_t reset; /* records that a reset threw away, at least */
	uint64_t unwritten;
	bool broken; /* its worker could not write what it had taken */
};

/* A file to be written. */
struct record_file {
	int out;
	char *out_name; /* NULL: it has no name yet */
	int *data; /* by CPU as in rec->cpus, unnamed files with its pages */
	uint64_t *size;
	char **stats; /* what the kernel says of the CPU's buffer */
	bool broken; /* not all that was taken is in data */
};

struct flight;

struct record_worker {
	struct ccw_record *rec;
	pthread_t thread;
	bool running;
	pid_t tid;
	unsigned int first; /* takes CPUs first, first + nr_workers, ... */
	struct ccw_instance_cpu *cpus; /* those, as ccw_instance_wait() wants them: then wake */
	unsigned int *index; /* of each in rec->cpus */
	unsigned int nr;
	char *page; /* one page, for reading what splice does not take */
	int pipe[2];
	size_t pipe_size;
	bool no_splice; /* the output's file system does not take pages from a pipe */
	atomic_uint rounds; /* of looking at all its CPUs */
	atomic_bool ended; /* then rc says why: 0, or negative with err */
	int rc;
	struct ccw_error err;
};

struct ccw_record {
	struct ccw_record_status status;
	struct ccw_record_options opts; /* path, filter and events are not kept */
	struct tracefs_instance *inst;
	int instances; /* directory, to remove the instance when its path is gone */
	int tracing_on;
	enum ccw_driver driver;
	struct ccw_instance_cpu *cpus;
	struct record_cpu *data;
	unsigned int nr;
	struct ccw_page_format format;
	uint32_t page_size;

	struct record_worker *workers;
	unsigned int nr_workers;
	sem_t ready, go; /* workers have their numbers; they may begin */
	int wake; /* eventfd: stays readable once workers shall end */
	int news; /* eventfd: workers have something to say */
	atomic_bool stopping, failed;
	atomic_uint_fast64_t taken; /* bytes, in this file */
	uint64_t written; /* bytes of pages in files before */
	uint64_t file_bytes; /* of the files written so far */
	bool ended; /* nothing is taken any more */
	uint64_t next_watch; /* when to look whether the driver is still there */

	struct flight *flight; /* NULL: everything goes to disk */

	const struct ccw_filter *filter;
	char *path, *dir, *base;
	struct record_file *file; /* the one being filled, NULL: none */
	unsigned int number; /* of the next of several files, from 1 */

	char *header_page, *header_event;
	struct record_event *events;
	size_t nr_events;
	struct ccw_devices *devices;
};

/* record_sets.c */
const struct record_set *record_set_find(const char *name, enum ccw_driver driver); /* or NULL */
const struct record_set *record_set_usual(enum ccw_driver driver);
bool record_set_excludes(const struct record_set *set, const char *system, const char *name);

/* record_events.c: finds the events asked for and turns them on */
int record_find_events(struct ccw_record *rec, const struct ccw_record_options *opts,
		       struct ccw_error *err);
int record_enable_events(struct ccw_record *rec, const struct ccw_record_options *opts,
			 struct ccw_error *err);
void record_event_free(struct record_event *e);

/* record_worker.c: the threads. They exist, with their numbers, before they begin. */
int record_make_workers(struct ccw_record *rec, struct ccw_error *err);
void record_begin_workers(struct ccw_record *rec);
void record_end_workers(struct ccw_record *rec); /* when they have taken everything */
void record_free_workers(struct ccw_record *rec);

/* record_count.c: statistics of the buffers */
int record_open_stats(struct ccw_record *rec);
void record_read_stats(struct ccw_record *rec, unsigned int i);
void record_begin_stats(struct ccw_record *rec, unsigned int i); /* a new file begins */
char *record_stat_text(struct ccw_record *rec, unsigned int i);
/* Records in the pages of a file. *end, may be NULL: where it could not read on, or to. */
uint64_t record_count_pages(const struct ccw_record *rec, int fd, uint64_t from, uint64_t to,
			    uint64_t *end);

/* record_file.c: the files */
int record_find_dir(struct ccw_record *rec, struct ccw_error *err);
/* A new file to be filled: *file. Private data of no CPU is in it yet. */
int record_open_file(struct ccw_record *rec, struct record_file **file, struct ccw_error *err);
/* Writes it under path or, if the recording has several, its number. Frees file in any case. */
int record_write_file(struct ccw_record *rec, struct record_file *file, struct ccw_error *err);
void record_free_file(struct ccw_record *rec, struct record_file *file); /* NULL is fine */
int record_next_file(struct ccw_record *rec, struct ccw_error *err); /* ends one, begins one */

/* record_flight.c: pages in memory */
int flight_new(struct flight **f, struct ccw_record *rec, struct ccw_error *err);
void flight_free(struct flight *f); /* NULL is fine */
int flight_add(struct flight *f, unsigned int i, const char *page); /* by a worker; -ENOMEM */
void flight_ask(struct flight *f, const char *reason);
int flight_run(struct ccw_record *rec, struct ccw_error *err); /* writes a file if it is due */

void record_tell(struct ccw_record *rec); /* wakes the thread that calls */
uint64_t record_now(void); /* ns, the clock of the trace */

#endif /* TRACE_RECORD_INT_H */
