// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory for replay: the pages that any program uses, each at its recorded address.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tools/ccwtrace/replay.h"
#include "tools/dev/bytes.h"

#define PAGE 4096ull
#define SLOTS (4 * REPLAY_MAX_PAGES) /* of the hash set, a power of two */
/* Where spare memory may lie: above what a zeroed address hits, and within 31 bits. */
#define SPARE_LOW 0x100000ull
#define SPARE_HIGH 0x80000000ull

struct pages {
	uint64_t *slot; /* page number + 1, 0: free */
	size_t count;
};

static int note_page(struct pages *ps, uint64_t page, struct ccwio_error *err)
{
	size_t i = (page * 0x9e3779b97f4a7c15ull) >> 32 & (SLOTS - 1);

	for (; ps->slot[i]; i = (i + 1) & (SLOTS - 1)) {
		if (ps->slot[i] == page + 1)
			return 0;
	}
	if (ps->count == REPLAY_MAX_PAGES)
		return ccwio_fail(err, -E2BIG, "the programs use more than %u MiB of memory: take "
				  "fewer with -n, or a part with --seek", REPLAY_MAX_PAGES / 256);
	ps->slot[i] = page + 1;
	ps->count++;
	return 0;
}

static int note_area(struct pages *ps, const struct replay_area *a, struct ccwio_error *err)
{
	uint64_t last = a->addr + a->len - 1, page;
	int rc = 0;

	for (page = a->addr / PAGE; !rc && page <= last / PAGE; page++)
		rc = note_page(ps, page, err);
	return rc;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Neighbours together; @pages has sorted numbers. */
static int make_runs(struct replay_memory *m, const uint64_t *pages, size_t n,
		     struct ccwio_error *err)
{
	size_t i;

	m->runs = calloc(REPLAY_MAX_RUNS + 1, sizeof(*m->runs));
	if (!m->runs)
		return ccwio_fail(err, -ENOMEM, "out of memory");
	for (i = 0; i < n; i++) {
		struct replay_run *r = m->nr_runs ? &m->runs[m->nr_runs - 1] : NULL;

		if (r && r->base + r->size == pages[i] * PAGE) {
			r->size += PAGE;
			continue;
		}
		if (m->nr_runs == REPLAY_MAX_RUNS)
			return ccwio_fail(err, -E2BIG, "the programs' addresses are too spread "
					  "out: more than %u separate stretches of memory (take "
					  "fewer with -n, or a part with --seek)",
					  REPLAY_MAX_RUNS);
		m->runs[m->nr_runs++] = (struct replay_run){ .base = pages[i] * PAGE,
							     .size = PAGE };
	}
	return 0;
}

/* A hole of that size; the runs are sorted. */
static int place_spare(struct replay_memory *m, uint64_t size, struct ccwio_error *err)
{
	uint64_t at = SPARE_LOW;
	size_t i;

	size = (size + PAGE - 1) / PAGE * PAGE;
	for (i = 0; i < m->nr_runs; i++) {
		if (at + size <= m->runs[i].base)
			break;
		if (m->runs[i].base + m->runs[i].size > at)
			at = m->runs[i].base + m->runs[i].size;
	}
	if (at + size > SPARE_HIGH)
		return ccwio_fail(err, -E2BIG, "the programs leave no room below 2 GiB");
	m->spare_base = at;
	if (size) {
		memmove(m->runs + i + 1, m->runs + i, (m->nr_runs - i) * sizeof(*m->runs));
		m->runs[i] = (struct replay_run){ .base = at, .size = size };
		m->nr_runs++;
	}
	return 0;
}

static int map_runs(struct replay_memory *m, struct ccwio_error *err)
{
	size_t i;

	for (i = 0; i < m->nr_runs; i++) {
		void *host = mmap(NULL, m->runs[i].size, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (host == MAP_FAILED)
			return ccwio_fail(err, -ENOMEM, "no memory for the programs");
		m->runs[i].host = host;
	}
	return 0;
}

static int note_programs(struct pages *pages, const struct replay_programs *ps, const bool *use,
			 uint64_t *spare, struct ccwio_error *err)
{
	struct replay_areas areas = { .count = 0 };
	size_t i, k;
	int rc = 0;

	for (i = 0; !rc && i < ps->count; i++) {
		if (!use[i])
			continue;
		/* where spare memory will be is not known yet, only how much of it there is */
		rc = replay_areas(&ps->all[i], 0, &areas, err);
		for (k = 0; !rc && k < areas.count; k++) {
			if (!areas.all[k].spare)
				rc = note_area(pages, &areas.all[k], err);
		}
		if (areas.spare > *spare)
			*spare = areas.spare;
	}
	free(areas.all);
	return rc;
}

int replay_memory_make(struct replay_memory *m, const struct replay_programs *ps, const bool *use,
		       struct ccwio_error *err)
{
	struct pages pages = { .slot = calloc(SLOTS, sizeof(uint64_t)) };
	uint64_t spare = 0;
	size_t i, n = 0;
	int rc;

	if (!pages.slot)
		return ccwio_fail(err, -ENOMEM, "out of memory");
	rc = note_programs(&pages, ps, use, &spare, err);
	for (i = 0; !rc && i < SLOTS; i++) {
		if (pages.slot[i])
			pages.slot[n++] = pages.slot[i] - 1;
	}
	if (!rc) {
		qsort(pages.slot, n, sizeof(*pages.slot), by_number);
		rc = make_runs(m, pages.slot, n, err);
	}
	free(pages.slot);
	if (!rc)
		rc = place_spare(m, spare, err);
	if (!rc)
		rc = map_runs(m, err);
	return rc;
}

void replay_memory_free(struct replay_memory *m)
{
	size_t i;

	for (i = 0; i < m->nr_runs; i++) {
		if (m->runs[i].host)
			munmap(m->runs[i].host, m->runs[i].size);
	}
	free(m->runs);
}

static uint8_t *host_of(const struct replay_memory *m, uint64_t addr, uint32_t len)
{
	size_t low = 0, high = m->nr_runs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct replay_run *r = &m->runs[mid];

		if (addr < r->base)
			high = mid;
		else if (addr - r->base >= r->size)
			low = mid + 1;
		else
			return len <= r->size - (addr - r->base) ? r->host + (addr - r->base) :
								   NULL;
	}
	return NULL;
}

/* Data for WRITEs: says where it came from to whoever finds it on the device. */
static void generate(uint8_t *to, uint32_t len, uint32_t seq)
{
	static const char text[] = "generated by ccwtrace replay ";
	uint32_t i;

	for (i = 0; i < len; i++) {
		if (i % 32 < sizeof(text) - 1)
			to[i] = text[i % 32];
		else
			to[i] = seq >> 8 * (i % 32 % 3);
	}
}

static void store(const struct replay_program *p, const struct replay_area *a, uint8_t *to)
{
	switch (a->kind) {
	case REPLAY_CCW:
		memcpy(to, p->ccw + 8u * a->index, 8);
		break;
	case REPLAY_IDAW:
		if (a->len == 8)
			put_be64(to, a->value);
		else
			put_be32(to, a->value);
		break;
	case REPLAY_PARAM:
		memcpy(to, p->data + a->value, a->len);
		break;
	case REPLAY_OUT:
		generate(to, a->len, p->seq);
		break;
	case REPLAY_IN:
		break;
	}
}

int replay_memory_fill(struct replay_memory *m, const struct replay_program *p,
		       struct replay_areas *areas, struct ccwio_error *err)
{
	int rc = replay_areas(p, m->spare_base, areas, err), own;
	size_t i;

	/* data first: where it overlaps the program, the program counts */
	for (own = 0; !rc && own < 2; own++) {
		for (i = 0; i < areas->count; i++) {
			const struct replay_area *a = &areas->all[i];
			uint8_t *to;

			if ((a->kind <= REPLAY_PARAM) != own)
				continue;
			to = host_of(m, a->addr, a->len);
			if (!to)
				return ccwio_fail(err, -EFAULT, "program #%u: 0x%llx is not in "
						  "the memory that was made for it", p->seq,
						  (unsigned long long)a->addr);
			store(p, a, to);
		}
	}
	/* What was looked at for WRITEs is what the channel will find. */
	for (i = 0; !rc && i < areas->count; i++) {
		const struct replay_area *a = &areas->all[i];

		if (a->kind == REPLAY_CCW &&
		    memcmp(host_of(m, a->addr, a->len), p->ccw + 8u * a->index, 8))
			return ccwio_fail(err, -EOPNOTSUPP, "program #%u cannot be run again: "
					  "something lies over its CCW at 0x%llx", p->seq,
					  (unsigned long long)a->addr);
	}
	return rc;
}
