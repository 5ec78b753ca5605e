/* SPDX-License-Identifier: GPL-2.0 */
/* What parser, assembler and dump share; nobody else includes this. */
#ifndef CCWIO_PROGRAM_INT_H
#define CCWIO_PROGRAM_INT_H

#include "program.h"
#include "tools/dev/channel.h"

#define PAGE		4096ull
#define LIMIT_24	0xffffffull
#define LIMIT_31	0x7fffffffull
#define PATCH_MAX	64u	/* bytes of one on-resume statement */

/* An address as written: a number, or a symbol with an offset. */
struct ref {
	char name[PROG_NAME_LEN];	/* empty: value is the address */
	uint64_t value;
};

enum stmt_kind {
	ST_LABEL,
	ST_CCW,
	ST_TIC,
	ST_AT,
	ST_DATA,
	ST_IDAL,
};

enum operand {
	OP_NONE,
	OP_ADDR,	/* as it stands, unchecked */
	OP_DATA,	/* a data area: checked, split and indirected as asked */
	OP_IDAL,
};

struct stmt {
	enum stmt_kind kind;
	unsigned int line;
	char name[PROG_NAME_LEN];
	/* set by the layout */
	uint64_t addr;
	uint64_t size;
	union {
		struct {
			struct ref ref;
			enum operand operand;
			uint32_t count;
			unsigned int split;
			unsigned int times;
			uint8_t cmd;
			uint8_t flags;
			bool has_count;
			bool direct;
		} ccw;
		struct {
			uint8_t *bytes;
			size_t len;
			uint64_t align;
			uint64_t at;
			bool has_at;
			uint8_t fill;
		} data;
		struct {
			struct ref *refs;
			size_t count;
			uint64_t at;
			bool has_at;
			bool fmt2;
			bool has_fmt;
		} idal;
		uint64_t at;
	};
};

struct range {
	uint64_t start;
	uint64_t end;
};

/* IDALs that the assembler built itself, for the dump. */
struct auto_idal {
	uint64_t addr;
	uint32_t count;
};

/* on-resume: what changes in guest memory before a RESUME. */
struct patch {
	struct ref ref;
	unsigned int line;
	unsigned int nth;	/* before which RESUME */
	uint8_t *host;		/* set after the layout */
	uint8_t bytes[PATCH_MAX], before[PATCH_MAX];
	uint8_t len;
	bool done;
};

struct program {
	char file[128];
	struct prog_defaults def;

	struct guest_mem mem[PROG_MAX_MEM];
	size_t mem_count;
	uint64_t next[PROG_MAX_MEM];	/* allocation mark of each */
	uint64_t total_mem;

	struct stmt *stmts;
	size_t stmt_count;
	size_t stmt_room;
	size_t ccw_count;

	const struct stmt **symbols;	/* sorted by name */
	size_t symbol_count;

	struct range *fixed;		/* what at= and at have taken */
	size_t fixed_count;

	struct prog_input *inputs;
	size_t input_count;
	struct auto_idal *idals;
	size_t idal_count;

	struct patch *patches;
	size_t patch_count;

	char **expects;
	size_t expect_count;

	uint32_t orb1_set;		/* ORB bits, as far as the text gave them */
	uint32_t orb1_mask;
	uint32_t intparm;
	bool has_orb_word[3];
	uint32_t orb_word[3];
	struct ref cpa;
	bool has_cpa;
	unsigned int cpa_line;
	uint8_t orb[ORB_SIZE];
	uint8_t scsw[SCSW_SIZE];
	struct prog_region region;
};

int prog_fail(const struct program *p, struct ccwio_error *err, unsigned int line, int rc,
	      const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Grow *@array (elements of @size bytes) so that it holds @count + 1. Returns 0 or -ENOMEM. */
int prog_grow(void *array, size_t size, size_t count);

const struct stmt *prog_find_symbol(const struct program *p, const char *name);

/* The address that @r stands for; @line is for the error. Raw addresses are not checked. */
int prog_resolve(const struct program *p, unsigned int line, const struct ref *r, uint64_t *addr,
		 struct ccwio_error *err);

/* Next free @size bytes of memory area @mem, clear of everything placed with at. */
int prog_allocate(struct program *p, size_t mem, uint64_t size, uint64_t align, unsigned int line,
		  uint64_t *addr, struct ccwio_error *err);

/* The passes, in this order. */
int prog_layout(struct program *p, struct ccwio_error *err);
int prog_emit(struct program *p, struct ccwio_error *err);
int prog_parse_text(struct program *p, const char *text, size_t len, struct ccwio_error *err);

static inline bool prog_fmt1(const struct program *p)
{
	return p->orb[4 + 1] & 0x80;
}

static inline bool prog_fmt2_idaw(const struct program *p)
{
	return p->orb[4 + 1] & 0x02;
}

#endif
