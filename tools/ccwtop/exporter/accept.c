// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "tools/ccwtop/exporter/accept.h"

struct word {
	const char *at;
	size_t len;
};

static bool is(struct word w, const char *text)
{
	return w.len == strlen(text) && !strncasecmp(w.at, text, w.len);
}

/* The next part of *rest up to sep, without blanks around it. False: there is none. */
static bool part(struct word *rest, char sep, struct word *w)
{
	const char *end;

	if (!rest->at)
		return false;
	end = memchr(rest->at, sep, rest->len);
	*w = (struct word){ rest->at, end ? (size_t)(end - rest->at) : rest->len };
	if (end)
		*rest = (struct word){ end + 1, rest->len - w->len - 1 };
	else
		rest->at = NULL;
	while (w->len && isspace((unsigned char)*w->at)) {
		w->at++;
		w->len--;
	}
	while (w->len && isspace((unsigned char)w->at[w->len - 1]))
		w->len--;
	return true;
}

/* "1", "0.5", "0.333" in thousandths; what is no such number counts as 0. */
static int quality(struct word w)
{
	int q, scale = 100;
	size_t i;

	if (!w.len || (w.at[0] != '0' && w.at[0] != '1') || w.len > 5)
		return 0;
	q = 1000 * (w.at[0] - '0');
	if (w.len > 1 && w.at[1] != '.')
		return 0;
	for (i = 2; i < w.len; i++, scale /= 10) {
		if (!isdigit((unsigned char)w.at[i]))
			return 0;
		q += scale * (w.at[i] - '0');
	}
	return q > 1000 ? 1000 : q;
}

/* Parameters: the quality, or 0 if the version is none of ours. */
static int parameters(struct word rest, const char *version, const char *older)
{
	struct word w, name;
	int q = 1000;

	while (part(&rest, ';', &w)) {
		if (!part(&w, '=', &name) || !w.at)
			continue;
		if (is(name, "q"))
			q = quality(w);
		else if (is(name, "version") && !is(w, version) && !is(w, older))
			return 0;
	}
	return q;
}

enum exp_format exp_accept(const char *header)
{
	struct word rest = { header, header ? strlen(header) : 0 }, range, type;
	int open = 0, text = 0, q;

	while (part(&rest, ',', &range)) {
		if (!part(&range, ';', &type))
			continue;
		if (is(type, "application/openmetrics-text")) {
			q = parameters(range, "1.0.0", "0.0.1");
			open = q > open ? q : open;
		} else if (is(type, "text/plain") || is(type, "text/*") || is(type, "*/*")) {
			q = parameters(range, "0.0.4", "");
			text = q > text ? q : text;
		}
	}
	return open && open >= text ? EXP_OPENMETRICS : EXP_TEXT;
}

const char *exp_content_type(enum exp_format format)
{
	return format == EXP_OPENMETRICS ?
		"application/openmetrics-text; version=1.0.0; charset=utf-8" :
		"text/plain; version=0.0.4; charset=utf-8";
}
