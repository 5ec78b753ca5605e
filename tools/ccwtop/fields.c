// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/fields.h"

#define WHOLE 9007199254740992.0 /* 2^53: up to here a double has every whole number */

const char *top_digits(double n, char *buf, size_t len)
{
	size_t end;

	buf[0] = '\0';
	if (!isfinite(n))
		return buf;
	if (n == trunc(n) && fabs(n) <= WHOLE) {
		snprintf(buf, len, "%.0f", n);
		return buf;
	}
	snprintf(buf, len, "%.6f", n);
	for (end = strlen(buf); end && buf[end - 1] == '0' && buf[end - 2] != '.'; end--)
		buf[end - 1] = '\0';
	return buf;
}

/* The screen's mark for what is not known; no value of a text column is a lone dash. */
static void put_word(const struct top_column *col, const struct top_row *row,
		     struct top_field *field)
{
	col->text(row, sizeof(field->word) - 1, field->word, sizeof(field->word));
	if (!strcmp(field->word, "-"))
		field->word[0] = '\0';
}

static unsigned int put_split(const struct top_row *row, struct top_field *field)
{
	static const char *const names[CCW_TOTAL] = {
		[CCW_TRANSLATE] = "translate_ratio", [CCW_START] = "start_ratio",
		[CCW_DEVICE] = "device_ratio", [CCW_DELIVER] = "deliver_ratio",
	};
	unsigned int s;

	for (s = 0; s < CCW_TOTAL; s++) {
		field[s] = (struct top_field){ .name = names[s] };
		if (row)
			top_digits(row->share[s], field[s].digits, sizeof(field[s].digits));
	}
	return s;
}

unsigned int top_fields(const struct top_column *col, const struct top_row *row,
			struct top_field field[TOP_FIELDS_MAX])
{
	_Static_assert(CCW_TOTAL <= TOP_FIELDS_MAX, "room for every stage");

	if (!strcmp(col->key, "split"))
		return put_split(row, field);
	field[0] = (struct top_field){
		.name = col->field ? col->field : col->key, .text = col->by_text,
	};
	if (!row)
		return 1;
	if (col->by_text)
		put_word(col, row, &field[0]);
	else
		top_digits(col->number(row), field[0].digits, sizeof(field[0].digits));
	return 1;
}
