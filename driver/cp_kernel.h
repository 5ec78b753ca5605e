/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the translation library needs from where it runs: here, from the kernel.
 */
#ifndef VCCW_CP_KERNEL_H
#define VCCW_CP_KERNEL_H

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#define CP_CHUNK_ORDER 2
#define CP_CHUNK_SIZE (PAGE_SIZE << CP_CHUNK_ORDER)

/* Zeroed storage below 2 GiB (31-bit CCW and IDAL addresses), page aligned, or NULL. */
static inline void *cp_chunk_alloc(u32 *addr)
{
	void *va = (void *)__get_free_pages(GFP_KERNEL_ACCOUNT | GFP_DMA | __GFP_ZERO,
					    CP_CHUNK_ORDER);

	if (va)
		*addr = virt_to_phys(va);
	return va;
}

static inline void cp_chunk_free(void *va, u32 addr)
{
	free_pages((unsigned long)va, CP_CHUNK_ORDER);
}

static inline void *cp_realloc(void *p, size_t len)
{
	return kvrealloc(p, len, GFP_KERNEL_ACCOUNT);
}

static inline void cp_free(void *p)
{
	kvfree(p);
}

#define cp_random() get_random_u64()
#define cp_sort(base, n, size, cmp) sort(base, n, size, cmp, NULL)

#endif /* VCCW_CP_KERNEL_H */
