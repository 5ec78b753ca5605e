/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs: text to guest memory.
 *
 * The text format is described in ccwio(1). Nothing here prints or exits; an error is a negative
 * errno with a text "FILE:LINE: what is wrong, what is allowed" in struct ccwio_error.
 */
#ifndef CCWIO_PROGRAM_H
#define CCWIO_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/dev/error.h"

#define PROG_MAX_MEM	16
/* bounds on what one text may ask for */
#define PROG_MAX_TEXT	(16u << 20)
#define PROG_MAX_MEMORY	(1ull << 30)
#define PROG_MAX_CCWS	(1u << 20)
#define PROG_NAME_LEN	32

struct program;

/* How data= operands are addressed. The ORB allows one IDAW format per program. */
enum prog_ida {
	PROG_IDA_NONE,		/* direct, unless a CCW says ida */
	PROG_IDA_1,		/* format-1 IDAWs: 31 bits, 2K blocks */
	PROG_IDA_2K,		/* format-2 IDAWs: 64 bits, 2K blocks */
	PROG_IDA_4K,		/* format-2 IDAWs: 64 bits, 4K blocks */
};

/* What holds where the text does not say otherwise. Addresses and sizes in bytes, 4K multiples. */
struct prog_defaults {
	uint64_t base;
	uint64_t size;
	uint64_t data_base;	/* a second area, for data only */
	uint64_t data_size;	/* 0: there is none */
	unsigned int ccw_format;	/* 0 or 1 */
	enum prog_ida ida;
	unsigned int split;	/* data-chained pieces per data= CCW, at least 1 */
	uint8_t lpm;
};

struct guest_mem {
	uint64_t base;		/* guest address: the IOVA it is mapped at */
	uint64_t size;
	uint8_t *host;
	bool data;		/* data without at= is placed here */
};

/* An area the channel stores into: the operand of a read or sense CCW. */
struct prog_input {
	uint64_t addr;
	uint32_t len;
	uint8_t cmd;
	const char *name;	/* of the data area, owned by the program */
	uint64_t offset;	/* within that area */
};

/* The part of the I/O region that is written; the whole of it unless a text says otherwise. */
struct prog_region {
	uint32_t offset;
	uint32_t length;
};

void prog_defaults_init(struct prog_defaults *d);

/*
 * Assemble @text (@len bytes, called @file in errors) into guest memory of its own.
 * On success *@out is to be released with prog_free(). Returns 0, -EINVAL (text wrong),
 * -E2BIG (a bound was passed) or -ENOMEM.
 */
int prog_assemble(const char *file, const char *text, size_t len, const struct prog_defaults *d,
		  struct program **out, struct ccwio_error *err);
void prog_free(struct program *p);

size_t prog_mem_count(const struct program *p);
const struct guest_mem *prog_mem(const struct program *p, size_t i);

/* Host address of guest @addr, or NULL unless all @len bytes lie in one memory area. */
void *prog_host(const struct program *p, uint64_t addr, uint64_t len);

/* Address and size of a label, data area or IDAL. Returns 0 or -ENOENT. */
int prog_symbol(const struct program *p, const char *name, uint64_t *addr, uint64_t *size);

/* The three ORB words and the SCSW that START SUBCHANNEL gets, ORB_SIZE and SCSW_SIZE bytes. */
const uint8_t *prog_orb(const struct program *p);
const uint8_t *prog_scsw(const struct program *p);
void prog_set_cpa(struct program *p, uint32_t cpa);
struct prog_region prog_region(const struct program *p);

/* Stores what the text's on-resume statements say for the @nth RESUME, 1 is the first. */
void prog_patch(struct program *p, unsigned int nth);
/* Memory under all patches as it was before them. */
void prog_unpatch(struct program *p);

size_t prog_input_count(const struct program *p);
const struct prog_input *prog_input(const struct program *p, size_t i);

/* The text's own expect statements, one alternative each (see expect.h), NULL past the last. */
const char *prog_expect(const struct program *p, size_t i);

/* Command codes by name: -ENOENT and NULL where there is none. */
int prog_command_code(const char *name, uint8_t *code);
const char *prog_command_name(uint8_t code);

/* True where the channel stores for this command: read, read backward, sense. */
bool prog_command_is_input(uint8_t cmd);

#endif
