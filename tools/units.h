/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers with units, as a person types them.
 */
#ifndef TOOLS_UNITS_H
#define TOOLS_UNITS_H

#include <stdint.h>

/*
 * "30", "1.5s", "20ms", "500us", "100ns", "2m", "1h"; without a unit: seconds. More than 0, at most
 * 30 years. 0 or -EINVAL.
 */
int parse_time(const char *text, uint64_t *ns);

/* "65536", "64K", "1.5M", "2G", "1T", powers of 1,024; "KiB" and the like too. 0 or -EINVAL. */
int parse_size(const char *text, uint64_t *bytes);

#endif /* TOOLS_UNITS_H */
