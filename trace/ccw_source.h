/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where events come from. A source hands out I/Os and transitions in order of time, whether they
 * are read from the running kernel or from a recording.
 */
#ifndef TRACE_CCW_SOURCE_H
#define TRACE_CCW_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"
#include "trace/ccw_stat.h"

/*
 * What a failed call tells a person: the object, the problem and the way out, one line without
 * a program name and without a newline.
 */
struct ccw_error {
	char text[256];
};

struct ccw_source;

/* A record of any event as the kernel wrote it. data is valid during the call. */
struct ccw_raw {
	uint64_t ts;
	const uint8_t *data; /* begins with common_type, in the byte order of the trace */
	uint32_t len;
	unsigned int cpu;
};

/* Called for every record; a value other than 0 ends the reading and is handed through. */
struct ccw_sink {
	int (*io)(void *ctx, const struct ccw_io *io);
	int (*fsm)(void *ctx, const struct ccw_fsm *fsm); /* may be NULL */
	/*
	 * count records were lost on cpu before ts; count 0: a number that is not known here. The
	 * end of a file may still tell it, with a further call. May be NULL.
	 */
	int (*lost)(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count);
	/*
	 * I/Os that the kernel added up since the last time, instead of io. Without it a source of
	 * sums hands out told alone, the sums next time; without both it fails with -EINVAL. sum is
	 * valid during the call.
	 */
	int (*sum)(void *ctx, const struct ccw_stat *sum);
	/* One of the I/Os in a sum, because it failed or was slow. Already counted. May be NULL. */
	int (*told)(void *ctx, const struct ccw_io *io);
	/* Every record, before io or fsm tells of the same one. May be NULL. */
	int (*raw)(void *ctx, const struct ccw_raw *raw);
	void *ctx;
};

/*
 * A recording: trace.dat of either byte order. It is mapped: who makes it shorter while it is read
 * causes SIGBUS. 0 or a negative errno with err filled (-ENOENT,
 * -EACCES, -EINVAL not a recording, -ENODATA no event of ours in it, -EOPNOTSUPP a form we cannot
 * read).
 */
int ccw_source_open_file(struct ccw_source **src, const char *path, struct ccw_error *err);

/* The same for a recording of any events, of ours or not: it may hand out raw records alone. */
int ccw_source_open_any_file(struct ccw_source **src, const char *path, struct ccw_error *err);

/*
 * The running kernel: creates an own tracefs instance, enables our events, reads whole pages.
 * -EACCES no rights, -ENOENT no tracefs, -ENODEV the driver's events are not there.
 */
int ccw_source_open_tracefs(struct ccw_source **src, struct ccw_error *err);

/*
 * Beside a live source, for who watches: raw records (ccw_sink.raw) of what is rare, channel
 * reports and channel path events, in an own instance with small buffers. Errors as above.
 */
int ccw_source_open_tap(struct ccw_source **src, struct ccw_error *err);

/*
 * From now on also the channel programs of one subchannel (vfio_ccw_ccw); NULL: of none. Only for a
 * tap. The others cost what it takes to see that they are not meant. 0 or a negative errno.
 */
int ccw_source_tap_programs(struct ccw_source *src, const struct ccw_sch *sch,
			    struct ccw_error *err);

/*
 * The same by BPF programs that add up in the kernel: nothing is copied per I/O. They are part of
 * the library; where they cannot be loaded, the error says what is missing (-EPERM rights,
 * -EOPNOTSUPP no BTF or not built for this machine, -ENODEV the driver's events are not there).
 */
enum ccw_bpf_set {
	CCW_BPF_DRIVER, /* this project's driver: every stage, every subchannel it has */
	CCW_BPF_CIO, /* the common I/O layer's events: any kernel, any subchannel, device time */
};

int ccw_source_open_bpf(struct ccw_source **src, enum ccw_bpf_set set, struct ccw_error *err);

/* I/Os that take so long are told to sink->told; 0: none is. -EOPNOTSUPP: not a source of sums. */
int ccw_source_set_slow(struct ccw_source *src, uint64_t ns);

/*
 * A source of sums can leave out the histograms of all stages but the total, which are most of the
 * work where subchannels are many: of all subchannels (CCW_WATCH_NONE), or of all but one. It hands
 * out every stage of every one until it is told otherwise. What was left out is not lost: when a
 * subchannel is watched (again), sink->sum gets it at once, in a sum without I/Os. Any other source
 * hands out everything always. 0, a negative errno with err filled, or what the sink returned.
 */
enum ccw_watch { CCW_WATCH_ALL, CCW_WATCH_ONE, CCW_WATCH_NONE };

int ccw_source_watch(struct ccw_source *src, enum ccw_watch watch, struct ccw_sch sch,
		     const struct ccw_sink *sink, struct ccw_error *err);

/*
 * Hands out what there is. For a file: up to max records (0: all); 1 while there is more, 0 at its
 * end. Live: what is in the buffers now, waiting at most timeout_ms for the first; 1 always.
 * Negative: an errno, or the value a sink returned.
 */
int ccw_source_read(struct ccw_source *src, const struct ccw_sink *sink, size_t max,
		    int timeout_ms, struct ccw_error *err);

/* For a file: the time of its first and last record; -ENODATA live or if it holds none. */
int ccw_source_range(struct ccw_source *src, uint64_t *first, uint64_t *last);

/*
 * libtraceevent's handle for the events of this source: their formats, the plugins found on this
 * machine, names of processes, kernel symbols. Made on first use, belongs to the source; NULL for
 * lack of memory or, live, of rights. Event and field names are the recorder's; so are their
 * offsets, which can point beyond a record (see trace/ccw_event.h for a safe way to print).
 */
struct tep_handle;
struct tep_handle *ccw_source_tep(struct ccw_source *src);

/*
 * What became of events that had to be put together by order: s390:s390_cio_* and those of the
 * kernel's own driver, which do not say to which I/O they belong.
 */
struct ccw_joined {
	bool used; /* the I/Os of this source were made so */
	uint64_t ios;
	uint64_t early; /* ... whose end was stamped before their SSCH: device time unknown */
	uint64_t orphans; /* ... whose SSCH has no record: device time unknown */
	uint64_t unfinished; /* ... whose end has no record */
	uint64_t running; /* start functions under way at the end: not among ios */
	uint64_t unsolicited; /* interrupts that belong to no I/O */
	uint64_t untracked; /* records of too many subchannels, left out */
};

struct ccw_source_info {
	const char *kind; /* "tracefs", "bpf", "file" */
	const char *name; /* path of the file, name of the instance */
	/* which event set: "vfio_ccw", "kernel vfio_ccw" (its own driver), "s390_cio"; "none" */
	const char *driver;
	unsigned int cpus;
	bool big_endian;
	bool truncated; /* the file ends early: why is in note */
	char note[192]; /* what a person should know, empty if nothing */
	uint64_t events; /* records handed out so far */
	uint64_t lost; /* records known to be lost so far, over all CPUs */
	bool lost_unknown; /* and more, whose number the kernel did not say */
	struct ccw_joined joined;
};

const struct ccw_source_info *ccw_source_info(struct ccw_source *src);
void ccw_source_close(struct ccw_source *src);

#endif /* TRACE_CCW_SOURCE_H */
