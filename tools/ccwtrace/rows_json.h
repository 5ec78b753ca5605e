/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A JSON object on one line, with json-c: only lack of memory fails, and is kept until the end.
 */
#ifndef CCWTRACE_ROWS_JSON_H
#define CCWTRACE_ROWS_JSON_H

#include "tools/json.h"

struct json_line {
	struct json_doc doc;
};

static inline void json_line_begin(struct json_line *l)
{
	json_init(&l->doc);
}

static inline void json_line_u64(struct json_line *l, const char *name, uint64_t v)
{
	json_add_u64(&l->doc, l->doc.root, name, v);
}

static inline void json_line_i64(struct json_line *l, const char *name, int64_t v)
{
	json_add(&l->doc, l->doc.root, name, json_object_new_int64(v));
}

/* What is no ASCII in it becomes '?': it may be anything, and JSON wants UTF-8. */
void json_line_text(struct json_line *l, const char *name, const char *text, size_t len);

static inline void json_line_nest(struct json_line *l, const char *name, struct json_line *inner)
{
	l->doc.failed |= inner->doc.failed;
	json_add(&l->doc, l->doc.root, name, inner->doc.root);
}

/* Prints and frees it. 0 or -ENOMEM. */
int json_line_end(struct json_line *l, FILE *out);

#endif /* CCWTRACE_ROWS_JSON_H */
