// SPDX-License-Identifier: GPL-2.0
/*
 * Compressed parts of recordings, as trace-cmd writes them and as trace-cmd 3.3 writes them on
 * big-endian machines: with zeros for the sizes.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/unit/gen.h"

#define CHUNK (2 * GEN_PAGE)

bool gen_packs(const char *algorithm)
{
	return algorithm && (!strcmp(algorithm, "zstd") || !strcmp(algorithm, "zlib"));
}

/* A block without the size of its contents, which trace-cmd on s390x does not write either. */
static size_t pack_zstd(void *to, size_t room, const void *p, size_t n)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t len;

	ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, 0);
	len = ZSTD_compress2(c, to, room, p, n);
	ZSTD_freeCCtx(c);
	if (ZSTD_isError(len))
		abort();
	return len;
}

static void pack(struct gen_buf *b, const struct gen_file *f, const void *p, size_t n,
		 bool zero_packed)
{
	uLongf len = n + n / 2 + 1024;
	void *block = malloc(len);

	if (!block)
		abort();
	if (!strcmp(f->compression, "zstd"))
		len = pack_zstd(block, len, p, n);
	else if (compress2(block, &len, p, n, 6) != Z_OK)
		abort();
	gen_u32(b, zero_packed ? 0 : len);
	gen_u32(b, f->zero_sizes ? 0 : n);
	gen_bytes(b, block, len);
	free(block);
}

void gen_pack_section(struct gen_buf *b, const struct gen_file *f, const struct gen_buf *contents)
{
	pack(b, f, contents->p, contents->len, false);
}

size_t gen_pack_pages(struct gen_buf *b, const struct gen_file *f, const struct gen_buf *pages)
{
	size_t at = b->len, pos, n;

	gen_u32(b, f->zero_sizes ? 0 : (pages->len + CHUNK - 1) / CHUNK);
	for (pos = 0; pos < pages->len; pos += n) {
		n = pages->len - pos < CHUNK ? pages->len - pos : CHUNK;
		pack(b, f, pages->p + pos, n, f->zero_sizes);
	}
	return b->len - at - (f->short_sizes ? 4 : 0);
}
