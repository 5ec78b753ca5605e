// SPDX-License-Identifier: GPL-2.0
/* Where everything lies: what the text fixed, then the rest around it. */
#include <errno.h>

#include "program_int.h"

/* Checks data= and idal=, completes count and split; addresses are not known yet. */
static int complete_ccw(struct program *p, struct stmt *s, struct ccwio_error *err)
{
	const struct stmt *area;
	uint64_t room;

	if (s->ccw.operand != OP_DATA && s->ccw.operand != OP_IDAL) {
		s->ccw.split = 1;
		return 0;
	}
	area = prog_find_symbol(p, s->ccw.ref.name);
	if (!area || area->kind != (s->ccw.operand == OP_DATA ? ST_DATA : ST_IDAL))
		return prog_fail(p, err, s->line, -EINVAL, "%s=%s: no %s statement has that name",
				 s->ccw.operand == OP_DATA ? "data" : "idal", s->ccw.ref.name,
				 s->ccw.operand == OP_DATA ? "data" : "idal");
	if (s->ccw.operand == OP_IDAL) {
		s->ccw.split = 1;
		s->ccw.flags |= CCW_IDA;
		return 0;
	}
	if (s->ccw.ref.value > area->size)
		return prog_fail(p, err, s->line, -EINVAL,
				 "data=%s: the offset lies outside its %llu bytes (addr= is not "
				 "checked)", area->name, (unsigned long long)area->size);
	room = area->size - s->ccw.ref.value;
	if (!s->ccw.has_count)
		s->ccw.count = (uint32_t)room;
	if (s->ccw.count > room)
		return prog_fail(p, err, s->line, -EINVAL,
				 "count=%u: data=%s has %llu bytes from there (addr= is not "
				 "checked)", s->ccw.count, area->name, (unsigned long long)room);
	if (!s->ccw.split)
		s->ccw.split = p->def.split;
	if (s->ccw.split > s->ccw.count)
		s->ccw.split = s->ccw.count ? s->ccw.count : 1;
	if ((s->ccw.count + s->ccw.split - 1) / s->ccw.split > UINT16_MAX)
		return prog_fail(p, err, s->line, -EINVAL,
				 "count=%u in %u piece%s: a CCW's count is at most 65535, use "
				 "split=%u", s->ccw.count, s->ccw.split,
				 s->ccw.split == 1 ? "" : "s", s->ccw.count / UINT16_MAX + 1);
	if (p->def.ida != PROG_IDA_NONE && !s->ccw.direct)
		s->ccw.flags |= CCW_IDA;
	if (s->ccw.flags & CCW_MIDA)
		return prog_fail(p, err, s->line, -EINVAL,
				 "mida with data=: MIDAWs are written by hand and given as addr=");
	return 0;
}

static int add_fixed(struct program *p, uint64_t start, uint64_t size, unsigned int line,
		     struct ccwio_error *err)
{
	if (!prog_host(p, start, size))
		return prog_fail(p, err, line, -EINVAL,
				 "0x%llx and its %llu bytes do not lie in one memory area; the "
				 "first area is 0x%llx to 0x%llx", (unsigned long long)start,
				 (unsigned long long)size, (unsigned long long)p->mem[0].base,
				 (unsigned long long)(p->mem[0].base + p->mem[0].size - 1));
	if (p->fixed_count >= 4096)
		return prog_fail(p, err, line, -E2BIG, "more than 4096 fixed places");
	if (prog_grow(&p->fixed, sizeof(*p->fixed), p->fixed_count))
		return prog_fail(p, err, line, -ENOMEM, "out of memory");
	p->fixed[p->fixed_count].start = start;
	p->fixed[p->fixed_count++].end = start + size;
	return 0;
}

/* Next free place in memory @mem, clear of everything placed with at. */
int prog_allocate(struct program *p, size_t mem, uint64_t size, uint64_t align, unsigned int line,
		  uint64_t *addr, struct ccwio_error *err)
{
	const struct guest_mem *m = &p->mem[mem];
	uint64_t at = p->next[mem];
	bool moved = true;

	while (moved) {
		moved = false;
		at = (at + align - 1) & ~(align - 1);
		for (size_t i = 0; i < p->fixed_count; i++) {
			if (at < p->fixed[i].end && p->fixed[i].start < at + size) {
				at = p->fixed[i].end;
				moved = true;
			}
		}
	}
	if (at < m->base || at - m->base > m->size || size > m->size - (at - m->base))
		return prog_fail(p, err, line, -E2BIG,
				 "the memory area at 0x%llx of %llu bytes is full: give it a "
				 "larger size (mem statement or --mem)",
				 (unsigned long long)m->base,
				 (unsigned long long)m->size);
	*addr = at;
	p->next[mem] = at + size;
	return 0;
}

/*
 * CCWs lie one after the other from the last at; those before the first at get a place of their
 * own. Two passes: count what each run needs, then give out addresses.
 */
static int layout_ccws(struct program *p, struct ccwio_error *err)
{
	struct stmt *run = NULL;
	uint64_t first = 0, at;
	int rc;

	for (size_t i = 0; i < p->stmt_count; i++) {
		struct stmt *s = &p->stmts[i];

		if (s->kind == ST_AT)
			run = s;
		if (s->kind != ST_CCW && s->kind != ST_TIC)
			continue;
		rc = complete_ccw(p, s, err);
		if (rc)
			return rc;
		if (s->ccw.times > PROG_MAX_CCWS / s->ccw.split ||
		    (p->ccw_count += (size_t)s->ccw.times * s->ccw.split) > PROG_MAX_CCWS)
			return prog_fail(p, err, s->line, -E2BIG, "more than %u CCWs",
					 PROG_MAX_CCWS);
		s->size = (uint64_t)s->ccw.times * s->ccw.split * CCW_SIZE;
		*(run ? &run->size : &first) += s->size;
	}
	if (p->ccw_count == 0 && !p->has_cpa)
		return prog_fail(p, err, 0, -EINVAL, "no ccw in it, and no orb cpa=ADDRESS");

	for (size_t i = 0; i < p->stmt_count; i++) {
		struct stmt *s = &p->stmts[i];

		if (s->kind == ST_AT && s->size) {
			rc = add_fixed(p, s->at, s->size, s->line, err);
			if (rc)
				return rc;
		}
	}
	rc = prog_allocate(p, 0, first, CCW_SIZE, 0, &at, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < p->stmt_count; i++) {
		struct stmt *s = &p->stmts[i];

		if (s->kind == ST_AT)
			at = s->at;
		if (s->kind == ST_DATA || s->kind == ST_IDAL)
			continue;
		s->addr = at;
		if (s->kind == ST_CCW || s->kind == ST_TIC)
			at += s->size;
	}
	return 0;
}

static int layout_area(struct program *p, struct stmt *s, bool fixed, struct ccwio_error *err)
{
	bool has_at = s->kind == ST_DATA ? s->data.has_at : s->idal.has_at;
	uint64_t align;
	size_t mem = 0;

	if (has_at != fixed)
		return 0;
	if (s->kind == ST_IDAL) {
		if (!s->idal.has_fmt)
			s->idal.fmt2 = prog_fmt2_idaw(p);
		align = s->idal.fmt2 ? 8 : 4;
		s->size = s->idal.count * align;
	} else {
		align = s->data.align ? s->data.align : s->size >= PAGE ? PAGE : 8;
		for (size_t i = 0; i < p->mem_count; i++) {
			if (p->mem[i].data) {
				mem = i;
				break;
			}
		}
	}
	if (fixed) {
		s->addr = s->kind == ST_DATA ? s->data.at : s->idal.at;
		return add_fixed(p, s->addr, s->size, s->line, err);
	}
	return prog_allocate(p, mem, s->size, align, s->line, &s->addr, err);
}

int prog_layout(struct program *p, struct ccwio_error *err)
{
	int rc;

	for (int fixed = 1; fixed >= 0; fixed--) {
		if (!fixed) {
			rc = layout_ccws(p, err);
			if (rc)
				return rc;
		}
		for (size_t i = 0; i < p->stmt_count; i++) {
			struct stmt *s = &p->stmts[i];

			if (s->kind != ST_DATA && s->kind != ST_IDAL)
				continue;
			rc = layout_area(p, s, fixed, err);
			if (rc)
				return rc;
		}
	}
	return 0;
}
