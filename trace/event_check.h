/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What of an event's format libtraceevent can be trusted with. Private to the library.
 */
#ifndef TRACE_EVENT_CHECK_H
#define TRACE_EVENT_CHECK_H

#include <stdbool.h>

struct tep_event;

/*
 * How far beyond the beginning of a record the fields of a sound event and the arguments of a
 * printable one can reach: a 16-bit offset, a 16-bit length or a constant index, twice for good
 * measure.
 */
#define CCW_EVENT_REACH (512 << 10)

bool ccw_event_is_sound(const struct tep_event *event);
bool ccw_event_is_printable(const struct tep_event *event);

#endif /* TRACE_EVENT_CHECK_H */
