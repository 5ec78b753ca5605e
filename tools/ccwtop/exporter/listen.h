/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_EXPORTER_LISTEN_H
#define CCWTOP_EXPORTER_LISTEN_H

#include <stddef.h>
#include <sys/socket.h>

#include "trace/ccw_source.h"

struct exp_address {
	struct sockaddr_storage addr;
	socklen_t len;
};

/*
 * "9488", ":9488", "192.0.2.1:9488", "[::1]:9488"; without an address the loopback's. Names are not
 * looked up. 0 or -EINVAL.
 */
int exp_address_parse(const char *text, struct exp_address *a);

/* As a URL has it: "127.0.0.1:9488", "[::1]:9488". Returns buf. */
const char *exp_address_str(const struct exp_address *a, char *buf, size_t len);

/*
 * A listening socket, to be closed by the caller; port 0 becomes the one that the kernel chose. A
 * negative errno with err filled otherwise.
 */
int exp_listen(struct exp_address *a, struct ccw_error *err);

#endif /* CCWTOP_EXPORTER_LISTEN_H */
