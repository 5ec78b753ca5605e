// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/ccwtop/config.h"
#include "tools/ccwtop/newfile.h"
#include "tools/ccwtop/view.h"

#define LINE 1024
#define LINES 1000

static int fail(struct ccw_error *err, int rc, const char *path, unsigned int line, const char *fmt,
		const char *what)
{
	int n = line ? snprintf(err->text, sizeof(err->text), "%.120s:%u: ", path, line) :
		       snprintf(err->text, sizeof(err->text), "%.120s: ", path);

	snprintf(err->text + n, sizeof(err->text) - n, fmt, what);
	return rc;
}

/* --- values: what a setting must be, or NULL if it is one --- */

static const char *set_delay(struct top_config *c, const char *value)
{
	char *end;
	double secs = strtod(value, &end);

	if (end == value || *end || !(secs >= TOP_MIN_DELAY && secs <= TOP_MAX_DELAY))
		return "want seconds from 0.1 to 3600, not '%.40s'";
	c->delay = secs;
	return NULL;
}

static const char *set_sort(struct top_config *c, const char *value)
{
	const struct top_column *col = top_column_find(value + (*value == '-'));

	if (!col)
		return "no column '%.40s' (ccwtop -h lists them)";
	c->sort = col;
	c->reverse = *value == '-';
	return NULL;
}

static const char *set_columns(struct top_config *c, const char *value)
{
	char bad[64];

	if (top_selection_parse(&c->columns, value, bad, sizeof(bad)))
		return "a column in '%.40s' is not known, or twice (ccwtop -h lists them)";
	return NULL;
}

static const char *set_theme(struct top_config *c, const char *value)
{
	enum top_theme theme;

	if (top_theme_parse(value, &theme))
		return "want default, dark, light or mono, not '%.40s'";
	c->theme = theme;
	return NULL;
}

static const char *set_bool(int *flag, const char *value)
{
	if (strcmp(value, "yes") && strcmp(value, "no"))
		return "want yes or no, not '%.40s'";
	*flag = *value == 'y';
	return NULL;
}

static const char *set_ascii(struct top_config *c, const char *value)
{
	return set_bool(&c->ascii, value);
}

static const char *set_mouse(struct top_config *c, const char *value)
{
	return set_bool(&c->mouse, value);
}

static const char *set_readonly(struct top_config *c, const char *value)
{
	return set_bool(&c->readonly, value);
}

static const struct {
	const char *name;
	const char *(*set)(struct top_config *c, const char *value);
} settings[] = {
	{ "delay", set_delay }, { "sort", set_sort }, { "columns", set_columns },
	{ "theme", set_theme }, { "ascii", set_ascii }, { "mouse", set_mouse },
	{ "readonly", set_readonly },
};

/* --- the file --- */

static char *strip(char *text)
{
	char *end;

	text += strspn(text, " \t\r\n");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	return text;
}

static int read_line(struct top_config *c, char *line, const char *path, unsigned int nr,
		     struct ccw_error *err)
{
	char *name = strip(line), *value = strchr(name, '=');
	const char *wrong;
	size_t i;

	if (!*name || *name == '#')
		return 0;
	if (!value)
		return fail(err, -EINVAL, path, nr, "want NAME = VALUE, not '%.40s'", name);
	*value++ = '\0';
	name = strip(name);
	value = strip(value);
	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		if (strcmp(name, settings[i].name))
			continue;
		wrong = settings[i].set(c, value);
		return wrong ? fail(err, -EINVAL, path, nr, wrong, value) : 0;
	}
	return fail(err, -EINVAL, path, nr, "no setting '%.40s' (want delay, sort, columns, theme, "
		    "ascii, mouse or readonly)", name);
}

int top_config_read(struct top_config *c, const char *path, bool must, struct ccw_error *err)
{
	FILE *f = fopen(path, "re");
	unsigned int nr = 0;
	char line[LINE];
	int rc = 0;

	if (!f && !must && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!f)
		return fail(err, -errno, path, 0, "cannot be read: %s", strerror(errno));
	errno = 0;
	while (!rc && fgets(line, sizeof(line), f)) {
		if (++nr > LINES || (!strchr(line, '\n') && !feof(f)))
			rc = fail(err, -E2BIG, path, nr, "%s", "too long for a configuration");
		else
			rc = read_line(c, line, path, nr, err);
	}
	if (!rc && ferror(f))
		rc = fail(err, errno ? -errno : -EIO, path, 0, "cannot be read: %s",
			  strerror(errno));
	fclose(f);
	return rc;
}

char *top_config_path(void)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path;
	int n = -1;

	/* What is not absolute is to be ignored, says the specification. */
	if (base && *base == '/')
		n = asprintf(&path, "%s/ccwtop/ccwtoprc", base);
	else if (home && *home == '/')
		n = asprintf(&path, "%s/.config/ccwtop/ccwtoprc", home);
	return n < 0 ? NULL : path;
}

/* Directories on the way to path, for their owner alone, as the specification wants them. */
static int make_dirs(const char *path)
{
	char copy[PATH_MAX], *slash;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -ENAMETOOLONG;
	for (slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static const char *yes_no(int flag)
{
	return flag ? "yes" : "no";
}

static void put(const struct top_config *c, FILE *f)
{
	size_t i;

	fprintf(f, "# Written by key W of ccwtop, which writes it anew each time; ccwtop(1) says "
		   "what is possible.\n");
	if (c->delay > 0)
		fprintf(f, "delay = %g\n", c->delay);
	if (c->sort)
		fprintf(f, "sort = %s%s\n", c->reverse ? "-" : "", c->sort->key);
	for (i = 0; c->columns.fixed && i < c->columns.count; i++)
		fprintf(f, "%s%s%s", i ? "," : "columns = ", c->columns.col[i]->key,
			i + 1 == c->columns.count ? "\n" : "");
	if (c->theme >= 0)
		fprintf(f, "theme = %s\n", top_theme_name(c->theme));
	if (c->ascii >= 0)
		fprintf(f, "ascii = %s\n", yes_no(c->ascii));
	if (c->mouse >= 0)
		fprintf(f, "mouse = %s\n", yes_no(c->mouse));
	if (c->readonly >= 0)
		fprintf(f, "readonly = %s\n", yes_no(c->readonly));
}

int top_config_write(const struct top_config *c, const char *path, struct ccw_error *err)
{
	struct top_newfile file;
	char *real = realpath(path, NULL); /* the file that a link leads to */
	int rc = real ? 0 : make_dirs(path);

	if (!rc)
		rc = top_newfile_open(&file, real ? real : path);
	if (!rc) {
		put(c, file.f);
		rc = top_newfile_commit(&file, true);
	}
	free(real);
	return rc ? fail(err, rc, path, 0, "cannot be written: %s", strerror(-rc)) : 0;
}

void top_config_complete(struct top_config *c, const struct top_config *more)
{
	if (!c->delay)
		c->delay = more->delay;
	if (!c->sort) {
		c->sort = more->sort;
		c->reverse = more->reverse;
	}
	if (!c->columns.count)
		c->columns = more->columns;
	if (c->theme < 0)
		c->theme = more->theme;
	if (c->ascii < 0)
		c->ascii = more->ascii;
	if (c->mouse < 0)
		c->mouse = more->mouse;
	if (c->readonly < 0)
		c->readonly = more->readonly;
}
