// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/output.h"

int output_open(struct output *o, const char *name)
{
	mode_t mask = umask(0);
	struct stat st;
	int fd;

	umask(mask);
	*o = (struct output){ .file = stdout, .mode = 0666 & ~mask };
	if (!name || !strcmp(name, "-"))
		return EXIT_FINE;
	if (!stat(name, &st) && !S_ISREG(st.st_mode)) {
		warn("%s is not a regular file: write to standard output (-o -) and redirect it",
		     name);
		return EXIT_ERROR;
	}
	o->name = name;
	o->file = NULL;
	if (asprintf(&o->temp, "%s.XXXXXX", name) < 0) {
		o->temp = NULL;
		warn("out of memory");
		return EXIT_ERROR;
	}
	fd = mkstemp(o->temp);
	if (fd >= 0)
		o->file = fdopen(fd, "w");
	if (o->file)
		return EXIT_FINE;
	warn("cannot create %s: %s (name another place with -o)", name, strerror(errno));
	if (fd >= 0) {
		close(fd);
		unlink(o->temp);
	}
	free(o->temp);
	return EXIT_ERROR;
}

int output_close(struct output *o, int code)
{
	bool failed;

	if (!o->name)
		return finish_output(code);
	fchmod(fileno(o->file), o->mode);
	errno = EIO;
	failed = ferror(o->file);
	failed |= fclose(o->file) != 0;
	if (code == EXIT_FINE || code == EXIT_INCOMPLETE) {
		if (failed || rename(o->temp, o->name)) {
			warn("cannot write %s: %s", o->name, strerror(errno));
			code = EXIT_ERROR;
		}
	}
	if (code != EXIT_FINE && code != EXIT_INCOMPLETE)
		unlink(o->temp);
	free(o->temp);
	return code;
}
