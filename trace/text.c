// SPDX-License-Identifier: GPL-2.0
/*
 * Building texts, and numbers as columns show them. Whole-number arithmetic throughout: every
 * machine rounds the same way, and no locale changes the decimal point.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/text.h"

void ccw_text_add(struct ccw_text *t, const char *fmt, ...)
{
	size_t room = t->len - t->pos;
	va_list ap;
	int n;

	if (t->cut || !room)
		return;
	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->pos, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= room) {
		t->pos = t->len - 1;
		t->cut = true;
	} else {
		t->pos += n;
	}
}

const char *ccw_text_end(struct ccw_text *t)
{
	if (!t->len)
		return "";
	t->buf[t->pos] = 0;
	if (t->cut && t->len > 3)
		memcpy(t->buf + t->len - 4, "...", 3);
	return t->buf;
}

/* Length of the UTF-8 character there; 0: none, or one that controls. */
static size_t plain_char(const unsigned char *p)
{
	size_t n = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 :
		   *p >= 0xf0 && *p < 0xf5 ? 4 : 0;
	size_t i;

	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if (n == 1 && (*p < ' ' || *p == 0x7f))
		return 0;
	return n == 2 && *p == 0xc2 && p[1] < 0xa0 ? 0 : n;
}

char *ccw_plain(char *text)
{
	char *p = text;
	size_t n;

	while (*p) {
		n = plain_char((const unsigned char *)p);
		if (!n)
			*p = '?';
		p += n ? n : 1;
	}
	return text;
}

const char *ccw_plain_str(const char *text, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);

	ccw_text_add(&t, "%s", text);
	ccw_text_end(&t);
	return ccw_plain(buf);
}

int ccw_fail(struct ccw_error *err, int rc, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return rc;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	ccw_plain(err->text);
	return rc;
}

struct scale {
	uint64_t den;
	const char *unit;
};

/* num / den rounded half up; den is at least 1 */
static uint64_t rounded(uint64_t num, uint64_t den, unsigned int factor)
{
	return ((unsigned __int128)num * factor + den / 2) / den;
}

/*
 * num in the first scale in which it is below limit, with three significant digits where that
 * scale divides it.
 */
static const char *scaled(uint64_t num, const struct scale *s, uint64_t limit, char *buf,
			  size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	uint64_t whole = s->den;
	unsigned long long q;

	while (s[1].den && rounded(num, s->den, 1) >= limit)
		s++;
	q = rounded(num, s->den, 100);
	if (s->den == whole || q >= 10000) {
		q = rounded(num, s->den, 1);
		ccw_text_add(&t, "%llu%s", q, s->unit);
		/* 99.95 and more would round to 100.0 with one decimal, so 100 shows none */
	} else if (q >= 1000 && rounded(num, s->den, 10) < 1000) {
		q = rounded(num, s->den, 10);
		ccw_text_add(&t, "%llu.%llu%s", q / 10, q % 10, s->unit);
	} else if (q >= 1000) {
		ccw_text_add(&t, "%llu%s", (unsigned long long)rounded(num, s->den, 1), s->unit);
	} else {
		ccw_text_add(&t, "%llu.%02llu%s", q / 100, q % 100, s->unit);
	}
	return ccw_text_end(&t);
}

const char *ccw_ns_str(uint64_t ns, char *buf, size_t len)
{
	static const struct scale scales[] = {
		{ 1, "ns" }, { 1000, "us" }, { 1000000, "ms" }, { 1000000000, "s" },
		{ 3600000000000ULL, "h" }, { 0 },
	};

	/* Seconds stay readable up to five digits; only then hours help. */
	if (ns >= 999500000000ULL && ns < 99999500000000ULL) {
		struct ccw_text t = CCW_TEXT(buf, len);

		ccw_text_add(&t, "%llus", (unsigned long long)rounded(ns, 1000000000, 1));
		return ccw_text_end(&t);
	}
	return scaled(ns, scales, 1000, buf, len);
}

/* As thousandths, so that the rest is whole numbers; beyond that range it is nonsense anyway. */
static uint64_t thousandths(double n)
{
	if (!(n > 0))
		return 0;
	return n < 1e16 ? (uint64_t)(n * 1000.0) : (uint64_t)1e19;
}

const char *ccw_count_str(double n, char *buf, size_t len)
{
	static const struct scale scales[] = {
		{ 1000, "" }, { 1000000, "k" }, { 1000000000, "M" }, { 1000000000000ULL, "G" },
		{ 1000000000000000ULL, "T" }, { 1000000000000000000ULL, "P" }, { 0 },
	};
	uint64_t m = thousandths(n);

	/* A rate below ten says something with its decimal: 0.5 I/Os per second are not none. */
	if (m < 9950 && m % 1000) {
		struct ccw_text t = CCW_TEXT(buf, len);
		unsigned int tenths = (m + 50) / 100;

		ccw_text_add(&t, "%u.%u", tenths / 10, tenths % 10);
		return ccw_text_end(&t);
	}
	return scaled(m, scales, 1000, buf, len);
}

const char *ccw_bytes_str(double n, char *buf, size_t len)
{
	static const struct scale scales[] = {
		{ 1000ULL, "B" }, { 1000ULL << 10, "KiB" }, { 1000ULL << 20, "MiB" },
		{ 1000ULL << 30, "GiB" }, { 1000ULL << 40, "TiB" }, { 1000ULL << 50, "PiB" }, { 0 },
	};

	return scaled(thousandths(n), scales, 1024, buf, len);
}
