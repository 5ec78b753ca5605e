/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the translation library needs from where it runs: here, from user space, for its tests.
 */
#ifndef TESTS_UNIT_CP_USER_H
#define TESTS_UNIT_CP_USER_H

#include <asm/types.h>
#include <endian.h>
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))

#define be16_to_cpu be16toh
#define be32_to_cpu be32toh
#define be64_to_cpu be64toh
#define cpu_to_be16 htobe16
#define cpu_to_be32 htobe32
#define cpu_to_be64 htobe64

#define CP_CHUNK_SIZE 16384UL

/* The tests read what the "channel" would, so a chunk's address is its real one: below 2 GiB. */
static inline void *cp_chunk_alloc(u32 *addr)
{
	void *va = mmap(NULL, CP_CHUNK_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (va == MAP_FAILED)
		return NULL;
	*addr = (u32)(uintptr_t)va;
	return va;
}

static inline void cp_chunk_free(void *va, u32 addr)
{
	(void)addr;
	munmap(va, CP_CHUNK_SIZE);
}

static inline void *cp_realloc(void *p, size_t len)
{
	return realloc(p, len);
}

static inline void cp_free(void *p)
{
	free(p);
}

#define cp_sort(base, n, size, cmp) qsort(base, n, size, cmp)

#endif /* TESTS_UNIT_CP_USER_H */
