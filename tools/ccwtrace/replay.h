/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recorded channel programs (event vfio_ccw_ccw) and what it takes to run them again. Everything
 * in them comes from a file and is checked before use.
 */
#ifndef CCWTRACE_REPLAY_H
#define CCWTRACE_REPLAY_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "tools/dev/error.h"
#include "trace/ccw_filter.h"
#include "trace/ccw_io.h"
#include "trace/ccw_select.h"
#include "trace/ccw_stat.h"

/* What the recording may make us keep. */
#define REPLAY_MAX_BYTES (1u << 30) /* of programs, with what is known of each */
#define REPLAY_MAX_PAGES 65536u /* of guest memory, 4 KiB each */
#define REPLAY_MAX_RUNS 4096u /* stretches of it */

struct replay_program {
	uint64_t ts;
	uint32_t seq;
	uint32_t orb1, cpa;
	uint16_t total; /* CCWs that it had */
	uint16_t count; /* CCWs that are here */
	bool cut; /* by a bound of the driver */
	bool broken; /* records of it are missing or contradict each other */
	bool ended; /* io is valid */
	uint32_t *addr; /* of each CCW */
	uint8_t *ccw; /* 8 bytes each */
	uint8_t *data; /* items, see trace/events/vfio_ccw.h */
	uint32_t data_len;
	struct ccw_io io; /* how it went when it was recorded */
};

struct replay_programs {
	struct replay_program *all;
	size_t count;
	struct ccw_sch sch; /* the one that all of them ran on */
	size_t bytes; /* that they take */
	size_t max_bytes; /* at most; set before they are read; 0: REPLAY_MAX_BYTES */
	bool incomplete; /* the file ends early, or events were lost */
};

/*
 * Reads the programs of the one subchannel that @filter lets through, those begun from @since ns
 * after the first record of the file on and in the time of @select (may be NULL), at most @most
 * (0: all).
 * Free in either case. 0 or a negative errno with @err filled: -ENODATA none there, -EINVAL several
 * subchannels, -E2BIG too many.
 */
int replay_load(struct replay_programs *ps, const char *path, const struct ccw_filter *filter,
		struct ccw_select *select, uint64_t since, size_t most, struct ccwio_error *err);
void replay_programs_free(struct replay_programs *ps);

/* Kinds of what a program has in guest memory. */
enum replay_kind {
	REPLAY_CCW, /* index: of the CCW */
	REPLAY_IDAW, /* one of them, holding value */
	REPLAY_PARAM, /* of a control command: value is the offset in data */
	REPLAY_OUT, /* the channel fetches: data of a WRITE */
	REPLAY_IN, /* the channel stores */
};

struct replay_area {
	enum replay_kind kind;
	bool invented; /* an address that was not recorded */
	bool spare; /* and that had to move out of the program's way */
	uint64_t addr;
	uint64_t value;
	uint32_t len;
	uint32_t index;
};

struct replay_areas {
	struct replay_area *all;
	size_t count, room;
	uint64_t spare; /* bytes used of the place for what cannot lie where it was */
	bool writes; /* the program changes what is on the device */
	uint8_t write_cmd; /* the first command that does */
};

/*
 * When a record of time @ts is due if one of time @from was at @begin: never before that, and never
 * further than 2^63 ns, whatever a recording says.
 */
uint64_t replay_due(uint64_t begin, uint64_t from, uint64_t ts, double speed);

/*
 * What @p has in memory, to @areas (emptied first; free(areas->all) at the end). Addresses below
 * the first IDAW are recorded, those of further IDAWs are taken to follow it; what would overlap
 * the program itself goes to @spare_base. 0, -EOPNOTSUPP with @err saying why it cannot be run
 * again, or -ENOMEM.
 */
int replay_areas(const struct replay_program *p, uint64_t spare_base, struct replay_areas *areas,
		 struct ccwio_error *err);

/* Guest memory with the pages that the programs use, at their recorded addresses. */
struct replay_run {
	uint64_t base, size; /* multiples of 4096 */
	uint8_t *host;
};

struct replay_memory {
	struct replay_run *runs; /* by address */
	size_t nr_runs;
	uint64_t spare_base;
};

/* 0 or a negative errno with err filled. Free in either case. @use: programs that are to run. */
int replay_memory_make(struct replay_memory *m, const struct replay_programs *ps, const bool *use,
		       struct ccwio_error *err);
void replay_memory_free(struct replay_memory *m);

/* Writes a program, its parameters and generated data of its WRITEs. */
int replay_memory_fill(struct replay_memory *m, const struct replay_program *p,
		       struct replay_areas *areas, struct ccwio_error *err);

/* Latencies and results, recorded or replayed. */
struct replay_side {
	uint64_t ios;
	uint64_t result[CCW_NR_RESULTS];
	struct ccw_hist hist[CCW_NR_STAGES];
};

#define REPLAY_DIFFERENCES 10

struct replay_result {
	const char *error; /* why it ended early; NULL: it did not */
	char device[16]; /* the subchannel that it ran on */
	const char *path;
	const struct replay_programs *programs;
	uint64_t started;
	uint64_t left_out[3]; /* refused when recorded, cannot be run again, write */
	bool by_driver; /* replayed has what the driver measured, else what we did */
	struct replay_side recorded, replayed;
	double speed; /* 0: flat out */
	uint64_t recorded_ns, replayed_ns; /* first start to last */
	uint64_t late, most_late_ns, end_late_ns; /* starts after their time by 1 ms or more */
	uint64_t differ; /* ended otherwise than recorded */
	struct {
		uint32_t seq;
		char recorded[64], replayed[64];
	} differences[REPLAY_DIFFERENCES];
};

enum { REPLAY_REFUSED, REPLAY_UNFIT, REPLAY_WRITES };

struct replay_request {
	const char *device; /* UUID, subchannel, or path of the mediated device */
	double speed; /* 0: flat out */
	uint64_t timeout; /* ns for one I/O */
	const struct ccw_select *select; /* of programs by how their I/O went; NULL: all */
	bool allow_writes;
	bool skip; /* leave out programs that cannot be run instead of refusing all */
	volatile sig_atomic_t *stop;
};

/* 0 or a negative errno with err filled; r is to be freed in either case. */
int replay_device(const struct replay_request *q, const struct replay_programs *ps,
		  struct replay_result *r, struct ccwio_error *err);
void replay_result_free(struct replay_result *r);

void replay_print_text(const struct replay_result *r, FILE *f);
int replay_print_json(const struct replay_result *r, FILE *f); /* 0 or -ENOMEM */

#endif /* CCWTRACE_REPLAY_H */
