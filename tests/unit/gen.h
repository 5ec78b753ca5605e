/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes recordings for the tests: trace.dat of either version and byte order with the page
 * layout of a 64-bit kernel, built record by record, so that a test can place what a real
 * recording shows only rarely. Real recordings are in tests/fixtures.
 */
#ifndef TESTS_UNIT_GEN_H
#define TESTS_UNIT_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

#define GEN_PAGE 4096
#define GEN_PAGE_HEADER 16
#define GEN_IO_ID 1500
#define GEN_FSM_ID 1501

/* Bytes that grow. */
struct gen_buf {
	uint8_t *p;
	size_t len, room;
	bool big; /* byte order of what is added */
};

void gen_bytes(struct gen_buf *b, const void *p, size_t n); /* p NULL: zeros */
void gen_u8(struct gen_buf *b, uint8_t v);
void gen_u16(struct gen_buf *b, uint16_t v);
void gen_u32(struct gen_buf *b, uint32_t v);
void gen_u64(struct gen_buf *b, uint64_t v);
void gen_text(struct gen_buf *b, const char *s); /* with its end */
void gen_put64(struct gen_buf *b, size_t at, uint64_t v);
void gen_free(struct gen_buf *b);

/* One CPU's pages. */
struct gen_ring {
	struct gen_buf buf;
	size_t page; /* where the open page begins */
	uint64_t ts; /* of the last record */
};

void gen_ring_init(struct gen_ring *r, bool big);
void gen_ring_page(struct gen_ring *r, uint64_t ts); /* closes the open page, begins one */
/* Flags the open, empty page; count 0: their number is not stored. */
void gen_ring_missed(struct gen_ring *r, uint64_t count);
void gen_ring_record(struct gen_ring *r, uint64_t ts, const void *data, size_t len);
void gen_ring_large(struct gen_ring *r, uint64_t ts, const void *data, size_t len);
void gen_ring_taken_back(struct gen_ring *r, uint32_t delta, size_t len);
void gen_ring_stamp(struct gen_ring *r, uint64_t ts); /* absolute time */
void gen_ring_end(struct gen_ring *r); /* fills up the open page */

/* Payloads of the two events as TRACE_EVENT lays them out. Return their length. */
size_t gen_io(uint8_t out[80], bool big, const struct ccw_io *io);
size_t gen_fsm(uint8_t out[24], bool big, const struct ccw_fsm *fsm);

const char *gen_io_format(void);
const char *gen_fsm_format(void);
const char *gen_header_page(void);

struct gen_file {
	int version; /* 6 or 7 */
	bool big;
	const char *system; /* NULL: "vfio_ccw" */
	const char *io_format; /* NULL: gen_io_format() */
	const char *clock; /* NULL: "mono" */
	const char *compression; /* version 7; NULL: "none"; zstd and zlib do compress */
	bool zero_sizes; /* compressed: as trace-cmd 3.3 on s390x */
	bool short_sizes; /* compressed: as trace-cmd 3.1 */
	/* version 6 alone: */
	uint64_t overrun; /* losses by the buffers' own words: of CPU i this + i; 0: nothing */
	unsigned int instances; /* further buffers with the same pages */
	const char *note; /* what a recorder of ours says of the devices; NULL: nothing */
};

/* Of gen_pack.c, for gen.c */
bool gen_packs(const char *algorithm);
void gen_pack_section(struct gen_buf *b, const struct gen_file *f, const struct gen_buf *contents);
size_t gen_pack_pages(struct gen_buf *b, const struct gen_file *f, const struct gen_buf *pages);

/* The file with the data of n CPUs. Free it with gen_free(). */
struct gen_buf gen_file(const struct gen_file *f, const struct gen_ring *rings, unsigned int n);

/* A file that holds ios I/Os and as many transitions on cpus CPUs: a small world for the tests. */
struct gen_buf gen_world(int version, bool big, unsigned int cpus, unsigned int ios);
/* The same as another form of file; version, byte order and compression of f count. */
struct gen_buf gen_world_as(const struct gen_file *f, unsigned int cpus, unsigned int ios);
/* The I/O number i of that world. */
struct ccw_io gen_world_io(unsigned int i);

/* Writes to a new temporary file and returns its name, to be unlinked and freed by the caller. */
char *gen_save(const struct gen_buf *b);

#endif /* TESTS_UNIT_GEN_H */
