// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/ccwtop/exporter/http.h"
#include "tools/ccwtop/view.h"

struct connection {
	struct connection *next, **at;
	int fd;
	double since; /* it came, or got its last answer */
	bool cut;
};

struct exp_http {
	struct MHD_Daemon *daemon;
	const struct exp_http_ops *ops;
	struct connection *first;
	unsigned int connections;
	uint64_t cut;
	double swept;
	int epoll;
};

/* One answer under way. What a block of the server has no room for waits in item. */
struct answer {
	struct exp_cursor cursor;
	size_t len, sent;
	char item[EXP_ITEM];
};

static ssize_t next_text(void *ctx, uint64_t pos, char *buf, size_t max)
{
	struct answer *a = ctx;
	ssize_t n;

	(void)pos;
	if (a->sent == a->len && max >= EXP_ITEM) {
		n = exp_text(&a->cursor, buf, max);
		return n < 0 ? MHD_CONTENT_READER_END_WITH_ERROR :
		       n ? n : MHD_CONTENT_READER_END_OF_STREAM;
	}
	if (a->sent == a->len) {
		n = exp_text(&a->cursor, a->item, sizeof(a->item));
		if (n <= 0)
			return n ? MHD_CONTENT_READER_END_WITH_ERROR :
				   MHD_CONTENT_READER_END_OF_STREAM;
		a->len = n;
		a->sent = 0;
	}
	if (max > a->len - a->sent)
		max = a->len - a->sent;
	memcpy(buf, a->item + a->sent, max);
	a->sent += max;
	return max;
}

static enum MHD_Result answer(struct MHD_Connection *c, unsigned int status,
			      struct MHD_Response *r, const char *header, const char *value)
{
	enum MHD_Result rc;

	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, header, value);
	rc = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return rc;
}

static enum MHD_Result say(struct MHD_Connection *c, unsigned int status, const char *text)
{
	return answer(c, status,
		      MHD_create_response_from_buffer(strlen(text), (void *)text,
						      MHD_RESPMEM_PERSISTENT),
		      MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
}

static enum MHD_Result metrics(struct exp_http *h, struct MHD_Connection *c)
{
	enum exp_format format = exp_accept(
		MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT));
	const struct exp_view *v = h->ops->scrape(h->ops->ctx, format);
	struct MHD_Response *r;
	struct answer *a;

	if (!v)
		return say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "The source failed.\n");
	a = calloc(1, sizeof(*a));
	if (!a)
		return MHD_NO;
	a->cursor.v = v;
	a->cursor.format = format;
	r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EXP_CONNECTION_BYTES, next_text, a,
					      free);
	if (!r)
		free(a);
	return answer(c, MHD_HTTP_OK, r, MHD_HTTP_HEADER_CONTENT_TYPE, exp_content_type(format));
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *size, void **request)
{
	static const char where[] = "ccwtop: the metrics are at /metrics\n";
	static const char refused[] = "Only GET and HEAD are served.\n";

	(void)version;
	(void)data;
	(void)size;
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer(c, MHD_HTTP_METHOD_NOT_ALLOWED,
			      MHD_create_response_from_buffer(sizeof(refused) - 1, (void *)refused,
							      MHD_RESPMEM_PERSISTENT),
			      MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	if (!*request) { /* the head came; a body may follow, which the second call is behind */
		*request = ctx;
		return MHD_YES;
	}
	if (*size) {
		*size = 0;
		return MHD_YES;
	}
	if (!strcmp(url, "/metrics"))
		return metrics(ctx, c);
	return strcmp(url, "/") ? say(c, MHD_HTTP_NOT_FOUND, where) : say(c, MHD_HTTP_OK, where);
}

static void on_completed(void *ctx, struct MHD_Connection *c, void **request,
			 enum MHD_RequestTerminationCode how)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct connection *k = info ? info->socket_context : NULL;

	(void)ctx;
	(void)request;
	if (k && how == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		k->since = top_now();
}

static void came(struct exp_http *h, struct MHD_Connection *c, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *k = calloc(1, sizeof(*k));

	h->connections++;
	if (!k || !info) { /* it lives, and only the time without any byte is bounded */
		free(k);
		return;
	}
	k->fd = info->connect_fd;
	k->since = top_now();
	k->next = h->first;
	k->at = &h->first;
	if (h->first)
		h->first->at = &k->next;
	h->first = k;
	*context = k;
}

static void on_connection(void *ctx, struct MHD_Connection *c, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct exp_http *h = ctx;
	struct connection *k = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		came(h, c, context);
		return;
	}
	h->connections--;
	if (!k)
		return;
	*k->at = k->next;
	if (k->next)
		k->next->at = k->at;
	free(k);
	*context = NULL;
}

/* The server ends a connection that is silent; one that trickles for ever is for us to end. */
static void sweep(struct exp_http *h)
{
	double now = top_now();
	struct connection *k;

	if (now - h->swept < 1)
		return;
	h->swept = now;
	for (k = h->first; k; k = k->next) {
		if (k->cut || now - k->since < EXP_CONNECTION_SECONDS)
			continue;
		k->cut = true;
		h->cut++;
		shutdown(k->fd, SHUT_RDWR);
	}
}

/* What the server would complain about are its clients' faults, which may be many. */
static void quiet(void *ctx, const char *format, va_list args)
{
	(void)ctx;
	(void)format;
	(void)args;
}

struct exp_http *exp_http_new(int fd, const struct exp_http_ops *ops)
{
	struct exp_http *h = calloc(1, sizeof(*h));
	const union MHD_DaemonInfo *info;

	if (!h) {
		close(fd);
		return NULL;
	}
	h->ops = ops;
	h->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)EXP_CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned int)EXP_CONNECTIONS_ADDRESS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)EXP_CONNECTION_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)EXP_CONNECTION_BYTES,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
	if (!h->daemon) {
		close(fd);
		free(h);
		return NULL;
	}
	info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	h->epoll = info ? info->epoll_fd : -1;
	return h;
}

void exp_http_free(struct exp_http *h)
{
	if (!h)
		return;
	MHD_stop_daemon(h->daemon);
	free(h);
}

void exp_http_run(struct exp_http *h, double seconds)
{
	struct pollfd p = { .fd = h->epoll, .events = POLLIN };
	MHD_UNSIGNED_LONG_LONG server_ms;
	int ms = seconds > 1 ? 1000 : ceil(seconds * 1000);

	if (ms < 0)
		ms = 0;
	if (MHD_get_timeout(h->daemon, &server_ms) == MHD_YES && server_ms < (unsigned int)ms)
		ms = server_ms;
	if (poll(&p, 1, ms) < 0 && errno == EINTR)
		return;
	MHD_run(h->daemon);
	sweep(h);
}

unsigned int exp_http_connections(const struct exp_http *h)
{
	return h->connections;
}

uint64_t exp_http_cut(const struct exp_http *h)
{
	return h->cut;
}
