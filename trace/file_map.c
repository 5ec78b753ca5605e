// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/file_map.h"
#include "trace/text.h"

int ccw_file_map(struct ccw_file_map *map, const char *path, struct ccw_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0;
	struct stat st;

	if (fd < 0) {
		rc = -errno;
		if (rc == -ENOENT)
			return ccw_fail(err, rc,
					"%s: no such file (make one with 'ccwtrace record -o %s')",
					path, path);
		return ccw_fail(err, rc, "%s: cannot open: %s", path, strerror(-rc));
	}
	if (fstat(fd, &st))
		rc = ccw_fail(err, -errno, "%s: cannot read its size: %s", path,
			      strerror(errno));
	else if (!S_ISREG(st.st_mode))
		rc = ccw_fail(err, -EINVAL,
			      "%s: not a regular file: copy the recording to a file first",
			      path);
	else if (!st.st_size)
		rc = ccw_fail(err, -EINVAL, "%s: empty, not a recording", path);
	else if ((uint64_t)st.st_size > SIZE_MAX / 2)
		rc = ccw_fail(err, -EFBIG, "%s: too big for this machine", path);
	if (!rc) {
		map->size = st.st_size;
		map->p = mmap(NULL, map->size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map->p == MAP_FAILED) {
			map->p = NULL;
			rc = ccw_fail(err, -errno, "%s: cannot map: %s", path, strerror(errno));
		}
	}
	close(fd);
	return rc;
}

void ccw_file_unmap(struct ccw_file_map *map)
{
	if (map->p)
		munmap(map->p, map->size);
	map->p = NULL;
}
