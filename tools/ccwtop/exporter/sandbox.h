/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_EXPORTER_SANDBOX_H
#define CCWTOP_EXPORTER_SANDBOX_H

#include <stdbool.h>

#include "trace/ccw_source.h"

/*
 * From here on this process reads, answers and ends; nothing else. All capabilities go, in every
 * set; a seccomp filter refuses (EPERM) whatever serving does not need: programs, signals to
 * others, writing files, connecting, loading BPF. Cannot be undone.
 *
 * tracefs: a source that removes its tracing instance at the end, for which it may write and remove
 * what the file system lets it. 0 or a negative errno with err filled.
 */
int exp_sandbox(bool tracefs, struct ccw_error *err);

#endif /* CCWTOP_EXPORTER_SANDBOX_H */
