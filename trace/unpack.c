// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "trace/unpack.h"

#define FIRST_ROOM (64 << 10)
#define WINDOW_LOG_MAX 24 /* 16 MiB, more than any block needs that we accept */

struct ccw_unpacker {
	enum ccw_pack pack;
	ZSTD_DCtx *zstd;
	z_stream zlib;
};

/* Progress of one block, whatever packed it. */
struct step {
	const uint8_t *src;
	size_t src_len, src_pos;
	bool done;
};

enum ccw_pack ccw_pack_of(const char *name)
{
	if (!strcmp(name, "none"))
		return CCW_PACK_NONE;
	if (!strcmp(name, "zstd"))
		return CCW_PACK_ZSTD;
	if (!strcmp(name, "zlib"))
		return CCW_PACK_ZLIB;
	return CCW_PACK_UNKNOWN;
}

struct ccw_unpacker *ccw_unpacker_new(enum ccw_pack pack)
{
	struct ccw_unpacker *u = calloc(1, sizeof(*u));
	bool ok = u;

	if (!u)
		return NULL;
	u->pack = pack;
	if (pack == CCW_PACK_ZSTD) {
		u->zstd = ZSTD_createDCtx();
		ok = u->zstd;
		if (ok)
			ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	} else if (pack == CCW_PACK_ZLIB) {
		ok = inflateInit(&u->zlib) == Z_OK;
	}
	if (ok)
		return u;
	free(u);
	return NULL;
}

void ccw_unpacker_free(struct ccw_unpacker *u)
{
	if (!u)
		return;
	ZSTD_freeDCtx(u->zstd);
	if (u->pack == CCW_PACK_ZLIB)
		inflateEnd(&u->zlib);
	free(u);
}

static int step_zstd(struct ccw_unpacker *u, struct step *s, struct ccw_unpacked *out)
{
	ZSTD_inBuffer in = { s->src, s->src_len, s->src_pos };
	ZSTD_outBuffer to = { out->p, out->room, out->len };
	size_t rc = ZSTD_decompressStream(u->zstd, &to, &in);

	if (ZSTD_isError(rc))
		return -EINVAL;
	s->done = !rc;
	s->src_pos = in.pos;
	out->len = to.pos;
	return 0;
}

static int step_zlib(struct ccw_unpacker *u, struct step *s, struct ccw_unpacked *out)
{
	z_stream *z = &u->zlib;
	size_t in = s->src_len - s->src_pos, room = out->room - out->len;
	int rc;

	z->next_in = (uint8_t *)s->src + s->src_pos;
	z->avail_in = in > INT32_MAX ? INT32_MAX : in;
	z->next_out = out->p + out->len;
	z->avail_out = room > INT32_MAX ? INT32_MAX : room;
	rc = inflate(z, Z_NO_FLUSH);
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return rc == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
	s->done = rc == Z_STREAM_END;
	s->src_pos = z->next_in - s->src;
	out->len = z->next_out - out->p;
	return 0;
}

static int make_room(struct ccw_unpacked *out, size_t room)
{
	uint8_t *p;

	if (room <= out->room)
		return 0;
	p = realloc(out->p, room);
	if (!p)
		return -ENOMEM;
	out->p = p;
	out->room = room;
	return 0;
}

int ccw_unpack(struct ccw_unpacker *u, const void *src, size_t len, size_t want, size_t max,
	       struct ccw_unpacked *out, size_t *used)
{
	struct step s = { .src = src, .src_len = len };
	int rc;

	if (want > max)
		return -E2BIG;
	out->len = 0;
	rc = make_room(out, want ? want : FIRST_ROOM);
	if (rc)
		return rc;
	if (u->pack == CCW_PACK_ZSTD)
		ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
	else
		inflateReset(&u->zlib);
	while (!s.done) {
		size_t in = s.src_pos, got = out->len;

		rc = u->pack == CCW_PACK_ZSTD ? step_zstd(u, &s, out) : step_zlib(u, &s, out);
		if (rc)
			return rc;
		if (s.done || s.src_pos != in || out->len != got)
			continue;
		/* Stuck: for want of room or for want of bytes. */
		if (out->len < out->room)
			return -EINVAL;
		if (want && out->len >= want)
			return -EINVAL;
		if (out->room >= max)
			return -E2BIG;
		rc = make_room(out, out->room * 2 > max ? max : out->room * 2);
		if (rc)
			return rc;
	}
	*used = s.src_pos;
	return want && out->len != want ? -EINVAL : 0;
}
