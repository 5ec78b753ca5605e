// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_names.h"
#include "trace/ccw_select.h"
#include "trace/select_field.h"

#define FIELDS(X) \
	X(sch, SCH) X(cssid, NUMBER) X(ssid, NUMBER) X(schno, NUMBER) X(seq, NUMBER) \
	X(translate_ns, TIME) X(start_ns, TIME) X(device_ns, TIME) X(deliver_ns, TIME) \
	X(total_ns, TIME) X(bytes, SIZE) X(ccws, NUMBER) X(segments, NUMBER) X(idaws, NUMBER) \
	X(pages, NUMBER) X(cmd, NUMBER) X(cc, NUMBER) X(rc, RC) X(flags, FLAGS) X(irqs, NUMBER) \
	X(fctl, FCTL) X(actl, ACTL) X(stctl, STCTL) X(dstat, DSTAT) X(cstat, CSTAT) \
	X(lpum, NUMBER) X(resid, SIZE) X(erw, NUMBER) X(sense, NUMBER) X(cpu, NUMBER) \
	X(result, RESULT)

enum kind { NUMBER, TIME, SIZE, SCH, RC, FLAGS, FCTL, ACTL, STCTL, DSTAT, CSTAT, RESULT };

enum {
#define FIELD(name, kind) F_##name,
	FIELDS(FIELD)
#undef FIELD
	NR_FIELDS,
};

static const struct {
	const char *name;
	enum kind kind;
} fields[NR_FIELDS] = {
#define FIELD(name, kind) [F_##name] = { #name, kind },
	FIELDS(FIELD)
#undef FIELD
};

const char *ccw_select_field(unsigned int i)
{
	return i < NR_FIELDS ? fields[i].name : NULL;
}

int ccw_field_find(const char *name)
{
	int i;

	for (i = 0; i < NR_FIELDS; i++) {
		if (!strcmp(name, fields[i].name))
			return i;
	}
	return -1;
}

/* Decimal, or hexadecimal with 0x; a decimal one may have a point if a unit follows. */
static int number(const char *text, const char *const *names, const uint64_t *factors,
		  __int128 *value)
{
	unsigned __int128 v = 0, scale = 1;
	bool negative = *text == '-';
	const char *p = text + negative;
	int i;

	if (p[0] == '0' && (p[1] | 0x20) == 'x') {
		for (p += 2; isxdigit((unsigned char)*p) && !(v >> 64); p++)
			v = v << 4 | (unsigned int)(isdigit((unsigned char)*p) ?
						    *p - '0' : (*p | 0x20) - 'a' + 10);
		if (*p || p[-1] == 'x' || p[-1] == 'X' || v >> 64)
			return -EINVAL;
		*value = negative ? -(__int128)v : (__int128)v;
		return 0;
	}
	if (!isdigit((unsigned char)*p))
		return -EINVAL;
	for (; isdigit((unsigned char)*p) && !(v >> 64); p++)
		v = v * 10 + (*p - '0');
	if (*p == '.' && names) {
		for (p++; isdigit((unsigned char)*p) && scale < 1000000000; p++) {
			v = v * 10 + (*p - '0');
			scale *= 10;
		}
	}
	if (v >> 64)
		return -EINVAL;
	for (i = 0; *p && names && names[i]; i++) {
		if (strcmp(p, names[i]))
			continue;
		v = v * factors[i] / scale;
		*value = negative ? -(__int128)v : (__int128)v;
		return 0;
	}
	if (*p || scale != 1)
		return -EINVAL;
	*value = negative ? -(__int128)v : (__int128)v;
	return 0;
}

static const char *flag_name(enum kind kind, unsigned int bit, char *buf, size_t len)
{
	switch (kind) {
	case FLAGS: return ccw_io_flags_str(1U << bit, buf, len);
	case FCTL: return ccw_fctl_str(1U << bit, buf, len);
	case ACTL: return ccw_actl_str(1U << bit, buf, len);
	case STCTL: return ccw_stctl_str(1U << bit, buf, len);
	case DSTAT: return ccw_dstat_str(1U << bit, buf, len);
	default: return ccw_cstat_str(1U << bit, buf, len);
	}
}

static int flag(enum kind kind, const char *name, size_t len, __int128 *value)
{
	unsigned int bit, nr = kind == FLAGS ? 16 : 8;
	char buf[32];

	for (bit = 0; bit < nr; bit++) {
		flag_name(kind, bit, buf, sizeof(buf));
		if (strlen(buf) == len && !strncasecmp(buf, name, len)) {
			*value |= 1U << bit;
			return 0;
		}
	}
	return -EINVAL;
}

static int flags(enum kind kind, const char *text, __int128 *value)
{
	const char *end;

	*value = 0;
	if (!number(text, NULL, NULL, value))
		return 0;
	for (;; text = end + 1) {
		end = text + strcspn(text, "|");
		if (flag(kind, text, end - text, value))
			return -EINVAL;
		if (!*end)
			return 0;
	}
}

static int result(const char *text, __int128 *value)
{
	int r;

	for (r = 0; r < CCW_NR_RESULTS; r++) {
		const char *name = ccw_result_name(r), *p = text;

		/* "unit check" and unit_check */
		while (*name && (*p == *name || (*p == '_' && *name == ' ')))
			p++, name++;
		if (!*name && !*p) {
			*value = r;
			return 0;
		}
	}
	return -EINVAL;
}

static int rc_value(const char *text, __int128 *value)
{
	char buf[24];
	int rc;

	if (!number(text, NULL, NULL, value))
		return 0;
	for (rc = -1; rc > -4096; rc--) {
		ccw_rc_str(rc, buf, sizeof(buf));
		if (!strcmp(buf, text) || !strcmp(buf + 1, text)) {
			*value = rc;
			return 0;
		}
	}
	return -EINVAL;
}

static int sch_value(const char *text, __int128 *value)
{
	struct ccw_sch sch;

	if (ccw_sch_parse(text, &sch))
		return -EINVAL;
	*value = ccw_sch_key(sch);
	return 0;
}

int ccw_field_value(unsigned int field, const char *text, __int128 *value)
{
	static const char *const times[] = { "ns", "us", "ms", "s", NULL };
	static const uint64_t time_factors[] = { 1, 1000, 1000000, 1000000000 };
	static const char *const sizes[] = { "B", "KiB", "MiB", "GiB", NULL };
	static const uint64_t size_factors[] = { 1, 1 << 10, 1 << 20, 1 << 30 };

	switch (fields[field].kind) {
	case NUMBER: return number(text, NULL, NULL, value);
	case TIME: return number(text, times, time_factors, value);
	case SIZE: return number(text, sizes, size_factors, value);
	case SCH: return sch_value(text, value);
	case RC: return rc_value(text, value);
	case RESULT: return result(text, value);
	default: return flags(fields[field].kind, text, value);
	}
}

const char *ccw_field_wants(unsigned int field)
{
	switch (fields[field].kind) {
	case TIME: return "want a time: 1500, 1.5us, 2ms, 1s";
	case SIZE: return "want a number of bytes: 4096, 0x1000, 4KiB, 1MiB";
	case SCH: return "want a subchannel: 0.0.0003";
	case RC: return "want an errno: -EIO, -5, 0";
	case RESULT: return "want a result: ok, refused, condition_code, aborted, channel_check, "
			    "unit_check, unit_exception, incorrect_length";
	case FLAGS: return "want flags: FMT1, PFCH|IDA64, STARTED ..., or a number";
	case DSTAT: return "want device status: ATTN SM CUE BUSY CE DE UC UX, joined by |, or a "
			   "number";
	case CSTAT: return "want subchannel status: PCI IL PGMCHK PROTCHK CDCHK CCCHK ICCHK "
			   "CHAINCHK, joined by |, or a number";
	case FCTL: return "want START, HALT, CLEAR, joined by |, or a number";
	case ACTL:
	case STCTL: return "want names of its bits joined by |, or a number";
	default: return "want a number: 12, 0x0c";
	}
}

static bool stage(const struct ccw_io *io, enum ccw_stage s, __int128 *value)
{
	*value = io->ns[s];
	return ccw_io_stages(io) & 1U << s;
}

bool ccw_field_get(unsigned int field, const struct ccw_io *io, __int128 *value)
{
	bool ended = io->flags & VFIO_CCW_IO_ENDED;

#define IS(name, v, valid) \
	case F_##name: \
		*value = (v); \
		return (valid)
	switch (field) {
	IS(sch, ccw_sch_key(io->sch), true);
	IS(cssid, io->sch.cssid, true);
	IS(ssid, io->sch.ssid, true);
	IS(schno, io->sch.schno, true);
	IS(seq, io->seq, true);
	IS(bytes, io->bytes, true);
	IS(ccws, io->ccws, true);
	IS(segments, io->segments, true);
	IS(idaws, io->idaws, true);
	IS(pages, io->pages, true);
	IS(cmd, io->cmd, true);
	IS(cc, io->cc, io->flags & VFIO_CCW_IO_STARTED);
	IS(rc, io->rc, true);
	IS(flags, io->flags, true);
	IS(irqs, io->irqs, true);
	IS(fctl, io->fctl, ended);
	IS(actl, io->actl, ended);
	IS(stctl, io->stctl, ended);
	IS(dstat, io->dstat, ended);
	IS(cstat, io->cstat, ended);
	IS(lpum, io->lpum, ended);
	IS(resid, io->resid, ended);
	IS(erw, io->erw, ended);
	IS(sense, io->sense, io->flags & VFIO_CCW_IO_SENSE);
	IS(cpu, io->cpu, true);
	IS(result, ccw_io_result(io), true);
	case F_translate_ns: return stage(io, CCW_TRANSLATE, value);
	case F_start_ns: return stage(io, CCW_START, value);
	case F_device_ns: return stage(io, CCW_DEVICE, value);
	case F_deliver_ns: return stage(io, CCW_DELIVER, value);
	case F_total_ns: return stage(io, CCW_TOTAL, value);
	}
#undef IS
	return false;
}
