/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the writers of the two versions. Private to file_write*.c.
 */
#ifndef TRACE_FILE_WRITE_INT_H
#define TRACE_FILE_WRITE_INT_H

#include <stdio.h>

#include "trace/file_write.h"

#define DAT_WRITE_CHUNK (1 << 20)

void dat_put_number(FILE *f, uint64_t v, unsigned int n); /* n bytes: 2, 4 or 8 */
void dat_put_string(FILE *f, const char *s);
void dat_put_text(FILE *f, const char *s); /* with its length before it */

/* Parts that both versions have. */
void dat_put_start(FILE *f, const struct ccw_dat_contents *c, char version);
void dat_put_headers(FILE *f, const struct ccw_dat_contents *c);
void dat_put_events(FILE *f, const struct ccw_dat_contents *c);
void dat_put_options(FILE *f, const struct ccw_dat_contents *c);

/* 0 or a negative errno; -EIO: the file ends before */
int dat_read_all(int fd, char *buf, size_t len, uint64_t at);
int dat_write_all(int fd, const void *data, size_t len, uint64_t at);
/* What ccw_dat_write() returns of errors in writing and reading pages, 0: none. */
int dat_say_missing(int cut, int unread, struct ccw_error *err);

int dat_write_v7(int fd, struct ccw_dat_contents *c, uint64_t *size, struct ccw_error *err);

#endif /* TRACE_FILE_WRITE_INT_H */
