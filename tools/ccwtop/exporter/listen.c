// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ccwtop/exporter/listen.h"

#define BACKLOG 64
/* Of a connection; the kernel by itself keeps up to 4 MiB for each client that does not read. */
#define SEND_BUFFER 131072

static int parse_port(const char *text, in_port_t *port)
{
	unsigned long n;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (*end || errno || n > 65535)
		return -EINVAL;
	*port = htons(n);
	return 0;
}

static int parse_v6(const char *host, size_t len, in_port_t port, struct exp_address *a)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&a->addr;
	char text[INET6_ADDRSTRLEN];

	if (len < 2 || host[len - 1] != ']' || len - 2 >= sizeof(text))
		return -EINVAL;
	memcpy(text, host + 1, len - 2);
	text[len - 2] = '\0';
	in6->sin6_family = AF_INET6;
	in6->sin6_port = port;
	a->len = sizeof(*in6);
	return inet_pton(AF_INET6, text, &in6->sin6_addr) == 1 ? 0 : -EINVAL;
}

static int parse_v4(const char *host, size_t len, in_port_t port, struct exp_address *a)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&a->addr;
	char text[INET_ADDRSTRLEN] = "127.0.0.1";

	if (len >= sizeof(text))
		return -EINVAL;
	if (len) {
		memcpy(text, host, len);
		text[len] = '\0';
	}
	in->sin_family = AF_INET;
	in->sin_port = port;
	a->len = sizeof(*in);
	return inet_pton(AF_INET, text, &in->sin_addr) == 1 ? 0 : -EINVAL;
}

int exp_address_parse(const char *text, struct exp_address *a)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? colon - text : 0;
	in_port_t port;

	memset(a, 0, sizeof(*a));
	if (parse_port(colon ? colon + 1 : text, &port))
		return -EINVAL;
	return *text == '[' ? parse_v6(text, len, port, a) : parse_v4(text, len, port, a);
}

const char *exp_address_str(const struct exp_address *a, char *buf, size_t len)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&a->addr;
	const struct sockaddr_in *in = (const struct sockaddr_in *)&a->addr;
	char host[INET6_ADDRSTRLEN] = "?";

	if (a->addr.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		snprintf(buf, len, "[%s]:%u", host, ntohs(in6->sin6_port));
	} else {
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(buf, len, "%s:%u", host, ntohs(in->sin_port));
	}
	return buf;
}

int exp_listen(struct exp_address *a, struct ccw_error *err)
{
	int fd = socket(a->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char name[64];
	int one = 1, room = SEND_BUFFER, rc;

	if (fd >= 0) {
		/* A restart must not wait for what is left of old connections. */
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
		if (!bind(fd, (struct sockaddr *)&a->addr, a->len) && !listen(fd, BACKLOG) &&
		    !getsockname(fd, (struct sockaddr *)&a->addr, &a->len))
			return fd;
	}
	rc = -errno;
	if (fd >= 0)
		close(fd);
	exp_address_str(a, name, sizeof(name));
	snprintf(err->text, sizeof(err->text), "cannot listen on %s: %s (%s)", name, strerror(-rc),
		 rc == -EADDRINUSE ? "choose another port, or end who has it" :
		 rc == -EACCES ? "ports below 1024 are for root" :
				 "choose an address of this machine");
	return rc;
}
