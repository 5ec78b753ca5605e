// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "tools/ccwtrace/protobuf.h"

#define VARINT 0
#define FIXED64 1
#define LENGTH 2

#define VARINT_MOST 10

/* A length is written when its message ends: always in two bytes, which hold up to 16383. */
#define LENGTH_BYTES 2

static size_t varint(uint8_t *to, uint64_t v)
{
	size_t n = 0;

	while (v > 0x7f) {
		to[n++] = v | 0x80;
		v >>= 7;
	}
	to[n++] = v;
	return n;
}

static bool room(struct pb *pb, size_t n)
{
	if (pb->len + n <= PB_ROOM)
		return true;
	pb->overflow = true;
	return false;
}

static void tag(struct pb *pb, unsigned int field, unsigned int type)
{
	pb->len += varint(pb->bytes + pb->len, field << 3 | type);
}

void pb_begin(struct pb *pb)
{
	pb->len = 0;
	pb->depth = 0;
	pb->overflow = false;
}

void pb_uint(struct pb *pb, unsigned int field, uint64_t v)
{
	if (!room(pb, 2 * VARINT_MOST))
		return;
	tag(pb, field, VARINT);
	pb->len += varint(pb->bytes + pb->len, v);
}

void pb_fixed64(struct pb *pb, unsigned int field, uint64_t v)
{
	unsigned int i;

	if (!room(pb, VARINT_MOST + 8))
		return;
	tag(pb, field, FIXED64);
	for (i = 0; i < 8; i++)
		pb->bytes[pb->len++] = v >> 8 * i;
}

void pb_text(struct pb *pb, unsigned int field, const char *text)
{
	size_t n = strlen(text);

	if (!room(pb, 2 * VARINT_MOST + n))
		return;
	tag(pb, field, LENGTH);
	pb->len += varint(pb->bytes + pb->len, n);
	memcpy(pb->bytes + pb->len, text, n);
	pb->len += n;
}

void pb_open(struct pb *pb, unsigned int field)
{
	if (pb->depth == PB_DEPTH || !room(pb, VARINT_MOST + LENGTH_BYTES)) {
		pb->overflow = true;
		return;
	}
	tag(pb, field, LENGTH);
	pb->len += LENGTH_BYTES;
	pb->open[pb->depth++] = pb->len;
}

void pb_close(struct pb *pb)
{
	size_t from, n;

	if (pb->overflow || !pb->depth)
		return;
	from = pb->open[--pb->depth];
	n = pb->len - from;
	pb->bytes[from - 2] = n | 0x80;
	pb->bytes[from - 1] = n >> 7;
}

int pb_write(struct pb *pb, unsigned int field, FILE *out)
{
	uint8_t head[2 * VARINT_MOST];
	size_t n;

	if (pb->overflow || pb->depth)
		return -E2BIG;
	n = varint(head, field << 3 | LENGTH);
	n += varint(head + n, pb->len);
	fwrite(head, n, 1, out);
	fwrite(pb->bytes, pb->len, 1, out);
	return 0;
}
