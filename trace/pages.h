/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pages of one CPU in a recording: in one piece as they lie in the file, or unpacked chunk by
 * chunk. Private to the library.
 *
 * Packed, they are a u32 number of chunks, and chunks of u32 packed size, u32 size, and a block
 * (trace-cmd.dat.v7(5)). trace-cmd 3.3 on 64-bit big-endian machines writes all three numbers as
 * 0; the blocks tell how long they are. trace-cmd 3.1 states a length of the whole that lacks the
 * first four bytes: let it end up to CCW_PAGES_SLACK bytes later, too few for a further chunk.
 */
#ifndef TRACE_PAGES_H
#define TRACE_PAGES_H

#include <stdbool.h>

#include "trace/ring.h"
#include "trace/unpack.h"

/* Nothing that trace-cmd or ccwtrace writes comes near it. */
#define CCW_MAX_CHUNK (16U << 20)

#define CCW_PAGES_SLACK 4

struct ccw_chunk {
	uint64_t at; /* of its header, from the beginning */
	uint32_t packed, size; /* 0: the file does not say */
};

struct ccw_pages {
	const uint8_t *base; /* of the first chunk's header, or of the first page */
	uint64_t len;
	uint32_t count; /* chunks that the file promises, 0: it does not say */
	struct ccw_unpacker *unpacker; /* NULL: not packed. Shared, not ours */
	bool swap;
	uint64_t pos; /* of the next chunk */
	uint64_t damaged; /* chunks that could not be unpacked so far */
	bool zero_sizes; /* a size was not stated */
	struct ccw_unpacked out;
};

/* unpacker NULL: the pages lie in the file as they are. */
void ccw_pages_init(struct ccw_pages *p, const void *data, uint64_t len, bool swap,
		    struct ccw_unpacker *unpacker);
void ccw_pages_free(struct ccw_pages *p);

/*
 * The next pages; valid until the next call. 1: *pages and *len are set, len > 0; 0: no more;
 * -ENOMEM.
 */
int ccw_pages_next(struct ccw_pages *p, const uint8_t **pages, size_t *len);

/* Back to the first. */
void ccw_pages_rewind(struct ccw_pages *p);

/*
 * The header of the chunk at *pos, and *pos behind it. A chunk that does not say how long it is
 * gets unpacked for that. 1; 0: no more; -EINVAL cut off or damaged; -ENOMEM.
 */
int ccw_pages_chunk(struct ccw_pages *p, uint64_t *pos, struct ccw_chunk *chunk);

#endif /* TRACE_PAGES_H */
