/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Built-in programs. Each writes a program text in the format of ccwio(1) and may patch the
 * assembled guest memory before each I/O and check it afterwards.
 */
#ifndef CCWIO_BUILTIN_H
#define CCWIO_BUILTIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/dev/error.h"
#include "program.h"

/* 3390: 15 tracks a cylinder; 12 records of 4096 bytes fill a track. */
#define DASD_HEADS		15u
#define DASD_MAX_TRACK		(65536u * DASD_HEADS - 1)
#define DASD_MAX_RECORDS	255u

struct builtin_options {
	uint64_t arg;		/* nop-chain 100: the 100 */
	bool has_arg;
	uint32_t first_track, last_track;
	bool has_tracks;
	uint32_t record;	/* 1 .. records */
	uint32_t records;	/* on a track */
	uint32_t blocksize;
	uint64_t seed;
	bool verify;
	unsigned int error_percent;	/* mixed */
	unsigned int write_percent;	/* mixed, random-read stays reading */
	unsigned int ccw_format;
};

/* State of one subchannel's run. */
struct load {
	const struct builtin *b;	/* NULL: a text of the user */
	const struct builtin_options *o;
	struct program *p;
	uint64_t rng;
	uint64_t n;			/* I/O number, from 0 */
	uint32_t track, record;		/* of the I/O prepared last */
	bool bad;			/* the I/O prepared last is meant to fail */
	bool dasd;			/* mixed: SENSE ID said 3390 */
	bool checked;			/* this I/O's data is compared */
	uint8_t *expected;
	uint64_t verified;		/* bytes compared */
};

struct builtin {
	const char *name;
	const char *summary;
	bool takes_arg;
	uint64_t arg_default, arg_max;
	const char *arg_name;
	bool dasd;			/* takes track, record, block size */
	bool writes;
	bool sequential;		/* one I/O per track: -n defaults to the range */
	void (*text)(const struct builtin_options *o, FILE *f);
	/* NULL: nothing to do */
	void (*prepare)(struct load *l);
	/* After an I/O that ended well: 0, or -EILSEQ with a text where data is not as written. */
	int (*check)(struct load *l, struct ccwio_error *err);
};

const struct builtin *builtin_find(const char *name);
/* NULL past the last */
const struct builtin *builtin_at(size_t i);

extern const struct builtin builtin_dasd[];
extern const size_t builtin_dasd_count;
extern const struct builtin builtin_mixed;

/* Pseudo-random numbers that are the same everywhere (splitmix64). */
uint64_t rng_next(uint64_t *state);

/* dasd.c, also for mixed.c */
uint32_t dasd_pick_track(struct load *l, bool random);
void dasd_text_record(const struct builtin_options *o, FILE *f, const char *prefix, bool write);
void dasd_patch_record(struct load *l, const char *prefix, uint32_t track, uint32_t record);

/* pattern.c: what write-track writes into @record of @track. @len at least 1. */
void pattern_fill(uint8_t *buf, size_t len, uint32_t track, uint32_t record, uint64_t seed);
/* Offset of the first difference, or @len. */
size_t pattern_compare(const uint8_t *a, const uint8_t *b, size_t len);
/* Reads back whose pattern @buf begins with; false where it is none. */
bool pattern_identify(const uint8_t *buf, size_t len, uint32_t *track, uint32_t *record,
		      uint64_t *seed);

#endif
