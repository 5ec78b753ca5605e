// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tools/dev/bytes.h"
#include "expect.h"
#include "number.h"

struct bit {
	const char *name;
	uint8_t bit;
};

static const struct bit dstat_bits[] = {
	{ "attn", DSTAT_ATTN }, { "sm", DSTAT_SM }, { "cue", DSTAT_CUE }, { "busy", DSTAT_BUSY },
	{ "ce", DSTAT_CE }, { "de", DSTAT_DE }, { "uc", DSTAT_UC }, { "ux", DSTAT_UX }, { NULL, 0 },
};

static const struct bit cstat_bits[] = {
	{ "pci", CSTAT_PCI }, { "il", CSTAT_IL }, { "pgmchk", CSTAT_PGMCHK },
	{ "prtchk", CSTAT_PRTCHK }, { "cdc", CSTAT_CDC }, { "ccc", CSTAT_CCC },
	{ "icc", CSTAT_ICC }, { "chc", CSTAT_CHC }, { NULL, 0 },
};

static const struct {
	const char *name;
	int value;
} errnos[] = {
	{ "EPERM", EPERM }, { "EIO", EIO }, { "ENXIO", ENXIO }, { "EAGAIN", EAGAIN },
	{ "ENOMEM", ENOMEM }, { "EACCES", EACCES }, { "EFAULT", EFAULT }, { "EBUSY", EBUSY },
	{ "ENODEV", ENODEV }, { "EINVAL", EINVAL }, { "E2BIG", E2BIG },
	{ "EOPNOTSUPP", EOPNOTSUPP }, { "ETIMEDOUT", ETIMEDOUT }, { "ERANGE", ERANGE },
};

static bool find_bit(const struct bit *bits, const char *name, size_t len, uint8_t *out)
{
	for (; bits->name; bits++) {
		if (strlen(bits->name) == len && strncasecmp(bits->name, name, len) == 0) {
			*out |= bits->bit;
			return true;
		}
	}
	return false;
}

/* names joined by '|' */
static int parse_bits(const struct bit *bits, const char *text, uint8_t *out)
{
	for (;;) {
		size_t len = strcspn(text, "|");

		if (!find_bit(bits, text, len, out))
			return -EINVAL;
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

static int parse_rc(const char *text, int *rc)
{
	uint64_t v;

	if (*text == '-')
		text++;
	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
		if (strcasecmp(text, errnos[i].name) == 0) {
			*rc = -errnos[i].value;
			return 0;
		}
	}
	if (number_parse(text, 4095, &v))
		return -EINVAL;
	*rc = -(int)v;
	return 0;
}

static int parse_one(const char *t, struct expect *e)
{
	uint64_t v;

	if (strcasecmp(t, "ok") == 0) {
		e->ok = true;
	} else if (strcasecmp(t, "rc") == 0) {
		e->any_rc = true;
	} else if (strncasecmp(t, "rc=", 3) == 0) {
		e->has_rc = true;
		return parse_rc(t + 3, &e->rc);
	} else if (strncasecmp(t, "cc=", 3) == 0) {
		if (number_parse(t + 3, 3, &v))
			return -EINVAL;
		e->has_cc = true;
		e->cc = (uint8_t)v;
	} else if (strncasecmp(t, "count=", 6) == 0) {
		if (number_parse(t + 6, UINT16_MAX, &v))
			return -EINVAL;
		e->has_count = true;
		e->count = (uint16_t)v;
	} else if (strncasecmp(t, "dstat=", 6) == 0) {
		return parse_bits(dstat_bits, t + 6, &e->dstat);
	} else if (strncasecmp(t, "cstat=", 6) == 0) {
		return parse_bits(cstat_bits, t + 6, &e->cstat);
	} else if (strcasecmp(t, "halt") == 0) {
		e->fctl |= SCSW_FCTL_HALT >> 12;
	} else if (strcasecmp(t, "clear") == 0) {
		e->fctl |= SCSW_FCTL_CLEAR >> 12;
	} else if (strcasecmp(t, "cancel") == 0) {
		e->cancel = true;
	} else if (strcasecmp(t, "timeout") == 0) {
		e->timeout = true;
	} else if (!find_bit(dstat_bits, t, strlen(t), &e->dstat) &&
		   !find_bit(cstat_bits, t, strlen(t), &e->cstat)) {
		return -EINVAL;
	}
	return 0;
}

int expect_parse(const char *text, struct expect *out, struct ccwio_error *err)
{
	char copy[128], *rest = NULL;

	memset(out, 0, sizeof(*out));
	if (!*text || strlen(text) >= sizeof(copy))
		return ccwio_fail(err, -EINVAL, "expected status '%.40s': empty or too long", text);
	strcpy(copy, text);
	for (char *t = strtok_r(copy, ",", &rest); t; t = strtok_r(NULL, ",", &rest)) {
		if (parse_one(t, out))
			return ccwio_fail(
				err, -EINVAL,
				"expected status '%s' is unknown; there "
				"are ok rc rc=-ERRNO cc=N dstat=NAMES cstat=NAMES "
				"count=N halt clear cancel timeout, device status attn sm cue "
				"busy ce de uc ux and subchannel status pci il "
				"pgmchk prtchk cdc ccc icc chc",
				t);
	}
	return 0;
}

static bool match_one(const struct expect *e, const struct io_result *res)
{
	if (e->ok && !io_ok(res))
		return false;
	if (e->any_rc && res->end != IO_REFUSED)
		return false;
	if (e->has_rc && (res->end == IO_REFUSED ? res->rc : 0) != e->rc)
		return false;
	if (e->timeout != (res->end == IO_TIMEOUT) || e->cancel != (res->end == IO_CANCELLED))
		return false;
	if (!e->has_cc && !e->dstat && !e->cstat && !e->fctl && !e->has_count)
		return true;
	if (res->end != IO_FINAL)
		return false;
	return (!e->has_cc || irb_cc(res->irb) == e->cc) &&
	       (!e->has_count || get_be16(res->irb + 10) == e->count) &&
	       (irb_dstat(res->irb) & e->dstat) == e->dstat &&
	       (irb_cstat(res->irb) & e->cstat) == e->cstat &&
	       (get_be32(res->irb) >> 12 & e->fctl) == e->fctl;
}

bool expect_match(const struct expect *e, size_t n, const struct io_result *res)
{
	if (n == 0)
		return io_ok(res) || res->end == IO_LEFT;
	for (size_t i = 0; i < n; i++) {
		if (match_one(&e[i], res))
			return true;
	}
	return false;
}
