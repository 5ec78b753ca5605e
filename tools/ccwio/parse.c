// SPDX-License-Identifier: GPL-2.0
/* Text to statements: syntax and ranges. Addresses are given out later, by program.c. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/dev/bytes.h"
#include "number.h"
#include "parse.h"

static const struct {
	const char *name;
	uint32_t bit;
} orb_bits[] = {
	{ "spnd", ORB_SPND }, { "str", ORB_STR }, { "mod", ORB_MOD }, { "sync", ORB_SYNC },
	{ "fmt", ORB_FMT1 }, { "pfch", ORB_PFCH }, { "isic", ORB_ISIC }, { "alcc", ORB_ALCC },
	{ "ssic", ORB_SSIC }, { "tm", ORB_TM }, { "c64", ORB_C64 }, { "i2k", ORB_I2K },
	{ "ils", ORB_ILS }, { "midaw", ORB_MIDAW }, { "orbx", ORB_ORBX },
};

char *parse_next_token(struct parser *ps)
{
	return strtok_r(NULL, " \t\r", &ps->rest);
}

/* "key=value": cuts @token at the sign; NULL where there is none. */
char *parse_split_value(char *token)
{
	char *eq = strchr(token, '=');

	if (!eq)
		return NULL;
	*eq = '\0';
	return eq + 1;
}

int parse_u64(struct parser *ps, const char *what, const char *text, uint64_t max,
	      uint64_t *out)
{
	if (number_parse(text, max, out))
		return FAIL(ps, -EINVAL, "%s: '%s' is not a number from 0 to 0x%llx", what, text,
			    (unsigned long long)max);
	return 0;
}

static bool name_valid(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= PROG_NAME_LEN)
		return false;
	if (!isalpha((unsigned char)name[0]) && name[0] != '_')
		return false;
	for (size_t i = 1; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && name[i] != '_' && name[i] != '.')
			return false;
	}
	return true;
}

int parse_name(struct parser *ps, const char *what, const char *name, char *out)
{
	if (!name)
		return FAIL(ps, -EINVAL, "%s needs a name", what);
	if (!name_valid(name))
		return FAIL(ps, -EINVAL,
			    "'%s' is no name: letters, digits, '_' and '.', at most %d of them, "
			    "a letter first", name, PROG_NAME_LEN - 1);
	strcpy(out, name);
	return 0;
}

/* NAME, NAME+OFFSET, NAME-OFFSET or a number */
int parse_ref(struct parser *ps, const char *what, const char *text, struct ref *ref)
{
	char copy[PROG_NAME_LEN + 32];
	uint64_t offset = 0;
	char *sign;

	memset(ref, 0, sizeof(*ref));
	if (isdigit((unsigned char)text[0]))
		return parse_u64(ps, what, text, UINT64_MAX, &ref->value);
	if (strlen(text) >= sizeof(copy))
		return FAIL(ps, -EINVAL, "%s: '%s' is too long for NAME+OFFSET", what, text);
	strcpy(copy, text);
	sign = strpbrk(copy, "+-");
	if (sign) {
		bool minus = *sign == '-';

		*sign = '\0';
		if (parse_u64(ps, what, sign + 1, PROG_MAX_MEMORY, &offset))
			return -EINVAL;
		if (minus)
			offset = -offset;
	}
	ref->value = offset;
	return parse_name(ps, what, copy, ref->name);
}

int parse_add_stmt(struct parser *ps, enum stmt_kind kind, struct stmt **out)
{
	struct program *p = ps->p;
	struct stmt *s;

	if (p->stmt_count == p->stmt_room) {
		size_t room = p->stmt_room ? p->stmt_room * 2 : 64;

		s = realloc(p->stmts, room * sizeof(*s));
		if (!s)
			return FAIL(ps, -ENOMEM, "out of memory");
		p->stmts = s;
		p->stmt_room = room;
	}
	s = &p->stmts[p->stmt_count++];
	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->line = ps->line;
	*out = s;
	return 0;
}

static int parse_mem(struct parser *ps)
{
	struct program *p = ps->p;
	char *base = parse_next_token(ps), *size = parse_next_token(ps), *opt;
	struct guest_mem m = { 0 };

	if (!base || !size)
		return FAIL(ps, -EINVAL, "mem needs a base and a size: mem 0x0 16M");
	if (parse_u64(ps, "mem base", base, UINT64_MAX, &m.base) ||
	    parse_u64(ps, "mem size", size, PROG_MAX_MEMORY, &m.size))
		return -EINVAL;
	while ((opt = parse_next_token(ps))) {
		if (strcmp(opt, "data"))
			return FAIL(ps, -EINVAL, "mem: '%s' is unknown, only 'data' may follow the "
				    "size", opt);
		m.data = true;
	}
	if (m.size == 0 || (m.base | m.size) & 0xfff)
		return FAIL(ps, -EINVAL,
			    "mem: base and size must be multiples of 4096, the size not 0");
	if (m.base + m.size - 1 < m.base)
		return FAIL(ps, -EINVAL, "mem: the area runs past the end of the address space");
	if (p->mem_count == PROG_MAX_MEM)
		return FAIL(ps, -E2BIG, "more than %d memory areas", PROG_MAX_MEM);
	p->total_mem += m.size;
	if (p->total_mem > PROG_MAX_MEMORY)
		return FAIL(ps, -E2BIG, "all memory areas together exceed %llu MiB",
			    PROG_MAX_MEMORY >> 20);
	for (size_t i = 0; i < p->mem_count; i++) {
		const struct guest_mem *o = &p->mem[i];

		if (m.base <= o->base + (o->size - 1) && o->base <= m.base + (m.size - 1))
			return FAIL(ps, -EINVAL, "mem: overlaps the area at 0x%llx",
				    (unsigned long long)o->base);
	}
	p->mem[p->mem_count++] = m;
	return 0;
}

static int parse_orb(struct parser *ps)
{
	struct program *p = ps->p;
	char *key, *value;

	while ((key = parse_next_token(ps))) {
		uint64_t v;
		size_t i;

		value = parse_split_value(key);
		if (!value)
			return FAIL(ps, -EINVAL, "orb: '%s' must be NAME=VALUE", key);
		if (strcmp(key, "cpa") == 0) {
			if (parse_ref(ps, "orb cpa", value, &p->cpa))
				return -EINVAL;
			if (!p->cpa.name[0] && p->cpa.value > UINT32_MAX)
				return FAIL(ps, -EINVAL, "orb cpa: more than 32 bits");
			p->has_cpa = true;
			p->cpa_line = ps->line;
			continue;
		}
		if (parse_u64(ps, key, value, UINT32_MAX, &v))
			return -EINVAL;
		if (strcmp(key, "intparm") == 0) {
			p->intparm = (uint32_t)v;
			continue;
		}
		if (strncmp(key, "word", 4) == 0 && key[4] >= '0' && key[4] <= '2' && !key[5]) {
			p->has_orb_word[key[4] - '0'] = true;
			p->orb_word[key[4] - '0'] = (uint32_t)v;
			continue;
		}
		if (strcmp(key, "key") == 0 && v <= 0xf) {
			p->orb1_mask |= 0xfu << ORB_KEY_SHIFT;
			p->orb1_set &= ~(0xfu << ORB_KEY_SHIFT);
			p->orb1_set |= (uint32_t)v << ORB_KEY_SHIFT;
			continue;
		}
		if (strcmp(key, "lpm") == 0 && v <= 0xff) {
			p->orb1_mask |= 0xffu << ORB_LPM_SHIFT;
			p->orb1_set &= ~(0xffu << ORB_LPM_SHIFT);
			p->orb1_set |= (uint32_t)v << ORB_LPM_SHIFT;
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(orb_bits); i++) {
			if (strcmp(key, orb_bits[i].name) == 0)
				break;
		}
		if (i == ARRAY_SIZE(orb_bits) && strcmp(key, "key") && strcmp(key, "lpm"))
			return FAIL(ps, -EINVAL,
				    "orb: no field '%s'; there are key spnd str mod sync fmt pfch "
				    "isic alcc ssic tm c64 i2k lpm ils midaw orbx cpa intparm "
				    "word0 word1 word2", key);
		if (i == ARRAY_SIZE(orb_bits) || v > 1)
			return FAIL(ps, -EINVAL, "orb: %s=%s is out of range, allowed is 0 to %s",
				    key, value, strcmp(key, "key") == 0 ? "15" :
				    strcmp(key, "lpm") == 0 ? "0xff" : "1");
		p->orb1_mask |= orb_bits[i].bit;
		p->orb1_set &= ~orb_bits[i].bit;
		if (v)
			p->orb1_set |= orb_bits[i].bit;
	}
	return 0;
}

static int parse_scsw(struct parser *ps)
{
	char *key, *value;

	while ((key = parse_next_token(ps))) {
		uint64_t v;

		value = parse_split_value(key);
		if (!value)
			return FAIL(ps, -EINVAL, "scsw: '%s' must be NAME=VALUE", key);
		if (parse_u64(ps, key, value, UINT32_MAX, &v))
			return -EINVAL;
		if (strcmp(key, "fctl") == 0 && v <= 7)
			put_be32(ps->p->scsw, (get_be32(ps->p->scsw) & ~SCSW_FCTL) |
				 (uint32_t)v << 12);
		else if (strncmp(key, "word", 4) == 0 && key[4] >= '0' && key[4] <= '2' && !key[5])
			put_be32(ps->p->scsw + 4 * (key[4] - '0'), (uint32_t)v);
		else
			return FAIL(ps, -EINVAL, "scsw: '%s=%s'; allowed are fctl=0 to 7 (4 start, "
				    "2 halt, 1 clear) and word0 word1 word2", key, value);
	}
	return 0;
}

static int parse_region(struct parser *ps)
{
	char *key, *value;

	while ((key = parse_next_token(ps))) {
		uint64_t v;

		value = parse_split_value(key);
		if (!value || (strcmp(key, "offset") && strcmp(key, "length")))
			return FAIL(ps, -EINVAL, "region: '%s'; allowed are offset=N and length=N",
				    key);
		if (parse_u64(ps, key, value, 4096, &v))
			return -EINVAL;
		if (key[0] == 'o')
			ps->p->region.offset = (uint32_t)v;
		else
			ps->p->region.length = (uint32_t)v;
	}
	return 0;
}

static int parse_at(struct parser *ps)
{
	char *addr = parse_next_token(ps);
	struct stmt *s;

	if (!addr)
		return FAIL(ps, -EINVAL, "at needs an address");
	if (parse_add_stmt(ps, ST_AT, &s))
		return -ENOMEM;
	return parse_u64(ps, "at", addr, UINT64_MAX, &s->at);
}

static int parse_expect(struct parser *ps)
{
	char *token = parse_next_token(ps);
	struct program *p = ps->p;

	if (!token)
		return FAIL(ps, -EINVAL, "expect needs a status, for example: expect uc");
	if (prog_grow(&p->expects, sizeof(*p->expects), p->expect_count))
		return FAIL(ps, -ENOMEM, "out of memory");
	p->expects[p->expect_count] = strdup(token);
	if (!p->expects[p->expect_count])
		return FAIL(ps, -ENOMEM, "out of memory");
	p->expect_count++;
	token = parse_next_token(ps);
	if (token)
		return FAIL(ps, -EINVAL, "expect takes one word, statuses joined by commas; '%s' "
			    "is too many", token);
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct parser *ps);
} statements[] = {
	{ "ccw", parse_ccw }, { "tic", parse_tic }, { "data", parse_data },
	{ "idal", parse_idal }, { "mem", parse_mem }, { "orb", parse_orb },
	{ "at", parse_at }, { "scsw", parse_scsw }, { "region", parse_region },
	{ "expect", parse_expect }, { "on-resume", parse_on_resume },
};

static int parse_statement(struct parser *ps, char *word)
{
	size_t len = strlen(word);
	struct stmt *s;

	while (word && len && word[len - 1] == ':') {
		word[len - 1] = '\0';
		if (parse_add_stmt(ps, ST_LABEL, &s))
			return -ENOMEM;
		if (parse_name(ps, "label", word, s->name))
			return -EINVAL;
		word = parse_next_token(ps);
		len = word ? strlen(word) : 0;
	}
	if (!word)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(statements); i++) {
		if (strcmp(word, statements[i].name) == 0)
			return statements[i].parse(ps);
	}
	return FAIL(ps, -EINVAL, "no statement '%s'; there are ccw tic data idal mem orb at scsw "
		    "region expect on-resume and 'NAME:' for a label", word);
}

int prog_parse_text(struct program *p, const char *text, size_t len, struct ccwio_error *err)
{
	struct parser ps = { .p = p, .err = err };
	char *copy, *line, *end;
	int rc = 0;

	if (len > PROG_MAX_TEXT)
		return FAIL(&ps, -E2BIG, "more than %u MiB of text", PROG_MAX_TEXT >> 20);
	if (memchr(text, '\0', len)) {
		for (const char *c = text; *c; c++)
			ps.line += *c == '\n';
		ps.line++;
		return FAIL(&ps, -EINVAL, "a NUL byte: this is not a text file");
	}
	copy = malloc(len + 1);
	if (!copy)
		return FAIL(&ps, -ENOMEM, "out of memory");
	memcpy(copy, text, len);
	copy[len] = '\0';

	for (line = copy; line && rc == 0; line = end) {
		char *word, *hash;

		ps.line++;
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		hash = strchr(line, '#');
		if (hash)
			*hash = '\0';
		word = strtok_r(line, " \t\r", &ps.rest);
		if (word)
			rc = parse_statement(&ps, word);
	}
	free(copy);
	return rc;
}
