// SPDX-License-Identifier: GPL-2.0
/* A program's life: memory, ORB, symbols. Addresses come from layout.c, bytes from emit.c. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/vfio_ccw.h>

#include "tools/dev/bytes.h"
#include "program_int.h"

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

const struct stmt *prog_find_symbol(const struct program *p, const char *name)
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

int prog_resolve(const struct program *p, unsigned int line, const struct ref *r, uint64_t *addr,
		 struct ccwio_error *err)
{
	const struct stmt *s;

	*addr = r->value;
	if (!r->name[0])
		return 0;
	s = prog_find_symbol(p, r->name);
	if (!s)
		return prog_fail(p, err, line, -EINVAL,
				 "'%s' is not defined: no label, data or idal has that name",
				 r->name);
	*addr += s->addr;
	return 0;
}

static int set_cpa(struct program *p, struct ccwio_error *err)
{
	uint64_t cpa = 0;
	int rc;

	if (p->has_cpa) {
		rc = prog_resolve(p, p->cpa_line, &p->cpa, &cpa, err);
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
				 "the program starts at 0x%llx: an ORB holds 31-bit addresses; "
				 "move it (--base or mem)", (unsigned long long)cpa);
	put_be32(p->orb + 8, p->has_orb_word[2] ? p->orb_word[2] : (uint32_t)cpa);
	return 0;
}

static int place_patches(struct program *p, struct ccwio_error *err)
{
	for (size_t i = 0; i < p->patch_count; i++) {
		struct patch *t = &p->patches[i];
		uint64_t addr;
		int rc = prog_resolve(p, t->line, &t->ref, &addr, err);

		if (rc)
			return rc;
		t->host = prog_host(p, addr, t->len);
		if (!t->host)
			return prog_fail(p, err, t->line, -EINVAL, "on-resume: 0x%llx and its %u "
					 "bytes do not lie in one memory area",
					 (unsigned long long)addr, t->len);
	}
	return 0;
}

void prog_patch(struct program *p, unsigned int nth)
{
	for (size_t i = 0; i < p->patch_count; i++) {
		struct patch *t = &p->patches[i];

		if (t->nth != nth || t->done)
			continue;
		memcpy(t->before, t->host, t->len);
		memcpy(t->host, t->bytes, t->len);
		t->done = true;
	}
}

void prog_unpatch(struct program *p)
{
	bool again = true;

	/* the last resume's first, and of that the last: patches may overlap */
	while (again) {
		struct patch *last = NULL;

		for (size_t i = 0; i < p->patch_count; i++) {
			struct patch *t = &p->patches[i];

			if (t->done && (!last || t->nth >= last->nth))
				last = t;
		}
		again = last;
		if (last) {
			memcpy(last->host, last->before, last->len);
			last->done = false;
		}
	}
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
		rc = prog_layout(p, err);
	if (rc == 0)
		rc = prog_emit(p, err);
	if (rc == 0)
		rc = set_cpa(p, err);
	if (rc == 0)
		rc = place_patches(p, err);
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
	free(p->patches);
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

		uint64_t offset = addr - m->base;

		if (addr >= m->base && offset < m->size && len <= m->size - offset)
			return m->host + offset;
	}
	return NULL;
}

int prog_symbol(const struct program *p, const char *name, uint64_t *addr, uint64_t *size)
{
	const struct stmt *s = prog_find_symbol(p, name);

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
