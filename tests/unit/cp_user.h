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

/* Allocations until one fails, once; negative: none does. For tests of running out of memory. */
extern long cp_user_allocs;

static inline bool cp_user_refuses(void)
{
	return cp_user_allocs >= 0 && !cp_user_allocs--;
}

/* The tests read what the "channel" would, so a chunk's address is its real one: below 2 GiB. */
static inline void *cp_chunk_alloc(u32 *addr)
{
	uintptr_t hint;
	void *va;

	if (cp_user_refuses())
		return NULL;
	/* A free hint is honoured everywhere; MAP_32BIT is x86 only. */
	for (hint = 0x10000000; hint < 0x70000000; hint += CP_CHUNK_SIZE) {
		va = mmap((void *)hint, CP_CHUNK_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (va == (void *)hint) {
			*addr = hint;
			return va;
		}
		if (va != MAP_FAILED)
			munmap(va, CP_CHUNK_SIZE);
	}
	return NULL;
}

static inline void cp_chunk_free(void *va, u32 addr)
{
	(void)addr;
	munmap(va, CP_CHUNK_SIZE);
}

static inline void *cp_realloc(void *p, size_t len)
{
	return cp_user_refuses() ? NULL : realloc(p, len);
}

static inline void cp_free(void *p)
{
	free(p);
}

#define cp_random() 0x9e3779b97f4a7c15ULL /* the same each time, for tests */
#define cp_sort(base, n, size, cmp) qsort(base, n, size, cmp)

#endif /* TESTS_UNIT_CP_USER_H */
