// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "run.h"

static int read_file(const char *path, char **text, size_t *len, struct ccwio_error *err)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	size_t room = 65536, n = 0, got;
	struct stat st;
	char *buf;
	int rc = 0;

	if (!f)
		return ccwio_fail(err, -errno, "cannot open %s: %s", path, strerror(errno));
	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		return ccwio_fail(err, -EISDIR, "%s is a directory, not a program text", path);
	}
	buf = malloc(room);
	while (buf && (got = fread(buf + n, 1, room - n, f)) > 0) {
		n += got;
		if (n > PROG_MAX_TEXT)
			break;
		if (n == room) {
			char *grown = realloc(buf, room *= 2);

			if (!grown)
				free(buf);
			buf = grown;
		}
	}
	if (!buf)
		rc = ccwio_fail(err, -ENOMEM, "out of memory");
	else if (ferror(f))
		rc = ccwio_fail(err, -EIO, "cannot read %s: %s", path, strerror(errno));
	if (f != stdin)
		fclose(f);
	if (rc) {
		free(buf);
		return rc;
	}
	*text = buf;
	*len = n;
	return 0;
}

int run_text(const struct options *o, char **text, size_t *len, const char **name,
	     struct ccwio_error *err)
{
	FILE *f;

	if (!o->builtin) {
		*name = strcmp(o->file, "-") ? o->file : "<stdin>";
		return read_file(o->file, text, len, err);
	}
	*name = o->builtin->name;
	*text = NULL;
	f = open_memstream(text, len);
	if (!f)
		return ccwio_fail(err, -ENOMEM, "out of memory");
	o->builtin->text(&o->load, f);
	if (fclose(f)) {
		free(*text);
		return ccwio_fail(err, -ENOMEM, "out of memory");
	}
	return 0;
}
