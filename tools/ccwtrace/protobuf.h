/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Encoding of protobuf messages (protobuf.dev/programming-guides/encoding): numbers, texts and
 * messages within messages, in a buffer that holds one packet at a time.
 */
#ifndef CCWTRACE_PROTOBUF_H
#define CCWTRACE_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PB_ROOM 4096
#define PB_DEPTH 4

struct pb {
	uint8_t bytes[PB_ROOM];
	size_t len;
	size_t open[PB_DEPTH]; /* where the messages that are not ended begin */
	unsigned int depth;
	bool overflow; /* something did not fit: pb_write() refuses */
};

void pb_begin(struct pb *pb);
void pb_uint(struct pb *pb, unsigned int field, uint64_t v);
void pb_fixed64(struct pb *pb, unsigned int field, uint64_t v);
void pb_text(struct pb *pb, unsigned int field, const char *text);
/* A message as a field of the one that is open. */
void pb_open(struct pb *pb, unsigned int field);
void pb_close(struct pb *pb);

/* Writes what was begun as a field of the outermost message. 0 or -E2BIG. */
int pb_write(struct pb *pb, unsigned int field, FILE *out);

#endif /* CCWTRACE_PROTOBUF_H */
