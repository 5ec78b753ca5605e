// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/units.h"

struct unit {
	const char *name;
	double factor;
};

/* A decimal number and one of the units; its value is more than 0 and at most max. */
static int parse(const char *text, const struct unit *units, double max, uint64_t *value)
{
	size_t n = strspn(text, "0123456789.");
	double v;
	char *end;

	if (!n) /* no sign, no hexadecimal, no "inf" */
		return -EINVAL;
	v = strtod(text, &end);
	if (end != text + n)
		return -EINVAL;
	for (; units->name; units++) {
		if (strcasecmp(units->name, end))
			continue;
		v *= units->factor;
		if (!(v >= 1) || v > max)
			return -EINVAL;
		*value = v;
		return 0;
	}
	return -EINVAL;
}

int parse_time(const char *text, uint64_t *ns)
{
	static const struct unit units[] = {
		{ "", 1e9 }, { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 },
		{ "m", 60e9 }, { "min", 60e9 }, { "h", 3600e9 }, { NULL, 0 },
	};

	return parse(text, units, 1e18, ns);
}

int parse_size(const char *text, uint64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 }, { "K", 1024 }, { "KiB", 1024 }, { "M", 1 << 20 }, { "MiB", 1 << 20 },
		{ "G", 1 << 30 }, { "GiB", 1 << 30 }, { "T", 1099511627776.0 },
		{ "TiB", 1099511627776.0 }, { NULL, 0 },
	};

	return parse(text, units, 1e18, bytes);
}
