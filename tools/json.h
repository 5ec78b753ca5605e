/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Output as JSON with json-c, whose functions all fail for lack of memory alone. That is kept
 * here until the end, so that what builds a document need not ask after each value.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

struct json_doc {
	struct json_object *root;
	bool failed; /* something is missing: not to be printed */
};

/* An empty object as the root. Ends with json_print() or json_free(), also after a failure. */
void json_init(struct json_doc *doc);
void json_free(struct json_doc *doc);

/*
 * Takes @value, also in a failure, as member @name of the object @parent, or at the end of the
 * array @parent if @name is NULL. Returns @value, which belongs to @parent, or NULL. A @parent or
 * @value of NULL is a failure before: calls nest.
 */
struct json_object *json_add(struct json_doc *doc, struct json_object *parent, const char *name,
			     struct json_object *value);

struct json_object *json_add_object(struct json_doc *doc, struct json_object *parent,
				    const char *name);
struct json_object *json_add_array(struct json_doc *doc, struct json_object *parent,
				   const char *name);
void json_add_string(struct json_doc *doc, struct json_object *parent, const char *name,
		     const char *value);
void json_add_u64(struct json_doc *doc, struct json_object *parent, const char *name,
		  uint64_t value);
void json_add_null(struct json_doc *doc, struct json_object *parent, const char *name);
void json_add_bool(struct json_doc *doc, struct json_object *parent, const char *name, bool value);
/* @format: of printf, such as "%.3f"; static, with a point and digits after it */
void json_add_double(struct json_doc *doc, struct json_object *parent, const char *name,
		     double value, const char *format);

/* Prints @doc and frees it. 0, or -ENOMEM with nothing printed; errors of @f stay in @f. */
int json_print(struct json_doc *doc, FILE *f);

/* The same in one line, without the newline behind it: for documents of many. */
int json_print_plain(struct json_doc *doc, FILE *f);

#endif
