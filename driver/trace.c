// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <asm/schid.h>

#define CREATE_TRACE_POINTS
#include "trace/events/vfio_ccw.h"

EXPORT_TRACEPOINT_SYMBOL_GPL(vfio_ccw_io);
EXPORT_TRACEPOINT_SYMBOL_GPL(vfio_ccw_fsm);
