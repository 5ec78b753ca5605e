/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF objects, as the compiler made them. Private to the library.
 */
#ifndef TRACE_BPF_OBJECTS_H
#define TRACE_BPF_OBJECTS_H

#include <stddef.h>

#include "trace/ccw_source.h"

/* NULL: this build has none, it is for another machine than s390x. */
const void *ccw_bpf_object(enum ccw_bpf_set set, size_t *size);
const void *ccw_bpf_fsm_object(size_t *size); /* of states and transitions, by subchannel */

#endif /* TRACE_BPF_OBJECTS_H */
