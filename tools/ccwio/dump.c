// SPDX-License-Identifier: GPL-2.0
/* An assembled program as it lies in guest memory: every byte here is read back from it. */
#include <inttypes.h>
#include <string.h>

#include "tools/dev/bytes.h"
#include "program_int.h"
#include "show.h"

static void show_mem(FILE *f, const struct program *p)
{
	for (size_t i = 0; i < p->mem_count; i++)
		fprintf(f, "mem 0x%08" PRIx64 "-0x%08" PRIx64 "  %" PRIu64 "K%s\n", p->mem[i].base,
			p->mem[i].base + p->mem[i].size - 1, p->mem[i].size >> 10,
			p->mem[i].data ? " data" : "");
}

/* NAME or NAME+OFFSET of the last symbol that covers @addr; nothing where there is none. */
static void show_symbol(FILE *f, const struct program *p, uint64_t addr)
{
	for (size_t i = 0; i < p->stmt_count; i++) {
		const struct stmt *s = &p->stmts[i];

		if (!s->name[0] || addr < s->addr || addr >= s->addr + (s->size ? s->size : 1))
			continue;
		fprintf(f, " (%s", s->name);
		if (addr != s->addr)
			fprintf(f, "+%" PRIu64, addr - s->addr);
		fputc(')', f);
		return;
	}
}

static void show_ccw(FILE *f, const struct program *p, uint64_t at)
{
	static const char *const flags[8] = {
		"cd", "cc", "sli", "skip", "pci", "ida", "suspend", "mida",
	};
	const uint8_t *ccw = prog_host(p, at, CCW_SIZE);
	bool fmt1 = prog_fmt1(p), any = false;
	uint8_t fl = fmt1 ? ccw[1] : ccw[4];
	uint32_t addr = fmt1 ? get_be32(ccw + 4) : get_be32(ccw) & 0xffffff;
	unsigned int count = get_be16(fmt1 ? ccw + 2 : ccw + 6);
	const char *name = prog_command_name(ccw[0]);

	fprintf(f, "  %08" PRIx64 "  %08x %08x  %-13s ", at, get_be32(ccw), get_be32(ccw + 4),
		name ? name : "");
	for (int i = 0; i < 8; i++) {
		if (!(fl & 0x80 >> i))
			continue;
		fprintf(f, "%s%s", any ? "," : "", flags[i]);
		any = true;
	}
	fprintf(f, "%scount=%u addr=0x%x", any ? " " : "", count, addr);
	show_symbol(f, p, addr);
	fputc('\n', f);
}

static void show_ccws(FILE *f, const struct program *p)
{
	fprintf(f, "ccws format %d\n", prog_fmt1(p));
	for (size_t i = 0; i < p->stmt_count; i++) {
		const struct stmt *s = &p->stmts[i];

		if (s->kind == ST_LABEL)
			fprintf(f, "%s:\n", s->name);
		if (s->kind != ST_CCW && s->kind != ST_TIC)
			continue;
		for (uint64_t off = 0; off < s->size; off += CCW_SIZE)
			show_ccw(f, p, s->addr + off);
	}
}

static void show_idaws(FILE *f, const struct program *p, uint64_t addr, size_t count, bool fmt2)
{
	size_t width = fmt2 ? 8 : 4;

	for (size_t i = 0; i < count; i++) {
		const uint8_t *w = prog_host(p, addr + i * width, width);

		if (fmt2)
			fprintf(f, "  %08" PRIx64 "  %016" PRIx64, addr + i * width, get_be64(w));
		else
			fprintf(f, "  %08" PRIx64 "  %08x", addr + i * width, get_be32(w));
		show_symbol(f, p, fmt2 ? get_be64(w) : get_be32(w));
		fputc('\n', f);
	}
}

static void show_idals(FILE *f, const struct program *p)
{
	for (size_t i = 0; i < p->stmt_count; i++) {
		const struct stmt *s = &p->stmts[i];

		if (s->kind != ST_IDAL)
			continue;
		fprintf(f, "idal %s format %d\n", s->name, s->idal.fmt2 ? 2 : 1);
		show_idaws(f, p, s->addr, s->idal.count, s->idal.fmt2);
	}
	for (size_t i = 0; i < p->idal_count; i++) {
		fprintf(f, "idal format %d\n", prog_fmt2_idaw(p) ? 2 : 1);
		show_idaws(f, p, p->idals[i].addr, p->idals[i].count, prog_fmt2_idaw(p));
	}
}

void show_program(FILE *f, const struct program *p)
{
	show_mem(f, p);
	show_orb(f, p->orb);
	show_ccws(f, p);
	show_idals(f, p);
	for (size_t i = 0; i < p->stmt_count; i++) {
		const struct stmt *s = &p->stmts[i];

		if (s->kind != ST_DATA)
			continue;
		fprintf(f, "data %s %" PRIu64 " bytes\n", s->name, s->size);
		show_hex(f, s->addr, prog_host(p, s->addr, s->size), s->size);
	}
}
