// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/ccwtop/newfile.h"

/* Beside the file, so that a rename is enough. */
static char *temp_name(const char *name)
{
	const char *slash = strrchr(name, '/');
	int dir = slash ? slash + 1 - name : 0;
	char *temp;

	return asprintf(&temp, "%.*s.%s.XXXXXX", dir, name, name + dir) < 0 ? NULL : temp;
}

int top_newfile_open(struct top_newfile *n, const char *name)
{
	mode_t mask = umask(0);
	int fd, rc;

	umask(mask);
	*n = (struct top_newfile){ .name = strdup(name), .temp = temp_name(name) };
	if (!n->name || !n->temp) {
		rc = -ENOMEM;
		goto fail;
	}
	fd = mkostemp(n->temp, O_CLOEXEC);
	if (fd < 0) {
		rc = -errno;
		goto fail;
	}
	/* mkostemp() lets nobody else read it, which is more than was asked for. */
	if (fchmod(fd, 0666 & ~mask)) {
		rc = -errno;
		close(fd);
		goto gone;
	}
	n->f = fdopen(fd, "w");
	if (n->f)
		return 0;
	rc = -errno;
	close(fd);
gone:
	unlink(n->temp);
fail:
	free(n->name);
	free(n->temp);
	*n = (struct top_newfile){ 0 };
	return rc;
}

static int name_it(const struct top_newfile *n, bool replace)
{
	if (replace)
		return rename(n->temp, n->name) ? -errno : 0;
	if (!renameat2(AT_FDCWD, n->temp, AT_FDCWD, n->name, RENAME_NOREPLACE))
		return 0;
	/* Not every file system has that; some have no links either, but none lacks both. */
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (link(n->temp, n->name))
		return -errno;
	unlink(n->temp);
	return 0;
}

int top_newfile_commit(struct top_newfile *n, bool replace)
{
	int rc = 0;

	errno = 0;
	if (fflush(n->f) || ferror(n->f) || fsync(fileno(n->f)))
		rc = errno ? -errno : -EIO;
	if (fclose(n->f) && !rc)
		rc = -errno;
	n->f = NULL;
	if (!rc)
		rc = name_it(n, replace);
	if (rc)
		unlink(n->temp);
	free(n->name);
	free(n->temp);
	*n = (struct top_newfile){ 0 };
	return rc;
}

void top_newfile_discard(struct top_newfile *n)
{
	if (n->f) {
		fclose(n->f);
		unlink(n->temp);
	}
	free(n->name);
	free(n->temp);
	*n = (struct top_newfile){ 0 };
}
