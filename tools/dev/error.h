/* SPDX-License-Identifier: GPL-2.0 */
/* The text that goes with a negative errno; main() alone prints it. */
#ifndef TOOLS_DEV_ERROR_H
#define TOOLS_DEV_ERROR_H

struct ccwio_error {
	char text[512];
};

/* Fills @err and returns @rc, so that an error path is one statement. */
int ccwio_fail(struct ccwio_error *err, int rc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
