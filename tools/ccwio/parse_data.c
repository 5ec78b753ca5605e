// SPDX-License-Identifier: GPL-2.0
/* The statements data, idal and on-resume. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "parse.h"

static int append_bytes(struct parser *ps, struct stmt *s, const uint8_t *bytes, size_t len)
{
	uint8_t *grown;

	if (len > PROG_MAX_MEMORY - s->data.len)
		return FAIL(ps, -E2BIG, "data %s: more than %llu MiB", s->name,
			    PROG_MAX_MEMORY >> 20);
	grown = realloc(s->data.bytes, s->data.len + len);
	if (!grown)
		return FAIL(ps, -ENOMEM, "out of memory");
	memcpy(grown + s->data.len, bytes, len);
	s->data.bytes = grown;
	s->data.len += len;
	return 0;
}

static bool is_hex(const char *hex)
{
	size_t len = strlen(hex);

	return len % 2 == 0 && strspn(hex, "0123456789abcdefABCDEF") == len;
}

static uint8_t hex_byte(const char *hex)
{
	const char two[3] = { hex[0], hex[1], '\0' };

	return (uint8_t)strtoul(two, NULL, 16);
}

static int append_hex(struct parser *ps, struct stmt *s, const char *hex)
{
	size_t len = strlen(hex);
	uint8_t buf[512];
	size_t n = 0;

	if (!is_hex(hex))
		return FAIL(ps, -EINVAL, "data %s: '%s' is neither an even number of hex digits "
			    "nor size= fill= at= align= or @FILE", s->name, hex);
	for (size_t i = 0; i < len; i += 2) {
		buf[n++] = hex_byte(hex + i);
		if (n == sizeof(buf) || i + 2 == len) {
			int rc = append_bytes(ps, s, buf, n);

			if (rc)
				return rc;
			n = 0;
		}
	}
	return 0;
}

static int append_file(struct parser *ps, struct stmt *s, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *buf;
	size_t n;
	int rc = 0;

	if (!f)
		return FAIL(ps, -EINVAL, "data %s: cannot open %s: %s", s->name, path,
			    strerror(errno));
	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		return FAIL(ps, -EINVAL, "data %s: %s is a directory", s->name, path);
	}
	buf = malloc(65536);
	if (!buf) {
		fclose(f);
		return FAIL(ps, -ENOMEM, "out of memory");
	}
	while (rc == 0 && (n = fread(buf, 1, 65536, f)) > 0)
		rc = append_bytes(ps, s, buf, n);
	if (rc == 0 && ferror(f))
		rc = FAIL(ps, -EINVAL, "data %s: cannot read %s: %s", s->name, path,
			  strerror(errno));
	free(buf);
	fclose(f);
	return rc;
}

int parse_data(struct parser *ps)
{
	bool has_size = false;
	struct stmt *s;
	char *token;
	int rc;

	if (parse_add_stmt(ps, ST_DATA, &s))
		return -ENOMEM;
	if (parse_name(ps, "data", parse_next_token(ps), s->name))
		return -EINVAL;
	while ((token = parse_next_token(ps))) {
		char *value = token[0] == '@' ? NULL : parse_split_value(token);
		uint64_t v;

		if (token[0] == '@') {
			rc = append_file(ps, s, token + 1);
			if (rc)
				return rc;
			continue;
		}
		if (!value) {
			rc = append_hex(ps, s, token);
			if (rc)
				return rc;
			continue;
		}
		if (parse_u64(ps, token, value, UINT64_MAX, &v))
			return -EINVAL;
		if (strcmp(token, "size") == 0 && v <= PROG_MAX_MEMORY) {
			s->size = v;
			has_size = true;
		} else if (strcmp(token, "fill") == 0 && v <= 0xff) {
			s->data.fill = (uint8_t)v;
		} else if (strcmp(token, "align") == 0 && v && v <= 1 << 20 && !(v & (v - 1))) {
			s->data.align = v;
		} else if (strcmp(token, "at") == 0) {
			s->data.at = v;
			s->data.has_at = true;
		} else {
			return FAIL(ps, -EINVAL, "data %s: %s=%s; allowed are size=0 to 1G, "
				    "fill=0 to 0xff, align=a power of two up to 1M, at=ADDRESS",
				    s->name, token, value);
		}
	}
	if (!has_size)
		s->size = s->data.len;
	if (s->data.len > s->size)
		return FAIL(ps, -EINVAL, "data %s: %zu bytes of content do not fit size=%llu",
			    s->name, s->data.len, (unsigned long long)s->size);
	if (s->size == 0)
		return FAIL(ps, -EINVAL, "data %s: needs hex digits, @FILE or size=N", s->name);
	return 0;
}

int parse_idal(struct parser *ps)
{
	struct stmt *s;
	char *token;

	if (parse_add_stmt(ps, ST_IDAL, &s))
		return -ENOMEM;
	if (parse_name(ps, "idal", parse_next_token(ps), s->name))
		return -EINVAL;
	while ((token = parse_next_token(ps))) {
		char *value = parse_split_value(token);
		uint64_t v;

		if (value) {
			if (parse_u64(ps, token, value, UINT64_MAX, &v))
				return -EINVAL;
			if (strcmp(token, "fmt") == 0 && (v == 1 || v == 2)) {
				s->idal.fmt2 = v == 2;
				s->idal.has_fmt = true;
			} else if (strcmp(token, "at") == 0) {
				s->idal.at = v;
				s->idal.has_at = true;
			} else {
				return FAIL(ps, -EINVAL, "idal %s: %s=%s; allowed are fmt=1, fmt=2 "
					    "and at=ADDRESS", s->name, token, value);
			}
			continue;
		}
		if (prog_grow(&s->idal.refs, sizeof(*s->idal.refs), s->idal.count))
			return FAIL(ps, -ENOMEM, "out of memory");
		if (parse_ref(ps, "idal", token, &s->idal.refs[s->idal.count]))
			return -EINVAL;
		s->idal.count++;
	}
	if (s->idal.count == 0)
		return FAIL(ps, -EINVAL, "idal %s: needs at least one address", s->name);
	return 0;
}

/* on-resume [n=N] ADDRESS HEX... */
int parse_on_resume(struct parser *ps)
{
	char *token = parse_next_token(ps);
	struct program *p = ps->p;
	struct patch *t;

	if (prog_grow(&p->patches, sizeof(*p->patches), p->patch_count))
		return FAIL(ps, -ENOMEM, "out of memory");
	t = &p->patches[p->patch_count];
	memset(t, 0, sizeof(*t));
	t->line = ps->line;
	t->nth = 1;
	if (token && strncmp(token, "n=", 2) == 0) {
		uint64_t v;

		if (parse_u64(ps, "on-resume n", token + 2, 1000000, &v))
			return -EINVAL;
		if (v == 0)
			return FAIL(ps, -EINVAL, "on-resume n=0; the first RESUME is 1");
		t->nth = (unsigned int)v;
		token = parse_next_token(ps);
	}
	if (!token)
		return FAIL(ps, -EINVAL, "on-resume needs an address and hex digits: on-resume "
			    "NAME+1 40");
	if (parse_ref(ps, "on-resume", token, &t->ref))
		return -EINVAL;
	while ((token = parse_next_token(ps))) {
		if (!is_hex(token))
			return FAIL(ps, -EINVAL, "on-resume: '%s' is not an even number of hex "
				    "digits", token);
		for (; *token; token += 2) {
			if (t->len == PATCH_MAX)
				return FAIL(ps, -E2BIG, "on-resume: more than %u bytes", PATCH_MAX);
			t->bytes[t->len++] = hex_byte(token);
		}
	}
	if (t->len == 0)
		return FAIL(ps, -EINVAL, "on-resume needs hex digits behind the address");
	p->patch_count++;
	return 0;
}
