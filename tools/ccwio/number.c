// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "number.h"

int number_parse(const char *text, uint64_t max, uint64_t *out)
{
	int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	unsigned int shift = 0;
	uint64_t v;
	char *end;

	/* strtoull would take signs and leading blanks */
	if (base == 16 ? !isxdigit((unsigned char)text[2]) : !isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	v = strtoull(text, &end, base);
	if (errno)
		return -EINVAL;
	if (base == 10 && *end && !end[1]) {
		static const char suffixes[] = "KMG";
		const char *s = strchr(suffixes, toupper((unsigned char)*end));

		if (s) {
			shift = 10 * (unsigned int)(s - suffixes + 1);
			end++;
		}
	}
	if (*end || v > UINT64_MAX >> shift || v << shift > max)
		return -EINVAL;
	*out = v << shift;
	return 0;
}

int number_parse_time(const char *text, uint64_t *ns)
{
	double unit = 1e9, v;
	char *end;

	if (!isdigit((unsigned char)text[0]) && text[0] != '.')
		return -EINVAL;
	errno = 0;
	v = strtod(text, &end);
	if (errno || end == text || !isfinite(v))
		return -EINVAL;
	if (strcmp(end, "us") == 0)
		unit = 1e3;
	else if (strcmp(end, "ms") == 0)
		unit = 1e6;
	else if (strcmp(end, "m") == 0)
		unit = 60e9;
	else if (*end && strcmp(end, "s"))
		return -EINVAL;
	v *= unit;
	if (v > 30.0 * 86400 * 1e9)
		return -EINVAL;
	*ns = (uint64_t)v;
	return 0;
}
