/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cells of a row as programs get them: a column is one field, or several where the screen
 * shows several values in one cell.
 */
#ifndef CCWTOP_FIELDS_H
#define CCWTOP_FIELDS_H

#include "tools/ccwtop/table.h"

struct top_field {
	const char *name;
	bool text; /* else a number */
	/* Text, empty if unknown; printable, no newline. */
	char word[128];
	/* A number as text: whole, or with up to six digits behind the point. Empty if unknown. */
	char digits[32];
};

#define TOP_FIELDS_MAX 4 /* of one column */

/* The fields of a column; row NULL: their names alone. Returns how many. */
unsigned int top_fields(const struct top_column *col, const struct top_row *row,
			struct top_field field[TOP_FIELDS_MAX]);

/* The same for a number that is no column. Returns buf, empty for NAN. */
const char *top_digits(double n, char *buf, size_t len);

#endif /* CCWTOP_FIELDS_H */
