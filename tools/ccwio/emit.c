// SPDX-License-Identifier: GPL-2.0
/* Statements with addresses to bytes: IDALs, data chaining, big-endian CCWs. */
#include <errno.h>
#include <string.h>

#include "tools/dev/bytes.h"
#include "program_int.h"

static void put_idaw(uint8_t *at, bool fmt2, uint64_t value)
{
	if (fmt2)
		put_be64(at, value);
	else
		put_be32(at, (uint32_t)value);
}

/* PoP, "Indirect Data Addressing": the first IDAW may point anywhere, the others at a block. */
static int build_idal(struct program *p, const struct stmt *s, uint64_t data, uint32_t count,
		      uint64_t *idal, struct ccwio_error *err)
{
	bool fmt2 = prog_fmt2_idaw(p);
	uint64_t block = fmt2 && !(p->orb[4 + 1] & 0x01) ? 4096 : 2048;
	uint32_t n = (uint32_t)((data % block + count + block - 1) / block);
	uint32_t width = fmt2 ? 8 : 4;
	int rc;

	if (n == 0)
		n = 1;
	if (!fmt2 && data + count - 1 > LIMIT_31)
		return prog_fail(p, err, s->line, -EINVAL,
				 "data=%s lies above 2 GiB: only format-2 IDAWs (orb c64=1, --ida "
				 "2k or 4k) reach it", s->ccw.ref.name);
	rc = prog_allocate(p, 0, (uint64_t)n * width, width, s->line, idal, err);
	if (rc)
		return rc;
	if (prog_grow(&p->idals, sizeof(*p->idals), p->idal_count))
		return prog_fail(p, err, s->line, -ENOMEM, "out of memory");
	p->idals[p->idal_count].addr = *idal;
	p->idals[p->idal_count++].count = n;
	for (uint32_t i = 0; i < n; i++) {
		put_idaw(prog_host(p, *idal + i * width, width), fmt2, data);
		data = (data & ~(block - 1)) + block;
	}
	return 0;
}

static int put_ccw(struct program *p, const struct stmt *s, uint64_t at, uint8_t flags,
		   uint32_t count, uint64_t addr, struct ccwio_error *err)
{
	bool fmt1 = prog_fmt1(p);
	/* a raw address may be wrong on purpose, but it must fit its field */
	uint64_t limit = !fmt1 ? LIMIT_24 : s->ccw.operand == OP_ADDR ? UINT32_MAX : LIMIT_31;
	uint8_t *ccw = prog_host(p, at, CCW_SIZE);

	if (!ccw)
		return prog_fail(p, err, s->line, -EINVAL,
				 "the CCW at 0x%llx does not lie in a memory area",
				 (unsigned long long)at);
	if (addr > limit)
		return prog_fail(p, err, s->line, -EINVAL,
				 "address 0x%llx: a format-%d CCW holds addresses up to 0x%llx%s",
				 (unsigned long long)addr, fmt1, (unsigned long long)limit,
				 s->ccw.operand == OP_DATA ? " (use ida)" : "");
	if (fmt1) {
		ccw[0] = s->ccw.cmd;
		ccw[1] = flags;
		put_be16(ccw + 2, (uint16_t)count);
		put_be32(ccw + 4, (uint32_t)addr);
	} else {
		put_be32(ccw, (uint32_t)s->ccw.cmd << 24 | (uint32_t)addr);
		ccw[4] = flags;
		ccw[5] = 0;
		put_be16(ccw + 6, (uint16_t)count);
	}
	return 0;
}

static int note_input(struct program *p, const struct stmt *s, uint64_t addr,
		      struct ccwio_error *err)
{
	const struct stmt *area = prog_find_symbol(p, s->ccw.ref.name);

	if (!prog_command_is_input(s->ccw.cmd) || s->ccw.flags & CCW_SKIP || s->ccw.count == 0)
		return 0;
	for (size_t i = 0; i < p->input_count; i++) {
		if (p->inputs[i].addr == addr && p->inputs[i].len == s->ccw.count)
			return 0;
	}
	if (prog_grow(&p->inputs, sizeof(*p->inputs), p->input_count))
		return prog_fail(p, err, s->line, -ENOMEM, "out of memory");
	p->inputs[p->input_count++] = (struct prog_input){
		.addr = addr, .len = s->ccw.count, .cmd = s->ccw.cmd,
		.name = area->name, .offset = s->ccw.ref.value,
	};
	return 0;
}

static int emit_ccw(struct program *p, const struct stmt *s, struct ccwio_error *err)
{
	uint64_t addr = 0, at = s->addr;
	uint32_t left = s->ccw.count;
	int rc = 0;

	if (s->ccw.operand != OP_NONE)
		rc = prog_resolve(p, s->line, &s->ccw.ref, &addr, err);
	if (rc == 0 && s->ccw.operand == OP_DATA)
		rc = note_input(p, s, addr, err);
	for (unsigned int i = 0; i < s->ccw.split && rc == 0; i++) {
		bool last = i + 1 == s->ccw.split;
		uint32_t count = last ? left : s->ccw.count / s->ccw.split;
		uint8_t flags = s->ccw.flags;
		uint64_t where = addr;

		/* PCI and suspension belong to the command: its first CCW alone */
		if (i)
			flags &= (uint8_t)~(CCW_PCI | CCW_SUSPEND);
		/*
		 * cc stays beside cd, where the channel ignores it: Hercules looks at the first
		 * CCW of a command to see whether the chain goes on
		 */
		if (!last)
			flags |= CCW_CD;
		if (s->ccw.operand == OP_DATA && flags & CCW_IDA)
			rc = build_idal(p, s, addr, count, &where, err);
		if (rc == 0)
			rc = put_ccw(p, s, at, flags, count, where, err);
		addr += count;
		left -= count;
		at += CCW_SIZE;
	}
	for (unsigned int t = 1; t < s->ccw.times && rc == 0; t++) {
		uint64_t len = (uint64_t)s->ccw.split * CCW_SIZE;
		uint8_t *to = prog_host(p, s->addr + t * len, len);

		if (!to)
			return prog_fail(p, err, s->line, -EINVAL,
					 "the CCW at 0x%llx does not lie in a memory area",
					 (unsigned long long)(s->addr + t * len));
		memcpy(to, prog_host(p, s->addr, len), len);
	}
	return rc;
}

static int emit_idal(struct program *p, const struct stmt *s, struct ccwio_error *err)
{
	uint32_t width = s->idal.fmt2 ? 8 : 4;

	for (size_t i = 0; i < s->idal.count; i++) {
		uint64_t v;
		int rc = prog_resolve(p, s->line, &s->idal.refs[i], &v, err);

		if (rc)
			return rc;
		if (!s->idal.fmt2 && v > UINT32_MAX)
			return prog_fail(p, err, s->line, -EINVAL,
					 "0x%llx does not fit a format-1 IDAW of 32 bits",
					 (unsigned long long)v);
		put_idaw(prog_host(p, s->addr + i * width, width), s->idal.fmt2, v);
	}
	return 0;
}

int prog_emit(struct program *p, struct ccwio_error *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->stmt_count && rc == 0; i++) {
		struct stmt *s = &p->stmts[i];
		uint8_t *to;

		switch (s->kind) {
		case ST_CCW:
		case ST_TIC:
			rc = emit_ccw(p, s, err);
			break;
		case ST_IDAL:
			rc = emit_idal(p, s, err);
			break;
		case ST_DATA:
			to = prog_host(p, s->addr, s->size);
			if (s->data.len)
				memcpy(to, s->data.bytes, s->data.len);
			/* memory is zero from the start: untouched pages stay unallocated */
			if (s->data.fill)
				memset(to + s->data.len, s->data.fill, s->size - s->data.len);
			break;
		case ST_LABEL:
		case ST_AT:
			break;
		}
	}
	return rc;
}
