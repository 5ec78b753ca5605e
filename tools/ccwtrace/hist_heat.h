/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Latency over time as a map of counts, and how it and bars are drawn in a terminal.
 */
#ifndef CCWTRACE_HIST_HEAT_H
#define CCWTRACE_HIST_HEAT_H

#include "tools/ccwtrace/reader.h"

#define HEAT_MAX_COLUMNS 1000
#define HEAT_ROWS 16

struct heat {
	enum ccw_stage stage;
	uint64_t from, to; /* times of the first and the last column's edge */
	unsigned int columns, rows;
	unsigned int low, high; /* histogram buckets of the smallest and the largest value */
	uint32_t *cell; /* columns for each row, the smallest values first */
	uint8_t *lost; /* columns in which records are missing */
};

/*
 * Reads the recording again and counts the stage's values into columns of time. EXIT_FINE, or
 * EXIT_ERROR told to stderr. Free in either case.
 */
int heat_read(struct heat *h, const struct reader *r, const struct report *report,
	      enum ccw_stage stage, unsigned int columns);
void heat_free(struct heat *h);

uint64_t heat_row_low(const struct heat *h, unsigned int row); /* smallest value of a row */
void heat_draw(const struct heat *h, const struct report *report, bool utf8, FILE *f);

/* A bar of part/whole of width characters */
void draw_bar(uint64_t part, uint64_t whole, unsigned int width, bool utf8, FILE *f);

bool terminal_utf8(void); /* by the locale's variables */
unsigned int terminal_width(void); /* of standard output, else COLUMNS, else 80 */

/* A line of pieces that goes on in another one, indented, where the width ends. */
struct wrap {
	FILE *f;
	unsigned int width, at;
};

/* piece: separated from the one before by its first characters, ", " or ": "; ASCII */
void wrap_add(struct wrap *w, const char *piece);

#endif /* CCWTRACE_HIST_HEAT_H */
