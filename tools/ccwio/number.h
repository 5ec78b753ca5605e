/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers as people type them. */
#ifndef CCWIO_NUMBER_H
#define CCWIO_NUMBER_H

#include <stdint.h>

/*
 * Decimal or 0x hexadecimal, with an optional suffix K, M or G (powers of 1024; not after hex),
 * from 0 to @max. Returns 0, or -EINVAL and leaves *@out alone.
 */
int number_parse(const char *text, uint64_t max, uint64_t *out);

/* Seconds, with an optional suffix us, ms, s or m; result in nanoseconds, at most 30 days. */
int number_parse_time(const char *text, uint64_t *ns);

#endif
