/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording that a person starts and stops while looking: what ccwtrace record does, in a thread
 * of its own, so that neither the screen nor the writing of a long file waits for the other.
 */
#ifndef CCWTOP_RECORDER_H
#define CCWTOP_RECORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/ccw_source.h"

struct top_recorder;

/*
 * Begins to record the default set of events into path, which must not exist yet and appears when
 * the recording ends. subchannels: as -s, NULL: all. 0 or a negative errno with err filled.
 */
int top_recorder_start(struct top_recorder **r, const char *path, const char *subchannels,
		       struct ccw_error *err);

/* Asks it to end; writing the file may take its time. */
void top_recorder_stop(struct top_recorder *r);
bool top_recorder_done(struct top_recorder *r); /* it ended: by itself, or as asked for */

/* For the screen: "REC 12 s 3.40MiB", "REC writing FILE". Returns buf. */
const char *top_recorder_state(struct top_recorder *r, char *buf, size_t len);

/*
 * Waits until it ended, says in one line what came of it, and frees it: 0 a whole file, -ENODATA
 * a file that lacks records, another negative errno: no file.
 */
int top_recorder_finish(struct top_recorder *r, char *said, size_t len);

#endif /* CCWTOP_RECORDER_H */
