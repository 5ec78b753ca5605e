/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The columns: one array says for each its name, place, width, text, order and explanation. The
 * screen, batch output, sorting and help all come from it.
 */
#ifndef CCWTOP_TABLE_H
#define CCWTOP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/ccwtop/model.h"

enum top_look { TOP_PLAIN, TOP_STRONG, TOP_FAINT, TOP_ERROR, TOP_BAR };

struct top_column {
	const char *key; /* what --sort and --columns call it */
	const char *title; /* at most width characters, with the unit where cells have none */
	unsigned char width; /* least width; the widest text a cell can have unless it may grow */
	unsigned char grow; /* widest useful width, 0: never wider than width */
	bool right; /* numbers */
	bool sysfs; /* known of the running machine only, not of a recording */
	bool by_text; /* sorted by text and ascending, else by number and descending */
	/* Where room is short, columns with a higher number go first; 0 always stays. */
	unsigned char rank;
	/* Text of a cell, at most width characters; width is what the layout gave the column. */
	void (*text)(const struct top_row *row, unsigned int width, char *buf, size_t len);
	double (*number)(const struct top_row *row); /* NULL if by_text; NAN sorts last */
	enum top_look (*look)(const struct top_row *row);
	const char *help; /* one line */
	/*
	 * What programs know it by, with its unit: "p50_ns"; NULL: key. Append only: the names in
	 * csv and json output are never changed.
	 */
	const char *field;
};

#define TOP_MAX_COLUMNS 48
#define TOP_MAX_WIDTH 512 /* of a table */

extern const struct top_column top_columns[];
extern const size_t top_nr_columns;

const struct top_column *top_column_find(const char *key); /* NULL: unknown */

/* Which columns, in which order. */
struct top_selection {
	const struct top_column *col[TOP_MAX_COLUMNS];
	size_t count;
	bool fixed; /* named by the user: left out only where it cannot be drawn */
};

/* All in the order of the array; without sysfs, those that a recording can fill. */
void top_selection_all(struct top_selection *sel, bool sysfs);
/* From "rate,p50,p99". 0 or -EINVAL with the name that is unknown or doubled in bad. */
int top_selection_parse(struct top_selection *sel, const char *list, char *bad, size_t badlen);

struct top_place {
	const struct top_column *col;
	unsigned int x, width;
};

struct top_layout {
	struct top_place place[TOP_MAX_COLUMNS];
	size_t count;
	unsigned int width; /* of all columns with the blanks between them */
};

/*
 * Chooses the columns that fit into width and their widths. The result depends on nothing else, so
 * columns do not move while numbers change. width 0: no limit, every column at its widest.
 */
void top_layout_make(struct top_layout *l, const struct top_selection *sel, unsigned int width);

/* The text of a cell or of a title, padded or cut to exactly the width of its place. */
void top_cell(const struct top_place *p, const struct top_row *row, char *buf, size_t len);
void top_title(const struct top_place *p, char *buf, size_t len);

/*
 * Sorts rows; reverse turns the natural order of the column around. Equal rows keep sysfs order. 0,
 * or -ENOMEM with the rows as they were.
 */
int top_sort(struct top_row *rows, size_t count, const struct top_column *col, bool reverse);

/* A character for each stage in the split, and '?' for the part that was not measured. */
extern const char top_stage_letter[CCW_TOTAL];
/*
 * The split as width letters without terminating zero, each stage as many as its share, rounded so
 * that the sum is right. Blank if nothing is known.
 */
void top_split(const double share[CCW_TOTAL], unsigned int width, char *bar);

#endif /* CCWTOP_TABLE_H */
