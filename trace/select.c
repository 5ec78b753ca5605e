// SPDX-License-Identifier: GPL-2.0
/*
 * An expression becomes a flat program of tests and connectives in the order of their evaluation
 * (operator precedence, with a stack of fixed size): nothing recurses on what a person types.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/ccw_select.h"
#include "trace/select_field.h"
#include "trace/text.h"

#define MAX_OPS 256
#define MAX_DEPTH 60 /* of open parentheses and connectives, and of values: a bit each */

enum op {
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_MASK, /* tests */
	OP_NOT, OP_AND, OP_OR, OP_OPEN, /* connectives; OP_OPEN only while compiling */
};

struct instr {
	enum op op;
	unsigned int field;
	__int128 value;
};

struct ccw_select {
	struct instr prog[MAX_OPS];
	unsigned int nr;
	bool has_since, has_until, since_absolute, until_absolute;
	uint64_t since, until; /* as given */
	uint64_t from, to; /* on the clock of the trace, both included */
};

struct compiler {
	struct ccw_select *sel;
	const char *text, *pos;
	struct ccw_error *err;
	enum op stack[MAX_DEPTH];
	unsigned int nr_stack, depth;
};

struct ccw_select *ccw_select_new(void)
{
	struct ccw_select *sel = calloc(1, sizeof(*sel));

	if (sel)
		sel->to = UINT64_MAX;
	return sel;
}

void ccw_select_free(struct ccw_select *sel)
{
	free(sel);
}

bool ccw_select_any(const struct ccw_select *sel)
{
	return sel->nr || sel->has_since || sel->has_until;
}

static int wrong(struct compiler *c, const char *at, const char *what)
{
	return ccw_fail(c->err, -EINVAL, "filter '%.100s': column %zu: %s", c->text,
			(size_t)(at - c->text) + 1, what);
}

static void skip_space(struct compiler *c)
{
	while (isspace((unsigned char)*c->pos))
		c->pos++;
}

static int emit(struct compiler *c, struct instr in)
{
	if (c->sel->nr == MAX_OPS)
		return wrong(c, c->pos, "too long");
	if (in.op < OP_NOT && ++c->depth > MAX_DEPTH)
		return wrong(c, c->pos, "too deep");
	if (in.op == OP_AND || in.op == OP_OR)
		c->depth--;
	c->sel->prog[c->sel->nr++] = in;
	return 0;
}

static int push(struct compiler *c, enum op op)
{
	if (c->nr_stack == MAX_DEPTH)
		return wrong(c, c->pos, "too deep");
	c->stack[c->nr_stack++] = op;
	return 0;
}

/* Emits what binds at least as tightly as op, down to an open parenthesis. */
static int reduce(struct compiler *c, enum op op)
{
	int rc = 0;

	while (!rc && c->nr_stack && c->stack[c->nr_stack - 1] <= op)
		rc = emit(c, (struct instr){ .op = c->stack[--c->nr_stack] });
	return rc;
}

static bool word(const char *p, const char *text)
{
	return !strncmp(p, text, strlen(text));
}

static bool take_op(struct compiler *c, enum op *op)
{
	static const struct {
		const char *text;
		enum op op;
	} ops[] = {
		{ "==", OP_EQ }, { "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE }, { "<", OP_LT },
		{ ">", OP_GT }, { "=", OP_EQ }, { "&", OP_MASK },
	};
	size_t i;

	skip_space(c);
	if (word(c->pos, "&&"))
		return false;
	for (i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		if (!word(c->pos, ops[i].text))
			continue;
		*op = ops[i].op;
		c->pos += strlen(ops[i].text);
		return true;
	}
	return false;
}

/* The text of a value: up to what can follow one, or in quotes. */
static int take_value(struct compiler *c, char *buf, size_t size)
{
	size_t n;

	skip_space(c);
	if (*c->pos == '"' || *c->pos == '\'') {
		const char *end = strchr(c->pos + 1, *c->pos);

		if (!end)
			return wrong(c, c->pos, "this quote has no end");
		n = end - c->pos - 1;
		if (n >= size)
			return wrong(c, c->pos, "too long");
		memcpy(buf, c->pos + 1, n);
		buf[n] = 0;
		c->pos = end + 1;
		return 0;
	}
	for (n = 0; c->pos[n] && !strchr(" \t\n()&!<>=", c->pos[n]); n++) {
		if (word(c->pos + n, "||"))
			break;
	}
	if (!n)
		return wrong(c, c->pos, "a value is missing here");
	if (n >= size)
		return wrong(c, c->pos, "too long");
	memcpy(buf, c->pos, n);
	buf[n] = 0;
	c->pos += n;
	return 0;
}

static int term(struct compiler *c)
{
	const char *start = c->pos, *at;
	char name[24], value[64];
	struct instr in = { .op = OP_NE };
	size_t n = 0;
	int field, rc;

	while (isalnum((unsigned char)c->pos[n]) || c->pos[n] == '_')
		n++;
	if (!n)
		return wrong(c, start,
			     *start ? "want a field here" : "it ends where a field is due");
	snprintf(name, sizeof(name), "%.*s", (int)(n < sizeof(name) ? n : sizeof(name) - 1), start);
	field = ccw_field_find(name);
	if (field < 0)
		return wrong(c, start, "no such field (the manual page lists them)");
	in.field = field;
	c->pos += n;
	if (!take_op(c, &in.op))
		return emit(c, in);
	skip_space(c);
	at = c->pos;
	rc = take_value(c, value, sizeof(value));
	if (rc)
		return rc;
	if (ccw_field_value(field, value, &in.value))
		return wrong(c, at, ccw_field_wants(field));
	return emit(c, in);
}

/* Before a term: any number of ! and (. */
static int operand(struct compiler *c)
{
	int rc;

	for (;;) {
		skip_space(c);
		if (*c->pos == '!')
			rc = push(c, OP_NOT);
		else if (*c->pos == '(')
			rc = push(c, OP_OPEN);
		else
			return term(c);
		if (rc)
			return rc;
		c->pos++;
	}
}

static int close_parenthesis(struct compiler *c)
{
	int rc = reduce(c, OP_OR);

	if (rc)
		return rc;
	if (!c->nr_stack)
		return wrong(c, c->pos, "this parenthesis was not opened");
	c->nr_stack--;
	c->pos++;
	return reduce(c, OP_NOT);
}

static int compile(struct compiler *c)
{
	enum op op;
	int rc;

	for (;;) {
		rc = operand(c);
		rc = rc ? rc : reduce(c, OP_NOT);
		for (skip_space(c); !rc && *c->pos == ')'; skip_space(c))
			rc = close_parenthesis(c);
		if (rc)
			return rc;
		if (!*c->pos)
			break;
		if (!word(c->pos, "&&") && !word(c->pos, "||"))
			return wrong(c, c->pos, "want && or || here");
		op = *c->pos == '&' ? OP_AND : OP_OR;
		rc = reduce(c, op);
		rc = rc ? rc : push(c, op);
		if (rc)
			return rc;
		c->pos += 2;
	}
	rc = reduce(c, OP_OR);
	if (!rc && c->nr_stack)
		rc = wrong(c, c->pos, "a parenthesis is not closed");
	return rc;
}

int ccw_select_add(struct ccw_select *sel, const char *expression, struct ccw_error *err)
{
	struct compiler c = { .sel = sel, .text = expression, .pos = expression, .err = err };
	unsigned int before = sel->nr;
	int rc;

	c.depth = before ? 1 : 0;
	rc = compile(&c);
	if (!rc && before)
		rc = emit(&c, (struct instr){ .op = OP_AND });
	if (rc)
		sel->nr = before;
	return rc;
}

static bool test(const struct instr *in, const struct ccw_io *io)
{
	__int128 v;

	if (!ccw_field_get(in->field, io, &v))
		return false;
	switch (in->op) {
	case OP_EQ: return v == in->value;
	case OP_NE: return v != in->value;
	case OP_LT: return v < in->value;
	case OP_LE: return v <= in->value;
	case OP_GT: return v > in->value;
	case OP_GE: return v >= in->value;
	default: return v & in->value;
	}
}

bool ccw_select_time(const struct ccw_select *sel, uint64_t ts)
{
	return ts >= sel->from && ts <= sel->to;
}

bool ccw_select_has_fields(const struct ccw_select *sel)
{
	return sel->nr;
}

bool ccw_select_io(const struct ccw_select *sel, const struct ccw_io *io)
{
	return ccw_select_time(sel, io->ts) && ccw_select_fields(sel, io);
}

bool ccw_select_fields(const struct ccw_select *sel, const struct ccw_io *io)
{
	uint64_t values = 1; /* a stack of bits, the last one rightmost */
	unsigned int i;

	for (i = 0; i < sel->nr; i++) {
		switch (sel->prog[i].op) {
		case OP_NOT:
			values ^= 1;
			break;
		case OP_AND:
			values = values >> 1 & (values | ~1ULL);
			break;
		case OP_OR:
			values = values >> 1 | (values & 1);
			break;
		default:
			values = values << 1 | test(&sel->prog[i], io);
		}
	}
	return values & 1;
}

/* "12.5", "500ms", "@12345.678901234": in ns */
static int parse_time(const char *text, uint64_t *ns, bool *absolute)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "", 1000000000 }, { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 },
		{ "ns", 1 }, { "m", 60000000000ULL }, { "h", 3600000000000ULL },
	};
	unsigned __int128 whole = 0, part = 0, scale = 1;
	const char *p = text;
	size_t i;

	*absolute = *p == '@';
	p += *absolute;
	if (!isdigit((unsigned char)*p))
		return -EINVAL;
	for (; isdigit((unsigned char)*p) && whole < UINT64_MAX; p++)
		whole = whole * 10 + (*p - '0');
	if (*p == '.') {
		for (p++; isdigit((unsigned char)*p) && scale < 1000000000000000ULL; p++) {
			part = part * 10 + (*p - '0');
			scale *= 10;
		}
	}
	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(p, units[i].name))
			continue;
		whole = whole * units[i].ns + part * units[i].ns / scale;
		if (whole > UINT64_MAX / 2)
			return -EINVAL;
		*ns = whole;
		return 0;
	}
	return -EINVAL;
}

/* Of a time from the start and one of the clock it is not known before the recording is open. */
static int check_order(const struct ccw_select *sel, struct ccw_error *err)
{
	if (sel->has_since && sel->has_until && sel->since_absolute == sel->until_absolute &&
	    sel->since > sel->until)
		return ccw_fail(err, -EINVAL,
				"--since is later than --until: nothing lies between");
	return 0;
}

int ccw_select_since(struct ccw_select *sel, const char *text, struct ccw_error *err)
{
	if (parse_time(text, &sel->since, &sel->since_absolute))
		return ccw_fail(err, -EINVAL, "'%.40s' is no time: want seconds from the start, as "
					      "12.5 or 500ms, or @SECONDS of the trace clock",
				text);
	sel->has_since = true;
	if (sel->since_absolute)
		sel->from = sel->since;
	return check_order(sel, err);
}

int ccw_select_until(struct ccw_select *sel, const char *text, struct ccw_error *err)
{
	if (parse_time(text, &sel->until, &sel->until_absolute))
		return ccw_fail(err, -EINVAL, "'%.40s' is no time: want seconds from the start, as "
					      "12.5 or 500ms, or @SECONDS of the trace clock",
				text);
	sel->has_until = true;
	if (sel->until_absolute)
		sel->to = sel->until;
	return check_order(sel, err);
}

void ccw_select_start(struct ccw_select *sel, uint64_t first)
{
	if (sel->has_since && !sel->since_absolute)
		sel->from = first + sel->since;
	if (sel->has_until && !sel->until_absolute)
		sel->to = first + sel->until;
}

uint64_t ccw_select_span(const struct ccw_select *sel, uint64_t first, uint64_t duration)
{
	uint64_t from = sel->from > first ? sel->from : first, to = first + duration;

	if (sel->to < to)
		to = sel->to;
	return to > from ? to - from : 0;
}

void ccw_select_bounds(const struct ccw_select *sel, uint64_t *from, uint64_t *to)
{
	*from = sel->from;
	*to = sel->to;
}
