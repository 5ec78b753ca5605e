// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mdev.h"

#define CSS_DEVICES	"/sys/bus/css/devices"
#define MDEV_DEVICES	"/sys/bus/mdev/devices"
#define DRIVER		"/sys/bus/css/drivers/vfio_ccw"

#define UUID_LEN	36

static bool is_uuid(const char *s)
{
	if (strlen(s) != UUID_LEN)
		return false;
	for (int i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

static bool is_subchannel(const char *s)
{
	unsigned int cssid, ssid, schno;
	int end = 0;

	return sscanf(s, "%2x.%1x.%4x%n", &cssid, &ssid, &schno, &end) == 3 && !s[end] &&
	       strlen(s) < sizeof(((struct mdev *)0)->subchannel);
}

static int read_group(const char *uuid, int *group)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *slash;
	ssize_t n;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s/iommu_group", uuid);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	slash = strrchr(target, '/');
	if (!slash || sscanf(slash + 1, "%d", group) != 1)
		return -EINVAL;
	return 0;
}

/* The subchannel is the parent folder of the mediated device. */
static int read_parent(struct mdev *m)
{
	char path[PATH_MAX], real[PATH_MAX];
	char *slash;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s", m->uuid);
	if (!realpath(path, real))
		return -errno;
	slash = strrchr(real, '/');
	if (!slash)
		return -EINVAL;
	*slash = '\0';
	slash = strrchr(real, '/');
	if (!slash || !is_subchannel(slash + 1))
		return -EINVAL;
	strcpy(m->subchannel, slash + 1);
	return 0;
}

/* vfio_ccw allows one mediated device per subchannel: the first UUID found is the one. */
static int find_child(struct mdev *m)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), CSS_DEVICES "/%s", m->subchannel);
	dir = opendir(path);
	if (!dir)
		return -errno;
	m->uuid[0] = '\0';
	while (!m->uuid[0] && (e = readdir(dir))) {
		if (is_uuid(e->d_name))
			memcpy(m->uuid, e->d_name, UUID_LEN + 1);
	}
	closedir(dir);
	m->group = -1;
	if (m->uuid[0])
		read_group(m->uuid, &m->group);
	return 0;
}

static int no_css(struct ccwio_error *err)
{
	if (access(CSS_DEVICES, F_OK))
		return ccwio_fail(err, -ENODEV, "this machine has no channel subsystem (no "
				  CSS_DEVICES "): run on s390x");
	return 0;
}

static int find_by_subchannel(const char *name, struct mdev *m, struct ccwio_error *err)
{
	int rc;

	strcpy(m->subchannel, name);
	rc = find_child(m);
	if (rc)
		return ccwio_fail(err, -ENODEV, "%s: no such subchannel (see " CSS_DEVICES ")",
				  name);
	if (!m->uuid[0])
		return ccwio_fail(err, -ENODEV, "%s: no mediated device; bind the subchannel to "
				  "vfio_ccw, then write a UUID to " CSS_DEVICES
				  "/%s/mdev_supported_types/vfio_ccw-io/create", name, name);
	return 0;
}

int mdev_find(const char *name, struct mdev *m, struct ccwio_error *err)
{
	const char *slash = strrchr(name, '/');
	const char *uuid = slash ? slash + 1 : name;
	int rc;

	memset(m, 0, sizeof(*m));
	m->group = -1;
	if (!is_uuid(uuid) && !is_subchannel(name))
		return ccwio_fail(err, -EINVAL, "'%s' is neither a subchannel (0.0.0003) nor a "
				  "UUID nor the path of a mediated device", name);
	rc = no_css(err);
	if (rc)
		return rc;
	if (is_uuid(uuid)) {
		memcpy(m->uuid, uuid, UUID_LEN + 1);
		rc = read_parent(m);
		if (rc)
			return ccwio_fail(err, -ENODEV, "%s: no such mediated device of a "
					  "subchannel (see ccwio --list)", name);
	} else {
		rc = find_by_subchannel(name, m, err);
		if (rc)
			return rc;
	}
	rc = read_group(m->uuid, &m->group);
	if (rc)
		return ccwio_fail(err, rc, "%s: the mediated device has no IOMMU group: %s (is the "
				  "vfio module loaded?)", m->subchannel, strerror(-rc));
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct mdev *)a)->subchannel, ((const struct mdev *)b)->subchannel);
}

int mdev_list(struct mdev **list, size_t *count, struct ccwio_error *err)
{
	struct mdev *all = NULL;
	size_t n = 0, room = 0;
	struct dirent *e;
	DIR *dir;
	int rc;

	*list = NULL;
	*count = 0;
	rc = no_css(err);
	if (rc)
		return rc;
	dir = opendir(DRIVER);
	if (!dir)
		return ccwio_fail(err, -ENODEV, "the driver vfio_ccw is not loaded (no " DRIVER
				  "): modprobe vfio_ccw");
	while ((e = readdir(dir))) {
		if (!is_subchannel(e->d_name))
			continue;
		if (n == room) {
			struct mdev *grown = realloc(all, (room + 32) * sizeof(*all));

			if (!grown) {
				free(all);
				closedir(dir);
				return ccwio_fail(err, -ENOMEM, "out of memory");
			}
			all = grown;
			room += 32;
		}
		memset(&all[n], 0, sizeof(all[n]));
		strcpy(all[n].subchannel, e->d_name);
		find_child(&all[n++]);
	}
	closedir(dir);
	if (n)
		qsort(all, n, sizeof(*all), compare);
	*list = all;
	*count = n;
	return 0;
}
