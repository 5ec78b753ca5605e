// SPDX-License-Identifier: GPL-2.0
/*
 * Carried along, so that a tool which is copied to a machine works there. The same files are
 * installed for bpftool.
 */
#include "trace/bpf_objects.h"

#ifdef __s390x__
#define EMBED(name, file) \
	__asm__(".section .rodata\n" \
		".balign 8\n" \
		#name "_begin:\n" \
		".incbin \"build/s390x/bpf/" file "\"\n" \
		#name "_end:\n" \
		".previous\n"); \
	extern const char name##_begin[], name##_end[]

EMBED(ccw_bpf_driver, "ccwlat.bpf.o");
EMBED(ccw_bpf_cio, "ccwcio.bpf.o");
EMBED(ccw_bpf_fsm, "ccwfsm.bpf.o");

const void *ccw_bpf_object(enum ccw_bpf_set set, size_t *size)
{
	if (set == CCW_BPF_CIO) {
		*size = ccw_bpf_cio_end - ccw_bpf_cio_begin;
		return ccw_bpf_cio_begin;
	}
	*size = ccw_bpf_driver_end - ccw_bpf_driver_begin;
	return ccw_bpf_driver_begin;
}

const void *ccw_bpf_fsm_object(size_t *size)
{
	*size = ccw_bpf_fsm_end - ccw_bpf_fsm_begin;
	return ccw_bpf_fsm_begin;
}
#else
const void *ccw_bpf_object(enum ccw_bpf_set set, size_t *size)
{
	(void)set;
	*size = 0;
	return NULL;
}

const void *ccw_bpf_fsm_object(size_t *size)
{
	*size = 0;
	return NULL;
}
#endif
