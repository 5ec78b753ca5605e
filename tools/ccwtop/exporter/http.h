/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The server, in the caller's thread. What clients can cost is bounded: EXP_CONNECTIONS of them, a
 * part of these from one address, so much memory for each, and so long a time.
 */
#ifndef CCWTOP_EXPORTER_HTTP_H
#define CCWTOP_EXPORTER_HTTP_H

#include "tools/ccwtop/exporter/text.h"

#define EXP_CONNECTIONS 64
#define EXP_CONNECTIONS_ADDRESS 32
#define EXP_CONNECTION_BYTES 65536
#define EXP_CONNECTION_SECONDS 30 /* from its begin or its last answer to the end of the next */

struct exp_http;

struct exp_http_ops {
	/* A scrape begins. What to show, or NULL: it failed, and the server is about to end. */
	const struct exp_view *(*scrape)(void *ctx, enum exp_format format);
	void *ctx;
};

/* fd listens and belongs to the server from now on. ops must outlive it. NULL: -errno in errno. */
struct exp_http *exp_http_new(int fd, const struct exp_http_ops *ops);
void exp_http_free(struct exp_http *h);

/* Serves for at most so many seconds; a signal ends it early. */
void exp_http_run(struct exp_http *h, double seconds);

unsigned int exp_http_connections(const struct exp_http *h);
uint64_t exp_http_cut(const struct exp_http *h); /* connections that took too long */

#endif /* CCWTOP_EXPORTER_HTTP_H */
