/* SPDX-License-Identifier: GPL-2.0 */
/* Between the parts of the parser. Functions return 0 or what prog_fail() returned. */
#ifndef CCWIO_PARSE_H
#define CCWIO_PARSE_H

#include "program_int.h"

struct parser {
	struct program *p;
	struct ccwio_error *err;
	unsigned int line;
	char *rest;		/* of the line, for strtok_r */
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define FAIL(ps, rc, ...) prog_fail((ps)->p, (ps)->err, (ps)->line, rc, __VA_ARGS__)

/* The next word of the line, NULL at its end. */
char *parse_next_token(struct parser *ps);

/* "key=value": cuts @token at the sign and returns the value; NULL where there is no sign. */
char *parse_split_value(char *token);

int parse_u64(struct parser *ps, const char *what, const char *text, uint64_t max, uint64_t *out);

/* @name may be NULL, which is an error; @out has room for PROG_NAME_LEN. */
int parse_name(struct parser *ps, const char *what, const char *name, char *out);

/* NAME, NAME+OFFSET, NAME-OFFSET or a number. */
int parse_ref(struct parser *ps, const char *what, const char *text, struct ref *ref);

/* A new statement of this line; the pointer is good until the next one is added. */
int parse_add_stmt(struct parser *ps, enum stmt_kind kind, struct stmt **out);

/* Statements; the first word is taken, the rest of the line follows. */
int parse_ccw(struct parser *ps);
int parse_tic(struct parser *ps);
int parse_data(struct parser *ps);
int parse_idal(struct parser *ps);
int parse_on_resume(struct parser *ps);

#endif
