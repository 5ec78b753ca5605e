// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_names.h"

struct ccw_filter {
	struct ccw_filter *next;
	char *pattern; /* NULL: a range */
	uint32_t from, to;
};

static int parse_item(struct ccw_filter *f, char *item)
{
	struct ccw_sch from, to;
	char *dash = strchr(item, '-');

	if (strpbrk(item, "*?[")) {
		/* Only what can occur in an identity: a typing error must not match nothing. */
		if (strspn(item, "0123456789abcdefABCDEF.*?[]!-") != strlen(item))
			return -EINVAL;
		f->pattern = strdup(item);
		return f->pattern ? 0 : -ENOMEM;
	}
	if (dash)
		*dash++ = '\0';
	if (ccw_sch_parse(item, &from) || ccw_sch_parse(dash ? dash : item, &to))
		return -EINVAL;
	f->from = ccw_sch_key(from);
	f->to = ccw_sch_key(to);
	return f->from <= f->to ? 0 : -EINVAL;
}

int ccw_filter_add(struct ccw_filter **filter, const char *list, char *bad, size_t badlen)
{
	char *copy = strdup(list), *rest = copy, *item;
	int rc = copy ? 0 : -ENOMEM;

	while (!rc && (item = strsep(&rest, ","))) {
		struct ccw_filter *f = calloc(1, sizeof(*f));

		if (!f) {
			rc = -ENOMEM;
			break;
		}
		if (bad)
			snprintf(bad, badlen, "%s", item);
		rc = parse_item(f, item);
		if (rc) {
			free(f);
			break;
		}
		f->next = *filter;
		*filter = f;
	}
	free(copy);
	return rc;
}

bool ccw_filter_match(const struct ccw_filter *filter, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	char name[16];

	if (!filter)
		return true;
	ccw_sch_str(sch, name, sizeof(name));
	for (; filter; filter = filter->next) {
		if (filter->pattern ? !fnmatch(filter->pattern, name, FNM_CASEFOLD) :
				      key >= filter->from && key <= filter->to)
			return true;
	}
	return false;
}

void ccw_filter_free(struct ccw_filter *filter)
{
	while (filter) {
		struct ccw_filter *next = filter->next;

		free(filter->pattern);
		free(filter);
		filter = next;
	}
}

/* A range may cross subchannel sets: whole numbers are compared, not parts. */
static void add_range(FILE *f, const char *field, uint32_t from, uint32_t to)
{
	uint32_t set;

	for (set = from >> 16; set <= to >> 16; set++) {
		uint32_t lo = set == from >> 16 ? from & 0xffff : 0;
		uint32_t hi = set == to >> 16 ? to & 0xffff : 0xffff;

		if ((set & 0xff) > 3)
			continue;
		fprintf(f, "%s(cssid==%u&&ssid==%u&&", ftell(f) ? "||" : "", set >> 8, set & 0xff);
		if (lo == hi)
			fprintf(f, "%s==%u)", field, lo);
		else
			fprintf(f, "%s>=%u&&%s<=%u)", field, lo, field, hi);
	}
}

static int add_pattern(FILE *f, const char *field, const char *pattern)
{
	DIR *dir = opendir("/sys/bus/css/devices");
	struct dirent *e;
	struct ccw_sch sch;
	int rc = -ENOENT;

	while (dir && (e = readdir(dir))) {
		if (ccw_sch_parse(e->d_name, &sch) ||
		    fnmatch(pattern, e->d_name, FNM_CASEFOLD))
			continue;
		add_range(f, field, ccw_sch_key(sch), ccw_sch_key(sch));
		rc = 0;
	}
	if (dir)
		closedir(dir);
	return rc;
}

int ccw_filter_kernel(const struct ccw_filter *filter, const char *field, char **text)
{
	size_t len;
	FILE *f = open_memstream(text, &len);
	int rc = 0;

	if (!f)
		return -ENOMEM;
	for (; filter && !rc; filter = filter->next) {
		if (filter->pattern)
			rc = add_pattern(f, field, filter->pattern);
		else
			add_range(f, field, filter->from, filter->to);
	}
	if (fclose(f) && !rc)
		rc = -ENOMEM;
	if (rc) {
		free(*text);
		*text = NULL;
	}
	return rc;
}
