// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs/tracefs.h>

#include "trace/bytes.h"
#include "trace/dat.h"
#include "trace/tep.h"

/*
 * libtraceevent's parser of print formats calls itself for each bracket and each operator. The
 * kernel's own formats stay far below these; beyond them the event is printed field by field.
 */
#define MAX_NESTING 64
#define MAX_OPERATORS 256 /* between two commas */
#define MAX_FORMAT (256 << 10)

static bool harmless(const char *text)
{
	unsigned int depth = 0, operators = 0;
	bool quoted = false;

	for (; *text; text++) {
		if (*text == '\\' && text[1]) {
			text++;
			continue;
		}
		if (*text == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (strchr("([{", *text))
			depth++;
		else if (strchr(")]}", *text) && depth)
			depth--;
		else if (*text == ',')
			operators = 0;
		else if (strchr("+-*/%&|^~!<>=?:", *text))
			operators++;
		if (depth > MAX_NESTING || operators > MAX_OPERATORS)
			return false;
	}
	return true;
}

/*
 * libtraceevent trips over a symbol of what is no field: every REC->name there is must be one.
 */
static bool names_fields(const char *text, const char *print)
{
	const char *rec = print;
	char name[66];
	size_t len;

	while ((rec = strstr(rec, "REC->"))) {
		const char *at = text;
		bool found = false;

		rec += 5;
		for (len = 0; isalnum((unsigned char)rec[len]) || rec[len] == '_';)
			len++;
		if (!len || len > 64)
			return false;
		name[0] = ' ';
		memcpy(name + 1, rec, len);
		name[len + 1] = 0;
		while (!found && (at = strstr(at, name)) && at < print) {
			at += len + 1;
			found = *at == ';' || *at == '[';
		}
		if (!found)
			return false;
	}
	return true;
}

static void add_event(struct tep_handle *tep, const struct ccw_dat_event_format *e)
{
	static const char print_fmt[] = "print fmt:", none[] = " \"\"\n";
	char *text, *print;

	if (e->text.len > MAX_FORMAT)
		return;
	text = malloc(e->text.len + sizeof(none));
	if (!text)
		return;
	memcpy(text, e->text.p, e->text.len);
	text[e->text.len] = 0;
	print = strstr(text, print_fmt);
	if (print && (!harmless(print) || !names_fields(text, print)))
		strcpy(print + strlen(print_fmt), none);
	tep_parse_event(tep, text, strlen(text), e->system);
	free(text);
}

/* Calls parse with a terminated copy, for those functions that want a string. */
static void with_text(struct tep_handle *tep, const struct ccw_dat_part *part,
		      int (*parse)(struct tep_handle *tep, const char *text))
{
	char *text = part->len ? strndup(part->p, part->len) : NULL;

	if (text)
		parse(tep, text);
	free(text);
}

static struct ccw_tep *tep_new(void)
{
	struct ccw_tep *tep = calloc(1, sizeof(*tep));

	if (!tep)
		return NULL;
	tep_set_loglevel(TEP_LOG_NONE); /* or it writes warnings to stderr */
	tep->handle = tep_alloc();
	if (!tep->handle) {
		free(tep);
		return NULL;
	}
	return tep;
}

struct ccw_tep *ccw_tep_of_dat(const struct ccw_dat *dat)
{
	struct ccw_tep *tep = tep_new();
	struct tep_handle *h;
	char *page;
	size_t i;

	if (!tep)
		return NULL;
	h = tep->handle;
	tep_set_file_bigendian(h, dat->big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(h, ccw_host_big_endian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(h, dat->format.commit_size);
	tep_set_page_size(h, dat->format.size);
	tep_set_cpus(h, dat->cpus);
	page = strndup(dat->header_page.p, dat->header_page.len);
	if (page)
		tep_parse_header_page(h, page, strlen(page), dat->format.commit_size);
	free(page);
	with_text(h, &dat->kallsyms, tep_parse_kallsyms);
	with_text(h, &dat->printk, tep_parse_printk_formats);
	with_text(h, &dat->cmdlines, tep_parse_saved_cmdlines);
	tep->plugins = tep_load_plugins(h);
	for (i = 0; i < dat->nr_events; i++)
		add_event(h, &dat->events[i]);
	return tep;
}

struct ccw_tep *ccw_tep_of_kernel(void)
{
	struct ccw_tep *tep = tep_new();
	int failures = 0;

	if (!tep)
		return NULL;
	tep->plugins = tep_load_plugins(tep->handle);
	if (tracefs_fill_local_events(NULL, tep->handle, &failures)) {
		ccw_tep_free(tep);
		return NULL;
	}
	/* libtracefs 1.6 leaves it at little endian */
	tep_set_file_bigendian(tep->handle,
			       ccw_host_big_endian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tracefs_load_cmdlines(NULL, tep->handle);
	return tep;
}

static void add_local_event(struct tep_handle *tep, const char *system, const char *event)
{
	char *text;
	int len;

	text = tracefs_event_file_read(NULL, system, event, "format", &len);
	if (text)
		tep_parse_event(tep, text, len, system);
	free(text);
}

struct ccw_tep *ccw_tep_of_events(const char *system, const char *const *events)
{
	struct ccw_tep *tep = tep_new();
	enum tep_endian endian = ccw_host_big_endian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN;

	if (!tep)
		return NULL;
	tep_set_file_bigendian(tep->handle, endian);
	tep_set_local_bigendian(tep->handle, endian);
	tep_set_long_size(tep->handle, sizeof(long));
	for (; *events; events++)
		add_local_event(tep->handle, system, *events);
	return tep;
}

void ccw_tep_free(struct ccw_tep *tep)
{
	if (!tep)
		return;
	tep_unload_plugins(tep->plugins, tep->handle);
	tep_free(tep->handle);
	free(tep);
}
