// SPDX-License-Identifier: GPL-2.0
/* The deterministic content of a record: who it is, then pseudo-random numbers from that. */
#include <string.h>

#include "builtin.h"
#include "tools/dev/bytes.h"

#define MAGIC		0x43435750u	/* "CCWP" */
#define HEADER_SIZE	20u

uint64_t rng_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void pattern_fill(uint8_t *buf, size_t len, uint32_t track, uint32_t record, uint64_t seed)
{
	uint64_t state = seed ^ (uint64_t)track << 20 ^ record;
	uint8_t header[HEADER_SIZE];
	size_t at = 0;

	put_be32(header, MAGIC);
	put_be32(header + 4, track);
	put_be32(header + 8, record);
	put_be64(header + 12, seed);
	if (len >= HEADER_SIZE) {
		memcpy(buf, header, HEADER_SIZE);
		at = HEADER_SIZE;
	}
	for (; len - at >= 8; at += 8)
		put_be64(buf + at, rng_next(&state));
	if (at < len) {
		uint8_t last[8];

		put_be64(last, rng_next(&state));
		memcpy(buf + at, last, len - at);
	}
}

size_t pattern_compare(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i = 0;

	if (memcmp(a, b, len) == 0)
		return len;
	while (a[i] == b[i])
		i++;
	return i;
}

bool pattern_identify(const uint8_t *buf, size_t len, uint32_t *track, uint32_t *record,
		      uint64_t *seed)
{
	if (len < HEADER_SIZE || get_be32(buf) != MAGIC)
		return false;
	*track = get_be32(buf + 4);
	*record = get_be32(buf + 8);
	*seed = get_be64(buf + 12);
	return true;
}
