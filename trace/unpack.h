/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decompression of the blocks of a trace.dat file: each is one frame of zstd or one stream of
 * zlib. Private to the library.
 */
#ifndef TRACE_UNPACK_H
#define TRACE_UNPACK_H

#include <stddef.h>
#include <stdint.h>

enum ccw_pack {
	CCW_PACK_NONE,
	CCW_PACK_ZSTD,
	CCW_PACK_ZLIB,
	CCW_PACK_UNKNOWN,
};

/* As the header of the file names it. */
enum ccw_pack ccw_pack_of(const char *name);

/* Where blocks are unpacked to; zero to begin with, free p at the end. */
struct ccw_unpacked {
	uint8_t *p;
	size_t len, room;
};

struct ccw_unpacker;

/* NULL: lack of memory. Works on one block after the other, of as many files as one likes. */
struct ccw_unpacker *ccw_unpacker_new(enum ccw_pack pack);
void ccw_unpacker_free(struct ccw_unpacker *u);

/*
 * Unpacks the block that begins at src into out, replacing what was there. want: its unpacked
 * size, 0 if nobody knows; max: what is too much. *used: bytes of src that it took. 0, -EINVAL
 * damaged or cut off, -E2BIG more than max, -ENOMEM.
 */
int ccw_unpack(struct ccw_unpacker *u, const void *src, size_t len, size_t want, size_t max,
	       struct ccw_unpacked *out, size_t *used);

#endif /* TRACE_UNPACK_H */
