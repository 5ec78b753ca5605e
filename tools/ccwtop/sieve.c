// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/sieve.h"

static int fail(struct ccw_error *err, int rc, const char *why)
{
	snprintf(err->text, sizeof(err->text), "%s", why);
	return rc;
}

/* -E2BIG: no room. A text that is there already is joined by how, "%s,%s". */
static int append(char *text, size_t len, const char *how, const char *what)
{
	char before[256];
	int n;

	snprintf(before, sizeof(before), "%s", text);
	n = *before ? snprintf(text, len, how, before, what) : snprintf(text, len, "%s", what);
	return n < (int)len ? 0 : -E2BIG;
}

int top_sieve_subchannels(struct top_sieve *s, const char *text, struct ccw_error *err)
{
	char bad[64];
	int rc = ccw_filter_add(&s->filter, text, bad, sizeof(bad));

	if (rc == -EINVAL) {
		snprintf(err->text, sizeof(err->text),
			 "'%s': not a subchannel (name it like 0.0.0003, 0.0.0003-0.0.0010 or "
			 "0.0.01*)", bad);
		return rc;
	}
	if (rc)
		return fail(err, rc, "out of memory");
	if (append(s->subchannels, sizeof(s->subchannels), "%s,%s", text))
		return fail(err, -E2BIG, "too many subchannels to name (use ranges or patterns)");
	return 0;
}

int top_sieve_expression(struct top_sieve *s, const char *text, struct ccw_error *err)
{
	int rc;

	if (!s->select)
		s->select = ccw_select_new();
	if (!s->select)
		return fail(err, -ENOMEM, "out of memory");
	rc = ccw_select_add(s->select, text, err);
	if (rc == -ENOMEM)
		return fail(err, rc, "out of memory");
	if (!rc && append(s->expression, sizeof(s->expression), "(%s) && (%s)", text))
		return fail(err, -E2BIG, "the filter is too long");
	return rc;
}

/* No expression has a dot or a star and nothing but what is in subchannels. */
static bool names_subchannels(const char *text)
{
	return strpbrk(text, ".*") && !text[strspn(text, "0123456789abcdefABCDEF.*?[]-!,")];
}

int top_sieve_typed(struct top_sieve *to, const struct top_sieve *from, const char *text,
		    struct ccw_error *err)
{
	bool list;
	int rc = 0;

	*to = (struct top_sieve){ 0 };
	text += strspn(text, " ");
	if (!*text)
		return 0;
	list = names_subchannels(text);
	if (list)
		rc = top_sieve_subchannels(to, text, err);
	else
		rc = top_sieve_expression(to, text, err);
	if (!rc && !list && *from->subchannels)
		rc = top_sieve_subchannels(to, from->subchannels, err);
	if (!rc && list && *from->expression)
		rc = top_sieve_expression(to, from->expression, err);
	if (rc)
		top_sieve_free(to);
	return rc;
}

const char *top_sieve_text(const struct top_sieve *s, char *buf, size_t len)
{
	snprintf(buf, len, "%s%s%s", s->subchannels, *s->subchannels && *s->expression ? "  " : "",
		 s->expression);
	return buf;
}

void top_sieve_free(struct top_sieve *s)
{
	ccw_filter_free(s->filter);
	ccw_select_free(s->select);
	*s = (struct top_sieve){ 0 };
}
