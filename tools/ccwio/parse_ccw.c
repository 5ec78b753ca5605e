// SPDX-License-Identifier: GPL-2.0
/* The statements ccw and tic. */
#include <errno.h>
#include <string.h>

#include "number.h"
#include "parse.h"

static const struct {
	const char *name;
	uint8_t bit;
} ccw_flags[] = {
	{ "cd", CCW_CD }, { "cc", CCW_CC }, { "sli", CCW_SLI }, { "skip", CCW_SKIP },
	{ "pci", CCW_PCI }, { "ida", CCW_IDA }, { "suspend", CCW_SUSPEND }, { "mida", CCW_MIDA },
};

static int parse_flags(struct parser *ps, char *list, struct stmt *s)
{
	char *rest = NULL;

	for (char *f = strtok_r(list, ",", &rest); f; f = strtok_r(NULL, ",", &rest)) {
		size_t i;

		if (strcmp(f, "direct") == 0) {
			s->ccw.direct = true;
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(ccw_flags); i++) {
			if (strcmp(f, ccw_flags[i].name) == 0)
				break;
		}
		if (i == ARRAY_SIZE(ccw_flags))
			return FAIL(ps, -EINVAL, "ccw: no flag '%s'; there are cd cc sli skip pci "
				    "ida suspend mida direct", f);
		s->ccw.flags |= ccw_flags[i].bit;
	}
	return 0;
}

static int set_operand(struct parser *ps, struct stmt *s, enum operand op, const char *key,
		       const char *value)
{
	if (s->ccw.operand != OP_NONE)
		return FAIL(ps, -EINVAL, "ccw: only one of data=, addr= and idal= may be given");
	s->ccw.operand = op;
	if (parse_ref(ps, key, value, &s->ccw.ref))
		return -EINVAL;
	if (op != OP_ADDR && !s->ccw.ref.name[0])
		return FAIL(ps, -EINVAL, "ccw: %s= needs a name; a bare address is written addr=",
			    key);
	return 0;
}

static int parse_ccw_key(struct parser *ps, struct stmt *s, const char *key, const char *value)
{
	uint64_t v;

	if (strcmp(key, "data") == 0)
		return set_operand(ps, s, OP_DATA, key, value);
	if (strcmp(key, "addr") == 0)
		return set_operand(ps, s, OP_ADDR, key, value);
	if (strcmp(key, "idal") == 0)
		return set_operand(ps, s, OP_IDAL, key, value);
	if (strcmp(key, "count") == 0) {
		if (parse_u64(ps, "count", value, PROG_MAX_MEMORY, &v))
			return -EINVAL;
		s->ccw.count = (uint32_t)v;
		s->ccw.has_count = true;
		return 0;
	}
	if (strcmp(key, "flags") == 0) {
		if (parse_u64(ps, "flags", value, 0xff, &v))
			return -EINVAL;
		s->ccw.flags |= (uint8_t)v;
		return 0;
	}
	if (strcmp(key, "split") == 0 || strcmp(key, "times") == 0) {
		if (parse_u64(ps, key, value, PROG_MAX_CCWS, &v))
			return -EINVAL;
		if (v == 0)
			return FAIL(ps, -EINVAL, "ccw: %s=0; allowed is 1 to %u", key,
				    PROG_MAX_CCWS);
		if (key[0] == 's')
			s->ccw.split = (unsigned int)v;
		else
			s->ccw.times = (unsigned int)v;
		return 0;
	}
	return FAIL(ps, -EINVAL, "ccw: no operand '%s='; there are count data addr idal split "
		    "times flags", key);
}

static int parse_command(struct parser *ps, const char *text, uint8_t *cmd)
{
	uint64_t v;

	if (prog_command_code(text, cmd) == 0)
		return 0;
	if (number_parse(text, 0xff, &v))
		return FAIL(ps, -EINVAL, "ccw: '%s' is neither a command code from 0 to 0xff nor a "
			    "known command name", text);
	*cmd = (uint8_t)v;
	return 0;
}

int parse_ccw(struct parser *ps)
{
	char *token = parse_next_token(ps), *value;
	struct stmt *s;

	if (!token)
		return FAIL(ps, -EINVAL, "ccw needs a command: ccw 0xe4 sli count=7 data=NAME");
	if (parse_add_stmt(ps, ST_CCW, &s))
		return -ENOMEM;
	s->ccw.times = 1;
	if (parse_command(ps, token, &s->ccw.cmd))
		return -EINVAL;
	while ((token = parse_next_token(ps))) {
		value = parse_split_value(token);
		if (value ? parse_ccw_key(ps, s, token, value) : parse_flags(ps, token, s))
			return -EINVAL;
	}
	if (s->ccw.operand != OP_DATA && (s->ccw.split || s->ccw.direct))
		return FAIL(ps, -EINVAL, "ccw: split= and direct go with data= only");
	if (s->ccw.direct && s->ccw.flags & CCW_IDA)
		return FAIL(ps, -EINVAL, "ccw: ida and direct exclude each other");
	if (s->ccw.operand != OP_DATA && s->ccw.count > UINT16_MAX)
		return FAIL(ps, -EINVAL, "ccw: count=%u; a CCW's count is 0 to 65535",
			    s->ccw.count);
	return 0;
}

int parse_tic(struct parser *ps)
{
	char *target = parse_next_token(ps);
	struct stmt *s;

	if (!target)
		return FAIL(ps, -EINVAL, "tic needs a label or an address");
	if (parse_add_stmt(ps, ST_TIC, &s))
		return -ENOMEM;
	s->ccw.times = 1;
	s->ccw.cmd = CMD_TIC;
	s->ccw.operand = OP_ADDR;
	if (parse_ref(ps, "tic", target, &s->ccw.ref))
		return -EINVAL;
	target = parse_next_token(ps);
	if (target)
		return FAIL(ps, -EINVAL, "tic takes one operand; '%s' is too many (a TIC with odd "
			    "flags is written ccw 0x08 flags=N addr=ADDRESS)", target);
	return 0;
}
