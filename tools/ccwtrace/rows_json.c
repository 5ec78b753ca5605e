// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/rows_json.h"

void json_line_text(struct json_line *l, const char *name, const char *text, size_t len)
{
	struct json_object *o;
	char *copy = malloc(len + 1);
	size_t i;

	if (!copy) {
		l->doc.failed = true;
		return;
	}
	for (i = 0; i < len; i++)
		copy[i] = text[i] & 0x80 ? '?' : text[i];
	o = json_object_new_string_len(copy, len);
	json_add(&l->doc, l->doc.root, name, o);
	free(copy);
}

int json_line_end(struct json_line *l, FILE *out)
{
	const char *text = l->doc.failed ? NULL :
		json_object_to_json_string_ext(l->doc.root, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE);

	if (text)
		fprintf(out, "%s\n", text);
	json_free(&l->doc);
	return text ? 0 : -ENOMEM;
}
