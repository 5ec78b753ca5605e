// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "tools/json.h"

void json_init(struct json_doc *doc)
{
	doc->root = json_object_new_object();
	doc->failed = !doc->root;
}

void json_free(struct json_doc *doc)
{
	json_object_put(doc->root);
	doc->root = NULL;
}

struct json_object *json_add(struct json_doc *doc, struct json_object *parent, const char *name,
			     struct json_object *value)
{
	/* json-c would take a value of NULL for null */
	if (parent && value &&
	    (name ? json_object_object_add(parent, name, value) :
		    json_object_array_add(parent, value)) == 0)
		return value;
	json_object_put(value);
	doc->failed = true;
	return NULL;
}

struct json_object *json_add_object(struct json_doc *doc, struct json_object *parent,
				    const char *name)
{
	return json_add(doc, parent, name, json_object_new_object());
}

struct json_object *json_add_array(struct json_doc *doc, struct json_object *parent,
				   const char *name)
{
	return json_add(doc, parent, name, json_object_new_array());
}

void json_add_string(struct json_doc *doc, struct json_object *parent, const char *name,
		     const char *value)
{
	json_add(doc, parent, name, json_object_new_string(value));
}

void json_add_u64(struct json_doc *doc, struct json_object *parent, const char *name,
		  uint64_t value)
{
	json_add(doc, parent, name, json_object_new_uint64(value));
}

void json_add_null(struct json_doc *doc, struct json_object *parent, const char *name)
{
	if (!parent || json_object_object_add(parent, name, NULL))
		doc->failed = true;
}

void json_add_bool(struct json_doc *doc, struct json_object *parent, const char *name, bool value)
{
	json_add(doc, parent, name, json_object_new_boolean(value));
}

void json_add_double(struct json_doc *doc, struct json_object *parent, const char *name,
		     double value, const char *format)
{
	struct json_object *o = json_object_new_double(value);

	/* By itself it writes 17 digits, of which no clock makes the last ones good. */
	if (o)
		json_object_set_serializer(o, json_object_double_to_json_string, (void *)format,
					   NULL);
	json_add(doc, parent, name, o);
}

static int print(struct json_doc *doc, FILE *f, int style, const char *end)
{
	const char *text = doc->failed ? NULL :
		json_object_to_json_string_ext(doc->root, style | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (text)
		fprintf(f, "%s%s", text, end);
	json_free(doc);
	return text ? 0 : -ENOMEM;
}

int json_print(struct json_doc *doc, FILE *f)
{
	return print(doc, f, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_PRETTY, "\n");
}

int json_print_plain(struct json_doc *doc, FILE *f)
{
	return print(doc, f, JSON_C_TO_STRING_PLAIN, "");
}
