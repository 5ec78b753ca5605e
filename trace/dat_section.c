// SPDX-License-Identifier: GPL-2.0
/*
 * Sections of trace.dat version 7: u16 id, u16 flags, u32 name, u64 length, contents. Packed ones
 * begin with u32 packed length, u32 length, both of them 0 or right (see trace/pages.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/bytes.h"
#include "trace/dat_int.h"

#define SECTION_COMPRESSED 1

/* All of a kernel's symbols are 10 MiB of text. */
#define MAX_SECTION (64U << 20)

static int keep(struct ccw_dat *dat, uint8_t *p)
{
	uint8_t **list = dat->unpacked;
	size_t n = dat->nr_unpacked;

	if (!(n & (n - 1))) {
		list = realloc(list, (n ? 2 * n : 1) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		dat->unpacked = list;
	}
	list[dat->nr_unpacked++] = p;
	return 0;
}

static int unpack(struct ccw_dat *dat, struct dat_reader *in, const char *what)
{
	struct ccw_unpacked out = { 0 };
	uint32_t packed = dat_u32(in, what), size = dat_u32(in, what);
	uint64_t room = in->size - in->pos;
	size_t used;
	int rc;

	if (in->what)
		return -EINVAL;
	in->what = what;
	if (!dat->unpacker || packed > room)
		return -EINVAL;
	dat->zero_sizes |= !packed || !size;
	rc = ccw_unpack(dat->unpacker, in->base + in->pos, packed ? packed : room, size,
			MAX_SECTION, &out, &used);
	rc = rc ? rc : keep(dat, out.p);
	if (rc) {
		free(out.p);
		return rc == -ENOMEM ? rc : -EINVAL;
	}
	in->base = out.p;
	in->pos = 0;
	in->size = out.len;
	in->what = NULL;
	return 0;
}

int dat_open_section(struct ccw_dat *dat, uint64_t offset, unsigned int id, struct dat_reader *in,
		     const char *what)
{
	unsigned int got, flags;
	uint64_t len;

	*in = (struct dat_reader){
		.base = dat->map, .size = dat->size, .pos = offset,
		.swap = dat->big_endian != ccw_host_big_endian(),
	};
	got = dat_u16(in, what);
	flags = dat_u16(in, what);
	dat_u32(in, what); /* its name, for people */
	len = dat_u64(in, what);
	if (!in->what && (got != id || len > in->size - in->pos))
		in->what = what;
	if (in->what)
		return -EINVAL;
	in->size = in->pos + len;
	return flags & SECTION_COMPRESSED ? unpack(dat, in, what) : 0;
}
