// SPDX-License-Identifier: GPL-2.0
/* Statements to guest memory: addresses, IDALs, data chaining, big-endian CCWs and ORB. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/vfio_ccw.h>

#include "bytes.h"
#include "program_int.h"

#define PAGE		4096ull
#define LIMIT_24	0xffffffull
#define LIMIT_31	0x7fffffffull

int prog_fail(const struct program *p, struct ccwio_error *err, unsigned int line, int rc,
	      const char *fmt, ...)
{
	va_list ap;
	int n;

	if (line)
		n = snprintf(err->text, sizeof(err->text), "%s:%u: ", p->file, line);
	else
		n = snprintf(err->text, sizeof(err->text), "%s: ", p->file);
	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < sizeof(err->text))
		vsnprintf(err->text + n, sizeof(err->text) - (size_t)n, fmt, ap);
	va_end(ap);
	return rc;
}

int prog_grow(void *array, size_t size, size_t count)
{
	void *old, *grown;

	/* room is always the next power of two: only a full array needs more */
	if (count & (count - 1))
		return 0;
	memcpy(&old, array, sizeof(old));
	grown = realloc(old, (count ? count * 2 : 1) * size);
	if (!grown)
		return -ENOMEM;
	memcpy(array, &grown, sizeof(grown));
	return 0;
}

void prog_defaults_init(struct prog_defaults *d)
{
	memset(d, 0, sizeof(*d));
	d->size = 16ull << 20;
	d->ccw_format = 1;
	d->split = 1;
	d->lpm = 0xff;
}

static int map_memory(struct program *p, struct ccwio_error *err)
{
	if (p->mem_count == 0) {
		p->mem[0].base = p->def.base;
		p->mem[0].size = p->def.size;
		p->mem_count = 1;
		if (p->def.data_size) {
			p->mem[1].base = p->def.data_base;
			p->mem[1].size = p->def.data_size;
			p->mem[1].data = true;
			p->mem_count = 2;
		}
	}
	for (size_t i = 0; i < p->mem_count; i++) {
		struct guest_mem *m = &p->mem[i];
		void *host = mmap(NULL, m->size, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (host == MAP_FAILED)
			return prog_fail(p, err, 0, -ENOMEM, "no memory for the %llu bytes at "
					 "0x%llx", (unsigned long long)m->size,
					 (unsigned long long)m->base);
		m->host = host;
		p->next[i] = m->base;
		/* a program that is right never uses address 0: a zero address stands out */
		if (m->base == 0 && m->size > PAGE)
			p->next[i] = PAGE;
	}
	return 0;
}

static void set_orb_bits(struct program *p)
{
	uint32_t v = ORB_PFCH | (uint32_t)p->def.lpm << ORB_LPM_SHIFT;

	if (p->def.ccw_format)
		v |= ORB_FMT1;
	if (p->def.ida == PROG_IDA_2K)
		v |= ORB_C64 | ORB_I2K;
	else if (p->def.ida == PROG_IDA_4K)
		v |= ORB_C64;
	v = (v & ~p->orb1_mask) | p->orb1_set;
	put_be32(p->orb, p->has_orb_word[0] ? p->orb_word[0] : p->intparm);
	put_be32(p->orb + 4, p->has_orb_word[1] ? p->orb_word[1] : v);
}

static int compare_symbols(const void *a, const void *b)
{
	const struct stmt *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int collect_symbols(struct program *p, struct ccwio_error *err)
{
	p->symbols = malloc((p->stmt_count + 1) * sizeof(*p->symbols));
	if (!p->symbols)
		return prog_fail(p, err, 0, -ENOMEM, "out of memory");
	for (size_t i = 0; i < p->stmt_count; i++) {
		if (p->stmts[i].name[0])
			p->symbols[p->symbol_count++] = &p->stmts[i];
	}
	qsort(p->symbols, p->symbol_count, sizeof(*p->symbols), compare_symbols);
	for (size_t i = 1; i < p->symbol_count; i++) {
		const struct stmt *a = p->symbols[i - 1], *b = p->symbols[i];

		if (strcmp(a->name, b->name) == 0)
			return prog_fail(p, err, a->line > b->line ? a->line : b->line, -EINVAL,
					 "'%s' is already defined in line %u", a->name,
					 a->line > b->line ? b->line : a->line);
	}
	return 0;
}

static const struct stmt *find_symbol(const struct program *p, const char *name)
{
	size_t lo = 0, hi = p->symbol_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(name, p->symbols[mid]->name);

		if (c == 0)
			return p->symbols[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static int resolve(const struct program *p, unsigned int line, const struct ref *r, uint64_t *addr,
		   struct ccwio_error *err)
{
	const struct stmt *s;

	*addr = r->value;
	if (!r->name[0])
		return 0;
	s = find_symbol(p, r->name);
	if (!s)
		return prog_fail(p, err, line, -EINVAL,
				 "'%s' is not defined: no label, data or idal has that name",
				 r->name);
	*addr += s->addr;
	return 0;
}

/* Checks the operand of data= and idal= and completes count and split before addresses are known. */
static int complete_ccw(struct program *p, struct stmt *s, struct ccwio_error *err)
{
	const struct stmt *area;
	uint64_t room;

	if (s->ccw.operand != OP_DATA && s->ccw.operand != OP_IDAL) {
		s->ccw.split = 1;
		return 0;
	}
	area = find_symbol(p, s->ccw.ref.name);
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
static int allocate(struct program *p, size_t mem, uint64_t size, uint64_t align, unsigned int line,
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
				 "the memory area at 0x%llx of %llu bytes is full: give it a larger "
				 "size (mem statement or --mem)", (unsigned long long)m->base,
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
	rc = allocate(p, 0, first, CCW_SIZE, 0, &at, err);
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
	return allocate(p, mem, s->size, align, s->line, &s->addr, err);
}

static int layout(struct program *p, struct ccwio_error *err)
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
				 "data=%s lies above 2 GiB: only format-2 IDAWs (orb c64=1, --ida 2k "
				 "or 4k) reach it", s->ccw.ref.name);
	rc = allocate(p, 0, (uint64_t)n * width, width, s->line, idal, err);
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

static int note_input(struct program *p, const struct stmt *s, uint64_t addr, struct ccwio_error *err)
{
	const struct stmt *area = find_symbol(p, s->ccw.ref.name);

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
		rc = resolve(p, s->line, &s->ccw.ref, &addr, err);
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
		int rc = resolve(p, s->line, &s->idal.refs[i], &v, err);

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

static int emit(struct program *p, struct ccwio_error *err)
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

static int set_cpa(struct program *p, struct ccwio_error *err)
{
	uint64_t cpa = 0;
	int rc;

	if (p->has_cpa) {
		rc = resolve(p, p->cpa_line, &p->cpa, &cpa, err);
		if (rc)
			return rc;
	} else {
		for (size_t i = 0; i < p->stmt_count; i++) {
			if (p->stmts[i].kind == ST_CCW || p->stmts[i].kind == ST_TIC) {
				cpa = p->stmts[i].addr;
				break;
			}
		}
	}
	if (cpa > (p->has_cpa && !p->cpa.name[0] ? UINT32_MAX : LIMIT_31))
		return prog_fail(p, err, p->cpa_line, -EINVAL,
				 "the program starts at 0x%llx: an ORB holds 31-bit addresses; move "
				 "it (--base or mem)", (unsigned long long)cpa);
	put_be32(p->orb + 8, p->has_orb_word[2] ? p->orb_word[2] : (uint32_t)cpa);
	return 0;
}

int prog_assemble(const char *file, const char *text, size_t len, const struct prog_defaults *d,
		  struct program **out, struct ccwio_error *err)
{
	struct program *p = calloc(1, sizeof(*p));
	int rc;

	err->text[0] = '\0';
	*out = NULL;
	if (!p) {
		snprintf(err->text, sizeof(err->text), "%s: out of memory", file);
		return -ENOMEM;
	}
	snprintf(p->file, sizeof(p->file), "%s", file);
	p->def = *d;
	if (!p->def.split)
		p->def.split = 1;
	put_be32(p->scsw, SCSW_FCTL_START);
	p->region.length = sizeof(struct ccw_io_region);

	rc = prog_parse_text(p, text, len, err);
	if (rc == 0)
		rc = map_memory(p, err);
	if (rc == 0 && p->stmt_count == 0 && !p->has_cpa)
		rc = prog_fail(p, err, 0, -EINVAL, "no ccw in it, and no orb cpa=ADDRESS");
	set_orb_bits(p);
	if (rc == 0)
		rc = collect_symbols(p, err);
	if (rc == 0 && p->stmt_count)
		rc = layout(p, err);
	if (rc == 0)
		rc = emit(p, err);
	if (rc == 0)
		rc = set_cpa(p, err);
	if (rc) {
		prog_free(p);
		return rc;
	}
	*out = p;
	return 0;
}

void prog_free(struct program *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->stmt_count; i++) {
		if (p->stmts[i].kind == ST_DATA)
			free(p->stmts[i].data.bytes);
		else if (p->stmts[i].kind == ST_IDAL)
			free(p->stmts[i].idal.refs);
	}
	for (size_t i = 0; i < p->mem_count; i++) {
		if (p->mem[i].host)
			munmap(p->mem[i].host, p->mem[i].size);
	}
	for (size_t i = 0; i < p->expect_count; i++)
		free(p->expects[i]);
	free(p->expects);
	free(p->stmts);
	free(p->symbols);
	free(p->fixed);
	free(p->inputs);
	free(p->idals);
	free(p);
}

size_t prog_mem_count(const struct program *p)
{
	return p->mem_count;
}

const struct guest_mem *prog_mem(const struct program *p, size_t i)
{
	return &p->mem[i];
}

void *prog_host(const struct program *p, uint64_t addr, uint64_t len)
{
	for (size_t i = 0; i < p->mem_count; i++) {
		const struct guest_mem *m = &p->mem[i];

		if (addr >= m->base && addr - m->base < m->size && len <= m->size - (addr - m->base))
			return m->host + (addr - m->base);
	}
	return NULL;
}

int prog_symbol(const struct program *p, const char *name, uint64_t *addr, uint64_t *size)
{
	const struct stmt *s = find_symbol(p, name);

	if (!s)
		return -ENOENT;
	if (addr)
		*addr = s->addr;
	if (size)
		*size = s->size;
	return 0;
}

const uint8_t *prog_orb(const struct program *p)
{
	return p->orb;
}

const uint8_t *prog_scsw(const struct program *p)
{
	return p->scsw;
}

void prog_set_cpa(struct program *p, uint32_t cpa)
{
	put_be32(p->orb + 8, cpa);
}

struct prog_region prog_region(const struct program *p)
{
	return p->region;
}

size_t prog_input_count(const struct program *p)
{
	return p->input_count;
}

const struct prog_input *prog_input(const struct program *p, size_t i)
{
	return &p->inputs[i];
}

const char *prog_expect(const struct program *p, size_t i)
{
	return i < p->expect_count ? p->expects[i] : NULL;
}
