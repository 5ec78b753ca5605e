// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/ccwio_channel.h"

static uint64_t be(const uint8_t *p, unsigned int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

struct ccw {
	uint8_t cmd, flags;
	uint32_t count, addr;
};

static bool fetch(const struct program *p, uint64_t at, struct ccw *c, const char **why)
{
	const uint8_t *raw = prog_host(p, at, 8);
	bool fmt1 = prog_orb(p)[5] & 0x80;

	if (at & 7) {
		*why = "CCW not on a doubleword boundary";
		return false;
	}
	if (!raw || at > (fmt1 ? 0x7fffffffu : 0xffffffu)) {
		*why = "CCW outside of memory";
		return false;
	}
	c->cmd = raw[0];
	c->flags = fmt1 ? raw[1] : raw[4];
	c->count = (uint32_t)(fmt1 ? be(raw + 2, 2) : be(raw + 6, 2));
	c->addr = (uint32_t)(fmt1 ? be(raw + 4, 4) : be(raw + 1, 3));
	if (fmt1 && c->addr & 0x80000000u) {
		*why = "address of 32 bits";
		return false;
	}
	if (!fmt1 && c->count == 0 && (c->cmd & 0x0f) != 0x08) {
		*why = "count 0 in format 0";
		return false;
	}
	return true;
}

static bool gather(const struct program *p, const struct ccw *c, struct command *k,
		   const char **why)
{
	bool fmt2 = prog_orb(p)[5] & 0x02, two_k = prog_orb(p)[5] & 0x01;
	uint64_t block = fmt2 && !two_k ? 4096 : 2048, left = c->count, list = c->addr;
	unsigned int width = fmt2 ? 8 : 4;
	uint8_t *to = realloc(k->bytes, k->count + c->count + 1);

	if (!to) {
		*why = "out of memory";
		return false;
	}
	k->bytes = to;
	to += k->count;
	if (c->flags & 0x04 && list & (width - 1)) {
		*why = "IDAL not aligned";
		return false;
	}
	for (bool first = true; left; first = false) {
		uint64_t addr = c->addr, n = left;
		const uint8_t *from;

		if (c->flags & 0x04) {
			const uint8_t *w = prog_host(p, list, width);

			if (!w) {
				*why = "IDAW outside of memory";
				return false;
			}
			addr = be(w, width);
			list += width;
			if (!first && addr & (block - 1)) {
				*why = "IDAW not on a block boundary";
				return false;
			}
			n = block - (addr & (block - 1));
			if (n > left)
				n = left;
		}
		from = prog_host(p, addr, n);
		if (!from) {
			*why = "data outside of memory";
			return false;
		}
		if (first && k->ccws == 0)
			k->first = addr;
		memcpy(to, from, n);
		to += n;
		left -= n;
	}
	k->count += c->count;
	return true;
}

int channel_walk(const struct program *p, struct command *list, int max, const char **why)
{
	uint64_t at = be(prog_orb(p) + 8, 4);
	bool after_tic = false, chaining = false;
	int n = 0;

	*why = NULL;
	memset(list, 0, (size_t)max * sizeof(*list));
	while (n < max) {
		struct command *k = &list[n];
		struct ccw c;

		if (!fetch(p, at, &c, why))
			goto refuse;
		if ((c.cmd & 0x0f) == 0x08) {
			if (after_tic || (n == 0 && !chaining)) {
				*why = "TIC to TIC, or first";
				goto refuse;
			}
			after_tic = true;
			at = c.addr;
			continue;
		}
		after_tic = false;
		if (!chaining)
			k->cmd = c.cmd;
		if (!gather(p, &c, k, why))
			goto refuse;
		k->ccws++;
		k->flags = c.flags;
		chaining = c.flags & 0x80;
		if (chaining) {
			at += 8;
			continue;
		}
		n++;
		if (!(c.flags & 0x40))
			return n;
		/* SEARCH ID EQUAL with status modifier skips the next CCW */
		at += k->cmd == 0x31 ? 16 : 8;
	}
	*why = "more commands than the test allows";
refuse:
	channel_free(list, n < max ? n + 1 : max);
	return -1;
}

void channel_free(struct command *list, int n)
{
	for (int i = 0; i < n; i++)
		free(list[i].bytes);
}
